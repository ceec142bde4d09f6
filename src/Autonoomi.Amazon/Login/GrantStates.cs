namespace Autonoomi.Amazon.Login;

/// <summary>How a consent stands. Nothing of a seller's data depends on it but whether Amazon is asked.</summary>
public enum GrantState
{
    /// <summary>Amazon takes it.</summary>
    Active = 0,

    /// <summary>Amazon said twice, a minute apart, that it is gone. Only a new consent leads out of here.</summary>
    ReauthRequired = 1,

    /// <summary>Amazon refused it once, which happens by mistake too (amzn/selling-partner-api-models 2798, 2997). It is used on, and asked again.</summary>
    Suspected = 2,
}

/// <summary>What a look at a consent brought.</summary>
public enum GrantAnswer
{
    /// <summary>The token service gave an access token.</summary>
    Accepted,

    /// <summary>400 <c>invalid_grant</c>: withdrawn, a year old, or a mistake of Amazon's.</summary>
    Refused,

    /// <summary>401 <c>invalid_client</c>, 400 <c>unauthorized_client</c>: the login client is refused, whosever the consent.</summary>
    ClientRefused,

    /// <summary>5xx, a time-out, an answer that says nothing.</summary>
    Silent,

    /// <summary>The token service is content, and the API refused one operation even with a fresh token: 403, or 401 of the Ads API.</summary>
    Forbidden,

    /// <summary>A person consented anew.</summary>
    Consented,
}

/// <summary>What follows from an answer, beside the new state.</summary>
public enum GrantAction
{
    Nothing,

    /// <summary>Ask again when the wait is over.</summary>
    AskAgain,

    /// <summary>Stop this grant's work and tell its seller to consent anew.</summary>
    TellSeller,

    /// <summary>Stop every grant of the login client and tell who runs it. No seller is at fault.</summary>
    StopClient,

    /// <summary>Note the one operation that is missing. Everything else goes on.</summary>
    NotePermission,
}

/// <summary>The life of a consent as a pure function (docs/amazon/connections.md has the table).</summary>
public static class GrantStates
{
    /// <param name="state">Before.</param>
    /// <param name="answer">What Amazon, or a person, said now.</param>
    /// <param name="suspectedFor">How long ago the first refusal of a row was; null when none is open.</param>
    /// <param name="recheck">How far apart two refusals must be to be believed.</param>
    /// <returns>The state after, and what to do.</returns>
    public static (GrantState State, GrantAction Action) Next(GrantState state, GrantAnswer answer, TimeSpan? suspectedFor, TimeSpan recheck) => (state, answer) switch
    {
        (_, GrantAnswer.Consented) => (GrantState.Active, GrantAction.Nothing),

        // Whatever comes in late (a call that was under way), only a person ends this state.
        (GrantState.ReauthRequired, _) => (GrantState.ReauthRequired, GrantAction.Nothing),

        (_, GrantAnswer.Accepted) => (GrantState.Active, GrantAction.Nothing),
        (GrantState.Active, GrantAnswer.Refused) => (GrantState.Suspected, GrantAction.AskAgain),
        (GrantState.Suspected, GrantAnswer.Refused) => suspectedFor >= recheck ? (GrantState.ReauthRequired, GrantAction.TellSeller) : (GrantState.Suspected, GrantAction.AskAgain),

        // These say nothing about the grant.
        (_, GrantAnswer.ClientRefused) => (state, GrantAction.StopClient),
        (_, GrantAnswer.Silent) => (state, state == GrantState.Suspected ? GrantAction.AskAgain : GrantAction.Nothing),

        // An operation can only be forbidden to a token that was given.
        (_, GrantAnswer.Forbidden) => (GrantState.Active, GrantAction.NotePermission),
        _ => throw new ArgumentOutOfRangeException(nameof(answer), answer, "A grant knows no such answer."),
    };
}
