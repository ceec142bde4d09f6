using System.IO;
using System.Reflection;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using Autonoomi.Amazon.Reports;
using Autonoomi.Core.Facts;
using Autonoomi.Testing;

namespace Autonoomi.Amazon.Tests;

/// <summary>What the clients really read, found in their own code: wire types by reflection, report layouts, columns of flat files, names read by hand.</summary>
internal static partial class ParsedFields
{
    /// <summary>Root types that are only ever written to Amazon: what they name is not read. Each is named here so that a new one is looked at once.</summary>
    private static readonly HashSet<string> OnlyWritten = new(StringComparer.Ordinal)
    {
        "Ads.Wire.ListRequest", "Ads.Wire.BidRecommendationRequest", "Ads.Wire.ReportRequest",
        "Ads.Wire.Brands.BrandList", "Ads.Wire.Brands.ClauseList", "Ads.Wire.Brands.ThemeList", "Ads.Wire.Brands.BidQuestion", "Ads.Wire.Display.DisplayBidQuestion", "Ads.V1.UnifiedQuery", "Ads.V1.CampaignCreations", "Ads.V1.AdGroupCreations", "Ads.V1.AdCreations", "Ads.V1.CampaignWrites", "Ads.V1.CampaignDeletion", "Ads.V1.AdGroupWrites", "Ads.V1.TargetWrites", "Ads.V1.TargetDeletion",
        "Ads.Services.ExportRequest", "Ads.Services.HistoryRequest", "Ads.Services.CampaignUsageRequest", "Ads.Services.PortfolioUsageRequest", "Ads.Services.PortfolioListRequest",
        "Ads.Services.PortfolioWrites", "Ads.Services.PortfolioFilter", "Ads.Services.PromotionRequest", "SellingPartner.Wire.QueryRequest", "SellingPartner.Wire.ReportOrder", "SellingPartner.Wire.FeeQuestion",
    };

    /// <returns>Reader and path of every field.</returns>
    public static IReadOnlyCollection<(string Reader, string Path)> All { get; } = [.. Wire().Concat(Layouts()).Concat(FlatFiles()).Concat(ByHand()).Distinct()];

    private static IEnumerable<(string, string)> Wire()
    {
        foreach (var context in typeof(AmazonOptions).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(JsonSerializerContext))))
        {
            var serializer = (JsonSerializerContext)context.GetProperty("Default", BindingFlags.Static | BindingFlags.Public)!.GetValue(null)!;
            foreach (var root in context.GetCustomAttributesData().Where(data => data.AttributeType == typeof(JsonSerializableAttribute)).Select(data => (Type)data.ConstructorArguments[0].Value!))
            {
                // Bodies of writes: dictionaries of lists, bare lists of ids, and types whose names say so.
                if (root.IsGenericType && root.GetGenericTypeDefinition() == typeof(Dictionary<,>)) continue;
                var type = root.IsArray ? root.GetElementType()! : root;
                if (type == typeof(string) || type == typeof(long) || type.Name.EndsWith("Update", StringComparison.Ordinal) || type.Name.EndsWith("Creation", StringComparison.Ordinal) || OnlyWritten.Contains(Short(type))) continue;
                foreach (var path in Paths(serializer, root, root.IsArray ? "[]" : "", [])) yield return (Short(type), path);
            }
        }
    }

    private static IEnumerable<string> Paths(JsonSerializerContext context, Type type, string at, HashSet<Type> above)
    {
        if (type.IsArray) type = type.GetElementType()!;
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (context.GetTypeInfo(type) is not { Kind: JsonTypeInfoKind.Object } info)
        {
            yield return at;
            yield break;
        }

        // A list of parts that have parts: once around is all there is to say.
        if (!above.Add(type)) yield break;
        foreach (var property in info.Properties.Where(property => property.Set is not null || property.AssociatedParameter is not null))
            foreach (var path in Paths(context, property.PropertyType, $"{at}{(at.Length > 0 ? "." : "")}{property.Name}{(property.PropertyType.IsArray ? "[]" : "")}", above)) yield return path;
        above.Remove(type);
    }

    private static IEnumerable<(string, string)> Layouts()
    {
        foreach (var dataset in Enum.GetValues<Dataset>())
        {
            ReportLayout layout;
            try
            {
                layout = ReportLayout.Of(dataset);
            }
            catch (ArgumentException)
            {
                continue; // no report of the Ads API
            }

            foreach (var column in layout.Columns) yield return ($"report:{layout.ReportTypeId}/{dataset}", column);
        }
    }

    // A flat file's columns are literals at the one call that reads it.
    private static IEnumerable<(string, string)> FlatFiles()
    {
        foreach (var text in Sources())
        {
            foreach (Match call in FlatFileCall().Matches(text))
            {
                var name = call.Groups["name"].Value;
                if (name[0] != '"') name = Regex.Match(text, $@"string {name} = (""[^""]+"")").Groups[1].Value;
                var columns = call.Groups["columns"].Value;
                foreach (Match variable in Regex.Matches(Regex.Replace(columns, "\"[^\"]*\"", ""), @"[A-Za-z]\w+"))
                    columns += Regex.Match(text, $@"string\[\] {variable.Value} =\s*\[([^\]]*)\]").Groups[1].Value;
                foreach (Match column in Regex.Matches(columns, "\"([^\"]+)\"")) yield return ($"file:{name.Trim('"')}", column.Groups[1].Value);
            }
        }
    }

    private static IEnumerable<(string, string)> ByHand() => Sources().SelectMany(text => NamedByHand().Matches(text)).Select(match => ("hand:", match.Groups["name"].Value));

    private static IEnumerable<string> Sources() =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", "Autonoomi.Amazon"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(File.ReadAllText);

    private static string Short(Type type)
    {
        var name = type.IsGenericType ? $"{type.Namespace}.{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}<{(type.GetGenericArguments()[0] is var inner && inner.IsArray ? inner.GetElementType()!.Name : inner.Name)}>" : type.FullName!;
        return name["Autonoomi.Amazon.".Length..];
    }

    [GeneratedRegex("""FlatFile\.ReadAsync\(\s*(?<name>"[^"]+"|\w+),\s*\w+,(?<columns>.*?)row\s*=>""", RegexOptions.Singleline)]
    private static partial Regex FlatFileCall();

    [GeneratedRegex("""(?:\b(?:TryGetProperty|GetProperty)\(|\bText\((?:root|json|item|error|\w+Json), |JsonItems\.ReadAsync\(\w+, [\w.]+, |\bValueTextEquals\()"(?<name>\w+)["]""")]
    private static partial Regex NamedByHand();
}
