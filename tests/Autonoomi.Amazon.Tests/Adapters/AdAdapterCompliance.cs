using Autonoomi.Amazon.Ads;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Launches;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;

namespace Autonoomi.Amazon.Tests.Adapters;

/// <summary>
/// What every <see cref="IAdAdapter"/> must do, whatever Amazon's operations behind it look like: run for each adapter against the pretend Amazon over real HTTP,
/// with every exchange held against Amazon's specifications.
/// </summary>
public abstract class AdAdapterCompliance(AdShop shop) : IClassFixture<AdShop>
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;
    private static int names;

    private protected AdShop Shop => shop;

    private protected IAdAdapter Adapter => field ??= Make(shop.Session);

    /// <summary>Where bids of <see cref="BidKind"/> are written.</summary>
    protected abstract string BidPath { get; }

    /// <summary>Method of that write.</summary>
    protected virtual string BidMethod => "PUT";

    protected virtual TargetKind BidKind => TargetKind.Keyword;

    /// <summary>Amazon's code for a bid outside the marketplace's range.</summary>
    protected abstract string OutOfRange { get; }

    /// <summary>A bid that is refused; where the schema itself forbids low ones, a high one.</summary>
    protected virtual decimal TooLow => 0.001m;

    /// <summary>Amazon's code for what is there already.</summary>
    protected abstract string Duplicate { get; }

    /// <summary>Whether campaigns of this ad product have placements that can be bid on.</summary>
    protected virtual bool HasPlacements => true;

    /// <summary>Whether keywords and negative keywords exist.</summary>
    protected virtual bool HasKeywords => true;

    /// <summary>Whether a negative can stand for a whole campaign.</summary>
    protected virtual bool HasCampaignNegatives => false;

    /// <summary>Kinds of targets that people choose and nothing here creates.</summary>
    protected abstract IReadOnlyList<MatchType> Rare { get; }

    /// <summary>Matches that a target may be created with.</summary>
    protected abstract IReadOnlyList<MatchType> Creatable { get; }

    /// <summary>Whether campaigns, ad groups and product ads are made: <see cref="SponsoredProductsCompliance"/> tells how.</summary>
    protected virtual bool Creates => false;

    private protected abstract IAdAdapter Make(AdsSession session);

    /// <summary>Archives an ad group, which no change of ours does.</summary>
    protected abstract Task ArchiveAdGroupAsync(AdGroupId group);

    /// <summary>Makes an empty ad group, which no change of ours does.</summary>
    protected abstract Task<AdGroupId> MakeAdGroupAsync(CampaignId campaign, string name);

    [Fact]
    public async Task All_entities_are_read_and_hang_together()
    {
        var campaigns = await Adapter.CampaignsAsync(Ct);
        var groups = await Adapter.AdGroupsAsync(Ct);
        var ads = await Adapter.ProductAdsAsync(Ct);
        var targets = await Adapter.TargetsAsync(groups, Ct);

        Assert.NotEmpty(campaigns);
        Assert.All(campaigns, campaign => Assert.Equal(Adapter.AdProduct, campaign.AdProduct));
        Assert.False(await Adapter.HasArchivedAsync(Ct), "no campaign of the account has ended");
        Assert.All(campaigns, campaign => Assert.True(campaign.DailyBudget.Amount > 0));
        Assert.Equal(campaigns.Count, campaigns.Select(campaign => campaign.Id).Distinct().Count());

        // Bids per thousand views are told from bids per click; of Sponsored Products nothing is said, and nothing needs to be.
        Assert.Equal(Adapter.AdProduct == AdProduct.SponsoredProducts ? [CostType.Unknown] : [CostType.PerClick, CostType.PerThousandViews], campaigns.Select(campaign => campaign.CostType).Distinct().Order());
        Assert.Contains(campaigns, campaign => campaign.PaysPerClick);
        Assert.NotEmpty(groups);
        Assert.All(groups, group => Assert.Contains(group.Campaign, campaigns.Select(campaign => campaign.Id)));
        Assert.NotEmpty(ads);
        Assert.All(ads, ad => Assert.Contains(ad.Campaign, campaigns.Select(campaign => campaign.Id)));
        Assert.Contains(ads, ad => groups.Any(group => group.Id == ad.AdGroup));
        Assert.All(ads, ad => Assert.NotEqual("", ad.Asin.Value));
        Assert.NotEmpty(targets);
        Assert.All(targets, target => Assert.Contains(target.Campaign, campaigns.Select(campaign => campaign.Id)));
        Assert.Contains(targets, target => groups.Any(group => group.Id == target.AdGroup));
        Assert.All(targets, target => Assert.True(target.Bid.Amount > 0));
        Assert.Equal(targets.Count, targets.Select(target => (target.Kind, target.Id)).Distinct().Count());
        await NothingBrokeTheSpecificationsAsync();
    }

    [Fact]
    public async Task Every_kind_of_change_it_supports_is_untouched_then_accepted_then_done()
    {
        var (campaign, group, targets) = await SceneAsync();
        var homes = await HomesAsync(group);
        var own = targets.Where(target => target.State == EntityState.Enabled).GroupBy(target => target.Match).Select(same => same.First()).ToList();
        var rest = targets.First(target => target.State == EntityState.Enabled && target.Kind == BidKind && !own.Contains(target));
        List<Change> changes =
        [
            .. own.Select(target => Bid(target, target.Bid.Amount + Step)),
            .. own.Select(target => State(target, EntityState.Paused)),
            State(rest, EntityState.Archived),
            Of(new SetBudget(campaign.Id, campaign.DailyBudget, campaign.DailyBudget with { Amount = campaign.DailyBudget.Amount + 7m })),
            .. Creatable.Select(match => Creation(homes(match), match, match is MatchType.Product ? "B0NEWASIN1" : match is MatchType.Category ? "123456" : New("a quite new term"))),
        ];
        if (HasPlacements)
        {
            changes.Add(Of(new SetPlacement(campaign.Id, Placement.TopOfSearch, campaign.TopOfSearchPercent, campaign.TopOfSearchPercent + 15)));
            changes.Add(Of(new SetPlacement(campaign.Id, Placement.ProductPages, campaign.ProductPagesPercent, campaign.ProductPagesPercent + 10)));
        }

        changes.Add(Of(new AddNegative(campaign.Id, group.Id, NegativeMatch.Product, "B0NEVERASI")));
        if (HasKeywords)
        {
            changes.Add(Of(new AddNegative(campaign.Id, group.Id, NegativeMatch.Exact, New("never this"))));
            changes.Add(Of(new AddNegative(campaign.Id, group.Id, NegativeMatch.Phrase, New("nor this"))));
        }

        if (HasCampaignNegatives) changes.Add(Of(new AddNegative(campaign.Id, null, NegativeMatch.Exact, New("nowhere this"))));

        Assert.All(await Adapter.ObserveAsync(changes, Ct), seen => Assert.Equal(Observation.Untouched, seen));
        var outcomes = await Adapter.ApplyAsync(changes, Ct);
        Assert.All(changes.Zip(outcomes), pair => Assert.True(pair.Second.Kind == OutcomeKind.Accepted, $"{pair.First}: {pair.Second}"));
        Assert.All(changes.Zip(outcomes), pair => Assert.True(pair.First is not (CreateTarget or AddNegative) || pair.Second.CreatedId > 0, $"{pair.First} has no id"));
        Assert.All(changes.Zip(await Adapter.ObserveAsync(changes, Ct)), pair => Assert.True(pair.Second == Observation.Done, $"{pair.First}: {pair.Second}"));

        // What was written is what is read.
        var after = await Adapter.CampaignsAsync(Ct);
        Assert.Equal(campaign.DailyBudget.Amount + 7m, after.Single(each => each.Id == campaign.Id).DailyBudget.Amount);
        if (HasPlacements) Assert.Equal(campaign.TopOfSearchPercent + 15, after.Single(each => each.Id == campaign.Id).TopOfSearchPercent);
        var negatives = await Adapter.NegativesAsync(Ct);
        foreach (var added in changes.OfType<AddNegative>())
        {
            var negative = Assert.Single(negatives, each => each.Text.Equals(added.Text, StringComparison.OrdinalIgnoreCase) && each.Match == added.Match);
            Assert.Equal(added.AdGroup, negative.AdGroup);
            var removal = Of(new ArchiveNegative(campaign.Id, negative.AdGroup, negative.Id, negative.Match, negative.Text));
            Assert.Equal(Observation.Untouched, Assert.Single(await Adapter.ObserveAsync([removal], Ct)));
            Assert.Equal(OutcomeKind.Accepted, Assert.Single(await Adapter.ApplyAsync([removal], Ct)).Kind);
            Assert.Equal(Observation.Done, Assert.Single(await Adapter.ObserveAsync([removal], Ct)));
        }

        await NothingBrokeTheSpecificationsAsync();
    }

    [Fact]
    public async Task Campaigns_and_ad_groups_rest_and_wake_again()
    {
        var (campaign, group, _) = await SceneAsync();
        List<Change> rest = [Of(new SetCampaignState(campaign.Id, EntityState.Enabled, EntityState.Paused)), Of(new SetAdGroupState(campaign.Id, group.Id, group.State, EntityState.Paused))];
        List<Change> wake = [Of(new SetCampaignState(campaign.Id, EntityState.Paused, EntityState.Enabled)), Of(new SetAdGroupState(campaign.Id, group.Id, EntityState.Paused, group.State))];
        foreach (var (changes, state) in new[] { (rest, EntityState.Paused), (wake, EntityState.Enabled) })
        {
            Assert.All(await Adapter.ObserveAsync(changes, Ct), seen => Assert.Equal(Observation.Untouched, seen));
            Assert.All(await Adapter.ApplyAsync(changes, Ct), outcome => Assert.Equal(OutcomeKind.Accepted, outcome.Kind));
            Assert.All(await Adapter.ObserveAsync(changes, Ct), seen => Assert.Equal(Observation.Done, seen));
            Assert.Equal(state, (await Adapter.CampaignsAsync(Ct)).Single(each => each.Id == campaign.Id).State);
            Assert.Equal(state, (await Adapter.AdGroupsAsync(Ct)).Single(each => each.Id == group.Id).State);
        }

        var unknown = Of(new SetCampaignState(new(987_654_321), EntityState.Enabled, EntityState.Paused));
        Assert.Equal(Observation.Gone, Assert.Single(await Adapter.ObserveAsync([unknown], Ct)));
        Assert.Equal((OutcomeKind.Refused, "NO_SUCH_OPERATION"), (await Adapter.ApplyAsync([Of(new SetAdGroupState(campaign.Id, group.Id, EntityState.Enabled, EntityState.Archived))], Ct)) is [var refused] ? (refused.Kind, refused.Code) : default);
        await NothingBrokeTheSpecificationsAsync();
    }

    [Fact]
    public async Task Rarer_kinds_of_targets_are_read_bid_on_and_paused_and_negated_brands_are_read_and_archived()
    {
        var (campaign, group, _) = await SceneAsync();
        var before = await Adapter.TargetsAsync(await Adapter.AdGroupsAsync(Ct), Ct);
        foreach (var match in Rare)
        {
            var target = before.First(each => each.Match == match);
            Assert.NotEqual("", target.Text);
            List<Change> changes = [Bid(target, target.Bid.Amount + Step), State(target, target.State == EntityState.Paused ? EntityState.Enabled : EntityState.Paused)];

            Assert.All(await Adapter.ObserveAsync(changes, Ct), seen => Assert.Equal(Observation.Untouched, seen));
            Assert.All(await Adapter.ApplyAsync(changes, Ct), outcome => Assert.Equal(OutcomeKind.Accepted, outcome.Kind));
            Assert.All(await Adapter.ObserveAsync(changes, Ct), seen => Assert.Equal(Observation.Done, seen));
            var after = (await Adapter.TargetsAsync(await Adapter.AdGroupsAsync(Ct), Ct)).Single(each => each.Id == target.Id);
            Assert.Equal((target.Bid.Amount + Step, ((SetTargetState)changes[1]).After), (after.Bid.Amount, after.State));
        }

        // None of them is ours to create.
        Assert.All(await Adapter.ApplyAsync([.. Rare.Select(match => Creation(group, match, "4711")), Of(new AddNegative(campaign.Id, group.Id, NegativeMatch.Brand, "4711"))], Ct),
            outcome => Assert.Equal((OutcomeKind.Refused, "NO_SUCH_OPERATION"), (outcome.Kind, outcome.Code)));
        var brand = (await Adapter.NegativesAsync(Ct)).First(negative => negative.Match == NegativeMatch.Brand);
        Assert.Equal("815", brand.Text);
        var removal = Of(new ArchiveNegative(brand.Campaign, brand.AdGroup, brand.Id, brand.Match, brand.Text));
        Assert.Equal(Observation.Untouched, Assert.Single(await Adapter.ObserveAsync([removal], Ct)));
        Assert.Equal(OutcomeKind.Accepted, Assert.Single(await Adapter.ApplyAsync([removal], Ct)).Kind);
        Assert.Equal(Observation.Done, Assert.Single(await Adapter.ObserveAsync([removal], Ct)));
        await NothingBrokeTheSpecificationsAsync();
    }

    [Fact]
    public async Task What_its_ad_product_has_no_operation_for_is_refused_before_it_is_sent()
    {
        var (campaign, group, _) = await SceneAsync();
        List<Change> impossible = [Creation(group, MatchType.CloseMatch, "")];
        if (!HasPlacements) impossible.Add(Of(new SetPlacement(campaign.Id, Placement.TopOfSearch, 0, 20)));
        if (!HasKeywords) impossible.Add(Of(new AddNegative(campaign.Id, group.Id, NegativeMatch.Exact, "no such thing")));
        if (!HasCampaignNegatives) impossible.Add(Of(new AddNegative(campaign.Id, null, NegativeMatch.Product, "B0NOWHERE0")));
        var before = await Shop.WritesAsync();

        var outcomes = await Adapter.ApplyAsync(impossible, Ct);

        Assert.All(outcomes, outcome => Assert.Equal((OutcomeKind.Refused, "NO_SUCH_OPERATION"), (outcome.Kind, outcome.Code)));
        Assert.Equal(before, await Shop.WritesAsync());
    }

    [Fact]
    public async Task A_campaign_is_made_paused_or_refused_before_it_is_sent()
    {
        var wanted = new CreateCampaign(New("Made or not"), TargetingType.Manual, new Money(10, shop.Session.Marketplace.Currency), BiddingStrategy.DownOnly, await TodayAsync());
        var before = await Shop.WritesAsync();
        Assert.Equal([null], await Adapter.FindAsync([wanted], Ct));

        var outcome = Assert.Single(await Adapter.CreateAsync([wanted], Ct));

        Assert.Equal(Creates ? (OutcomeKind.Accepted, null) : (OutcomeKind.Refused, "NO_SUCH_OPERATION"), (outcome.Kind, outcome.Code));
        Assert.Equal(before + (Creates ? 1 : 0), await Shop.WritesAsync());
        Assert.Equal([Creates ? new Twin(outcome.CreatedId!.Value, null) : null], await Adapter.FindAsync([wanted], Ct));
        await NothingBrokeTheSpecificationsAsync();
    }

    [Fact]
    public async Task Creating_the_same_again_is_a_duplicate_and_is_seen_as_done()
    {
        var (campaign, group, _) = await SceneAsync();
        var creation = Creation(group, Creatable[0], Creatable[0] is MatchType.Product ? "B0TWICE001" : New("twice the same"));
        var negative = Of(new AddNegative(campaign.Id, group.Id, NegativeMatch.Product, "B0TWICENOT"));

        Assert.All(await Adapter.ApplyAsync([creation, negative], Ct), outcome => Assert.Equal(OutcomeKind.Accepted, outcome.Kind));
        var again = await Adapter.ApplyAsync([creation, negative], Ct);

        Assert.All(again, outcome => Assert.Equal((OutcomeKind.Refused, Duplicate), (outcome.Kind, outcome.Code)));
        Assert.All(await Adapter.ObserveAsync([creation, negative], Ct), seen => Assert.Equal(Observation.Done, seen));
        await NothingBrokeTheSpecificationsAsync();
    }

    [Fact]
    public async Task A_partly_taken_batch_comes_back_in_order_and_bids_out_of_range_say_so()
    {
        var targets = await BiddablesAsync(4);
        var (first, last) = (targets[0], targets[1]);
        var stranger = first with { Id = new(987_654_321) };
        List<Change> changes = [Bid(first, first.Bid.Amount + Step), Bid(stranger, 1m), Bid(last, last.Bid.Amount + Step), Bid(targets[2], TooLow), Bid(targets[3], 99_999m)];

        var outcomes = await Adapter.ApplyAsync(changes, Ct);

        Assert.Equal([OutcomeKind.Accepted, OutcomeKind.Refused, OutcomeKind.Accepted, OutcomeKind.Refused, OutcomeKind.Refused], outcomes.Select(outcome => outcome.Kind));
        Assert.Equal([OutOfRange, OutOfRange], outcomes.Skip(3).Select(outcome => outcome.Code));
        Assert.Equal([Observation.Done, Observation.Gone, Observation.Done, Observation.Untouched, Observation.Untouched], await Adapter.ObserveAsync(changes, Ct));
        await NothingBrokeTheSpecificationsAsync();
    }

    [Fact]
    public async Task Below_an_archived_ad_group_nothing_is_written_and_everything_is_gone()
    {
        var (_, group, targets) = await SceneAsync(spare: true);
        var target = targets.First(each => each.State == EntityState.Enabled);
        List<Change> changes = [Bid(target, target.Bid.Amount + Step), Creation(group, Creatable[0], Creatable[0] is MatchType.Product ? "B0TOOLATE1" : New("too late"))];
        await ArchiveAdGroupAsync(group.Id);

        Assert.All(await Adapter.ApplyAsync(changes, Ct), outcome => Assert.Equal(OutcomeKind.Refused, outcome.Kind));
        Assert.Equal(Observation.Gone, (await Adapter.ObserveAsync(changes, Ct))[1]);
        await NothingBrokeTheSpecificationsAsync();
    }

    [Fact]
    public async Task Throttled_items_and_throttled_calls_may_be_sent_again_and_are_untouched()
    {
        var changes = (await BiddablesAsync(4)).Select(target => Bid(target, target.Bid.Amount + Step)).ToList();

        await Shop.StrikeAsync("throttledItems", BidPath, BidMethod);
        Assert.Equal([OutcomeKind.Accepted, OutcomeKind.Retryable, OutcomeKind.Accepted, OutcomeKind.Retryable], (await Adapter.ApplyAsync(changes, Ct)).Select(outcome => outcome.Kind));
        Assert.Equal([Observation.Done, Observation.Untouched, Observation.Done, Observation.Untouched], await Adapter.ObserveAsync(changes, Ct));

        foreach (var kind in new[] { "throttle", "throttleHtml" })
        {
            await Shop.StrikeAsync(kind, BidPath, BidMethod);
            Assert.All(await Adapter.ApplyAsync([changes[1], changes[3]], Ct), outcome => Assert.Equal(OutcomeKind.Retryable, outcome.Kind));
            Assert.All(await Adapter.ObserveAsync([changes[1], changes[3]], Ct), seen => Assert.Equal(Observation.Untouched, seen));
        }

        // The client in front sends what is left again, alone.
        await Shop.StrikeAsync("throttledItems", BidPath, BidMethod);
        Assert.All(await Shop.Client.ApplyAsync([changes[1], changes[3]], Ct), outcome => Assert.Equal(OutcomeKind.Accepted, outcome.Kind));
        Assert.All(await Adapter.ObserveAsync(changes, Ct), seen => Assert.Equal(Observation.Done, seen));
        await NothingBrokeTheSpecificationsAsync();
    }

    [Fact]
    public async Task What_no_answer_speaks_of_is_unknown_and_observation_tells()
    {
        var targets = await BiddablesAsync(4);
        var changes = targets.Select(target => Bid(target, target.Bid.Amount + Step)).ToList();

        await Shop.StrikeAsync("silentItems", BidPath, BidMethod);
        Assert.Equal([OutcomeKind.Accepted, OutcomeKind.Unknown, OutcomeKind.Accepted, OutcomeKind.Unknown], (await Adapter.ApplyAsync(changes, Ct)).Select(outcome => outcome.Kind));
        Assert.All(await Adapter.ObserveAsync(changes, Ct), seen => Assert.Equal(Observation.Done, seen));

        var back = targets.Select(target => Bid(target with { Bid = target.Bid with { Amount = target.Bid.Amount + Step } }, target.Bid.Amount)).ToList();
        await Shop.StrikeAsync("lostAnswer", BidPath, BidMethod);
        Assert.All(await Adapter.ApplyAsync(back, Ct), outcome => Assert.Equal(OutcomeKind.Unknown, outcome.Kind));
        Assert.All(await Adapter.ObserveAsync(back, Ct), seen => Assert.Equal(Observation.Done, seen));

        foreach (var (kind, status) in new[] { ("error", 500), ("html", 503) })
        {
            await Shop.StrikeAsync(kind, BidPath, BidMethod, status);
            Assert.All(await Adapter.ApplyAsync(changes, Ct), outcome => Assert.Equal(OutcomeKind.Unknown, outcome.Kind));
            Assert.All(await Adapter.ObserveAsync(changes, Ct), seen => Assert.Equal(Observation.Untouched, seen));
        }

        await NothingBrokeTheSpecificationsAsync();
    }

    /// <summary>Archives a campaign for good: for a shop of one's own.</summary>
    internal async Task ArchiveACampaignAsync()
    {
        var campaign = (await Adapter.CampaignsAsync(Ct)).First(each => each.State == EntityState.Enabled);
        var change = Of(new SetCampaignState(campaign.Id, EntityState.Enabled, EntityState.Archived));
        Assert.Equal(Observation.Untouched, Assert.Single(await Adapter.ObserveAsync([change], Ct)));
        Assert.Equal(OutcomeKind.Accepted, Assert.Single(await Adapter.ApplyAsync([change], Ct)).Kind);
        Assert.Equal(Observation.Done, Assert.Single(await Adapter.ObserveAsync([change], Ct)));
        Assert.DoesNotContain(await Adapter.CampaignsAsync(Ct), each => each.Id == campaign.Id);
        await NothingBrokeTheSpecificationsAsync();
    }

    private protected static decimal Step => 0.07m;

    private protected Change Bid(Target target, decimal amount) => Of(new SetBid(target.Campaign, target.AdGroup, target.Id, target.Kind, target.Bid, target.Bid with { Amount = amount }));

    private protected Change State(Target target, EntityState after) => Of(new SetTargetState(target.Campaign, target.AdGroup, target.Id, target.Kind, target.State, after));

    private protected Change Creation(AdGroup group, MatchType match, string text) => Of(new CreateTarget(group.Campaign, group.Id, match, text, new Money(0.55m, shop.Session.Marketplace.Currency)));

    private protected T Of<T>(T change)
        where T : Change => change with { AdProduct = Adapter.AdProduct };

    private protected static string New(string words) => $"{words} {Interlocked.Increment(ref names)}";

    /// <summary>An ad group with targets enough, and its campaign. Tests share the shop: the spare one may be destroyed.</summary>
    private async Task<(Campaign Campaign, AdGroup Group, IReadOnlyList<Target> Targets)> SceneAsync(bool spare = false)
    {
        var campaigns = (await Adapter.CampaignsAsync(Ct)).Where(campaign => campaign.Targeting == TargetingType.Manual && campaign.State == EntityState.Enabled).ToDictionary(campaign => campaign.Id);
        var groups = (await Adapter.AdGroupsAsync(Ct)).Where(group => group.State == EntityState.Enabled && campaigns.ContainsKey(group.Campaign)).ToList();
        var targets = (await Adapter.TargetsAsync(groups, Ct)).ToLookup(target => target.AdGroup);
        var ranked = groups.Where(group => targets[group.Id].Count(target => target.State == EntityState.Enabled && target.Kind == BidKind) >= (spare ? 1 : 3)).OrderBy(group => group.Id.Value).ToList();
        Assert.True(ranked.Count > 1, "Too few ad groups to try things on.");
        var chosen = spare ? ranked[^1] : ranked[0];
        return (campaigns[chosen.Campaign], chosen, [.. targets[chosen.Id]]);
    }

    /// <returns>Where a target of a match may be created: an ad group holds keywords or products, not both.</returns>
    private async Task<Func<MatchType, AdGroup>> HomesAsync(AdGroup group)
    {
        if (!HasKeywords) return _ => group;
        var made = await MakeAdGroupAsync(group.Campaign, New("for products"));
        var ofProducts = (await Adapter.AdGroupsAsync(Ct)).Single(each => each.Id == made);
        return match => match is MatchType.Product or MatchType.Category ? ofProducts : group;
    }

    /// <returns>Enabled targets whose bids are written at <see cref="BidPath"/>.</returns>
    private async Task<IReadOnlyList<Target>> BiddablesAsync(int count)
    {
        var living = (await Adapter.CampaignsAsync(Ct)).Select(campaign => campaign.Id).ToHashSet();
        var groups = (await Adapter.AdGroupsAsync(Ct)).Where(group => living.Contains(group.Campaign)).ToList();
        var all = (await Adapter.TargetsAsync(groups, Ct)).Where(target => target.Kind == BidKind && target.State == EntityState.Enabled).OrderBy(target => target.Id.Value).Take(count).ToList();
        Assert.True(all.Count >= count, "Too few targets to try things on.");
        return all;
    }

    /// <returns>The day where the storefront is.</returns>
    private protected async Task<DateOnly> TodayAsync() =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(await Shop.Amazon.ClockAsync(Ct), TimeZoneInfo.FindSystemTimeZoneById(Shop.Session.Marketplace.TimeZone)).DateTime);

    private protected async Task NothingBrokeTheSpecificationsAsync()
    {
        await Shop.Amazon.SetFaultsAsync(new { clear = true }, Ct);
        Assert.True(Shop.Clients.Violations.Count == 0, string.Join(Environment.NewLine, Shop.Clients.Violations));
    }
}
