namespace Autonoomi.Marketplace.World;

/// <summary>
/// Who else bids, whatever the seller does: how many rivals a search has by part of the day, at which level, and a shock of the scenario. What reacting
/// rivals do about the seller is <see cref="Reactions"/>.
/// </summary>
internal sealed class Rivals
{
    private const int Fewest = 5;
    private const int Most = 8;
    private const double LowestMedian = 0.12;

    // Share of rivals whose daily budget is gone by then.
    private static readonly double[] Gone = [0, 0.07, 0.20];

    private readonly Dice dice;
    private readonly Season season;
    private readonly (RivalShock Shock, int Day, int Number)[] shocks;

    public Rivals(Dice dice, Season season, WorldSettings settings)
    {
        this.dice = dice;
        this.season = season;
        Parameters = settings.Market;
        Spread = settings.Market.RivalSpread ?? dice.Uniform(Draw.Rivals, -1, 0.50, 0.75);
        shocks = [.. settings.Events.OfType<RivalShock>().Select((shock, number) => (shock, settings.HistoryDays + shock.Day, number))];
    }

    /// <summary>σ of the rivals' scores.</summary>
    public double Spread { get; }

    public MarketParameters Parameters { get; }

    /// <summary>Gives a search its rivals.</summary>
    /// <param name="query">Whose.</param>
    /// <param name="typeMedian">Median score that rivals of the type bid on average, in the market's currency.</param>
    /// <param name="scale">Of all money.</param>
    public void Settle(Query query, double typeMedian, double scale)
    {
        // Eight to fourteen advertisers, of whom three in five are in budget and eligible at any moment.
        var present = Most - dice.Pick(Most - Fewest + 1, Draw.Rivals, query.Index, 2);
        for (var regime = 0; regime < Season.Regimes; regime++)
        {
            var gone = 0;
            for (var rival = 0; rival < present; rival++)
            {
                if (dice.Uniform(Draw.Rivals, query.Index, 10, rival) < Gone[regime]) gone++;
            }

            query.Rivals[regime] = present - gone;
        }

        var crowd = query.IsStray ? 0.6 : 1;
        query.RivalMedian = Math.Max(LowestMedian * scale, typeMedian * crowd * dice.LogNormal(0.22, Draw.Rivals, query.Index, 3));
    }

    /// <returns>Rivals present on a search in a part of a day.</returns>
    public int Count(Query query, int day, int regime)
    {
        var count = query.Rivals[regime];
        foreach (var (shock, first, number) in shocks)
        {
            if (day >= first && IsHit(query, shock, number)) count += shock.Entrants;
        }

        return count;
    }

    /// <returns>Logarithm of the rivals' level on a search over <see cref="Query.RivalMedian"/>.</returns>
    public double LogLevel(Query query, int day)
    {
        var level = season.LogRivals(day)[query.Type];
        foreach (var (shock, first, number) in shocks)
        {
            if (day >= first && IsHit(query, shock, number)) level += Math.Log(shock.Level);
        }

        return level;
    }

    private bool IsHit(Query query, RivalShock shock, int number) => dice.Uniform(Draw.Rivals, query.Index, 20, number) < shock.ShareOfSearches;
}
