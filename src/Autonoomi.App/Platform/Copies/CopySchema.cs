using System.IO;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.Core.Facts;
using Autonoomi.Privacy;

namespace Autonoomi.App.Platform.Copies;

/// <summary>The file <c>schema.json</c>: what every file's columns are. It is drawn from the types that are written, so that it cannot lag.</summary>
internal static class CopySchema
{
    private static readonly Lazy<string> Written = new(Draw);

    public static string Text() => Written.Value;

    private static string Draw()
    {
        var schema = new JsonObject
        {
            ["formatVersion"] = CopyFormat.Version,
            ["conventions"] = "UTF-8. Days as 2026-03-11, instants in UTC (ISO 8601), currencies by ISO 4217, amounts in units of the currency, ratios as fractions. JSON Lines are exact; CSV files are for spreadsheets: an apostrophe stands before a text that one would calculate, and it may round long numbers.",
            ["tables"] = Tables(),
            ["given"] = Records("one line: marketplace (Amazon's id; none where it holds for the whole account) and value", CopyMap.Given),
            ["records"] = Records("one line: storefront (Ads profile), marketplace, id, state, due, value", CopyMap.Worked),
            ["facts"] = Facts(),
        };
        var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, new JsonWriterOptions { Indented = true })) schema.WriteTo(writer);
        return Encoding.UTF8.GetString(bytes.ToArray()) + "\n";
    }

    private static JsonObject Tables()
    {
        var tables = new JsonObject();
        foreach (var table in CopyTables.All)
            tables[table.Name] = new JsonObject { ["holds"] = RetentionTable.Of(RetainedAs.Table, table.Name).Why, ["columns"] = new JsonArray([.. table.Written.Select(property => (JsonNode)CopyTable.ColumnOf(property))]) };
        tables["audit_entry"] = new JsonObject { ["holds"] = RetentionTable.Of(RetainedAs.Table, "audit_entry").Why };
        return tables;
    }

    private static JsonObject Records(string line, IEnumerable<string> kinds)
    {
        var records = new JsonObject { ["line"] = line };
        foreach (var kind in kinds)
        {
            var told = new JsonObject { ["holds"] = RetentionTable.Of(RetainedAs.Record, kind).Why };
            if (TypeOf(kind) is { } type) told["value"] = type.GetJsonSchemaAsNode();
            records[kind] = told;
        }

        return records;
    }

    private static JsonObject Facts()
    {
        var facts = new JsonObject();
        foreach (var dataset in Enum.GetValues<Dataset>())
        {
            var columns = new FactColumns(TableSchema.Of(dataset));
            var told = new JsonArray();
            foreach (var (column, index) in columns.Schema.Columns.Select((column, index) => (column, index)))
            {
                var node = new JsonObject { ["name"] = column.Name, ["form"] = columns.Forms[index].ToString(), ["key"] = column.Key };
                if (columns.Words(index) is { IsEmpty: false } words) node["words"] = new JsonArray([.. words.Select(word => (JsonNode)word)]);
                told.Add((JsonNode)node);
            }

            facts[dataset.ToString()] = new JsonObject { ["holds"] = RetentionTable.Of(RetainedAs.Dataset, dataset.ToString()).Why, ["from"] = RetentionTable.Of(RetainedAs.Dataset, dataset.ToString()).From.ToString(), ["columns"] = told };
        }

        return facts;
    }

    // Marks of readings are of several shapes, one an id.
    private static JsonTypeInfo? TypeOf(string kind) => kind switch
    {
        RecordKind.Settings => StoredJson.Default.StorefrontSettings,
        RecordKind.Cost => StoredJson.Default.ProductCost,
        RecordKind.Exchange => StoredJson.Default.Reporting,
        RecordKind.Proposal => StoredJson.Default.StoredProposal,
        RecordKind.Change => StoredJson.Default.StoredChange,
        RecordKind.Handover => StoredJson.Default.Handover,
        RecordKind.Score => StoredJson.Default.StoredScore,
        RecordKind.Audit => StoredJson.Default.StoredAudit,
        RecordKind.Refusal => StoredJson.Default.StoredRefusals,
        RecordKind.Moves => StoredJson.Default.StoredMoves,
        RecordKind.Hours => StoredJson.Default.StoredHours,
        RecordKind.Decision => StoredJson.Default.StoredDecision,
        RecordKind.Review => StoredJson.Default.StoredReview,
        RecordKind.History => StoredJson.Default.StoredHistory,
        RecordKind.Controls => StoredJson.Default.AmazonControls,
        RecordKind.Writes => StoredJson.Default.StoredWrites,
        RecordKind.Reading => StoredJson.Default.StoredReadings,
        RecordKind.Rejects => StoredJson.Default.StoredRejects,
        RecordKind.View => StoredJson.Default.StoredViews,
        RecordKind.Launch => StoredJson.Default.StoredLaunch,
        RecordKind.Layout => StoredJson.Default.StoredLayouts,
        _ => null,
    };
}
