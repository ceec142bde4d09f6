using System.Collections.Immutable;
using Autonoomi.Amazon;
using Autonoomi.Amazon.Login;
using Autonoomi.App.Platform.AmazonLink;
using Autonoomi.App.Platform.Environments;
using Autonoomi.App.Platform.Jobs;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;

namespace Autonoomi.App.Features.Run;

/// <summary>Amazon's suggested bids for the targets whose turn it is. They help a decision and are not needed for one: an outage keeps what is known.</summary>
internal sealed partial class SuggestionsStep(SellerLink link, GrantBook grants, BusinessClock clock, ILogger<SuggestionsStep> log) : IStep
{
    public string Kind => StepNames.Suggestions;

    public async Task<StepResult> RunAsync(StepContext step, CancellationToken cancellationToken)
    {
        var marketplace = await link.MarketplaceAsync(step.Seller, step.Storefront, cancellationToken);
        var today = clock.Today(marketplace);
        var campaigns = EntityTables.Campaigns(await step.Vault.ReadAsync(Dataset.Campaign, step.Storefront, null, cancellationToken), marketplace.Currency);

        // Suggestions are bids per click: where views are paid for, nothing is asked.
        var products = campaigns.Where(campaign => campaign.PaysPerClick).ToDictionary(campaign => campaign.Id, campaign => campaign.AdProduct);
        ImmutableArray<Target> targets = [.. EntityTables.Targets(await step.Vault.ReadAsync(Dataset.Target, step.Storefront, null, cancellationToken), marketplace.Currency).Where(target => products.ContainsKey(target.Campaign))];
        var shown = EntityTables.ProductAds(await step.Vault.ReadAsync(Dataset.ProductAd, step.Storefront, null, cancellationToken)).Where(ad => ad.State == EntityState.Enabled).ToLookup(ad => ad.AdGroup, ad => ad.Asin);
        var known = EntityTables.Suggestions(await step.Vault.ReadAsync(Dataset.Suggestion, step.Storefront, null, cancellationToken), marketplace.Currency);
        var due = SuggestionRound.Due(targets, known, today);
        var ads = await link.AdsAsync(step.Seller, step.Storefront, cancellationToken);
        var asked = new List<AskedSuggestion>();
        try
        {
            foreach (var group in due)
            {
                var wanted = group.ToList();
                asked.AddRange(SuggestionRound.Answered(wanted, await ads.SuggestedBidsAsync(products[wanted[0].Campaign], wanted[0].Campaign, group.Key, wanted, [.. shown[group.Key].Distinct()], cancellationToken), today));
            }
        }
        catch (AmazonApiException outage)
        {
            if (outage is { IsForbidden: true, Grant: { } grant }) await grants.HeardAsync(step.Seller, grant, GrantAnswer.Forbidden, outage.Operation, cancellationToken);
            LogIncomplete(asked.Count, due.Sum(group => group.Count()), outage.Status is { } status ? (int)status : 0);
        }

        var now = SuggestionRound.Learn(targets, known, asked);
        return new StepResult.Finished(asked.Count, write => write.ReplaceSnapshot(Dataset.Suggestion, step.Storefront, EntityTables.ToTable(now)));
    }

    [LoggerMessage(LogLevel.Warning, "Amazon suggested bids for {Answered} of {Asked} targets and then answered {Status}; the others keep theirs until the next sync")]
    private partial void LogIncomplete(int answered, int asked, int status);
}
