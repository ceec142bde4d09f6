using System.IO;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Environments;
using Autonoomi.Core.Facts;
using Autonoomi.Privacy;
using Autonoomi.Vault;
using Microsoft.EntityFrameworkCore;

namespace Autonoomi.App.Tests.Run;

/// <summary>What a demo's vault holds, one line a row or record, so that two of them can be held against each other.</summary>
internal static class VaultLines
{
    private static readonly JsonTypeInfo<JsonNode> Any = (JsonTypeInfo<JsonNode>)JsonSerializerOptions.Default.GetTypeInfo(typeof(JsonNode));

    /// <param name="folder">That a demo was given by --data.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Of its first seller, in order.</returns>
    public static async Task<SortedSet<string>> OfAsync(string folder, CancellationToken cancellationToken)
    {
        var storage = new StorageSettings { Environment = DataEnvironment.Demo, DataFolder = Path.Combine(folder, "data"), KeyFolder = Path.Combine(folder, "keys") };
        using var store = await OpenedStore.OpenAsync(storage, cancellationToken);
        await using var db = store.Databases.System();
        var front = await db.Storefronts.AsNoTracking().OrderBy(row => row.Storefront).FirstAsync(cancellationToken);
        var vault = await new SellerVaults(store.Databases.System, store.Keys).OpenAsync(new(front.Seller), Purpose.Run, cancellationToken);
        var lines = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var dataset in Enum.GetValues<Dataset>())
        {
            var table = await vault.ReadAsync(dataset, new(front.Storefront), null, cancellationToken);
            for (var row = 0; row < table.Rows; row++)
                lines.Add($"{dataset} {string.Join(' ', Enumerable.Range(0, table.Schema.Columns.Length).Select(column => $"{table.Schema.Columns[column].Name}={Cell(table[column], row)}"))}");
        }

        foreach (var (kind, _) in (await vault.ContentsAsync(cancellationToken)).Kinds)
            foreach (var record in await vault.RecordsAsync(kind, Any, null, cancellationToken)) lines.Add($"{kind} {record.Id} {record.State} {record.Value.ToJsonString()}");
        return lines;
    }

    private static string Cell(Column column, int row) => column switch
    {
        LongColumn numbers => numbers.Values[row].ToString(System.Globalization.CultureInfo.InvariantCulture),
        IntColumn numbers => numbers.Values[row].ToString(System.Globalization.CultureInfo.InvariantCulture),
        TextColumn texts => texts[row],
        _ => "?",
    };
}
