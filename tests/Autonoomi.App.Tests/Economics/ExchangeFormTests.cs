using System.Text.Json;
using Autonoomi.App.Features.Economics;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;

namespace Autonoomi.App.Tests.Economics;

public sealed class ExchangeFormTests
{
    private static readonly Currency Usd = new("USD"), Eur = new("EUR"), Jpy = new("JPY");

    private static readonly Reporting Full = new(Eur, [new(Jpy, Eur, new(2026, 10, 1), 0.0061234567m), new(Usd, Eur, new(2026, 10, 15), 0.9200m), new(Usd, Eur, new(2026, 11, 1), 0.9225m)]);

    [Fact]
    public void What_is_stored_is_shown_and_what_is_shown_is_stored_again()
    {
        var again = TypedExchange.Of(Full).Read(Usd, out var problems);

        Assert.Empty(problems);
        Assert.Equal(Json(Full), Json(again));
        Assert.Equal("0.0061234567", TypedExchange.Of(Full).Rates[^1].Rate);
        Assert.Empty(again.Faults());
    }

    [Fact]
    public void An_emptied_row_is_taken_away_and_older_rates_stay() =>
        Assert.Equal(Full.Rates[..2], (TypedExchange.Of(Full) with { Rates = [TypedRate.Blank, .. TypedExchange.Of(Full).Rates[1..]] }).Read(Usd, out _).Rates);

    [Theory]
    [InlineData("EUR", "|||1.0840", "Rate from USD to EUR since no day, holds since: '' is no date. Write it like 2026-11-27.")]
    [InlineData("EUR", "||2026-11-01|dear", "Rate from USD to EUR since 2026-11-01, rate: 'dear' is not a number. Write it like 1.0840.")]
    [InlineData("EUR", "||2026-11-01|", "Rate from USD to EUR since 2026-11-01, rate: '' is not a number. Write it like 1.0840.")]
    [InlineData("EUR", "||2026-11-01|1,084", "Rate from USD to EUR since 2026-11-01, rate: '1,084' may be a fraction or thousands. Write it with a decimal point, like 1.0840.")]
    [InlineData("EUR", "||2026-11-01|0", "Rate from USD to EUR since 2026-11-01, rate: it is above zero and at most one million, with at most ten digits after the decimal mark.")]
    [InlineData("EUR", "||2026-11-01|-1.2", "Rate from USD to EUR since 2026-11-01, rate: it is above zero and at most one million, with at most ten digits after the decimal mark.")]
    [InlineData("EUR", "||1026-11-01|1.2", "Rate from USD to EUR since 1026-11-01, holds since: the day lies between 2000 and 2100. Correct the year.")]
    [InlineData("EUR", "EUR||2026-11-01|1.2", "Rate from EUR to EUR since 2026-11-01: a currency has no rate to itself. Change one of the two, or take the row away.")]
    [InlineData("", "||2026-11-01|1.2", "Rate from USD to no currency since 2026-11-01, to: it is empty, and no reporting currency is chosen that would stand for it. Choose one, or write one in the row.")]
    public void A_wrong_cell_names_field_rule_and_fix(string reporting, string typed, string words)
    {
        var cells = typed.Split('|');

        var read = new TypedExchange(reporting, [new(cells[0], cells[1], cells[2], cells[3])]).Read(Usd, out var problems);

        Assert.Equal(words, Assert.Single(problems.Count > 0 ? problems : [.. read.Faults()]));
    }

    [Fact]
    public void A_currency_that_nobody_knows_and_a_second_rate_of_the_same_day_are_refused()
    {
        var day = new DateOnly(2026, 11, 1);

        Assert.StartsWith("Reporting currency: 'EUX' is none of AED, ", Assert.Single(new Reporting(new Currency("EUX"), []).Faults()), StringComparison.Ordinal);
        Assert.StartsWith("Rate from USD to EUX since 2026-11-01, to: 'EUX' is none of AED, ", Assert.Single(new Reporting(null, [new(Usd, new("EUX"), day, 1)]).Faults()), StringComparison.Ordinal);
        Assert.Equal("Rate from USD to EUR since 2026-11-01: two rates hold from the same day. Take one away.", Assert.Single(new Reporting(Eur, [new(Usd, Eur, day, 1), new(Usd, Eur, day, 2)]).Faults()));
    }

    [Fact]
    public void A_comma_is_a_decimal_mark_where_it_can_be_nothing_else() =>
        Assert.Equal(0.9225m, Assert.Single(new TypedExchange("EUR", [new("", "", "2026-11-01", "0,9225")]).Read(Usd, out _).Rates).Rate);

    private static string Json(Reporting reporting) => JsonSerializer.Serialize(reporting, StoredJson.Default.Reporting);
}
