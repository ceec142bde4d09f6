using Autonoomi.Core.Advertising;

namespace Autonoomi.Marketplace.World;

/// <summary>
/// Lays out the campaigns of a hasty human: one automatic and one manual campaign per product, bids set by feeling and wrong both ways, loose words that
/// bring strangers, no negatives, round budgets that pinch in some campaigns.
/// </summary>
internal static class NaiveSeller
{
    private const int ExactKeywords = 15;
    private const int PhraseKeywords = 10;
    private const int BroadKeywords = 9;

    public static void LayOut(Dice dice, AdAccount ads, Market market, Func<Dictionary<long, double>> expectedDailySpend)
    {
        foreach (var product in market.Products)
        {
            var feeling = 0.82 * dice.LogNormal(0.30, Draw.Naive, product.Index);
            var name = product.Title[(Catalogue.OwnBrand.Length + 1)..];
            LayAuto(dice, ads, market, product, name, feeling);
            LayManual(dice, ads, market, product, name, feeling);
        }

        var spend = expectedDailySpend();
        foreach (var campaign in ads.Campaigns.ToList())
        {
            var place = campaign.Id;
            var room = dice.Uniform(Draw.Naive, place, 0, 40) < 0.3 ? dice.Uniform(Draw.Naive, place, 0.4, 0.8, 41) : dice.Uniform(Draw.Naive, place, 1.5, 3.5, 42);
            var budget = Math.Max(5, Math.Round(spend[campaign.Id] * room / 5) * 5);
            ads.Update(new CampaignEdit(campaign.Id, DailyBudget: (decimal)budget));
        }
    }

    private static void LayAuto(Dice dice, AdAccount ads, Market market, Product product, string name, double feeling)
    {
        var usual = UsualBid(market, product);
        var campaign = Take(ads.Create(new CampaignDraft($"Auto - {name}", TargetingType.Auto, EntityState.Enabled, 1000, Strategy(dice, product.Index))));
        var group = Take(ads.Create(new AdGroupDraft(campaign, "Auto", Cents(usual * feeling * 0.9), EntityState.Enabled)));
        Take(ads.Create(new ProductAdDraft(campaign, group, product.Sku, EntityState.Enabled)));
    }

    private static void LayManual(Dice dice, AdAccount ads, Market market, Product product, string name, double feeling)
    {
        var top = dice.Uniform(Draw.Naive, product.Index, 0, 20) < 0.3 ? 25 * (1 + dice.Pick(4, Draw.Naive, product.Index, 21)) : 0;
        var campaign = Take(ads.Create(new CampaignDraft($"Manual - {name}", TargetingType.Manual, EntityState.Enabled, 1000, Strategy(dice, product.Index + 500), top)));
        var kind = Catalogue.Types[product.Type];
        var searches = market.Queries.Where(query => query.Type == product.Type && !query.IsPage && query.BornOn == int.MinValue).OrderByDescending(query => query.Volume).ToList();

        // A human takes what a keyword tool shows: the big searches, fit or unfit.
        var exact = searches.Where(query => !query.IsStray).Take(ExactKeywords * 2).OrderBy(query => dice.Bits(Draw.Naive, product.Index, 1, query.Index)).Take(ExactKeywords).Select(query => query.Text);
        var phrase = kind.Heads.Concat(kind.Attributes.Select(word => $"{word} {kind.Heads[0]}")).Take(PhraseKeywords);
        var broad = kind.Heads.Concat(kind.Attributes.OrderBy(word => dice.Bits(Draw.Naive, product.Index, 2, Array.IndexOf(kind.Attributes, word))).Take(BroadKeywords - 4).Select(word => $"{word} {kind.Heads[0].Split(' ')[^1]}"))
            .Append(Catalogue.Occasions[product.Index % 2]).Append(Catalogue.Categories[kind.Category]);
        AddGroup(dice, ads, market, product, campaign, "Exact", MatchType.Exact, exact, feeling, 0.55);
        AddGroup(dice, ads, market, product, campaign, "Phrase", MatchType.Phrase, phrase, feeling, 0.5);
        AddGroup(dice, ads, market, product, campaign, "Broad", MatchType.Broad, broad, feeling, 0.45);
    }

    private static void AddGroup(
        Dice dice, AdAccount ads, Market market, Product product, long campaign, string name, MatchType match, IEnumerable<string> texts, double feeling, double spread)
    {
        var usual = UsualBid(market, product);
        var group = Take(ads.Create(new AdGroupDraft(campaign, name, Cents(usual), EntityState.Enabled)));
        Take(ads.Create(new ProductAdDraft(campaign, group, product.Sku, EntityState.Enabled)));
        var place = 0;
        foreach (var text in texts.Distinct(StringComparer.Ordinal))
        {
            var bid = usual * feeling * dice.LogNormal(spread, Draw.Naive, product.Index, 30 + (int)match, place++);
            Take(ads.Create(new KeywordDraft(campaign, group, text, match, EntityState.Enabled, Cents(bid))));
        }
    }

    private static double UsualBid(Market market, Product product) =>
        market.Queries.Where(query => query.Type == product.Type && !query.IsPage).OrderByDescending(query => query.Volume).Take(20).Average(query => query.RivalMedian);

    private static BiddingStrategy Strategy(Dice dice, int place) => dice.Pick(10, Draw.Naive, place, 10) switch
    {
        < 6 => BiddingStrategy.DownOnly,
        < 8 => BiddingStrategy.UpAndDown,
        _ => BiddingStrategy.Fixed,
    };

    private static decimal Cents(double bid) => Math.Max(0.05m, decimal.Round((decimal)bid, 2));

    private static long Take(WriteResult result) => result is Accepted accepted
        ? accepted.Id
        : throw new InvalidOperationException($"The seller's own past was refused: {result}");
}
