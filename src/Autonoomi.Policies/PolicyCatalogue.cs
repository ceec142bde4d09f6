using System.Globalization;
using Autonoomi.Policies.Peers;
using Autonoomi.Policies.Terms;

namespace Autonoomi.Policies;

/// <summary>Every policy that a study may run, by id.</summary>
public static class PolicyCatalogue
{
    private static readonly PeerKind[] Peers =
    [
        B00StaticSuggested.Kind, B01Ratio.Kind, B02AdLabsBalanced.Kind, B03ZonAutomate.Kind, B04SellicsRules.Kind, B05ScaleInsights.Kind, B06PpcPalThompson.Kind,
        B07OpenSourceOptimizer.Kind, B07OpenSourceOptimizer.Literal, B08ValueBid.Kind, B09MerchJar.Kind, B10AmazonRule.Kind,
        B11Composites.OnValueBid, B11Composites.OnZon, B11Composites.OnOpenSource, B11Composites.OnValueLearner, B11Composites.OnSuggested, B12HumanWeekly.Kind, B13ValueLearner.Kind,
    ];

    private static readonly TermKind[] Modules = [HZon.Kind, HSellics.Kind, HScale.Kind, HPal.Kind, HOpen.Kind];

    /// <summary>Ours first, then the peers in the order of their ids.</summary>
    public static IReadOnlyList<PolicyKind> All { get; } =
    [
        new("ours", "Autonoomi", "This repository: the product's own optimiser.", IsTuned: false, settings => new Ours(settings)),
        .. Peers.Select(peer => peer.With(terms: null)),
    ];

    /// <summary>Search-term modules alone: bids stay as they are. They are meant to be paired: <c>B03+H-Zon</c>.</summary>
    public static IReadOnlyList<PolicyKind> TermModules { get; } = [.. Modules.Select(module => module.Alone)];

    /// <param name="id">An id of <see cref="All"/> or <see cref="TermModules"/>, or a peer and a module: <c>B03+H-Zon</c>, or ours with numbers: <c>ours:shading=0.7:dailyStep=0.5</c>. Case does not matter.</param>
    /// <exception cref="ArgumentException">No such policy, or the two do not go together.</exception>
    public static PolicyKind Find(string id)
    {
        if (All.Concat(TermModules).FirstOrDefault(kind => Same(kind.Id, id)) is { } found) return found;
        if (id.Split(':') is [var own, .. { Length: > 0 } numbers] && Same(own, "ours")) return OursWith(numbers);
        if (id.Split('+') is not [var bids, var terms]) throw Unknown(id);
        var module = Modules.FirstOrDefault(kind => Same(kind.Id, terms)) ?? throw Unknown(terms);
        var peer = Peers.FirstOrDefault(kind => Same(kind.Id, bids)) ?? throw (Same(bids, "ours")
            ? new ArgumentException("Our policy has search-term rules of its own; it is not paired with a module.", nameof(id))
            : Unknown(bids));
        return peer.Terms is null ? peer.With(module) : throw new ArgumentException($"{peer.Id} has search-term rules of its own; it is not paired with a module.", nameof(id));
    }

    // Ours with some numbers changed is a contestant like any other, so that variants stand side by side in one table.
    private static PolicyKind OursWith(string[] numbers)
    {
        var set = numbers.Select(number => number.Split('=') is [var name, var value] && double.TryParse(value, CultureInfo.InvariantCulture, out var parsed)
            ? KeyValuePair.Create(name, parsed)
            : throw new ArgumentException($"'{number}' is not of the form name=number, for example shading=0.7.", nameof(numbers))).ToDictionary(StringComparer.Ordinal);
        var id = "ours:" + string.Join(':', set.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key}={pair.Value}")));
        _ = new Ours(new PolicySettings { Numbers = set });
        return All[0] with { Id = id, Create = settings => new Ours(settings with { Numbers = set.Concat(settings.Numbers).DistinctBy(pair => pair.Key).ToDictionary(StringComparer.Ordinal) }) };
    }

    private static bool Same(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);

    private static ArgumentException Unknown(string id) =>
        new($"There is no policy '{id}'. Known: {string.Join(", ", All.Concat(TermModules).Select(kind => kind.Id))}, and pairs such as B03+H-Zon.", nameof(id));
}
