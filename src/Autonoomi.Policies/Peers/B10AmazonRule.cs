using Autonoomi.Core.Proposals;
using Autonoomi.Policies.Reports;
using Autonoomi.Policies.Writes;

namespace Autonoomi.Policies.Peers;

/// <summary>
/// B10, Amazon's own rule-based bidding: per campaign all bids move together so that the ROAS of 21 days keeps a guardrail; it needs 10 days of life and 10
/// orders in 30 days, and switches itself off where its ROAS stays far under the guardrail.
/// </summary>
/// <remarks>
/// Source: Amazon's documentation of rule-based bidding (the conditions, the 21-day ROAS, off when the 20-day ROAS is under 30 % of the guardrail over 20 to
/// 40 days). Gaps filled (*): how it moves bids is not published: a tenth of the distance in logarithms a day, at most 10 %; the guardrail is 1 / target;
/// "over 20 to 40 days" is 20 days in a row; switched off, the bids go back to what they were.
/// </remarks>
internal sealed class B10AmazonRule : IBidRule
{
    public static PeerKind Kind { get; } = new("B10", "Amazon rule-based bidding",
        "Amazon's documentation of rule-based bidding. *A tenth of the distance a day, ±10 %; off after 20 days in a row, bids restored.", _ => new B10AmazonRule());

    private const int RoasDays = 21;
    private const int LifeDays = 10;
    private const int OrderDays = 30;
    private const int FewestOrders = 10;
    private const int WatchDays = 20;
    private const double OffShare = 0.30;
    private const double Gain = 0.1;
    private const double DailyStep = 0.10;

    private readonly Dictionary<long, int> badDays = [];
    private readonly Dictionary<long, double> bidsBefore = [];

    public void Decide(Account account, BidMoves bids, List<Change> changes)
    {
        var roas = account.Window(RoasDays);
        var watched = account.Window(WatchDays).Campaigns;
        var orders = account.Window(OrderDays).Campaigns.Orders;
        var life = Ages(account);
        var factors = new double[account.Campaigns.Length];
        var isOff = new bool[account.Campaigns.Length];
        var guardrails = Guardrails(account);
        for (var campaign = 0; campaign < factors.Length; campaign++)
        {
            factors[campaign] = 1;
            if (!account.IsOpenCampaign[campaign] || !double.IsFinite(guardrails[campaign])) continue;
            var id = account.Campaigns[campaign].Id.Value;
            var bad = badDays.GetValueOrDefault(id);
            isOff[campaign] = bad >= WatchDays;
            if (isOff[campaign] || life[campaign] < LifeDays || orders[campaign] < FewestOrders) continue;
            badDays[id] = watched.Cost[campaign] > 0 && watched.Sales[campaign] / watched.Cost[campaign] < OffShare * guardrails[campaign] ? bad + 1 : 0;
            factors[campaign] = Factor(roas.Campaigns.Sales[campaign], roas.Campaigns.Cost[campaign], guardrails[campaign]);
        }

        for (var target = 0; target < account.Targets.Length; target++)
        {
            if (!account.IsOpen[target]) continue;
            var campaign = account.TargetCampaign[target];
            var id = account.Targets[target].Id.Value;
            bidsBefore.TryAdd(id, bids.Current(target));
            if (isOff[campaign]) bids.Set(target, bidsBefore[id]);
            else if (factors[campaign] != 1) bids.Multiply(target, factors[campaign]);
        }
    }

    /// <summary>The day's factor on all bids of a campaign.</summary>
    /// <param name="sales">Of 21 days.</param>
    /// <param name="cost">Of 21 days.</param>
    /// <param name="guardrail">ROAS to keep, above 0.</param>
    /// <returns>0.9 to 1.1.</returns>
    public static double Factor(double sales, double cost, double guardrail) =>
        cost <= 0 ? 1 : Math.Clamp(Math.Pow(sales / cost / guardrail, Gain), 1 - DailyStep, 1 + DailyStep);

    // A campaign's guardrail is that of its first open target: campaigns advertise one product as a rule.
    private static double[] Guardrails(Account account)
    {
        var guardrails = new double[account.Campaigns.Length];
        Array.Fill(guardrails, double.PositiveInfinity);
        for (var target = account.Targets.Length - 1; target >= 0; target--)
        {
            if (account.IsOpen[target]) guardrails[account.TargetCampaign[target]] = account.TargetAcosOf(target) is var acos and > 0 ? 1 / acos : double.PositiveInfinity;
        }

        return guardrails;
    }

    // Days since a campaign's first fact.
    private static int[] Ages(Account account)
    {
        var ages = new int[account.Campaigns.Length];
        var keys = account.Workspace.TargetDays.Keys("campaign_id");
        var days = account.Workspace.TargetDays.Ints("day");
        var positions = new int[keys.Values.Length];
        for (var index = 0; index < positions.Length; index++) positions[index] = account.CampaignOf(keys.Values[index]);
        for (var row = 0; row < days.Length; row++)
        {
            var campaign = positions[keys.Codes[row]];
            if (campaign >= 0) ages[campaign] = Math.Max(ages[campaign], account.Workspace.Today.DayNumber - days[row]);
        }

        return ages;
    }
}
