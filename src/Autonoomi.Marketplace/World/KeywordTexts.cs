namespace Autonoomi.Marketplace.World;

/// <summary>Which keywords a seller picks for a product, by match type.</summary>
internal sealed class KeywordTexts
{
    public KeywordTexts(Dice dice, Market market, Product product, int count, Habits habits)
    {
        var (exact, phrase) = ((int)Math.Round(count * habits.ExactShare), (int)Math.Round(count * habits.PhraseShare));
        var kind = Catalogue.Types[product.Type];
        var searches = market.Queries.Where(query => query.Type == product.Type && !query.IsPage && query.BornOn < 0).OrderByDescending(query => query.Volume).ToList();
        var wanted = searches.Where(query => !query.IsStray);

        // A human takes what a keyword tool shows: the big searches, fit or unfit.
        Exact = habits.TakesTop
            ? [.. wanted.Take(exact).Select(query => query.Text)]
            : [.. wanted.Take(exact * 2).OrderBy(query => dice.Bits(Draw.Naive, product.Index, 1, query.Index)).Take(exact).Select(query => query.Text)];
        if (habits.WholeSearches)
        {
            // Who has more keywords than searches takes the same ones with other match types.
            phrase = Math.Min(searches.Count, phrase + exact - Exact.Count);
            Phrase = [.. searches.Take(phrase).Select(query => query.Text)];
            Broad = [.. searches.Take(count - Exact.Count - phrase).Select(query => query.Text)];
            return;
        }

        Phrase = [.. kind.Heads.Concat(kind.Attributes.Select(word => $"{word} {kind.Heads[0]}")).Take(phrase)];
        var loose = habits.LooseWords ? new[] { Catalogue.Occasions[product.Index % 2], Catalogue.Categories[kind.Category] } : [];
        var attributes = kind.Attributes.OrderBy(word => dice.Bits(Draw.Naive, product.Index, 2, Array.IndexOf(kind.Attributes, word)));
        var broad = Math.Max(0, count - exact - phrase - kind.Heads.Length - loose.Length);
        Broad = [.. kind.Heads.Concat(attributes.Take(broad).Select(word => $"{word} {kind.Heads[0].Split(' ')[^1]}")).Concat(loose)];
    }

    public IReadOnlyList<string> Exact { get; }
    public IReadOnlyList<string> Phrase { get; }
    public IReadOnlyList<string> Broad { get; }
}
