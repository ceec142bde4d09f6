using System.Globalization;
using System.Text.Json.Nodes;
using Autonoomi.Marketplace.World;

namespace Autonoomi.Marketplace.Http.Ads.V1;

/// <summary>The world's refusals in the words of Ads API v1: one flat list of codes, and the place in the request.</summary>
internal static class UnifiedErrors
{
    public static JsonObject Describe(Refused refused, string where) => new()
    {
        ["code"] = Code(refused), ["message"] = refused.Message, ["fieldLocation"] = refused.Field is { } field ? $"{where}.{Place(field)}" : where,
    };

    private static string Code(Refused refused) => (refused.Selector, refused.Reason) switch
    {
        ("missingValueError", _) => "FIELD_VALUE_IS_NULL",
        ("duplicateValueError", _) => "DUPLICATE_FIELD_VALUE_FOUND",
        ("entityNotFoundError", _) or ("parentEntityError", "PARENT_ENTITY_NOT_FOUND") => "RESOURCE_ID_NOT_FOUND",
        ("parentEntityError", _) => "ARCHIVED_PARENT_CANNOT_CREATE",
        ("entityStateError", "ARCHIVED_ENTITY_CANNOT_BE_MODIFIED") => "ARCHIVED_RESOURCE_CANNOT_EDIT",
        ("entityStateError", "PARENT_ARCHIVED_FORBIDS_UPDATES") => "ARCHIVED_PARENT_CANNOT_EDIT",
        ("entityStateError", "AUTO_TARGETING_CLAUSE_CANNOT_BE_ARCHIVED_MANUALLY") => "AUTOCREATED_ENTITY_CANNOT_EDIT",
        ("malformedValueError", "BLANK") => "FIELD_VALUE_IS_EMPTY",
        ("malformedValueError", "TOO_LONG") => "FIELD_SIZE_IS_ABOVE_MAXIMUM_LIMIT",
        ("malformedValueError", "TOO_SHORT") => "FIELD_SIZE_IS_BELOW_MINIMUM_LIMIT",
        ("malformedValueError", "FORBIDDEN_CHARS") => "FIELD_VALUE_CONTAINS_INVALID_CHARACTERS",
        ("dateError", "START_DATE_EARLIER_THAN_TODAY" or "END_DATE_EARLIER_THAN_TODAY") => "DATE_CANNOT_BE_IN_PAST",
        ("productIdentifierError", "INVALID_SKU") => "FIELD_VALUE_NOT_FOUND",
        ("targetingClauseSetupError" or "expressionTypeError", _) => "ACTION_NOT_SUPPORTED",
        ("marketplaceError", _) => "UNSUPPORTED_MARKETPLACE",
        ("throttledError", _) => "TOO_MANY_REQUESTS",
        ("internalServerError", _) => "INTERNAL_ERROR",
        ("biddingError", "BID_OUT_OF_MARKET_PLACE_RANGE") => "FIELD_VALUE_IS_OUT_OF_RANGE",
        ("biddingError" or "budgetError" or "rangeError", _) => OutOfRange(refused),
        _ => "FIELD_VALUE_IS_INVALID",
    };

    private static string OutOfRange(Refused refused)
    {
        if (!decimal.TryParse(refused.Trigger, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)) return "FIELD_VALUE_IS_INVALID";
        if (decimal.TryParse(refused.LowerLimit, NumberStyles.Float, CultureInfo.InvariantCulture, out var low) && value < low) return "FIELD_VALUE_IS_BELOW_MINIMUM_LIMIT";
        return decimal.TryParse(refused.UpperLimit, NumberStyles.Float, CultureInfo.InvariantCulture, out var high) && value > high ? "FIELD_VALUE_IS_ABOVE_MAXIMUM_LIMIT" : "FIELD_VALUE_IS_OUT_OF_RANGE";
    }

    // The world names fields as the older APIs spell them.
    private static string Place(string field) => field switch
    {
        "bid" => "bid.bid",
        "defaultBid" => "bid.defaultBid",
        "budget" or "budget.budget" => "budgets[0].budgetValue.monetaryBudgetValue.monetaryBudget.value",
        "keywordText" => "targetDetails.keywordTarget.keyword",
        "matchType" => "targetDetails.keywordTarget.matchType",
        "expression" => "targetDetails",
        "sku" => "creative.productCreative.productCreativeSettings.advertisedProduct.productId",
        "targetingType" => "autoCreationSettings.autoCreateTargets",
        "startDate" => "startDateTime",
        "endDate" => "endDateTime",
        "dynamicBidding.placementBidding.percentage" => "optimizations.bidSettings.bidAdjustments.placementBidAdjustments",
        _ => field,
    };
}
