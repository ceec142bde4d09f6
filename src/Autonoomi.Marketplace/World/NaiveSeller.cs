using Autonoomi.Core.Advertising;

namespace Autonoomi.Marketplace.World;

/// <summary>
/// Lays out what a seller had before any policy came, one automatic and one or more manual campaigns per product, in the manner of the scenario's past:
/// <see cref="SellerPast.Usual"/> bids by feeling and wrong both ways, brings strangers by loose words, has no negatives and budgets that pinch here and there;
/// the others are told in docs/maths/market.md.
/// </summary>
internal sealed class NaiveSeller
{
    private const int UsualKeywords = 34;

    private readonly Dice dice;
    private readonly AdAccount ads;
    private readonly Market market;
    private readonly WorldSettings settings;
    private readonly DateOnly? start;
    private readonly Habits habits;

    private NaiveSeller(Dice dice, AdAccount ads, Market market, WorldSettings settings, DateOnly handOver)
    {
        this.dice = dice;
        this.ads = ads;
        this.market = market;
        this.settings = settings;
        start = settings.Past == SellerPast.Launch ? handOver : null;
        habits = Habits.Of(settings.Past);
    }

    /// <param name="dice">The world's.</param>
    /// <param name="ads">Empty account.</param>
    /// <param name="market">What the seller looks at: searches, rivals' bids; <see cref="SellerPast.Mature"/> has learnt what converts.</param>
    /// <param name="settings">Past, keywords, money scale.</param>
    /// <param name="handOver">First day that a policy manages.</param>
    /// <param name="expectedDailySpend">Cost of an average day by campaign id without budgets.</param>
    public static void LayOut(Dice dice, AdAccount ads, Market market, WorldSettings settings, DateOnly handOver, Func<Dictionary<long, double>> expectedDailySpend)
    {
        var seller = new NaiveSeller(dice, ads, market, settings, handOver);
        foreach (var product in market.Products) seller.LayOut(product);
        seller.SetBudgets(expectedDailySpend());
    }

    private void LayOut(Product product)
    {
        var usual = market.Queries.Where(query => query.Type == product.Type && !query.IsPage).OrderByDescending(query => query.Volume).Take(20).Average(query => query.RivalMedian);
        var bidding = new Bidding(usual, habits.Level * dice.LogNormal(habits.FeelingSpread, Draw.Naive, product.Index));
        var name = product.Title[(Catalogue.OwnBrand.Length + 1)..];
        LayAuto(product, name, bidding);
        LayManual(product, name, bidding);
        if (habits.Duplicates) LayDuplicates(product, name, bidding);
    }

    private void LayAuto(Product product, string name, Bidding bidding)
    {
        var campaign = Campaign($"Auto - {name}", TargetingType.Auto, product.Index, 0);
        Group(campaign, "Auto", product, bidding.Usual * bidding.Feeling * habits.AutoLevel);
        if (habits.HasNegatives) Negate(campaign, Catalogue.Strays.Select(stray => stray.Split(' ')[0]));
    }

    private void LayManual(Product product, string name, Bidding bidding)
    {
        var top = habits.RaisesTop && dice.Uniform(Draw.Naive, product.Index, 0, 20) < 0.3 ? 25 * (1 + dice.Pick(4, Draw.Naive, product.Index, 21)) : 0;
        var campaign = Campaign($"Manual - {name}", TargetingType.Manual, product.Index + 500, top);
        var texts = new KeywordTexts(dice, market, product, settings.KeywordsPerProduct > 0 ? settings.KeywordsPerProduct : UsualKeywords, habits);
        AddGroup(campaign, "Exact", MatchType.Exact, texts.Exact, product, bidding, habits.ExactSpread);
        AddGroup(campaign, "Phrase", MatchType.Phrase, texts.Phrase, product, bidding, habits.PhraseSpread);
        AddGroup(campaign, "Broad", MatchType.Broad, texts.Broad, product, bidding, habits.BroadSpread);
        if (habits.HasNegatives) Negate(campaign, Catalogue.Strays.Select(stray => stray.Split(' ')[0]));
    }

    // Somebody started anew and forgot the old campaign; brand words stand among the others.
    private void LayDuplicates(Product product, string name, Bidding bidding)
    {
        var campaign = Campaign($"Manual 2 - {name}", TargetingType.Manual, product.Index + 1000, 0);
        var texts = new KeywordTexts(dice, market, product, UsualKeywords, habits);
        var brands = Catalogue.RivalBrands.Append(Catalogue.OwnBrand).Select(brand => brand.ToLowerInvariant());
        AddGroup(campaign, "All", MatchType.Broad, texts.Exact.Take(8).Concat(brands), product, bidding, habits.BroadSpread, isSecond: true);
        AddGroup(campaign, "Test", MatchType.Exact, texts.Exact.Skip(4).Take(8), product, bidding, habits.ExactSpread, isSecond: true);
    }

    private void AddGroup(long campaign, string name, MatchType match, IEnumerable<string> texts, Product product, Bidding bidding, double spread, bool isSecond = false)
    {
        var group = Group(campaign, name, product, bidding.Usual);
        var place = 0;
        foreach (var text in texts.Distinct(StringComparer.Ordinal))
        {
            var noise = dice.LogNormal(spread, Draw.Naive, product.Index, (isSecond ? 130 : 30) + (int)match, place++);
            var bid = habits.KnowsValue && match == MatchType.Exact && market.QueryOf(text) is { } query
                ? habits.ValueShare * market.LongRunValue(product, query) * noise
                : bidding.Usual * bidding.Feeling * noise * (match == MatchType.Exact ? 1 : habits.LooseLevel);
            Take(ads.Create(new KeywordDraft(campaign, group, text, match, EntityState.Enabled, Amount(bid))));
        }
    }

    private long Campaign(string name, TargetingType targeting, int place, int top) =>
        Take(ads.Create(new CampaignDraft(name, targeting, EntityState.Enabled, 1000 * settings.MoneyScale, Strategy(place), top, StartDate: start)));

    private long Group(long campaign, string name, Product product, double bid)
    {
        var group = Take(ads.Create(new AdGroupDraft(campaign, name, Amount(bid), EntityState.Enabled)));
        Take(ads.Create(new ProductAdDraft(campaign, group, product.Sku, EntityState.Enabled)));
        return group;
    }

    private void Negate(long campaign, IEnumerable<string> words)
    {
        foreach (var word in words) Take(ads.Create(new NegativeDraft(campaign, null, NegativeMatch.Phrase, word, EntityState.Enabled)));
    }

    private void SetBudgets(Dictionary<long, double> spend)
    {
        var scale = (double)settings.MoneyScale;
        foreach (var campaign in ads.Campaigns.ToList())
        {
            var place = campaign.Id;
            var room = dice.Uniform(Draw.Naive, place, 0, 40) < habits.PinchedShare ? dice.Uniform(Draw.Naive, place, 0.4, 0.8, 41) : dice.Uniform(Draw.Naive, place, 1.5, 3.5, 42);
            var budget = Math.Max(5, Math.Round(spend[campaign.Id] / scale * room / 5) * 5);
            ads.Update(new CampaignEdit(campaign.Id, DailyBudget: (decimal)budget * settings.MoneyScale));
        }
    }

    private BiddingStrategy Strategy(int place) => dice.Pick(10, Draw.Naive, place, 10) switch
    {
        < 6 => BiddingStrategy.DownOnly,
        < 8 => BiddingStrategy.UpAndDown,
        _ => BiddingStrategy.Fixed,
    };

    // Whole cents at scale 1.
    private decimal Amount(double bid) => Math.Max(0.05m, decimal.Round((decimal)(bid / (double)settings.MoneyScale), 2)) * settings.MoneyScale;

    private static long Take(WriteResult result) => result is Accepted accepted
        ? accepted.Id
        : throw new InvalidOperationException($"The seller's own past was refused: {result}");

    /// <param name="Usual">What rivals of the product's big searches bid.</param>
    /// <param name="Feeling">The seller's factor on it.</param>
    private readonly record struct Bidding(double Usual, double Feeling);
}
