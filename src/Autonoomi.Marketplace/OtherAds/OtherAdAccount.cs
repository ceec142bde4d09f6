using System.Globalization;
using Autonoomi.Core.Advertising;
using MarketplaceLimits = Autonoomi.Core.Primitives.Marketplace;

namespace Autonoomi.Marketplace.OtherAds;

/// <summary>The seller's Sponsored Brands and Sponsored Display: entities, Amazon's rules for changing them, and a log of every attempt.</summary>
internal sealed class OtherAdAccount(MarketplaceLimits limits, long firstId, Func<DateTimeOffset> now)
{
    private readonly SortedDictionary<long, OtherCampaign> campaigns = [];
    private readonly SortedDictionary<long, OtherAdGroup> adGroups = [];
    private readonly SortedDictionary<long, OtherAd> ads = [];
    private readonly SortedDictionary<long, OtherTarget> targets = [];
    private readonly SortedDictionary<long, OtherNegative> negatives = [];
    private readonly List<OtherWrite> writes = [];
    private readonly List<OtherEvent> events = [];
    private long ids = firstId;

    // In order of creation.
    public IReadOnlyCollection<OtherCampaign> Campaigns => campaigns.Values;
    public IReadOnlyCollection<OtherAdGroup> AdGroups => adGroups.Values;
    public IReadOnlyCollection<OtherAd> Ads => ads.Values;
    public IReadOnlyCollection<OtherTarget> Targets => targets.Values;
    public IReadOnlyCollection<OtherNegative> Negatives => negatives.Values;

    public IReadOnlyList<OtherWrite> Writes => writes;

    /// <summary>Values that writes changed, in order; what is archived along with its parent is not among them.</summary>
    public IReadOnlyList<OtherEvent> Events => events;

    /// <summary>Off while the seller's own past is being laid out.</summary>
    public bool IsLogging { get; set; }

    public OtherCampaign? Campaign(long id) => campaigns.GetValueOrDefault(id);

    public OtherAdGroup? AdGroup(long id) => adGroups.GetValueOrDefault(id);

    public OtherTarget? Target(long id) => targets.GetValueOrDefault(id);

    public OtherNegative? Negative(long id) => negatives.GetValueOrDefault(id);

    public OtherCampaign Add(AdProduct product, string name, decimal budget, DateOnly start, bool isBidAutomatic = false, bool reachesAudiences = false, bool isPerThousand = false)
    {
        var campaign = new OtherCampaign
        {
            Id = NextId(), AdProduct = product, Name = name, DailyBudget = budget, StartDate = start, CreatedAt = now(), UpdatedAt = now(), IsBidAutomatic = isBidAutomatic, ReachesAudiences = reachesAudiences, IsPerThousand = isPerThousand,
        };
        campaigns.Add(campaign.Id, campaign);
        return campaign;
    }

    public OtherAd Add(OtherAdGroup group, IReadOnlyList<int> products)
    {
        var ad = new OtherAd { Id = NextId(), AdGroup = group, Products = products, CreatedAt = now(), UpdatedAt = now() };
        ads.Add(ad.Id, ad);
        return ad;
    }

    public OtherVerdict CreateAdGroup(AdProduct product, long campaignId, string name, decimal? defaultBid)
    {
        var refusal = Living(product, campaignId, out var campaign) ?? (defaultBid is { } bid ? BadBid(product, bid) : null)
            ?? (adGroups.Values.Any(each => each.Campaign == campaign && each.State != EntityState.Archived && each.Name == name) ? No(OtherRefusal.Duplicate, "The campaign has an ad group of this name.") : null);
        if (refusal is { } refused) return Log(product, "adGroup", "create", refused);
        var group = new OtherAdGroup { Id = NextId(), Campaign = campaign!, Name = name, DefaultBid = defaultBid, CreatedAt = now(), UpdatedAt = now() };
        adGroups.Add(group.Id, group);
        return Log(product, "adGroup", "create", OtherVerdict.Taken(group.Id));
    }

    public OtherVerdict UpdateCampaign(AdProduct product, long id, decimal? budget, EntityState? state, bool? isBidAutomatic, IReadOnlyDictionary<BrandPlacement, int>? adjustments)
    {
        var automatic = isBidAutomatic ?? campaigns.GetValueOrDefault(id)?.IsBidAutomatic ?? false;
        var refusal = Living(product, id, out var campaign) ?? (budget is { } amount ? BadBudget(amount) : null)
            ?? (automatic && adjustments is { Count: > 0 } ? No(OtherRefusal.Invalid, "Placement adjustments are only allowed when bidOptimization is false.") : null)
            ?? (adjustments?.Values.Any(percent => percent is < -99 or > 900) == true ? No(OtherRefusal.Invalid, "A placement adjustment lies between -99 and 900 percent.") : null);
        if (refusal is { } refused) return Log(product, "campaign", "update", refused);
        Note("CAMPAIGN", id, "BUDGET_AMOUNT", campaign!.DailyBudget, budget, campaign, null);
        Note("CAMPAIGN", id, "STATUS", campaign.State, state, campaign, null);
        campaign.DailyBudget = budget ?? campaign.DailyBudget;
        campaign.State = state ?? campaign.State;
        campaign.IsBidAutomatic = automatic;
        if (adjustments is not null)
        {
            foreach (var (placement, percent) in adjustments) Note("CAMPAIGN", id, "PLACEMENT_GROUP", campaign.Adjustments.GetValueOrDefault(placement), percent, campaign, null);
            campaign.Adjustments.Clear();
            foreach (var (placement, percent) in adjustments) campaign.Adjustments[placement] = percent;
        }

        campaign.UpdatedAt = now();
        if (state == EntityState.Archived)
        {
            foreach (var group in adGroups.Values.Where(each => each.Campaign == campaign))
            {
                group.State = EntityState.Archived;
                ArchiveBelow(group);
            }
        }

        return Log(product, "campaign", state == EntityState.Archived ? "archive" : "update", OtherVerdict.Taken(id));
    }

    public OtherVerdict UpdateAdGroup(AdProduct product, long id, EntityState state)
    {
        var refusal = LivingGroup(product, id, out var group);
        if (refusal is { } refused) return Log(product, "adGroup", "update", refused);
        Note("AD_GROUP", id, "STATUS", group!.State, state, group.Campaign, group);
        group.State = state;
        group.UpdatedAt = now();
        if (state == EntityState.Archived) ArchiveBelow(group);
        return Log(product, "adGroup", state == EntityState.Archived ? "archive" : "update", OtherVerdict.Taken(id));
    }

    /// <param name="product">Whose operation it came through.</param>
    /// <param name="adGroupId">Parent.</param>
    /// <param name="kind">What it reaches.</param>
    /// <param name="match">Of keywords.</param>
    /// <param name="text">As <see cref="OtherTarget.Text"/>.</param>
    /// <param name="bid">Null takes the ad group's default, where there is one.</param>
    public OtherVerdict CreateTarget(AdProduct product, long adGroupId, OtherTargetKind kind, MatchType? match, string? text, decimal? bid)
    {
        var words = Folded(text);
        var refusal = LivingGroup(product, adGroupId, out var group)
            ?? (words.Length == 0 && kind != OtherTargetKind.Similar ? No(OtherRefusal.Invalid, "A text is required.") : null)
            ?? (kind == OtherTargetKind.Product && !IsAsin(text) ? No(OtherRefusal.Invalid, "An ASIN has ten letters and digits.") : null)
            ?? (bid is { } own ? BadBid(product, own) : group!.DefaultBid is null ? No(OtherRefusal.Invalid, "A bid is required: the ad group has none.") : null)
            ?? (targets.Values.Any(each => each.AdGroup == group && each.State != EntityState.Archived && each.Kind == kind && each.Match == match && Folded(each.Text) == words)
                ? No(OtherRefusal.Duplicate, "The ad group has this target already.") : null);
        if (refusal is { } refused) return Log(product, Word(kind), "create", refused);
        var target = new OtherTarget { Id = NextId(), AdGroup = group!, Kind = kind, Match = match, Text = text?.Trim() ?? "", Bid = bid, CreatedAt = now(), UpdatedAt = now() };
        targets.Add(target.Id, target);
        Note(Type(kind), target.Id, "STATUS", null, EntityState.Enabled, group!.Campaign, group);
        return Log(product, Word(kind), "create", OtherVerdict.Taken(target.Id));
    }

    /// <param name="product">Whose operation it came through.</param>
    /// <param name="kinds">Kinds that the operation knows.</param>
    /// <param name="id">The target.</param>
    /// <param name="adGroupId">As the caller says; null when the operation does not ask.</param>
    /// <param name="bid">New bid.</param>
    /// <param name="state">New state.</param>
    public OtherVerdict UpdateTarget(AdProduct product, IReadOnlyList<OtherTargetKind> kinds, long id, long? adGroupId, decimal? bid, EntityState? state)
    {
        var target = targets.GetValueOrDefault(id);
        if (target is null || target.AdGroup.Campaign.AdProduct != product || !kinds.Contains(target.Kind) || (adGroupId is { } said && said != target.AdGroup.Id))
            return Log(product, Word(kinds[0]), "update", OtherVerdict.No(OtherRefusal.NotFound, "No such target."));
        var refusal = target.State == EntityState.Archived ? No(OtherRefusal.Archived, "An archived entity cannot be changed.")
            : LivingGroup(product, target.AdGroup.Id, out _) ?? (bid is { } own ? BadBid(product, own) : null);
        if (refusal is { } refused) return Log(product, Word(target.Kind), "update", refused);
        Note(Type(target.Kind), id, "BID_AMOUNT", target.Bid, bid, target.AdGroup.Campaign, target.AdGroup);
        Note(Type(target.Kind), id, "STATUS", target.State, state, target.AdGroup.Campaign, target.AdGroup);
        target.Bid = bid ?? target.Bid;
        target.State = state ?? target.State;
        target.UpdatedAt = now();
        return Log(product, Word(target.Kind), state == EntityState.Archived ? "archive" : "update", OtherVerdict.Taken(id));
    }

    public OtherVerdict CreateNegative(AdProduct product, long adGroupId, OtherNegativeKind kind, string? text)
    {
        var words = Folded(text);
        var refusal = LivingGroup(product, adGroupId, out var group)
            ?? ((kind == OtherNegativeKind.Product ? IsAsin(text) : words.Length > 0) ? null : No(OtherRefusal.Invalid, "A text or an ASIN of ten letters and digits is required."))
            ?? (negatives.Values.Any(each => each.AdGroup == group && each.State != EntityState.Archived && each.Kind == kind && Folded(each.Text) == words) ? No(OtherRefusal.Duplicate, "The ad group has this negative already.") : null);
        if (refusal is { } refused) return Log(product, "negative", "create", refused);
        var negative = new OtherNegative { Id = NextId(), AdGroup = group!, Kind = kind, Text = text!.Trim(), CreatedAt = now(), UpdatedAt = now() };
        negatives.Add(negative.Id, negative);
        if (!negative.IsClause) Note("NEGATIVE_KEYWORD", negative.Id, "STATUS", null, EntityState.Enabled, group!.Campaign, group);
        return Log(product, "negative", "create", OtherVerdict.Taken(negative.Id));
    }

    public OtherVerdict UpdateNegative(AdProduct product, bool isProduct, long id, EntityState? state)
    {
        var negative = negatives.GetValueOrDefault(id);
        if (negative is null || negative.AdGroup.Campaign.AdProduct != product || negative.IsClause != isProduct) return Log(product, "negative", "update", OtherVerdict.No(OtherRefusal.NotFound, "No such negative."));
        if (negative.State == EntityState.Archived) return Log(product, "negative", "update", OtherVerdict.No(OtherRefusal.Archived, "An archived entity cannot be changed."));
        if (!negative.IsClause) Note("NEGATIVE_KEYWORD", id, "STATUS", negative.State, state, negative.AdGroup.Campaign, negative.AdGroup);
        negative.State = state ?? negative.State;
        negative.UpdatedAt = now();
        return Log(product, "negative", state == EntityState.Archived ? "archive" : "update", OtherVerdict.Taken(id));
    }

    private void ArchiveBelow(OtherAdGroup group)
    {
        foreach (var ad in ads.Values.Where(each => each.AdGroup == group)) ad.State = EntityState.Archived;
        foreach (var target in targets.Values.Where(each => each.AdGroup == group)) target.State = EntityState.Archived;
        foreach (var negative in negatives.Values.Where(each => each.AdGroup == group)) negative.State = EntityState.Archived;
    }

    private static OtherVerdict? No(OtherRefusal refusal, string message) => OtherVerdict.No(refusal, message);

    private OtherVerdict? Living(AdProduct product, long id, out OtherCampaign? campaign) =>
        (campaign = campaigns.GetValueOrDefault(id)) is null || campaign.AdProduct != product ? No(OtherRefusal.NotFound, "No such campaign.")
        : campaign.State == EntityState.Archived ? No(OtherRefusal.Archived, "An archived entity cannot be changed.") : null;

    private OtherVerdict? LivingGroup(AdProduct product, long id, out OtherAdGroup? group) =>
        (group = adGroups.GetValueOrDefault(id)) is null || group.Campaign.AdProduct != product ? No(OtherRefusal.NotFound, "No such ad group.")
        : group.State == EntityState.Archived || group.Campaign.State == EntityState.Archived ? No(OtherRefusal.ParentArchived, "The ad group or its campaign is archived.") : null;

    private OtherVerdict? BadBid(AdProduct product, decimal bid)
    {
        var range = limits.For(product);
        return bid >= range.MinimumBid && bid <= range.MaximumBid ? null : No(OtherRefusal.BidOutOfRange, FormattableString.Invariant($"The bid lies outside {range.MinimumBid} to {range.MaximumBid}."));
    }

    private OtherVerdict? BadBudget(decimal budget) => budget >= limits.MinimumBudget ? null : No(OtherRefusal.BudgetOutOfRange, FormattableString.Invariant($"The budget lies below {limits.MinimumBudget}."));

    private static bool IsAsin(string? text) => text is { Length: 10 } && text.All(char.IsAsciiLetterOrDigit);

    // Amazon compares texts without regard to case and to repeated spaces.
    private static string Folded(string? text) => string.Join(' ', (text ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToLowerInvariant();

    private static string Word(OtherTargetKind kind) => kind switch
    {
        OtherTargetKind.Keyword => "keyword",
        OtherTargetKind.Theme => "theme",
        _ => "target",
    };

    private static string Type(OtherTargetKind kind) => kind switch
    {
        OtherTargetKind.Keyword => "KEYWORD",
        OtherTargetKind.Theme => "THEME",
        _ => "PRODUCT_TARGETING",
    };

    // Null after: not written.
    private void Note(string type, long id, string field, object? before, object? after, OtherCampaign campaign, OtherAdGroup? group)
    {
        if (!IsLogging || after is null || Equals(before, after)) return;
        events.Add(new(now(), type, id, field, Text(before), Text(after)!, campaign.Id, group?.Id));

        static string? Text(object? value) => value is EntityState state ? state.ToString().ToUpperInvariant() : Convert.ToString(value, CultureInfo.InvariantCulture);
    }

    private OtherVerdict Log(AdProduct product, string entity, string operation, OtherVerdict verdict)
    {
        if (IsLogging) writes.Add(new(writes.Count + 1, now(), product, entity, operation, verdict.Id, verdict.Refusal is null, verdict.Refusal?.ToString()));
        return verdict;
    }

    private long NextId() => ids += 2;
}
