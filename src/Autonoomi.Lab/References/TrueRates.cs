using Autonoomi.Core.Proposals;
using Autonoomi.Lab.Play;
using Autonoomi.Marketplace.World;
using Autonoomi.Policies;

namespace Autonoomi.Lab.References;

/// <summary>B14: bids 0.8 of every target's true click value, with true placement ratios; an upper reference, not a competitor.</summary>
internal sealed class TrueRates : IInsider
{
    public IReadOnlyList<Change> Decide(MarketWorld world, PolicyView view) => [];
}
