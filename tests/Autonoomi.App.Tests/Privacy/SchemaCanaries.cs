using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Autonoomi.App.Tests.Privacy;

/// <summary>
/// Makes an answer from an official schema: every field that the manifest lists has a value that a client takes, every other one, of whatever type, is a canary.
/// What the manifest lists as a whole (something that is sent back unchanged) is a canary inside.
/// </summary>
internal sealed partial class SchemaCanaries(string mark)
{
    private const int Deepest = 14;
    private readonly HashSet<string> places = new(StringComparer.Ordinal);

    /// <summary>Values by the field's name where its type alone does not say what a client takes.</summary>
    private static readonly Dictionary<string, string> Texts = new(StringComparer.OrdinalIgnoreCase)
    {
        ["campaignId"] = "11", ["adGroupId"] = "22", ["adId"] = "33", ["keywordId"] = "44", ["targetId"] = "45", ["themeId"] = "46", ["portfolioId"] = "55", ["profileId"] = "3501", ["sourceAdGroupId"] = "22",
        ["marketplaceId"] = "ATVPDKIKX0DER", ["marketplaceStringId"] = "ATVPDKIKX0DER", ["currencyCode"] = "USD", ["asin"] = "B000000001", ["sku"] = "SKU-1", ["sellerSku"] = "SKU-1", ["msku"] = "SKU-1", ["IdValue"] = "SKU-1",
        ["startDate"] = "2026-10-04", ["endDate"] = "2026-10-04", ["createdTime"] = "2026-10-04T08:00:00Z", ["postedDate"] = "2026-10-04T08:00:00Z", ["usageUpdatedTimestamp"] = "2026-10-04T08:00:00Z",
        ["state"] = "ENABLED", ["ruleState"] = "ACTIVE", ["targetingType"] = "MANUAL", ["budgetType"] = "DAILY", ["recurrenceTimePeriod"] = "DAILY", ["matchType"] = "EXACT", ["offerType"] = "B2C",
        ["timezone"] = "America/Los_Angeles", ["Status"] = "Success", ["processingStatus"] = "DONE", ["productId"] = "B000000001", ["productIdType"] = "ASIN", ["resolvedProductId"] = "B000000001", ["resolvedProductIdType"] = "ASIN",
        ["targetType"] = "KEYWORD", ["adProduct"] = "SPONSORED_PRODUCTS", ["strategy"] = "LEGACY_FOR_SALES", ["themeType"] = "KEYWORDS_RELATED_TO_YOUR_BRAND", ["feeTypeName"] = "Referral fees", ["transactionStatus"] = "RELEASED",
        ["transactionType"] = "Shipment", ["breakdownType"] = "Principal", ["relatedIdentifierName"] = "ORDER_ID", ["relatedIdentifierValue"] = "111-0000000-0000001", ["FeeType"] = "ReferralFee", ["clickedAsin"] = "B000000001",
    };

    /// <summary>How many different fields became canaries.</summary>
    public int Count => places.Count;

    /// <summary>The one piece of text that all canaries have in common and nothing else has.</summary>
    public string Mark => mark;

    /// <param name="source">Names the operation: canaries are counted by operation and path.</param>
    /// <param name="root">Where references lead.</param>
    /// <param name="schema">Of the answer.</param>
    /// <param name="listed">Paths of the manifest.</param>
    /// <param name="own">Values for single paths of this operation; null leaves the field out.</param>
    public JsonNode? Make(string source, JsonElement root, JsonElement schema, IReadOnlySet<string> listed, IReadOnlyDictionary<string, JsonNode?> own) =>
        new Maker(this, source, root, listed, own).Node(schema, "", 0, opaque: false);

    public string Canary(string source, string path)
    {
        places.Add($"{source} {path}");
        return $"{mark}{places.Count:x4}";
    }

    private sealed class Maker(SchemaCanaries canaries, string source, JsonElement root, IReadOnlySet<string> listed, IReadOnlyDictionary<string, JsonNode?> own)
    {
        private readonly List<string> open = [];

        // Parts that have parts of their own sort are listed once.
        private bool Lists(string path) => listed.Contains(path) || listed.Contains(Again().Replace(path, "$1"));

        public JsonNode? Node(JsonElement schema, string path, int depth, bool opaque)
        {
            var reference = schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("$ref", out var to) ? to.GetString()! : null;
            if (reference is not null && (open.Count(each => each == reference) > 1 || depth > Deepest)) return null;
            if (reference is not null) open.Add(reference);
            try
            {
                return Resolved(Resolve(schema), path, depth, opaque);
            }
            finally
            {
                if (reference is not null) open.RemoveAt(open.Count - 1);
            }
        }

        private JsonNode? Resolved(JsonElement schema, string path, int depth, bool opaque)
        {
            var type = schema.TryGetProperty("type", out var named) && named.ValueKind == JsonValueKind.String ? named.GetString() : null;
            var properties = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
            Gather(schema, properties, 0);
            if (properties.Count > 0)
            {
                var made = new JsonObject();
                foreach (var (name, inner) in properties)
                {
                    var at = path.Length == 0 ? name : $"{path}.{name}";
                    if (own.TryGetValue(at, out var given))
                    {
                        if (given is not null) made[name] = given.DeepClone();
                    }
                    else if (Field(inner, at, depth + 1, opaque || Lists(at)) is { } value) made[name] = value;
                }

                // What the documentation has and the schema file leaves out.
                foreach (var (at, value) in own.Where(each => IsHere(each.Key)))
                    if (value is not null) made.TryAdd(at[(at.LastIndexOf('.') + 1)..], value.DeepClone());
                return made;

                bool IsHere(string at) => path.Length > 0 && at.StartsWith(path + ".", StringComparison.Ordinal) && at.IndexOf('.', path.Length + 1) < 0;
            }

            if (type == "array" || schema.TryGetProperty("items", out _))
                return !schema.TryGetProperty("items", out var items) || Node(items, path + "[]", depth + 1, opaque || Lists(path + "[]")) is not { } item ? null : new JsonArray(item);
            return Leaf(schema, type, path, opaque);
        }

        private JsonNode? Field(JsonElement schema, string path, int depth, bool opaque) => Node(schema, path, depth, opaque);

        private JsonNode Leaf(JsonElement schema, string? type, string path, bool opaque)
        {
            // Below something that is listed as a whole nothing is listed by itself, but the sort and value of a target, which are read by hand.
            var name = path[(path.LastIndexOf('.') + 1)..].TrimEnd('[', ']');
            if (!Lists(path) && !(opaque && path.Contains("xpression", StringComparison.Ordinal) && name is "type" or "value")) return canaries.Canary(source, path);
            if (name is "type" && path.Contains("xpression", StringComparison.Ordinal)) return "asinSameAs";
            if (name is "value" && path.Contains("xpression", StringComparison.Ordinal)) return "B000000001";
            // Each ad product has ids of its own.
            var text = Texts.GetValueOrDefault(name);
            if (text is not null && text.All(char.IsAsciiDigit)) text = (source.Contains(" /sb/", StringComparison.Ordinal) || source.EndsWith("Brands", StringComparison.Ordinal) ? "1" : source.Contains(" /sd/", StringComparison.Ordinal) ? "2" : "") + text;
            if (schema.TryGetProperty("enum", out var allowed))
            {
                var words = allowed.EnumerateArray().Select(each => each.ToString()).ToList();
                return text is { } wanted && words.Find(word => word.Equals(wanted, StringComparison.OrdinalIgnoreCase)) is { } found ? found : words[0];
            }

            return type switch
            {
                "integer" => long.Parse(text is { } whole && whole.All(char.IsAsciiDigit) ? whole : "7", CultureInfo.InvariantCulture),
                "number" => text is { } id && id.All(char.IsAsciiDigit) ? long.Parse(id, CultureInfo.InvariantCulture) : 1.25m,
                "boolean" => true,
                _ => text ?? (AmountName().IsMatch(name) ? "1.25" : "plain"),
            };
        }

        // All alternatives at once: each is an official field somewhere, and a reader takes what it knows.
        private void Gather(JsonElement schema, Dictionary<string, JsonElement> properties, int depth)
        {
            if (depth > 6) return;
            schema = Resolve(schema);
            if (schema.TryGetProperty("properties", out var direct) && direct.ValueKind == JsonValueKind.Object)
                foreach (var property in direct.EnumerateObject()) properties.TryAdd(property.Name, property.Value);
            foreach (var word in new[] { "allOf", "oneOf", "anyOf" })
                if (schema.TryGetProperty(word, out var parts))
                    foreach (var part in parts.EnumerateArray()) Gather(part, properties, depth + 1);
        }

        private JsonElement Resolve(JsonElement node)
        {
            while (node.ValueKind == JsonValueKind.Object && node.TryGetProperty("$ref", out var reference))
            {
                var target = root;
                foreach (var part in reference.GetString()!.TrimStart('#', '/').Split('/')) target = target.GetProperty(part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal));
                node = target;
            }

            return node;
        }
    }

    [GeneratedRegex(@"(\b\w+\[\])(?:\.\1)+")]
    private static partial Regex Again();

    [GeneratedRegex("amount|value|budget|bid|price", RegexOptions.IgnoreCase)]
    private static partial Regex AmountName();
}
