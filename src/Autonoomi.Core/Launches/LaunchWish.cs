using System.Collections.Immutable;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Core.Launches;

/// <summary>The campaigns that one product may get: one per way of being found, so that each has a budget and bids of its own.</summary>
public enum LaunchPart { Auto, Broad, Phrase, Exact, Products }

/// <summary>How the campaigns of a launch are laid out: what a template keeps.</summary>
/// <param name="Parts">Which campaigns each product gets; one or more.</param>
/// <param name="NamePattern">With {product}, {sku} and {part} in it.</param>
/// <param name="DailyBudget">Of all campaigns of one product together, in the storefront's currency.</param>
/// <param name="Strategy">Dynamic bidding of all of them.</param>
/// <param name="CloseWithin">True: a search with a keyword of its own is closed in the looser campaigns of the launch, so that no two of them bid for it.</param>
public sealed record LaunchLayout(ImmutableArray<LaunchPart> Parts, string NamePattern, Money DailyBudget, BiddingStrategy Strategy, bool CloseWithin = true)
{
    public const string UsualPattern = "{product} | {sku} | {part}";
}

/// <summary>What a seller asks of a launch.</summary>
/// <param name="Layout">How it is laid out.</param>
/// <param name="Products">One or more; each gets its own campaigns.</param>
/// <param name="Start">First day, in the storefront's zone.</param>
public sealed record LaunchWish(LaunchLayout Layout, ImmutableArray<Sku> Products, DateOnly Start)
{
    /// <summary>As typed; for every product.</summary>
    public ImmutableArray<string> Keywords { get; init; } = [];

    /// <summary>ASINs whose pages to be shown on; for every product.</summary>
    public ImmutableArray<string> Asins { get; init; } = [];

    /// <summary>Words or ASINs that no campaign of the launch is shown for.</summary>
    public ImmutableArray<string> Blocked { get; init; } = [];

    /// <summary>True: each product gets the searches and pages that <see cref="LaunchIdeas"/> finds for it as well.</summary>
    public bool WithIdeas { get; init; }
}

/// <param name="Plan">What would be made.</param>
/// <param name="Notes">What stands in the way, what was left out and why.</param>
public sealed record LaunchDraft(LaunchPlan Plan, ImmutableArray<LaunchNote> Notes)
{
    public bool MayBeMade => !Plan.Campaigns.IsEmpty && !Notes.Any(note => note.Stops);
}

/// <param name="Stops">True where nothing may be made before it is mended.</param>
/// <param name="Text">The field or thing, the rule, the fix.</param>
public sealed record LaunchNote(bool Stops, string Text);
