using System.Buffers;
using System.Globalization;
using Autonoomi.Core.Advertising;
using MarketplaceLimits = Autonoomi.Core.Primitives.Marketplace;

namespace Autonoomi.Marketplace.World;

/// <summary>The seller's Sponsored Products account: entities, Amazon's rules for changing them, and a log of every attempt.</summary>
public sealed class AdAccount
{
    private static readonly SearchValues<char> Forbidden = SearchValues.Create("!@%^*()={};~`<>?\\|");

    private readonly MarketplaceLimits limits;
    private readonly Func<DateTimeOffset> now;
    private readonly Func<DateOnly> today;
    private readonly Func<string, string?> asinOfSku;
    private readonly Dice dice;
    private readonly HashSet<long> usedIds = [];
    private readonly Shelf<WorldCampaign> campaigns = new();
    private readonly Shelf<WorldAdGroup> adGroups = new();
    private readonly Shelf<WorldProductAd> productAds = new();
    private readonly Shelf<WorldTarget> targets = new();
    private readonly Shelf<WorldNegative> negatives = new();
    private readonly HashSet<string> taken = new(StringComparer.Ordinal);
    private readonly List<WriteEntry> writes = [];
    private readonly Dictionary<(AdEntityKind, long), int> writesToday = [];
    private DateOnly failureDay;
    private List<(AdEntityKind Kind, long Id)> touched = [];
    private long idsDrawn;

    internal AdAccount(MarketplaceLimits limits, Dice dice, Func<DateTimeOffset> now, Func<DateOnly> today, Func<string, string?> asinOfSku)
    {
        this.limits = limits;
        this.dice = dice;
        this.now = now;
        this.today = today;
        this.asinOfSku = asinOfSku;
    }

    // In order of creation.
    public IReadOnlyList<WorldCampaign> Campaigns => campaigns.All;
    public IReadOnlyList<WorldAdGroup> AdGroups => adGroups.All;
    public IReadOnlyList<WorldProductAd> ProductAds => productAds.All;
    public IReadOnlyList<WorldTarget> Targets => targets.All;
    public IReadOnlyList<WorldNegative> Negatives => negatives.All;

    /// <summary>Every item somebody tried to write since the clock was handed over; the seller's own past is not in it.</summary>
    public IReadOnlyList<WriteEntry> Writes => writes;

    /// <summary>Grows with every accepted write, so the market knows when to look again.</summary>
    internal long Revision { get; private set; }

    /// <returns>Entities changed after their creation since the last call, in order; the market looks at these again.</returns>
    internal List<(AdEntityKind Kind, long Id)> TakeTouched()
    {
        var taken = touched;
        touched = [];
        return taken;
    }

    /// <summary>Off while the seller's own past is being laid out.</summary>
    internal bool IsLogging { get; set; }

    /// <summary>Share of right writes that fail with an internal error once the clock was handed over, 0 to 0.05.</summary>
    internal double FailureShare { get; init; }

    public WorldCampaign? Campaign(long id) => campaigns.Find(id);
    public WorldAdGroup? AdGroup(long id) => adGroups.Find(id);
    public WorldProductAd? ProductAd(long id) => productAds.Find(id);
    public WorldTarget? Target(long id) => targets.Find(id);
    public WorldNegative? Negative(long id) => negatives.Find(id);

    /// <returns>The target's own bid or, where it has none, its ad group's default.</returns>
    public decimal BidInForce(WorldTarget target) => target.Bid ?? adGroups.Find(target.AdGroupId)!.DefaultBid;

    public WriteResult Create(CampaignDraft draft)
    {
        var fields = new Fields().Add("name", draft.Name).Add("targetingType", draft.Targeting).Add("state", draft.State).Add("budget", draft.DailyBudget)
            .Add("strategy", draft.Strategy).Add("topOfSearchPercent", draft.TopOfSearchPercent).Add("restOfSearchPercent", draft.RestOfSearchPercent)
            .Add("productPagesPercent", draft.ProductPagesPercent).Add("startDate", draft.StartDate).Add("endDate", draft.EndDate);
        var start = draft.StartDate ?? today();
        var refusal = Missing(("name", draft.Name), ("targetingType", draft.Targeting), ("state", draft.State), ("budget", draft.DailyBudget))
            ?? BadName(draft.Name!, 128) ?? BadNewState(draft.State!.Value) ?? BadBudget(draft.DailyBudget!.Value)
            ?? BadPercents(draft.TopOfSearchPercent, draft.RestOfSearchPercent, draft.ProductPagesPercent)
            ?? (start < today() ? new Refused("dateError", "START_DATE_EARLIER_THAN_TODAY", "A campaign cannot start in the past.", "startDate", Text(start)) : null)
            ?? (draft.EndDate < start ? new Refused("dateError", "START_DATE_AFTER_END_DATE", "The campaign would end before it starts.", "endDate", Text(draft.EndDate.Value)) : null)
            ?? TakenName($"campaign:{Key(draft.Name!)}", draft.Name!) ?? Failure(AdEntityKind.Campaign, 0);
        if (refusal is not null) return Log(AdEntityKind.Campaign, WriteOperation.Create, null, fields, refusal);

        var at = now();
        var campaign = new WorldCampaign(
            NextId(), draft.Name!, draft.Targeting!.Value, draft.State!.Value, draft.DailyBudget!.Value, draft.Strategy ?? BiddingStrategy.DownOnly,
            draft.TopOfSearchPercent ?? 0, draft.RestOfSearchPercent ?? 0, draft.ProductPagesPercent ?? 0, start, draft.EndDate, draft.PortfolioId, at, at);
        campaigns.Add(campaign.Id, campaign);
        taken.Add($"campaign:{Key(campaign.Name)}");
        return Log(AdEntityKind.Campaign, WriteOperation.Create, campaign.Id, fields, new Accepted(campaign.Id));
    }

    public WriteResult Create(AdGroupDraft draft)
    {
        var fields = new Fields().Add("campaignId", draft.CampaignId).Add("name", draft.Name).Add("defaultBid", draft.DefaultBid).Add("state", draft.State);
        var refusal = Missing(("campaignId", draft.CampaignId), ("name", draft.Name), ("defaultBid", draft.DefaultBid), ("state", draft.State))
            ?? BadName(draft.Name!, 255) ?? BadNewState(draft.State!.Value) ?? BadCampaign(draft.CampaignId!.Value)
            ?? BadBid(draft.DefaultBid!.Value, "defaultBid", campaigns.Find(draft.CampaignId!.Value)!)
            ?? TakenName($"adGroup:{draft.CampaignId}:{Key(draft.Name!)}", draft.Name!) ?? Failure(AdEntityKind.AdGroup, draft.CampaignId!.Value);
        if (refusal is not null) return Log(AdEntityKind.AdGroup, WriteOperation.Create, null, fields, refusal);

        var at = now();
        var campaign = campaigns.Find(draft.CampaignId!.Value)!;
        var adGroup = new WorldAdGroup(NextId(), campaign.Id, draft.Name!, draft.State!.Value, draft.DefaultBid!.Value, at, at);
        adGroups.Add(adGroup.Id, adGroup);
        taken.Add($"adGroup:{campaign.Id}:{Key(adGroup.Name)}");
        if (campaign.Targeting == TargetingType.Auto)
        {
            foreach (var clause in new[] { MatchType.CloseMatch, MatchType.LooseMatch, MatchType.Substitutes, MatchType.Complements })
            {
                var id = NextId();
                targets.Add(id, new WorldTarget(id, campaign.Id, adGroup.Id, TargetKind.Auto, clause, "", EntityState.Enabled, null, at, at));
            }
        }

        return Log(AdEntityKind.AdGroup, WriteOperation.Create, adGroup.Id, fields, new Accepted(adGroup.Id));
    }

    public WriteResult Create(ProductAdDraft draft)
    {
        var fields = new Fields().Add("campaignId", draft.CampaignId).Add("adGroupId", draft.AdGroupId).Add("sku", draft.Sku).Add("state", draft.State);
        var refusal = Missing(("campaignId", draft.CampaignId), ("adGroupId", draft.AdGroupId), ("sku", draft.Sku), ("state", draft.State))
            ?? BadNewState(draft.State!.Value) ?? BadParents(draft.CampaignId!.Value, draft.AdGroupId!.Value)
            ?? (asinOfSku(draft.Sku!) is null ? new Refused("productIdentifierError", "INVALID_SKU", "No such SKU in this store.", "sku", draft.Sku) : null)
            ?? Duplicate($"ad:{draft.AdGroupId}:{draft.Sku}", "sku", draft.Sku!) ?? Failure(AdEntityKind.ProductAd, draft.AdGroupId!.Value);
        if (refusal is not null) return Log(AdEntityKind.ProductAd, WriteOperation.Create, null, fields, refusal);

        var at = now();
        var ad = new WorldProductAd(NextId(), draft.CampaignId!.Value, draft.AdGroupId!.Value, draft.Sku!, asinOfSku(draft.Sku!)!, draft.State!.Value, at, at);
        productAds.Add(ad.Id, ad);
        taken.Add(AdKey(ad));
        return Log(AdEntityKind.ProductAd, WriteOperation.Create, ad.Id, fields, new Accepted(ad.Id));
    }

    public WriteResult Create(KeywordDraft draft)
    {
        var fields = new Fields().Add("campaignId", draft.CampaignId).Add("adGroupId", draft.AdGroupId).Add("keywordText", draft.Text)
            .Add("matchType", draft.Match).Add("state", draft.State).Add("bid", draft.Bid);
        var refusal = Missing(("campaignId", draft.CampaignId), ("adGroupId", draft.AdGroupId), ("keywordText", draft.Text), ("matchType", draft.Match), ("state", draft.State))
            ?? (draft.Match is MatchType.Exact or MatchType.Phrase or MatchType.Broad ? null : new Refused("rangeError", "INVALID_ENUM_VALUE", "A keyword is exact, phrase or broad.", "matchType", draft.Match?.ToString()))
            ?? BadNewState(draft.State!.Value) ?? BadParents(draft.CampaignId!.Value, draft.AdGroupId!.Value) ?? BadKeyword(draft.Text!, 10)
            ?? ManualOnly(draft.CampaignId!.Value) ?? MixedAdGroup(draft.AdGroupId!.Value, TargetKind.Keyword)
            ?? (draft.Bid is { } bid ? BadBid(bid, "bid", campaigns.Find(draft.CampaignId!.Value)!) : null)
            ?? Duplicate(TargetKey(draft.AdGroupId!.Value, draft.Match!.Value, draft.Text!), "keywordText", draft.Text!) ?? Failure(AdEntityKind.Keyword, draft.AdGroupId!.Value);
        return AddTarget(AdEntityKind.Keyword, fields, refusal, draft.CampaignId, draft.AdGroupId, TargetKind.Keyword, draft.Match, draft.Text, draft.State, draft.Bid);
    }

    public WriteResult Create(TargetDraft draft)
    {
        var fields = new Fields().Add("campaignId", draft.CampaignId).Add("adGroupId", draft.AdGroupId).Add("matchType", draft.Match)
            .Add("text", draft.Text).Add("state", draft.State).Add("bid", draft.Bid);
        var refusal = Missing(("campaignId", draft.CampaignId), ("adGroupId", draft.AdGroupId), ("expression", draft.Match), ("state", draft.State))
            ?? (draft.Match is MatchType.CloseMatch or MatchType.LooseMatch or MatchType.Substitutes or MatchType.Complements
                ? new Refused("targetingClauseSetupError", "AUTO_TARGETING_CLAUSE_CANNOT_BE_CREATED_MANUALLY", "Amazon creates the automatic clauses.", "expression") : null)
            ?? (draft.Match is MatchType.Product or MatchType.Category ? null : new Refused("expressionTypeError", "UNSUPPORTED_EXPRESSION_TYPE", "A target is a product or a category.", "expression"))
            ?? Missing(("expression", draft.Text))
            ?? (draft.Match == MatchType.Product ? BadAsin(draft.Text!) : null)
            ?? BadNewState(draft.State!.Value) ?? BadParents(draft.CampaignId!.Value, draft.AdGroupId!.Value)
            ?? ManualOnly(draft.CampaignId!.Value) ?? MixedAdGroup(draft.AdGroupId!.Value, TargetKind.Product)
            ?? (draft.Bid is { } bid ? BadBid(bid, "bid", campaigns.Find(draft.CampaignId!.Value)!) : null)
            ?? Duplicate(TargetKey(draft.AdGroupId!.Value, draft.Match!.Value, draft.Text!), "expression", draft.Text!) ?? Failure(AdEntityKind.Target, draft.AdGroupId!.Value);
        return AddTarget(AdEntityKind.Target, fields, refusal, draft.CampaignId, draft.AdGroupId, TargetKind.Product, draft.Match, draft.Text, draft.State, draft.Bid);
    }

    public WriteResult Create(NegativeDraft draft)
    {
        var fields = new Fields().Add("campaignId", draft.CampaignId).Add("adGroupId", draft.AdGroupId).Add("matchType", draft.Match)
            .Add("text", draft.Text).Add("state", draft.State);
        var isProduct = draft.Match == NegativeMatch.Product;
        var kind = new WorldNegative(0, 0, draft.AdGroupId, draft.Match ?? NegativeMatch.Exact, "", EntityState.Enabled, default, default).Kind;
        var textField = isProduct ? "expression" : "keywordText";
        var refusal = Missing(("campaignId", draft.CampaignId), (textField, draft.Text), ("matchType", draft.Match), ("state", draft.State))
            ?? BadNewState(draft.State!.Value)
            ?? (draft.AdGroupId is { } adGroup ? BadParents(draft.CampaignId!.Value, adGroup) : BadCampaign(draft.CampaignId!.Value))
            ?? (isProduct ? BadAsin(draft.Text!) : BadKeyword(draft.Text!, draft.Match == NegativeMatch.Phrase ? 4 : 10))
            ?? Duplicate(NegativeKey(draft.CampaignId!.Value, draft.AdGroupId, draft.Match!.Value, draft.Text!), textField, draft.Text!)
            ?? Failure(kind, draft.AdGroupId ?? draft.CampaignId!.Value);
        if (refusal is not null) return Log(kind, WriteOperation.Create, null, fields, refusal);

        var at = now();
        var negative = new WorldNegative(NextId(), draft.CampaignId!.Value, draft.AdGroupId, draft.Match!.Value, draft.Text!, draft.State!.Value, at, at);
        negatives.Add(negative.Id, negative);
        taken.Add(NegativeKey(negative.CampaignId, negative.AdGroupId, negative.Match, negative.Text));
        return Log(kind, WriteOperation.Create, negative.Id, fields, new Accepted(negative.Id));
    }

    public WriteResult Update(CampaignEdit edit)
    {
        var fields = new Fields().Add("name", edit.Name).Add("state", edit.State).Add("budget", edit.DailyBudget).Add("strategy", edit.Strategy)
            .Add("topOfSearchPercent", edit.TopOfSearchPercent).Add("restOfSearchPercent", edit.RestOfSearchPercent)
            .Add("productPagesPercent", edit.ProductPagesPercent).Add("endDate", edit.EndDate).Add("portfolioId", edit.PortfolioId);
        var old = campaigns.Find(edit.Id);
        var refusal = old is null ? NotFound(AdEntityKind.Campaign, edit.Id, "campaignId")
            : BadTransition(old.State, edit.State)
            ?? (edit.Name is { } name && name != old.Name ? BadName(name, 128) ?? TakenName($"campaign:{Key(name)}", name) : null)
            ?? (edit.DailyBudget is { } budget ? BadBudget(budget) : null)
            ?? (edit.EndDate < today() ? new Refused("dateError", "END_DATE_EARLIER_THAN_TODAY", "The end lies in the past.", "endDate", Text(edit.EndDate.Value)) : null)
            ?? BadPercents(edit.TopOfSearchPercent, edit.RestOfSearchPercent, edit.ProductPagesPercent) ?? Failure(AdEntityKind.Campaign, edit.Id);
        if (refusal is not null) return Log(AdEntityKind.Campaign, WriteOperation.Update, edit.Id, fields, refusal);

        var changed = old! with
        {
            Name = edit.Name ?? old.Name,
            State = edit.State ?? old.State,
            DailyBudget = edit.DailyBudget ?? old.DailyBudget,
            Strategy = edit.Strategy ?? old.Strategy,
            TopOfSearchPercent = edit.TopOfSearchPercent ?? old.TopOfSearchPercent,
            RestOfSearchPercent = edit.RestOfSearchPercent ?? old.RestOfSearchPercent,
            ProductPagesPercent = edit.ProductPagesPercent ?? old.ProductPagesPercent,
            EndDate = edit.EndDate ?? old.EndDate,
            PortfolioId = edit.PortfolioId ?? old.PortfolioId,
            UpdatedAt = now(),
        };
        taken.Remove($"campaign:{Key(old.Name)}");
        if (changed.State != EntityState.Archived) taken.Add($"campaign:{Key(changed.Name)}");
        campaigns.Replace(edit.Id, changed);
        return Log(AdEntityKind.Campaign, WriteOperation.Update, edit.Id, fields, new Accepted(edit.Id));
    }

    public WriteResult Update(AdGroupEdit edit)
    {
        var fields = new Fields().Add("name", edit.Name).Add("state", edit.State).Add("defaultBid", edit.DefaultBid);
        var old = adGroups.Find(edit.Id);
        var refusal = old is null ? NotFound(AdEntityKind.AdGroup, edit.Id, "adGroupId")
            : BadTransition(old.State, edit.State) ?? ArchivedParent(old.CampaignId, null)
            ?? (edit.Name is { } name && name != old.Name ? BadName(name, 255) ?? TakenName($"adGroup:{old.CampaignId}:{Key(name)}", name) : null)
            ?? (edit.DefaultBid is { } bid ? BadBid(bid, "defaultBid", campaigns.Find(old.CampaignId)!) : null) ?? Failure(AdEntityKind.AdGroup, edit.Id);
        if (refusal is not null) return Log(AdEntityKind.AdGroup, WriteOperation.Update, edit.Id, fields, refusal);

        var changed = old! with { Name = edit.Name ?? old.Name, State = edit.State ?? old.State, DefaultBid = edit.DefaultBid ?? old.DefaultBid, UpdatedAt = now() };
        taken.Remove($"adGroup:{old.CampaignId}:{Key(old.Name)}");
        if (changed.State != EntityState.Archived) taken.Add($"adGroup:{old.CampaignId}:{Key(changed.Name)}");
        adGroups.Replace(edit.Id, changed);
        return Log(AdEntityKind.AdGroup, WriteOperation.Update, edit.Id, fields, new Accepted(edit.Id));
    }

    public WriteResult Update(ProductAdEdit edit)
    {
        var fields = new Fields().Add("state", edit.State);
        var old = productAds.Find(edit.Id);
        var refusal = old is null ? NotFound(AdEntityKind.ProductAd, edit.Id, "adId")
            : BadTransition(old.State, edit.State) ?? ArchivedParent(old.CampaignId, old.AdGroupId) ?? Failure(AdEntityKind.ProductAd, edit.Id);
        if (refusal is not null) return Log(AdEntityKind.ProductAd, WriteOperation.Update, edit.Id, fields, refusal);

        var changed = old! with { State = edit.State ?? old.State, UpdatedAt = now() };
        if (changed.State == EntityState.Archived) taken.Remove(AdKey(old));
        productAds.Replace(edit.Id, changed);
        return Log(AdEntityKind.ProductAd, WriteOperation.Update, edit.Id, fields, new Accepted(edit.Id));
    }

    public WriteResult Update(TargetEdit edit)
    {
        var fields = new Fields().Add("state", edit.State).Add("bid", edit.Bid);
        var idField = edit.Kind == AdEntityKind.Keyword ? "keywordId" : "targetId";
        var old = targets.Find(edit.Id) is { } found && KindOf(found) == edit.Kind ? found : null;
        var refusal = old is null ? NotFound(edit.Kind, edit.Id, idField)
            : BadTransition(old.State, edit.State) ?? ArchivedParent(old.CampaignId, old.AdGroupId)
            ?? (old.Kind == TargetKind.Auto && edit.State == EntityState.Archived
                ? new Refused("entityStateError", "AUTO_TARGETING_CLAUSE_CANNOT_BE_ARCHIVED_MANUALLY", "An automatic clause can be paused, not archived.", "state", "ARCHIVED") : null)
            ?? (edit.Bid is { } bid ? BadBid(bid, "bid", campaigns.Find(old.CampaignId)!) : null) ?? Failure(edit.Kind, edit.Id);
        if (refusal is not null) return Log(edit.Kind, WriteOperation.Update, edit.Id, fields, refusal);

        var changed = old! with { State = edit.State ?? old.State, Bid = edit.Bid ?? old.Bid, UpdatedAt = now() };
        if (changed.State == EntityState.Archived) taken.Remove(TargetKey(old.AdGroupId, old.Match, old.Text));
        targets.Replace(edit.Id, changed);
        return Log(edit.Kind, WriteOperation.Update, edit.Id, fields, new Accepted(edit.Id));
    }

    public WriteResult Update(NegativeEdit edit)
    {
        var fields = new Fields().Add("state", edit.State);
        var idField = edit.Kind is AdEntityKind.NegativeTarget or AdEntityKind.CampaignNegativeTarget ? "targetId" : "keywordId";
        var old = negatives.Find(edit.Id) is { } found && found.Kind == edit.Kind ? found : null;
        var refusal = old is null ? NotFound(edit.Kind, edit.Id, idField)
            : BadTransition(old.State, edit.State) ?? ArchivedParent(old.CampaignId, old.AdGroupId) ?? Failure(edit.Kind, edit.Id);
        if (refusal is not null) return Log(edit.Kind, WriteOperation.Update, edit.Id, fields, refusal);

        var changed = old! with { State = edit.State ?? old.State, UpdatedAt = now() };
        if (changed.State == EntityState.Archived) taken.Remove(NegativeKey(old.CampaignId, old.AdGroupId, old.Match, old.Text));
        negatives.Replace(edit.Id, changed);
        return Log(edit.Kind, WriteOperation.Update, edit.Id, fields, new Accepted(edit.Id));
    }

    /// <summary>Amazon's delete operations: archive for ever.</summary>
    public WriteResult Archive(AdEntityKind kind, long id)
    {
        archiving = true;
        try
        {
            return kind switch
            {
                AdEntityKind.Campaign => Update(new CampaignEdit(id, State: EntityState.Archived)),
                AdEntityKind.AdGroup => Update(new AdGroupEdit(id, State: EntityState.Archived)),
                AdEntityKind.ProductAd => Update(new ProductAdEdit(id, EntityState.Archived)),
                AdEntityKind.Keyword or AdEntityKind.Target => Update(new TargetEdit(kind, id, EntityState.Archived)),
                AdEntityKind.NegativeKeyword or AdEntityKind.CampaignNegativeKeyword or AdEntityKind.NegativeTarget or AdEntityKind.CampaignNegativeTarget =>
                    Update(new NegativeEdit(kind, id, EntityState.Archived)),
            };
        }
        finally
        {
            archiving = false;
        }
    }

    private bool archiving;

    private WriteResult AddTarget(
        AdEntityKind entity, Fields fields, Refused? refusal, long? campaignId, long? adGroupId, TargetKind kind, MatchType? match, string? text, EntityState? state, decimal? bid)
    {
        if (refusal is not null) return Log(entity, WriteOperation.Create, null, fields, refusal);

        var at = now();
        var target = new WorldTarget(NextId(), campaignId!.Value, adGroupId!.Value, kind, match!.Value, text!, state!.Value, bid, at, at);
        targets.Add(target.Id, target);
        taken.Add(TargetKey(target.AdGroupId, target.Match, target.Text));
        return Log(entity, WriteOperation.Create, target.Id, fields, new Accepted(target.Id));
    }

    private WriteResult Log(AdEntityKind kind, WriteOperation operation, long? id, Fields fields, WriteResult result)
    {
        if (result is Accepted accepted)
        {
            Revision++;
            if (operation != WriteOperation.Create) touched.Add((kind, accepted.Id));
        }

        if (IsLogging)
        {
            writes.Add(new WriteEntry(writes.Count + 1, now(), kind, archiving ? WriteOperation.Archive : operation, id, fields.All, result is Accepted, (result as Refused)?.Reason));
        }

        return result;
    }

    // Amazon's own trouble with a write that is right. It strikes the n-th such write of a day to one thing (or below one parent, for what is new), so it does
    // not depend on what was written elsewhere: two policies that write the same meet the same failures. Sending it again is another write.
    private Refused? Failure(AdEntityKind kind, long id)
    {
        if (FailureShare <= 0 || !IsLogging) return null;
        var day = today();
        if (day != failureDay) writesToday.Clear();
        failureDay = day;
        var key = (kind, id);
        var number = writesToday[key] = writesToday.GetValueOrDefault(key) + 1;
        return dice.Uniform(Draw.WriteFailure, unchecked((id * 16) + (long)kind), day.DayNumber, number) < FailureShare
            ? new Refused("internalServerError", "INTERNAL_ERROR", "Something went wrong at our side; try again later.")
            : null;
    }

    private long NextId()
    {
        // Fifteen digits like Amazon's, unrelated to the order of creation.
        long id;
        do id = 100_000_000_000_000L + (long)(dice.Bits(Draw.Ids, 0, idsDrawn++) % 900_000_000_000_000UL);
        while (!usedIds.Add(id));
        return id;
    }

    private static AdEntityKind KindOf(WorldTarget target) => target.Kind == TargetKind.Keyword ? AdEntityKind.Keyword : AdEntityKind.Target;

    // Amazon judges twins on the words as typed, apart from case.
    private static string Key(string text) => text.Trim().ToLowerInvariant();
    private static string AdKey(WorldProductAd ad) => $"ad:{ad.AdGroupId}:{ad.Sku}";
    private static string TargetKey(long adGroup, MatchType match, string text) => $"target:{adGroup}:{match}:{Key(text)}";
    private static string NegativeKey(long campaign, long? adGroup, NegativeMatch match, string text) => $"negative:{campaign}:{adGroup}:{match}:{Key(text)}";
    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
    private static string Text(decimal amount) => amount.ToString(CultureInfo.InvariantCulture);

    private static Refused? Missing(params ReadOnlySpan<(string Field, object? Value)> values)
    {
        foreach (var (field, value) in values)
        {
            if (value is null) return new Refused("missingValueError", "MISSING_VALUE", $"'{field}' is missing.", field);
        }

        return null;
    }

    private static Refused? BadName(string name, int longest) => name switch
    {
        _ when string.IsNullOrWhiteSpace(name) => new("malformedValueError", "BLANK", "The name is blank.", "name", name),
        _ when name != name.Trim() => new("malformedValueError", "LEADING_OR_TRAILING_WHITESPACE", "The name begins or ends with a blank.", "name", name),
        { Length: var length } when length > longest => new("malformedValueError", "TOO_LONG", $"The name has more than {longest} characters.", "name", name),
        _ => null,
    };

    private static Refused? BadKeyword(string text, int mostWords) => text switch
    {
        _ when string.IsNullOrWhiteSpace(text) => new("malformedValueError", "BLANK", "The keyword is blank.", "keywordText", text),
        _ when text != text.Trim() => new("malformedValueError", "LEADING_OR_TRAILING_WHITESPACE", "The keyword begins or ends with a blank.", "keywordText", text),
        { Length: > 80 } => new("malformedValueError", "TOO_LONG", "The keyword has more than 80 characters.", "keywordText", text),
        _ when text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length > mostWords => new("malformedValueError", "TOO_LONG", $"The keyword has more than {mostWords} words.", "keywordText", text),
        _ when text.AsSpan().ContainsAny(Forbidden) => new("malformedValueError", "FORBIDDEN_CHARS", "The keyword holds characters that Amazon refuses.", "keywordText", text),
        _ => null,
    };

    private static Refused? BadAsin(string text) =>
        text.Length == 10 && text.All(char.IsAsciiLetterOrDigit) ? null : new Refused("productIdentifierError", "INVALID_ASIN", "An ASIN has ten letters and digits.", "expression", text);

    private static Refused? BadNewState(EntityState state) => state == EntityState.Archived
        ? new Refused("entityStateError", "INVALID_STATE_TRANSITION", "Nothing is created archived.", "state", "ARCHIVED")
        : null;

    private static Refused? BadTransition(EntityState old, EntityState? wanted) => old == EntityState.Archived
        ? new Refused("entityStateError", "ARCHIVED_ENTITY_CANNOT_BE_MODIFIED", "What is archived stays as it is.", "state", wanted?.ToString().ToUpperInvariant())
        : null;

    private Refused? BadBudget(decimal budget) => budget < limits.MinimumBudget || budget > limits.MaximumBudget
        ? new Refused("budgetError", budget < limits.MinimumBudget ? "BUDGET_TOO_LOW" : "BUDGET_TOO_HIGH", "The budget is outside the marketplace's range.", "budget.budget", Text(budget), Text(limits.MinimumBudget), Text(limits.MaximumBudget))
        : null;

    private Refused? BadBid(decimal bid, string field, WorldCampaign campaign) =>
        bid < limits.MinimumBid || bid > limits.MaximumBid
            ? new Refused("biddingError", "BID_OUT_OF_MARKET_PLACE_RANGE", "The bid is outside the marketplace's range.", field, Text(bid), Text(limits.MinimumBid), Text(limits.MaximumBid))
            : decimal.Remainder(bid, limits.BidStep) != 0
                ? new Refused("malformedValueError", "PATTERN_NOT_MATCHED", "The bid is finer than the marketplace's step.", field, Text(bid))
                : bid > campaign.DailyBudget ? new Refused("biddingError", "BID_GT_BUDGET", "The bid is above the campaign's daily budget.", field, Text(bid), Text(limits.MinimumBid), Text(campaign.DailyBudget)) : null;

    private static Refused? BadPercents(params ReadOnlySpan<int?> percents)
    {
        foreach (var percent in percents)
        {
            if (percent is < 0 or > 900) return new Refused("rangeError", percent < 0 ? "TOO_LOW" : "TOO_HIGH", "A placement adjustment is 0 to 900 percent.", "dynamicBidding.placementBidding.percentage", percent.Value.ToString(CultureInfo.InvariantCulture), "0", "900");
        }

        return null;
    }

    private Refused? BadCampaign(long id) => campaigns.Find(id) switch
    {
        null => new("parentEntityError", "PARENT_ENTITY_NOT_FOUND", "No such campaign.", "campaignId", id.ToString(CultureInfo.InvariantCulture)),
        { State: EntityState.Archived } => new("parentEntityError", "PARENT_ENTITY_ARCHIVED", "The campaign is archived.", "campaignId", id.ToString(CultureInfo.InvariantCulture)),
        _ => null,
    };

    private Refused? BadParents(long campaignId, long adGroupId) => BadCampaign(campaignId) ?? adGroups.Find(adGroupId) switch
    {
        null => new("parentEntityError", "PARENT_ENTITY_NOT_FOUND", "No such ad group.", "adGroupId", adGroupId.ToString(CultureInfo.InvariantCulture)),
        { CampaignId: var owner } when owner != campaignId => new("parentEntityError", "PARENT_ENTITY_NOT_FOUND", "The ad group belongs to another campaign.", "adGroupId", adGroupId.ToString(CultureInfo.InvariantCulture)),
        { State: EntityState.Archived } => new("parentEntityError", "PARENT_ENTITY_ARCHIVED", "The ad group is archived.", "adGroupId", adGroupId.ToString(CultureInfo.InvariantCulture)),
        _ => null,
    };

    private Refused? ArchivedParent(long campaignId, long? adGroupId) =>
        campaigns.Find(campaignId)!.State == EntityState.Archived || (adGroupId is { } id && adGroups.Find(id)!.State == EntityState.Archived)
            ? new Refused("entityStateError", "PARENT_ARCHIVED_FORBIDS_UPDATES", "The parent is archived.", "state")
            : null;

    private Refused? ManualOnly(long campaignId) => campaigns.Find(campaignId)!.Targeting == TargetingType.Auto
        ? new Refused("targetingClauseSetupError", "TARGETING_TYPE_NOT_ALLOWED_FOR_AUTO_TARGETING_CAMPAIGN", "An automatic campaign takes no keywords or targets.", "campaignId")
        : null;

    private Refused? MixedAdGroup(long adGroupId, TargetKind kind) =>
        targets.All.Any(target => target.AdGroupId == adGroupId && target.Kind != kind && target.State != EntityState.Archived)
            ? new Refused("targetingClauseSetupError", "TYPE_CONFLICT_IN_AD_GROUP", "An ad group holds keywords or product targets, not both.", "adGroupId")
            : null;

    private Refused? TakenName(string key, string name) => taken.Contains(key)
        ? new Refused("duplicateValueError", "NAME_NOT_UNIQUE", "The name is taken.", "name", name)
        : null;

    private Refused? Duplicate(string key, string field, string value) => taken.Contains(key)
        ? new Refused("duplicateValueError", "DUPLICATE_VALUE", "The same already exists here.", field, value)
        : null;

    private static Refused NotFound(AdEntityKind kind, long id, string field) => new(
        "entityNotFoundError", "ENTITY_NOT_FOUND", "No such entity.", field, id.ToString(CultureInfo.InvariantCulture), EntityType: kind switch
        {
            AdEntityKind.Campaign => "CAMPAIGN",
            AdEntityKind.AdGroup => "AD_GROUP",
            AdEntityKind.ProductAd => "PRODUCT_AD",
            AdEntityKind.Keyword => "KEYWORD",
            AdEntityKind.Target => "TARGETING_CLAUSE",
            AdEntityKind.NegativeKeyword => "NEGATIVE_KEYWORD",
            AdEntityKind.CampaignNegativeKeyword => "CAMPAIGN_NEGATIVE_KEYWORD",
            AdEntityKind.NegativeTarget => "NEGATIVE_TARGETING_CLAUSE",
            AdEntityKind.CampaignNegativeTarget => "CAMPAIGN_NEGATIVE_TARGETING_CLAUSE",
        }, EntityId: id);

    /// <summary>Entities in order of creation, found by id.</summary>
    private sealed class Shelf<T> where T : class
    {
        private readonly List<T> items = [];
        private readonly Dictionary<long, int> places = [];

        public IReadOnlyList<T> All => items;

        public T? Find(long id) => places.TryGetValue(id, out var place) ? items[place] : null;

        public void Add(long id, T item)
        {
            places.Add(id, items.Count);
            items.Add(item);
        }

        public void Replace(long id, T item) => items[places[id]] = item;
    }

    /// <summary>What an item carried, for the log.</summary>
    private sealed class Fields
    {
        private readonly List<KeyValuePair<string, string>> all = [];

        public IReadOnlyList<KeyValuePair<string, string>> All => all;

        public Fields Add<T>(string name, T? value)
        {
            if (value is not null) all.Add(new(name, value is DateOnly day ? Text(day) : Convert.ToString(value, CultureInfo.InvariantCulture)!));
            return this;
        }
    }
}
