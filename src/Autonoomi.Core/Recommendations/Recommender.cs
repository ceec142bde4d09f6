using System.Collections.Immutable;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;
using MathNet.Numerics.Distributions;

namespace Autonoomi.Core.Recommendations;

/// <summary>What a decision advises, the most rewarding first. See docs/maths/recommendations.md.</summary>
internal static class Recommender
{
    private const int DaysValid = 7;
    private const double LeastChance = 0.7;

    /// <summary>Effects of one kind err together in part: they share elasticities and a product's rate.</summary>
    private const double SharedError = 0.3;

    // A task without an estimate is ranked as if so much of what is at stake could be saved.
    private const double HopedShare = 0.1;

    /// <summary>10 % to 90 % of a normal distribution in standard deviations.</summary>
    private const double IntervalWidth = 2.563103131089201;

    public static ImmutableArray<Recommendation> Of(Situation situation, Decision decision)
    {
        var currency = situation.Workspace.Marketplace.Currency;
        var expires = situation.Workspace.Today.AddDays(DaysValid);
        var all = new List<Recommendation>();
        foreach (var group in decision.Proposals.GroupBy(Catalogue.Of))
        {
            var proposals = group.ToImmutableArray();
            var effect = Together(proposals.Select(proposal => proposal.Effect), currency);
            if (effect.ProbabilityPositive < LeastChance || (double)effect.Mean.Amount < situation.MinimumGain) continue;
            all.Add(new Recommendation(
                group.Key.Id, "", null, [.. proposals.Select(proposal => proposal.Id)], EvidenceOf(proposals, currency), effect, null,
                (double)effect.Mean.Amount * effect.ProbabilityPositive / group.Key.Effort, expires));
        }

        foreach (var task in Tasks.Of(situation, decision))
        {
            var entry = Catalogue.Find(task.Entry);
            if ((double)task.AtStake.Amount < situation.MinimumGain) continue;
            all.Add(new Recommendation(task.Entry, task.Subject, task.Product, [], task.Evidence, null, task.AtStake, HopedShare * (double)task.AtStake.Amount / entry.Effort, expires));
        }

        return [.. all.OrderByDescending(item => item.Rank).ThenBy(item => item.Id, StringComparer.Ordinal)];
    }

    /// <summary>Effects of one kind as one: means add up, errors add up in part.</summary>
    internal static Effect Together(IEnumerable<Effect> effects, Currency currency)
    {
        double mean = 0, squares = 0, sum = 0;
        foreach (var effect in effects)
        {
            mean += (double)effect.Mean.Amount;
            var deviation = (double)(effect.High.Amount - effect.Low.Amount) / IntervalWidth;
            squares += deviation * deviation;
            sum += deviation;
        }

        var spread = Math.Sqrt((1 - SharedError) * squares + SharedError * sum * sum);
        Money Of(double amount) => new(decimal.Round((decimal)Math.Clamp(amount, -1e12, 1e12), currency.Decimals), currency);
        var chance = spread > 0 ? Normal.CDF(0, spread, mean) : mean > 0 ? 1 : 0;
        return new Effect(Of(mean), Of(mean - IntervalWidth / 2 * spread), Of(mean + IntervalWidth / 2 * spread), chance);
    }

    private static Evidence EvidenceOf(ImmutableArray<Proposal> proposals, Currency currency)
    {
        double clicks = 0, spend = 0;
        var clicked = false;
        foreach (var proposal in proposals)
        {
            double own = double.NaN, price = double.NaN;
            foreach (var value in proposal.Evidence.Values)
            {
                if (value.Name == "clicks30") own = value.Value;
                else if (value.Name == "clickPrice") price = value.Value;
            }

            if (double.IsNaN(own) || double.IsNaN(price)) continue;
            (clicks, spend, clicked) = (clicks + own, spend + own * price, true);
        }

        var list = ImmutableArray.CreateBuilder<EvidenceValue>();
        list.Add(new("proposals", proposals.Length, "count"));
        if (proposals.Select(proposal => proposal.Product).Where(product => product is not null).Distinct().Count() is > 0 and var products) list.Add(new("products", products, "count"));
        if (clicked)
        {
            list.Add(new("clicks30", clicks, "clicks"));
            list.Add(new("spend30", spend, currency.Code));
        }

        list.Add(new("largestGain", (double)proposals.Max(proposal => proposal.Effect.Mean.Amount), currency.Code));
        return new Evidence(list.ToImmutable());
    }
}
