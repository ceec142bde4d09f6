namespace Autonoomi.Testing.Specs;

/// <summary>Where Amazon's own documentation says more than Amazon's own schema files: the only tolerances of the check, each with its reason.</summary>
public static class SpecDeviations
{
    private sealed record Field(string Specification, string? Schema, string Name, string Reason);

    private sealed record Answer(string Specification, int Status, string MediaType, string Reason);

    private const string ProfilesReason = "the profiles guide documents and shows the field; the schema file lists only a part";
    private const string GatewayReason = "the gateway in front of the API answers with its own HTML page";
    private const string ErrorsReason = "the errors guide documents the status for all Ads APIs; the schema file lists only successes";

    private const string CreationErrorsReason = "the schema leaves the items of createTargetErrorResults empty; those of updates, beside it, have these fields";

    private static readonly Field[] Fields =
    [
        new("AccountsProfiles", "Profile", "currencyCode", ProfilesReason),
        new("AccountsProfiles", "Profile", "timezone", ProfilesReason),
        new("AccountsProfiles", "AccountInfo", "marketplaceStringId", ProfilesReason),
        new("AccountsProfiles", "AccountInfo", "id", ProfilesReason),
        new("AccountsProfiles", "AccountInfo", "name", ProfilesReason),
        new("AccountsProfiles", "AccountInfo", "validPaymentMethod", ProfilesReason),
        new("SponsoredBrandsV3", null, "targetRequestIndex", CreationErrorsReason),
        new("SponsoredBrandsV3", null, "code", CreationErrorsReason),
        new("SponsoredBrandsV3", null, "details", CreationErrorsReason),
    ];

    private static readonly Answer[] Answers =
    [
        new("AccountsProfiles", 401, "application/json", ErrorsReason),
        new("AccountsProfiles", 403, "application/json", ErrorsReason),
        new("AccountsProfiles", 404, "application/json", ErrorsReason),
        new("AccountsProfiles", 429, "application/json", ErrorsReason),
        new("AccountsProfiles", 500, "application/json", ErrorsReason),
        new("SponsoredProducts", 406, "application/json", "an Accept that the operation cannot give is refused as HTTP says; the schema file lists only 415"),
        new("SponsoredBrandsV3", 400, "application/vnd.sberror.v3.0+json", ErrorsReason),
        new("SponsoredBrandsV3", 401, "application/vnd.sberror.v3.0+json", ErrorsReason),
        new("SponsoredBrandsV3", 403, "application/vnd.sberror.v3.0+json", ErrorsReason),
        new("SponsoredBrandsV3", 429, "application/vnd.sberror.v3.0+json", ErrorsReason),
        new("SponsoredBrandsV3", 500, "application/vnd.sberror.v3.0+json", ErrorsReason),
        new("SponsoredBrandsV3", 503, "application/vnd.sberror.v3.0+json", ErrorsReason),
        new("*", 429, "text/html", GatewayReason),
        new("*", 500, "text/html", GatewayReason),
        new("*", 502, "text/html", GatewayReason),
        new("*", 503, "text/html", GatewayReason),
    ];

    // Guides and the negatives beside them answer with a list in the order of the request; the schema of positive keywords draws one item of it.
    private static readonly string[] DrawnAsOne = ["createKeywords", "updateKeywords"];

    /// <returns>True when the specification shows one item where the answer is a list of them.</returns>
    internal static bool DrawsOneOfMany(string specification, string operationId) => specification == "SponsoredBrandsV3" && DrawnAsOne.Contains(operationId);

    internal static bool AllowsField(string specification, string? schema, string field) =>
        Fields.Any(each => each.Specification == specification && each.Schema == schema && each.Name == field);

    internal static bool AllowsAnswer(string specification, int status, string? mediaType) =>
        Answers.Any(each => (each.Specification == "*" || each.Specification == specification) && each.Status == status && each.MediaType == mediaType);
}
