using System.Runtime.InteropServices;
using Autonoomi.Core.Proposals;
using Autonoomi.Policies.Reports;
using Autonoomi.Policies.Writes;

namespace Autonoomi.Policies.Peers;

/// <summary>
/// B13, a learner after AuctionGym: the bid is γ × the value of a click. γ starts truthful (1) and is learned per ad group by value learning: a model of how
/// often a bid wins, fitted on bids that were dithered on purpose, and the γ from 0.1 to 1 that makes wins × (value − bid) largest.
/// </summary>
/// <remarks>
/// Source: Jeunen, Murphy, Allison, "Learning to bid with AuctionGym" (KDD 2023), github amzn/auction-gym: truthful start, win-rate model, γ in [0.1, 1]. Its market is a
/// price per impression won; here only impressions are seen, never auctions lost. Gaps filled (*): value = conversion × order value × target ACoS, the
/// conversion shrunk to its parents' with 20 clicks; the dither is ±15 %, drawn per target and week; wins are impressions a day and go with a power ε of the
/// bid (least squares within targets, 28 days), so that the best γ is ε / (1 + ε); 200 pseudo-days at γ = 1 keep the start truthful; a cluster is an ad group.
/// </remarks>
internal sealed class B13ValueLearner(PolicySettings settings) : IBidRule
{
    public static PeerKind Kind { get; } = new("B13", "AuctionGym-style learner",
        "AuctionGym (KDD 2023). *Value from shrunk conversion × T, weekly dither ±15 %, power-law win model per ad group.", settings => new B13ValueLearner(settings));

    private const int WindowDays = 60;
    private const int LearningDays = 28;
    private const double PseudoClicks = 20;
    private const double Dither = 0.15;
    private const double TruthfulDays = 200;
    private const double LowestGamma = 0.1;
    private const double FewestSpread = 1e-6;

    // Bids in force per target, one place per day of the last four weeks: what Amazon showed at which bid.
    private readonly Dictionary<long, double[]> history = [];
    private readonly Dictionary<long, double> gammas = [];

    public void Decide(Account account, BidMoves bids, List<Change> changes)
    {
        Remember(account);
        if (account.Day > 0 && account.Day % 7 == 0) Learn(account);
        var window = account.Window(WindowDays);
        for (var target = 0; target < account.Targets.Length; target++)
        {
            if (!account.IsOpen[target] || window.ParentConversion(target) is not { } parent) continue;
            var conversion = (window.Targets.Orders[target] + PseudoClicks * parent) / (window.Targets.Clicks[target] + PseudoClicks);
            var value = conversion * window.OrderValue(target) * account.TargetAcosOf(target);
            var gamma = gammas.GetValueOrDefault(account.Targets[target].AdGroup.Value, 1);
            var sign = new Draws(settings.Seed, account.Day / 7, account.Targets[target].Id.Value).Uniform(0) < 0.5 ? -1 : 1;
            bids.Set(target, gamma * value * Math.Exp(sign * Dither));
        }
    }

    /// <summary>The γ at which wins × (value − bid) is largest when wins go with a power of the bid, mixed with the truthful start.</summary>
    /// <param name="elasticity">Percent more wins per percent more bid; below zero counts as zero.</param>
    /// <param name="days">Target-days that it was fitted on.</param>
    /// <returns>0.1 to 1.</returns>
    public static double Gamma(double elasticity, double days)
    {
        var best = Math.Clamp(Math.Max(0, elasticity) / (1 + Math.Max(0, elasticity)), LowestGamma, 1);
        return (days * best + TruthfulDays) / (days + TruthfulDays);
    }

    private void Remember(Account account)
    {
        foreach (var target in account.Targets)
        {
            ref var days = ref CollectionsMarshal.GetValueRefOrAddDefault(history, target.Id.Value, out _);
            days ??= new double[LearningDays];

            // This morning's bid was in force yesterday: today's is about to be written.
            days[(account.Workspace.Today.DayNumber - 1) % LearningDays] = (double)target.Bid.Amount;
        }
    }

    private void Learn(Account account)
    {
        var table = account.Workspace.TargetDays;
        var keys = table.Keys("target_id");
        var days = table.Ints("day");
        var impressions = table.Longs("impressions");
        var known = Math.Min(LearningDays, account.Day + 1);
        var (first, last) = (account.Workspace.Today.DayNumber - known, account.Workspace.Today.DayNumber - 1);

        // Per target: days, Σx, Σy, Σxx, Σxy with x = ln bid and y = ln impressions.
        var sums = new double[account.Targets.Length * 5];
        for (var row = 0; row < days.Length; row++)
        {
            if (days[row] < first || days[row] > last || impressions[row] <= 0 || account.TargetOf(keys.Values[keys.Codes[row]]) is var target && target < 0) continue;
            var bid = history[account.Targets[target].Id.Value][days[row] % LearningDays];
            if (!(bid > 0)) continue;
            var (x, y) = (Math.Log(bid), Math.Log(impressions[row]));
            var into = sums.AsSpan(target * 5, 5);
            into[0]++;
            into[1] += x;
            into[2] += y;
            into[3] += x * x;
            into[4] += x * y;
        }

        var groups = new double[account.GroupProduct.Length * 3];
        for (var target = 0; target < account.Targets.Length; target++)
        {
            var of = sums.AsSpan(target * 5, 5);
            if (account.TargetGroup[target] is not (>= 0 and var group) || of[0] < 2) continue;
            groups[group * 3] += of[0];
            groups[group * 3 + 1] += of[3] - of[1] * of[1] / of[0];
            groups[group * 3 + 2] += of[4] - of[1] * of[2] / of[0];
        }

        for (var group = 0; group < account.GroupProduct.Length; group++)
        {
            if (groups[group * 3 + 1] > FewestSpread)
                gammas[account.Workspace.AdGroups[group].Id.Value] = Gamma(groups[group * 3 + 2] / groups[group * 3 + 1], groups[group * 3]);
        }
    }
}
