using System.Collections.Immutable;
using Microsoft.Extensions.Compliance.Classification;

namespace Autonoomi.Privacy;

/// <summary>What a rule of retention is about.</summary>
public enum RetainedAs
{
    /// <summary>A data set of the vault, by its name.</summary>
    Dataset,

    /// <summary>A kind of sealed records of the vault.</summary>
    Record,

    /// <summary>A table of the database.</summary>
    Table,
}

/// <summary>From when the age of a row is counted.</summary>
public enum RetentionClock
{
    /// <summary>The reporting day that the row is about.</summary>
    Day,

    /// <summary>When the row came to be, or ended.</summary>
    Instant,

    /// <summary>When the storefront was last read whole: each reading replaces the row, so only a storefront that nobody reads grows old.</summary>
    LastReading,

    /// <summary>None: it lives as long as the seller account, the organisation or the person, and goes with the deletion.</summary>
    Account,

    /// <summary>None: it belongs to the installation and says nothing about anybody.</summary>
    Installation,
}

/// <summary>Whether a legal hold may keep a row beyond its limit.</summary>
public enum HoldRule
{
    /// <summary>Never.</summary>
    Never,

    /// <summary>Yes, where the hold names this row's rule.</summary>
    ByName,
}

/// <summary>Whose word a row is, so that one withdrawn consent takes what it brought and leaves the rest.</summary>
public enum RetainedFrom
{
    /// <summary>People and the product itself.</summary>
    Ours,

    /// <summary>Amazon's Ads API.</summary>
    Ads,

    /// <summary>Amazon's Selling Partner API.</summary>
    Selling,

    /// <summary>Drawn from both.</summary>
    Both,
}

/// <param name="As">Data set, kind of records or table.</param>
/// <param name="Name">Its name there.</param>
/// <param name="Clock">From when its age counts.</param>
/// <param name="Days">Days after which it is gone; null where it has no clock.</param>
/// <param name="From">Whose word it is, or what it was drawn from.</param>
/// <param name="Hold">Whether a legal hold may keep it.</param>
/// <param name="Why">What it is needed for so long, in plain words.</param>
public sealed record RetentionRule(RetainedAs As, string Name, RetentionClock Clock, int? Days, RetainedFrom From, HoldRule Hold, string Why)
{
    /// <summary>True where Amazon told it, or it was drawn from what Amazon told.</summary>
    public bool FromAmazon => From != RetainedFrom.Ours;

    /// <summary>What class of data a row of the vault is; tables of the database have one for each column.</summary>
    public DataClassification Class => (As, Name) switch
    {
        (RetainedAs.Table, _) => throw new InvalidOperationException($"Table '{Name}' holds columns of several classes."),
        (_, RetentionTable.Quarantine) => DataClasses.Buyers,
        (_, RetentionTable.Canary) => DataClasses.Operational,
        _ => FromAmazon ? DataClasses.AmazonInformation : DataClasses.SellerEconomics,
    };

    /// <param name="day">What the row is about.</param>
    /// <param name="today">The day on which somebody looks.</param>
    /// <returns>True once the row has reached its limit: looked at once a day, none is ever older.</returns>
    public bool IsOver(DateOnly day, DateOnly today) => Days is { } days && today.DayNumber - day.DayNumber >= days;

    /// <returns>The newest day that is over on this one; null where nothing ever is.</returns>
    public DateOnly? LastOver(DateOnly today) => Days is { } days ? today.AddDays(-days) : null;
}

/// <summary>How long everything is kept: each data set, each kind of record, each table. What is not here does not pass the tests; a daily job keeps to it.</summary>
public static class RetentionTable
{
    /// <summary>Nothing that Amazon told, or that was drawn from it, grows older than this many days: Amazon allows eighteen months for what is about no person.</summary>
    public const int AmazonDays = 540;

    /// <summary>Anything about a shopper that is found in spite of everything is gone by then; Amazon allows thirty days after delivery.</summary>
    public const int BuyerDays = 25;

    /// <summary>Entries of the audit log leave after so many months.</summary>
    public const int AuditMonths = 13;

    /// <summary>Kind of the sealed records in which what is found about a shopper waits for its end, out of reach of everything else.</summary>
    public const string Quarantine = "quarantine";

    /// <summary>Kind of the sealed records that probes plant and look for.</summary>
    public const string Canary = "canary";

    private const int HourDays = 28;

    // As long as the entries of the audit log that tell of them.
    private const int DeletionDays = 396;

    // Three years: as long as an authority, Amazon or a seller may ask what happened and what was done about it.
    private const int RegisterDays = 1095;

    // Twenty-four months, so that what was asked and answered can be shown.
    private const int RequestDays = 730;

    public static ImmutableArray<RetentionRule> Rules { get; } =
    [
        .. Days(RetainedFrom.Ads, "TargetDay", "SearchTermDay", "PlacementDay", "ProductDay", "MaturityDay", "HourDay",
            "BrandsTargetDay", "BrandsSearchTermDay", "BrandsPlacementDay", "DisplayTargetDay", "DisplayProductDay", "CampaignDay", "BrandsCampaignDay", "DisplayCampaignDay",
            "PurchaseDay", "BrandsPurchaseDay", "DisplayPurchaseDay"),
        .. Days(RetainedFrom.Selling, "SkuDay", "OrderDay", "InventoryDay", "TrafficDay", "LedgerDay", "SearchQueryWeek", "SearchCatalogueWeek", "ReturnDay", "SearchTermWeek"),
        .. Snapshots(RetainedFrom.Ads, "Campaign", "AdGroup", "ProductAd", "Target", "Negative", "Suggestion"),
        .. Snapshots(RetainedFrom.Selling, "Listing", "StockPlan", "FeeEstimate"),

        Record("proposal", RetentionClock.Day, AmazonDays, "What was proposed, and what people decided about it."),
        Record("change", RetentionClock.Instant, AmazonDays, "What was written to Amazon, and how to take it back."),
        Record("handover", RetentionClock.Day, AmazonDays, "Search terms on their way to a target of their own."),
        Record("score", RetentionClock.Day, AmazonDays, "Health of each day, for the course over time."),
        Record("audit", RetentionClock.Day, AmazonDays, "What the second look at a run's changes found."),
        Record("moves", RetentionClock.Day, AmazonDays, "What changed in your campaigns from one reading to the next, so that you can go back."),
        Record("refusal", RetentionClock.Day, AmazonDays, "Changes that you wanted and Amazon did not take, with the reason."),
        Record("launch", RetentionClock.Day, AmazonDays, "Campaigns that you launched, and what became of each part."),
        Record("hours", RetentionClock.LastReading, HourDays, "What the day has cost so far, by the hour."),
        .. Replaced("reading", "selling-reading", "rejects", "decision", "review", "writes", "controls", "history", "sync", "demo"),
        new(RetainedAs.Record, Quarantine, RetentionClock.Instant, BuyerDays, RetainedFrom.Both, HoldRule.ByName, "Anything about a shopper that was found; nobody works with it."),
        Given("settings", "What the seller decided."),
        Given("cost", "What the seller's goods cost, with dates."),
        Given("exchange", "The seller's reporting currency and rates."),
        Given("layout", "Layouts that members keep for launches: kinds of campaign, names, budget."),
        Given("view", "Views of grids that members saved for themselves: name, filters, columns."),

        Given(Canary, "What the probes look for in the raw bytes; of no seller."),

        Table("seller", RetentionClock.Account, null, "Which seller accounts there are."),
        Table("segment", RetentionClock.Account, null, "Sealed data sets; each has its own rule above."),
        Table("record", RetentionClock.Account, null, "Sealed records; each kind has its own rule above."),
        Table("vault_stamp", RetentionClock.Installation, null, "Which environment and key the database belongs to."),
        Table("user", RetentionClock.Account, null, "People who sign in; they go with their last organisation."),
        Table("passkey", RetentionClock.Account, null, "Passkeys of these people."),
        Table("sign_on", RetentionClock.Account, null, "Accounts at a provider of single sign-on that these people linked; one that is unlinked is deleted at once."),
        Table("correction", RetentionClock.Account, null, "What people corrected about themselves and the organisation, as it was before."),
        Table("session", RetentionClock.Instant, 7, "Open sessions, counted from the sign-in; one that ends is deleted at once."),
        Table("invitation", RetentionClock.Instant, 3, "Invitations, good for three days; one that is used or taken back is deleted at once."),
        Table("staff_account", RetentionClock.Account, null, "The operator's own people."),
        Table("staff_grant", RetentionClock.Instant, DeletionDays, "Who of them asked to look at which account, why, and who approved it."),
        Table("staff_use", RetentionClock.Instant, DeletionDays, "Each look under such a grant."),
        Table("access_review", RetentionClock.Instant, DeletionDays, "Who looked when whether an access is still needed."),
        Table("mail", RetentionClock.Instant, 14, "Mail that the product sent or tried to, counted from when it was written; address and words go as soon as it has ended."),
        Table("password_reset", RetentionClock.Instant, 1, "Links for a new password, good for half an hour; one that is used is deleted at once."),
        Table("organisation", RetentionClock.Account, null, "The customer."),
        Table("membership", RetentionClock.Account, null, "Who belongs to it."),
        Table("seller_account", RetentionClock.Account, null, "Seller accounts of an organisation."),
        Table("storefront", RetentionClock.Account, null, "Marketplaces of a seller account."),
        Table("grant", RetentionClock.Account, null, "Consents at Amazon."),
        Table("login_client", RetentionClock.Account, null, "Login clients that consents were given to."),
        Table("missing_permission", RetentionClock.Instant, 30, "What Amazon does not permit; forgotten two days after it was last met, by the daily look at the consents."),
        Table("notice", RetentionClock.Instant, AmazonDays, "What people were told."),
        Table("notice_seen", RetentionClock.Instant, AmazonDays, "What they put away."),
        Table("agreement", RetentionClock.Account, null, "What people agreed and objected to; it goes with the seller account or the organisation that it is about."),
        Table("announcement", RetentionClock.Installation, null, "Versions of the policy that were reviewed and announced, and other operators that were: about nobody's account."),
        Table("consent_state", RetentionClock.Instant, 2, "Consents on their way; each is good for ten minutes."),
        Table("protection_key", RetentionClock.Installation, null, "Keys of cookies and forms."),
        Table("run", RetentionClock.Instant, AmazonDays, "When what was read and written; hourly ones go after a week."),
        Table("step", RetentionClock.Instant, AmazonDays, "Steps of these runs."),
        Table("intent", RetentionClock.Instant, AmazonDays, "Writes that were on their way to Amazon."),
        Table("rate_bucket", RetentionClock.Instant, 30, "How full Amazon's rate limits were."),
        Table("egress_day", RetentionClock.Instant, 396, "How many requests left for which host on which day, and for what; as long as the audit log."),
        Table("audit_entry", RetentionClock.Instant, 396, "Who did what; thirteen months, then a signed checkpoint takes its place."),
        Table("request", RetentionClock.Instant, RequestDays, "What people asked for, with its clock: kinds, states and instants."),
        Table("request_message", RetentionClock.Instant, RequestDays, "What they wrote and were answered, messages to support included."),
        Table("inquiry", RetentionClock.Instant, 180, "What people without an account wrote to ask for a demonstration."),
        Table("demand", RetentionClock.Instant, RequestDays, "What authorities demanded of which account."),
        Table("deletion", RetentionClock.Instant, DeletionDays, "Deletions and their certificates: ids, instants and counts."),
        Table("legal_hold", RetentionClock.Instant, DeletionDays, "Why something was kept; counted from the hold's end."),
        Table("signing_key", RetentionClock.Installation, null, "The key that signs certificates."),
        Table("incident", RetentionClock.Instant, RegisterDays, "Incidents and drills; counted from the closing, open ones stay."),
        Table("incident_entry", RetentionClock.Instant, RegisterDays, "What was found, done, told and learned; goes with its incident."),
        Table("duty", RetentionClock.Instant, RegisterDays, "When people did what they must do by hand, and what shows it."),
        Table("probe", RetentionClock.Installation, null, "The newest answer of each probe of the promises: counts."),
        Table("audit_head", RetentionClock.Installation, null, "Where the audit log stands."),
        Table("audit_checkpoint", RetentionClock.Installation, null, "Which entries left because of their age."),
        Table("audit_key", RetentionClock.Account, null, "Keys of the pseudonyms in the audit log."),
    ];

    /// <exception cref="InvalidOperationException">It is not registered.</exception>
    public static RetentionRule Of(RetainedAs kind, string name) =>
        Rules.FirstOrDefault(rule => rule.As == kind && rule.Name == name) ?? throw new InvalidOperationException($"{kind} '{name}' has no rule of retention: add one to RetentionTable.");

    private static IEnumerable<RetentionRule> Days(RetainedFrom from, params string[] names) =>
        names.Select(name => new RetentionRule(RetainedAs.Dataset, name, RetentionClock.Day, AmazonDays, from, HoldRule.ByName, "Facts of a day: seasons of the year before are the reason for more than one."));

    private static IEnumerable<RetentionRule> Snapshots(RetainedFrom from, params string[] names) =>
        names.Select(name => new RetentionRule(RetainedAs.Dataset, name, RetentionClock.LastReading, AmazonDays, from, HoldRule.ByName, "As it stands at Amazon now; each reading replaces it."));

    private static IEnumerable<RetentionRule> Replaced(params string[] names) =>
        names.Select(name => Record(name, RetentionClock.LastReading, AmazonDays, "The newest only; each reading replaces it."));

    private static RetentionRule Record(string name, RetentionClock clock, int days, string why) => new(RetainedAs.Record, name, clock, days, RetainedFrom.Both, HoldRule.ByName, why);

    private static RetentionRule Given(string name, string why) => new(RetainedAs.Record, name, RetentionClock.Account, null, RetainedFrom.Ours, HoldRule.ByName, why);

    private static RetentionRule Table(string name, RetentionClock clock, int? days, string why) => new(RetainedAs.Table, name, clock, days, RetainedFrom.Ours, HoldRule.Never, why);
}
