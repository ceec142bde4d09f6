using System.Collections.Immutable;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Core.Health;

/// <summary>From the estimates that decide to a score: parts, gates, campaigns. See docs/maths/health.md.</summary>
public static class HealthScore
{
    /// <summary>Clicks of 30 days below which a storefront is not rated.</summary>
    public const double LeastClicks = 100;

    // A part of a campaign is never worth nothing in the geometric mean: one hopeless part of one campaign would erase all others.
    private const double LeastPartScore = 5;

    private static readonly double[] Weights = [25, 15, 15, 10, 5, 8, 10, 4, 8];

    /// <param name="part">Which part.</param>
    /// <returns>Points of 100 before parts without data are left out.</returns>
    public static double WeightOf(HealthPart part) => Weights[(int)part];

    /// <param name="score">0 to 100.</param>
    public static HealthBand BandOf(double score) => score switch
    {
        >= 85 => HealthBand.A,
        >= 70 => HealthBand.B,
        >= 55 => HealthBand.C,
        >= 40 => HealthBand.D,
        _ => HealthBand.E,
    };

    internal static HealthReport Of(Situation situation, Decision decision)
    {
        var sums = new CampaignSums(situation, decision);
        var currency = situation.Workspace.Marketplace.Currency;
        var account = new AccountParts(situation, sums);
        var gates = HealthGates.Of(situation, sums, account);
        var parts = Enum.GetValues<HealthPart>().Select(part => Component(part, sums, account, currency)).ToImmutableArray();
        var rated = sums.Clicks >= LeastClicks;
        var mean = Mean(parts.Select(part => (part.Weight, part.Score)));
        var score = Math.Min(mean, Lowest(gates));
        var (low, high) = Interval(sums, parts, gates, score);

        // Money holds every score down a little; it is told where it is what holds it.
        gates = [.. gates.Where(gate => gate.Kind != HealthGateKind.MoneyLeftLying || gate.Highest < mean)];
        return new HealthReport
        {
            Score = rated ? Round(score) : null,
            Low = Round(low),
            High = Round(high),
            Band = rated ? BandOf(Round(score)) : HealthBand.NotRated,
            Clicks = sums.Clicks,
            Spend = Amount(sums.Spend.Sum(), currency),
            Profit = Amount(sums.Profit, currency),
            Lost = Amount(sums.Lost.Sum(), currency),
            Parts = parts,
            Gates = gates,
            Campaigns =
            [
                .. Enumerable.Range(0, sums.Spend.Length).Where(campaign => sums.Spend[campaign] > 0)
                    .Select(campaign => new CampaignHealth(
                        situation.Workspace.Campaigns[campaign].Id, Round(Mean(sums.PartScores(campaign))), Amount(sums.Spend[campaign], currency), Amount(sums.Lost[campaign], currency)))
                    .OrderByDescending(campaign => campaign.Lost.Amount).ThenBy(campaign => campaign.Campaign.Value),
            ],
        };
    }

    /// <summary>Weighted geometric mean of campaigns' scores: a large campaign that is run badly is not hidden by small ones that are run well.</summary>
    internal static double? Geometric(IEnumerable<(double Spend, double? Score)> campaigns)
    {
        double sum = 0, weight = 0;
        foreach (var (spend, score) in campaigns)
        {
            if (score is not { } value || spend <= 0) continue;
            sum += spend * Math.Log(Math.Max(LeastPartScore, value));
            weight += spend;
        }

        return weight == 0 ? null : Math.Exp(sum / weight);
    }

    /// <summary>Parts without a score are left out, the other weights stand for them.</summary>
    internal static double Mean(IEnumerable<(double Weight, double? Score)> parts)
    {
        double sum = 0, weight = 0;
        foreach (var (share, score) in parts)
        {
            if (score is not { } value) continue;
            sum += share * value;
            weight += share;
        }

        return weight == 0 ? 0 : sum / weight;
    }

    private static HealthComponent Component(HealthPart part, CampaignSums sums, AccountParts account, Currency currency)
    {
        var score = part < HealthPart.RetailReadiness
            ? Geometric(sums.Paced.Select((spend, campaign) => (spend, sums.ScoreOf(part, campaign))))
            : account.ScoreOf(part);
        var lost = part < HealthPart.Structure ? Amount(sums.LostOf(part), currency) : (Money?)null;
        var figures = part < HealthPart.RetailReadiness ? sums.FiguresOf(part) : account.FiguresOf(part);
        return new HealthComponent(part, WeightOf(part), score is { } value ? Round(value) : null, lost, figures);
    }

    private static double Lowest(IEnumerable<HealthGate> gates) => gates.Select(gate => gate.Highest).Append(100).Min();

    private static (double Low, double High) Interval(CampaignSums sums, ImmutableArray<HealthComponent> parts, ImmutableArray<HealthGate> gates, double score)
    {
        // Money is as uncertain as the conversion rates; the other gates are facts.
        var money = gates.Any(gate => gate is { Kind: HealthGateKind.MoneyLeftLying or HealthGateKind.LosesMoney, Figures.IsEmpty: false });
        var ceiling = Lowest(gates.Where(gate => !money || gate.Kind is not (HealthGateKind.MoneyLeftLying or HealthGateKind.LosesMoney)));
        Span<double> scores = stackalloc double[PosteriorGrid.Points];
        for (var draw = 0; draw < scores.Length; draw++)
        {
            var at = draw;
            var (earned, lost) = sums.MoneyOf(draw);
            scores[draw] = Math.Min(money ? Math.Min(ceiling, HealthRules.Ceiling(earned, lost)) : ceiling, Mean(parts.Select(part => (part.Weight, part.Part switch
            {
                HealthPart.ProfitEfficiency or HealthPart.Budgets => Geometric(sums.Paced.Select((spend, campaign) => (spend, sums.ScoreOf(part.Part, campaign, at)))),
                _ => part.Score,
            }))));
        }

        scores.Sort();
        return (Math.Min(score, scores[PosteriorGrid.Points / 10]), Math.Max(score, scores[^(1 + PosteriorGrid.Points / 10)]));
    }

    internal static double Round(double score) => Math.Round(Math.Clamp(score, 0, 100), 1);

    internal static Money Amount(double amount, Currency currency) => new(decimal.Round((decimal)Math.Clamp(amount, -1e12, 1e12), currency.Decimals), currency);
}

/// <summary>Equally likely states of the world instead of dice: every target passes through all slices of its belief once, each in an order of its own. Replays exactly.</summary>
internal static class PosteriorGrid
{
    /// <summary>A prime, so that every step through the slices visits them all.</summary>
    public const int Points = 31;

    private static readonly double[] Slices = [.. Enumerable.Range(0, Points).Select(slice => MathNet.Numerics.Distributions.Normal.InvCDF(0, 1, (slice + 0.5) / Points))];

    /// <returns>Where in its belief the entity stands in this state, in standard deviations.</returns>
    public static double At(ulong entity, int draw)
    {
        var mixed = Mix(entity);
        return Slices[(int)((mixed % Points + (1 + (mixed >> 8) % (Points - 1)) * (ulong)draw) % Points)];
    }

    public static ulong Of(Sku sku)
    {
        var hash = 14695981039346656037UL;
        foreach (var letter in sku.Value) hash = unchecked((hash ^ letter) * 1099511628211UL);
        return hash;
    }

    private static ulong Mix(ulong value)
    {
        unchecked
        {
            value += 0x9E3779B97F4A7C15UL;
            value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9UL;
            value = (value ^ (value >> 27)) * 0x94D049BB133111EBUL;
            return value ^ (value >> 31);
        }
    }
}
