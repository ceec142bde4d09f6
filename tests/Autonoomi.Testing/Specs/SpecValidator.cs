using System.Globalization;
using System.IO;
using System.Text.Json;

namespace Autonoomi.Testing.Specs;

/// <summary>Holds requests and responses against Amazon's published specifications, per operation and status.</summary>
/// <remarks>
/// Covers Sponsored Products, Sponsored Brands, Sponsored Display, profiles and reporting of the Ads API, and sellers, listings, FBA inventory, orders, Data Kiosk, catalogue, reports, finances and product fees of the Selling Partner API.
/// Each method returns what is wrong in sentences with JSON paths; an empty list means that the message fits.
/// </remarks>
public sealed class SpecValidator
{
    private static readonly string[] Files =
    [
        "ads/SponsoredProducts.json", "ads/SponsoredBrandsV4.json", "ads/SponsoredBrandsV3.json", "ads/SponsoredDisplay.json", "ads/AccountsProfiles.json", "ads/ReportingVersion3.json",
        "ads/AdsAPIv1SponsoredProducts.json", "ads/AdsAPIv1SponsoredBrands.json", "ads/AdsAPIv1SponsoredDisplay.json",
        "ads/ExportsSnapshots.json", "ads/ChangeHistory.json", "ads/AccountsPortfolios.json",
        "sp-api/sellers.json", "sp-api/listingsItems_2021-08-01.json", "sp-api/fbaInventory.json", "sp-api/orders_2026-01-01.json", "sp-api/dataKiosk_2023-11-15.json",
        "sp-api/catalogItems_2022-04-01.json", "sp-api/reports_2021-06-30.json", "sp-api/finances_2024-06-19.json", "sp-api/productFeesV0.json",
    ];

    private static readonly string[] CoveredPrefixes = ["/sp/", "/sb/", "/sd/", "/v2/", "/reporting/", "/adsApi/", "/campaigns/export", "/adGroups/export", "/ads/export", "/targets/export", "/exports/", "/history", "/portfolios", "/sellers/", "/listings/", "/fba/", "/orders/", "/dataKiosk/", "/catalog/", "/reports/", "/finances/", "/products/"];

    private static readonly Lazy<SpecValidator> Shared = new(() => Load(Repository.Specs ?? throw new DirectoryNotFoundException(Repository.SpecsMissing)));

    private readonly List<Operation> operations;

    private SpecValidator(List<Operation> operations) => this.operations = operations;

    /// <summary>The specifications beside the checkout, parsed once per process.</summary>
    /// <remarks>Skip first: <c>Assert.SkipWhen(Repository.Specs is null, Repository.SpecsMissing)</c>.</remarks>
    public static SpecValidator Amazon => Shared.Value;

    /// <param name="folder">The folder that holds <c>ads</c> and <c>sp-api</c>.</param>
    public static SpecValidator Load(string folder)
    {
        var operations = new List<Operation>();
        foreach (var file in Files)
        {
            var root = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, file))).RootElement;
            var name = Path.GetFileNameWithoutExtension(file);
            var check = new JsonSchemaCheck(root, name);
            foreach (var path in root.GetProperty("paths").EnumerateObject())
                foreach (var method in path.Value.EnumerateObject().Where(each => each.Name is "get" or "put" or "post" or "delete" or "patch"))
                    operations.Add(Operation.Read(name, check, path, method));
        }

        return new SpecValidator(operations);
    }

    /// <summary>True for paths of the APIs that the loaded specifications describe; control routes, downloads and log-in are not.</summary>
    public static bool Covers(string path) => CoveredPrefixes.Any(prefix => path.StartsWith(prefix, StringComparison.Ordinal));

    /// <returns>The specification's operation id, or null when no operation has this method and path.</returns>
    public string? OperationOf(string method, string pathAndQuery) => Find(method, Split(pathAndQuery).Path)?.Id;

    /// <param name="method">HTTP method.</param>
    /// <param name="pathAndQuery">Path and query, still percent-encoded.</param>
    /// <param name="headers">All request headers.</param>
    /// <param name="mediaType">Content type without parameters, or null without a body.</param>
    /// <param name="body">Body as text, or null.</param>
    public IReadOnlyList<string> ValidateRequest(
        string method, string pathAndQuery, IEnumerable<KeyValuePair<string, string>> headers, string? mediaType, string? body)
    {
        var (path, query) = Split(pathAndQuery);
        return Best(method, path, operation => RequestViolations(operation, path, query, headers, mediaType, body));
    }

    private static List<string> RequestViolations(
        Operation operation, string path, List<KeyValuePair<string, string>> query, IEnumerable<KeyValuePair<string, string>> headers, string? mediaType, string? body)
    {
        var violations = new List<string>();
        var given = headers.ToLookup(each => each.Key, each => each.Value, StringComparer.OrdinalIgnoreCase);
        CheckAccess(operation, given, violations);
        CheckParameters(operation, path, query, given, violations);
        CheckRequestBody(operation, mediaType, body, violations);
        return Named(operation, "request", violations);
    }

    /// <param name="method">Method of the request.</param>
    /// <param name="pathAndQuery">Path and query of the request.</param>
    /// <param name="status">HTTP status.</param>
    /// <param name="mediaType">Content type without parameters, or null without a body.</param>
    /// <param name="body">Body as text; empty when there is none.</param>
    public IReadOnlyList<string> ValidateResponse(string method, string pathAndQuery, int status, string? mediaType, string body)
    {
        return Best(method, Split(pathAndQuery).Path, operation => ResponseViolations(operation, status, mediaType, body));
    }

    private static List<string> ResponseViolations(Operation operation, int status, string? mediaType, string body)
    {
        if (SpecDeviations.AllowsAnswer(operation.Specification, status, mediaType)) return [];

        var violations = new List<string>();
        if (!operation.Node.GetProperty("responses").TryGetProperty(status.ToString(CultureInfo.InvariantCulture), out var response))
            return Named(operation, $"response {status}", ["the specification has no such status"]);

        response = operation.Check.Resolve(response);
        if (operation.IsOpenApi)
        {
            if (!response.TryGetProperty("content", out var content)) return [];
            if (mediaType is null || !content.TryGetProperty(mediaType, out var described))
                violations.Add($"content type '{mediaType}' is not one of {string.Join(", ", content.EnumerateObject().Select(each => each.Name))}");
            else CheckBody(operation, described.GetProperty("schema"), body, violations);
        }
        else if (response.TryGetProperty("schema", out var schema))
        {
            if (mediaType != "application/json") violations.Add($"content type '{mediaType}' is not application/json");
            CheckBody(operation, schema, body, violations);
        }
        else if (body.Length > 0) violations.Add("a body where the specification has none");

        return Named(operation, $"response {status}", violations);
    }

    private static void CheckAccess(Operation operation, ILookup<string, string> headers, List<string> violations)
    {
        // What the guides demand of every call and the schema files leave out.
        if (operation.IsOpenApi)
        {
            if (headers["Authorization"].FirstOrDefault()?.StartsWith("Bearer ", StringComparison.Ordinal) != true) violations.Add("header Authorization: 'Bearer' and a token are asked");
        }
        else
        {
            if (!headers["x-amz-access-token"].Any()) violations.Add("header x-amz-access-token: required, and missing");
            if (string.Join(' ', headers["User-Agent"]) is not { Length: > 0 and <= 500 }) violations.Add("header User-Agent: required, 500 characters at most");
        }
    }

    private static void CheckParameters(Operation operation, string path, List<KeyValuePair<string, string>> query, ILookup<string, string> headers, List<string> violations)
    {
        var inQuery = query.ToLookup(each => each.Key, each => each.Value, StringComparer.Ordinal);
        var segments = path.Trim('/').Split('/');
        foreach (var parameter in operation.Parameters.Where(each => each.Place != "body"))
        {
            var value = parameter.Place switch
            {
                "query" => inQuery[parameter.Name].FirstOrDefault(),
                "header" => headers[parameter.Name].FirstOrDefault(),
                "path" => Uri.UnescapeDataString(segments[Array.IndexOf(operation.Segments, "{" + parameter.Name + "}")]),
                _ => throw new NotSupportedException($"A parameter in '{parameter.Place}'."),
            };
            if (value is null)
            {
                if (parameter.Required) violations.Add($"{parameter.Place} {parameter.Name}: required, and missing");
            }
            else operation.Check.Check(parameter.Schema, Typed(operation.Check.Resolve(parameter.Schema), value), $"{parameter.Place} {parameter.Name}", violations);
        }

        foreach (var unknown in inQuery.Where(each => !operation.Parameters.Any(parameter => parameter.Place == "query" && parameter.Name == each.Key)))
            violations.Add($"query {unknown.Key}: the operation has no such parameter");
    }

    private static void CheckRequestBody(Operation operation, string? mediaType, string? body, List<string> violations)
    {
        if (operation.IsOpenApi)
        {
            if (!operation.Node.TryGetProperty("requestBody", out var expected))
            {
                if (!string.IsNullOrEmpty(body)) violations.Add("a body where the operation takes none");
                return;
            }

            var content = operation.Check.Resolve(expected).GetProperty("content");
            if (mediaType is null || !content.TryGetProperty(mediaType, out var described))
                violations.Add($"content type '{mediaType}' is not one of {string.Join(", ", content.EnumerateObject().Select(each => each.Name))}");
            else CheckBody(operation, described.GetProperty("schema"), body ?? "", violations);
            return;
        }

        var parameter = operation.Parameters.FirstOrDefault(each => each.Place == "body");
        if (parameter is null)
        {
            if (!string.IsNullOrEmpty(body)) violations.Add("a body where the operation takes none");
            return;
        }

        if (mediaType != "application/json") violations.Add($"content type '{mediaType}' is not application/json");
        CheckBody(operation, parameter.Schema, body ?? "", violations);
    }

    private static void CheckBody(Operation operation, JsonElement schema, string body, List<string> violations)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind == JsonValueKind.Array && SpecDeviations.DrawsOneOfMany(operation.Specification, operation.Id) && operation.Check.Resolve(schema).TryGetProperty("properties", out _))
            {
                foreach (var (index, item) in document.RootElement.EnumerateArray().Index()) operation.Check.Check(schema, item, $"$[{index}]", violations);
            }
            else operation.Check.Check(schema, document.RootElement, "$", violations);
        }
        catch (JsonException)
        {
            violations.Add("the body is not JSON");
        }
    }

    private static JsonElement Typed(JsonElement schema, string value)
    {
        var type = schema.TryGetProperty("type", out var named) ? named.GetString() : "string";
        var json = type switch
        {
            "integer" or "number" when double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _) => value,
            "boolean" when value is "true" or "false" => value,
            "array" => JsonSerializer.Serialize(value.Split(',')),
            _ => JsonSerializer.Serialize(value),
        };
        return JsonDocument.Parse(json).RootElement;
    }

    private static (string Path, List<KeyValuePair<string, string>> Query) Split(string pathAndQuery)
    {
        var parts = pathAndQuery.Split('?', 2);
        var query = new List<KeyValuePair<string, string>>();
        if (parts.Length > 1)
            foreach (var pair in parts[1].Split('&', StringSplitOptions.RemoveEmptyEntries).Select(each => each.Split('=', 2)))
                query.Add(new(Uri.UnescapeDataString(pair[0]), Uri.UnescapeDataString((pair.Length > 1 ? pair[1] : "").Replace('+', ' '))));
        return (parts[0], query);
    }

    private Operation? Find(string method, string path) => FindAll(method, path).FirstOrDefault();

    /// <summary>Ads API v1 describes one path in a file per ad product; elsewhere there is one.</summary>
    private IEnumerable<Operation> FindAll(string method, string path)
    {
        var segments = path.Trim('/').Split('/');
        var found = operations.Where(each => each.Method.Equals(method, StringComparison.OrdinalIgnoreCase) && each.Fits(segments))
            .GroupBy(each => each.Segments.Count(segment => segment.StartsWith('{'))).MinBy(group => group.Key);
        return found ?? Enumerable.Empty<Operation>();
    }

    /// <summary>What is wrong by the specification that fits best: a message must fit one of them.</summary>
    private List<string> Best(string method, string path, Func<Operation, List<string>> check) =>
        FindAll(method, path).Select(check).MinBy(violations => violations.Count) ?? [$"{method} {path}: no specification has this operation"];

    private static List<string> Named(Operation operation, string part, List<string> violations) =>
        [.. violations.Select(each => $"{operation.Id} {part}: {each}")];

    private sealed record Parameter(string Name, string Place, bool Required, JsonElement Schema);

    private sealed record Operation(string Specification, JsonSchemaCheck Check, string Method, string[] Segments, string Id, JsonElement Node, Parameter[] Parameters)
    {
        public bool IsOpenApi => Check.IsOpenApi;

        public bool Fits(string[] path) =>
            path.Length == Segments.Length && path.Zip(Segments).All(pair => pair.Second.StartsWith('{') ? pair.First.Length > 0 : pair.First == pair.Second);

        public static Operation Read(string specification, JsonSchemaCheck check, JsonProperty path, JsonProperty method)
        {
            var parameters = new[] { path.Value, method.Value }
                .SelectMany(node => node.TryGetProperty("parameters", out var listed) ? listed.EnumerateArray() : default)
                .Select(check.Resolve)
                .Select(node => new Parameter(
                    node.GetProperty("name").GetString()!, node.GetProperty("in").GetString()!, node.TryGetProperty("required", out var required) && required.GetBoolean(),
                    node.TryGetProperty("schema", out var schema) ? schema : Bare(node)))
                .ToArray();
            return new(specification, check, method.Name, path.Name.Trim('/').Split('/'), method.Value.TryGetProperty("operationId", out var id) ? id.GetString()! : $"{method.Name.ToUpperInvariant()} {path.Name}", method.Value, parameters);
        }

        // Swagger 2 mixes a parameter's own words with its schema's.
        private static JsonElement Bare(JsonElement parameter) => JsonSerializer.SerializeToElement(parameter.EnumerateObject()
            .Where(each => each.Name is not ("name" or "in" or "required" or "collectionFormat" or "allowEmptyValue" or "explode" or "style"))
            .ToDictionary(each => each.Name, each => each.Value));
    }
}
