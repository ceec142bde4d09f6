using System.Globalization;
using System.Text.Json.Serialization.Metadata;
using Autonoomi.Amazon.Ads.Services;
using Autonoomi.Amazon.Ads.V1;
using Autonoomi.Amazon.Throttling;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Amazon.Ads;

/// <content>Services around campaigns that neither adapter has: change history, budget usage, portfolios, budget rules, Amazon's own keyword promotion.</content>
public sealed partial class AdsClient
{
    /// <summary>Amazon keeps its change history for so long.</summary>
    public const int HistoryDays = 90;

    private const int HistoryPageSize = 200;
    private const int IdsPerUsage = 100;
    private const int RulesPerPage = 30;
    private const string PortfolioMedia = "application/vnd.spPortfolio.v3+json";
    private const string PromotionMedia = "application/vnd.sptargetpromotiongroup.v2+json";
    private static readonly string[] HistoryTypes = ["CAMPAIGN", "AD_GROUP", "AD", "KEYWORD", "NEGATIVE_KEYWORD", "PRODUCT_TARGETING", "THEME"];

    /// <summary>Everything that changed in the account, whoever changed it, oldest first. Amazon may show a change up to twelve hours late.</summary>
    /// <param name="from">At most <see cref="HistoryDays"/> days ago.</param>
    /// <param name="until">Not before <paramref name="from"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<IReadOnlyList<AccountEvent>> HistoryAsync(DateTimeOffset from, DateTimeOffset until, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(until, from);
        var request = new HistoryRequest(from.ToUnixTimeMilliseconds(), until.ToUnixTimeMilliseconds(),
            HistoryTypes.ToDictionary(type => type, _ => new HistoryType([new(UseProfileIdAdvertiser: true)]), StringComparer.Ordinal), HistoryPageSize, new("DATE", "ASC"));
        var found = new List<AccountEvent>();
        await foreach (var page in PagesAsync("/history", "application/json", next => request with { NextToken = next }, ServiceJson.Default.HistoryRequest, ServiceJson.Default.HistoryPage, page => page.NextToken, cancellationToken).ConfigureAwait(false))
            found.AddRange((page.Events ?? []).Select(Event).OfType<AccountEvent>());
        return found;
    }

    /// <summary>How far today's budgets are used. Campaigns that Amazon does not answer for, or not whole, are missing: a share without its budget and its time says nothing.</summary>
    public async Task<IReadOnlyList<BudgetUse>> BudgetUseAsync(AdProduct product, IReadOnlyList<CampaignId> campaigns, CancellationToken cancellationToken)
    {
        var service = Prefix(product);
        var found = new List<BudgetUse>();
        foreach (var chunk in campaigns.Select(id => UnifiedWords.Text(id.Value)).Distinct(StringComparer.Ordinal).Chunk(IdsPerUsage))
        {
            var call = session.Call(HttpMethod.Post, $"/{service}/campaigns/budget/usage", $"application/vnd.{service}campaignbudgetusage.v1+json", repeatable: true, new CampaignUsageRequest(chunk), ServiceJson.Default.CampaignUsageRequest);
            var answer = await session.ReadAsync(call, ServiceJson.Default.UsageAnswer, cancellationToken).ConfigureAwait(false);
            foreach (var item in answer.Success ?? [])
            {
                if (item is { Budget: { } budget, BudgetUsagePercent: { } percent, UsageUpdatedTimestamp: { } at }) found.Add(new(new(UnifiedWords.Number(item.CampaignId, "campaignId")), Amount(budget), percent, at));
            }
        }

        return found;
    }

    /// <summary>All portfolios of the profile.</summary>
    public async Task<IReadOnlyList<AdPortfolio>> PortfoliosAsync(CancellationToken cancellationToken)
    {
        var found = new List<AdPortfolio>();
        await foreach (var page in PagesAsync("/portfolios/list", PortfolioMedia, next => new PortfolioListRequest { NextToken = next }, ServiceJson.Default.PortfolioListRequest, ServiceJson.Default.PortfolioPage, page => page.NextToken, cancellationToken).ConfigureAwait(false))
        {
            found.AddRange((page.Portfolios ?? []).Select(item => new AdPortfolio(UnifiedWords.Number(item.PortfolioId, "portfolioId"), item.Name ?? "", Policy(item.Budget?.Policy),
                item.Budget is { Amount: { } amount } budget && Policy(budget.Policy) != PortfolioPolicy.NoCap ? Amount(amount) : null)));
        }

        return found;

        static PortfolioPolicy Policy(string? policy) => policy switch
        {
            "MONTHLY_RECURRING" => PortfolioPolicy.Monthly,
            "DATE_RANGE" => PortfolioPolicy.Dates,
            _ => PortfolioPolicy.NoCap,
        };
    }

    /// <summary>Makes a portfolio with a budget that recurs each month.</summary>
    /// <returns>Its id, or Amazon's refusal.</returns>
    public Task<ChangeOutcome> CreatePortfolioAsync(string name, Money monthly, CancellationToken cancellationToken) =>
        WritePortfolioAsync(HttpMethod.Post, new WirePortfolio(null, name, "ENABLED", Monthly(monthly)), cancellationToken);

    /// <summary>Gives a portfolio another monthly budget.</summary>
    public Task<ChangeOutcome> SetPortfolioBudgetAsync(long portfolio, Money monthly, CancellationToken cancellationToken) =>
        WritePortfolioAsync(HttpMethod.Put, new WirePortfolio(UnifiedWords.Text(portfolio), null, null, Monthly(monthly)), cancellationToken);

    /// <summary>Living Sponsored Products campaigns that stand in a portfolio.</summary>
    public async Task<IReadOnlyList<CampaignId>> CampaignsInPortfolioAsync(long portfolio, CancellationToken cancellationToken)
    {
        var found = new List<CampaignId>();
        PortfolioFilter Filter(string? next) => new(new([UnifiedWords.Text(portfolio)]), new(["ENABLED", "PAUSED"]), 500, next);
        await foreach (var page in PagesAsync(Route.Campaigns.Path + "/list", Route.Campaigns.MediaType, Filter, ServiceJson.Default.PortfolioFilter, ServiceJson.Default.PortfolioCampaigns, page => page.NextToken, cancellationToken).ConfigureAwait(false))
            found.AddRange((page.Campaigns ?? []).Select(item => new CampaignId(UnifiedWords.Number(item.CampaignId, "campaignId"))));
        return [.. found.Distinct()];
    }

    /// <summary>Campaigns whose daily budget a rule at Amazon raises: what we set there is not what is spent.</summary>
    public async Task<IReadOnlyList<CampaignId>> CampaignsUnderBudgetRulesAsync(AdProduct product, CancellationToken cancellationToken)
    {
        var service = Prefix(product);
        var found = new HashSet<CampaignId>();
        var rules = new List<string>();
        await foreach (var page in PagesAsync($"/{service}/budgetRules", "GET /budgetRules", ServiceJson.Default.RulePage, page => page.NextToken, cancellationToken).ConfigureAwait(false))
            rules.AddRange((page.Rules ?? []).Where(rule => rule.RuleState != "PAUSED").Select(rule => rule.RuleId).OfType<string>());
        foreach (var rule in rules)
        {
            await foreach (var page in PagesAsync($"/{service}/budgetRules/{Uri.EscapeDataString(rule)}/campaigns", "GET /budgetRules/{id}/campaigns", ServiceJson.Default.RuledPage, page => page.NextToken, cancellationToken).ConfigureAwait(false))
                found.UnionWith((page.Campaigns ?? []).Select(item => new CampaignId(UnifiedWords.Number(item.CampaignId, "campaignId"))));
        }

        return [.. found.OrderBy(id => id.Value)];
    }

    /// <summary>Ad groups from which Amazon itself carries searches over into manual campaigns. Only seen, never made: our own graduation does not fight it.</summary>
    public async Task<IReadOnlyList<AdGroupId>> PromotedAdGroupsAsync(CancellationToken cancellationToken)
    {
        var found = new HashSet<AdGroupId>();
        await foreach (var page in PagesAsync("/sp/targetPromotionGroups/list", PromotionMedia, next => new PromotionRequest(1000, next), ServiceJson.Default.PromotionRequest, ServiceJson.Default.PromotionPage, page => page.NextToken, cancellationToken).ConfigureAwait(false))
            found.UnionWith((page.TargetPromotionGroups ?? []).Where(group => group.SourceAdGroupId is not null).Select(group => new AdGroupId(UnifiedWords.Number(group.SourceAdGroupId, "sourceAdGroupId"))));
        return [.. found.OrderBy(id => id.Value)];
    }

    private static string Prefix(AdProduct product) => product switch
    {
        AdProduct.SponsoredProducts => "sp",
        AdProduct.SponsoredBrands => "sb",
        AdProduct.SponsoredDisplay => "sd",
    };

    private static AccountEvent? Event(HistoryEvent happened)
    {
        EventEntity? entity = happened.EntityType switch
        {
            "CAMPAIGN" => EventEntity.Campaign,
            "AD_GROUP" => EventEntity.AdGroup,
            "AD" => EventEntity.Ad,
            "KEYWORD" => EventEntity.Keyword,

            // Themes of Sponsored Brands stand among the targets, under ids of their own.
            "PRODUCT_TARGETING" or "THEME" => EventEntity.ProductTarget,
            "NEGATIVE_KEYWORD" => EventEntity.NegativeKeyword,
            _ => null,
        };
        if (entity is not { } known) return null;
        var field = happened.ChangeType switch
        {
            "BID_AMOUNT" => EventField.Bid,
            "BUDGET_AMOUNT" => EventField.Budget,
            "DEFAULT_BID_AMOUNT" => EventField.DefaultBid,
            "PLACEMENT_GROUP" => EventField.Placement,
            "STATUS" => EventField.State,
            "SMART_BIDDING_STRATEGY" => EventField.Strategy,
            "NAME" => EventField.Name,
            _ => EventField.Other,
        };

        // Names are not taken over: that one changed is all that is kept of them.
        var tells = field is not EventField.Name;
        return new(DateTimeOffset.FromUnixTimeMilliseconds(happened.Timestamp), known, UnifiedWords.Number(happened.EntityId, "entityId"), field, tells ? happened.PreviousValue : null, tells ? happened.NewValue : null,
            happened.Metadata?.CampaignId is { } campaign ? new CampaignId(UnifiedWords.Number(campaign, "campaignId")) : null);
    }

    private Money Amount(decimal value) => new(value, session.Marketplace.Currency);

    private WirePortfolioBudget Monthly(Money monthly) => monthly.Currency == session.Marketplace.Currency
        ? new("MONTHLY_RECURRING", monthly.Amount, monthly.Currency.Code)
        : throw new ArgumentException($"A portfolio's budget is in the marketplace's currency ({session.Marketplace.Currency.Code}).", nameof(monthly));

    private async Task<ChangeOutcome> WritePortfolioAsync(HttpMethod method, WirePortfolio portfolio, CancellationToken cancellationToken)
    {
        var call = session.Call(method, "/portfolios", PortfolioMedia, repeatable: false, new PortfolioWrites([portfolio]), ServiceJson.Default.PortfolioWrites);
        return (await Writes.SendAsync(session, call, 1, body => Writes.Indexed(body, "portfolios", 1, null), cancellationToken).ConfigureAwait(false))[0];
    }

    /// <summary>All pages of a list that is asked for with a body.</summary>
    private IAsyncEnumerable<TPage> PagesAsync<TRequest, TPage>(string path, string mediaType, Func<string?, TRequest> request, JsonTypeInfo<TRequest> ask, JsonTypeInfo<TPage> read, Func<TPage, string?> next, CancellationToken cancellationToken) =>
        PagesAsync(token => session.Call(HttpMethod.Post, path, mediaType, repeatable: true, request(token), ask), read, next, cancellationToken);

    /// <summary>All pages of a list that is asked for with a query.</summary>
    private IAsyncEnumerable<TPage> PagesAsync<TPage>(string path, string operation, JsonTypeInfo<TPage> read, Func<TPage, string?> next, CancellationToken cancellationToken) =>
        PagesAsync(token => new AmazonCalls.Call(HttpMethod.Get, session.Address($"{path}?pageSize={RulesPerPage.ToString(CultureInfo.InvariantCulture)}{(token is null ? "" : "&nextToken=" + Uri.EscapeDataString(token))}"),
            new CallPlan(operation, session.Lane, Rate: null, Repeatable: true), session.Scope), read, next, cancellationToken);

    private async IAsyncEnumerable<TPage> PagesAsync<TPage>(Func<string?, AmazonCalls.Call> call, JsonTypeInfo<TPage> read, Func<TPage, string?> next, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? token = null;
        do
        {
            var asked = call(token);
            var page = await session.ReadAsync(asked, read, cancellationToken).ConfigureAwait(false);
            yield return page;
            if (next(page) is { Length: > 0 } same && same == token) throw new AmazonApiException(asked.Plan.Operation, null, null, "the list gives the same page for ever", null);
            token = string.IsNullOrEmpty(next(page)) ? null : next(page);
        }
        while (token is not null);
    }
}
