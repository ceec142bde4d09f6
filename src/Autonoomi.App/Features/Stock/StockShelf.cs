using Autonoomi.App.Platform.Storefronts;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Inventory;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;

namespace Autonoomi.App.Features.Stock;

/// <param name="Day">Morning.</param>
/// <param name="Units">Units in stock; of days ahead what is left at today's sales, zero or more.</param>
/// <param name="IsAhead">True where it is expected and not counted.</param>
public sealed record StockPoint(DateOnly Day, double Units, bool IsAhead);

/// <summary>Bids of a product that follow its stock.</summary>
/// <param name="Down">How many are lowered because stock runs short, waiting or approved.</param>
/// <param name="Up">How many go back up after a restock.</param>
/// <param name="MeanStep">Mean of the new bid over the one before, minus 1; zero without any.</param>
/// <param name="KeptUnit">What a unit is worth kept for buyers who come without an ad; null while stock lasts.</param>
public sealed record BidsOnStock(int Down, int Up, double MeanStep, Money? KeptUnit);

/// <summary>One product's stock: mornings counted, days ahead, and what bids do about it.</summary>
/// <param name="Cover">As the newest decision sees it.</param>
/// <param name="Points">The mornings that were counted, then the days ahead.</param>
/// <param name="Bids">What bids do about it.</param>
public sealed record StockShelf(StockCover Cover, IReadOnlyList<StockPoint> Points, BidsOnStock Bids)
{
    private const int DaysBack = 30;
    private const int DaysAhead = 60;

    /// <param name="workspace">Mornings of stock.</param>
    /// <param name="cover">From the newest look.</param>
    /// <param name="proposals">All that are kept.</param>
    public static IReadOnlyList<StockShelf> Of(Workspace workspace, IReadOnlyCollection<StockCover> cover, IReadOnlyCollection<ListedProposal> proposals)
    {
        var table = workspace.InventoryDays;
        var days = table.Ints("day");
        var skus = table.Texts("sku");
        var units = table.Longs("fulfillable");
        var mornings = new Dictionary<Sku, SortedDictionary<int, long>>();
        for (var row = 0; row < table.Rows; row++)
        {
            var age = workspace.Today.DayNumber - days[row];
            if (age is < 0 or > DaysBack) continue;
            var sku = new Sku(skus[row]);
            if (!mornings.TryGetValue(sku, out var own)) mornings.Add(sku, own = []);
            own[days[row]] = Math.Max(0, units[row]);
        }

        var waiting = proposals.Where(item => item is { State: ProposalState.Open or ProposalState.Approved, Proposal.Reason: ReasonCode.LowStock or ReasonCode.Resume, Proposal: { Product: not null, Change: SetBid } })
            .GroupBy(item => item.Proposal.Product!.Value).ToDictionary(group => group.Key, group => group.Select(item => item.Proposal).ToArray());
        return [.. cover.Select(one => new StockShelf(one, Curve(one, mornings.GetValueOrDefault(one.Product), workspace.Today), FollowedBy(waiting.GetValueOrDefault(one.Product, []))))];
    }

    private static List<StockPoint> Curve(StockCover cover, SortedDictionary<int, long>? counted, DateOnly today)
    {
        var points = new List<StockPoint>((counted ?? []).Select(morning => new StockPoint(DateOnly.FromDayNumber(morning.Key), morning.Value, false)));
        var from = points.Count > 0 ? points[^1] : new StockPoint(today, cover.Units, false);
        var ahead = (int)Math.Min(DaysAhead, Math.Ceiling(Math.Max(cover.CoverDays, cover.DeliveryDays)) + 1);
        for (var day = 1; day <= ahead; day++) points.Add(new(from.Day.AddDays(day), Math.Max(0, from.Units - (day * cover.UnitsADay)), true));
        return points;
    }

    private static BidsOnStock FollowedBy(Proposal[] proposals)
    {
        var steps = proposals.Select(proposal => (SetBid)proposal.Change).Where(bid => bid.Before.Amount > 0).Select(bid => (double)(bid.After.Amount / bid.Before.Amount) - 1).ToArray();
        var kept = proposals.Where(proposal => proposal.Reason == ReasonCode.LowStock).Select(proposal => proposal.Evidence.Find("inventoryPrice") ?? 0).DefaultIfEmpty(0).Max();
        return new(proposals.Count(proposal => proposal.Reason == ReasonCode.LowStock), proposals.Count(proposal => proposal.Reason == ReasonCode.Resume), steps.Length == 0 ? 0 : steps.Average(),
            kept > 0 ? new Money(decimal.Round((decimal)kept, 2), proposals[0].Effect.Mean.Currency) : null);
    }
}
