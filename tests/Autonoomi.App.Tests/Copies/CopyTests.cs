using System.Globalization;
using System.IO;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Autonoomi.Amazon.Login;
using Autonoomi.App.Features.Account;
using Autonoomi.App.Features.Economics;
using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Copies;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Retention;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.App.Tests.Web;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Goals;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;
using Autonoomi.Core.Proposals;
using Autonoomi.Privacy;
using Autonoomi.Testing;
using Autonoomi.Vault;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Autonoomi.App.Tests.Copies;

public sealed class SqliteCopyTests : CopySuite
{
    protected override Task<string?> DatabaseAsync() => Task.FromResult<string?>(null);

    [Fact]
    public async Task A_large_account_is_copied_in_flat_memory()
    {
        var (_, seller, storefront, scope) = await ShopAsync("Big shop");
        var vault = await Get<SellerVaults>().OpenAsync(seller, Purpose.Run, Stop);
        const int Days = 60, PerDay = 5_000;
        for (var day = 0; day < Days; day++)
        {
            var builder = new FactTableBuilder(TableSchema.Of(Dataset.SearchTermDay), PerDay);
            for (var row = 0; row < PerDay; row++)
                builder.Day(First.AddDays(day)).Long(1).Long(2).Long(row).Text(string.Create(CultureInfo.InvariantCulture, $"term {row * 7919 % 3_000}")).Long(row).Long(row % 9).Long(row * 10_000L).Long(1).Long(1).Long(5_000_000);
            await vault.CommitAsync(new VaultWrite().ReplaceDays(Dataset.SearchTermDay, storefront, new DateSpan(First.AddDays(day), First.AddDays(day)), builder.Build()), Stop);
        }

        GC.Collect();
        using var measured = new MeasuringStream(GC.GetTotalMemory(forceFullCollection: true));
        var manifest = await Get<CopyMaker>().WriteAsync(CopyWhat.Account, scope, null, measured, Stop);

        Assert.Equal(Days * PerDay, manifest.Files.Single(file => file.Name.EndsWith("SearchTermDay.jsonl", StringComparison.Ordinal)).Rows);
        Assert.True(manifest.Files.Sum(file => file.Bytes) > 60_000_000, $"{manifest.Files.Sum(file => file.Bytes)} bytes");
        Assert.True(measured.Peak < 64_000_000, $"{measured.Peak} bytes at most beyond the start");
    }

    private sealed class MeasuringStream(long before) : Stream
    {
        private int writes;

        public long Peak { get; private set; }

        public override bool CanRead => false;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override void Flush()
        {
            // Nothing is kept.
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count)
        {
            // What is alive, not what waits to be collected.
            if (writes++ % 200 == 0) Peak = Math.Max(Peak, GC.GetTotalMemory(forceFullCollection: true) - before);
        }
    }
}

public sealed class PostgresCopyTests : CopySuite
{
    private PostgresCopy? copy;

    protected override async Task<string?> DatabaseAsync() => (copy = await PostgresCopies.TakeAsync()).Connection;

    protected override async ValueTask StopAsync()
    {
        if (copy is not null) await copy.DisposeAsync();
    }
}

/// <summary>Copies of a real store, held against what the store itself says, and read in again.</summary>
public abstract class CopySuite : IAsyncLifetime
{
    protected static readonly DateOnly First = new(2026, 1, 5);
    private static readonly Currency Usd = new("USD");
    private readonly string folder = Directory.CreateTempSubdirectory("autonoomi-copies-").FullName;
    private WebApplication app = null!;

    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static StorefrontSettings Full => Workspaces.DefaultSettings(Marketplace.Find("ATVPDKIKX0DER")) with
    {
        Mode = AutomationMode.Ask, ProtectedTerms = ["kettle"], ProtectedCampaigns = [new(77)],
        Goal = new Goal(GoalKind.Grow) { GrowthShare = 0.1, TargetAcos = 0.35 },
        Goals =
        [
            new(new Sku("A-1"), new Goal(GoalKind.Launch) { RankWorth = new(4.00m, Usd), LossBudget = new(500.00m, Usd), From = new(2026, 11, 1), Until = new(2026, 12, 24) }),
            new(new Sku("GONE-9"), new Goal(GoalKind.ClearStock) { KeepingCost = new(1.25m, Usd) }),
        ],
        BrandTerms = ["acme", "acme home"], Events = [new PlannedEvent("Black Friday", new(2026, 11, 27), new(2026, 11, 30), 2.4, 1.3)],
        MaximumClickCost = new(3.50m, Usd), DailyCap = new(120.00m, Usd), PortfolioCap = new(900.00m, Usd), HoldOutShare = 0.1, CountIncrementality = true,
        VatRates = [new VatRate(DateOnly.MinValue, null, 0.19m)], Batches = [new GoodsBatch(new Sku("A-1"), new(2026, 1, 3), 40, new(5.125m, Usd), new(0.5m, Usd))],
    };

    protected abstract Task<string?> DatabaseAsync();

    protected virtual ValueTask StopAsync() => ValueTask.CompletedTask;

    protected T Get<T>() where T : notnull => app.Services.GetRequiredService<T>();

    public async ValueTask InitializeAsync()
    {
        var database = await DatabaseAsync();
        app = RunningProduct.Build(folder, database is null ? [] : new() { ["Autonoomi:Storage:Provider"] = "Postgres", ["Autonoomi:Storage:ConnectionString"] = database });
        await StoreStart.PrepareAsync(app.Services, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        if (app is not null) await app.DisposeAsync();
        Npgsql.NpgsqlConnection.ClearAllPools();
        SqliteFiles.Release(folder);
        await StopAsync();
        GC.SuppressFinalize(this);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    [Promise("P-7-e")]
    public async Task What_was_typed_in_goes_into_an_empty_account_and_comes_out_the_same_byte_for_byte()
    {
        var (_, _, _, scope) = await ShopAsync("Old shop", filled: true);
        var (who, fresh, storefront, freshScope) = await ShopAsync("New shop");
        var copy = await CopyAsync(CopyWhat.Given, scope);

        var outcome = await Get<ReadInHandler>().Handle(new(who.Organisation, fresh, copy, Actor.Person(who.User)), Stop);

        Assert.Empty(outcome.Problems);
        Assert.Equal((0, 1, 3, 2), (outcome.Total, outcome.Settings, outcome.Costs, outcome.Rates));
        var (before, after) = (GivenOf(copy), GivenOf(await CopyAsync(CopyWhat.Given, freshScope)));
        Assert.Equal(["cost.csv", "cost.jsonl", "exchange.csv", "exchange.jsonl", "settings.csv", "settings.jsonl"], before.Keys);
        Assert.Equal(before, after);
        Assert.Contains("\"productId\"", before["settings.jsonl"].Replace("marketplace", "productId", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal(AutomationMode.Ask, (await Get<Workspaces>().GetAsync(fresh, storefront, Stop)).Settings.Mode);

        // Once more over itself: nothing moves.
        Assert.Empty((await Get<ReadInHandler>().Handle(new(who.Organisation, fresh, copy, Actor.Person(who.User)), Stop)).Problems);
        Assert.Equal(before, GivenOf(await CopyAsync(CopyWhat.Given, freshScope)));
        Assert.Equal(2, (await ToldAsync(freshScope)).Count(line => line.Action == AuditAction.ReadIn));
    }

    [Fact]
    [Promise("P-7-a")]
    public async Task A_copy_holds_what_the_store_holds_and_nothing_of_anybody_else()
    {
        var (who, seller, storefront, _) = await ShopAsync("Old shop", filled: true);
        var (other, _, _, _) = await ShopAsync("Canary rival 7741", filled: true);
        var scope = (await Get<CopyMaker>().ScopeAsync(CopyWhat.Organisation, who.Organisation, who.User, null, Stop)).Value;

        var files = Unpacked(await CopyAsync(CopyWhat.Organisation, scope), out var manifest);

        // The manifest against the files, by another reader than the product's.
        Assert.Equal(files.Keys.Where(name => name != CopyFormat.Manifest).Order(StringComparer.Ordinal), manifest.Files.Select(file => file.Name).Order(StringComparer.Ordinal));
        foreach (var file in manifest.Files)
        {
            Assert.Equal((file.Sha256, file.Bytes), (Convert.ToHexStringLower(SHA256.HashData(files[file.Name])), files[file.Name].Length));
            if (file.Rows is { } rows && file.Name.EndsWith(CopyFormat.Lines, StringComparison.Ordinal)) Assert.Equal(rows, Lines(files[file.Name]).Count);
        }

        // Facts against the vault, row by row and column by column.
        var vault = await Get<SellerVaults>().OpenAsync(seller, Purpose.Run, Stop);
        foreach (var held in (await vault.ContentsAsync(Stop)).Tables)
        {
            var table = await vault.ReadAsync(held.Dataset, held.Storefront, null, Stop);
            var lines = Lines(files[CopyFormat.Facts(seller.Value, held.Storefront.Value, held.Dataset.ToString()) + CopyFormat.Lines]);
            Assert.Equal(table.Rows, lines.Count);
            for (var row = 0; row < table.Rows; row++)
                for (var column = 0; column < table.Schema.Columns.Length; column++)
                {
                    var cell = lines[row].GetProperty(table.Schema.Columns[column].Name);
                    var spec = table.Schema.Columns[column];
                    if (spec.Kind == ColumnKind.Text) Assert.Equal(((TextColumn)table[column])[row], cell.GetString());
                    if (spec.Kind == ColumnKind.Micros) Assert.Equal(((LongColumn)table[column]).Values[row], (long)(cell.GetDecimal() * 1_000_000m));
                    if (spec.Kind == ColumnKind.Long) Assert.Equal(((LongColumn)table[column]).Values[row], cell.GetInt64());
                    if (spec.Kind == ColumnKind.Day) Assert.Equal(((IntColumn)table[column]).Values[row], DateOnly.ParseExact(cell.GetString()!, "yyyy-MM-dd", CultureInfo.InvariantCulture).DayNumber);
                }
        }

        // Records against the vault, whatever their kind.
        foreach (var kind in CopyMap.Worked)
        {
            var stored = await vault.RecordsAsync(kind, AnyRecordJson.Default.JsonElement, null, Stop);
            var copied = files.TryGetValue(CopyFormat.Record(seller.Value, kind) + CopyFormat.Lines, out var bytes) ? Lines(bytes) : [];
            Assert.Equal(stored.Select(record => JsonSerializer.Serialize(record.Value)).Order(StringComparer.Ordinal), copied.Select(line => JsonSerializer.Serialize(line.GetProperty("value"))).Order(StringComparer.Ordinal));
        }

        var change = Lines(files[CopyFormat.Record(seller.Value, RecordKind.Change) + CopyFormat.Lines]).Single();
        Assert.Equal(("ATVPDKIKX0DER", storefront.Value), (change.GetProperty("marketplace").GetString(), change.GetProperty("storefront").GetInt64()));
        var person = Lines(files["tables/user.jsonl"]).Single();
        Assert.Equal(("Ada Test", who.User), (person.GetProperty("name").GetString(), person.GetProperty("id").GetGuid()));
        Assert.EndsWith("@example.com", person.GetProperty("email").GetString(), StringComparison.Ordinal);
        Assert.Equal("Test house", Lines(files["tables/organisation.jsonl"]).Single().GetProperty("name").GetString());
        Assert.Equal(AuditAction.SignedUp, Lines(files["tables/audit_entry.jsonl"])[0].GetProperty("action").GetString());
        Assert.Contains(Lines(files["categories.jsonl"]), line => line.GetProperty("name").GetString() == "TargetDay" && line.GetProperty("rows").GetInt64() == 6);

        // Nobody else's, and no secret: neither tokens nor hashes nor keys.
        await using var db = Get<AppDbs>().System();
        var user = await db.Users.SingleAsync(row => row.Id == who.User, Stop);
        var all = Encoding.UTF8.GetString([.. files.Values.SelectMany(bytes => bytes)]);
        foreach (var secret in new[] { "Canary rival", other.Organisation.ToString(), other.User.ToString(), "Atzr|canary-token", user.PasswordHash!, user.EmailHash, user.SecurityStamp!, Convert.ToBase64String(user.SealedEmail), "held about a shopper" })
            Assert.DoesNotContain(secret, all, StringComparison.OrdinalIgnoreCase);
        var key = await File.ReadAllBytesAsync(Directory.EnumerateFiles(Path.Combine(folder, "keys"), "*", SearchOption.AllDirectories).First(), Stop);
        Assert.DoesNotContain(Encoding.UTF8.GetString(key).Trim().Split('|')[^1], all, StringComparison.Ordinal);

        // A spreadsheet calculates nothing of it.
        Assert.Contains("\"'=HYPERLINK", Encoding.UTF8.GetString(files[CopyFormat.Facts(seller.Value, storefront.Value, "Listing") + CopyFormat.Sheet]), StringComparison.Ordinal);
        foreach (var (name, bytes) in files.Where(file => file.Key.EndsWith(CopyFormat.Sheet, StringComparison.Ordinal)))
        {
            foreach (var cell in Cells(Encoding.UTF8.GetString(bytes)))
                Assert.False(cell.Length > 0 && (cell[0] is '=' or '@' or '+' or '\t' or '\r' || (cell[0] == '-' && !decimal.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out _))), $"{name}: {cell}");
        }
    }

    [Fact]
    [Promise("P-7-a")]
    public async Task A_person_gets_what_is_kept_about_them_and_another_members_own_affairs_stay_theirs()
    {
        var (who, seller, _, _) = await ShopAsync("Old shop", filled: true);
        Guid colleague;
        await using (var scope = app.Services.CreateAsyncScope())
            colleague = (await scope.ServiceProvider.GetRequiredService<SignUpHandler>().Handle(new SignUp("Elsewhere", "Eve Colleague", $"e{Guid.NewGuid():N}@example.com", RunningProduct.Password, true, true, RunningProduct.Policy), Stop)).Value.User;
        await using (var db = Get<AppDbs>().System())
        {
            db.Memberships.Add(new MembershipRow { Organisation = who.Organisation, User = colleague, Role = MemberRole.Viewer });
            await db.SaveChangesAsync(Stop);
        }

        await Get<AuditLog>().WriteAsync(new(AuditAction.SignIn, Actor.Person(colleague)), Stop);
        await Get<AuditLog>().WriteAsync(new(AuditAction.Costs, Actor.Person(colleague), seller, "3 costs of products"), Stop);
        var mine = Unpacked(await CopyAsync(CopyWhat.Person, (await Get<CopyMaker>().ScopeAsync(CopyWhat.Person, who.Organisation, colleague, null, Stop)).Value), out _);

        Assert.Equal(["Eve Colleague"], Lines(mine["tables/user.jsonl"]).Select(line => line.GetProperty("name").GetString()));
        Assert.Equal([AuditAction.SignedUp, AuditAction.SignIn, AuditAction.Costs], Lines(mine["tables/audit_entry.jsonl"]).Select(line => line.GetProperty("action").GetString()));
        Assert.DoesNotContain(mine.Keys, name => name.StartsWith("sellers/", StringComparison.Ordinal));
        Assert.Empty(Lines(mine["tables/seller_account.jsonl"]));

        var owners = Unpacked(await CopyAsync(CopyWhat.Organisation, (await Get<CopyMaker>().ScopeAsync(CopyWhat.Organisation, who.Organisation, who.User, null, Stop)).Value), out _);
        var other = Lines(owners["tables/user.jsonl"]).Single(line => line.GetProperty("id").GetGuid() == colleague);
        Assert.Equal(JsonValueKind.Null, other.GetProperty("twoFactorEnabled").ValueKind);
        Assert.Equal(JsonValueKind.False, Lines(owners["tables/user.jsonl"]).Single(line => line.GetProperty("id").GetGuid() == who.User).GetProperty("twoFactorEnabled").ValueKind);
    }

    [Fact]
    [Promise("P-7-e")]
    public async Task Archives_that_were_tampered_with_are_refused_and_nothing_is_written()
    {
        var (_, _, _, scope) = await ShopAsync("Old shop", filled: true);
        var (who, fresh, _, _) = await ShopAsync("New shop");
        var good = await CopyAsync(CopyWhat.Given, scope);
        var settings = CopyFormat.Given(scope.Sellers[0], "settings") + CopyFormat.Lines;
        var before = (await (await Get<SellerVaults>().OpenAsync(fresh, Purpose.Run, Stop)).ContentsAsync(Stop)).Revision;
        var bomb = new byte[40_000_000];
        foreach (var (name, archive, said) in new (string, byte[], string)[]
        {
            ("empty", [], "no ZIP archive"),
            ("noise", RandomNumberGenerator.GetBytes(5_000), "no ZIP archive"),
            ("cut", good[..(good.Length / 2)], "no ZIP archive"),
            ("path", Changed(good, zip => Add(zip, "../../etc/passwd", "x"u8)), "No file of a copy"),
            ("rooted", Changed(good, zip => Add(zip, "/tmp/x.jsonl", "x"u8)), "No file of a copy"),
            ("backslash", Changed(good, zip => Add(zip, "tables\\..\\x.csv", "x"u8)), "No file of a copy"),
            ("folder", Changed(good, zip => zip.CreateEntry("tables/")), "No file of a copy"),
            ("more", Changed(good, zip => Add(zip, "tables/extra.csv", "x"u8)), "does not name this file"),
            ("twice", Changed(good, zip => Add(zip, settings, "{}"u8)), "twice"),
            ("case", Changed(good, zip => Add(zip, CopyFormat.Readme.Replace("README", "readme", StringComparison.Ordinal), "x"u8)), "No file of a copy"),
            ("hash", Changed(good, zip => Replace(zip, settings, text => text.Replace("\"Ask\"", "\"Auto\"", StringComparison.Ordinal))), "SHA-256"),
            ("gone", Changed(good, zip => zip.GetEntry(settings)!.Delete()), "missing"),
            ("unlisted", Changed(good, zip => zip.GetEntry(CopyFormat.Manifest)!.Delete()), "no manifest"),
            ("older", Changed(good, zip => Replace(zip, CopyFormat.Manifest, text => text.Replace("\"formatVersion\": 1", "\"formatVersion\": 2", StringComparison.Ordinal))), "format 2"),
            ("fields", Changed(good, zip => Replace(zip, CopyFormat.Manifest, text => text.Replace("\"files\"", "\"filez\"", StringComparison.Ordinal))), "not the list"),
            ("bomb", Changed(good, zip => Add(zip, "tables/run.csv", bomb), list: "tables/run.csv", content: bomb), "larger than a copy can be"),
            ("listed bomb", Changed(good, zip => Replace(zip, CopyFormat.Manifest, _ => "{\"formatVersion\":1," + new string(' ', 30_000_000) + "}")), "larger than a copy can be"),
            ("many", Changed(good, zip =>
            {
                for (var number = 0; number < 5_001; number++) zip.CreateEntry($"sellers/{scope.Sellers[0]:D}/facts/{number}/TargetDay.csv");
            }), "at most 5000"),
        })
        {
            var outcome = await Get<ReadInHandler>().Handle(new(who.Organisation, fresh, archive, Actor.Person(who.User)), Stop);
            Assert.True(outcome.Total == 1 && outcome.Problems[0].ToString().Contains(said, StringComparison.Ordinal), $"{name}: {outcome.Problems.FirstOrDefault()}");
        }

        // Every cut and a flip of every hundredth byte: refused, or the very same content.
        for (var at = 0; at < good.Length; at += 97)
        {
            var flipped = good.ToArray();
            flipped[at] ^= 0x5a;
            var read = CopyReader.Read(flipped);
            if (read.Problem is null) Assert.Equal(GivenOf(good), read.Given.ToDictionary(given => Path.GetFileName(given.File), given => Encoding.UTF8.GetString(given.Bytes.Span)).Concat(GivenOf(good).Where(file => file.Key.EndsWith(CopyFormat.Sheet, StringComparison.Ordinal))).OrderBy(file => file.Key, StringComparer.Ordinal).ToDictionary());
            Assert.NotNull(CopyReader.Read(good.AsMemory(0, at)).Problem);
        }

        Assert.Equal(before, (await (await Get<SellerVaults>().OpenAsync(fresh, Purpose.Run, Stop)).ContentsAsync(Stop)).Revision);
    }

    [Fact]
    public async Task Lines_that_break_a_rule_are_told_by_file_line_and_field_and_nothing_is_written()
    {
        var (_, _, _, scope) = await ShopAsync("Old shop", filled: true);
        var (who, fresh, _, _) = await ShopAsync("New shop");
        var good = await CopyAsync(CopyWhat.Given, scope);
        var seller = scope.Sellers[0];
        var (settings, cost, exchange) = (CopyFormat.Given(seller, "settings") + CopyFormat.Lines, CopyFormat.Given(seller, "cost") + CopyFormat.Lines, CopyFormat.Given(seller, "exchange") + CopyFormat.Lines);
        var before = (await (await Get<SellerVaults>().OpenAsync(fresh, Purpose.Run, Stop)).ContentsAsync(Stop)).Revision;
        foreach (var (file, change, said) in new (string, Func<string, string>, string[])[]
        {
            (cost, text => text.Replace("5.125", "-5.125", StringComparison.Ordinal), [cost, "line 2", "the cost of goods is an amount from 0"]),
            (cost, text => text.Replace("5.125", "\"much\"", StringComparison.Ordinal), [cost, "line 2", "field value.costOfGoods.amount", "no value that this field takes"]),
            (cost, text => text.Replace("\"leadTimeDays\":", "\"leadTimeDays\":9,\"leadTimeDays\":", StringComparison.Ordinal), [cost, "line 1", "no value"]),
            (cost, text => text.Replace("\"leadTimeDays\":", "\"leedTimeDays\":", StringComparison.Ordinal), [cost, "line 1", "no value"]),
            (cost, text => text.Replace("USD", "EUR", StringComparison.Ordinal), [cost, "line 1", "costs of this storefront are in USD"]),
            (cost, text => text.Replace("ATVPDKIKX0DER", "A1F83G8C2ARO7P", StringComparison.Ordinal), [cost, "line 1", "field marketplace", "no storefront 'A1F83G8C2ARO7P'", "Connect it first"]),
            (cost, text => text + text, [cost, "line 4", "two entries hold from the same day"]),
            (cost, text => "\n" + text, [cost, "line 1", "no value"]),
            (cost, text => text.Replace("{\"marketplace\"", "{\"extra\":1,\"marketplace\"", StringComparison.Ordinal), [cost, "line 1", "and nothing else"]),
            (settings, text => text.Replace("\"Ask\"", "99", StringComparison.Ordinal), [settings, "line 1", "field value.mode"]),
            (settings, text => text.Replace("\"holdOutShare\":0.1", "\"holdOutShare\":\"NaN\"", StringComparison.Ordinal), [settings, "line 1", "the share lies between 0 and 20%"]),
            (settings, text => text.Replace("\"demand\":2.4", "\"demand\":240", StringComparison.Ordinal), [settings, "line 1", "Black Friday", "between 0.1 and 10"]),
            (settings, text => text + text, [settings, "line 2", "settings once"]),
            (exchange, text => text.Replace("0.92", "0", StringComparison.Ordinal), [exchange, "line 1", "above zero"]),
            (exchange, text => text.Replace("\"GBP\"", "\"XXX\"", StringComparison.Ordinal), [exchange, "line 1"]),
        })
        {
            var changed = Relisted(good, file, change);
            var outcome = await Get<ReadInHandler>().Handle(new(who.Organisation, fresh, changed, Actor.Person(who.User)), Stop);
            Assert.True(outcome.Total > 0, string.Join(' ', said));
            foreach (var part in said) Assert.Contains(part, outcome.Problems[0].ToString(), StringComparison.Ordinal);
        }

        // Whose two accounts are in it cannot be read into one.
        var two = (await Get<CopyMaker>().ScopeAsync(CopyWhat.Given, who.Organisation, who.User, fresh, Stop)).Value with { Sellers = [seller, fresh.Value] };
        Assert.Contains("holds 2 seller accounts", (await Get<ReadInHandler>().Handle(new(who.Organisation, fresh, await CopyAsync(CopyWhat.Given, two), Actor.Person(who.User)), Stop)).Problems[0].ToString(), StringComparison.Ordinal);
        Assert.Equal(before, (await (await Get<SellerVaults>().OpenAsync(fresh, Purpose.Run, Stop)).ContentsAsync(Stop)).Revision);
    }

    [Fact]
    public async Task A_copy_of_data_that_does_not_open_ends_without_a_manifest()
    {
        var (_, seller, _, scope) = await ShopAsync("Old shop", filled: true);
        await using (var db = Get<AppDbs>().System())
        await using (var transaction = await VaultEngine.BeginAsync(db, seller, write: true, Stop))
        {
            var row = await db.Segments.Where(segment => segment.Seller == seller.Value && segment.Dataset == "TargetDay").OrderBy(segment => segment.Partition).FirstAsync(Stop);
            row.Sealed[^1] ^= 1;
            db.Entry(row).Property(segment => segment.Sealed).IsModified = true;
            await db.SaveChangesAsync(Stop);
            await transaction.CommitAsync(Stop);
        }

        using var body = new MemoryStream();
        await Assert.ThrowsAnyAsync<VaultException>(() => Get<CopyMaker>().WriteAsync(CopyWhat.Account, scope, null, body, Stop));
        try
        {
            using var zip = new ZipArchive(new MemoryStream(body.ToArray()), ZipArchiveMode.Read);
            Assert.Null(zip.GetEntry(CopyFormat.Manifest));
        }
        catch (InvalidDataException)
        {
            // Not even an archive: as good.
        }
    }

    protected async Task<(SignedUp Who, SellerId Seller, StorefrontId Storefront, CopyScope Scope)> ShopAsync(string name, bool filled = false)
    {
        SignedUp who;
        await using (var scope = app.Services.CreateAsyncScope())
            who = (await scope.ServiceProvider.GetRequiredService<SignUpHandler>().Handle(new SignUp(name.Contains("Canary", StringComparison.Ordinal) ? name : "Test house", name.Contains("Canary", StringComparison.Ordinal) ? name : "Ada Test", $"p{Guid.NewGuid():N}@example.com", RunningProduct.Password, true, true, RunningProduct.Policy), Stop)).Value;
        var (seller, storefront) = await RunningProduct.ConnectAsync(app.Services, who.Organisation);
        if (filled) await FillAsync(who, seller, storefront, name);
        return (who, seller, storefront, (await Get<CopyMaker>().ScopeAsync(CopyWhat.Account, who.Organisation, who.User, seller, Stop)).Value);
    }

    private async Task FillAsync(SignedUp who, SellerId seller, StorefrontId storefront, string name)
    {
        await using (var db = Get<AppDbs>().System())
        {
            db.Grants.Add(new GrantRow
            {
                Seller = seller.Value, Organisation = who.Organisation, Kind = GrantKind.Ads, State = GrantState.Active, ConsentedAt = DateTimeOffset.UtcNow,
                SealedToken = Get<KeyChain>().Application.SealText("grant", "token", $"{seller}/{GrantKind.Ads}", "Atzr|canary-token"),
            });
            db.Runs.Add(new RunRow { Id = Guid.NewGuid(), Seller = seller.Value, Storefront = storefront.Value, Kind = RunKind.Full, State = RunState.Done, RequestedAt = DateTimeOffset.UtcNow });
            await db.SaveChangesAsync(Stop);
        }

        Assert.True((await Get<SaveCostsHandler>().Handle(new(seller, storefront,
        [
            new ProductCost(new Sku("A-1"), new(2026, 1, 1), new(5.125m, Usd), new(0.5m, Usd), 0.25, 30), new ProductCost(new Sku("A-1"), new(2026, 2, 1), new(5.5m, Usd), new(0.5m, Usd), null, 30),
            new ProductCost(new Sku("=B-2"), new(2026, 1, 1), new(7m, Usd), new(0m, Usd), null, 0),
        ], Actor.Person(who.User)), Stop)).IsOk);
        var vault = await Get<SellerVaults>().OpenAsync(seller, Purpose.Run, Stop);
        var write = new VaultWrite().Put(RecordKind.Settings, RecordKind.RecordId(storefront, "all"), Full, StoredJson.Default.StorefrontSettings, "set");
        for (var day = 0; day < 3; day++)
        {
            var span = new DateSpan(First.AddDays(day), First.AddDays(day));
            write.ReplaceDays(Dataset.TargetDay, storefront, span, new FactTableBuilder(TableSchema.Of(Dataset.TargetDay))
                .Day(span.First).Long(1).Long(2).Long(3).Long(100).Long(10).Long(4_560_000).Long(1).Long(1).Long(20_000_000)
                .Day(span.First).Long(9_007_199_254_740_993).Long(2).Long(4).Long(100).Long(10).Long(1).Long(1).Long(1).Long(0).Build());
            write.ReplaceDays(Dataset.SearchTermDay, storefront, span, new FactTableBuilder(TableSchema.Of(Dataset.SearchTermDay)).Day(span.First).Long(1).Long(2).Long(3).Text($"@{name}, \"quoted\"\n+1").Long(9).Long(1).Long(1).Long(1).Long(1).Long(1).Build());
        }

        var change = new AppliedChange(new Core.Proposals.SetBudget(new(1), new(10m, Usd), new(12m, Usd)), new DateTimeOffset(2026, 1, 6, 8, 0, 0, TimeSpan.Zero), ByPerson: true);
        write.Put(RecordKind.Change, RecordKind.RecordId(storefront, "c1"), new StoredChange("c1", change, null, null, ChangeOutcomeKind.Confirmed, Words: "=1+1"), StoredJson.Default.StoredChange, "confirmed");
        write.Put(RecordKind.Score, RecordKind.RecordId(storefront, "2026-01-05"), new StoredScore(First, 50, 40, 60, new(0m, Usd)), StoredJson.Default.StoredScore, "scored");
        await vault.CommitAsync(write, Stop);
        Assert.Empty(await Get<ReportingBook>().StoreAsync(seller, storefront, new Reporting(new("EUR"), [new(new("USD"), new("EUR"), new(2026, 1, 1), 0.92m), new(new("USD"), new("GBP"), new(2026, 1, 1), 0.8m)]), Actor.Person(who.User), Stop));
        await Get<BuyerQuarantine>().PutAsync(seller, "rejection reason", "held about a shopper", null, null, null, Stop);
    }

    private async Task<byte[]> CopyAsync(CopyWhat what, CopyScope scope)
    {
        using var body = new MemoryStream();
        await Get<CopyMaker>().WriteAsync(what, scope, null, body, Stop);
        return body.ToArray();
    }

    private async Task<List<AuditTold>> ToldAsync(CopyScope scope)
    {
        var lines = new List<AuditTold>();
        await foreach (var line in Get<AuditLog>().OfAsync(scope.Sellers, [], scope.Sellers, [], Stop)) lines.Add(line);
        return lines;
    }

    private static SortedDictionary<string, byte[]> Unpacked(byte[] archive, out CopyManifest manifest)
    {
        using var zip = new ZipArchive(new MemoryStream(archive), ZipArchiveMode.Read);
        var files = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var entry in zip.Entries)
        {
            using var content = new MemoryStream();
            using (var stream = entry.Open()) stream.CopyTo(content);
            files.Add(entry.FullName, content.ToArray());
        }

        manifest = JsonSerializer.Deserialize(files[CopyFormat.Manifest], CopyJson.Default.CopyManifest)!;
        return files;
    }

    // By their names alone: another account has another folder.
    private static SortedDictionary<string, string> GivenOf(byte[] archive) =>
        new(Unpacked(archive, out _).Where(file => file.Key.Contains("/given/", StringComparison.Ordinal)).ToDictionary(file => Path.GetFileName(file.Key), file => Encoding.UTF8.GetString(file.Value)), StringComparer.Ordinal);

    private static List<JsonElement> Lines(byte[] file) => [.. Encoding.UTF8.GetString(file).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];

    // RFC 4180, read by another reader than the product's writer.
    private static IEnumerable<string> Cells(string csv)
    {
        var (cell, quoted) = (new StringBuilder(), false);
        for (var at = csv[0] == '\uFEFF' ? 1 : 0; at < csv.Length; at++)
        {
            if (quoted && csv[at] == '"' && at + 1 < csv.Length && csv[at + 1] == '"') cell.Append(csv[at++]);
            else if (csv[at] == '"') quoted = !quoted;
            else if (!quoted && csv[at] is ',' or '\r' or '\n')
            {
                yield return cell.ToString();
                cell.Clear();
            }
            else cell.Append(csv[at]);
        }

        Assert.False(quoted);
    }

    private static byte[] Changed(byte[] archive, Action<ZipArchive> change, string? list = null, byte[]? content = null)
    {
        using var body = new MemoryStream();
        body.Write(archive);
        using (var zip = new ZipArchive(body, ZipArchiveMode.Update, leaveOpen: true))
        {
            change(zip);
            if (list is not null)
                Replace(zip, CopyFormat.Manifest, text => text.Replace("\"files\": [", $"\"files\": [{{\"name\":\"{list}\",\"rows\":0,\"bytes\":{content!.Length},\"sha256\":\"{Convert.ToHexStringLower(SHA256.HashData(content))}\",\"holds\":\"\"}},", StringComparison.Ordinal));
        }

        return body.ToArray();
    }

    private static void Add(ZipArchive zip, string name, ReadOnlySpan<byte> content)
    {
        using var stream = zip.CreateEntry(name).Open();
        stream.Write(content);
    }

    private static void Replace(ZipArchive zip, string name, Func<string, string> change)
    {
        string text;
        using (var reader = new StreamReader(zip.GetEntry(name)!.Open())) text = reader.ReadToEnd();
        zip.GetEntry(name)!.Delete();
        Add(zip, name, Encoding.UTF8.GetBytes(change(text)));
    }

    /// <summary>A file changed by somebody who also corrected the manifest: only the rules themselves can find it.</summary>
    private static byte[] Relisted(byte[] archive, string name, Func<string, string> change)
    {
        var (before, after) = (Unpacked(archive, out _)[name], Array.Empty<byte>());
        return Changed(archive, zip =>
        {
            Replace(zip, name, text =>
            {
                var changed = change(text);
                Assert.NotEqual(text, changed);
                after = Encoding.UTF8.GetBytes(changed);
                return changed;
            });
            Replace(zip, CopyFormat.Manifest, text => text
                .Replace(Convert.ToHexStringLower(SHA256.HashData(before)), Convert.ToHexStringLower(SHA256.HashData(after)), StringComparison.Ordinal)
                .Replace($"\"bytes\": {before.Length},", $"\"bytes\": {after.Length},", StringComparison.Ordinal)); // with what follows: another file's size may begin alike
        });
    }
}
