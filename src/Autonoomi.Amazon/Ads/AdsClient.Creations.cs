using Autonoomi.Core.Advertising;
using Autonoomi.Core.Launches;

namespace Autonoomi.Amazon.Ads;

public sealed partial class AdsClient
{
    /// <summary>Makes campaigns, ad groups and product ads of Sponsored Products. Campaigns are made paused, ad groups and product ads enabled.</summary>
    /// <remarks>Nothing is sent twice, throttled or not: look with <see cref="FindAsync"/> before repeating what is not <see cref="OutcomeKind.Accepted"/>. Amazon judges each item alone.</remarks>
    /// <param name="creations">Their parents already there; no two with the same <see cref="Creation.EntityKey"/>.</param>
    /// <param name="cancellationToken">Ends the wait; what was sent stays sent.</param>
    /// <returns>One outcome per creation, in the order given; an accepted one has Amazon's id.</returns>
    /// <exception cref="ArgumentException">Two creations have one key.</exception>
    public async Task<IReadOnlyList<ChangeOutcome>> CreateAsync(IReadOnlyList<Creation> creations, CancellationToken cancellationToken)
    {
        if (creations.GroupBy(creation => creation.EntityKey, StringComparer.Ordinal).FirstOrDefault(group => group.Skip(1).Any()) is { } twice)
            throw new ArgumentException($"Two creations of one batch would make the same thing ({twice.Key.Split(':')[0]}): Amazon would refuse one of them.", nameof(creations));
        return await Creator.CreateAsync(creations, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Looks for what lives at Amazon, archived things excluded, under the keys of creations: a campaign by its name, an ad group by its name in its campaign, a product ad by its SKU in its ad group.</summary>
    /// <remarks>
    /// Start days are not compared. A name that differs in case alone counts as the same, with that as its difference, since Amazon may refuse the second of them; exactly the wanted name goes before it.
    /// Parents are not looked at: below an archived campaign things stay as they were.
    /// </remarks>
    /// <param name="wanted">What a launch makes or has made.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>One per creation, in the order given; null where nothing is there.</returns>
    public Task<IReadOnlyList<Twin?>> FindAsync(IReadOnlyList<Creation> wanted, CancellationToken cancellationToken) => Creator.FindAsync(wanted, cancellationToken);

    private IAdAdapter Creator => adapters.First(adapter => adapter.AdProduct == AdProduct.SponsoredProducts);
}
