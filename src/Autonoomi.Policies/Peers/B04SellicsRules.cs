using Autonoomi.Core.Proposals;
using Autonoomi.Policies.Reports;
using Autonoomi.Policies.Writes;

namespace Autonoomi.Policies.Peers;

/// <summary>
/// B04, the Sellics (later Perpetua) rules: once a week, on the days since a target's last change, ACoS 2.5 points under target raises by 30 %, 2.5 points over
/// it after X clicks cuts by 30 %, and no order after 1.5 X clicks ends at the minimum bid. X is the number of clicks that an order usually takes.
/// </summary>
/// <remarks>
/// Source: help.sellics.com 3289493, 3294551, 3294583 (X = 1 / conversion over 90 days). Gaps filled (*): X is the product's, else the account's, of the days
/// at hand; at most 30 days since the last change; the minimum bid instead of a pause, from which nothing would return; raises stop at 3 × suggestion.
/// Its rule of ±20 % for whole automatic groups is left out: automatic clauses are targets here.
/// </remarks>
internal sealed class B04SellicsRules : IBidRule
{
    public static PeerKind Kind { get; } = new("B04", "Sellics rules",
        "Sellics help pages. *X of the product, 30 days at most, minimum bid instead of a pause, cap 3·suggested.", _ => new B04SellicsRules());

    private const int LongestDays = 30;
    private const int ConversionDays = 90;
    private const double Points = 0.025;
    private const double Raise = 1.3;
    private const double Cut = 0.7;
    private const double PatienceWithoutOrders = 1.5;
    private const double HighestOfSuggested = 3;

    private readonly Dictionary<long, int> changedOn = [];

    public void Decide(Account account, BidMoves bids, List<Change> changes)
    {
        if (account.Day % 7 != 0) return;
        var usual = account.Window(ConversionDays);
        for (var target = 0; target < account.Targets.Length; target++)
        {
            if (!account.IsOpen[target]) continue;
            var id = account.Targets[target].Id.Value;
            var days = changedOn.TryGetValue(id, out var day) ? Math.Min(LongestDays, account.Day - day) : LongestDays;
            var bid = bids.Current(target);
            var wanted = Bid(account, account.Window(days).Targets, usual, target, bid);
            if (wanted == bid) continue;
            bids.Set(target, wanted);
            changedOn[id] = account.Day;
        }
    }

    private static double Bid(Account account, Sums sums, Window usual, int target, double bid)
    {
        var goal = account.TargetAcosOf(target);
        if (sums.Acos(target) is { } acos && acos < goal - Points) return Math.Max(bid, Math.Min(Raise * bid, HighestOfSuggested * account.Suggested(target)));
        if (ClicksToOrder(account, usual, target) is not { } x) return bid;
        if (sums.Acos(target) is { } high) return sums.Clicks[target] >= x && high > goal + Points ? Cut * bid : bid;
        return sums.Clicks[target] >= PatienceWithoutOrders * x ? (double)account.Workspace.Marketplace.MinimumBid : bid;
    }

    private static double? ClicksToOrder(Account account, Window usual, int target)
    {
        var product = usual.Products.Conversion(account.TargetProduct[target]);
        return product > 0 ? 1 / product : usual.Total.Conversion(0) is var total and > 0 ? 1 / total : null;
    }
}
