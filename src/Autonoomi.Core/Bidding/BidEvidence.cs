using Autonoomi.Core.Proposals;

namespace Autonoomi.Core.Bidding;

/// <summary>The inputs of a bid as stored evidence, and back.</summary>
internal static class BidEvidence
{
    public static void Write(EvidenceList list, in BidInputs x, in BidResult result)
    {
        var posterior = x.Posterior;
        var worth = x.OrderWorth;
        list.Clicks("clicks", x.Clicks).Orders("orders", x.Orders).SharedFraction("priorMean", x.PriorMean).Add(x)
            .Money("contribution", x.Contribution).SharedMoney("inventoryPrice", x.InventoryPrice)
            .Money("bidBefore", x.BidBefore).Money("dayBid", x.DayBid).Money("weekBid", x.WeekBid)
            .Money("clickValue", result.ClickValue).Money("wantedBid", result.Wanted)
            .Money("clickValueLow", posterior.Quantile(Effects.Low) * worth).Money("clickValueHigh", posterior.Quantile(Effects.High) * worth);

        // What is neutral is not stored: thousands of bids have neither goal nor season.
        if (x.Addition != 0) list.Money("addition", x.Addition);
        if (x.Incrementality != 1) list.SharedFraction("incrementality", x.Incrementality);
        if (x.Season != 1) list.SharedFactor("season", x.Season);
        if (x.ResumeBid != 0) list.Money("resumeBid", x.ResumeBid);
        if (x.AcosWorth != 0) list.Money("acosWorth", x.AcosWorth).SharedFactor("acosOnly", x.AcosOnly);
    }

    public static BidInputs Read(Evidence evidence)
    {
        // One pass instead of twenty searches: replay runs over thousands of proposals.
        double clicks = 0, orders = 0, priorMean = 0, priorStrength = 0, contribution = 0, inventory = 0, shading = 0, budget = 0, placement = 0;
        double addition = 0, incrementality = 1, season = 1, acosWorth = 0, acosOnly = 0, resume = 0;
        double before = 0, day = 0, week = 0, step = 0, rise = 0, dead = 0, single = 0, maximum = 0, marketMinimum = 0, marketMaximum = 0, bidStep = 0;
        foreach (var entry in evidence.Values)
        {
            switch (entry.Name)
            {
                case "clicks": clicks = entry.Value; break;
                case "orders": orders = entry.Value; break;
                case "priorMean": priorMean = entry.Value; break;
                case "priorStrength": priorStrength = entry.Value; break;
                case "contribution": contribution = entry.Value; break;
                case "addition": addition = entry.Value; break;
                case "incrementality": incrementality = entry.Value; break;
                case "season": season = entry.Value; break;
                case "acosWorth": acosWorth = entry.Value; break;
                case "acosOnly": acosOnly = entry.Value; break;
                case "inventoryPrice": inventory = entry.Value; break;
                case "shading": shading = entry.Value; break;
                case "budgetPrice": budget = entry.Value; break;
                case "placementMultiplier": placement = entry.Value; break;
                case "bidBefore": before = entry.Value; break;
                case "dayBid": day = entry.Value; break;
                case "weekBid": week = entry.Value; break;
                case "resumeBid": resume = entry.Value; break;
                case "dailyStep": step = entry.Value; break;
                case "weeklyRise": rise = entry.Value; break;
                case "deadBand": dead = entry.Value; break;
                case "singleStep": single = entry.Value; break;
                case "maximumBid": maximum = entry.Value; break;
                case "marketMinimum": marketMinimum = entry.Value; break;
                case "marketMaximum": marketMaximum = entry.Value; break;
                case "bidStep": bidStep = entry.Value; break;
            }
        }

        return new BidInputs
        {
            Clicks = clicks, Orders = orders, PriorMean = priorMean, PriorStrength = priorStrength, Contribution = contribution,
            Addition = addition, Incrementality = incrementality, Season = season, AcosWorth = acosWorth, AcosOnly = acosOnly,
            InventoryPrice = inventory, Shading = shading, BudgetPrice = budget, PlacementMultiplier = placement, BidBefore = before, DayBid = day, WeekBid = week, ResumeBid = resume,
            Step = step, WeeklyRise = rise, DeadBand = dead, SingleStep = single, MaximumBid = maximum, MarketMinimum = marketMinimum, MarketMaximum = marketMaximum, BidStep = bidStep,
        };
    }

    private static EvidenceList Add(this EvidenceList list, in BidInputs x) => list
        .SharedFactor("priorStrength", x.PriorStrength).Factor("shading", x.Shading)
        .SharedFactor("budgetPrice", x.BudgetPrice).SharedFactor("placementMultiplier", x.PlacementMultiplier).SharedFraction("dailyStep", x.Step)
        .SharedFraction("weeklyRise", x.WeeklyRise).SharedFraction("deadBand", x.DeadBand).SharedFactor("singleStep", x.SingleStep)
        .SharedMoney("maximumBid", x.MaximumBid).SharedMoney("marketMinimum", x.MarketMinimum).SharedMoney("marketMaximum", x.MarketMaximum).SharedMoney("bidStep", x.BidStep);
}
