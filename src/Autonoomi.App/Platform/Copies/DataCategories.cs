using System.Collections.Immutable;
using System.Globalization;
using Autonoomi.Privacy;

namespace Autonoomi.App.Platform.Copies;

/// <param name="Category">What kind of data.</param>
/// <param name="Rule">The rule of retention that it is kept by.</param>
public sealed record CategoryRow(string Category, RetentionRule Rule);

/// <summary>What is collected, by category, drawn from the table of retention: whatever can be kept has a category, or the tests fail.</summary>
public static class DataCategories
{
    public const string People = "People who sign in";
    public const string Account = "Organisation, seller accounts and consents";
    public const string Given = "What you typed in";
    public const string Amazon = "What Amazon told about the seller account";
    public const string Worked = "What the product worked out and did";
    public const string Rights = "Requests, deletions and holds";
    public const string Installation = "The installation's own";

    /// <summary>Everything that can be kept, but for what holds sealed copies of the rest.</summary>
    public static ImmutableArray<CategoryRow> All { get; } = [.. RetentionTable.Rules.Where(rule => !Wrappers.Contains((rule.As, rule.Name))).Select(rule => new CategoryRow(Of(rule), rule)).OrderBy(row => Order.IndexOf(row.Category))];

    /// <summary>Categories in the order in which they are told.</summary>
    public static ImmutableArray<string> Order => [People, Account, Given, Amazon, Worked, Rights, Installation];

    private static (RetainedAs, string)[] Wrappers => [(RetainedAs.Table, "segment"), (RetainedAs.Table, "record")];

    /// <returns>Where it comes from, in words.</returns>
    public static string Source(RetentionRule rule) => (rule.As, rule.From) switch
    {
        (_, RetainedFrom.Ads) => "Amazon's Ads API, under your consent",
        (_, RetainedFrom.Selling) => "Amazon's Selling Partner API, under your consent",
        (_, RetainedFrom.Both) => "drawn from what Amazon told and from what you typed in",
        (RetainedAs.Record, _) => "you",
        _ => Of(rule) is People or Account or Rights ? "you, and what you do in the product" : "the product",
    };

    /// <returns>How long it is kept, in words.</returns>
    public static string Time(RetentionRule rule) => rule.Clock switch
    {
        RetentionClock.Account => "as long as the account",
        RetentionClock.Installation => "as long as the installation",
        RetentionClock.LastReading => string.Create(CultureInfo.InvariantCulture, $"replaced by each reading; {rule.Days} days without one"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{rule.Days} days"),
    };

    /// <returns>How it rests, in words.</returns>
    public static string Protection(RetentionRule rule) => rule.As == RetainedAs.Table ? "names, addresses, tokens and texts sealed (AES-256); ids, states and instants in clear" : "sealed (AES-256) under the seller account's own key";

    /// <summary>A row as cells of a file.</summary>
    public static IEnumerable<(string Name, string Value)> Cells(CategoryRow row) =>
    [
        ("category", row.Category), ("kind", row.Rule.As.ToString()), ("name", row.Rule.Name), ("what_for", row.Rule.Why), ("source", Source(row.Rule)), ("kept", Time(row.Rule)), ("protection", Protection(row.Rule)),
        ("sold_or_shared", "no"), ("in_copies", CopyMap.WhyNot(row.Rule.As, row.Rule.Name) is { } why ? $"no: {why}" : "yes"),
    ];

    /// <summary>What nobody has sorted yet: a test fails while there is any.</summary>
    internal const string Unsorted = "Not sorted yet";

    private static string Of(RetentionRule rule) => (rule.As, rule.Name) switch
    {
        (RetainedAs.Dataset, _) => Amazon,
        (RetainedAs.Record, "canary" or "demo") => Installation,
        (RetainedAs.Record, _) => rule.From == RetainedFrom.Ours ? Given : Worked,
        (_, "user" or "passkey" or "session" or "sign_on" or "invitation" or "mail" or "password_reset" or "staff_account" or "access_review" or "correction" or "membership" or "notice_seen" or "agreement" or "audit_entry" or "audit_key") => People,
        (_, "organisation" or "seller" or "seller_account" or "storefront" or "grant" or "login_client" or "missing_permission" or "consent_state" or "notice") => Account,
        (_, "run" or "step" or "intent" or "rate_bucket" or "egress_day") => Worked,
        (_, "inquiry" or "request" or "request_message" or "demand" or "deletion" or "legal_hold" or "staff_grant" or "staff_use") => Rights,
        (_, "incident" or "incident_entry" or "duty") => Installation,
        _ when rule.Clock == RetentionClock.Installation => Installation,
        _ => Unsorted,
    };
}
