using Autonoomi.Amazon.Ads;
using Autonoomi.Amazon.Ads.V1;
using Autonoomi.Amazon.Tests.Adapters;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Launches;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;
using Autonoomi.Testing;

namespace Autonoomi.Amazon.Tests;

/// <summary>A launch as a seller meets it: made over HTTP, switched on, and days later in the reports.</summary>
public sealed class LaunchOnPretendAmazonTests
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(AdsAdapter.Product)]
    [InlineData(AdsAdapter.Unified)]
    public async Task What_was_launched_is_in_the_reports_of_the_days_after_it_was_switched_on(AdsAdapter family)
    {
        await using var shop = new AdShop(historyDays: 14);
        await shop.InitializeAsync();
        IAdAdapter adapter = family == AdsAdapter.Product ? new SponsoredProductsV3(shop.Session) : new UnifiedV1(shop.Session, AdProduct.SponsoredProducts);
        var today = await TodayAsync(shop);
        var sku = (await adapter.ProductAdsAsync(Ct))[0].Sku;
        var own = (await adapter.ProductAdsAsync(Ct)).Where(ad => ad.Sku == sku).Select(ad => ad.AdGroup).ToHashSet();
        var words = (await adapter.TargetsAsync(await adapter.AdGroupsAsync(Ct), Ct)).Where(target => own.Contains(target.AdGroup) && target.Match == MatchType.Exact).Select(target => target.Text).ToList();
        var campaigns = await MadeAsync(
            new CreateCampaign("Launch | Exact", TargetingType.Manual, Usd(400m), BiddingStrategy.Fixed, today, TopOfSearchPercent: 50), new CreateCampaign("Launch | Auto", TargetingType.Auto, Usd(400m), BiddingStrategy.Fixed, today));
        var groups = await MadeAsync([.. campaigns.Select(id => new CreateAdGroup(new(id), "Group", Usd(4m)))]);
        await MadeAsync([.. campaigns.Zip(groups).Select(pair => new CreateProductAd(new(pair.First), new(pair.Second), sku))]);
        await TakenAsync([.. words.Select(word => new CreateTarget(new(campaigns[0]), new(groups[0]), MatchType.Exact, word, Usd(8m)))]);
        await shop.Amazon.AdvanceAsync(2, Ct);
        await TakenAsync([.. campaigns.Select(id => new SetCampaignState(new(id), EntityState.Paused, EntityState.Enabled))]);
        var switchedOn = await TodayAsync(shop);
        await shop.Amazon.AdvanceAsync(8, Ct);
        var days = new DateSpan(today, (await TodayAsync(shop)).AddDays(-1));

        var targets = (await adapter.TargetsAsync(await adapter.AdGroupsAsync(Ct), Ct)).Where(target => groups.Contains(target.AdGroup.Value)).ToDictionary(target => target.Id.Value);
        var byTarget = await RowsAsync(Dataset.TargetDay);
        var byTerm = await RowsAsync(Dataset.SearchTermDay);

        Assert.All(byTarget, row => Assert.True(row.Day >= switchedOn, $"{row.Day} is before the campaign was switched on"));
        Assert.All(campaigns, campaign => Assert.True(byTarget.Where(row => row.Campaign == campaign).Sum(row => row.Cost) > 0, "no spend"));
        Assert.All(byTarget, row => Assert.Contains(row.Target, targets.Keys));
        Assert.Equal(byTarget.Sum(row => row.Clicks), byTerm.Sum(row => row.Clicks));
        Assert.All(byTerm.Where(row => row.Campaign == campaigns[0]), row => Assert.Equal(targets[row.Target].Text, row.Term, ignoreCase: true));
        Assert.True(byTerm.Where(row => row.Campaign == campaigns[1]).Select(row => row.Term).Distinct(StringComparer.Ordinal).Count() > 10, "the automatic campaign found few searches");
        Assert.Empty(shop.Clients.Violations);
        Figures.Tell($"A launch through {adapter.GetType().Name}: {byTarget.Sum(row => row.Clicks)} clicks in 8 days, {byTarget.Where(row => row.Clicks > 0).Select(row => row.Target).Distinct().Count()} of {targets.Count} targets clicked, {byTerm.Select(row => row.Term).Distinct(StringComparer.Ordinal).Count()} search terms");

        Money Usd(decimal amount) => new(amount, shop.Session.Marketplace.Currency);

        async Task<IReadOnlyList<long>> MadeAsync(params Creation[] creations)
        {
            var outcomes = await adapter.CreateAsync(creations, Ct);
            Assert.All(outcomes, outcome => Assert.Equal(OutcomeKind.Accepted, outcome.Kind));
            return [.. outcomes.Select(outcome => outcome.CreatedId!.Value)];
        }

        async Task TakenAsync(params Change[] changes) => Assert.All(await adapter.ApplyAsync(changes, Ct), outcome => Assert.Equal(OutcomeKind.Accepted, outcome.Kind));

        async Task<IReadOnlyList<(DateOnly Day, long Campaign, long Target, string Term, long Clicks, long Cost)>> RowsAsync(Dataset dataset)
        {
            var id = await shop.Client.RequestReportAsync(dataset, days, Ct);
            var status = await shop.Client.ReportStatusAsync(id, Ct);
            for (var poll = 0; status.State == ReportState.Waiting && poll < 10; poll++) status = await shop.Client.ReportStatusAsync(id, Ct);
            var table = await shop.Client.DownloadReportAsync(dataset, status.Location!, Ct);
            return [.. Enumerable.Range(0, table.Rows).Select(row => (
                    DateOnly.FromDayNumber(table.Ints("day")[row]), table.Longs("campaign_id")[row], table.Longs("target_id")[row],
                    dataset == Dataset.SearchTermDay ? table.Texts("search_term")[row] : "", table.Longs("clicks")[row], table.Longs("cost")[row]))
                .Where(row => campaigns.Contains(row.Item2))];
        }
    }

    private static async Task<DateOnly> TodayAsync(AdShop shop) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(await shop.Amazon.ClockAsync(Ct), TimeZoneInfo.FindSystemTimeZoneById(shop.Session.Marketplace.TimeZone)).DateTime);
}
