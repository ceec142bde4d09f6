using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Proposals;
using Autonoomi.Core.Signals;

namespace Autonoomi.Core.Placements;

/// <summary>
/// Placement increases in the ratio in which clicks of each placement are worth money, and the mean multiplier that base bids have to make room for. See
/// docs/maths/placements.md.
/// </summary>
internal sealed class PlacementPlan
{
    public const int Kinds = 3;

    /// <summary>Days after which an increase may be changed again.</summary>
    public const double RestDays = 6.8;

    /// <summary>Deviation of a placement's own price per click and elasticity, over the campaign's price.</summary>
    private const double OwnError = 0.5;

    /// <summary>Smaller moves are not worth a write, in points.</summary>
    private const int LeastPoints = 3;

    private readonly PlacementInputs[] inputs;
    private readonly ILookup<int, int> targetsOf;

    public PlacementPlan(Measurement measured, DecisionSettings settings, PlacementSums sums)
    {
        var campaigns = measured.Workspace.Campaigns;
        targetsOf = Enumerable.Range(0, measured.Workspace.Targets.Length).ToLookup(target => measured.Structure.TargetCampaign[target]);
        inputs = new PlacementInputs[campaigns.Length * Kinds];
        Multipliers = new double[campaigns.Length];
        Span<double> ratios = stackalloc double[Kinds];
        for (var campaign = 0; campaign < campaigns.Length; campaign++)
        {
            var entry = campaigns[campaign];
            for (var kind = 0; kind < Kinds; kind++)
            {
                var at = campaign * Kinds + kind;
                inputs[at] = new PlacementInputs(
                    sums.Exposure[at], sums.Orders[at], sums.Rate[campaign], sums.AccountRatio[kind], settings.PlacementPseudoClicks,
                    entry.PercentAt((Placement)kind), settings.PlacementStep);
                ratios[kind] = inputs[at].Ratio;
            }

            var lowest = Math.Min(ratios[0], Math.Min(ratios[1], ratios[2]));
            for (var kind = 0; kind < Kinds; kind++) inputs[campaign * Kinds + kind] = inputs[campaign * Kinds + kind] with { LowestRatio = lowest };
            Multipliers[campaign] = Moves(measured, campaign, settings) ? sums.MeanMultiplier(campaign, kind => After(campaign, kind)) : measured.MeanMultiplier[campaign];
        }
    }

    /// <summary>Per campaign: click-weighted mean multiplier once the plan is in force.</summary>
    public double[] Multipliers { get; }

    public void Propose(Situation situation, List<Proposal> into)
    {
        var (measured, workspace) = (situation.Measured, situation.Workspace);
        var evidence = new EvidenceList(workspace.Marketplace.Currency.Code);
        for (var campaign = 0; campaign < workspace.Campaigns.Length; campaign++)
        {
            if (!Moves(measured, campaign, situation.Settings)) continue;
            var effect = EffectOf(situation, campaign);
            for (var kind = 0; kind < Kinds; kind++)
            {
                var input = inputs[campaign * Kinds + kind];
                if (After(campaign, kind) == input.Before) continue;
                var change = new SetPlacement(workspace.Campaigns[campaign].Id, (Placement)kind, input.Before, After(campaign, kind));
                input.Write(evidence);
                evidence.SharedFactor("meanMultiplier", Multipliers[campaign]);
                into.Add(new Proposal(
                    ProposalNames.Of(workspace, Module.Placements, change.EntityKey), Module.Placements, ReasonCode.PlacementChange, null, change, evidence.Take(), effect));
            }
        }
    }

    // A move of one placement moves the mean as well, so all of a campaign's placements move together or none does.
    private bool Moves(Measurement measured, int campaign, DecisionSettings settings)
    {
        if (settings.PlacementStep <= 0 || !measured.IsManaged(campaign)) return false;
        var entry = measured.Workspace.Campaigns[campaign];
        var any = false;
        for (var kind = 0; kind < Kinds; kind++)
        {
            any |= Math.Abs(inputs[campaign * Kinds + kind].After - inputs[campaign * Kinds + kind].Before) >= LeastPoints;
            var changes = measured.History.Of(new SetPlacement(entry.Id, (Placement)kind, 0, 0).EntityKey);
            if (changes.Count > 0 && (ChangeHistory.Now(measured.Workspace) - changes[^1].At).TotalDays < RestDays) return false;
        }

        return any;
    }

    private int After(int campaign, int kind) => inputs[campaign * Kinds + kind].After;

    // A campaign's placements turn together while its base bids make room: clicks of each move with their own full bid, which is also what they cost. Each change is told its equal part.
    private Effect EffectOf(Situation situation, int campaign)
    {
        var (measured, currency) = (situation.Measured, situation.Workspace.Marketplace.Currency);
        double clicks = 0, cost = 0, worth = 0, exposure = 0;
        foreach (var target in targetsOf[campaign])
        {
            if (double.IsNaN(measured.Contribution[target])) continue;
            clicks += measured.Clicks30[target];
            cost += measured.Cost30[target];
            worth += measured.Clicks30[target] * measured.PosteriorMean(target) * situation.Worth.Of(target, measured.Contribution[target], 0);
        }

        for (var kind = 0; kind < Kinds; kind++) exposure += inputs[campaign * Kinds + kind].Exposure;
        if (clicks <= 0 || exposure <= 0) return Effects.Certain(0, currency);
        double mean = 0, variance = 0;
        var changes = 0;
        for (var kind = 0; kind < Kinds; kind++)
        {
            var input = inputs[campaign * Kinds + kind];
            var after = After(campaign, kind);
            if (after != input.Before) changes++;
            var full = 1 + (input.Before / 100.0);
            var ratio = (1 + (after / 100.0)) / full / (situation.Multipliers[campaign] / measured.MeanMultiplier[campaign]);
            var (share, price) = (clicks * input.Exposure / exposure, cost / clicks * full / measured.MeanMultiplier[campaign]);
            var (more, dearer) = (Effects.Clicks(0, Math.Log(ratio)), Effects.Price(0, Math.Log(ratio)));
            mean += share * ((more * (worth / clicks * input.Ratio - price * dearer)) - (worth / clicks * input.Ratio - price));
            var deviation = share * Math.Abs(more - 1) * (worth / clicks * input.RatioDeviation + OwnError * price);
            variance += deviation * deviation;
        }

        if (changes == 0) return Effects.Certain(0, currency);
        return Effects.Widened(Effects.Certain(mean / changes, currency), Math.Sqrt(variance) / changes, currency);
    }
}

/// <summary>Everything on which one placement increase rests.</summary>
/// <param name="Exposure">Weighted clicks of the campaign at the placement, corrected for orders still to come.</param>
/// <param name="Orders">Weighted orders there.</param>
/// <param name="CampaignRate">Orders per click of the campaign as a whole.</param>
/// <param name="AccountRatio">What a click at the placement converts against the usual one, over the account.</param>
/// <param name="PseudoClicks">Clicks that the account's ratio is worth.</param>
/// <param name="Before">Whole percent in force.</param>
/// <param name="Step">Largest move, points.</param>
internal readonly record struct PlacementInputs(double Exposure, double Orders, double CampaignRate, double AccountRatio, double PseudoClicks, int Before, double Step)
{
    public const double HighestMultiplier = 4;

    /// <summary>The lowest ratio of the campaign's three placements: the base that the others are increases of.</summary>
    public double LowestRatio { get; init; }

    /// <returns>What a click here converts against the campaign's mean click.</returns>
    public double Ratio => (Orders + PseudoClicks * CampaignRate * AccountRatio) / ((Exposure + PseudoClicks) * CampaignRate);

    public double RatioDeviation => Math.Sqrt(Math.Max(1, Orders + PseudoClicks * CampaignRate * AccountRatio)) / ((Exposure + PseudoClicks) * CampaignRate);

    /// <returns>Whole percent wanted.</returns>
    public double Wanted => LowestRatio > 0 ? 100 * (Math.Clamp(Ratio / LowestRatio, 1, HighestMultiplier) - 1) : Before;

    /// <returns>Whole percent to set, 0 to 900.</returns>
    public int After => (int)Math.Clamp(Math.Round(Math.Clamp(Wanted, Before - Step, Before + Step), MidpointRounding.AwayFromZero), 0, 900);

    public void Write(EvidenceList list) => list
        .Clicks("clicks", Exposure).Orders("orders", Orders).Fraction("campaignRate", CampaignRate).SharedFactor("accountRatio", AccountRatio).SharedFactor("pseudoClicks", PseudoClicks)
        .Factor("before", Before).SharedFactor("step", Step).Factor("ratio", Ratio).Factor("lowestRatio", LowestRatio).Factor("wantedPercent", Wanted);

    public static PlacementInputs Read(Evidence e) => new(e["clicks"], e["orders"], e["campaignRate"], e["accountRatio"], e["pseudoClicks"], (int)e["before"], e["step"]) { LowestRatio = e["lowestRatio"] };
}

/// <summary>Clicks and orders by campaign and placement.</summary>
internal sealed class PlacementSums
{
    private const int ShareDays = 21;
    private readonly double[] recent;

    public PlacementSums(Measurement measured, DecisionSettings settings)
    {
        var workspace = measured.Workspace;
        var campaigns = workspace.Campaigns.Length;
        Exposure = new double[campaigns * PlacementPlan.Kinds];
        Orders = new double[campaigns * PlacementPlan.Kinds];
        Rate = new double[campaigns];
        recent = new double[campaigns * PlacementPlan.Kinds];
        var table = workspace.PlacementDays;
        var keys = table.Keys("campaign_id");
        var positions = measured.Structure.Campaigns(keys);
        var placements = table.Ints("placement");
        var facts = new AdColumns(table);
        for (var row = 0; row < facts.Days.Length; row++)
        {
            var age = workspace.Today.DayNumber - facts.Days[row] - 1;
            var campaign = positions[keys.Codes[row]];
            if (age < 0 || campaign < 0) continue;
            var at = campaign * PlacementPlan.Kinds + placements[row];
            var weight = Math.Pow(0.5, age / settings.HalfLifeDays);
            Exposure[at] += weight * measured.MaturityOf(campaign).VisibleShare(age) * facts.Clicks[row];
            Orders[at] += weight * facts.Orders[row];
            if (age < ShareDays) recent[at] += Math.Max(0, facts.Clicks[row]);
        }

        for (var at = 0; at < Exposure.Length; at++) (Exposure[at], Orders[at], recent[at]) = (Math.Max(0, Exposure[at]), Math.Max(0, Orders[at]), Math.Max(0, recent[at]));
        Span<double> seen = stackalloc double[PlacementPlan.Kinds];
        Span<double> expected = stackalloc double[PlacementPlan.Kinds];
        for (var campaign = 0; campaign < campaigns; campaign++)
        {
            double orders = 0, clicks = 0;
            for (var kind = 0; kind < PlacementPlan.Kinds; kind++) (orders, clicks) = (orders + Orders[campaign * PlacementPlan.Kinds + kind], clicks + Exposure[campaign * PlacementPlan.Kinds + kind]);
            Rate[campaign] = (orders + 20 * measured.AccountMean) / (clicks + 20);
            for (var kind = 0; kind < PlacementPlan.Kinds; kind++)
            {
                seen[kind] += Orders[campaign * PlacementPlan.Kinds + kind];
                expected[kind] += Exposure[campaign * PlacementPlan.Kinds + kind] * Rate[campaign];
            }
        }

        var pseudo = settings.PlacementPseudoClicks * measured.AccountMean;
        for (var kind = 0; kind < PlacementPlan.Kinds; kind++) AccountRatio[kind] = (seen[kind] + pseudo) / (expected[kind] + pseudo);
    }

    /// <summary>Entry <c>campaign × 3 + placement</c>.</summary>
    public double[] Exposure { get; }

    /// <summary>Entry <c>campaign × 3 + placement</c>.</summary>
    public double[] Orders { get; }

    /// <summary>Per campaign: orders per click.</summary>
    public double[] Rate { get; }

    /// <summary>Per placement: what a click converts against its campaign's mean, over the account; shrunk to 1.</summary>
    public double[] AccountRatio { get; } = new double[PlacementPlan.Kinds];

    public double MeanMultiplier(int campaign, Func<int, int> percent)
    {
        double weighted = 0, all = 0;
        for (var kind = 0; kind < PlacementPlan.Kinds; kind++)
        {
            var share = recent[campaign * PlacementPlan.Kinds + kind] + 1;
            weighted += share * (1 + percent(kind) / 100.0);
            all += share;
        }

        return weighted / all;
    }
}
