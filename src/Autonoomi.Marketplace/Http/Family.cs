using System.Globalization;
using System.Text.Json.Nodes;
using Autonoomi.Marketplace.Http.Ads;
using Autonoomi.Marketplace.Http.Ads.Services;
using Autonoomi.Marketplace.Http.Ads.V1;

namespace Autonoomi.Marketplace.Http;

internal enum ApiFamily
{
    Login, SponsoredProducts, SponsoredBrands, BrandTargets, SponsoredDisplay, UnifiedAds, BidRecommendations, PromotionGroups, AdsServices, Exports, History, Portfolios, Profiles, Reporting,
    SellingPartner, Download, Control,
}

/// <summary>Every API of Amazon words its failures differently; this is who says what.</summary>
internal static class Family
{
    private static readonly string[] PartnerPrefixes = ["/sellers/", "/listings/", "/fba/", "/orders/", "/dataKiosk/", "/catalog/", "/reports/", "/finances/", "/sales/", "/products/", "/tokens/", "/notifications/"];

    public static ApiFamily Of(string path) =>
        path == BidRecommendations.Path ? ApiFamily.BidRecommendations
        : path.StartsWith(TargetPromotionGroups.Root, StringComparison.Ordinal) ? ApiFamily.PromotionGroups
        : BudgetUsage.Covers(path) || BudgetRules.Covers(path) ? ApiFamily.AdsServices
        : Exports.Covers(path) ? ApiFamily.Exports
        : path == "/history" ? ApiFamily.History
        : path.StartsWith("/portfolios", StringComparison.Ordinal) ? ApiFamily.Portfolios
        : path.StartsWith("/sp/", StringComparison.Ordinal) ? ApiFamily.SponsoredProducts
        : path.StartsWith(SponsoredBrands.Root, StringComparison.Ordinal) ? ApiFamily.SponsoredBrands
        : path.StartsWith(BrandTargets.Root, StringComparison.Ordinal) ? ApiFamily.BrandTargets
        : path.StartsWith(SponsoredDisplay.Root, StringComparison.Ordinal) ? ApiFamily.SponsoredDisplay
        : path.StartsWith(UnifiedAds.Root, StringComparison.Ordinal) ? ApiFamily.UnifiedAds
        : path.StartsWith("/v2/", StringComparison.Ordinal) ? ApiFamily.Profiles
        : path.StartsWith("/reporting/", StringComparison.Ordinal) ? ApiFamily.Reporting
        : path.StartsWith("/world/", StringComparison.Ordinal) ? ApiFamily.Control
        : path.StartsWith(Downloads.Root, StringComparison.Ordinal) ? ApiFamily.Download
        : PartnerPrefixes.Any(prefix => path.StartsWith(prefix, StringComparison.Ordinal)) ? ApiFamily.SellingPartner
        : ApiFamily.Login;

    /// <param name="path">Decides the wording.</param>
    /// <param name="status">HTTP status.</param>
    /// <param name="code">The family's code; reporting uses the status instead.</param>
    /// <param name="message">One sentence.</param>
    /// <param name="details">Selling Partner API only.</param>
    public static Answer Error(string path, int status, string code, string message, string details = "") => Of(path) switch
    {
        ApiFamily.SponsoredProducts or ApiFamily.UnifiedAds or ApiFamily.Portfolios => Answer.Json(status, new JsonObject { ["code"] = code, ["message"] = message }),
        ApiFamily.PromotionGroups => Answer.Json(status, new JsonObject { ["code"] = code, ["message"] = message }, TargetPromotionGroups.Media),
        ApiFamily.AdsServices => Answer.Json(status, new JsonObject { ["code"] = code, ["details"] = message }),
        ApiFamily.History => Answer.Json(status, new JsonObject { ["code"] = status.ToString(CultureInfo.InvariantCulture), ["details"] = message }),
        ApiFamily.Exports => Answer.Json(status, new JsonObject { ["message"] = message }),
        ApiFamily.BidRecommendations => Answer.Json(status, new JsonObject { ["code"] = code, ["details"] = message }, BidRecommendations.MediaType),
        ApiFamily.SponsoredBrands => Answer.Json(status, new JsonObject { ["code"] = code, ["message"] = message }, SponsoredBrands.MediaType(path)),
        ApiFamily.BrandTargets => Answer.Json(status, new JsonObject { ["code"] = code, ["details"] = message }, BrandTargets.ErrorType),
        ApiFamily.SponsoredDisplay => Answer.Json(status, new JsonObject { ["code"] = code, ["details"] = message }),
        ApiFamily.Profiles => Answer.Json(status, new JsonObject { ["code"] = code, ["details"] = message }),
        ApiFamily.Reporting => Answer.Json(status, new JsonObject { ["code"] = status.ToString(CultureInfo.InvariantCulture), ["detail"] = message }),
        ApiFamily.SellingPartner => Answer.Json(status, new JsonObject
        {
            ["errors"] = new JsonArray(new JsonObject { ["code"] = code, ["message"] = message, ["details"] = details }),
        }).With("x-amzn-ErrorType", code),
        ApiFamily.Download => Downloads.Refusal(status, code, message),
        ApiFamily.Control => Answer.Json(status, new JsonObject { ["error"] = message }),
        ApiFamily.Login => Answer.Json(status, new JsonObject { ["error"] = status < 500 ? "invalid_request" : "server_error", ["error_description"] = message }),
    };

    /// <returns>The answer that a fault gives instead of the real one.</returns>
    public static Answer Of(Fault fault, string path)
    {
        var answer = fault.Kind switch
        {
            FaultKind.Throttle or FaultKind.ThrottledButAccepted => Throttled(path),
            FaultKind.ThrottleHtml => Answer.Html(429, "<html><head><title>429 Too Many Requests</title></head><body><center><h1>429 Too Many Requests</h1></center></body></html>"),
            FaultKind.Html => Answer.Html(fault.Status, $"<html><head><title>{fault.Status}</title></head><body><center><h1>{fault.Status} Service unavailable</h1></center></body></html>"),
            FaultKind.Error or FaultKind.LostAnswer or FaultKind.CutDownload or FaultKind.ThrottledItems or FaultKind.SilentItems => Error(path, fault.Status, Of(path) == ApiFamily.SellingPartner ? "InternalFailure" : "INTERNAL_ERROR",
                "We encountered an internal error. Please try again."),
        };
        return fault.RetryAfterSeconds is { } seconds ? answer.With("Retry-After", seconds.ToString(CultureInfo.InvariantCulture)) : answer;
    }

    public static Answer Throttled(string path) => Of(path) switch
    {
        ApiFamily.SellingPartner => Error(path, 429, "QuotaExceeded", "You exceeded your quota for the requested resource."),
        ApiFamily.UnifiedAds => Error(path, 429, "TOO_MANY_REQUESTS", "Too many requests."),
        ApiFamily.SponsoredProducts or ApiFamily.SponsoredBrands or ApiFamily.BrandTargets or ApiFamily.SponsoredDisplay or ApiFamily.BidRecommendations or ApiFamily.Portfolios or ApiFamily.PromotionGroups =>
            Error(path, 429, "THROTTLED", "Too many requests."),
        _ => Error(path, 429, "429", "Too Many Requests"),
    };
}
