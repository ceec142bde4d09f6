using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Autonoomi.Core.Primitives;
using Autonoomi.Marketplace.World;
using Autonoomi.Policies;

namespace Autonoomi.Lab.Play;

/// <summary>Amazon's suggested bids of one morning, asked for when a policy first looks: most never do.</summary>
internal sealed class MorningSuggestions(MarketWorld world) : IReadOnlyDictionary<TargetId, SuggestedBid>
{
    private readonly DateTimeOffset morning = world.Now;
    private Dictionary<TargetId, SuggestedBid>? known;

    public SuggestedBid this[TargetId key] => Known[key];
    public IEnumerable<TargetId> Keys => Known.Keys;
    public IEnumerable<SuggestedBid> Values => Known.Values;
    public int Count => Known.Count;

    public bool ContainsKey(TargetId key) => Known.ContainsKey(key);

    public bool TryGetValue(TargetId key, [MaybeNullWhen(false)] out SuggestedBid value) => Known.TryGetValue(key, out value);

    public IEnumerator<KeyValuePair<TargetId, SuggestedBid>> GetEnumerator() => Known.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private Dictionary<TargetId, SuggestedBid> Known => known ??= Ask();

    // Nobody asks on a later day what was suggested today.
    private Dictionary<TargetId, SuggestedBid> Ask()
    {
        if (world.Now != morning) throw new InvalidOperationException("Suggested bids are those of the morning; it has passed.");
        var currency = world.Marketplace.Currency;
        return world.SuggestedBids().ToDictionary(
            bid => new TargetId(bid.TargetId), bid => new SuggestedBid(new Money(bid.Low, currency), new Money(bid.Median, currency), new Money(bid.High, currency)));
    }
}
