using Autonoomi.App.Platform.AmazonLink;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Environments;
using Autonoomi.App.Platform.Jobs;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.App.Platform.Tenancy;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Health;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;
using Autonoomi.Vault;

namespace Autonoomi.App.Features.Overview;

/// <summary>How one storefront stands, for a list of storefronts. Everything in it is of that storefront alone.</summary>
/// <param name="Choice">Which.</param>
public sealed record StorefrontRow(StorefrontChoice Choice)
{
    /// <summary>False while its figures are still to be read.</summary>
    public bool IsRead { get; init; }

    /// <summary>Why its data does not open, in a person's words.</summary>
    public string? Problem { get; init; }

    /// <summary>Of the period; null before the first import, and where nothing was advertised.</summary>
    public SpanFigures? Figures { get; init; }

    /// <summary>The newest look; null before the first.</summary>
    public HealthReport? Health { get; init; }

    /// <summary>The month's spend; null before the first import.</summary>
    public Pace? Pace { get; init; }

    /// <summary>What waits for a person, the dearest first.</summary>
    public IReadOnlyList<Need> Needs { get; init; } = [];

    /// <summary>When its facts were read from Amazon.</summary>
    public DateTimeOffset? SyncedAt { get; init; }

    /// <summary>The run that goes on right now; null for none.</summary>
    public RunView? Running { get; init; }

    public Money? Profit => Figures?.Whole.TotalProfit;

    public Money? Sales => Figures is { Whole.Left: var left } && (left.IsComplete || left.CostsMissing) ? left.Sales : null;

    public Money? Spend => Figures?.Whole.AdSpend;

    /// <summary>Where the month ends over its budget: 1.1 is a tenth too much; null without either.</summary>
    public double? PaceShare => Pace is { Budget.Amount: > 0 } pace ? (double)(pace.Ends.Amount / pace.Budget.Amount) : null;
}

/// <summary>What a list of storefronts is sorted by.</summary>
public enum StorefrontSort { Name, Profit, Sales, Spend, Acos, Tacos, BreakEven, Health, Pace, Needs, Fresh }

/// <summary>The order of a list of storefronts. Pure; nothing is added up, and amounts of two currencies are never held against each other.</summary>
public static class StorefrontOrder
{
    /// <summary>A column's head.</summary>
    public static string Words(StorefrontSort column) => column switch
    {
        StorefrontSort.Name => "Storefront",
        StorefrontSort.Profit => "Profit",
        StorefrontSort.Sales => "Sales",
        StorefrontSort.Spend => "Ad spend",
        StorefrontSort.Acos => "ACoS",
        StorefrontSort.Tacos => "TACoS",
        StorefrontSort.BreakEven => "Break-even ACoS",
        StorefrontSort.Health => "Health",
        StorefrontSort.Pace => "Month ends at",
        StorefrontSort.Needs => "Needs you",
        StorefrontSort.Fresh => "Read",
    };

    /// <param name="rows">In any order.</param>
    /// <param name="by">Amounts are sorted within their currency.</param>
    /// <param name="descending">Largest first; rows without the figure stand last either way.</param>
    public static IReadOnlyList<StorefrontRow> Of(IEnumerable<StorefrontRow> rows, StorefrontSort by, bool descending)
    {
        double? Figure(StorefrontRow row) => by switch
        {
            StorefrontSort.Name => 0,
            StorefrontSort.Profit => (double?)row.Profit?.Amount,
            StorefrontSort.Sales => (double?)row.Sales?.Amount,
            StorefrontSort.Spend => (double?)row.Spend?.Amount,
            StorefrontSort.Acos => row.Figures?.Whole.Ads.Acos,
            StorefrontSort.Tacos => row.Figures?.Whole.Tacos,
            StorefrontSort.BreakEven => row.Figures?.Whole.Ads.BreakEvenAcos,
            StorefrontSort.Health => row.Health?.Score,
            StorefrontSort.Pace => row.PaceShare,
            StorefrontSort.Needs => row.IsRead ? row.Needs.Count : null,
            StorefrontSort.Fresh => row.SyncedAt?.ToUnixTimeSeconds(),
        };
        string Name(StorefrontRow row) => row.Choice.SellerName;
        var known = rows.ToLookup(row => Figure(row) is not null);
        var grouped = by is StorefrontSort.Profit or StorefrontSort.Sales or StorefrontSort.Spend
            ? known[true].OrderBy(row => row.Choice.Marketplace.Currency.Code, StringComparer.Ordinal)
            : known[true].OrderBy(_ => 0);
        var sorted = by == StorefrontSort.Name
            ? descending ? grouped.ThenByDescending(Name, StringComparer.OrdinalIgnoreCase) : grouped.ThenBy(Name, StringComparer.OrdinalIgnoreCase)
            : (descending ? grouped.ThenByDescending(Figure) : grouped.ThenBy(Figure)).ThenBy(Name, StringComparer.OrdinalIgnoreCase);
        return [.. sorted.ThenBy(row => row.Choice.Marketplace.Country, StringComparer.Ordinal), .. known[false].OrderBy(Name, StringComparer.OrdinalIgnoreCase).ThenBy(row => row.Choice.Marketplace.Country, StringComparer.Ordinal)];
    }
}

/// <summary>Reads how a storefront stands from what its own pages read: one storefront at a time, each seller's vault by itself.</summary>
public sealed class StorefrontReader(Workspaces workspaces, ProfitShelf shelf, ProposalBook proposals, ReviewBook reviews, NoticeBook notices, RunProgress progress, BusinessClock clock)
{
    /// <param name="current">Who asks.</param>
    /// <param name="choice">One of the person's own storefronts.</param>
    /// <param name="days">How many days until yesterday.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ArgumentException">The storefront is none of the person's.</exception>
    public async Task<StorefrontRow> ReadAsync(CurrentStorefront current, StorefrontChoice choice, int days, CancellationToken cancellationToken)
    {
        if (!current.Choices.Contains(choice)) throw new ArgumentException("The storefront is none of this person's.", nameof(choice));
        var row = new StorefrontRow(choice) { IsRead = true };
        if (!choice.Active) return row;
        try
        {
            var (seller, storefront) = (choice.Seller, choice.Storefront);
            var workspace = await workspaces.GetAsync(seller, storefront, cancellationToken);
            var run = await progress.LatestAsync(seller, storefront, cancellationToken);
            var review = await reviews.LatestAsync(seller, storefront, cancellationToken);
            var decision = await reviews.DecisionAsync(seller, storefront, cancellationToken);
            var pace = await PaceAsync(shelf, seller, workspace, decision, cancellationToken);
            var open = await proposals.ListAsync(seller, storefront, ProposalState.Open, cancellationToken);
            var told = current.Grant is null ? await notices.OpenAsync(current.Organisation, current.User, cancellationToken) : [];
            return row with
            {
                Figures = Performance.LastDays(workspace, days) is { } span ? await shelf.FiguresAsync(seller, storefront, span, cancellationToken) : null,
                Health = review?.Health,
                Pace = pace,
                Needs = NeedsYou.Of(open, review, workspace.Today, pace, run, [.. told.Where(notice => notice.Seller == seller)], workspace.Listings.GroupBy(listing => listing.Sku).ToDictionary(group => group.Key, group => group.First().Title), clock.GetUtcNow()),
                SyncedAt = workspace.SyncedAt,
                Running = run is { State: RunState.Running } ? run : null,
            };
        }
        catch (VaultException broken)
        {
            return row with { Problem = broken.Message };
        }
    }

    /// <summary>Whole days of the month that runs, and the pace from there on.</summary>
    public static async Task<Pace?> PaceAsync(ProfitShelf shelf, SellerId seller, Workspace workspace, StoredDecision? decision, CancellationToken cancellationToken)
    {
        if (Performance.LastDays(workspace, 7) is not { } week) return null;
        var first = new DateOnly(workspace.Today.Year, workspace.Today.Month, 1);
        var month = week.Last >= first ? Spend(await shelf.FiguresAsync(seller, workspace.Storefront, new(first, week.Last), cancellationToken)) : [];
        var planned = decision is { } made && made.Day >= workspace.Today.AddDays(-2) ? made.PlannedSpend : (Money?)null;
        var before = planned is null ? Spend(await shelf.FiguresAsync(seller, workspace.Storefront, week, cancellationToken)) : [];
        return Pace.Of(month, before, workspace.Today, workspace.Settings.MonthlyBudget, planned);
    }

    private static (DateOnly Day, Money Spend)[] Spend(SpanFigures figures) => [.. figures.Days.Select(day => (day.Day, day.Figures.AdSpend))];
}
