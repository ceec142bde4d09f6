using System.Globalization;
using System.IO;
using System.IO.Enumeration;
using System.Net;
using System.Text;
using Autonoomi.App.Features.Policy;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Environments;
using Autonoomi.App.Platform.Promises;
using Autonoomi.App.Platform.Tenancy;
using Autonoomi.App.Platform.Web;
using Autonoomi.App.Tests.Web;
using Autonoomi.Privacy;
using Autonoomi.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Autonoomi.App.Tests.Promises;

/// <summary>The data map against what is really stored, in both directions, and the pages that tell it.</summary>
[Collection<PeopleTests>]
public sealed class DataMapTests(RunningProduct product)
{
    private static readonly string Page = Path.Combine(Repository.Root, "docs", "privacy", "data-map.md");

    [Fact]
    [Promise("P-0-b")]
    public void Every_column_is_on_the_map_and_the_map_has_no_other()
    {
        Assert.Empty(Columns.Except(Mapped));
        Assert.Empty(Mapped.Except(Columns));
        Assert.True(Mapped.Count > 180, $"only {Mapped.Count}");
    }

    [Fact]
    [Promise("P-0-b")]
    public void A_column_that_nobody_described_is_found()
    {
        using var db = DataServices.Open(new StorageSettings { DataFolder = "." }, new Tenant());
        Assert.Empty(StoredColumns.Faults([], db.Model));

        using var more = new OneMore();
        Assert.Contains("extra.Hobby is not on the data map", StoredColumns.Faults([], more.Model));
    }

    [Fact]
    [Promise("P-0-b")]
    public void No_column_is_of_a_class_that_no_purpose_of_its_table_may_see()
    {
        Assert.Empty(DataMap.Faults(DataMap.Fields));

        var wrong = DataMap.Fields.First(field => field is { Table: "notice", Column: "Key" }) with { Class = DataClasses.Buyers };
        Assert.Equal(["notice.Key is K1-buyer, and none of Tell may see that"], DataMap.Faults([wrong]));
    }

    [Fact]
    [Promise("P-0-b")]
    public void What_is_called_sealed_is_and_what_stands_in_clear_has_a_reason()
    {
        using var db = DataServices.Open(new StorageSettings { DataFolder = "." }, new Tenant());
        var types = (from entity in db.Model.GetEntityTypes() from property in entity.GetProperties() select (Name: $"{entity.GetTableName()}.{property.GetColumnName()}", property.ClrType)).ToDictionary(item => item.Name, item => item.ClrType);
        foreach (var field in DataMap.Fields)
        {
            var (name, isSealed) = ($"{field.Table}.{field.Column}", field.Protection is Protection.Sealed or Protection.SealedBySeller);
            if (isSealed) Assert.True(types[name] == typeof(byte[]), $"{name} is called sealed and is no ciphertext");
            if (field.Column.StartsWith("Sealed", StringComparison.Ordinal)) Assert.True(isSealed, $"{name} is sealed and is not called so");
            if (types[name] == typeof(string)) Assert.Contains(name, StoredColumns.ClearTexts);
            if (field.Class is { } seen && seen != DataClasses.Operational) Assert.True(field.Protection != Protection.Clear, $"{name} is {seen.Value} and stands in clear");
        }
    }

    [Fact]
    [Promise("P-0-b")]
    public void Every_kind_of_the_vault_has_a_purpose_a_class_and_a_time() => Assert.All(RetentionTable.Rules.Where(rule => rule.As != RetainedAs.Table), rule =>
    {
        Assert.NotEmpty(DataMap.PurposesOf(rule));
        Assert.NotEmpty(DataMapWords.Keeping(rule));
    });

    [Fact]
    [Promise("P-0-b")]
    public async Task Every_file_that_a_running_product_has_written_is_on_the_map()
    {
        var (_, who) = await product.SignedInAsync();
        await product.ConnectAsync(who.Organisation);
        var storage = product.Services.GetRequiredService<StorageSettings>();
        var seen = 0;
        foreach (var (folder, place) in ((string, string)[])[(storage.DataFolder, "data folder"), (storage.KeyFolder, "key folder")])
            foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/')))
            {
                seen++;
                Assert.True(DataMap.Files.Any(known => known.Place == place && FileSystemName.MatchesSimpleExpression(known.Name, file)), $"{place}: {file} is not on the data map");
            }

        Assert.True(seen >= 5, $"only {seen} files were seen");
    }

    [Fact]
    [Promise("P-0-b")]
    public async Task A_stranger_reads_all_of_it()
    {
        using var stranger = product.Open();
        var page = WebUtility.HtmlDecode(await stranger.ReadAsync("/privacy/data"));

        Assert.All(DataMap.Fields, field => Assert.Contains($"data-field=\"{field.Table}.{field.Column}\"", page, StringComparison.Ordinal));
        Assert.All(RetentionTable.Rules.Where(rule => rule.As != RetainedAs.Table), rule => Assert.Contains($"data-kind=\"{rule.Name}\"", page, StringComparison.Ordinal));
        Assert.All(DataMap.Files, file => Assert.Contains($"<code>{file.Name}</code>", page, StringComparison.Ordinal));
        Assert.All(SiteCookies.All, cookie => Assert.Contains($"<code>{cookie.Name}</code>", page, StringComparison.Ordinal));
    }

    [Fact]
    public void The_page_of_the_documentation_says_the_same()
    {
        var page = Render();
        if (Environment.GetEnvironmentVariable("AUTONOOMI_RENEW") == "1") File.WriteAllText(Page, page);

        Assert.Equal(page, File.ReadAllText(Page)); // AUTONOOMI_RENEW=1 writes it anew
    }

    [Theory]
    [InlineData("a | operational | clear | why")]
    [InlineData("= t | Marketing")]
    [InlineData("= t | 3")]
    [InlineData("= t | Run\na | operational | clear")]
    [InlineData("= t | Run\na | anything | clear | why")]
    [InlineData("= t | Run\na | secret | open | why")]
    [InlineData("= t | Run\na | secret | clear | why\na | secret | clear | why")]
    [InlineData("= t | Run\n= t | Run")]
    public void A_line_that_says_too_little_is_no_map(string text) => Assert.Throws<FormatException>(() => { using var reader = new StringReader(text); DataMap.Read(reader); });

    private static HashSet<string> Mapped { get; } = [.. DataMap.Fields.Select(field => $"{field.Table}.{field.Column}")];

    private static HashSet<string> Columns
    {
        get
        {
            using var db = DataServices.Open(new StorageSettings { DataFolder = "." }, new Tenant());
            return [.. from entity in db.Model.GetEntityTypes() from property in entity.GetProperties() select $"{entity.GetTableName()}.{property.GetColumnName()}"];
        }
    }

    private static string Render()
    {
        var page = new StringBuilder("# What is stored\n\nWritten by a test from `src/Autonoomi.Privacy/DataMap`, `RetentionTable`, `FieldManifest`, `Purposes` and the list of cookies; the page `/privacy/data` shows the same. A column, kind, file or cookie that is not here fails the tests, and a column also the probe `columns`.\n\n");
        page.Append("## In a seller's vault\n\nSealed with AES-256-GCM under the seller's own key. Fields of Amazon's answers stand one by one in [the field manifest](field-manifest.md).\n\n| kind | what for | class | purposes | how long | fields of Amazon |\n|---|---|---|---|---|---|\n");
        foreach (var rule in RetentionTable.Rules.Where(rule => rule.As != RetainedAs.Table))
            page.Append(CultureInfo.InvariantCulture, $"| `{rule.Name}` | {rule.Why} | {PurposeWords.Of(rule.Class)} | {DataMapWords.List(DataMap.PurposesOf(rule))} | {DataMapWords.Keeping(rule)} | {(DataMap.FieldsOfAmazon(rule) is > 0 and var fields ? fields : "–")} |\n");
        page.Append("\n## In tables\n");
        foreach (var table in DataMap.Fields.GroupBy(field => field.Table))
        {
            var rule = RetentionTable.Of(RetainedAs.Table, table.Key);
            page.Append(CultureInfo.InvariantCulture, $"\n### {table.Key}\n\n{rule.Why} Purposes: {DataMapWords.List(table.First().Purposes)}. Kept {DataMapWords.Keeping(rule)}.\n\n| column | what for | class | protection |\n|---|---|---|---|\n");
            foreach (var field in table) page.Append(CultureInfo.InvariantCulture, $"| `{field.Column}` | {field.Why} | {DataMapWords.Class(field)} | {DataMapWords.Protection(field.Protection)} |\n");
        }

        page.Append("\n## In files\n\n| file | where | what for | protection | how long |\n|---|---|---|---|---|\n");
        foreach (var file in DataMap.Files) page.Append(CultureInfo.InvariantCulture, $"| `{file.Name}` | {file.Place} | {file.Why} | {file.Protection} | {file.Keeping} |\n");
        page.Append("\n## In the browser\n\n| cookie | what for | how long |\n|---|---|---|\n");
        foreach (var cookie in SiteCookies.All) page.Append(CultureInfo.InvariantCulture, $"| `{cookie.Name}` | {cookie.Purpose} | {cookie.Life} |\n");
        return page.ToString();
    }

    /// <summary>A table that nobody described.</summary>
    private sealed class OneMore() : DbContext(new DbContextOptionsBuilder().UseSqlite("Data Source=:memory:").Options)
    {
        protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.Entity<Extra>().ToTable("extra").HasKey(row => row.Id);
    }

    private sealed class Extra
    {
        public int Id { get; init; }
        public int Hobby { get; init; }
    }
}
