using Autonoomi.Amazon.Login;
using Autonoomi.Testing;
using static Autonoomi.Amazon.Login.GrantAction;
using static Autonoomi.Amazon.Login.GrantAnswer;
using static Autonoomi.Amazon.Login.GrantState;

namespace Autonoomi.Amazon.Tests;

public sealed class GrantStatesTests
{
    private static readonly TimeSpan Recheck = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Just = TimeSpan.FromSeconds(59.999);

    /// <summary>Every state, every answer, and for a suspicion every age that matters.</summary>
    private static readonly (GrantState Before, GrantAnswer Answer, TimeSpan? SuspectedFor, GrantState After, GrantAction Action)[] Table =
    [
        (Active, Accepted, null, Active, Nothing),
        (Active, Refused, null, Suspected, AskAgain),
        (Active, ClientRefused, null, Active, StopClient),
        (Active, Silent, null, Active, Nothing),
        (Active, Forbidden, null, Active, NotePermission),
        (Active, Consented, null, Active, Nothing),
        (Suspected, Accepted, Just, Active, Nothing),
        (Suspected, Accepted, Recheck, Active, Nothing),
        (Suspected, Refused, null, Suspected, AskAgain),
        (Suspected, Refused, TimeSpan.Zero, Suspected, AskAgain),
        (Suspected, Refused, Just, Suspected, AskAgain),
        (Suspected, Refused, Recheck, ReauthRequired, TellSeller),
        (Suspected, Refused, TimeSpan.FromDays(2), ReauthRequired, TellSeller),
        (Suspected, ClientRefused, Recheck, Suspected, StopClient),
        (Suspected, Silent, Recheck, Suspected, AskAgain),
        (Suspected, Forbidden, Recheck, Active, NotePermission),
        (Suspected, Consented, Just, Active, Nothing),
        (ReauthRequired, Accepted, null, ReauthRequired, Nothing),
        (ReauthRequired, Refused, null, ReauthRequired, Nothing),
        (ReauthRequired, ClientRefused, null, ReauthRequired, Nothing),
        (ReauthRequired, Silent, null, ReauthRequired, Nothing),
        (ReauthRequired, Forbidden, null, ReauthRequired, Nothing),
        (ReauthRequired, Consented, null, Active, Nothing),
    ];

    [Fact]
    [Promise("P-7-d")]
    public void Every_transition_is_as_the_table_says() =>
        Assert.All(Table, row => Assert.Equal((row.After, row.Action), GrantStates.Next(row.Before, row.Answer, row.SuspectedFor, Recheck)));

    [Fact]
    public void The_table_leaves_no_state_and_no_answer_out() =>
        Assert.Equal(
            from state in Enum.GetValues<GrantState>() from answer in Enum.GetValues<GrantAnswer>() select (state, answer),
            Table.Select(row => (row.Before, row.Answer)).Distinct().OrderBy(pair => pair.Before).ThenBy(pair => pair.Answer));

    [Fact]
    [Promise("P-7-d")]
    public void Only_two_refusals_a_minute_apart_end_a_consent_and_only_a_person_begins_it_anew()
    {
        Assert.All(Table.Where(row => row.After == ReauthRequired && row.Before != ReauthRequired), row => Assert.Equal((Suspected, Refused, true), (row.Before, row.Answer, row.SuspectedFor >= Recheck)));
        Assert.All(Table.Where(row => row.Before == ReauthRequired && row.After != ReauthRequired), row => Assert.Equal(Consented, row.Answer));
    }
}
