using Autonoomi.Core.Advertising;

namespace Autonoomi.Marketplace.World;

/// <summary>
/// Rivals who watch their top searches: each midnight on which the seller stood above them at the top of the page they go a step up, otherwise a step down
/// again. They never bid less than they would without the seller, so the oracle, which nobody provokes, stays an upper bound.
/// </summary>
internal sealed class Reactions(MarketParameters parameters)
{
    private readonly Dictionary<int, int> steps = [];

    /// <returns>Steps that the reacting share of a search's rivals has gone up.</returns>
    public int StepOf(Query query) => query.IsTop ? steps.GetValueOrDefault(query.Index) : 0;

    /// <param name="tops">The defended searches.</param>
    /// <param name="logLevel">Level of the search's rivals over their median of the first day.</param>
    public void EndDay(IEnumerable<Query> tops, Func<Query, double> logLevel)
    {
        foreach (var query in tops)
        {
            var step = StepOf(query);
            var best = double.NegativeInfinity;
            foreach (var pair in query.Pairs)
            {
                foreach (var cell in pair.Cells)
                {
                    if (cell.Placement == (int)Placement.TopOfSearch && cell.Line is not null) best = Math.Max(best, cell.LogScore);
                }
            }

            var isOutranked = best > logLevel(query) + (step * Math.Log(1 + parameters.ReactionStep));
            steps[query.Index] = Math.Clamp(step + (isOutranked ? 1 : -1), 0, parameters.ReactionLimit);
        }
    }
}
