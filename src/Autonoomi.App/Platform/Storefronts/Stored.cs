using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Autonoomi.Core;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Goals;
using Autonoomi.Core.Health;
using Autonoomi.Core.History;
using Autonoomi.Core.Hygiene;
using Autonoomi.Core.Intraday;
using Autonoomi.Core.Launches;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;
using Autonoomi.Core.Proposals;
using Autonoomi.Core.Recommendations;
using Autonoomi.Core.Strategies;

namespace Autonoomi.App.Platform.Storefronts;

/// <summary>Kinds of sealed records. Ids begin with the storefront (<see cref="RecordId"/>), but for <see cref="Exchange"/>.</summary>
public static class RecordKind
{
    public const string Settings = "settings";
    public const string Cost = "cost";
    public const string Proposal = "proposal";
    public const string Change = "change";
    public const string Handover = "handover";
    public const string Sync = "sync";

    /// <summary>Which days of a report were read, and when; id is the dataset's name.</summary>
    public const string Reading = "reading";

    /// <summary>The same of orders and of sales and fees, which are no advertising reports; id is the dataset's name.</summary>
    public const string SellingReading = "selling-reading";

    /// <summary>Rows of a report that were left out, with the reason; id is the dataset's name.</summary>
    public const string Rejects = "rejects";

    /// <summary>The newest decision's notes, budget price and what guardrails held back; id <c>latest</c>.</summary>
    public const string Decision = "decision";

    /// <summary>Health, advice and strategies of the newest look; id <c>latest</c>.</summary>
    public const string Review = "review";

    /// <summary>The health score of one reporting day; id is the day, 2026-03-11.</summary>
    public const string Score = "score";

    /// <summary>What the second pair of eyes said about a run's changes; id is the run's.</summary>
    public const string Audit = "audit";

    /// <summary>What a person wanted written and Amazon did not take; id is the run's and the step's.</summary>
    public const string Refusal = "refusal";

    /// <summary>What one reading of the structure found different from the one before; id is the instant and the run's.</summary>
    public const string Moves = "moves";

    /// <summary>What became of the last hour's writes; id <c>hour</c>.</summary>
    public const string Writes = "writes";

    /// <summary>What the day has cost so far, by the hour, and the hours of the days before; id <c>latest</c>.</summary>
    public const string Hours = "hours";

    /// <summary>What Amazon itself holds, raises and promotes; id <c>latest</c>.</summary>
    public const string Controls = "controls";

    /// <summary>What somebody else changed at Amazon; id <c>others</c>.</summary>
    public const string History = "history";

    /// <summary>Reporting currency and exchange rates, of the seller account as a whole; id <c>all</c>.</summary>
    public const string Exchange = "exchange";

    /// <summary>Views of grids that people saved for themselves; id <c>all</c>.</summary>
    public const string View = "view";

    /// <summary>Campaigns that a person launched, with what became of each part; id is the launch's.</summary>
    public const string Launch = "launch";

    /// <summary>Layouts that people keep for launches; id <c>all</c>.</summary>
    public const string Layout = "layout";

    /// <returns>The record's id: storefront, a slash, the entity's own id.</returns>
    public static string RecordId(StorefrontId storefront, string id) => $"{storefront}/{id}";
}

/// <summary>States of a proposal record; the vault keeps them in clear, so they say nothing but this.</summary>
public static class ProposalState
{
    public const string Open = "open";
    public const string Approved = "approved";
    public const string Rejected = "rejected";
    public const string Applied = "applied";
    public const string Refused = "refused";
    public const string Expired = "expired";

    /// <summary>Put aside by a person until a day, or until its figures move.</summary>
    public const string Snoozed = "snoozed";

    /// <summary>Made within the day by the guard of its cap, and on its way: nobody is asked, and no later run picks it up.</summary>
    public const string Due = "due";
}

/// <param name="Proposal">As the optimiser made it, evidence included.</param>
/// <param name="Created">Reporting day on which it was made.</param>
/// <param name="Note">Why it was refused or expired, in a person's words.</param>
public sealed record StoredProposal(Proposal Proposal, DateOnly Created, string? Note = null)
{
    /// <summary>Until when a person put it aside; null when nobody did.</summary>
    public Snooze? Snooze { get; init; }

    /// <summary>A person's no, and what became of it; null when nobody said no, and in records from before it was remembered.</summary>
    public Rejection? Rejection { get; init; }

    /// <summary>The value that a person wants in place of the proposed one; null where the proposal stands as it was made.</summary>
    public Change? Own { get; init; }

    /// <summary>On what it was decided; null in records from before it was kept.</summary>
    public DecisionBasis? Basis { get; init; }

    /// <summary>What is written once it is approved.</summary>
    [JsonIgnore]
    public Change Wanted => Own ?? Proposal.Change;
}

/// <summary>Which facts and which program a proposal rests on.</summary>
/// <param name="FactsThrough">Last reporting day with ad facts.</param>
/// <param name="ReadAt">When facts were last read from Amazon; null before the first whole reading.</param>
/// <param name="SettledThrough">Last day on which no ad product's orders are still expected to grow; younger days count at what they are expected to become. Null where none is settled.</param>
/// <param name="Engine">Version of the deciding code.</param>
public sealed record DecisionBasis(DateOnly FactsThrough, DateTimeOffset? ReadAt, DateOnly? SettledThrough, string Engine)
{
    /// <summary>The version of the code that decides here and now: two builds that differ anywhere in it have two.</summary>
    public static string ThisEngine { get; } = $"{typeof(Optimiser).Assembly.GetName().Version?.ToString(3)} ({typeof(Optimiser).Assembly.ManifestModule.ModuleVersionId.ToString("N")[..8]})";

    /// <returns>Null without ad facts.</returns>
    public static DecisionBasis? Of(Core.Facts.Workspace workspace)
    {
        if (Performance.Coverage(workspace) is not { } coverage) return null;
        var last = coverage.Last < workspace.Today ? coverage.Last : workspace.Today.AddDays(-1);
        return new(last, workspace.SyncedAt, SettledDay(workspace, new(coverage.First, last)), ThisEngine);
    }

    private static DateOnly? SettledDay(Core.Facts.Workspace workspace, DateSpan days)
    {
        var used = Enum.GetValues<AdProduct>().Where(ad => workspace.Campaigns.Any(campaign => campaign.AdProduct == ad)).Select(ad => Core.Signals.Maturity.Of(workspace, ad)).ToArray();
        for (var day = days.Last; day >= days.First; day = day.AddDays(-1))
        {
            if (used.All(maturity => maturity.VisibleShare(workspace.Today.DayNumber - day.DayNumber - 1) >= 1)) return day;
        }

        return null;
    }
}

/// <summary>How a change stands after reading back.</summary>
public enum ChangeOutcomeKind
{
    /// <summary>Amazon accepted it; reading back has not happened yet.</summary>
    Accepted,

    /// <summary>Reading back shows it.</summary>
    Confirmed,

    /// <summary>Accepted, but reading back shows something else.</summary>
    Overwritten,
}

/// <param name="Id">Stable name of the change record.</param>
/// <param name="Applied">What was written and when.</param>
/// <param name="Proposal">The proposal behind it; null for an undo.</param>
/// <param name="CreatedId">The id that Amazon gave to something new.</param>
/// <param name="Outcome">What reading back showed.</param>
/// <param name="UndoneBy">The change that took it back.</param>
/// <param name="Undoes">The change that this one takes back.</param>
/// <param name="Run">The run that wrote it.</param>
/// <param name="Product">The advertised product, where one could be named.</param>
/// <param name="Module">Which part of the optimiser asked; null for an undo.</param>
/// <param name="Reason">Why; null for an undo.</param>
/// <param name="Words">The proposal's sentence, where no proposal was there to be read before it was written.</param>
public sealed record StoredChange(
    string Id, AppliedChange Applied, ProposalId? Proposal, long? CreatedId, ChangeOutcomeKind Outcome, string? UndoneBy = null, string? Undoes = null,
    Sku? Product = null, Module? Module = null, ReasonCode? Reason = null, Guid Run = default, string? Words = null);

/// <param name="Change">What was wanted.</param>
/// <param name="Why">Why it was not written, in a person's words.</param>
public sealed record RefusedWrite(Change Change, string Why);

/// <summary>What one batch of a person's changes could not write.</summary>
/// <param name="At">When it was tried.</param>
/// <param name="Run">The run.</param>
/// <param name="Writes">In the order of the batch.</param>
public sealed record StoredRefusals(DateTimeOffset At, Guid Run, ImmutableArray<RefusedWrite> Writes);

/// <param name="At">When the structure was read.</param>
/// <param name="Run">The run that read it.</param>
/// <param name="Moves">What was different, campaigns first.</param>
public sealed record StoredMoves(DateTimeOffset At, Guid Run, ImmutableArray<Move> Moves);

/// <summary>States of a launch record; the vault keeps them in clear, so they say nothing but this.</summary>
public static class LaunchState
{
    public const string Making = "making";
    public const string Stopped = "stopped";
    public const string Over = "over";
}

/// <param name="Id">Its own.</param>
/// <param name="Name">What people find it by.</param>
/// <param name="At">When it was asked for.</param>
/// <param name="Plan">What is made.</param>
/// <param name="SwitchOn">True where campaigns are switched on at the end.</param>
/// <param name="Made">What became of each part so far; see <see cref="LaunchProgress"/>.</param>
public sealed record StoredLaunch(string Id, string Name, DateTimeOffset At, LaunchPlan Plan, bool SwitchOn, ImmutableDictionary<string, MadePart> Made)
{
    /// <summary>Why it was stopped, in a person's words; null while nothing stops it.</summary>
    public string? Stopped { get; init; }

    /// <summary>A batch was sent whose fate is not known; the request is given up by then. Null when nothing is open.</summary>
    public DateTimeOffset? SentUntil { get; init; }

    /// <summary>Nothing is left to make.</summary>
    public bool IsOver { get; init; }

    /// <returns>True for an event of Amazon's history that tells of a part of this launch being made.</returns>
    public bool Explains(AccountEvent happened, TimeSpan slack) =>
        happened is { Field: EventField.State, Before: null } && happened.At >= At - slack
        && (Made.Values.Any(part => part.Id == happened.Id) || (happened.At <= At + slack && happened.Campaign is { } campaign && LaunchProgress.Standing(Plan, Made).Any(one => one.Id == campaign)));
}

/// <param name="Name">As a person called it.</param>
/// <param name="Layout">For the next launch.</param>
public sealed record KeptLayout(string Name, LaunchLayout Layout);

/// <param name="Layouts">By name.</param>
public sealed record StoredLayouts(ImmutableArray<KeptLayout> Layouts);

/// <summary>Records written before a setting existed.</summary>
public static class OlderRecords
{
    /// <returns>The same settings; what the record did not hold yet has its default.</returns>
    public static StorefrontSettings Whole(this StorefrontSettings stored) => stored with
    {
        // A generated reader leaves what is missing empty instead of giving it its default.
        Goal = stored.Goal ?? Goal.Profit,
        Goals = stored.Goals.IsDefault ? [] : stored.Goals,
        BrandTerms = stored.BrandTerms.IsDefault ? [] : stored.BrandTerms,
        Events = stored.Events.IsDefault ? [] : stored.Events,
        VatRates = stored.VatRates.IsDefault ? [] : stored.VatRates,
        Batches = stored.Batches.IsDefault ? [] : stored.Batches,
        OtherCosts = stored.OtherCosts.IsDefault ? [] : stored.OtherCosts,
        ProtectedProducts = stored.ProtectedProducts.IsDefault ? [] : stored.ProtectedProducts,
        CampaignModes = stored.CampaignModes.IsDefault ? [] : stored.CampaignModes,
        FreezeDates = stored.FreezeDates.IsDefault ? [] : stored.FreezeDates,
    };

    /// <returns>The same decision; what the record did not hold yet is empty.</returns>
    public static StoredDecision Whole(this StoredDecision stored) => stored with { Held = stored.Held.IsDefault ? [] : stored.Held, Plan = stored.Plan.IsDefault ? [] : stored.Plan };

    /// <returns>The same review; what the record did not hold yet is empty.</returns>
    public static StoredReview Whole(this StoredReview stored) => stored with
    {
        Frontiers = stored.Frontiers.IsDefault ? [] : stored.Frontiers,
        SharedTerms = stored.SharedTerms.IsDefault ? [] : stored.SharedTerms,
        Stock = stored.Stock.IsDefault ? [] : stored.Stock,
    };
}

/// <param name="At">When Amazon's facts were last complete.</param>
/// <param name="FactsThrough">Last reporting day that the reports covered.</param>
public sealed record SyncMark(DateTimeOffset At, DateOnly FactsThrough);

/// <param name="First">First reporting day.</param>
/// <param name="Last">Last reporting day.</param>
/// <param name="On">The day, in the storefront's zone, on which Amazon was asked for them.</param>
/// <param name="Total">What the report added up to; null once some of its days were read anew.</param>
public sealed record ReadSpan(DateOnly First, DateOnly Last, DateOnly On, ReportTotal? Total = null);

/// <param name="Rows">Rows of the report, rejected ones included.</param>
/// <param name="Rejected">Rows that broke a rule.</param>
/// <param name="Clicks">Of all rows.</param>
/// <param name="Cost">Of all rows, in micros.</param>
public sealed record ReportTotal(long Rows, long Rejected, long Clicks, long Cost);

/// <summary>Rows of one report's newest reading that broke a rule and were left out.</summary>
/// <param name="First">First reporting day of the report.</param>
/// <param name="Last">Last reporting day of the report.</param>
/// <param name="On">When it was asked for.</param>
/// <param name="Rows">The first of them: row, field and reason.</param>
public sealed record StoredRejects(DateOnly First, DateOnly Last, DateOnly On, ImmutableArray<Amazon.Reports.RejectedRow> Rows);

/// <summary>Which days of one report were read, and when last.</summary>
/// <param name="Spans">No day is in two of them; the newest days first.</param>
public sealed record StoredReadings(ImmutableArray<ReadSpan> Spans)
{
    // Beyond what any report reaches back to nothing can be read again.
    private const int KeepDays = 120;

    public static StoredReadings None { get; } = new([]);

    /// <summary>The newest day that was read; null when none was.</summary>
    [JsonIgnore]
    public DateOnly? Through => Spans.IsDefaultOrEmpty ? null : Spans.Max(span => span.Last);

    /// <returns>When a day was read last; null when it never was.</returns>
    public DateOnly? LastRead(DateOnly day) => Spans.FirstOrDefault(span => day >= span.First && day <= span.Last)?.On;

    /// <returns>The same after one more reading.</returns>
    public StoredReadings With(ReadSpan read) => new(
    [
        .. Spans.SelectMany(span => Rest(span, read)).Append(read).Where(span => span.Last >= read.On.AddDays(-KeepDays)).OrderByDescending(span => span.Last),
    ]);

    private static IEnumerable<ReadSpan> Rest(ReadSpan span, ReadSpan read)
    {
        if (span.Last < read.First || span.First > read.Last) yield return span;
        else
        {
            if (span.First < read.First) yield return span with { Last = read.First.AddDays(-1), Total = null };
            if (span.Last > read.Last) yield return span with { First = read.Last.AddDays(1), Total = null };
        }
    }
}

/// <param name="PostedThrough">Last day of transactions that was read; the newest of them are read again.</param>
/// <param name="Settlements">Reports that are kept, oldest first: each is read once.</param>
/// <param name="Unread">Reports that Amazon lists and that cannot be read.</param>
/// <param name="Divided">False in a record from before rows went to the storefront of their marketplace: its reports are read once more.</param>
/// <param name="Elsewhere">What those reports hold of marketplaces in which the seller had no storefront here.</param>
public sealed record LedgerMark(
    DateOnly PostedThrough, ImmutableArray<string> Settlements, ImmutableArray<UnreadSettlement> Unread = default, bool Divided = false, ImmutableArray<SettledElsewhere> Elsewhere = default)
{
    /// <summary>Reports whose rows stand where they belong.</summary>
    [JsonIgnore]
    public ImmutableArray<string> Kept => Divided ? Settlements : [];

    /// <summary>The same; none in a record that was written before they were told apart.</summary>
    [JsonIgnore]
    public ImmutableArray<SettledElsewhere> NotHere => Elsewhere.IsDefault ? [] : Elsewhere;


    /// <summary>The same; none in a record that was written before they were remembered.</summary>
    [JsonIgnore]
    public ImmutableArray<UnreadSettlement> NotRead => Unread.IsDefault ? [] : Unread;
}

/// <param name="Id">Amazon's id of the report.</param>
/// <param name="Made">Day on which Amazon made it, in UTC.</param>
/// <param name="Tries">How often it was read in vain, 1 or more; after the third time it is left alone.</param>
/// <param name="Why">What is wrong with it.</param>
public sealed record UnreadSettlement(string Id, DateOnly Made, int Tries, string Why);

/// <summary>Rows of a settlement that are in no figure, because the seller has no storefront here for their marketplace.</summary>
/// <param name="Report">Amazon's id of the report.</param>
/// <param name="Name">Amazon's name of the marketplace.</param>
/// <param name="MarketplaceId">Its id; empty where we do not know it.</param>
/// <param name="Rows">How many.</param>
/// <param name="Total">What they add up to, positive to the seller.</param>
public sealed record SettledElsewhere(string Report, string Name, string MarketplaceId, int Rows, Money Total);

/// <param name="Read">Days whose returns were read, in spans that neither touch nor overlap, oldest first.</param>
public sealed record ReturnsMark(ImmutableArray<ReadDays> Read)
{
    /// <summary>The newest days that were read without a gap; null when none were.</summary>
    [JsonIgnore]
    public DateSpan? Newest => Read.IsEmpty ? null : new DateSpan(Read[^1].First, Read[^1].Last);

    /// <returns>The same after one more reading.</returns>
    public ReturnsMark With(DateSpan days)
    {
        var merged = new List<ReadDays>();
        foreach (var next in Read.Append(new ReadDays(days.First, days.Last)).OrderBy(span => span.First))
        {
            if (merged.Count > 0 && next.First <= merged[^1].Last.AddDays(1)) merged[^1] = merged[^1] with { Last = next.Last > merged[^1].Last ? next.Last : merged[^1].Last };
            else merged.Add(next);
        }

        return new([.. merged]);
    }
}

/// <param name="First">First day.</param>
/// <param name="Last">Last day.</param>
public sealed record ReadDays(DateOnly First, DateOnly Last);

/// <param name="Sunday">First day of the newest week of searches that was asked for.</param>
/// <param name="At">When.</param>
/// <param name="Refusal">Why there is none, in a person's words; null when there is.</param>
public sealed record SearchesMark(DateOnly Sunday, DateTimeOffset At, string? Refusal);

/// <param name="Day">Reporting day of the decision.</param>
/// <param name="Proposals">How many were made.</param>
/// <param name="BudgetPrice">Profit that one more currency unit of ad budget would return; 0 when the budget does not bind.</param>
/// <param name="PlannedSpend">Ad spend expected at the bids decided.</param>
/// <param name="Notes">What the data lacks and what was assumed or held because of it.</param>
/// <param name="Withheld">How many wishes each guardrail refused.</param>
public sealed record StoredDecision(
    DateOnly Day, int Proposals, double BudgetPrice, Money PlannedSpend, ImmutableArray<DataNote> Notes, ImmutableSortedDictionary<string, int> Withheld)
{
    /// <summary>How many refused wishes are kept with their reason.</summary>
    public const int MostHeld = 50;

    /// <summary>Ad spend expected on that day, by campaign.</summary>
    public ImmutableArray<CampaignPlan> Plan { get; init; } = [];

    /// <summary>Of what was refused the wishes with the largest expected effect, largest first.</summary>
    public ImmutableArray<HeldBack> Held { get; init; } = [];

    /// <returns>The wishes that are kept of all that were refused.</returns>
    public static ImmutableArray<HeldBack> Dearest(IEnumerable<Withheld> withheld) =>
    [
        .. withheld.OrderByDescending(held => held.Proposal.Effect.Mean.Amount).ThenBy(held => held.Proposal.Id.Value, StringComparer.Ordinal).Take(MostHeld)
            .Select(held => new HeldBack(held.Proposal.Change, held.Proposal.Reason, held.Proposal.Effect, held.Guardrail, held.Why)),
    ];
}

/// <summary>A wish that a guardrail refused.</summary>
/// <param name="Change">What was wanted.</param>
/// <param name="Reason">Why it was wanted.</param>
/// <param name="Effect">What it was expected to bring in 30 days.</param>
/// <param name="Guardrail">G1 to G12, or <c>hold-out</c>.</param>
/// <param name="Why">Why it was refused, in a person's words.</param>
public sealed record HeldBack(Change Change, ReasonCode Reason, Effect Effect, string Guardrail, string Why);

/// <param name="Day">Reporting day of the look.</param>
/// <param name="Health">Score, parts, gates.</param>
/// <param name="Recommendations">The most rewarding first.</param>
/// <param name="Strategies">A goal per product.</param>
public sealed record StoredReview(DateOnly Day, HealthReport Health, ImmutableArray<Recommendation> Recommendations, ImmutableArray<StrategyProposal> Strategies)
{
    /// <summary>What other bids would do, for the storefront's goal and for every product with one of its own.</summary>
    public ImmutableArray<Frontier> Frontiers { get; init; } = [];

    /// <summary>Searches that several targets of one product answer, the dearest first.</summary>
    public ImmutableArray<SharedTerm> SharedTerms { get; init; } = [];

    /// <summary>How long stock lasts, the soonest to run out first.</summary>
    public ImmutableArray<Core.Inventory.StockCover> Stock { get; init; } = [];

    public static StoredReview Of(DateOnly day, Review review) =>
        new(day, review.Health, review.Recommendations, review.Strategies) { Frontiers = review.Frontiers, SharedTerms = review.SharedTerms, Stock = review.Stock };
}

/// <param name="Day">Reporting day.</param>
/// <param name="Score">0 to 100; null when not rated.</param>
/// <param name="Low">10 % quantile.</param>
/// <param name="High">90 % quantile.</param>
/// <param name="Lost">What its faults cost over 30 days.</param>
public sealed record StoredScore(DateOnly Day, double? Score, double Low, double High, Money Lost);

/// <param name="Day">Reporting day of the run.</param>
/// <param name="Changes">How many changes Amazon took.</param>
/// <param name="Breaches">What should not have been written: guardrail and reason.</param>
public sealed record StoredAudit(DateOnly Day, int Changes, ImmutableArray<string> Breaches);

/// <param name="At">When Amazon's answer was recorded.</param>
/// <param name="Sent">Changes whose fate is known or given up, 1 or more.</param>
/// <param name="Failed">Of these: refused, without an answer, or given up because Amazon stayed busy.</param>
public sealed record WrittenBatch(DateTimeOffset At, int Sent, int Failed);

/// <param name="Batches">Oldest first.</param>
public sealed record StoredWrites(ImmutableArray<WrittenBatch> Batches);

/// <param name="Through">Up to when Amazon's history was read.</param>
/// <param name="Foreign">Changes of the last 90 days that are not ours, oldest first.</param>
public sealed record StoredHistory(DateTimeOffset Through, ImmutableArray<AccountEvent> Foreign);

/// <param name="Today">The reporting day that runs, by campaign.</param>
/// <param name="Earlier">Days before it, of all campaigns together, oldest first; 28 at most.</param>
public sealed record StoredHours(SpendDay Today, ImmutableArray<SpendHours> Earlier)
{
    /// <summary>When all writing was stopped last because two hours ran far beyond plan; null when it never was.</summary>
    public DateTimeOffset? HaltedAt { get; init; }

    /// <returns>The same on this day: when another one has begun, the last one closes and leaves its hours.</returns>
    /// <param name="day">The day that runs.</param>
    /// <param name="last">The day of <see cref="Today"/>.</param>
    public StoredHours On(ReportingDay day, ReportingDay last) => Today.Date == day.Date ? this
        : new StoredHours(new(day.Date, []), [.. Earlier.Concat(SpendHours.Of(Today, last) is { } hours ? [hours] : []).Where(hours => hours.Date < day.Date && hours.Date >= day.Date.AddDays(-DayCurve.Days))]) { HaltedAt = HaltedAt };
}

/// <param name="User">Whose it is.</param>
/// <param name="Page">Address of the grid.</param>
/// <param name="Name">As its owner called it.</param>
/// <param name="Query">Filters, order, columns and period, as the address holds them.</param>
/// <param name="IsDefault">The page opens with it.</param>
public sealed record SavedView(Guid User, string Page, string Name, string Query, bool IsDefault);

/// <param name="Views">Of all members.</param>
public sealed record StoredViews(ImmutableArray<SavedView> Views);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(StorefrontSettings))]
[JsonSerializable(typeof(ProductCost))]
[JsonSerializable(typeof(Reporting))]
[JsonSerializable(typeof(StoredProposal))]
[JsonSerializable(typeof(StoredChange))]
[JsonSerializable(typeof(Handover))]
[JsonSerializable(typeof(SyncMark))]
[JsonSerializable(typeof(StoredReadings))]
[JsonSerializable(typeof(StoredRejects))]
[JsonSerializable(typeof(LedgerMark))]
[JsonSerializable(typeof(ReturnsMark))]
[JsonSerializable(typeof(SearchesMark))]
[JsonSerializable(typeof(StoredDecision))]
[JsonSerializable(typeof(StoredAudit))]
[JsonSerializable(typeof(StoredWrites))]
[JsonSerializable(typeof(StoredReview))]
[JsonSerializable(typeof(StoredMoves))]
[JsonSerializable(typeof(StoredRefusals))]
[JsonSerializable(typeof(StoredScore))]
[JsonSerializable(typeof(AmazonControls))]
[JsonSerializable(typeof(StoredHistory))]
[JsonSerializable(typeof(StoredHours))]
[JsonSerializable(typeof(StoredViews))]
[JsonSerializable(typeof(StoredLaunch))]
[JsonSerializable(typeof(StoredLayouts))]
public sealed partial class StoredJson : JsonSerializerContext;
