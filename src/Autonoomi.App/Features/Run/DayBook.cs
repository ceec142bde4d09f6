using System.Globalization;
using Autonoomi.App.Platform.Environments;
using Autonoomi.App.Platform.Jobs;
using Autonoomi.App.Platform.Shell;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.Core;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Intraday;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;
using Autonoomi.Vault;

namespace Autonoomi.App.Features.Run;

/// <summary>What is stored of the day that runs, and what a person reads about it beside the newest decision.</summary>
/// <param name="Workspace">The storefront's Sponsored Products.</param>
/// <param name="Whole">The storefront with all ad products, whose spend counts.</param>
/// <param name="Day">The day that runs.</param>
/// <param name="Stored">Its hours, and those of the days before.</param>
/// <param name="Decision">The newest one; null before any.</param>
internal sealed record DayBook(Workspace Workspace, Workspace Whole, ReportingDay Day, StoredHours Stored, StoredDecision? Decision)
{
    private const int MostNamed = 3;

    public static async Task<DayBook> ReadAsync(StepContext step, Workspaces workspaces, BusinessClock clock, CancellationToken cancellationToken)
    {
        var whole = await workspaces.GetAsync(step.Seller, step.Storefront, cancellationToken);
        var workspace = whole.OfSponsoredProducts();
        var day = clock.Day(workspace.Marketplace);
        var stored = await step.Vault.RecordAsync(RecordKind.Hours, Id(step), StoredJson.Default.StoredHours, cancellationToken);
        var decision = await step.Vault.RecordAsync(RecordKind.Decision, Id(step), StoredJson.Default.StoredDecision, cancellationToken);
        return new(workspace, whole, day, stored?.On(day, BusinessClock.Day(workspace.Marketplace, stored.Today.Date)) ?? new(new(day.Date, []), []), decision?.Whole());
    }

    public bool IsAutomatic => Workspace is { Settings.Mode: AutomationMode.Auto, IsFrozen: false };

    public bool IsHaltedToday => Stored.HaltedAt is { } at && Day.Holds(at);

    /// <summary>The guard's view of the day. A plan of more than a day ago is none; after a person has let writing go on, hours beyond plan are no news until the next day.</summary>
    public IntradayDecision Judge()
    {
        var plan = Decision is { } newest && newest.Day >= Day.Date.AddDays(-1) ? newest.Plan : [];
        var judged = DayProposals.Decide(Whole, plan, Stored.Today, Stored.Earlier, Day);
        return IsHaltedToday ? judged with { RunsAway = null } : judged;
    }

    public void PutHours(VaultWrite write, StepContext step) => write.Put(RecordKind.Hours, Id(step), Stored, StoredJson.Default.StoredHours, "latest");

    /// <summary>Puts these notes in the place of what was said about the day before; writes nothing where they say the same.</summary>
    public void Tell(VaultWrite write, StepContext step, params IEnumerable<DataNote> notes)
    {
        if (Decision is null) return;
        var before = Decision.Notes.Where(note => note.Issue is DataIssue.DayCap or DataIssue.RunsAway).ToList();
        var now = notes.ToList();
        if (before.SequenceEqual(now)) return;
        var next = Decision with { Notes = [.. Decision.Notes.Except(before), .. now] };
        write.Put(RecordKind.Decision, Id(step), next, StoredJson.Default.StoredDecision, "latest");
    }

    /// <summary>What a person reads when the day is on its way beyond its cap.</summary>
    public DataNote CapNote(IntradayDecision judged)
    {
        var reached = judged.Spent >= judged.Cap!.Value;
        var names = Workspace.Campaigns.ToDictionary(campaign => campaign.Id, campaign => campaign.Name);
        var furthest = judged.Steps.OrderByDescending(step => step.Forecast - (double)step.Planned).Take(MostNamed).Select(step => $"'{names[step.Campaign]}' ({Amount(step.Inputs.Before)} to {Amount(step.After)})");
        var day = reached
            ? $"By {Time(Stored.Today.CountedAt!.Value)} ads have cost {Amount(judged.Spent)} today, and the day may cost {Amount(judged.Cap.Value)}."
            : $"By {Time(Stored.Today.CountedAt!.Value)} ads have cost {Amount(judged.Spent)} today and were on the way to {Amount((decimal)judged.Forecast)}, where the day may cost {Amount(judged.Cap.Value)}.";
        var what = IsAutomatic
            ? $"Daily budgets of {judged.Steps.Length} {(judged.Steps.Length == 1 ? "campaign" : "campaigns")} are lowered until the day ends, {string.Join(", ", furthest)} first; the next day's decision gives them back. The change log has each of them, and each can be undone."
            : $"In this mode nothing is changed by itself. These budgets would be lowered until the day ends: {string.Join(", ", furthest)}{(judged.Steps.Length > MostNamed ? string.Create(CultureInfo.InvariantCulture, $" and {judged.Steps.Length - MostNamed} more") : "")}.";
        return new(DataIssue.DayCap, null, $"{day} {what}", true);
    }

    /// <summary>What a person reads when hours run far beyond plan.</summary>
    public DataNote RunawayNote(Runaway hours) => new(DataIssue.RunsAway, null,
        $"Between {Time(hours.From)} and {Time(hours.Until)} ads cost {Amount(hours.Spent)} where {Amount(hours.Planned)} were planned. "
        + (IsAutomatic
            ? "All writing is stopped for this storefront. Look at its campaigns at Amazon, then take the tick from \"Stop all writing\" under Products and costs: the next run goes on, and gives back what was lowered."
            : "In this mode nothing is changed or stopped by itself: look at its campaigns at Amazon."), true);

    private string Amount(decimal amount) => Display.Amount(new Money(decimal.Round(amount, Workspace.Marketplace.Currency.Decimals), Workspace.Marketplace.Currency));

    private string Time(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, TimeZoneInfo.FindSystemTimeZoneById(Workspace.Marketplace.TimeZone)).ToString("HH:mm", CultureInfo.InvariantCulture);

    private static string Id(StepContext step) => RecordKind.RecordId(step.Storefront, "latest");
}
