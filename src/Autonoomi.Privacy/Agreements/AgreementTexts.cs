using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace Autonoomi.Privacy;

/// <summary>What somebody can agree or object to.</summary>
public enum AgreedTo
{
    /// <summary>The privacy policy; its version and hash stand beside.</summary>
    Policy,

    /// <summary>To be 18 or older.</summary>
    Adult,

    /// <summary>To be allowed to act for the organisation.</summary>
    Authority,

    /// <summary>Reading the seller account at Amazon.</summary>
    SellingPartner,

    /// <summary>Reading and changing the advertising account at Amazon.</summary>
    Ads,

    /// <summary>An objection: no sale and no sharing of what is about this person.</summary>
    NoSale,

    /// <summary>An objection to <see cref="Purpose.Prove"/>: probes leave this person's e-mail address out.</summary>
    NoAddressInProbes,

    /// <summary>Optional mail: last week's totals.</summary>
    WeeklySummary,

    /// <summary>Optional mail: something wants attention.</summary>
    Alerts,

    /// <summary>Optional mail: how to use the product.</summary>
    Tips,
}

/// <param name="What">To what.</param>
/// <param name="Version">Counts from 1; other words are another version.</param>
/// <param name="Words">Word for word as the page shows them.</param>
public sealed record AgreementText(AgreedTo What, int Version, string Words)
{
    /// <summary>Of the words' bytes, lower-case hexadecimal.</summary>
    public string Sha256 => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Words)));

    /// <summary>True where the words are a no.</summary>
    public bool IsObjection => What is AgreedTo.NoSale or AgreedTo.NoAddressInProbes;
}

/// <summary>The words beside every box and button by which somebody agrees or objects. A test holds their hashes: other words are a new version.</summary>
public static class AgreementTexts
{
    /// <summary>Of each thing the newest version stands last.</summary>
    public static ImmutableArray<AgreementText> All { get; } =
    [
        new(AgreedTo.Policy, 1, "I have read the privacy policy and agree to it."),
        new(AgreedTo.Adult, 1, "I am 18 or older."),
        new(AgreedTo.Authority, 1, "I may act for this organisation and its Amazon accounts."),
        new(AgreedTo.SellingPartner, 1, "Reads listings, prices, stock, orders and fees. No buyer names or addresses are asked for."),
        new(AgreedTo.Ads, 1, "Reads campaigns and their figures; changes bids, budgets and keywords within the limits you set."),
        new(AgreedTo.NoSale, 1, "I object to any sale or sharing of data about me."),
        new(AgreedTo.NoAddressInProbes, 1, "I object to my e-mail address being looked for when the store is checked for leaks."),
        new(AgreedTo.WeeklySummary, 1, "Send me a weekly summary by mail: totals of my storefronts."),
        new(AgreedTo.Alerts, 1, "Send me an alert by mail when something of my storefronts wants attention."),
        new(AgreedTo.Tips, 1, "Send me tips on using the product by mail."),
    ];

    /// <summary>What is shown now.</summary>
    public static AgreementText Of(AgreedTo what) => All.Last(text => text.What == what);
}
