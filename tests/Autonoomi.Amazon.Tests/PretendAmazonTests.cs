using Autonoomi.Amazon.Ads;
using Autonoomi.Amazon.Login;
using Autonoomi.Amazon.SellingPartner;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;
using Autonoomi.Testing;

namespace Autonoomi.Amazon.Tests;

/// <summary>The clients against the pretend Amazon as it runs in the demo; every exchange is held against Amazon's specifications.</summary>
public sealed class PretendAmazonTests
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;
    internal static readonly Uri Redirect = new("http://127.0.0.1:5000/connect/done");

    [Fact]
    public async Task From_consent_to_written_bids_and_back()
    {
        await using var amazon = await PretendAmazon.StartAsync(historyDays: 14);
        await using var clients = Connect(amazon);

        var verifier = ProofKey.NewVerifier();
        var adsCode = await ConsentAsync(clients.Login.AdsConsentAddress("state-1", ProofKey.Challenge(verifier), Redirect));
        await Assert.ThrowsAsync<AmazonApiException>(() => clients.Login.ExchangeAsync(GrantKind.Ads, adsCode["code"], Redirect, ProofKey.NewVerifier(), Ct));
        adsCode = await ConsentAsync(clients.Login.AdsConsentAddress("state-1", ProofKey.Challenge(verifier), Redirect));
        Assert.Equal("state-1", adsCode["state"]);
        var ads = new GrantHandle("ads", GrantKind.Ads, (await clients.Login.ExchangeAsync(GrantKind.Ads, adsCode["code"], Redirect, verifier, Ct)).RefreshToken);
        var sellerCode = await ConsentAsync(clients.Login.SellerConsentAddress("state-2", Redirect));
        var seller = new GrantHandle("sp", GrantKind.SellingPartner, (await clients.Login.ExchangeAsync(GrantKind.SellingPartner, sellerCode["spapi_oauth_code"], Redirect, null, Ct)).RefreshToken);

        // Who and where.
        var profile = Assert.Single(await clients.Connections.Ads(ads, null, null).ProfilesAsync(Ct));
        Assert.Equal(sellerCode["selling_partner_id"], profile.AccountId);
        var client = clients.Connections.Ads(ads, profile.Id, profile.Marketplace);
        var partner = clients.Connections.SellingPartner(seller, sellerCode["selling_partner_id"], profile.Marketplace);
        Assert.Contains(profile.Marketplace, (await partner.ParticipationsAsync(Ct)).Select(participation => participation.Marketplace));

        // What is there.
        var campaigns = await client.CampaignsAsync(Ct);
        var groups = await client.AdGroupsAsync(Ct);
        var productAds = await client.ProductAdsAsync(Ct);
        var targets = await client.TargetsAsync(groups, Ct);
        var listings = await partner.ListingsAsync(Ct);
        Assert.True(campaigns.Count >= 20, $"{campaigns.Count} campaigns");
        Assert.True(targets.Count >= 300, $"{targets.Count} targets");
        Assert.All(targets, target => Assert.Contains(target.AdGroup, groups.Select(group => group.Id)));
        Assert.All(productAds, ad => Assert.Contains(ad.Sku, listings.Select(listing => listing.Sku)));
        Assert.All(listings, listing => Assert.True(listing.Price.Amount > 0));

        // Every kind of change is written, seen as done, and taken as the world's truth.
        var manual = campaigns.First(campaign => campaign.Targeting == TargetingType.Manual);
        var group = groups.First(each => each.Campaign == manual.Id);
        var keyword = targets.First(target => target.Kind == TargetKind.Keyword);
        var auto = targets.First(target => target.Kind == TargetKind.Auto);
        var changes = new List<Change>
        {
            new SetBid(keyword.Campaign, keyword.AdGroup, keyword.Id, keyword.Kind, keyword.Bid, keyword.Bid with { Amount = keyword.Bid.Amount + 0.07m }),
            new SetBid(auto.Campaign, auto.AdGroup, auto.Id, auto.Kind, auto.Bid, auto.Bid with { Amount = auto.Bid.Amount + 0.03m }),
            new SetBudget(manual.Id, manual.DailyBudget, manual.DailyBudget with { Amount = manual.DailyBudget.Amount + 5m }),
            new SetPlacement(manual.Id, Placement.TopOfSearch, manual.TopOfSearchPercent, manual.TopOfSearchPercent + 15),
            new SetPlacement(manual.Id, Placement.ProductPages, manual.ProductPagesPercent, manual.ProductPagesPercent + 10),
            new SetTargetState(keyword.Campaign, keyword.AdGroup, keyword.Id, keyword.Kind, keyword.State, EntityState.Paused),
            new CreateTarget(manual.Id, group.Id, MatchType.Exact, "quite new search term", new Money(0.55m, profile.Marketplace.Currency)),
            new AddNegative(manual.Id, group.Id, NegativeMatch.Exact, "never this term"),
            new AddNegative(manual.Id, null, NegativeMatch.Phrase, "never these"),
        };
        Assert.All(await client.ObserveAsync(changes, Ct), seen => Assert.Equal(Observation.Untouched, seen));
        var outcomes = await client.ApplyAsync(changes, Ct);
        Assert.All(outcomes, outcome => Assert.Equal(OutcomeKind.Accepted, outcome.Kind));
        Assert.All(await client.ObserveAsync(changes, Ct), seen => Assert.Equal(Observation.Done, seen));
        var after = (await client.CampaignsAsync(Ct)).Single(campaign => campaign.Id == manual.Id);
        Assert.Equal(manual.TopOfSearchPercent + 15, after.TopOfSearchPercent);
        Assert.Equal(manual.ProductPagesPercent + 10, after.ProductPagesPercent);
        Assert.Equal(manual.Strategy, after.Strategy);
        var again = await client.ApplyAsync([changes[6], new SetBid(keyword.Campaign, keyword.AdGroup, keyword.Id, keyword.Kind, keyword.Bid, keyword.Bid with { Amount = 0.001m })], Ct);
        Assert.Equal("DUPLICATE_VALUE", again[0].Code);
        Assert.Equal("BID_OUT_OF_MARKET_PLACE_RANGE", again[1].Code);

        var negatives = await client.NegativesAsync(Ct);
        var negative = Assert.Single(negatives, each => each.Text == "never this term");
        Assert.Equal(group.Id, negative.AdGroup);
        Assert.Null(Assert.Single(negatives, each => each.Text == "never these").AdGroup);
        var removal = new ArchiveNegative(manual.Id, group.Id, negative.Id, negative.Match, negative.Text);
        Assert.Equal(Observation.Untouched, Assert.Single(await client.ObserveAsync([removal], Ct)));
        Assert.Equal(OutcomeKind.Accepted, Assert.Single(await client.ApplyAsync([removal], Ct)).Kind);
        Assert.Equal(Observation.Done, Assert.Single(await client.ObserveAsync([removal], Ct)));

        // What Amazon suggests to bid: for living targets, in the storefront's currency, in order.
        var auctioned = (await client.TargetsAsync(await client.AdGroupsAsync(Ct), Ct)).Where(target => target.AdGroup == group.Id && target.State == EntityState.Enabled).ToList();
        var suggested = await client.SuggestedBidsAsync(manual.Id, group.Id, auctioned, Ct);
        Assert.NotEmpty(suggested);
        Assert.Equal(suggested.Select(each => each.Target), auctioned.Select(target => target.Id).Where(id => suggested.Any(each => each.Target == id)));
        Assert.All(suggested, each => Assert.True(each.Low.Amount > 0 && each.Low.Amount <= each.Median.Amount && each.Median.Amount <= each.High.Amount));
        Assert.All(suggested, each => Assert.Equal(profile.Marketplace.Currency, each.Median.Currency));
        Assert.Empty(await client.SuggestedBidsAsync(manual.Id, new(1), auctioned, Ct));
        Assert.Empty(await client.SuggestedBidsAsync(manual.Id, group.Id, [auctioned[0] with { Match = MatchType.Category, Text = "123 (refined)" }], Ct));

        // What happened.
        var now = await amazon.ClockAsync(Ct);
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, TimeZoneInfo.FindSystemTimeZoneById(profile.TimeZone)).DateTime);
        var days = DateSpan.Ending(today.AddDays(-1), 10);
        var facts = new Dictionary<Dataset, FactTable>();
        foreach (var dataset in new[] { Dataset.TargetDay, Dataset.SearchTermDay, Dataset.PlacementDay, Dataset.ProductDay })
        {
            var id = await client.RequestReportAsync(dataset, days, Ct);
            Assert.Equal(id, await client.RequestReportAsync(dataset, days, Ct));
            var status = await client.ReportStatusAsync(id, Ct);
            for (var poll = 0; status.State == ReportState.Waiting && poll < 10; poll++) status = await client.ReportStatusAsync(id, Ct);
            Assert.Equal(ReportState.Done, status.State);
            facts[dataset] = await client.DownloadReportAsync(dataset, status.Location!, Ct);
            Assert.True(facts[dataset].Rows > 50, $"{dataset} has {facts[dataset].Rows} rows");
            Assert.All(facts[dataset].Ints("day").ToArray(), day => Assert.True(days.Contains(DateOnly.FromDayNumber(day))));
        }

        Assert.Equal(Sum(facts[Dataset.TargetDay], "cost"), Sum(facts[Dataset.ProductDay], "cost"));
        Assert.Equal(Sum(facts[Dataset.TargetDay], "clicks"), Sum(facts[Dataset.SearchTermDay], "clicks"));

        var inventory = await partner.InventoryAsync(today, Ct);
        Assert.Equal(listings.Select(listing => listing.Sku.Value).Order(StringComparer.Ordinal), inventory.Texts("sku").Words.Order(StringComparer.Ordinal));
        var orders = await partner.OrdersAsync(now.AddDays(-3), Ct);
        Assert.True(Sum(orders, "sales") > 0);
        var query = await partner.RequestEconomicsAsync(days, Ct);
        var asked = await partner.QueryStatusAsync(query, Ct);
        for (var poll = 0; asked.State == QueryState.Waiting && poll < 10; poll++) asked = await partner.QueryStatusAsync(query, Ct);
        Assert.Equal(QueryState.Done, asked.State);
        var economics = await partner.DownloadEconomicsAsync(asked.DocumentId!, Ct);
        Assert.True(Sum(economics, "ordered_sales") > 0);
        Assert.True(Sum(economics, "referral_fee") > 0);
        Assert.True(Sum(economics, "fulfilment_fee") > 0);
        Assert.Equal(Sum(facts[Dataset.ProductDay], "cost"), Sum(economics, "ad_charge"));

        Assert.Empty(clients.Violations);
        Assert.True(Repository.Specs is null || clients.Exchanges.Count > 15);
        foreach (var secret in new[] { ads.RefreshToken.Reveal(), seller.RefreshToken.Reveal(), "Atza|" })
            Assert.DoesNotContain(secret, clients.Logs, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_world_that_moves_on_a_day_only_costs_a_new_access_token_and_a_revoked_consent_says_so()
    {
        await using var amazon = await PretendAmazon.StartAsync(historyDays: 2);
        await using var clients = Connect(amazon);
        var code = await ConsentAsync(clients.Login.AdsConsentAddress("s", ProofKey.Challenge("verifier-verifier-verifier-verifier-verifier"), Redirect));
        var grant = new GrantHandle("ads", GrantKind.Ads, (await clients.Login.ExchangeAsync(GrantKind.Ads, code["code"], Redirect, "verifier-verifier-verifier-verifier-verifier", Ct)).RefreshToken);
        var client = clients.Connections.Ads(grant, null, null);
        await client.ProfilesAsync(Ct);

        await amazon.AdvanceAsync(1, Ct);
        await client.ProfilesAsync(Ct);

        await amazon.SetFaultsAsync(new { revoke = new[] { "ads" } }, Ct);
        await Assert.ThrowsAsync<GrantRevokedException>(() => client.ProfilesAsync(Ct));
    }

    internal static Clients Connect(PretendAmazon amazon) => new(amazon.Address, options =>
    {
        options.AdsClientId = "amzn1.application-oa2-client.pretend0ads00000000000000000000";
        options.AdsClientSecret = "pretend-ads-client-secret";
        options.SellingPartnerClientId = "amzn1.application-oa2-client.pretend0sp000000000000000000000";
        options.SellingPartnerClientSecret = "pretend-selling-partner-client-secret";
        options.SellingPartnerApplicationId = "amzn1.sp.solution.pretend0-0000-0000-0000-000000000000";
    }, checkSpecs: true);

    private static long Sum(FactTable table, string column)
    {
        long sum = 0;
        foreach (var value in table.Longs(column)) sum += value;
        return sum;
    }

    internal static async Task<Dictionary<string, string>> ConsentAsync(Uri address)
    {
        using var browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("decision", "allow")]);
        using var answer = await browser.PostAsync(address, form, Ct);
        return answer.Headers.Location!.Query.TrimStart('?').Split('&').Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => Uri.UnescapeDataString(pair[1]), StringComparer.Ordinal);
    }
}
