using System.Globalization;
using Autonoomi.Amazon.Login;
using Autonoomi.App.Platform.AmazonLink;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Environments;
using Autonoomi.App.Platform.Shell;
using Autonoomi.App.Platform.Tenancy;
using Autonoomi.Core.Primitives;
using Autonoomi.Privacy;
using Autonoomi.Vault;
using Microsoft.EntityFrameworkCore;

namespace Autonoomi.App.Platform.Promises;

/// <summary>Changes copies of sealed values as they rest (a byte, the row, the column) and tries to open them.</summary>
internal sealed class TamperProbe(AppDbs databases, KeyChain keys, TimeProvider clock) : IProbe
{
    private const int Values = 8;

    public string Id => "tamper";
    public string Asks => "A sealed value that was changed, or put into another place, does not open.";

    public async Task<Measurement> MeasureAsync(CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        await ProbeBook.KeepAsync(db, keys, AtRestProbe.CanaryRow, clock.GetUtcNow(), holds: true, $"canary-{Guid.NewGuid():N}", cancellationToken);
        var values = (await db.Probes.AsNoTracking().Where(row => row.Probe == AtRestProbe.CanaryRow).ToListAsync(cancellationToken))
            .Select(row => (Table: ProbeBook.Table, Column: ProbeBook.Column, Row: row.Probe, Sealed: row.SealedMeasured)).ToList();
        values.AddRange((await db.Users.AsNoTracking().OrderByDescending(user => user.CreatedAt).Take(Values).Select(user => new { user.Id, user.SealedEmail }).ToListAsync(cancellationToken))
            .Select(user => ("user", "email", user.Id.ToString("N"), user.SealedEmail)));
        var (tried, opened) = (0, 0);
        foreach (var (table, column, row, value) in values)
        {
            if (!Opens(table, column, row, value)) return new(false, $"a value of {table}.{column} does not open with its own key");
            for (var at = 0; at < value.Length; at++)
            {
                var changed = (byte[])value.Clone();
                changed[at] ^= (byte)(1 << (at % 8));
                Try(table, column, row, changed);
            }

            Try(table, column, row + "x", value);
            Try(table, column + "x", row, value);
            Try(table + "x", column, row, value);
        }

        return Measurement.Of(opened == 0 ? [] : [$"{opened} opened all the same"], $"{Display.Count(tried, "change")} of {Display.Count(values.Count, "sealed value")} tried");

        void Try(string table, string column, string row, byte[] value)
        {
            tried++;
            if (Opens(table, column, row, value)) opened++;
        }
    }

    private bool Opens(string table, string column, string row, byte[] value)
    {
        try
        {
            _ = keys.Application.Open(table, column, row, value);
            return true;
        }
        catch (SealBrokenException)
        {
            return false;
        }
    }
}

/// <summary>Plants one row of an organisation that nobody has, and looks at all tables as somebody else.</summary>
internal sealed class TenantsProbe(AppDbs databases) : IProbe
{
    private static readonly Guid House = new("ca9a0000-0000-4000-8000-000000000002");
    private static readonly Guid Person = new("ca9a0000-0000-4000-8000-000000000003");

    public string Id => "tenants";
    public string Asks => "An organisation sees no row of another, and without a seller's name no row of a vault is seen.";

    public async Task<Measurement> MeasureAsync(CancellationToken cancellationToken)
    {
        await using var all = databases.System();
        await all.Memberships.Where(row => row.Organisation == House).ExecuteDeleteAsync(cancellationToken);
        all.Memberships.Add(new MembershipRow { Organisation = House, User = Person });
        await all.SaveChangesAsync(cancellationToken);
        try
        {
            var stranger = new Tenant();
            stranger.ActFor(Guid.NewGuid());
            await using var foreign = databases.For(stranger);
            await using var nobody = databases.For(new Tenant());
            var (there, seen) = (await CountAsync(all, cancellationToken), await CountAsync(foreign, cancellationToken) + await CountAsync(nobody, cancellationToken));
            var faults = new List<string>();
            if (there == 0) faults.Add("the planted row is not there");
            if (seen > 0) faults.Add($"{seen} rows were seen by somebody else");
            return Measurement.Of(faults, $"{Display.Count(there, "row")} of organisations, looked at as another organisation and as nobody{await VaultRowsAsync(faults, cancellationToken)}");
        }
        finally
        {
            await all.Memberships.Where(row => row.Organisation == House).ExecuteDeleteAsync(CancellationToken.None);
        }
    }

    private static async Task<int> CountAsync(AppDb db, CancellationToken cancellationToken) =>
        await db.Memberships.CountAsync(cancellationToken) + await db.SellerAccounts.CountAsync(cancellationToken) + await db.Storefronts.CountAsync(cancellationToken)
        + await db.Grants.CountAsync(cancellationToken) + await db.LoginClients.CountAsync(cancellationToken) + await db.MissingPermissions.CountAsync(cancellationToken)
        + await db.Notices.CountAsync(cancellationToken) + await db.NoticesSeen.CountAsync(cancellationToken) + await db.ConsentStates.CountAsync(cancellationToken) + await db.Agreements.CountAsync(cancellationToken);

    /// <summary>On PostgreSQL the database itself hides the vault's rows from whoever does not name their seller.</summary>
    private async Task<string> VaultRowsAsync(List<string> faults, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        if (!db.Database.IsNpgsql()) return "";
        await using var transaction = await VaultEngine.BeginAsync(db, new SellerId(Guid.NewGuid()), write: false, cancellationToken);
        var seen = await db.Sellers.CountAsync(cancellationToken) + await db.Segments.CountAsync(cancellationToken) + await db.Records.CountAsync(cancellationToken);
        if (seen > 0) faults.Add($"{seen} rows of vaults were seen under another seller's name");
        return "; the vault's tables under another seller's name";
    }
}

/// <summary>Key, stamp and configuration name the same environment, and the key opens the stamp.</summary>
internal sealed class EnvironmentProbe(AppDbs databases, SellerVaults vaults, KeyChain keys, StorageSettings storage) : IProbe
{
    public string Id => "environment";
    public string Asks => "Key, database and configuration belong to one environment.";

    public async Task<Measurement> MeasureAsync(CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        var stamp = await db.Stamps.AsNoTracking().SingleOrDefaultAsync(cancellationToken);
        var faults = new List<string>();
        if (stamp is null) return new(false, "the database has no stamp");
        if (stamp.Environment != storage.Tag) faults.Add($"the database is stamped '{stamp.Environment}'");
        if (keys.Environment != storage.Tag) faults.Add($"the key belongs to '{keys.Environment}'");
        try
        {
            await vaults.VerifyStoreAsync(cancellationToken);
        }
        catch (VaultException refused)
        {
            faults.Add(refused.GetType().Name);
        }

        return Measurement.Of(faults, $"configuration, key and database stamp of '{storage.Tag}'");
    }
}

/// <summary>The oldest day of facts that any seller's vault keeps, against the limit for what came from Amazon.</summary>
internal sealed class AgeProbe(AppDbs databases, BusinessClock clock) : IProbe
{
    public string Id => "age";
    public string Asks => "No day of facts is older than 540 days.";

    public async Task<Measurement> MeasureAsync(CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        var sellers = await db.SellerAccounts.AsNoTracking().Select(account => account.Seller).ToListAsync(cancellationToken);
        int? oldest = null;
        foreach (var seller in sellers)
        {
            await using var one = databases.System();
            await using var transaction = await VaultEngine.BeginAsync(one, new SellerId(seller), write: false, cancellationToken);
            var first = await one.Segments.Where(row => row.Seller == seller && row.Partition > 0).MinAsync(row => (int?)row.Partition, cancellationToken);
            if (first < (oldest ?? int.MaxValue)) oldest = first;
        }

        if (oldest is not { } partition) return new(true, $"no day of facts is kept, of {Display.Count(sellers.Count, "seller")}");
        var day = new DateOnly(partition / 10_000, partition / 100 % 100, partition % 100);
        var age = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime).DayNumber - day.DayNumber;
        return Measurement.Of(age <= RetentionTable.AmazonDays ? [] : [$"it is {age - RetentionTable.AmazonDays} days too old"], string.Create(CultureInfo.InvariantCulture, $"oldest day of facts of {Display.Count(sellers.Count, "seller")}: {day:yyyy-MM-dd}, {Display.Count(age, "day")} ago"));
    }
}

/// <summary>Consents against their clocks: nothing is active without both, every active one is looked at, and no end comes unsaid.</summary>
internal sealed class GrantsProbe(AppDbs databases, TimeProvider clock) : IProbe
{
    /// <summary>A day's look may slip, two may not.</summary>
    private static readonly TimeSpan LongestUnlooked = 2 * GrantBook.LookRhythm + TimeSpan.FromHours(2);

    public string Id => "grants";
    public string Asks => "No storefront works without both consents, every consent was looked at within two days, and none is past its year unsaid.";

    public async Task<Measurement> MeasureAsync(CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        var now = clock.GetUtcNow();
        var grants = await db.Grants.AsNoTracking().ToListAsync(cancellationToken);
        var storefronts = await db.Storefronts.AsNoTracking().Where(storefront => storefront.Active).ToListAsync(cancellationToken);
        var notices = await db.Notices.AsNoTracking().Where(notice => notice.Kind == NoticeKind.ConsentEnds).ToListAsync(cancellationToken);
        return Measurement.Of([.. Faults(grants, storefronts, notices, now)], $"{Display.Count(grants.Count, "consent")} of {Display.Count(storefronts.Count, "working storefront")}");
    }

    internal static IEnumerable<string> Faults(IReadOnlyCollection<GrantRow> grants, IReadOnlyCollection<StorefrontRow> storefronts, IReadOnlyCollection<NoticeRow> notices, DateTimeOffset now)
    {
        var lonely = storefronts.Count(storefront => grants.Count(grant => grant.Seller == storefront.Seller) < 2);
        if (lonely > 0) yield return $"{lonely} storefronts work without both consents";
        var working = grants.Where(grant => grant.State != GrantState.ReauthRequired).ToList();
        var unlooked = working.Count(grant => now - (grant.LookedAt ?? grant.ConsentedAt) > LongestUnlooked);
        if (unlooked > 0) yield return $"{unlooked} consents were not looked at for two days";
        var unsaid = working.Count(grant => GrantBook.EndsAt(grant) is { } ends && ends < now && !notices.Any(notice => notice.Seller == grant.Seller && notice.Grant == grant.Kind && notice.EndsAt == ends));
        if (unsaid > 0) yield return $"{unsaid} consents are past their year, and nobody was told";
    }
}
