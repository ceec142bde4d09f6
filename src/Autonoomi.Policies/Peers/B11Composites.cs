namespace Autonoomi.Policies.Peers;

/// <summary>
/// B11, B11z, B11o, B11v and B11s: what a good practitioner would put together from published parts, sold by nobody we know of. The bids of B08, B03, B07, B13
/// or B00, with placements from revenue per click and base bids that make room for them.
/// </summary>
/// <remarks>Source: the rules of the parts; putting them together is ours (*), as is the weekly look at placements (see <see cref="Writes.PlacementLayer"/>).</remarks>
internal static class B11Composites
{
    public static PeerKind OnValueBid { get; } = Kind("B11", B08ValueBid.Kind);
    public static PeerKind OnZon { get; } = Kind("B11z", B03ZonAutomate.Kind);
    public static PeerKind OnOpenSource { get; } = Kind("B11o", B07OpenSourceOptimizer.Kind);
    public static PeerKind OnValueLearner { get; } = Kind("B11v", B13ValueLearner.Kind);
    public static PeerKind OnSuggested { get; } = Kind("B11s", B00StaticSuggested.Kind);

    private static PeerKind Kind(string id, PeerKind bids) => bids with
    {
        Id = id,
        Name = $"Composite: {bids.Name} with placements",
        Source = $"{bids.Id} with placements from revenue per click*: {bids.Source}",
        HasPlacementLayer = true,
    };
}
