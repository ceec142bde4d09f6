using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;

namespace Autonoomi.App.Features.Overview;

/// <param name="Name">Campaign, or what the row gathers.</param>
/// <param name="Campaign">Null where it gathers several.</param>
/// <param name="Move">Its change of ad profit, in causes.</param>
public sealed record Mover(string Name, CampaignId? Campaign, ProfitMove Move);

/// <summary>What moved ad profit against the days before, campaign by campaign. Rows and columns add up to the change that the page tells.</summary>
/// <param name="Rows">The largest moves first, then one row with all others, where there are others.</param>
/// <param name="Whole">Sums of the columns; its change is that of ad profit.</param>
public sealed record Movers(IReadOnlyList<Mover> Rows, ProfitMove Whole)
{
    /// <summary>How many campaigns stand alone.</summary>
    public const int Most = 5;

    /// <returns>Null where there is nothing to compare with, or costs are missing.</returns>
    public static Movers? Of(SpanFigures now, SpanFigures? before, Workspace workspace)
    {
        if (before is null || ProfitMove.Of(before.Whole.Ads, now.Whole.Ads) is not { } whole) return null;
        var (was, then) = (ByCampaign(before), ByCampaign(now));
        var names = workspace.Campaigns.ToDictionary(campaign => campaign.Id, campaign => campaign.Name);
        var all = new List<Mover>();
        foreach (var campaign in was.Keys.Union(then.Keys).OrderBy(id => id.Value))
        {
            if (ProfitMove.Of(was.GetValueOrDefault(campaign, None(now)), then.GetValueOrDefault(campaign, None(now))) is not { } move) return null;
            all.Add(new(names.GetValueOrDefault(campaign) ?? $"Campaign {campaign.Value}", campaign, move));
        }

        var largest = all.Where(mover => mover.Move.Change.Amount != 0).OrderByDescending(mover => Math.Abs(mover.Move.Change.Amount)).ThenBy(mover => mover.Name, StringComparer.Ordinal).Take(Most).ToList();
        var others = all.Except(largest).ToList();
        var zero = Money.Zero(whole.Change.Currency);
        var rest = others.Select(mover => mover.Move).Aggregate(new ProfitMove(zero, zero, zero, zero, zero, zero, zero), Plus);

        // What targets did that Amazon no longer lists, and the cents by which sums of rounded rows differ.
        var told = largest.Select(mover => mover.Move).Aggregate(rest, Plus);
        rest = rest with { Before = rest.Before + whole.Before - told.Before, After = rest.After + whole.After - told.After, Other = rest.Other + whole.Change - told.Change };
        var sum = largest.Select(mover => mover.Move).Aggregate(rest, Plus);
        if (new[] { rest.Traffic, rest.Conversion, rest.ClickPrice, rest.Margin, rest.Other }.Any(part => part.Amount != 0))
            largest.Add(new(others.Count == 0 ? "Elsewhere" : $"{others.Count} other campaign{(others.Count == 1 ? "" : "s")}", null, rest));
        return new(largest, sum);
    }

    private static ProfitMove Plus(ProfitMove one, ProfitMove other) => new(
        one.Before + other.Before, one.After + other.After, one.Traffic + other.Traffic, one.Conversion + other.Conversion, one.ClickPrice + other.ClickPrice, one.Margin + other.Margin, one.Other + other.Other);

    private static AdFigures None(SpanFigures figures) => Empty(figures.Whole.Ads.Cost.Currency);

    private static AdFigures Empty(Currency currency) => new(0, 0, Money.Zero(currency), 0, 0, Money.Zero(currency), Money.Zero(currency));

    private static Dictionary<CampaignId, AdFigures> ByCampaign(SpanFigures figures)
    {
        var sums = new Dictionary<CampaignId, AdFigures>();
        for (var row = 0; row < figures.Targets.Rows; row++)
        {
            var (campaign, next) = (figures.Targets.Targets[row].Campaign, figures.Targets[row]);
            if (next is { Clicks: 0, Cost.Amount: 0, Orders: 0, Sales.Amount: 0 }) continue;
            var sum = sums.GetValueOrDefault(campaign, Empty(figures.Targets.Currency));
            sums[campaign] = new(sum.Impressions + next.Impressions, sum.Clicks + next.Clicks, sum.Cost + next.Cost, sum.Orders + next.Orders, sum.Units + next.Units, sum.Sales + next.Sales, sum.Contribution + next.Contribution);
        }

        return sums;
    }
}
