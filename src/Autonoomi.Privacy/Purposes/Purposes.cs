using System.Collections.Immutable;
using Microsoft.Extensions.Compliance.Classification;

namespace Autonoomi.Privacy;

/// <summary>
/// What data may be opened or kept for. The list is closed: there is no other, and none of marketing, of analytics, of market insight or of work on the
/// product. Whoever needs one more adds it here, with its basis, and says so in the policy.
/// </summary>
public enum Purpose
{
    /// <summary>Asking Amazon in the name of the seller.</summary>
    Connect,

    /// <summary>The work itself: what was read is kept, measured, decided upon, and changes are written.</summary>
    Run,

    /// <summary>Pages, and the files that they offer.</summary>
    Show,

    /// <summary>What somebody types in or decides.</summary>
    Instruct,

    /// <summary>Setting apart what was found about a shopper.</summary>
    SetApart,

    /// <summary>The daily look at what has reached its limit.</summary>
    Retain,

    /// <summary>Deleting on demand or after a withdrawal.</summary>
    Delete,

    /// <summary>Who signs in and belongs to which organisation.</summary>
    Account,

    /// <summary>Sign-in and the log of who did what.</summary>
    Secure,

    /// <summary>Saying what ends, breaks or changes.</summary>
    Tell,

    /// <summary>Asking the running store whether promises hold.</summary>
    Prove,
}

/// <summary>Why the law lets it be.</summary>
public enum LegalBasis
{
    /// <summary>What the customer asked for cannot be done without.</summary>
    Contract,

    /// <summary>The person said yes, and may say no again.</summary>
    Consent,

    /// <summary>The law demands it.</summary>
    LegalDuty,

    /// <summary>An interest of ours that outweighs; one may object.</summary>
    Interest,
}

/// <param name="Purpose">Which.</param>
/// <param name="Does">What is done for it, in a sentence for people.</param>
/// <param name="Basis">Why the law lets it be.</param>
/// <param name="Sees">The classes of data that may be opened or kept for it, and no other.</param>
/// <param name="OpensVaults">True where a seller's vault may be opened for it.</param>
/// <param name="SayNo">How somebody withdraws or objects; empty where contract or law leave no choice but to end the account.</param>
/// <param name="Balance">Why the interest outweighs; empty unless the basis is an interest.</param>
public sealed record PurposeRule(Purpose Purpose, string Does, LegalBasis Basis, ImmutableArray<DataClassification> Sees, bool OpensVaults, string SayNo = "", string Balance = "")
{
    /// <summary>True where a person may object.</summary>
    public bool CanObject => Basis == LegalBasis.Interest;
}

/// <summary>Data was about to be opened or written for a purpose that does not cover it: a mistake in the product, never of a person. The message names no value.</summary>
public sealed class PurposeException(string message) : InvalidOperationException(message);

/// <summary>Every purpose with its basis and what it may see. The vault holds each reading and writing against it; the policy and docs/privacy/purposes.md show it.</summary>
public static class Purposes
{
    /// <summary>One for each <see cref="Purpose"/>, in its order.</summary>
    public static ImmutableArray<PurposeRule> All { get; } =
    [
        new(Purpose.Connect, "Amazon is asked for your data, and told your changes, in your name.", LegalBasis.Consent, [DataClasses.Secrets, DataClasses.AmazonInformation], OpensVaults: false,
            SayNo: "Withdraw the consent at Amazon, or delete the seller account on the page Your data."),
        new(Purpose.Run, "What Amazon told is kept and measured; bids, budgets and keywords are decided.", LegalBasis.Contract, [DataClasses.SellerEconomics, DataClasses.AmazonInformation], OpensVaults: true),
        new(Purpose.Show, "Pages and their files show you your figures.", LegalBasis.Contract, [DataClasses.SellerEconomics, DataClasses.AmazonInformation], OpensVaults: true),
        new(Purpose.Instruct, "What you type in and decide is kept: costs, goals, limits, approvals.", LegalBasis.Contract, [DataClasses.SellerEconomics, DataClasses.AmazonInformation], OpensVaults: true),
        new(Purpose.SetApart, "What is found about a shopper in spite of everything is set apart, out of reach of all else.", LegalBasis.LegalDuty, [DataClasses.Buyers], OpensVaults: true),
        new(Purpose.Retain, "What has reached its limit is looked for and deleted.", LegalBasis.LegalDuty, [DataClasses.Buyers, DataClasses.AmazonInformation], OpensVaults: true),
        new(Purpose.Delete, "What you or Amazon ended is deleted, and a certificate says so.", LegalBasis.LegalDuty, [DataClasses.Buyers, DataClasses.SellerEconomics, DataClasses.AmazonInformation, DataClasses.Operational], OpensVaults: true),
        new(Purpose.Account, "You sign in, and the service knows which organisation you belong to and what you agreed to.", LegalBasis.Contract, [DataClasses.Secrets, DataClasses.Identity, DataClasses.Operational], OpensVaults: false),
        new(Purpose.Secure, "Sign-in is guarded, and who did what stands in a log, under pseudonyms.", LegalBasis.Interest, [DataClasses.Secrets, DataClasses.Identity, DataClasses.Operational], OpensVaults: false,
            SayNo: "Write to the address of this policy; a person weighs it and answers.",
            Balance: "Without it nobody could tell a stranger's hand from a member's; it holds no figure of a seller, no address of a device, and goes after thirteen months."),
        new(Purpose.Tell, "You are told what ends, what broke and what changes.", LegalBasis.Contract, [DataClasses.Operational], OpensVaults: false),
        new(Purpose.Prove, "The store is asked whether promises hold: that the newest e-mail addresses are nowhere in clear, and that sealed values do not open elsewhere.", LegalBasis.Interest, [DataClasses.Identity, DataClasses.Operational], OpensVaults: true,
            SayNo: "Object on the page Your data: your address is left out from then on.",
            Balance: "It shows a leak before anybody else finds it; answers are counts, and no address leaves the process."),
    ];

    public static PurposeRule Of(Purpose purpose) => All.FirstOrDefault(rule => rule.Purpose == purpose) ?? throw new PurposeException($"{purpose} is no purpose of the list: data is opened for none but those of Purposes.");

    /// <summary>Is a vault opened for this at all?</summary>
    /// <exception cref="PurposeException">The list has no such purpose, or no vault is opened for it.</exception>
    public static PurposeRule OfVault(Purpose purpose) =>
        Of(purpose) is { OpensVaults: true } rule ? rule : throw new PurposeException($"No vault is opened for {purpose}: choose the purpose that this really is, from Purposes.");

    /// <summary>May this be seen?</summary>
    /// <param name="rule">For what the vault was opened.</param>
    /// <param name="kind">Data set or kind of records.</param>
    /// <param name="name">Its name.</param>
    /// <exception cref="PurposeException">Its class is not for this purpose, or nobody described it.</exception>
    public static void Demand(PurposeRule rule, RetainedAs kind, string name)
    {
        if (RetentionTable.Rules.FirstOrDefault(known => known.As == kind && known.Name == name) is not { } kept)
            throw new PurposeException($"{kind} '{name}' is described nowhere, so nobody opens or writes it: add it to RetentionTable.");
        if (!rule.Sees.Contains(kept.Class))
            throw new PurposeException($"{kind} '{name}' is {kept.Class.Value}; for {rule.Purpose} nobody opens or writes that. Open the vault for the purpose that this really is, from Purposes.");
    }
}
