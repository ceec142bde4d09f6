using Autonoomi.App.Platform;
using Autonoomi.App.Platform.Shell;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;
using CsCheck;

namespace Autonoomi.App.Tests.Screens;

public sealed class DisplayTests
{
    private static readonly Currency Usd = new("USD");

    [Theory]
    [InlineData(0.85, "$0.85")]
    [InlineData(999.99, "$999.99")]
    [InlineData(1000.49, "$1,000")]
    [InlineData(-1234.56, "−$1,235")]
    [InlineData(-0.004, "$0.00")]
    public void Cents_go_from_a_thousand_up(double amount, string shown) => Assert.Equal(shown, Display.Amount(new Money((decimal)amount, Usd)));

    [Fact]
    public void Yen_have_no_cents() => Assert.Equal("¥120", Display.Amount(new Money(120m, new Currency("JPY"))));

    [Theory]
    [InlineData(null, "–")]
    [InlineData(0.247, "24.7%")]
    [InlineData(-0.05, "−5.0%")]
    [InlineData(12.0, ">999%")]
    public void A_missing_ratio_is_a_dash_and_an_absurd_one_is_cut(double? fraction, string shown) => Assert.Equal(shown, Display.Percent(fraction));

    [Fact]
    public void Every_reason_has_words_and_an_icon() =>
        Assert.All(Enum.GetValues<ReasonCode>(), reason => Assert.NotEmpty(IconShapes.Of(ChangeWords.Of(reason).Icon)));

    [Fact]
    public void An_icon_that_is_not_bundled_is_named() => Assert.Contains("unicorn", Assert.Throws<ArgumentException>(() => IconShapes.Of("unicorn")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("=1+1", "\"'=1+1\"")]
    [InlineData("+phone case", "\"'+phone case\"")]
    [InlineData("@home", "\"'@home\"")]
    [InlineData("-5", "\"'-5\"")]
    [InlineData("mug, blue", "\"mug, blue\"")]
    [InlineData("12\" pan", "\"12\"\" pan\"")]
    [InlineData("=HYPERLINK(\"x\")", "\"'=HYPERLINK(\"\"x\"\")\"")]
    [InlineData("plain", "\"plain\"")]
    public void A_cell_never_becomes_a_formula(string text, string cell) => Assert.Equal(cell, SpreadsheetText.Cell(text));

    private static readonly string[] Beginnings = ["", "=", "+", "-", "@", "\t", "\r", "\"", "\"="];

    [Fact]
    public void No_text_at_all_becomes_a_formula() =>
        Gen.Select(Gen.Int[0, Beginnings.Length - 1].Select(at => Beginnings[at]), Gen.String).Sample((first, rest) =>
        {
            var read = Read(SpreadsheetText.Cell(first + rest));

            Assert.False(read is ['=' or '+' or '-' or '@' or '\t' or '\r', ..], read);
            Assert.EndsWith(first + rest, read, StringComparison.Ordinal);
        });

    /// <summary>A cell as a spreadsheet reads it: outer quotes off, doubled quotes single.</summary>
    private static string Read(string cell) => cell is ['"', .. var inner, '"'] ? inner.Replace("\"\"", "\"", StringComparison.Ordinal) : cell;
}
