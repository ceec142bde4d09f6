using Autonoomi.Lab.Play;
using Autonoomi.Marketplace.World;

namespace Autonoomi.Lab.Oracles;

/// <summary>What freezing the rivals does to the oracle's figures: the same plan (O2) played twice, once with rivals who never react and once as the world is.</summary>
/// <param name="Frozen">Expected profit while nobody reacts.</param>
/// <param name="Reacting">Expected profit in the world as it is.</param>
internal sealed record BiasCheck(double Frozen, double Reacting)
{
    /// <summary>Share of the profit that exists only because the rivals were frozen.</summary>
    public double Bias => Frozen <= 0 ? 0 : 1 - (Reacting / Frozen);

    public static BiasCheck Of(WorldSettings settings, ulong seed, int days, ImplementableOptions options, CancellationToken cancellationToken)
    {
        double Play(WorldSettings played) => Episodes.Play(played, seed, days, () => new ImplementableOracle(days, options), EpisodeOptions.Default, cancellationToken).Days.Sum(day => day.ExpectedProfit);
        return new BiasCheck(Play(settings with { Market = settings.Market with { ReactionLimit = 0 } }), Play(settings));
    }
}
