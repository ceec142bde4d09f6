using System.Collections.Immutable;
using System.Globalization;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Edits;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Negation;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Core.Launches;

/// <summary>From what a seller asks to campaigns with names, budgets, bids and negatives. Pure. See docs/maths/launches.md.</summary>
public static class LaunchBuilder
{
    /// <summary>Letters of a product's title in a name.</summary>
    private const int TitleLetters = 60;

    // A first split, not a finding: half finds searches (auto, broad, phrase), half goes to what is chosen by name. The optimiser moves budgets from the first day.
    private static readonly ImmutableDictionary<LaunchPart, decimal> Shares = ImmutableDictionary.CreateRange(new KeyValuePair<LaunchPart, decimal>[]
    {
        new(LaunchPart.Auto, 0.30m), new(LaunchPart.Broad, 0.10m), new(LaunchPart.Phrase, 0.10m), new(LaunchPart.Exact, 0.35m), new(LaunchPart.Products, 0.15m),
    });

    /// <param name="workspace">The storefront.</param>
    /// <param name="wish">What is asked.</param>
    /// <param name="settings">Numbers of the model that sets the bids.</param>
    /// <returns>The plan as far as it can be made, and what stands in the way.</returns>
    public static LaunchDraft Draft(Workspace workspace, LaunchWish wish, DecisionSettings settings)
    {
        var notes = new List<LaunchNote>();
        if (wish.Products.IsEmpty) notes.Add(new(true, "Products: choose at least one product to advertise."));
        if (wish.Layout.Parts.IsEmpty) notes.Add(new(true, "Campaigns: choose at least one kind of campaign."));
        var market = workspace.Marketplace;
        if (wish.Layout.DailyBudget.Currency != market.Currency) notes.Add(new(true, $"Daily budget: it is in {wish.Layout.DailyBudget.Currency}; this storefront's currency is {market.Currency}."));
        if (wish.Start < workspace.Today) notes.Add(new(true, $"Start: {wish.Start:yyyy-MM-dd} is over; choose {workspace.Today:yyyy-MM-dd} or a later day."));
        var seeds = Seeds(workspace, wish, notes);
        if (notes.Exists(note => note.Stops)) return new(LaunchPlan.Empty, [.. notes]);

        var names = workspace.Campaigns.Where(campaign => campaign.State != EntityState.Archived).Select(campaign => campaign.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var running = Running(workspace);
        var book = wish.WithIdeas ? new IdeaBook(workspace, wish.Products) : null;
        var campaigns = ImmutableArray.CreateBuilder<PlannedCampaign>();
        foreach (var sku in wish.Products.Distinct())
        {
            if (workspace.Listings.FirstOrDefault(listing => listing.Sku == sku) is not { } listing)
            {
                notes.Add(new(true, $"{sku}: no listing of this storefront has this SKU; choose one of its products."));
                continue;
            }

            if (!listing.Buyable) notes.Add(new(false, $"{sku}: nobody can buy it at the moment, so Amazon will not show its ads until that changes."));
            var ideas = book?.For(sku) ?? LaunchIdeas.None;
            campaigns.AddRange(Campaigns(workspace, wish, listing, seeds with { Keywords = [.. seeds.Keywords.Union(ideas.Keywords.Select(idea => idea.Text), StringComparer.Ordinal)], Asins = [.. seeds.Asins.Union(ideas.Products.Select(idea => idea.Text), StringComparer.Ordinal)] }, names, running, notes));
        }

        var plan = LaunchPrices.Set(workspace, new(campaigns.ToImmutable()), settings, notes);
        notes.AddRange(LaunchRules.Faults(workspace, plan));
        return new(plan, [.. notes]);
    }

    private sealed record SeedTexts(ImmutableArray<string> Keywords, ImmutableArray<string> Asins, ImmutableArray<PlannedNegative> Blocked, ImmutableHashSet<string> Typed);

    private static SeedTexts Seeds(Workspace workspace, LaunchWish wish, List<LaunchNote> notes)
    {
        var keywords = Texts(wish.Keywords, "Keywords", text => TargetText.Keyword(text, TargetText.MostWords), TermText.Plain, notes);
        var asins = Texts(wish.Asins, "Products to target", TargetText.Product, text => text.Trim().ToUpperInvariant(), notes);
        var blocked = Texts(wish.Blocked, "Never shown for", text => IsProduct(text) ? null : TargetText.Keyword(text, TargetText.MostPhraseWords), TermText.Plain, notes)
            .Select(text => IsProduct(text) ? new PlannedNegative(NegativeMatch.Product, text.ToUpperInvariant()) : new PlannedNegative(NegativeMatch.Phrase, text)).ToImmutableArray();
        foreach (var negative in blocked.Where(negative => ProtectedTerms.Holds(workspace.Settings.ProtectedTerms, negative.Text)))
            notes.Add(new(true, $"Never shown for: '{negative.Text}' is one of your protected terms; take it off one of the two lists."));
        foreach (var text in keywords.Where(text => blocked.Any(negative => negative.Match == NegativeMatch.Phrase && $" {text} ".Contains($" {negative.Text} ", StringComparison.Ordinal))))
            notes.Add(new(true, $"Keywords: '{text}' holds words that you never want to be shown for; take it off one of the two lists."));
        return new(keywords, asins, blocked, [.. keywords, .. asins]);
    }

    private static bool IsProduct(string text) => Graduation.Harvest.IsAsin(text.Trim());

    private static ImmutableArray<string> Texts(ImmutableArray<string> typed, string field, Func<string, string?> fault, Func<string, string> plain, List<LaunchNote> notes)
    {
        var texts = ImmutableArray.CreateBuilder<string>();
        foreach (var text in typed.Where(text => !string.IsNullOrWhiteSpace(text)))
        {
            if (fault(plain(text)) is { } wrong) notes.Add(new(true, $"{field}: '{text.Trim()}': {wrong}"));
            else if (!texts.Contains(plain(text))) texts.Add(plain(text));
        }

        return texts.ToImmutable();
    }

    private static IEnumerable<PlannedCampaign> Campaigns(Workspace workspace, LaunchWish wish, Listing listing, SeedTexts seeds, HashSet<string> names, HashSet<(Sku, MatchType, string)> running, List<LaunchNote> notes)
    {
        var wanted = new List<(LaunchPart Part, ImmutableArray<PlannedTarget> Targets)>();
        foreach (var part in Enum.GetValues<LaunchPart>().Where(part => wish.Layout.Parts.Contains(part)))
        {
            var texts = part == LaunchPart.Products ? seeds.Asins.Where(asin => asin != listing.Asin.Value).ToImmutableArray() : part == LaunchPart.Auto ? [] : seeds.Keywords;
            var fresh = texts.Where(text => !running.Contains((listing.Sku, MatchOf(part), TermText.Plain(text)))).ToImmutableArray();

            // What was found by itself is left out without a word.
            var twice = texts.Except(fresh).Where(text => seeds.Typed.Contains(text)).ToList();
            if (twice.Count > 0) notes.Add(new(false, $"{listing.Sku}, {Word(part)}: left out what this product is already advertised for in another campaign: {Some(twice)}."));
            if (part != LaunchPart.Auto && fresh.IsEmpty)
            {
                notes.Add(new(false, $"{listing.Sku}: no {Word(part)} campaign, because there is {(part == LaunchPart.Products ? "no product to target" : "no keyword")} for it."));
                continue;
            }

            var least = new Money(workspace.Marketplace.MinimumBid, workspace.Marketplace.Currency);
            wanted.Add((part, [.. fresh.Select(text => new PlannedTarget(MatchOf(part), text, least))]));
        }

        var budgets = Budgets(workspace.Marketplace, [.. wanted.Select(one => one.Part)], wish.Layout.DailyBudget, listing.Sku, notes);
        foreach (var (part, targets) in wanted)
        {
            var name = Name(wish.Layout.NamePattern, listing, part, names);
            yield return new(name, part == LaunchPart.Auto ? TargetingType.Auto : TargetingType.Manual, budgets[part], wish.Layout.Strategy, wish.Start,
                [new(Word(part), new Money(workspace.Marketplace.MinimumBid, workspace.Marketplace.Currency), [listing.Sku], targets)])
            {
                Negatives = [.. seeds.Blocked.Where(negative => part == LaunchPart.Auto || (part != LaunchPart.Products && negative.Match != NegativeMatch.Product)), .. wish.Layout.CloseWithin ? Closed(part, wanted) : []],
            };
        }
    }

    // A search with a keyword of its own belongs to that keyword: looser campaigns of the same launch are closed to it, and to none but it.
    private static IEnumerable<PlannedNegative> Closed(LaunchPart part, List<(LaunchPart Part, ImmutableArray<PlannedTarget> Targets)> wanted)
    {
        ImmutableArray<PlannedTarget> Of(LaunchPart other) => wanted.Find(one => one.Part == other).Targets is { IsDefault: false } found ? found : [];
        if (part is LaunchPart.Auto or LaunchPart.Broad or LaunchPart.Phrase)
            foreach (var target in Of(LaunchPart.Exact)) yield return new(NegativeMatch.Exact, target.Text);
        if (part is LaunchPart.Auto or LaunchPart.Broad)
        {
            foreach (var target in Of(LaunchPart.Phrase).Where(target => target.Text.Count(' '.Equals) < TargetText.MostPhraseWords)) yield return new(NegativeMatch.Phrase, target.Text);
        }

        if (part == LaunchPart.Auto)
            foreach (var target in Of(LaunchPart.Products)) yield return new(NegativeMatch.Product, target.Text);
    }

    private static Dictionary<LaunchPart, Money> Budgets(Marketplace market, ImmutableArray<LaunchPart> parts, Money whole, Sku sku, List<LaunchNote> notes)
    {
        var sum = parts.Sum(part => Shares[part]);
        var budgets = parts.ToDictionary(part => part, part => new Money(Math.Max(market.MinimumBudget, Math.Round(whole.Amount * Shares[part] / sum, market.Currency.Decimals, MidpointRounding.ToZero)), market.Currency));
        if (parts.Length == 0) return budgets;
        var total = budgets.Values.Sum(budget => budget.Amount);

        // What rounding leaves goes to the part with the most.
        if (total < whole.Amount) budgets[parts.MaxBy(part => Shares[part])] += new Money(whole.Amount - total, market.Currency);
        else if (total > whole.Amount)
            notes.Add(new(true, string.Create(CultureInfo.InvariantCulture, $"Daily budget: {parts.Length} campaigns for {sku} need at least {parts.Length * market.MinimumBudget} {market.Currency} a day, spread as they are {total} {market.Currency}; raise it, or choose fewer kinds of campaign.")));
        return budgets;
    }

    private static string Name(string pattern, Listing listing, LaunchPart part, HashSet<string> names)
    {
        string Filled(int letters) => pattern.Replace("{product}", Short(listing.Title, letters), StringComparison.OrdinalIgnoreCase).Replace("{sku}", listing.Sku.Value, StringComparison.OrdinalIgnoreCase)
            .Replace("{part}", Word(part), StringComparison.OrdinalIgnoreCase).Trim();
        var name = Filled(TitleLetters);
        if (name.Length > LaunchRules.MostCampaignLetters - 5) name = Filled(Math.Max(1, TitleLetters - (name.Length - (LaunchRules.MostCampaignLetters - 5))));
        var unique = name;
        for (var number = 2; !names.Add(unique); number++) unique = string.Create(CultureInfo.InvariantCulture, $"{name} ({number})");
        return unique;
    }

    // What the product is already advertised for: a second target would bid against the first.
    private static HashSet<(Sku, MatchType, string)> Running(Workspace workspace)
    {
        var skus = workspace.ProductAds.Where(ad => ad.State == EntityState.Enabled).ToLookup(ad => ad.AdGroup, ad => ad.Sku);
        var living = workspace.Campaigns.Where(campaign => campaign is { AdProduct: AdProduct.SponsoredProducts, State: EntityState.Enabled }).Select(campaign => campaign.Id).ToHashSet();
        return [.. workspace.Targets.Where(target => target.State == EntityState.Enabled && living.Contains(target.Campaign)).SelectMany(target => skus[target.AdGroup].Select(sku => (sku, target.Match, TermText.Plain(target.Text))))];
    }

    private static MatchType MatchOf(LaunchPart part) => part switch
    {
        LaunchPart.Auto => MatchType.CloseMatch,
        LaunchPart.Broad => MatchType.Broad,
        LaunchPart.Phrase => MatchType.Phrase,
        LaunchPart.Exact => MatchType.Exact,
        LaunchPart.Products => MatchType.Product,
    };

    /// <returns>The part's name in names of campaigns and ad groups.</returns>
    public static string Word(LaunchPart part) => part switch
    {
        LaunchPart.Auto => "Auto",
        LaunchPart.Broad => "Broad",
        LaunchPart.Phrase => "Phrase",
        LaunchPart.Exact => "Exact",
        LaunchPart.Products => "Products",
    };

    // Cut between words where that leaves at least half of what there is room for.
    private static string Short(string title, int letters)
    {
        if (title.Length <= letters) return title.Trim();
        var cut = title.LastIndexOf(' ', letters);
        return title[..(cut > letters / 2 ? cut : letters)].TrimEnd(' ', ',', '-', '|');
    }

    private static string Some(List<string> texts) => string.Join(", ", texts.Take(5)) + (texts.Count > 5 ? string.Create(CultureInfo.InvariantCulture, $" and {texts.Count - 5} more") : "");
}
