using System.Collections.Immutable;
using System.IO;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Policy;
using Autonoomi.App.Platform.Retention;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Privacy;
using Autonoomi.Vault;
using Microsoft.EntityFrameworkCore;

namespace Autonoomi.App.Platform.Copies;

public sealed record NothingToCopy(string Text) : Error(Text);

/// <param name="Rules">Data sets and kinds of records; no other file is in the copy.</param>
/// <param name="Days">Days of data sets; null for all.</param>
public sealed record CopyOnly(IReadOnlySet<RetentionRule> Rules, DateSpan? Days);

/// <summary>
/// Writes a copy of what is kept into a stream, piece by piece: memory does not grow with the account. Nothing of others, no token, no key. What is read is
/// proven like everything from the vault; where that fails the copy ends without its manifest.
/// </summary>
public sealed class CopyMaker(AppDbs databases, KeyChain keys, SellerVaults vaults, AuditLog audit, PolicyBook policy, TimeProvider clock)
{
    // Rows of facts that are open at once.
    private const int RowsAtOnce = 50_000;

    /// <param name="what">What is wanted.</param>
    /// <param name="organisation">Of whom.</param>
    /// <param name="user">Who asks.</param>
    /// <param name="seller">Which account, where one is wanted.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whose rows it takes.</returns>
    public async Task<Result<CopyScope>> ScopeAsync(CopyWhat what, Guid organisation, Guid user, SellerId? seller, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        var accounts = await db.SellerAccounts.Where(row => row.Organisation == organisation).OrderBy(row => row.CreatedAt).ThenBy(row => row.Seller).Select(row => row.Seller).ToListAsync(cancellationToken);
        if (what == CopyWhat.Person) return new CopyScope(organisation, false, user, [user], [], clock.GetUtcNow());
        if (what == CopyWhat.Organisation)
        {
            var people = await db.Memberships.Where(row => row.Organisation == organisation).OrderBy(row => row.User).Select(row => row.User).ToListAsync(cancellationToken);
            return new CopyScope(organisation, true, user, people, accounts, clock.GetUtcNow());
        }

        return seller is { } one && accounts.Contains(one.Value)
            ? new CopyScope(organisation, false, user, [], [one.Value], clock.GetUtcNow())
            : new NothingToCopy("There is no such seller account. It may be deleted already.");
    }

    /// <param name="what">What is copied.</param>
    /// <param name="scope">From <see cref="ScopeAsync"/>.</param>
    /// <param name="only">Nothing but this; null for everything of the scope.</param>
    /// <param name="body">Gets the archive; need not be able to go back.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="VaultException">What is kept does not open, or its key was renewed meanwhile; the message says what to do.</exception>
    public async Task<CopyManifest> WriteAsync(CopyWhat what, CopyScope scope, CopyOnly? only, Stream body, CancellationToken cancellationToken)
    {
        var begun = clock.GetUtcNow();
        var opened = new List<(SellerVault Vault, VaultContents Held)>();
        foreach (var seller in scope.Sellers)
        {
            var vault = await vaults.OpenAsync(new SellerId(seller), Purpose.Show, cancellationToken);
            opened.Add((vault, await vault.ContentsAsync(cancellationToken)));
        }

        var stores = await StoresAsync(scope, cancellationToken);
        await using var copy = await CopyWriter.BeginAsync(body, begun, cancellationToken);
        await copy.TextAsync(CopyFormat.Readme, "What this is", CopyWords.Readme(what, begun), cancellationToken);
        await copy.TextAsync(CopyFormat.Schema, "Names and meanings of the columns", CopySchema.Text(), cancellationToken);
        if (only is null)
        {
            await CategoriesAsync(copy, scope, opened, cancellationToken);
            if (what != CopyWhat.Given)
            {
                await using var db = databases.System();
                foreach (var table in CopyTables.All) await TableAsync(copy, db, table, scope, cancellationToken);
                await AuditAsync(copy, db, scope, cancellationToken);
            }
        }

        var sellers = new List<CopySeller>();
        foreach (var (vault, held) in opened)
        {
            foreach (var kind in CopyMap.Given.Where(kind => only is null || only.Rules.Contains(RetentionTable.Of(RetainedAs.Record, kind)))) await GivenAsync(copy, vault, kind, stores, cancellationToken);
            if (what != CopyWhat.Given)
            {
                foreach (var kind in held.Kinds.Keys.Where(kind => Takes(only, RetainedAs.Record, kind))) await RecordsAsync(copy, vault, kind, stores, cancellationToken);
                foreach (var table in held.Tables.Where(table => Takes(only, RetainedAs.Dataset, table.Dataset.ToString()))) await FactsAsync(copy, vault, table, only?.Days, cancellationToken);
            }

            sellers.Add(new(vault.Seller.Value, held.Revision, (await vault.ContentsAsync(cancellationToken)).Revision));
        }

        var holds = await policy.InForceAsync(cancellationToken);
        var manifest = new CopyManifest(
            CopyFormat.Version, what, scope.Organisation, begun, clock.GetUtcNow(), holds.Number, holds.Sha256, [.. sellers], [.. copy.Files],
            [.. CopyMap.NotCopied.Select(left => new CopyGap($"{left.As} {left.Name}", left.Why)), .. CopyTables.All.SelectMany(table => table.Omitted.Select(omitted => new CopyGap($"Column {table.Name}.{CopyTable.ColumnOf(omitted.Property)}", omitted.Why)))]);
        await copy.TextAsync(CopyFormat.Manifest, "This list", JsonSerializer.Serialize(manifest, CopyJson.Default.CopyManifest) + "\n", cancellationToken);
        return manifest;
    }

    /// <summary>How many rows of each rule of retention are kept of a scope; rules without a row are left out.</summary>
    public async Task<IReadOnlyDictionary<RetentionRule, long>> CountAsync(CopyScope scope, CancellationToken cancellationToken)
    {
        var opened = new List<(SellerVault, VaultContents)>();
        foreach (var seller in scope.Sellers)
        {
            var vault = await vaults.OpenAsync(new SellerId(seller), Purpose.Show, cancellationToken);
            opened.Add((vault, await vault.ContentsAsync(cancellationToken)));
        }

        return await CountAsync(scope, opened, cancellationToken);
    }

    private async Task<IReadOnlyDictionary<RetentionRule, long>> CountAsync(CopyScope scope, List<(SellerVault Vault, VaultContents Held)> opened, CancellationToken cancellationToken)
    {
        var counts = new Dictionary<RetentionRule, long>();
        foreach (var (_, held) in opened)
        {
            foreach (var table in held.Tables) Add(RetainedAs.Dataset, table.Dataset.ToString(), table.Parts.Sum(part => part.Rows));
            foreach (var (kind, count) in held.Kinds) Add(RetainedAs.Record, kind, count);
        }

        await using var db = databases.System();
        foreach (var table in CopyTables.All) Add(RetainedAs.Table, table.Name, await table.Rows(db, scope).CountAsync(cancellationToken));
        var (accounts, members) = await KnownAsync(db, scope, cancellationToken);
        await foreach (var _ in audit.OfAsync(scope.Sellers, scope.People, accounts, members, cancellationToken)) Add(RetainedAs.Table, "audit_entry", 1);
        return counts;

        void Add(RetainedAs kind, string name, long rows)
        {
            var rule = RetentionTable.Of(kind, name);
            if (rows > 0) counts[rule] = counts.GetValueOrDefault(rule) + rows;
        }
    }

    private static bool Takes(CopyOnly? only, RetainedAs kind, string name) =>
        (kind == RetainedAs.Dataset || CopyMap.Given.Contains(name) || CopyMap.Worked.Contains(name)) && (only is null || only.Rules.Contains(RetentionTable.Of(kind, name)));

    private async Task CategoriesAsync(CopyWriter copy, CopyScope scope, List<(SellerVault, VaultContents)> opened, CancellationToken cancellationToken)
    {
        var counts = await CountAsync(scope, opened, cancellationToken);
        const string holds = "What is collected: categories, sources, purposes, how long, and how many rows of it are kept now";
        await copy.WriteAsync("categories" + CopyFormat.Lines, holds, async entry =>
        {
            foreach (var row in DataCategories.All)
                await entry.LineAsync(row, (json, it) =>
                {
                    json.WriteStartObject();
                    foreach (var (name, value) in DataCategories.Cells(it)) json.WriteString(name, value);
                    json.WriteNumber("rows", counts.GetValueOrDefault(it.Rule));
                    json.WriteEndObject();
                }, cancellationToken);
        }, cancellationToken);
        await copy.WriteAsync("categories" + CopyFormat.Sheet, holds, async entry =>
        {
            entry.Heading(DataCategories.Cells(DataCategories.All[0]).Select(cell => cell.Name).Append("rows"));
            foreach (var row in DataCategories.All)
                await entry.RowAsync(new StringBuilder().AppendJoin(',', DataCategories.Cells(row).Select(cell => SpreadsheetText.Cell(cell.Value))).Append(',').Append(counts.GetValueOrDefault(row.Rule)), cancellationToken);
        }, cancellationToken);
    }

    private async Task TableAsync(CopyWriter copy, AppDb db, CopyTable table, CopyScope scope, CancellationToken cancellationToken)
    {
        var sealer = keys.Application;
        var names = table.Written.Select(CopyTable.ColumnOf).ToArray();
        var holds = RetentionTable.Of(RetainedAs.Table, table.Name).Why;
        await copy.WriteAsync(CopyFormat.Table(table.Name) + CopyFormat.Lines, holds, async entry =>
        {
            entry.HasRows();
            await foreach (var row in table.Rows(db, scope).AsAsyncEnumerable().WithCancellation(cancellationToken))
                await entry.LineAsync(row, (json, it) =>
                {
                    json.WriteStartObject();
                    for (var index = 0; index < names.Length; index++) CopyValue.Json(json, names[index], table.Value(sealer, scope, it, table.Written[index]));
                    json.WriteEndObject();
                }, cancellationToken);
        }, cancellationToken);
        await copy.WriteAsync(CopyFormat.Table(table.Name) + CopyFormat.Sheet, holds, async entry =>
        {
            entry.HasRows();
            entry.Heading(names);
            await foreach (var row in table.Rows(db, scope).AsAsyncEnumerable().WithCancellation(cancellationToken))
                await entry.RowAsync(new StringBuilder().AppendJoin(',', table.Written.Select(property => CopyValue.Cell(table.Value(sealer, scope, row, property)))), cancellationToken);
        }, cancellationToken);
    }

    private async Task AuditAsync(CopyWriter copy, AppDb db, CopyScope scope, CancellationToken cancellationToken)
    {
        var (accounts, members) = await KnownAsync(db, scope, cancellationToken);
        var name = CopyFormat.Table("audit_entry");
        var holds = RetentionTable.Of(RetainedAs.Table, "audit_entry").Why;
        await copy.WriteAsync(name + CopyFormat.Lines, holds, async entry =>
        {
            entry.HasRows();
            await foreach (var line in audit.OfAsync(scope.Sellers, scope.People, accounts, members, cancellationToken))
                await entry.LineAsync(line, (json, it) =>
                {
                    json.WriteStartObject();
                    foreach (var (cell, value) in AuditCells(it)) CopyValue.Json(json, cell, value);
                    json.WriteEndObject();
                }, cancellationToken);
        }, cancellationToken);
        await copy.WriteAsync(name + CopyFormat.Sheet, holds, async entry =>
        {
            entry.HasRows();
            entry.Heading(AuditCells(null).Select(cell => cell.Name));
            await foreach (var line in audit.OfAsync(scope.Sellers, scope.People, accounts, members, cancellationToken))
                await entry.RowAsync(new StringBuilder().AppendJoin(',', AuditCells(line).Select(cell => CopyValue.Cell(cell.Value))), cancellationToken);
        }, cancellationToken);
    }

    private static IEnumerable<(string Name, object? Value)> AuditCells(AuditTold? line) =>
    [
        ("seq", line?.Seq), ("at", line?.At), ("actor", line?.ActorKind.ToString()), ("person", line?.Person), ("seller", line?.Seller), ("action", line?.Action), ("outcome", line?.Outcome.ToString()),
        ("object", line?.Object), ("reason", line?.Reason),
    ];

    private static async Task<(List<Guid> Accounts, List<Guid> Members)> KnownAsync(AppDb db, CopyScope scope, CancellationToken cancellationToken) =>
        (await db.SellerAccounts.Where(row => row.Organisation == scope.Organisation).Select(row => row.Seller).ToListAsync(cancellationToken),
            await db.Memberships.Where(row => row.Organisation == scope.Organisation).Select(row => row.User).ToListAsync(cancellationToken));

    private async Task<Stores> StoresAsync(CopyScope scope, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        var rows = await db.Storefronts.AsNoTracking().Where(row => scope.Sellers.Contains(row.Seller) && row.Storefront != 0).ToListAsync(cancellationToken);
        return new(rows.ToDictionary(row => (row.Seller, row.Storefront), row => row.MarketplaceId));
    }

    private static async Task GivenAsync(CopyWriter copy, SellerVault vault, string kind, Stores stores, CancellationToken cancellationToken)
    {
        var holds = RetentionTable.Of(RetainedAs.Record, kind).Why;
        var name = CopyFormat.Given(vault.Seller.Value, kind);
        switch (kind)
        {
            case RecordKind.Settings: await GivenAsync(copy, vault, kind, name, holds, stores, StoredJson.Default.StorefrontSettings, settings => settings.Whole(), cancellationToken); break;
            case RecordKind.Cost: await GivenAsync(copy, vault, kind, name, holds, stores, StoredJson.Default.ProductCost, cost => cost, cancellationToken); break;
            case RecordKind.Exchange: await GivenAsync(copy, vault, kind, name, holds, stores, StoredJson.Default.Reporting, rates => rates, cancellationToken); break;
            default: throw new InvalidOperationException($"Nobody said how '{kind}' is written so that it can be read in again.");
        }
    }

    private static async Task GivenAsync<T>(CopyWriter copy, SellerVault vault, string kind, string name, string holds, Stores stores, JsonTypeInfo<T> type, Func<T, T> whole, CancellationToken cancellationToken)
    {
        // By marketplace and not by Amazon's number of the storefront, which another account does not share.
        var lines = (await vault.RecordsAsync(kind, type, null, cancellationToken)).Select(record => (Place: stores.Of(vault.Seller, record.Id), record.Value))
            .Where(line => line.Place.Marketplace is not null || kind == RecordKind.Exchange)
            .OrderBy(line => line.Place.Marketplace, StringComparer.Ordinal).ThenBy(line => line.Place.Id, StringComparer.Ordinal)
            .Select(line => (line.Place.Marketplace, Value: JsonSerializer.SerializeToElement(whole(line.Value), type))).ToList();
        await copy.WriteAsync(name + CopyFormat.Lines, holds, async entry =>
        {
            entry.HasRows();
            foreach (var line in lines)
                await entry.LineAsync(line, (json, it) =>
                {
                    json.WriteStartObject();
                    json.WriteString("marketplace", it.Marketplace);
                    json.WritePropertyName("value");
                    it.Value.WriteTo(json);
                    json.WriteEndObject();
                }, cancellationToken);
        }, cancellationToken);
        var columns = new FlatColumns();
        foreach (var line in lines) columns.Meet(line.Value);
        await copy.WriteAsync(name + CopyFormat.Sheet, holds, async entry =>
        {
            entry.HasRows();
            entry.Heading(columns.Names.Prepend("marketplace"));
            foreach (var line in lines) await entry.RowAsync(columns.Cells(new StringBuilder(SpreadsheetText.Cell(line.Marketplace ?? "")), line.Value), cancellationToken);
        }, cancellationToken);
    }

    private static async Task RecordsAsync(CopyWriter copy, SellerVault vault, string kind, Stores stores, CancellationToken cancellationToken)
    {
        // What people typed in stands below given; here only what of it belongs to no storefront any more.
        bool Mine(VaultRecord<JsonElement> record) => !CopyMap.Given.Contains(kind) || (kind != RecordKind.Exchange && stores.Of(vault.Seller, record.Id).Marketplace is null);
        var holds = RetentionTable.Of(RetainedAs.Record, kind).Why;
        var name = CopyFormat.Record(vault.Seller.Value, kind);
        if (CopyMap.Given.Contains(kind) && !await vault.EachRecordAsync(kind, AnyRecordJson.Default.JsonElement, cancellationToken).AnyAsync(Mine, cancellationToken)) return;
        var columns = new FlatColumns();
        await copy.WriteAsync(name + CopyFormat.Lines, holds, async entry =>
        {
            entry.HasRows();
            await foreach (var record in vault.EachRecordAsync(kind, AnyRecordJson.Default.JsonElement, cancellationToken))
            {
                if (!Mine(record)) continue;
                columns.Meet(record.Value);
                await entry.LineAsync((Record: record, Place: stores.Of(vault.Seller, record.Id)), (json, it) =>
                {
                    json.WriteStartObject();
                    CopyValue.Json(json, "storefront", it.Place.Storefront);
                    CopyValue.Json(json, "marketplace", it.Place.Marketplace);
                    json.WriteString("id", it.Place.Id);
                    json.WriteString("state", it.Record.State);
                    CopyValue.Json(json, "due", it.Record.DueAt);
                    json.WritePropertyName("value");
                    it.Record.Value.WriteTo(json);
                    json.WriteEndObject();
                }, cancellationToken);
            }
        }, cancellationToken);
        await copy.WriteAsync(name + CopyFormat.Sheet, holds, async entry =>
        {
            entry.HasRows();
            entry.Heading([.. (string[])["storefront", "marketplace", "id", "state"], .. columns.Names]);
            await foreach (var record in vault.EachRecordAsync(kind, AnyRecordJson.Default.JsonElement, cancellationToken))
            {
                if (!Mine(record)) continue;
                var place = stores.Of(vault.Seller, record.Id);
                var cells = new StringBuilder().AppendJoin(',', CopyValue.Cell(place.Storefront), CopyValue.Cell(place.Marketplace), CopyValue.Cell(place.Id), CopyValue.Cell(record.State));
                await entry.RowAsync(columns.Cells(cells, record.Value), cancellationToken);
            }
        }, cancellationToken);
    }

    private static async Task FactsAsync(CopyWriter copy, SellerVault vault, HeldTable held, DateSpan? days, CancellationToken cancellationToken)
    {
        var columns = new FactColumns(TableSchema.Of(held.Dataset));
        var name = CopyFormat.Facts(vault.Seller.Value, held.Storefront.Value, held.Dataset.ToString());
        var holds = RetentionTable.Of(RetainedAs.Dataset, held.Dataset.ToString()).Why;
        var spans = Spans(held, days).ToList();
        await copy.WriteAsync(name + CopyFormat.Lines, holds, async entry =>
        {
            entry.HasRows();
            foreach (var span in spans)
            {
                var facts = await vault.ReadAsync(held.Dataset, held.Storefront, span, cancellationToken);
                for (var row = 0; row < facts.Rows; row++) await entry.LineAsync((columns, facts, row), static (json, it) => it.columns.Json(json, it.facts, it.row), cancellationToken);
            }
        }, cancellationToken);
        await copy.WriteAsync(name + CopyFormat.Sheet, holds, async entry =>
        {
            entry.HasRows();
            entry.Heading(columns.Schema.Columns.Select(column => column.Name));
            var cells = new StringBuilder();
            foreach (var span in spans)
            {
                var facts = await vault.ReadAsync(held.Dataset, held.Storefront, span, cancellationToken);
                for (var row = 0; row < facts.Rows; row++)
                {
                    columns.Cells(cells.Clear(), facts, row);
                    await entry.RowAsync(cells, cancellationToken);
                }
            }
        }, cancellationToken);
    }

    private static IEnumerable<DateSpan?> Spans(HeldTable held, DateSpan? days)
    {
        if (held.Parts[0].Day is null)
        {
            yield return null;
            yield break;
        }

        DateOnly? first = null;
        var (last, rows) = (default(DateOnly), 0L);
        foreach (var part in held.Parts.Where(part => days is not { } wanted || wanted.Contains(part.Day!.Value)))
        {
            if (first is { } began && rows + part.Rows > RowsAtOnce)
            {
                yield return new DateSpan(began, last);
                (first, rows) = (null, 0);
            }

            first ??= part.Day;
            (last, rows) = (part.Day!.Value, rows + part.Rows);
        }

        if (first is { } open) yield return new DateSpan(open, last);
    }

    /// <summary>Storefronts of the accounts, by Amazon's number.</summary>
    private sealed record Stores(Dictionary<(Guid, long), string> Marketplaces)
    {
        // Ids begin with the storefront, but for what belongs to the account as a whole.
        public (long? Storefront, string? Marketplace, string Id) Of(SellerId seller, string id)
        {
            var slash = id.IndexOf('/', StringComparison.Ordinal);
            return slash > 0 && long.TryParse(id.AsSpan(0, slash), System.Globalization.CultureInfo.InvariantCulture, out var storefront)
                ? (storefront, Marketplaces.GetValueOrDefault((seller.Value, storefront)), id[(slash + 1)..])
                : (null, null, id);
        }
    }
}
