using Autonoomi.App.Platform.Data;
using Autonoomi.Privacy;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Autonoomi.App.Platform.Promises;

/// <summary>What the database itself says of its columns, and which texts may stand in it in clear.</summary>
internal static class StoredColumns
{
    /// <summary>Texts in clear, with the reason: hashes, stamps, names of operations and states. A new one is a decision; what a person or Amazon says is sealed.</summary>
    public static readonly IReadOnlySet<string> ClearTexts = new HashSet<string>(StringComparer.Ordinal)
    {
        "user.EmailHash", "user.PasswordHash", "user.SecurityStamp", "user.ConcurrencyStamp", // keyed or slow hashes, random stamps
        "passkey.Id", "session.Id", "sign_on.Id", "invitation.Id", "password_reset.Id", "staff_grant.Mac", "protection_key.Id", "consent_state.StateHash", "seller_account.SellingPartnerHash", "login_client.ClientHash", // random ids and keyed hashes
        "storefront.MarketplaceId", "missing_permission.Operation", "rate_bucket.Operation", "step.Kind", // names of Amazon's marketplaces and operations, of our steps
        "egress_day.Host", // names of Amazon's hosts, from the list of places
        "notice.Key", "notice_seen.Notice", "probe.Probe", // occasions and probes by id
        "incident.Cause", "duty.Duty", // findings and duties by id
        "seller.owner", "segment.dataset", "record.kind", "record.id", "record.state", // which process, which kind; the id is a keyed hash
        "audit_entry.ActorPseudonym", "audit_entry.SellerPseudonym", "audit_entry.Action", "deletion.Counts", "deletion.Certificate", "legal_hold.Scope", "demand.Scope", "agreement.TextHash", "agreement.Words", "announcement.TextHash", // our own words and their hashes; pseudonyms, acts, counts, names of rules
        "vault_stamp.environment", "vault_stamp.master_key_id", // which environment and key a store belongs to
    };

    /// <summary>Tables that are the framework's own bookkeeping of migrations.</summary>
    private static readonly HashSet<string> Bookkeeping = new(StringComparer.Ordinal) { "__EFMigrationsHistory", "__EFMigrationsLock", "sqlite_sequence" };

    public static async Task<IReadOnlyList<StoredColumn>> ReadAsync(AppDb db, CancellationToken cancellationToken)
    {
        var sql = db.Database.IsNpgsql()
            ? "select table_name::text as \"Table\", column_name::text as \"Name\", data_type::text as \"Type\" from information_schema.columns where table_schema = current_schema()"
            : "select tables.name as \"Table\", columns.name as \"Name\", columns.type as \"Type\" from sqlite_master tables join pragma_table_info(tables.name) columns where tables.type = 'table'";
        return [.. (await db.Database.SqlQueryRaw<StoredColumn>(sql).ToListAsync(cancellationToken)).Where(column => !Bookkeeping.Contains(column.Table))];
    }

    /// <returns>Columns that the database has and nobody declared, that nobody described, and texts in clear that nobody gave a reason for.</returns>
    public static IEnumerable<string> Faults(IReadOnlyCollection<StoredColumn> stored, IModel model)
    {
        var declared = (from entity in model.GetEntityTypes() from property in entity.GetProperties() select (Table: entity.GetTableName()!, Column: property.GetColumnName(), property.ClrType)).ToList();
        foreach (var column in stored)
            if (!declared.Exists(known => known.Table == column.Table && known.Column == column.Name)) yield return $"{column.Table}.{column.Name} is stored and nobody declared it";
        foreach (var known in declared.Where(known => !DataMap.Fields.Any(field => field.Table == known.Table && field.Column == known.Column)))
            yield return $"{known.Table}.{known.Column} is not on the data map";
        foreach (var known in declared)
            if (known.ClrType == typeof(string) && !ClearTexts.Contains($"{known.Table}.{known.Column}")) yield return $"{known.Table}.{known.Column} is a text in clear without a reason";
    }
}

/// <param name="Table">As the database names it.</param>
/// <param name="Name">Of the column.</param>
/// <param name="Type">In the engine's words.</param>
internal sealed record StoredColumn(string Table, string Name, string Type);

/// <summary>Asks the database what it stores, and holds it against what is declared: nothing about visits, devices or addresses can hide.</summary>
internal sealed class ColumnsProbe(AppDbs databases) : IProbe
{
    public string Id => "columns";
    public string Asks => "The store has no column that is not declared, and no text in clear but hashes, ids and names of operations.";

    public async Task<Measurement> MeasureAsync(CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        var stored = await StoredColumns.ReadAsync(db, cancellationToken);
        var faults = StoredColumns.Faults(stored, db.Model).ToList();
        if (stored.Count == 0) faults.Add("the database named no column");
        return Measurement.Of(faults, $"{stored.Count} columns of {stored.Select(column => column.Table).Distinct().Count()} tables");
    }
}
