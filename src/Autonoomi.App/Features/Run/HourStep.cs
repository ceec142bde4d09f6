using Autonoomi.Amazon.Ads;
using Autonoomi.App.Platform.AmazonLink;
using Autonoomi.App.Platform.Environments;
using Autonoomi.App.Platform.Jobs;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Intraday;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;

namespace Autonoomi.App.Features.Run;

/// <summary>What the day has cost so far, as Amazon counts it against the budgets of Sponsored Products. See docs/maths/intraday.md.</summary>
internal sealed partial class HourStep(SellerLink link, Workspaces workspaces, BusinessClock clock, ILogger<HourStep> log) : IStep
{
    public string Kind => StepNames.Hour;

    public async Task<StepResult> RunAsync(StepContext step, CancellationToken cancellationToken)
    {
        var workspace = (await workspaces.GetAsync(step.Seller, step.Storefront, cancellationToken)).OfSponsoredProducts();
        var day = clock.Day(workspace.Marketplace);
        var ads = await link.AdsAsync(step.Seller, step.Storefront, cancellationToken);
        var before = await ReadAsync(step, workspace, day, cancellationToken);
        var asked = workspace.Campaigns.Where(campaign => campaign.State == EntityState.Enabled).Select(campaign => campaign.Id).ToList();
        var answers = asked.Count == 0 ? [] : await ads.BudgetUseAsync(AdProduct.SponsoredProducts, asked, cancellationToken);
        var now = before with { Today = before.Today.With(day, answers.Select(use => (use.Campaign, Count(use))), MovedAt(workspace, day)) };
        LogCounted(step.Storefront.Value, answers.Count, asked.Count);
        return new StepResult.Finished(answers.Count, write => write.Put(RecordKind.Hours, Id(step.Storefront), now, StoredJson.Default.StoredHours, "latest"));
    }

    private static async Task<StoredHours> ReadAsync(StepContext step, Workspace workspace, ReportingDay day, CancellationToken cancellationToken) =>
        await step.Vault.RecordAsync(RecordKind.Hours, Id(step.Storefront), StoredJson.Default.StoredHours, cancellationToken) is { } stored
            ? stored.On(day, BusinessClock.Day(workspace.Marketplace, stored.Today.Date))
            : new(new(day.Date, []), []);

    private static string Id(StorefrontId storefront) => RecordKind.RecordId(storefront, "latest");

    // The percent is of the budget that stands beside it: a budget that was changed during the day changes both.
    private static SpendCount Count(BudgetUse use) => new(use.At, decimal.Round(use.Budget.Amount * use.Percent / 100, use.Budget.Currency.Decimals), use.Budget.Amount);

    private static Dictionary<CampaignId, DateTimeOffset> MovedAt(Workspace workspace, ReportingDay day) => workspace.Changes
        .Where(applied => applied.Change is SetBudget && day.Holds(applied.At)).GroupBy(applied => applied.Change.Campaign).ToDictionary(group => group.Key, group => group.Max(applied => applied.At));

    [LoggerMessage(LogLevel.Information, "Storefront {Storefront}: Amazon told how far {Told} of {Asked} budgets are used")]
    private partial void LogCounted(long storefront, int told, int asked);
}
