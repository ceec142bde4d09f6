using System.Globalization;
using System.IO;
using System.Text;
using Autonoomi.Amazon.Ads;
using Autonoomi.Amazon.Ads.Services;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.History;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;
using MatchType = Autonoomi.Core.Advertising.MatchType;

namespace Autonoomi.Amazon.Tests.Adapters;

/// <summary>The services around campaigns against the pretend Amazon: exports, change history, budget usage, portfolios, budget rules, keyword promotion.</summary>
public sealed class ServicesTests(AdShop shop) : IClassFixture<AdShop>
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Exports_and_lists_give_the_same_entities()
    {
        // An archived ad group leaves ads and targets behind that name it as their only parent.
        var group = (await shop.Client.AdGroupsAsync([AdProduct.SponsoredProducts], Ct))[^1];
        await shop.SendAsync(HttpMethod.Post, "/sp/adGroups/delete", "application/vnd.spAdGroup.v3+json", Encoding.UTF8.GetBytes($$$"""{"adGroupIdFilter":{"include":["{{{group.Id.Value}}}"]}}"""));

        var exported = await shop.Client.StructureAsync(exports: true, Ct);
        var adGroups = await shop.Client.AdGroupsAsync(Ct);

        Assert.Null(exported.WithoutExports);
        Same(await shop.Client.CampaignsAsync(Ct), exported.Campaigns, item => item.Id.Value);
        Same(adGroups, exported.AdGroups, item => item.Id.Value);
        Same(await shop.Client.ProductAdsAsync(Ct), exported.ProductAds, item => item.Id.Value);
        Same(await shop.Client.TargetsAsync(adGroups, Ct), exported.Targets, item => item.Id.Value);
        Same(await shop.Client.NegativesAsync(Ct), exported.Negatives, item => item.Id.Value);
        Assert.DoesNotContain(group.Id, exported.AdGroups.Select(each => each.Id));
        await NothingBrokeTheSpecificationsAsync();
    }

    [Theory]
    [InlineData("failed")]
    [InlineData("refused")]
    [InlineData("broken")]
    [InlineData("slow")]
    public async Task Where_exports_fail_lists_are_read_and_the_reason_is_told(string how)
    {
        object trouble = how switch
        {
            "failed" => new { clear = true, failedExports = 1 },
            "refused" => new { clear = true, faults = new[] { new { kind = "throttleHtml", path = "/targets/export", method = "POST", count = 1 } } },
            "broken" => new { clear = true, faults = new[] { new { kind = "cutDownload", path = "/pretend-storage/", method = "GET", count = 20 } } },
            _ => new { clear = true, pollsBeforeCompletion = 100_000 },
        };
        await shop.Amazon.SetFaultsAsync(trouble, Ct);
        var patience = shop.Session.Options.ExportPatience;
        if (how == "slow") shop.Session.Options.ExportPatience = TimeSpan.FromMilliseconds(60);

        AdStructure structure;
        try
        {
            structure = await shop.Client.StructureAsync(exports: true, Ct);
        }
        finally
        {
            shop.Session.Options.ExportPatience = patience;
            await shop.Amazon.SetFaultsAsync(new { clear = true }, Ct);
        }

        Assert.NotNull(structure.WithoutExports);
        Assert.DoesNotContain("pretend-storage", structure.WithoutExports.Words, StringComparison.Ordinal);
        Same(await shop.Client.CampaignsAsync(Ct), structure.Campaigns, item => item.Id.Value);
        Same(await shop.Client.TargetsAsync(structure.AdGroups, Ct), structure.Targets, item => item.Id.Value);
    }

    [Fact]
    public async Task A_cut_download_is_fetched_again_and_nothing_is_read_twice()
    {
        await shop.Amazon.SetFaultsAsync(new { clear = true, faults = new[] { new { kind = "cutDownload", path = "/pretend-storage/", method = "GET", count = 2 } } }, Ct);

        var structure = await shop.Client.StructureAsync(exports: true, Ct);

        Assert.Null(structure.WithoutExports);
        Assert.Equal(structure.Targets.Count, structure.Targets.Select(target => target.Id).Distinct().Count());
        Same(await shop.Client.AdGroupsAsync(Ct), structure.AdGroups, item => item.Id.Value);
    }

    [Theory]
    [InlineData(AdProduct.SponsoredBrands, "/sb/recommendations/bids")]
    [InlineData(AdProduct.SponsoredDisplay, "/sd/targets/bid/recommendations")]
    public async Task Bids_are_suggested_for_every_kind_of_target_that_Amazon_takes_the_question_for(AdProduct product, string path)
    {
        var paid = (await shop.Client.CampaignsAsync(Ct)).Where(campaign => campaign.AdProduct == product && campaign.PaysPerClick).Select(campaign => campaign.Id).ToHashSet();
        var targets = (await shop.Client.TargetsAsync(await shop.Client.AdGroupsAsync([product], Ct), [product], Ct)).Where(target => paid.Contains(target.Campaign)).ToList();
        var shown = (await shop.Client.ProductAdsAsync([product], Ct)).ToLookup(ad => ad.AdGroup, ad => ad.Asin);

        // The first answer is refused for the moment, and one question is lost on its way: both are asked again.
        await shop.Amazon.SetFaultsAsync(new { clear = true, faults = new[] { new { kind = "throttleHtml", path, method = "POST", count = 1, skip = 0 }, new { kind = "lostAnswer", path, method = "POST", count = 1, skip = 2 } } }, Ct);
        var kinds = new HashSet<MatchType>();
        foreach (var group in targets.GroupBy(target => (target.Campaign, target.AdGroup)))
        {
            var told = await shop.Client.SuggestedBidsAsync(product, group.Key.Campaign, group.Key.AdGroup, [.. group], [.. shown[group.Key.AdGroup]], Ct);

            // Similar products and content categories have no such question.
            Assert.Equal(group.Where(target => target.Match is not (MatchType.Substitutes or MatchType.ContentCategory)).Select(target => target.Id), told.Select(each => each.Target));
            Assert.All(told, each => Assert.True(each.Low.Amount > 0 && each.Low < each.Median && each.Median < each.High && each.Low.Currency == shop.Session.Marketplace.Currency, each.ToString()));
            kinds.UnionWith(group.Where(target => told.Any(each => each.Target == target.Id)).Select(target => target.Match));
        }

        MatchType[] brands = [MatchType.Exact, MatchType.Phrase, MatchType.Broad, MatchType.Product, MatchType.Category, MatchType.Brand, MatchType.CloseMatch, MatchType.LooseMatch];
        Assert.Superset(product == AdProduct.SponsoredBrands ? [.. brands] : new HashSet<MatchType> { MatchType.Product, MatchType.Category, MatchType.Brand, MatchType.Complements }, kinds);
        await shop.Amazon.SetFaultsAsync(new { clear = true }, Ct);
        await NothingBrokeTheSpecificationsAsync();
    }

    [Fact]
    public async Task A_campaign_that_Amazon_takes_no_question_for_has_no_suggestions_and_views_are_not_asked_about()
    {
        var campaigns = await shop.Client.CampaignsAsync(Ct);
        var brands = campaigns.First(campaign => campaign.AdProduct == AdProduct.SponsoredBrands);
        var keyword = (await shop.Client.TargetsAsync([], [AdProduct.SponsoredBrands], Ct)).First(target => target.Kind == TargetKind.Keyword);
        var reach = campaigns.First(campaign => campaign is { AdProduct: AdProduct.SponsoredDisplay, PaysPerClick: false });
        var audience = (await shop.Client.TargetsAsync(await shop.Client.AdGroupsAsync([AdProduct.SponsoredDisplay], Ct), [AdProduct.SponsoredDisplay], Ct)).First(target => target.Campaign == reach.Id && target.Match == MatchType.Complements);

        Assert.Empty(await shop.Client.SuggestedBidsAsync(AdProduct.SponsoredBrands, new(12_345), keyword.AdGroup, [keyword], [], Ct));
        Assert.Empty(await shop.Client.SuggestedBidsAsync(AdProduct.SponsoredBrands, brands.Id, keyword.AdGroup, [keyword with { Text = "nothing like it", Campaign = brands.Id }], [], Ct));
        Assert.Empty(await shop.Client.SuggestedBidsAsync(AdProduct.SponsoredDisplay, reach.Id, audience.AdGroup, [audience], [], Ct));
    }

    [Fact]
    public async Task Rows_are_read_while_the_document_arrives()
    {
        var row = """{"adGroupId":"123456789012345","campaignId":"223456789012345","name":"A group with a name","state":"ENABLED","unknown":{"deep":[1,2,3]},"bid":{"defaultBid":0.5,"currencyCode":"USD"}}""";
        using var document = new MemoryStream(Encoding.UTF8.GetBytes($"[{string.Join(',', Enumerable.Repeat(row, 20_000))}]"));

        long rows = 0, furthest = 0;
        await foreach (var group in Exports.RowsAsync("adGroups export", document, ExportJson.Default.ExportedAdGroup, Ct))
        {
            Assert.Equal(0.5m, group.Bid!.Amount);
            rows++;
            furthest = Math.Max(furthest, document.Position - (rows * (row.Length + 1)));
        }

        Assert.Equal(20_000, rows);
        Assert.True(furthest < 128 << 10, $"{furthest} bytes lay in memory at once.");
    }

    [Theory]
    [InlineData("""[{"adGroupId":"1"},{"adGroupId":["canary"]}]""")]
    [InlineData("""[{"adGroupId":"1"},null]""")]
    [InlineData("""[{"adGroupId":"1","canary"}]""")]
    public async Task A_broken_row_is_named_and_never_quoted(string text)
    {
        var broken = await Assert.ThrowsAsync<AmazonDocumentException>(() => CountAsync(text));

        Assert.Equal("adGroups export", broken.Document);
        Assert.True(broken.Row > 0);
        Assert.DoesNotContain("canary", broken.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""[{"adGroupId":"1"},{"adGroupId":""")]
    [InlineData("""[{"adGroupId":"1"}""")]
    public Task A_document_that_ends_early_is_cut_off_and_will_be_fetched_again(string text) => Assert.ThrowsAsync<EndOfStreamException>(() => CountAsync(text));

    private static async Task<int> CountAsync(string text)
    {
        using var document = new MemoryStream(Encoding.UTF8.GetBytes(text));
        var count = 0;
        await foreach (var _ in Exports.RowsAsync("adGroups export", document, ExportJson.Default.ExportedAdGroup, Ct)) count++;
        return count;
    }

    [Fact]
    public async Task What_somebody_else_changed_is_told_from_what_we_wrote()
    {
        var began = (await shop.Amazon.ClockAsync(Ct)).AddMinutes(-1);
        var adGroups = await shop.Client.AdGroupsAsync([AdProduct.SponsoredProducts], Ct);
        var targets = (await shop.Client.TargetsAsync(adGroups, [AdProduct.SponsoredProducts], Ct)).Where(target => target is { Kind: TargetKind.Keyword, State: EntityState.Enabled }).Take(3).ToList();
        var campaign = (await shop.Client.CampaignsAsync(Ct)).First(each => each.Id == targets[0].Campaign);

        // Themes of Sponsored Brands have a type of their own in the history, and are targets here.
        var themes = (await shop.Client.TargetsAsync([], [AdProduct.SponsoredBrands], Ct)).Where(target => target is { Kind: TargetKind.Auto, State: EntityState.Enabled }).Take(2).ToList();
        targets.Add(themes[1]);
        List<Change> ours =
        [
            new SetBid(targets[0].Campaign, targets[0].AdGroup, targets[0].Id, TargetKind.Keyword, targets[0].Bid, targets[0].Bid with { Amount = targets[0].Bid.Amount + 0.09m }),
            new SetBudget(campaign.Id, campaign.DailyBudget, campaign.DailyBudget with { Amount = campaign.DailyBudget.Amount + 2m }),
            new SetPlacement(campaign.Id, Placement.TopOfSearch, campaign.TopOfSearchPercent, campaign.TopOfSearchPercent + 7),
            new CreateTarget(targets[1].Campaign, targets[1].AdGroup, MatchType.Exact, "a term of ours in the history", targets[1].Bid),
            new SetBid(themes[0].Campaign, themes[0].AdGroup, themes[0].Id, TargetKind.Auto, themes[0].Bid, themes[0].Bid with { Amount = themes[0].Bid.Amount + 0.05m }) { AdProduct = AdProduct.SponsoredBrands },
        ];
        var outcomes = await shop.Client.ApplyAsync(ours, Ct);
        Assert.All(outcomes, outcome => Assert.Equal(OutcomeKind.Accepted, outcome.Kind));
        var at = await shop.Amazon.ClockAsync(Ct);
        await shop.SendAsync(HttpMethod.Put, "/sp/keywords", "application/vnd.spKeyword.v3+json", Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture,
            $$$"""{"keywords":[{"keywordId":"{{{targets[1].Id.Value}}}","bid":1.23},{"keywordId":"{{{targets[2].Id.Value}}}","state":"PAUSED"}]}""")));
        await shop.SendAsync(HttpMethod.Put, "/sb/themes", "application/json", Encoding.UTF8.GetBytes($$$"""{"themes":[{"themeId":"{{{themes[1].Id.Value}}}","adGroupId":"{{{themes[1].AdGroup.Value}}}","campaignId":"{{{themes[1].Campaign.Value}}}","bid":1.11}]}"""));

        var events = await shop.Client.HistoryAsync(began, at.AddMinutes(1), Ct);
        var judged = Authorship.Attribute(events, ours.Zip(outcomes).Select(pair => new JournalEntry(new AppliedChange(pair.First, at, ByPerson: false), pair.Second.CreatedId)));

        var foreign = judged.Where(item => !item.IsOurs && item.Event.Id is var id && targets.Exists(target => target.Id.Value == id)).ToList();
        Assert.Equal(
            new[] { (targets[1].Id.Value, EventField.Bid, "1.23"), (themes[1].Id.Value, EventField.Bid, "1.11"), (targets[2].Id.Value, EventField.State, "PAUSED") }.OrderBy(item => item),
            foreign.Select(item => (item.Event.Id, item.Event.Field, item.Event.After!)).OrderBy(item => item));
        Assert.Equal(ours.Count, judged.Count(item => item.IsOurs));
        Assert.Equal(targets[1].Bid.Amount, decimal.Parse(foreign.Single(item => item.Event.Id == targets[1].Id.Value).Event.Before!, CultureInfo.InvariantCulture));
        await NothingBrokeTheSpecificationsAsync();
    }

    [Fact]
    public async Task A_long_history_comes_in_pages_and_no_event_is_lost()
    {
        var began = (await shop.Amazon.ClockAsync(Ct)).AddMinutes(-1);
        var adGroups = await shop.Client.AdGroupsAsync(Ct);
        var target = (await shop.Client.TargetsAsync(adGroups, Ct)).First(each => each is { Kind: TargetKind.Auto, State: EntityState.Enabled });
        for (var step = 0; step < 230; step++)
            await shop.SendAsync(HttpMethod.Put, "/sp/targets", "application/vnd.spTargetingClause.v3+json", Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $$$"""{"targetingClauses":[{"targetId":"{{{target.Id.Value}}}","bid":{{{0.30m + (0.01m * (step % 50))}}}}]}""")));

        var events = await shop.Client.HistoryAsync(began, (await shop.Amazon.ClockAsync(Ct)).AddMinutes(1), Ct);

        Assert.Equal(230, events.Count(item => item.Id == target.Id.Value && item.Field == EventField.Bid));
        await Assert.ThrowsAsync<AmazonApiException>(() => shop.Client.HistoryAsync(began.AddDays(-100), began, Ct));
        await NothingBrokeTheSpecificationsAsync();
    }

    [Fact]
    public async Task Portfolios_are_made_changed_and_listed_with_their_campaigns()
    {
        var usd = shop.Session.Marketplace.Currency;
        var campaigns = (await shop.Client.CampaignsAsync(Ct)).Where(campaign => campaign.AdProduct == AdProduct.SponsoredProducts).ToList();
        var made = await shop.Client.CreatePortfolioAsync("Everything", new Money(900m, usd), Ct);
        var id = made.CreatedId!.Value;
        Assert.Equal("DUPLICATE_VALUE", (await shop.Client.CreatePortfolioAsync("everything", new Money(900m, usd), Ct)).Code);
        Assert.Equal(OutcomeKind.Accepted, (await shop.Client.SetPortfolioBudgetAsync(id, new Money(1_000m, usd), Ct)).Kind);
        Assert.Equal("ENTITY_NOT_FOUND", (await shop.Client.SetPortfolioBudgetAsync(5, new Money(1_000m, usd), Ct)).Code);
        foreach (var campaign in campaigns.Take(2))
            await shop.SendAsync(HttpMethod.Put, "/sp/campaigns", "application/vnd.spCampaign.v3+json", Encoding.UTF8.GetBytes($$$"""{"campaigns":[{"campaignId":"{{{campaign.Id.Value}}}","portfolioId":"{{{id}}}"}]}"""));

        Assert.Equal(new AdPortfolio(id, "Everything", PortfolioPolicy.Monthly, new Money(1_000m, usd)), Assert.Single(await shop.Client.PortfoliosAsync(Ct), portfolio => portfolio.Id == id));
        Assert.Equal(campaigns.Take(2).Select(campaign => campaign.Id).OrderBy(each => each.Value), (await shop.Client.CampaignsInPortfolioAsync(id, Ct)).OrderBy(each => each.Value));
        await NothingBrokeTheSpecificationsAsync();
    }

    [Fact]
    public async Task Use_of_budgets_and_rules_that_raise_them_are_seen()
    {
        var campaigns = (await shop.Client.CampaignsAsync(Ct)).Where(campaign => campaign.AdProduct == AdProduct.SponsoredProducts).ToList();
        var used = await shop.Client.BudgetUseAsync(AdProduct.SponsoredProducts, [.. campaigns.Select(campaign => campaign.Id), new(5)], Ct);
        Assert.Equal(campaigns.OrderBy(campaign => campaign.Id.Value).Select(campaign => (campaign.Id, campaign.DailyBudget)), used.OrderBy(each => each.Campaign.Value).Select(each => (each.Campaign, each.Budget)));

        Assert.Empty(await shop.Client.CampaignsUnderBudgetRulesAsync(AdProduct.SponsoredProducts, Ct));
        for (var number = 0; number < 31; number++)
        {
            var rule = await shop.SendAsync(HttpMethod.Post, "/sp/budgetRules", "application/json",
                """{"budgetRulesDetails":[{"name":"Black week","ruleType":"SCHEDULE","budgetIncreaseBy":{"type":"PERCENT","value":30},"duration":{"dateRangeTypeRuleDuration":{"startDate":"20261120","endDate":"20261130"}},"recurrence":{"type":"DAILY"}}]}"""u8.ToArray());
            if (number < 30) continue;
            await shop.SendAsync(HttpMethod.Post, $"/sp/campaigns/{campaigns[1].Id.Value}/budgetRules", "application/json", Encoding.UTF8.GetBytes($$"""{"budgetRuleIds":["{{rule.RootElement.GetProperty("responses")[0].GetProperty("ruleId").GetString()}}"]}"""));
        }

        Assert.Equal([campaigns[1].Id], await shop.Client.CampaignsUnderBudgetRulesAsync(AdProduct.SponsoredProducts, Ct));
        Assert.Equal(campaigns[1].DailyBudget, (await shop.Client.CampaignsAsync(Ct)).Single(campaign => campaign.Id == campaigns[1].Id).DailyBudget);
        await NothingBrokeTheSpecificationsAsync();
    }

    [Fact]
    public async Task Amazons_own_promotion_of_keywords_is_seen()
    {
        Assert.Empty(await shop.Client.PromotedAdGroupsAsync(Ct));
        await shop.Amazon.SetFaultsAsync(new { clear = true, promotionGroups = 1 }, Ct);

        var promoted = Assert.Single(await shop.Client.PromotedAdGroupsAsync(Ct));

        Assert.Contains(promoted, (await shop.Client.AdGroupsAsync(Ct)).Select(group => group.Id));
        await NothingBrokeTheSpecificationsAsync();
    }

    private async Task NothingBrokeTheSpecificationsAsync()
    {
        await shop.Amazon.SetFaultsAsync(new { clear = true }, Ct);
        Assert.True(shop.Clients.Violations.Count == 0, string.Join(Environment.NewLine, shop.Clients.Violations));
    }

    private static void Same<T>(IEnumerable<T> expected, IEnumerable<T> actual, Func<T, long> id) => Assert.Equal([.. expected.OrderBy(id)], (List<T>)[.. actual.OrderBy(id)]);
}
