using Autonoomi.Core.Advertising;

namespace Autonoomi.Marketplace.World;

/// <summary>The landscapes of one market, made when first asked for: placement × rivals present × steps that reacting rivals have gone up.</summary>
internal sealed class Landscapes(Rivals rivals)
{
    private const int MostRivals = 24;
    private readonly Landscape?[] made = new Landscape?[3 * (MostRivals + 1) * (rivals.Parameters.ReactionLimit + 1)];

    public Landscape Of(int placement, int present, int step)
    {
        ref var landscape = ref made[(((step * (MostRivals + 1)) + present) * 3) + placement];
        return landscape ??= new Landscape(
            (Placement)placement, present, rivals.Spread, rivals.Parameters.ReactingShare, step * Math.Log(1 + rivals.Parameters.ReactionStep));
    }
}
