using Autonoomi.Core.Signals;

namespace Autonoomi.Core.Bidding;

/// <summary>Everything a bid rests on; amounts in the storefront's currency. The names are those of the stored evidence.</summary>
internal readonly record struct BidInputs
{
    public double Clicks { get; init; }
    public double Orders { get; init; }
    public double PriorMean { get; init; }
    public double PriorStrength { get; init; }
    public double Contribution { get; init; }

    /// <summary>Worth of an order beyond its contribution: growth, rank.</summary>
    public double Addition { get; init; }

    /// <summary>Share of attributed orders that the ad really brings.</summary>
    public double Incrementality { get; init; }

    /// <summary>Today's worth of a click over its usual one.</summary>
    public double Season { get; init; }

    /// <summary>Worth of an order under an ACoS goal or ceiling; 0 without one.</summary>
    public double AcosWorth { get; init; }

    /// <summary>1 where the ACoS goal alone decides.</summary>
    public double AcosOnly { get; init; }

    /// <summary>What a unit in stock is worth kept for other buyers.</summary>
    public double InventoryPrice { get; init; }
    public double Shading { get; init; }
    public double BudgetPrice { get; init; }
    public double PlacementMultiplier { get; init; }
    public double BidBefore { get; init; }
    public double DayBid { get; init; }
    public double WeekBid { get; init; }

    /// <summary>The bid before cuts for want of stock, to which it may go back at once; 0 without.</summary>
    public double ResumeBid { get; init; }
    public double Step { get; init; }
    public double WeeklyRise { get; init; }
    public double DeadBand { get; init; }

    /// <summary>1 where one bid step may be made although it is more than the daily limit.</summary>
    public double SingleStep { get; init; }

    /// <summary>The seller's own highest bid.</summary>
    public double MaximumBid { get; init; }
    public double MarketMinimum { get; init; }
    public double MarketMaximum { get; init; }
    public double BidStep { get; init; }

    public double TermMean => Math.Max(Clicks, Orders / 3);
    public Posterior Posterior => Posterior.Of(Orders, TermMean, PriorMean, PriorStrength);

    /// <summary>Money that an order is worth today, goals and stock included; zero or more.</summary>
    public double OrderWorth => Worth.OrderWorth.Of(Contribution, Addition, InventoryPrice, Incrementality, Season, AcosWorth, AcosOnly == 1);

    /// <summary>Money that an order really leaves, whatever a goal adds to it or takes away: what effects are told in.</summary>
    public double Margin => Worth.OrderWorth.Of(Contribution, 0, InventoryPrice, Incrementality, Season, 0, acosOnly: false);
}

/// <param name="Bid">The bid to set; equal to the bid before when nothing should change.</param>
/// <param name="Wanted">The bid without step limits, not rounded.</param>
/// <param name="ClickValue">Expected contribution of a click.</param>
internal readonly record struct BidResult(decimal Bid, double Wanted, double ClickValue);

/// <summary>From the value of a click to a bid: one pure function, used to decide and to replay. See docs/maths/bidding.md.</summary>
internal static class BidRule
{
    public static BidResult Apply(in BidInputs x)
    {
        var posterior = x.Posterior;
        var value = posterior.Mean * x.OrderWorth;
        var wanted = x.Shading * value / ((1 + x.BudgetPrice) * x.PlacementMultiplier);

        var (before, step) = ((decimal)x.BidBefore, (decimal)x.BidStep);
        var floor = (decimal)x.MarketMinimum;
        var ceiling = Math.Min((decimal)x.MarketMaximum, Math.Max(floor, Down((decimal)x.MaximumBid, step)));
        var goal = Math.Clamp(Down((decimal)Math.Min(wanted, 1e9), step), floor, ceiling);

        // Limits first rounded into their own range, so that rounding never crosses them.
        var lowest = Up((decimal)(x.DayBid * (1 - x.Step)), step);
        var highest = Math.Min(Down((decimal)(x.DayBid * (1 + x.Step)), step), Down((decimal)(x.WeekBid * (1 + x.WeeklyRise)), step));
        highest = Math.Max(highest, (decimal)x.ResumeBid);
        var bid = goal > before ? Math.Max(before, Math.Min(goal, highest)) : Math.Min(before, Math.Max(goal, lowest));

        // At a few cents one step is more than the daily limit; it is made every few days all the same.
        if (bid == before && x.SingleStep == 1 && Math.Abs(goal - before) >= step) bid = goal > before ? before + step : before - step;
        bid = before > ceiling ? Math.Min(bid, ceiling) : Math.Clamp(bid, Math.Min(floor, before), ceiling);

        // A bid above the limit comes down however small the difference.
        var still = before <= ceiling && (Math.Abs(bid - before) < step || (before > 0 && Math.Abs((double)(bid / before) - 1) < x.DeadBand));
        return new BidResult(still ? before : bid, wanted, value);
    }

    /// <summary>Days after today until the bid stands at its goal, if nothing changes: a day's step at a time, no more than the weekly rise, single steps every few days where a step is more than the daily limit.</summary>
    /// <param name="x">What the bid rests on.</param>
    /// <param name="result">Today's.</param>
    /// <returns>0 when it is there, or a limit of the seller's or of Amazon's ends it; 999 at most.</returns>
    public static int DaysLeft(in BidInputs x, in BidResult result)
    {
        const int Most = 999;
        var (step, floor) = (x.BidStep, x.MarketMinimum);
        var ceiling = Math.Min(x.MarketMaximum, Math.Max(floor, x.MaximumBid));
        var goal = Math.Clamp(Math.Floor((Math.Min(result.Wanted, 1e9) / step) + 1e-9) * step, floor, ceiling);
        var bid = (double)result.Bid;

        // The bids of the last seven days, oldest first; those between then and today are taken to lie on a straight line of logarithms.
        var week = new Queue<double>();
        var (from, to) = (Math.Log(Math.Max(step, x.WeekBid)), Math.Log(Math.Max(step, bid)));
        for (var day = 1; day <= 7; day++) week.Enqueue(Math.Exp(from + ((to - from) * day / 7)));
        for (int days = 0, moved = 0; ; days++)
        {
            if (Math.Abs(goal - bid) < Math.Max(step, x.DeadBand * bid) * (1 - 1e-9) || days >= Most) return days;
            var highest = Math.Floor((Math.Min(bid * (1 + x.Step), week.Dequeue() * (1 + x.WeeklyRise)) / step) + 1e-9) * step;
            var lowest = Math.Ceiling((bid * (1 - x.Step) / step) - 1e-9) * step;
            var next = goal > bid ? Math.Max(bid, Math.Min(goal, highest)) : Math.Min(bid, Math.Max(goal, lowest));
            if (Math.Abs(next - bid) < 0.5 * step && days + 1 - moved >= Bidder.SingleStepDays) next = bid + (goal > bid ? step : -step);
            if (Math.Abs(next - bid) >= Math.Max(step, x.DeadBand * bid) * (1 - 1e-9)) (bid, moved) = (next, days + 1);
            week.Enqueue(bid);
        }
    }

    private static decimal Down(decimal amount, decimal step) => Math.Floor(amount / step) * step;
    private static decimal Up(decimal amount, decimal step) => Math.Ceiling(amount / step) * step;
}
