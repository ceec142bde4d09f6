using Autonoomi.Core.Proposals;

namespace Autonoomi.Core.Rollback;

/// <summary>One step of a bid back to where it stood before the cohort, within the same daily limits as every other bid. Amounts in the storefront's currency.</summary>
internal readonly record struct RollbackInputs(
    double BidBefore, double LastGood, double DayBid, double WeekBid, double DailyStep, double WeeklyRise, double BidStep, double MarketMinimum, double MaximumBid, double LogEvidence, double Threshold)
{
    /// <returns>The bid to set; the bid before when it is there, or the evidence is not.</returns>
    public decimal Bid()
    {
        var (before, step) = ((decimal)BidBefore, (decimal)BidStep);
        if (LogEvidence < Math.Log(Threshold)) return before;

        // The seller's own limit may have more digits than a bid.
        var ceiling = Math.Max((decimal)MarketMinimum, Math.Floor((decimal)MaximumBid / step) * step);
        var goal = Math.Clamp((decimal)LastGood, (decimal)MarketMinimum, ceiling);
        var highest = Math.Floor((decimal)Math.Min(DayBid * (1 + DailyStep), WeekBid * (1 + WeeklyRise)) / step) * step;
        var lowest = Math.Ceiling((decimal)(DayBid * (1 - DailyStep)) / step) * step;
        return goal > before ? Math.Max(before, Math.Min(goal, highest)) : Math.Min(before, Math.Max(goal, lowest));
    }

    public void Write(EvidenceList list) => list
        .Money("bidBefore", BidBefore).Money("lastGood", LastGood).Money("dayBid", DayBid).Money("weekBid", WeekBid).SharedFraction("dailyStep", DailyStep).SharedFraction("weeklyRise", WeeklyRise)
        .SharedMoney("bidStep", BidStep).SharedMoney("marketMinimum", MarketMinimum).SharedMoney("maximumBid", MaximumBid).SharedFactor("logEvidence", LogEvidence).SharedFactor("threshold", Threshold);

    public static RollbackInputs Read(Evidence e) => new(
        e["bidBefore"], e["lastGood"], e["dayBid"], e["weekBid"], e["dailyStep"], e["weeklyRise"], e["bidStep"], e["marketMinimum"], e["maximumBid"], e["logEvidence"], e["threshold"]);
}
