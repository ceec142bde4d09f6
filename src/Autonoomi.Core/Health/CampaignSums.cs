using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Bidding;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Proposals;
using Autonoomi.Core.Signals;

namespace Autonoomi.Core.Health;

/// <summary>What each campaign earns over 30 days, what it could, and what each fault costs; arrays parallel to the workspace's campaigns.</summary>
internal sealed class CampaignSums
{
    /// <summary>Chance to pay at or below which spend counts as wasted.</summary>
    public const double HopelessChance = 0.15;

    // Further out nobody knows the market: a bid is not judged by what one three times as high might find.
    private const double HighestRatio = 3;
    private const double LowestRatio = 0.02;
    private const double HopelessQuantile = 1.0364333894937898; // of the standard normal at 1 − HopelessChance
    private const double PointsPerFinding = 8;

    private readonly Situation situation;
    private readonly double[] gain, hopelessGain, wastedSpend, termLoss, missed, harvest, placement, deduction;
    private readonly double[] nowDraws, gainDraws, missedDraws;
    private readonly bool[] hopeless;

    /// <summary>Per target: 30 days at the bid in force over the last 30 days.</summary>
    private readonly double[] pace;
    private int hopelessTerms, hopelessTargets, findings;

    public CampaignSums(Situation situation, Decision decision)
    {
        this.situation = situation;
        var campaigns = situation.Workspace.Campaigns.Length;
        double[] Empty(int width = 1) => new double[campaigns * width];
        (Spend, Paced, Now, gain, hopelessGain, wastedSpend, termLoss) = (Empty(), Empty(), Empty(), Empty(), Empty(), Empty(), Empty());
        (missed, harvest, placement, deduction) = (Empty(), Empty(), Empty(), Empty());
        (nowDraws, gainDraws, missedDraws) = (Empty(PosteriorGrid.Points), Empty(PosteriorGrid.Points), Empty(PosteriorGrid.Points));
        hopeless = new bool[situation.Workspace.Targets.Length];
        pace = new double[situation.Workspace.Targets.Length];
        AddTargets();
        AddTerms();
        AddProposals(decision);
        Lost = [.. Enumerable.Range(0, campaigns).Select(at => gain[at] + hopelessGain[at] + termLoss[at] + missed[at] + harvest[at] + placement[at])];
    }

    /// <summary>Ad spend of the last 30 days.</summary>
    public double[] Spend { get; }

    /// <summary>Ad spend over 30 days at the bids in force.</summary>
    public double[] Paced { get; }

    /// <summary>What clicks are worth less what they cost, over 30 days at the bids in force.</summary>
    public double[] Now { get; }

    /// <summary>Expected contribution after ads over 30 days at the bids in force, all campaigns, as books would show it: without goals, and without the price of scarce stock.</summary>
    public double Profit { get; private set; }

    /// <summary>All that is lost over 30 days, each amount once.</summary>
    public double[] Lost { get; }

    public double Clicks { get; private set; }

    /// <summary>True when some target of a product in stock and with known costs had clicks within 30 days.</summary>
    public bool HasJudged { get; private set; }

    /// <summary>What the account earns: as books show it, or as the goals count it where that is more, because a goal may lose on purpose.</summary>
    public double Earned => Math.Max(Profit, Now.Sum());

    /// <param name="draw">State of the grid.</param>
    /// <returns>Earnings and what is lost, in that state.</returns>
    public (double Earned, double Lost) MoneyOf(int draw)
    {
        var (now, lost) = (Earned - Now.Sum(), Lost.Sum());
        for (var campaign = 0; campaign < Now.Length; campaign++)
        {
            var at = campaign * PosteriorGrid.Points + draw;
            now += nowDraws[at];
            lost += Math.Max(0, gainDraws[at]) - gain[campaign] - hopelessGain[campaign] + missedDraws[at] - missed[campaign];
        }

        return (now, Math.Max(0, lost));
    }

    public double LostOf(HealthPart part) => part switch
    {
        HealthPart.ProfitEfficiency => gain.Sum(),
        HealthPart.WastedSpend => hopelessGain.Sum() + termLoss.Sum(),
        HealthPart.Budgets => missed.Sum(),
        HealthPart.Coverage => harvest.Sum(),
        HealthPart.PlacementsAndHours => placement.Sum(),
        _ => throw new ArgumentOutOfRangeException(nameof(part), part, "A part without a price."),
    };

    /// <summary>All parts that a campaign has, for its own score.</summary>
    public IEnumerable<(double Weight, double? Score)> PartScores(int campaign)
    {
        for (var part = HealthPart.ProfitEfficiency; part < HealthPart.RetailReadiness; part++) yield return (HealthScore.WeightOf(part), ScoreOf(part, campaign));
    }

    /// <param name="part">One that campaigns have.</param>
    /// <param name="campaign">Position in the workspace.</param>
    /// <param name="draw">State of the grid; −1 for the mean.</param>
    /// <returns>0 to 100; null where the data does not say.</returns>
    public double? ScoreOf(HealthPart part, int campaign, int draw = -1)
    {
        var at = campaign * PosteriorGrid.Points + draw;
        var (now, better, cutOff) = draw < 0 ? (Now[campaign], gain[campaign] + hopelessGain[campaign], missed[campaign]) : (nowDraws[at], gainDraws[at], missedDraws[at]);
        return part switch
        {
            HealthPart.ProfitEfficiency => HealthRules.Efficiency(now, better),
            HealthPart.WastedSpend => Paced[campaign] <= 0 ? null : HealthRules.Waste(wastedSpend[campaign] / Paced[campaign]),
            HealthPart.Budgets => HealthRules.Loss(cutOff, now, Lost[campaign], 0.08),
            HealthPart.Coverage => Decided(HealthRules.Loss(harvest[campaign], now, Lost[campaign], 0.06)),
            HealthPart.PlacementsAndHours => Decided(HealthRules.Loss(placement[campaign], now, Lost[campaign], 0.04)),
            HealthPart.Structure => Decided(Math.Max(0, 100 - deduction[campaign])),
            _ => throw new ArgumentOutOfRangeException(nameof(part), part, "Not a part of campaigns."),
        };
    }

    public ImmutableArray<EvidenceValue> FiguresOf(HealthPart part)
    {
        EvidenceValue Money(string name, double value) => new(name, value, situation.Workspace.Marketplace.Currency.Code);
        EvidenceValue Count(string name, double value) => new(name, value, "count");
        return part switch
        {
            HealthPart.ProfitEfficiency => [Money("expectedProfit", Now.Sum()), Money("profitAtWantedBids", Now.Sum() + gain.Sum() + hopelessGain.Sum())],
            HealthPart.WastedSpend => [Money("spendWithoutHope", wastedSpend.Sum()), Money("adSpend", Paced.Sum()), Count("searchTermsWithoutHope", hopelessTerms), Count("targetsWithoutHope", hopelessTargets)],
            HealthPart.Budgets => [Money("missedProfit", missed.Sum()), Count("daysOutOfBudget", situation.Measured.OutOfBudgetDays.Sum()), new("budgetPrice", situation.BudgetPrice, "factor")],
            HealthPart.Coverage => [Money("gainOfTargetsOfTheirOwn", harvest.Sum())],
            HealthPart.PlacementsAndHours => [Money("gainOfPlacementsAndHours", placement.Sum())],
            HealthPart.Structure => [Count("findings", findings)],
            _ => throw new ArgumentOutOfRangeException(nameof(part), part, "Not a part of campaigns."),
        };
    }

    // Without a decision nobody has looked for these faults.
    private double? Decided(double? score) => situation.Measured.HoldAll ? null : score;

    private void AddTargets()
    {
        var (measured, workspace, settings) = (situation.Measured, situation.Workspace, situation.Settings);
        var product = new ulong[measured.Structure.Products.Length];
        for (var index = 0; index < product.Length; index++) product[index] = PosteriorGrid.Of(measured.Structure.Products[index]);
        for (var target = 0; target < workspace.Targets.Length; target++)
        {
            var campaign = measured.Structure.TargetCampaign[target];
            if (campaign < 0) continue;
            Clicks += measured.Clicks30[target];
            Spend[campaign] += measured.Cost30[target];
            if (measured.Clicks30[target] <= 0 || measured.Cost30[target] <= 0 || double.IsNaN(measured.Contribution[target])) continue;

            // A sold-out product serves no ad: its bids wait as they stand.
            if (situation.Stock.IsOut[measured.Structure.TargetProduct[target]]) continue;

            HasJudged = true;

            // The score is of the account as it stands: what was spent weeks ago at other bids is mended already.
            var cutOff = CutOff(campaign);
            pace[target] = 30 * measured.DailySpend[target] / (1 + cutOff) / measured.Cost30[target];
            var clicks = measured.Clicks30[target] * pace[target];
            Paced[campaign] += measured.Cost30[target] * pace[target];
            var worth = situation.Worth.Of(target, measured.Contribution[target], situation.Stock.Price[measured.Structure.TargetProduct[target]]);
            var posterior = measured.Posterior(target);
            var price = measured.Cost30[target] / measured.Clicks30[target];
            var value = posterior.Mean * worth;
            Now[campaign] += clicks * (value - price);
            Profit += clicks * (posterior.Mean * Math.Max(0, measured.Contribution[target]) - price);
            missed[campaign] += Math.Max(0, cutOff * clicks * (value - (1 + situation.BudgetPrice) * price));

            hopeless[target] = posterior.Quantile(HopelessQuantile) * worth <= price;
            if (hopeless[target])
            {
                hopelessTargets++;
                wastedSpend[campaign] += measured.Cost30[target] * pace[target];
            }

            // Only what somebody may move counts as a fault of bids; money has its price where it is short.
            var ratio = Ratio(target, value);
            var (more, dearer) = (Math.Pow(ratio, settings.ClickElasticity) - 1, (1 + situation.BudgetPrice) * price * (Math.Pow(ratio, settings.ClickElasticity + settings.PriceElasticity) - 1));
            var better = clicks * (more * value - dearer);
            if (better > 0)
            {
                if (hopeless[target]) hopelessGain[campaign] += better;
                else gain[campaign] += better;
            }

            AddDraws(target, campaign, product[measured.Structure.TargetProduct[target]], posterior, worth, clicks, price, better > 0 ? (more, dearer) : (0, 0), cutOff);
        }
    }

    private void AddDraws(int target, int campaign, ulong product, in Posterior posterior, double worth, double clicks, double price, (double More, double Dearer) bid, double cutOff)
    {
        var measured = situation.Measured;
        var spread = Math.Sqrt(Math.Log(1 + posterior.Variance / (posterior.Mean * posterior.Mean)));
        var id = unchecked((ulong)situation.Workspace.Targets[target].Id.Value);

        // What targets of a product share they may share wrongly: the less a target knows itself, the more it moves with its product.
        var index = measured.Structure.TargetProduct[target];
        var borrowed = measured.PriorStrength / (measured.PriorStrength + measured.Exposure[target]) / Math.Sqrt(4 + measured.ProductOrders[index]);
        for (var draw = 0; draw < PosteriorGrid.Points; draw++)
        {
            var own = spread == 0 ? 1 : Math.Exp(spread * PosteriorGrid.At(id, draw) - spread * spread / 2);
            var value = worth * posterior.Mean * own * Math.Max(0, 1 + borrowed * PosteriorGrid.At(product, draw));
            var at = campaign * PosteriorGrid.Points + draw;
            nowDraws[at] += clicks * (value - price);
            gainDraws[at] += clicks * (bid.More * value - bid.Dearer);
            missedDraws[at] += Math.Max(0, cutOff * clicks * (value - (1 + situation.BudgetPrice) * price));
        }
    }

    // The wanted bid without learning premium over the bid in force; 1 where nobody may move it.
    private double Ratio(int target, double value)
    {
        var workspace = situation.Workspace;
        var bid = (double)workspace.Targets[target].Bid.Amount;
        if (bid <= 0 || !situation.Measured.IsDecidable(target)) return 1;
        return Math.Clamp(Bidder.WantedBid(situation, target, value) / bid, LowestRatio, HighestRatio);
    }

    // Demand that the budget cut off, over what was served.
    private double CutOff(int campaign)
    {
        var served = 1 - (1 - situation.Settings.ServedShare) * situation.Measured.OutOfBudgetDays[campaign] / 7;
        return (1 - served) / served;
    }

    private void AddTerms()
    {
        var (measured, terms) = (situation.Measured, situation.Terms);
        foreach (ref readonly var cell in CollectionsMarshal.AsSpan(terms.Cells))
        {
            if (cell.IsExact || cell.Cost30 <= 0 || cell.Clicks30 <= 0 || cell.Source < 0 || hopeless[cell.Source]) continue;
            var campaign = measured.Structure.GroupCampaign[cell.Group];
            if (campaign < 0 || double.IsNaN(measured.Contribution[cell.Source])) continue;
            var worth = situation.Worth.Of(cell.Source, measured.Contribution[cell.Source], situation.Stock.Price[measured.Structure.TargetProduct[cell.Source]]);
            var posterior = terms.Posterior(cell);
            if (posterior.Quantile(HopelessQuantile) * worth > cell.Cost30 / cell.Clicks30) continue;
            hopelessTerms++;
            wastedSpend[campaign] += cell.Cost30 * pace[cell.Source];
            termLoss[campaign] += Math.Max(0, pace[cell.Source] * (cell.Cost30 - cell.Clicks30 * posterior.Mean * worth));
        }
    }

    private void AddProposals(Decision decision)
    {
        var structure = situation.Measured.Structure;

        // What only waits its turn (G8) is as good as proposed; what another guardrail refused may not be done.
        foreach (var proposal in decision.Proposals.Concat(decision.Withheld.Where(held => held.Guardrail == "G8").Select(held => held.Proposal)))
        {
            var campaign = structure.Campaign(proposal.Change.Campaign);
            if (campaign < 0) continue;
            var worth = Math.Max(0, (double)proposal.Effect.Mean.Amount);
            switch (proposal.Reason)
            {
                case ReasonCode.HarvestExact or ReasonCode.HarvestProduct:
                    harvest[campaign] += worth;
                    break;
                case ReasonCode.PlacementChange or ReasonCode.Daypart:
                    placement[campaign] += worth;
                    break;
                case ReasonCode.RemoveDuplicate or ReasonCode.RestoreSource:
                    Find(campaign);
                    break;
            }
        }

        foreach (var group in MixedGroups.Of(situation.Workspace, structure))
        {
            if (structure.GroupCampaign[group.AdGroup] is >= 0 and var campaign) Find(campaign);
        }
    }

    private void Find(int campaign)
    {
        findings++;
        deduction[campaign] += PointsPerFinding;
    }
}

/// <summary>An ad group whose products have little in common: one bid cannot suit them.</summary>
/// <param name="AdGroup">Position in the workspace.</param>
/// <param name="Lowest">Lowest price among its products.</param>
/// <param name="Highest">Highest price, more than twice the lowest.</param>
internal readonly record struct MixedGroup(int AdGroup, double Lowest, double Highest);

internal static class MixedGroups
{
    private const double LargestSpread = 2;

    public static IReadOnlyList<MixedGroup> Of(Workspace workspace, Structure structure)
    {
        if (!structure.SeveralProducts.Contains(true)) return [];
        var prices = new Dictionary<Primitives.Sku, double>();
        foreach (var listing in workspace.Listings) prices[listing.Sku] = (double)listing.Price.Amount;
        var (lowest, highest) = (new double[structure.SeveralProducts.Length], new double[structure.SeveralProducts.Length]);
        foreach (var ad in workspace.ProductAds)
        {
            var group = structure.Group(ad.AdGroup);
            if (group < 0 || ad.State != EntityState.Enabled || prices.GetValueOrDefault(ad.Sku) is not (> 0 and var price)) continue;
            lowest[group] = lowest[group] == 0 ? price : Math.Min(lowest[group], price);
            highest[group] = Math.Max(highest[group], price);
        }

        return [.. Enumerable.Range(0, lowest.Length).Where(group => highest[group] > LargestSpread * lowest[group] && workspace.AdGroups[group].State == EntityState.Enabled).Select(group => new MixedGroup(group, lowest[group], highest[group]))];
    }
}
