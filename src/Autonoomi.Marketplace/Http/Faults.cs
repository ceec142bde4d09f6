using System.Text.Json;
using System.Text.Json.Nodes;
using Autonoomi.Marketplace.Http.Login;

namespace Autonoomi.Marketplace.Http;

internal enum FaultKind
{
    /// <summary>429 in the API's own body.</summary>
    Throttle,

    /// <summary>429 as the gateway's HTML page.</summary>
    ThrottleHtml,

    /// <summary>An outage in the API's own body.</summary>
    Error,

    /// <summary>An outage as the gateway's HTML page.</summary>
    Html,

    /// <summary>The work is done, and the connection is cut before the answer.</summary>
    LostAnswer,

    /// <summary>The work is done, and the answer says 429.</summary>
    ThrottledButAccepted,

    /// <summary>Downloads end in the middle.</summary>
    CutDownload,

    /// <summary>Every second item of a batch is refused as throttled, undone.</summary>
    ThrottledItems,

    /// <summary>Every second item of a batch is done, and the answer does not mention it.</summary>
    SilentItems,
}

/// <param name="Kind">What happens.</param>
/// <param name="Path">Start of the paths it happens on.</param>
/// <param name="Method">HTTP method, or null for all.</param>
/// <param name="Status">Status of <see cref="FaultKind.Error"/> and <see cref="FaultKind.Html"/>.</param>
/// <param name="RetryAfterSeconds">Sent along when given.</param>
internal sealed record Fault(FaultKind Kind, string Path, string? Method, int Status, int? RetryAfterSeconds)
{
    /// <summary>How often still; negative is for ever.</summary>
    public int Left { get; set; }

    /// <summary>How many matching calls pass unharmed first.</summary>
    public int Skip { get; set; }
}

/// <summary>What goes wrong on purpose. Lives under the world's lock.</summary>
internal sealed class FaultBoard
{
    private readonly List<Fault> faults = [];
    private readonly HashSet<string> expiredSecrets = new(StringComparer.Ordinal);
    private readonly HashSet<string> closedProfiles = new(StringComparer.Ordinal);
    private readonly HashSet<string> missingRoles = new(StringComparer.Ordinal);
    private readonly SortedDictionary<FaultKind, int> struck = [];
    private int refreshFailures;
    private Storm? storm;

    /// <summary>Whoever signs in at Seller Central is not the account's primary user.</summary>
    public bool IsSecondaryUser { get; private set; }

    /// <summary>The application has as many sellers as Amazon allows it.</summary>
    public bool IsConsentLimitReached { get; private set; }

    /// <summary>The person who consented may no longer work on this profile.</summary>
    public bool IsClosed(long profile) => closedProfiles.Contains(profile.ToString(System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>The application lacks the role for paths that begin so; <c>brandAnalytics</c>, <c>customerReturns</c> and <c>settlements</c> stand for the reports of that name.</summary>
    public bool LacksRole(string path) => missingRoles.Any(each => path.StartsWith(each, StringComparison.Ordinal));

    /// <summary>How many polls an asynchronous report or query answers before it is finished.</summary>
    public int PollsBeforeCompletion { get; private set; } = 1;

    /// <summary>How many of the next Data Kiosk queries end FATAL.</summary>
    public int FatalQueries { get; set; }

    /// <summary>Most rows of a Data Kiosk document; what is beyond them is another page. 0 puts all into one.</summary>
    public int QueryPageRows { get; private set; }

    /// <summary>How far budgets are used is counted no more: every answer is the first one since, with its own time.</summary>
    public bool UsageStands { get; private set; }

    /// <summary>One settlement file pays all of a seller's storefronts of a region and currency.</summary>
    public bool SharedSettlements { get; private set; }

    /// <summary>How many of the next reports end FAILED.</summary>
    public int FailedReports { get; set; }

    /// <summary>How many of the next exports end FAILED.</summary>
    public int FailedExports { get; private set; }

    /// <summary>How many groups of Amazon's own keyword promotion the account shows.</summary>
    public int PromotionGroups { get; private set; }

    public bool TakeFailedExport()
    {
        if (FailedExports == 0) return false;
        FailedExports--;
        return true;
    }

    /// <summary>How many of the next Selling Partner reports end FATAL with an error document.</summary>
    public int FatalReports { get; set; }

    /// <summary>How many of the next Selling Partner reports are cancelled as if there were nothing to tell.</summary>
    public int CancelledReports { get; set; }

    /// <summary>Mistakes of each kind in a thousand bookings.</summary>
    public int LedgerErrors { get; private set; }

    /// <summary>Orders in a thousand whose refunded goods never come back.</summary>
    public int KeptGoods { get; private set; }

    /// <returns>How the next Selling Partner report ends; null for well.</returns>
    public string? TakeOutcome()
    {
        if (FatalReports > 0)
        {
            FatalReports--;
            return "FATAL";
        }

        if (CancelledReports == 0) return null;
        CancelledReports--;
        return "CANCELLED";
    }

    public Fault? Take(string method, string path)
    {
        var fault = TakeNamed(method, path) ?? storm?.Take(method, path);
        if (fault is not null) struck[fault.Kind] = struck.GetValueOrDefault(fault.Kind) + 1;
        return fault;
    }

    private Fault? TakeNamed(string method, string path)
    {
        foreach (var fault in faults)
        {
            if (fault.Left == 0 || !path.StartsWith(fault.Path, StringComparison.Ordinal) || (fault.Method is not null && fault.Method != method)) continue;
            if (fault.Skip > 0)
            {
                fault.Skip--;
                continue;
            }

            if (fault.Left > 0) fault.Left--;
            return fault;
        }

        return null;
    }

    public bool IsSecretExpired(string clientId) => expiredSecrets.Contains(clientId);

    public bool TakeRefreshFailure()
    {
        if (refreshFailures == 0) return false;
        refreshFailures--;
        return true;
    }

    /// <summary>Reads a switchboard order; see docs/amazon/pretend-amazon.md for its words.</summary>
    /// <returns>What was not understood, or null.</returns>
    public string? Apply(JsonObject order, Grants grants)
    {
        foreach (var (name, value) in order)
        {
            var problem = name switch
            {
                "clear" => Do(Clear),
                "faults" => value is JsonArray list ? list.Select(each => Add(each as JsonObject)).FirstOrDefault(each => each is not null) : "faults is a list",
                "revoke" => Named(value, each => Do(() => grants.Revoke(each))),
                "expireSecret" => Named(value, each => Do(() => expiredSecrets.Add(ClientOf(each)))),
                "restoreSecret" => Named(value, each => Do(() => expiredSecrets.Remove(ClientOf(each)))),
                "expireOwnSecret" => Named(value, each => Do(() => expiredSecrets.Add(OwnClientOf(each)))),
                "restoreOwnSecret" => Named(value, each => Do(() => expiredSecrets.Remove(OwnClientOf(each)))),
                "expireGrant" => Named(value, each => Do(() => grants.Expire(each))),
                "closeProfiles" => Texts(value, closedProfiles),
                "removeRoles" => Texts(value, missingRoles),
                "secondaryUser" => Flag(value, on => IsSecondaryUser = on),
                "consentLimitReached" => Flag(value, on => IsConsentLimitReached = on),
                "usageStands" => Flag(value, on => UsageStands = on),
                "sharedSettlements" => Flag(value, on => SharedSettlements = on),
                "forgetAccessTokens" => Do(grants.ForgetAccess),
                "failRefreshes" => Number(value, count => refreshFailures = count),
                "pollsBeforeCompletion" => Number(value, count => PollsBeforeCompletion = count),
                "fatalQueries" => Number(value, count => FatalQueries = count),
                "queryPageRows" => Number(value, count => QueryPageRows = count),
                "failedReports" => Number(value, count => FailedReports = count),
                "failedExports" => Number(value, count => FailedExports = count),
                "promotionGroups" => Number(value, count => PromotionGroups = count),
                "fatalReports" => Number(value, count => FatalReports = count),
                "cancelledReports" => Number(value, count => CancelledReports = count),
                "ledgerErrors" => Number(value, count => LedgerErrors = Math.Min(count, 300)),
                "keptGoods" => Number(value, count => KeptGoods = Math.Min(count, 1000)),
                "storm" => Brew(value as JsonObject),
                _ => $"'{name}' is no known switch",
            };
            if (problem is not null) return problem;
        }

        return null;
    }

    public JsonObject Describe() => new()
    {
        ["faults"] = new JsonArray([.. faults.Where(each => each.Left != 0).Select(each => (JsonNode)new JsonObject
        {
            ["kind"] = JsonNamingPolicy.CamelCase.ConvertName(each.Kind.ToString()), ["path"] = each.Path, ["method"] = each.Method, ["status"] = each.Status,
            ["count"] = each.Left, ["skip"] = each.Skip, ["retryAfterSeconds"] = each.RetryAfterSeconds,
        })]),
        ["expiredSecrets"] = new JsonArray([.. expiredSecrets.Select(each => (JsonNode)each)]),
        ["closeProfiles"] = new JsonArray([.. closedProfiles.Select(each => (JsonNode)each)]),
        ["removeRoles"] = new JsonArray([.. missingRoles.Select(each => (JsonNode)each)]),
        ["secondaryUser"] = IsSecondaryUser,
        ["consentLimitReached"] = IsConsentLimitReached,
        ["usageStands"] = UsageStands,
        ["sharedSettlements"] = SharedSettlements,
        ["failRefreshes"] = refreshFailures,
        ["pollsBeforeCompletion"] = PollsBeforeCompletion,
        ["fatalQueries"] = FatalQueries,
        ["queryPageRows"] = QueryPageRows,
        ["failedReports"] = FailedReports,
        ["failedExports"] = FailedExports,
        ["promotionGroups"] = PromotionGroups,
        ["fatalReports"] = FatalReports,
        ["cancelledReports"] = CancelledReports,
        ["ledgerErrors"] = LedgerErrors,
        ["keptGoods"] = KeptGoods,
        ["struck"] = new JsonObject(struck.Select(each => KeyValuePair.Create(JsonNamingPolicy.CamelCase.ConvertName(each.Key.ToString()), (JsonNode?)each.Value))),
    };

    private void Clear()
    {
        faults.Clear();
        expiredSecrets.Clear();
        closedProfiles.Clear();
        missingRoles.Clear();
        (IsSecondaryUser, IsConsentLimitReached, UsageStands, SharedSettlements) = (false, false, false, false);
        (refreshFailures, PollsBeforeCompletion, FatalQueries, FailedReports, FailedExports, PromotionGroups) = (0, 1, 0, 0, 0, 0);
        (FatalReports, CancelledReports, LedgerErrors, KeptGoods, QueryPageRows) = (0, 0, 0, 0, 0);
        struck.Clear();
        storm = null;
    }

    private string? Add(JsonObject? fault)
    {
        if (fault?["path"] is not JsonValue path || !Enum.TryParse<FaultKind>((string?)fault["kind"], ignoreCase: true, out var kind)) return "a fault has a path and a known kind";
        faults.Add(new Fault(kind, (string)path!, (string?)fault["method"], (int?)fault["status"] ?? 503, (int?)fault["retryAfterSeconds"])
        {
            Left = (int?)fault["count"] ?? 1,
            Skip = (int?)fault["skip"] ?? 0,
        });
        return null;
    }

    /// <summary>As the order <c>storm</c>, from the start on.</summary>
    public void Begin(FaultScenario scenario) => storm = new Storm(scenario.Share, scenario.Seed, scenario.Kind);

    private string? Brew(JsonObject? order)
    {
        if (order?["share"] is not JsonValue share || !share.TryGetValue<double>(out var part) || part is < 0 or > FaultScenario.LargestShare) return "a storm has a share from 0 to 0.9";
        storm = new Storm(part, (int?)order["seed"] ?? 1);
        return null;
    }

    private static string ClientOf(GrantKind kind) => kind == GrantKind.Ads ? PretendApps.AdsClientId : PretendApps.SellingPartnerClientId;

    private static string OwnClientOf(GrantKind kind) => kind == GrantKind.Ads ? PretendApps.OwnAdsClientId : PretendApps.OwnSellingPartnerClientId;

    private static string? Flag(JsonNode? value, Action<bool> set) => value is JsonValue flag && flag.TryGetValue<bool>(out var on) ? Do(() => set(on)) : "true or false is asked";

    // The list takes the place of the one before, so that an empty one lifts it.
    private static string? Texts(JsonNode? value, HashSet<string> into)
    {
        if (value is not JsonArray list) return "a list is asked";
        into.Clear();
        into.UnionWith(list.Select(each => each?.ToString() ?? ""));
        return null;
    }

    private static string? Do(Action action)
    {
        action();
        return null;
    }

    private static string? Number(JsonNode? value, Action<int> set) =>
        value is JsonValue number && number.TryGetValue<int>(out var count) && count >= 0 ? Do(() => set(count)) : "a whole number of zero or more is asked";

    private static string? Named(JsonNode? value, Func<GrantKind, string?> act)
    {
        foreach (var each in value is JsonArray list ? list : [])
            if (!Enum.TryParse<GrantKind>((string?)each, ignoreCase: true, out var kind) || act(kind) is not null) return "'ads' or 'sellingPartner' is asked";
        return value is JsonArray ? null : "a list of 'ads' and 'sellingPartner' is asked";
    }
}

/// <summary>Any call may suffer from anything that can happen to it, a given share of them, the same ones for the same seed and order of calls.</summary>
/// <param name="share">Share of the calls.</param>
/// <param name="seed">Which of them.</param>
/// <param name="only">The one kind that strikes, where it fits; null for all.</param>
internal sealed class Storm(double share, int seed, FaultKind? only = null)
{
    private static readonly FaultKind[] Anywhere = [FaultKind.Throttle, FaultKind.ThrottleHtml, FaultKind.Error, FaultKind.Html, FaultKind.LostAnswer, FaultKind.ThrottledButAccepted];
    private static readonly FaultKind[] Batches = [.. Anywhere, FaultKind.ThrottledItems, FaultKind.SilentItems];
    private static readonly FaultKind[] Files = [FaultKind.Error, FaultKind.Html, FaultKind.CutDownload, FaultKind.LostAnswer];
    private static readonly int[] Outages = [500, 502, 503, 504];
    private readonly Random dice = new(seed);

    public Fault? Take(string method, string path)
    {
        if (dice.NextDouble() >= share) return null;
        var kinds = Family.Of(path) == ApiFamily.Download ? Files : IsBatch(method, path) ? Batches : Anywhere;
        if (only is { } kind)
        {
            if (!kinds.Contains(kind)) return null;
            kinds = [kind];
        }

        // A hint now and then: whoever honours it waits for a second.
        return new Fault(kinds[dice.Next(kinds.Length)], path, method, Outages[dice.Next(Outages.Length)], dice.Next(40) == 0 ? 1 : null);
    }

    private static bool IsBatch(string method, string path) =>
        Family.Of(path) is ApiFamily.SponsoredProducts or ApiFamily.SponsoredBrands or ApiFamily.BrandTargets or ApiFamily.SponsoredDisplay
        && (method == "PUT" || (method == "POST" && !path.EndsWith("/list", StringComparison.Ordinal)));
}
