using System.Globalization;
using System.IO;
using System.Text;
using Autonoomi.Privacy;
using Autonoomi.Testing;

namespace Autonoomi.Amazon.Tests;

/// <summary>The manifest and the code that reads say the same, in both directions.</summary>
public sealed class FieldManifestTests
{
    private static readonly string Page = Path.Combine(Repository.Root, "docs", "privacy", "field-manifest.md");

    [Fact]
    [Promise("P-1.2-b", "P-1.2-c", "P-1.2-d", "P-1.2-h", "P-5-a", "P-8-g")]
    public void Every_field_that_is_parsed_is_in_the_manifest() => Assert.Empty(ParsedFields.All.Except(Listed).Select(field => $"{field.Reader}: {field.Path}"));

    [Fact]
    public void Every_field_of_the_manifest_is_parsed() => Assert.Empty(Listed.Except(ParsedFields.All).Select(field => $"{field.Reader}: {field.Path}"));

    [Fact]
    public void The_comparison_finds_something_of_every_sort()
    {
        Assert.True(ParsedFields.All.Count > 350, ParsedFields.All.Count.ToString(CultureInfo.InvariantCulture));
        foreach (var (reader, path) in new[]
        {
            ("Login.TokenAnswer", "refresh_token"), ("Ads.Wire.Page", "campaigns[].dynamicBidding.placementBidding[].percentage"), ("SellingPartner.Wire.OrdersPage", "orders[].orderItems[].product.sellerSku"),
            ("report:spSearchTerm/SearchTermDay", "searchTerm"), ("file:The file of orders", "amazon-order-id"), ("hand:", "error_description"),
        }) Assert.Contains((reader, path), ParsedFields.All);
    }

    [Fact]
    [Promise("P-1.2-g")]
    public void No_field_about_a_person_is_in_the_manifest()
    {
        string[] persons = ["buyer", "recipient", "address", "phone", "email", "gift", "customer", "cpf", "postal", "taxId", "payment"];

        Assert.DoesNotContain(FieldManifest.Sources.SelectMany(source => source.Fields), field => persons.Any(word => field.Path.Contains(word, StringComparison.OrdinalIgnoreCase)));
    }

    [Fact]
    public void The_page_for_sellers_says_what_the_manifest_says()
    {
        var page = Render();
        if (Environment.GetEnvironmentVariable("AUTONOOMI_RENEW") == "1") File.WriteAllText(Page, page);

        Assert.Equal(page, File.ReadAllText(Page)); // AUTONOOMI_RENEW=1 writes it anew
    }

    [Theory]
    [InlineData("campaignId | names it")]
    [InlineData("= a | b | c | Campaign")]
    [InlineData("= a | b | c | Campaign | for ever")]
    [InlineData("= a | b | c | Campaign | call\nx | y")]
    [InlineData("= a | b | c | | 540 days\nx | y")]
    [InlineData("= a | b | c | | call\nx |")]
    [InlineData("= a | b | c | | call\nx | y\nx | z")]
    public void A_line_that_says_too_little_is_no_manifest(string text) => Assert.Throws<FormatException>(() => FieldManifest.Read(new StringReader(text)));

    private static IEnumerable<(string Reader, string Path)> Listed => FieldManifest.Sources.SelectMany(source => source.Fields.Select(each => (source.Reader, each.Path)));

    private static string Render()
    {
        var page = new StringBuilder();
        page.Append("# Every field that is read of Amazon's answers\n\nWritten by a test from `src/Autonoomi.Privacy/Manifest/fields.txt`, which another test holds against the code that reads. Whatever else Amazon sends is dropped while it is parsed.\n\n");
        page.Append(CultureInfo.InvariantCulture, $"{FieldManifest.Sources.Length} sources, {FieldManifest.Sources.Sum(source => source.Fields.Length)} fields. Nothing is asked for, or read, about a buyer or recipient.\n");
        foreach (var source in FieldManifest.Sources)
        {
            page.Append(CultureInfo.InvariantCulture, $"\n## {source.Name}\n\n{string.Join(", ", source.Operations.Select(operation => $"`{operation}`"))}\n\n| field | why | where | how long |\n|---|---|---|---|\n");
            foreach (var field in source.Fields) page.Append(CultureInfo.InvariantCulture, $"| `{field.Path}` | {field.Why} | {(field.Where.Length == 0 ? "–" : field.Where)} | {Words(field.Keeping)} |\n");
        }

        return page.ToString();
    }

    private static string Words(Keeping keeping) => keeping switch
    {
        Keeping.Call => "not kept",
        Keeping.Snapshot => "until the next sync",
        Keeping.Days28 => "28 days",
        Keeping.Days540 => "540 days",
        Keeping.Connected => "while connected",
        _ => throw new ArgumentOutOfRangeException(nameof(keeping)),
    };
}
