using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;
using Autonoomi.Policies.Reports;

namespace Autonoomi.Policies.Writes;

/// <summary>
/// The bids of one policy: within the marketplace's and the seller's limits, in steps of the marketplace, nothing written below one step. Amounts are
/// remembered unrounded, so that a rule of two percent a day also moves a bid of twenty cents.
/// </summary>
internal sealed class BidMoves
{
    private readonly Dictionary<long, (double Exact, decimal Written)> remembered = [];
    private Account account = null!;
    private double[] wanted = [];
    private double[] scaleBefore = [];
    private double[] scaleAfter = [];

    /// <summary>A new morning: bids in force, no moves.</summary>
    public void Begin(Account today)
    {
        account = today;
        wanted = new double[today.Targets.Length];
        Array.Fill(wanted, double.NaN);
        (scaleBefore, scaleAfter) = (Ones(today.Campaigns.Length), Ones(today.Campaigns.Length));
    }

    /// <summary>What the rule steers in a campaign is the base bid times the mean placement multiplier: a new multiplier then changes the base bids, not the spend.</summary>
    /// <param name="campaign">Position of the campaign.</param>
    /// <param name="before">Mean multiplier in force, 1 or more.</param>
    /// <param name="after">Mean multiplier from now on, 1 or more.</param>
    public void Rescale(int campaign, double before, double after)
    {
        scaleBefore[campaign] = before;
        scaleAfter[campaign] = after;
    }

    /// <returns>The bid that the rule sees, per click.</returns>
    public double Current(int target) => Exact(target) * scaleBefore[account.TargetCampaign[target]];

    /// <summary>Wants another bid; the last word counts. Targets that may not be touched stay.</summary>
    /// <param name="target">Position of the target.</param>
    /// <param name="bid">Per click, zero or more, on the scale of <see cref="Current"/>.</param>
    public void Set(int target, double bid)
    {
        if (!double.IsFinite(bid) || bid < 0) throw new ArgumentOutOfRangeException(nameof(bid), bid, "A bid is a finite amount of zero or more.");
        wanted[target] = bid;
    }

    /// <summary>Wants the current bid times a factor.</summary>
    /// <param name="target">Position of the target.</param>
    /// <param name="factor">Zero or more.</param>
    public void Multiply(int target, double factor) => Set(target, Current(target) * factor);

    /// <summary>The day's writes.</summary>
    public void AddTo(List<Change> changes)
    {
        var workspace = account.Workspace;
        var highest = Math.Max(workspace.Marketplace.MinimumBid, Math.Min(workspace.Marketplace.MaximumBid, workspace.Settings.MaximumBid.Amount));
        for (var target = 0; target < wanted.Length; target++)
        {
            var campaign = account.TargetCampaign[target];
            if (!account.IsOpen[target] || (double.IsNaN(wanted[target]) && scaleBefore[campaign] == scaleAfter[campaign])) continue;
            var entry = account.Targets[target];
            var exact = (double.IsNaN(wanted[target]) ? Current(target) : wanted[target]) / scaleAfter[campaign];

            // What was wanted beyond a limit is forgotten: the way back begins at the limit.
            exact = Math.Clamp(exact, (double)workspace.Marketplace.MinimumBid, (double)highest);
            var bid = Rounded(workspace.Marketplace, exact, highest);
            remembered[entry.Id.Value] = (exact, bid.Amount);
            if (Math.Abs(bid.Amount - entry.Bid.Amount) >= workspace.Marketplace.BidStep)
                changes.Add(new SetBid(entry.Campaign, entry.AdGroup, entry.Id, entry.Kind, entry.Bid, bid));
        }
    }

    /// <summary>Within the limits and down to the marketplace's step.</summary>
    public static Money Rounded(Marketplace marketplace, double exact, decimal highest)
    {
        var bid = marketplace.RoundBid(exact);
        return bid.Amount <= highest ? bid : bid with { Amount = Math.Max(marketplace.MinimumBid, Math.Floor(highest / marketplace.BidStep) * marketplace.BidStep) };
    }

    // What was wanted yesterday counts while it is what stands there; a failed write or another hand starts afresh.
    private double Exact(int target)
    {
        var entry = account.Targets[target];
        return remembered.TryGetValue(entry.Id.Value, out var last) && last.Written == entry.Bid.Amount ? last.Exact : (double)entry.Bid.Amount;
    }

    private static double[] Ones(int count)
    {
        var ones = new double[count];
        Array.Fill(ones, 1);
        return ones;
    }
}
