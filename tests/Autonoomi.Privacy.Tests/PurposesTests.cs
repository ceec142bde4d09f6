using System.Globalization;
using System.IO;
using System.Text;
using Autonoomi.Testing;

namespace Autonoomi.Privacy.Tests;

/// <summary>The closed list of purposes, and the page that tells it.</summary>
public sealed class PurposesTests
{
    private static readonly string Page = Path.Combine(Repository.Root, "docs", "privacy", "purposes.md");

    [Fact]
    [Promise("P-2-a", "P-9.1-b")]
    public void Every_purpose_has_one_rule_with_a_basis_and_something_that_it_may_see()
    {
        Assert.Equal(Enum.GetValues<Purpose>(), Purposes.All.Select(rule => rule.Purpose));
        Assert.All(Purposes.All, rule =>
        {
            Assert.True(Enum.IsDefined(rule.Basis), $"{rule.Purpose} has no basis");
            Assert.NotEmpty(rule.Sees);
            Assert.EndsWith(".", rule.Does, StringComparison.Ordinal);
        });
    }

    [Fact]
    [Promise("P-9.1-b")]
    public void Where_it_is_an_interest_of_ours_one_can_object_and_the_weighing_is_told() => Assert.All(Purposes.All, rule =>
    {
        Assert.Equal(rule.Basis == LegalBasis.Interest, rule.CanObject);
        Assert.Equal(rule.Basis == LegalBasis.Interest, rule.Balance.Length > 0);
        Assert.Equal(rule.Basis is LegalBasis.Interest or LegalBasis.Consent, rule.SayNo.Length > 0);
    });

    [Fact]
    [Promise("P-4-c", "P-4-n")]
    public void There_are_these_purposes_and_no_other() => Assert.Equal(
        ["Connect", "Run", "Show", "Instruct", "SetApart", "Retain", "Delete", "Account", "Secure", "Tell", "Prove"], Enum.GetNames<Purpose>());

    [Theory]
    [InlineData((Purpose)99)]
    [InlineData((Purpose)(-1))]
    [Promise("P-4-c")]
    public void What_is_not_on_the_list_is_refused(Purpose made) => Assert.Throws<PurposeException>(() => Purposes.OfVault(made));

    [Fact]
    [Promise("P-6-f")]
    public void What_is_found_about_a_shopper_is_set_apart_looked_at_for_its_end_and_deleted_and_nothing_else() => Assert.Equal(
        [Purpose.SetApart, Purpose.Retain, Purpose.Delete], Purposes.All.Where(rule => rule.Sees.Contains(DataClasses.Buyers)).Select(rule => rule.Purpose));

    [Fact]
    public void Every_row_of_a_vault_has_a_class() => Assert.All(RetentionTable.Rules.Where(rule => rule.As != RetainedAs.Table), rule => Assert.Equal(DataClasses.Taxonomy, rule.Class.TaxonomyName));

    [Fact]
    public void The_page_says_what_the_list_says()
    {
        var page = Render();
        if (Environment.GetEnvironmentVariable("AUTONOOMI_RENEW") == "1") File.WriteAllText(Page, page);

        Assert.Equal(page, File.ReadAllText(Page)); // AUTONOOMI_RENEW=1 writes it anew
    }

    private static string Render()
    {
        var page = new StringBuilder("""
            # What data is opened and kept for

            Written by a test from `src/Autonoomi.Privacy/Purposes/Purposes.cs`. The list is closed: whoever opens a seller's vault names one of these purposes, the log line names it, and the vault shows and takes the classes of data that the purpose covers and refuses the rest. There is no purpose of marketing, of analytics, of market insight or of work on the product. A test lists every place that opens a vault, with its purpose; what a run and a page share in memory is opened as *Show*.

            Nothing adds up over sellers: rows are opened by the vault alone, every statement that it sends names one seller, and its key opens no other's rows.

            | purpose | what is done | basis | may see | opens vaults | how to say no | why the interest outweighs |
            |---|---|---|---|---|---|---|

            """);
        foreach (var rule in Purposes.All)
            page.Append(CultureInfo.InvariantCulture, $"| {rule.Purpose} | {rule.Does} | {PurposeWords.Of(rule.Basis)} | {string.Join(", ", rule.Sees.Select(seen => $"{seen.Value} ({PurposeWords.Of(seen)})"))} | {(rule.OpensVaults ? "yes" : "no")} | {rule.SayNo} | {rule.Balance} |\n");
        return page.ToString().ReplaceLineEndings("\n");
    }
}
