using Autonoomi.Amazon.Ads.Services;
using Autonoomi.Core.Advertising;

namespace Autonoomi.Amazon.Ads;

public sealed partial class AdsClient
{
    /// <summary>All living entities: Sponsored Products from exports and, where these fail or take too long, from lists; other ad products from lists.</summary>
    /// <remarks>Both ways give the same entities; exports cost four small files in place of a call for each thousand.</remarks>
    /// <param name="exports">False for what was written a moment ago: an export may not show it yet.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<AdStructure> StructureAsync(bool exports, CancellationToken cancellationToken)
    {
        AdStructure? exported = null;
        AmazonTrouble? trouble = null;
        if (exports && session.Options.UseExports)
        {
            try
            {
                exported = await new Exports(session, documents, clock).ReadAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (AmazonApiException failed)
            {
                trouble = new(failed.Message);
            }
            catch (AmazonDocumentException broken)
            {
                trouble = new(broken.Message);
            }
        }

        AdProduct[] rest = exported is null ? Enum.GetValues<AdProduct>() : [AdProduct.SponsoredBrands, AdProduct.SponsoredDisplay];
        var campaigns = await AllAsync(rest, CampaignsOfAsync, cancellationToken).ConfigureAwait(false);

        // What a profile does not use costs no further calls.
        var used = campaigns.Select(campaign => campaign.AdProduct).Distinct().ToList();
        var adGroups = await AdGroupsAsync(used, cancellationToken).ConfigureAwait(false);
        return new AdStructure(
            [.. exported?.Campaigns ?? [], .. campaigns], [.. exported?.AdGroups ?? [], .. adGroups],
            [.. exported?.ProductAds ?? [], .. await ProductAdsAsync(used, cancellationToken).ConfigureAwait(false)],
            [.. exported?.Targets ?? [], .. await TargetsAsync(adGroups, used, cancellationToken).ConfigureAwait(false)],
            [.. exported?.Negatives ?? [], .. await NegativesAsync(used, cancellationToken).ConfigureAwait(false)])
        { WithoutExports = trouble };
    }
}
