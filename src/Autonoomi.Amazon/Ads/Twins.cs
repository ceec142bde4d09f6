using System.Globalization;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Launches;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Amazon.Ads;

/// <summary>
/// What lives at Amazon under the keys of creations. Amazon's filters find it and its answers are compared again here. Whether Amazon lets two names stand that differ in
/// case alone is not published: a thing with exactly the wanted name goes first, one that differs in case alone is found too and never without saying so. SKUs are compared exactly.
/// </summary>
internal static class Twins
{
    /// <summary>Names and parents that one filter takes, in both families of operations.</summary>
    private const int PerFilter = 100;

    /// <param name="wanted">What is looked for.</param>
    /// <param name="campaignsNamed">Living campaigns by at most <see cref="PerFilter"/> names.</param>
    /// <param name="adGroupsNamed">Living ad groups by names and campaigns, of each at most <see cref="PerFilter"/>.</param>
    /// <param name="adsWithin">Living product ads of at most <see cref="PerFilter"/> ad groups.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<IReadOnlyList<Twin?>> FindAsync(
        IReadOnlyList<Creation> wanted, Func<IReadOnlyList<string>, CancellationToken, Task<IEnumerable<Campaign>>> campaignsNamed,
        Func<IReadOnlyList<string>, IReadOnlyList<long>, CancellationToken, Task<IEnumerable<AdGroup>>> adGroupsNamed,
        Func<IReadOnlyList<long>, CancellationToken, Task<IEnumerable<ProductAd>>> adsWithin, CancellationToken cancellationToken)
    {
        var campaigns = new List<Campaign>();
        foreach (var names in wanted.OfType<CreateCampaign>().Select(campaign => campaign.Name).Distinct(StringComparer.Ordinal).Chunk(PerFilter))
            campaigns.AddRange(await campaignsNamed(names, cancellationToken).ConfigureAwait(false));
        var adGroups = new List<AdGroup>();
        foreach (var some in wanted.OfType<CreateAdGroup>().Chunk(PerFilter))
            adGroups.AddRange(await adGroupsNamed([.. some.Select(group => group.Name).Distinct(StringComparer.Ordinal)], [.. some.Select(group => group.Campaign.Value).Distinct()], cancellationToken).ConfigureAwait(false));
        var ads = new List<ProductAd>();
        foreach (var groups in wanted.OfType<CreateProductAd>().Select(ad => ad.AdGroup.Value).Distinct().Chunk(PerFilter))
            ads.AddRange(await adsWithin(groups, cancellationToken).ConfigureAwait(false));

        var campaignsByName = campaigns.Where(found => found.State != EntityState.Archived).ToLookup(found => found.Name, StringComparer.OrdinalIgnoreCase);
        var adGroupsByCampaign = adGroups.Where(found => found.State != EntityState.Archived).ToLookup(found => found.Campaign);
        var adsByAdGroup = ads.Where(found => found.State != EntityState.Archived).ToLookup(found => found.AdGroup);
        return [.. wanted.Select(creation => creation switch
        {
            CreateCampaign campaign => Nearest(campaignsByName[campaign.Name], campaign.Name, found => found.Name) is { } found ? new Twin(found.Id.Value, Said(Differences(campaign, found))) : null,
            CreateAdGroup group => Nearest(adGroupsByCampaign[group.Campaign], group.Name, found => found.Name) is { } found ? new Twin(found.Id.Value, Said(Differences(group, found))) : null,
            CreateProductAd ad => adsByAdGroup[ad.AdGroup].FirstOrDefault(found => found.Sku == ad.Sku) is { } found ? new Twin(found.Id.Value, Said(State(found.State, EntityState.Enabled))) : null,
            _ => throw new NotSupportedException($"{creation.GetType().Name} cannot be looked for: teach the finder."),
        })];
    }

    private static T? Nearest<T>(IEnumerable<T> found, string name, Func<T, string> nameOf)
        where T : class => found.Where(each => string.Equals(nameOf(each), name, StringComparison.OrdinalIgnoreCase)).OrderBy(each => nameOf(each) == name ? 0 : 1).FirstOrDefault();

    private static IEnumerable<string> Differences(CreateCampaign wanted, Campaign found) =>
    [
        .. Name(found.Name, wanted.Name),
        .. Unlike(found.Targeting, wanted.Targeting, (now, not) => $"its targeting is {Word(now)}, not {Word(not)}"),
        .. Amount(found.DailyBudget, wanted.DailyBudget, "daily budget"),
        .. Unlike(found.Strategy, wanted.Strategy, (now, not) => $"its bidding strategy is {Word(now)}, not {Word(not)}"),
        .. Enum.GetValues<Placement>().SelectMany(placement => Unlike(found.PercentAt(placement), wanted.PercentAt(placement),
            (now, not) => string.Create(CultureInfo.InvariantCulture, $"its increase for {Word(placement)} is {now} %, not {not} %"))),
        .. State(found.State, EntityState.Paused),
    ];

    private static IEnumerable<string> Differences(CreateAdGroup wanted, AdGroup found) =>
        [.. Name(found.Name, wanted.Name), .. Amount(found.DefaultBid, wanted.DefaultBid, "default bid"), .. State(found.State, EntityState.Enabled)];

    private static IEnumerable<string> Name(string found, string wanted) => Unlike(found, wanted, (now, _) => $"its name is written “{now}”");

    private static IEnumerable<string> Amount(Money found, Money wanted, string what) => Unlike(found, wanted, (now, not) => $"its {what} is {Text(now)}, not {Text(not)}");

    private static IEnumerable<string> State(EntityState found, EntityState wanted) => Unlike(found, wanted, (now, not) => $"it is {Word(now)}, not {Word(not)}");

    private static IEnumerable<string> Unlike<T>(T found, T wanted, Func<T, T, string> say) => EqualityComparer<T>.Default.Equals(found, wanted) ? [] : [say(found, wanted)];

    private static string? Said(IEnumerable<string> differences) => string.Join("; ", differences) is { Length: > 0 } said ? said : null;

    private static string Text(Money amount) =>
        string.Create(CultureInfo.InvariantCulture, $"{amount.Amount.ToString(amount.Amount == decimal.Truncate(amount.Amount) ? "0" : "0.00####", CultureInfo.InvariantCulture)} {amount.Currency.Code}");

    private static string Word(EntityState state) => state switch { EntityState.Enabled => "enabled", EntityState.Paused => "paused", EntityState.Archived => "archived" };

    private static string Word(TargetingType targeting) => targeting switch { TargetingType.Auto => "automatic", TargetingType.Manual => "manual" };

    private static string Word(BiddingStrategy strategy) => strategy switch
    {
        BiddingStrategy.DownOnly => "dynamic bids, down only",
        BiddingStrategy.UpAndDown => "dynamic bids, up and down",
        BiddingStrategy.Fixed => "fixed bids",
        BiddingStrategy.RuleBased => "a rule of Amazon's",
    };

    private static string Word(Placement placement) => placement switch
    {
        Placement.TopOfSearch => "the top of search",
        Placement.RestOfSearch => "the rest of search",
        Placement.ProductPages => "product pages",
    };
}
