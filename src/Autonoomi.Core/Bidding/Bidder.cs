using Autonoomi.Core.Advertising;
using Autonoomi.Core.Proposals;
using Autonoomi.Core.Signals;

namespace Autonoomi.Core.Bidding;

/// <summary>Proposes a bid for every target whose bid is not what its clicks are worth.</summary>
internal static class Bidder
{
    /// <summary>Days between single steps where one is more than the daily limit.</summary>
    public const int SingleStepDays = 3;

    private const double FirmEstimate = 0.4;

    /// <summary>Limits of the share of a click's value that is bid.</summary>
    public const double LeastShading = 0.2;
    public const double MostShading = 0.95;

    /// <summary>The inputs of a target's bid; false where nothing can be decided.</summary>
    public static bool TryInputs(Situation situation, int index, out BidInputs inputs)
    {
        var (measured, stock, worth, settings) = (situation.Measured, situation.Stock, situation.Worth, situation.Settings);
        inputs = default;
        if (!measured.IsDecidable(index)) return false;
        var workspace = measured.Workspace;
        var target = workspace.Targets[index];
        var campaign = measured.Structure.TargetCampaign[index];
        var limits = workspace.Marketplace.For(workspace.Campaigns[campaign].AdProduct);
        var product = measured.Structure.TargetProduct[index];
        var posterior = measured.Posterior(index);
        var history = measured.History.Bid($"target:{target.Id.Value}:bid", target.Bid.Amount);
        var firm = posterior.Deviation / posterior.Mean < FirmEstimate;
        inputs = new BidInputs
        {
            Clicks = measured.Exposure[index],
            Orders = measured.Orders[index],
            PriorMean = measured.PriorMean[index],
            PriorStrength = measured.PriorStrength,
            Contribution = measured.Contribution[index],
            Addition = worth.Addition[index],
            Incrementality = worth.Incrementality[index],
            Season = worth.Season[index],
            AcosWorth = worth.AcosWorth[index],
            AcosOnly = worth.AcosOnly[index] ? 1 : 0,
            InventoryPrice = stock.Price[product],
            Shading = ShadingOf(situation, index, posterior.Mean * worth.Of(index, measured.Contribution[index], stock.Price[product])),
            BudgetPrice = situation.BudgetPrice,
            PlacementMultiplier = situation.Multipliers[campaign],
            BidBefore = (double)target.Bid.Amount,
            DayBid = (double)history.DayStart,
            WeekBid = (double)history.WeekStart,
            ResumeBid = stock.Price[product] > 0 || stock.IsOut[product] ? 0 : (double)(measured.History.BeforeShortage($"target:{target.Id.Value}:bid") ?? 0),
            Step = measured.History.IsFirstWeek && firm ? settings.FirstWeekStep : settings.DailyStep,
            WeeklyRise = settings.WeeklyRise,
            DeadBand = settings.DeadBand,
            SingleStep = history.DaysSinceChange >= SingleStepDays - 0.2 ? 1 : 0,
            MaximumBid = (double)workspace.Settings.MaximumBid.Amount,
            MarketMinimum = (double)limits.MinimumBid,
            MarketMaximum = (double)limits.MaximumBid,
            BidStep = (double)workspace.Marketplace.BidStep,
        };
        return true;
    }

    public static void Propose(Situation situation, List<Proposal> into)
    {
        var (measured, stock, settings, workspace) = (situation.Measured, situation.Stock, situation.Settings, situation.Workspace);
        var evidence = new EvidenceList(workspace.Marketplace.Currency.Code);
        for (var index = 0; index < workspace.Targets.Length; index++)
        {
            var product = measured.Structure.TargetProduct[index];
            if (!TryInputs(situation, index, out var inputs)) continue;

            // A sold-out product serves no ad: its bid waits for the restock as it stands.
            if (stock.IsOut[product]) continue;
            var result = BidRule.Apply(inputs);
            var target = workspace.Targets[index];
            if (result.Bid == target.Bid.Amount) continue;

            var change = new SetBid(target.Campaign, target.AdGroup, target.Id, target.Kind, target.Bid, target.Bid with { Amount = result.Bid }) { AdProduct = workspace.Campaigns[measured.Structure.TargetCampaign[index]].AdProduct };
            var clickPrice = measured.ClickPrice(index);
            BidEvidence.Write(evidence, inputs, result);
            evidence.Clicks("clicks30", measured.Clicks30[index]).Money("clickPrice", clickPrice).SharedFactor("usualShading", settings.Shading).Factor("priceShare", measured.PriceShare[index]);
            if (!double.IsNaN(measured.Suggested[index])) evidence.Money("suggestedBid", measured.Suggested[index]);
            if (BidRule.DaysLeft(inputs, result) is > 0 and var days) evidence.Days("daysLeft", days);
            if (inputs.InventoryPrice > 0 && double.IsFinite(stock.CoverDays[product])) evidence.Days("coverDays", stock.CoverDays[product]).Days("deliveryDays", stock.HorizonDays[product]);
            into.Add(new Proposal(
                ProposalNames.Of(workspace, Module.Bidding, change.EntityKey), ModuleOf(inputs, change),
                ReasonOf(inputs, change), measured.Structure.Products[product], change, evidence.Take(),
                EffectOf(situation, index, inputs, result.Bid)));
        }
    }

    /// <summary>What moving a target's bid is expected to bring; where placements turn, the room that they need is theirs.</summary>
    public static Effect EffectOf(Situation situation, int index, in BidInputs inputs, decimal bid)
    {
        var measured = situation.Measured;
        var campaign = measured.Structure.TargetCampaign[index];
        var before = measured.Workspace.Targets[index].Bid.Amount;
        var ratio = before > 0 && bid > 0 ? (double)(bid / before) * situation.Multipliers[campaign] / measured.MeanMultiplier[campaign] : 1;
        var move = new BidMove(inputs.Posterior, inputs.Margin, measured.MonthOfClicks(index), measured.ClickPrice(index), Math.Log(ratio), measured.Level(index), measured.BidShift[index]);
        return Effects.OfBid(move, measured.Workspace.Marketplace.Currency);
    }

    private static Module ModuleOf(in BidInputs inputs, SetBid change) => ReasonOf(inputs, change) is ReasonCode.LowStock or ReasonCode.Resume ? Module.Inventory : Module.Bidding;

    private static ReasonCode ReasonOf(in BidInputs inputs, SetBid change) =>
        change.After < change.Before ? inputs.InventoryPrice > 0 ? ReasonCode.LowStock : ReasonCode.LowerBid
        : inputs.ResumeBid > 0 ? ReasonCode.Resume
        : ReasonCode.RaiseBid;

    /// <summary>The share of a click's value that is bid.</summary>
    /// <param name="situation">Of the decision.</param>
    /// <param name="index">Position of the target.</param>
    /// <param name="value">What a click is worth, in the storefront's currency.</param>
    public static double ShadingOf(Situation situation, int index, double value) =>
        Math.Clamp(FreeShading(situation.Measured, situation.Settings, index, value), LeastShading, MostShading);

    /// <summary>The bid that a click of this value leads to, without step limits, within marketplace's and seller's, in whole bid steps. What health and strategies judge bids by.</summary>
    /// <param name="situation">Of the decision.</param>
    /// <param name="index">Position of a target in a campaign.</param>
    /// <param name="value">What a click is worth, in the storefront's currency.</param>
    public static double WantedBid(Situation situation, int index, double value)
    {
        var (workspace, campaign) = (situation.Workspace, situation.Measured.Structure.TargetCampaign[index]);
        var limits = workspace.Marketplace.For(workspace.Campaigns[campaign].AdProduct);
        var wanted = ShadingOf(situation, index, value) * value / ((1 + situation.BudgetPrice) * situation.Multipliers[campaign]);
        var step = workspace.Marketplace.BidStep;
        var highest = Math.Min(limits.MaximumBid, Math.Max(limits.MinimumBid, workspace.Settings.MaximumBid.Amount));
        return (double)Math.Clamp(Math.Floor((decimal)Math.Min(wanted, 1e9) / step) * step, limits.MinimumBid, highest);
    }

    /// <summary>The share of a click's value that is bid, before its limits; with <see cref="DecisionSettings.MarketWeight"/> w and a suggested bid it falls with value to the power of w.</summary>
    public static double FreeShading(Measurement measured, DecisionSettings settings, int index, double value)
    {
        var median = measured.Suggested[index];
        var share = settings.Shading;
        if (!double.IsNaN(median) && value > 0) share *= Math.Pow(median / value, settings.MarketWeight);
        if (settings.PriceWeight > 0) share *= Math.Pow(measured.PriceShare[index], -settings.PriceWeight);
        return share;
    }
}
