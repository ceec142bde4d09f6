using System.Collections.Immutable;
using Autonoomi.Amazon;
using Autonoomi.Amazon.Ads;
using Autonoomi.Amazon.Login;
using Autonoomi.App.Platform.AmazonLink;
using Autonoomi.App.Platform.Environments;
using Autonoomi.App.Platform.Jobs;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.History;
using Autonoomi.Core.Primitives;

namespace Autonoomi.App.Features.Run;

/// <summary>
/// What Amazon itself holds, raises and promotes, and what somebody else changed since the last look. None of it is needed to decide: an outage keeps what is known,
/// and what is known grows old (see <c>PortfolioCheck</c>).
/// </summary>
internal sealed partial class ControlsStep(SellerLink link, GrantBook grants, BusinessClock clock, ILogger<ControlsStep> log) : IStep
{
    // Amazon shows a change up to twelve hours late; what was seen already is not kept twice.
    private static readonly TimeSpan Late = TimeSpan.FromHours(13);
    private static readonly TimeSpan FirstLook = TimeSpan.FromDays(14);
    private const int MostKept = 5_000;

    public string Kind => StepNames.Controls;

    public async Task<StepResult> RunAsync(StepContext step, CancellationToken cancellationToken)
    {
        var ads = await link.AdsAsync(step.Seller, step.Storefront, cancellationToken);
        var marketplace = await link.MarketplaceAsync(step.Seller, step.Storefront, cancellationToken);
        var campaigns = EntityTables.Campaigns(await step.Vault.ReadAsync(Dataset.Campaign, step.Storefront, null, cancellationToken), marketplace.Currency);
        var controls = await TryAsync(step, "portfolios and budget rules", () => ControlsAsync(ads, campaigns, cancellationToken), cancellationToken);
        var history = await TryAsync(step, "the change history", () => HistoryAsync(ads, step, cancellationToken), cancellationToken);
        return new StepResult.Finished(history?.Foreign.Length ?? 0, write =>
        {
            if (controls is not null) write.Put(RecordKind.Controls, RecordKind.RecordId(step.Storefront, "latest"), controls, StoredJson.Default.AmazonControls, "latest");
            if (history is not null) write.Put(RecordKind.History, RecordKind.RecordId(step.Storefront, "others"), history, StoredJson.Default.StoredHistory, "latest");
        });
    }

    private async Task<AmazonControls> ControlsAsync(AdsClient ads, ImmutableArray<Campaign> campaigns, CancellationToken cancellationToken)
    {
        var caps = ImmutableArray.CreateBuilder<CappedPortfolio>();
        foreach (var portfolio in await ads.PortfoliosAsync(cancellationToken))
        {
            if (portfolio is { Policy: PortfolioPolicy.Monthly, Budget: { } monthly })
                caps.Add(new(portfolio.Id, portfolio.Name, monthly, [.. await ads.CampaignsInPortfolioAsync(portfolio.Id, cancellationToken)]));
        }

        var ruled = ImmutableArray.CreateBuilder<CampaignId>();
        foreach (var product in campaigns.Select(campaign => campaign.AdProduct).Distinct().Order()) ruled.AddRange(await ads.CampaignsUnderBudgetRulesAsync(product, cancellationToken));
        var promoted = campaigns.Any(campaign => campaign.AdProduct == AdProduct.SponsoredProducts) ? await ads.PromotedAdGroupsAsync(cancellationToken) : [];
        return new(clock.GetUtcNow(), caps.ToImmutable(), ruled.ToImmutable(), [.. promoted]);
    }

    private async Task<StoredHistory> HistoryAsync(AdsClient ads, StepContext step, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var known = await step.Vault.RecordAsync(RecordKind.History, RecordKind.RecordId(step.Storefront, "others"), StoredJson.Default.StoredHistory, cancellationToken);
        var oldest = now.AddDays(1 - AdsClient.HistoryDays);
        var from = known is null ? now - FirstLook : known.Through - Late;
        var events = await ads.HistoryAsync(from > oldest ? from : oldest, now, cancellationToken);
        var journal = (await step.Vault.RecordsAsync(RecordKind.Change, StoredJson.Default.StoredChange, null, cancellationToken))
            .Where(record => record.Id.StartsWith(step.Storefront + "/", StringComparison.Ordinal)).Select(record => new JournalEntry(record.Value.Applied, record.Value.CreatedId));
        var launches = (await step.Vault.RecordsAsync(RecordKind.Launch, StoredJson.Default.StoredLaunch, null, cancellationToken)).Where(record => record.Id.StartsWith(step.Storefront + "/", StringComparison.Ordinal)).Select(record => record.Value).ToList();
        var foreign = Authorship.Attribute(events, journal).Where(item => !item.IsOurs && !launches.Exists(launch => launch.Explains(item.Event, Authorship.Slack))).Select(item => item.Event);
        return new(now, [.. (known?.Foreign ?? []).Concat(foreign).Where(item => item.At >= oldest).Distinct().OrderByDescending(item => item.At).Take(MostKept).OrderBy(item => item.At)]);
    }

    private async Task<T?> TryAsync<T>(StepContext step, string what, Func<Task<T>> read, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await read();
        }
        catch (AmazonApiException outage)
        {
            if (outage is { IsForbidden: true, Grant: { } grant }) await grants.HeardAsync(step.Seller, grant, GrantAnswer.Forbidden, outage.Operation, cancellationToken);
            LogNotRead(what, outage.Status is { } status ? (int)status : 0);
            return null;
        }
        catch (AmazonDocumentException broken)
        {
            LogNotRead(what, broken.Row > 0 ? 0 : -1);
            return null;
        }
    }

    [LoggerMessage(LogLevel.Warning, "Amazon's answer about {What} was {Status}; what is known stays until the next sync")]
    private partial void LogNotRead(string what, int status);
}
