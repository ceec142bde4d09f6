using System.Globalization;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Core.Proposals;

/// <summary>Stored numbers as sentences show them.</summary>
internal static class Figure
{
    public static string Number(double value) => value.ToString("#,0.#", CultureInfo.InvariantCulture);

    /// <param name="fraction">0.25 shows as 25%.</param>
    public static string Percent(double fraction) => (fraction * 100).ToString("0.#", CultureInfo.InvariantCulture) + "%";

    /// <summary>Expected amount and its 80 % interval.</summary>
    public static string Range(Effect effect) => $"{Signed(effect.Mean)} ({Amount(effect.Low)} to {Amount(effect.High)})";

    public static string Signed(Money money) => money.Amount > 0 ? "+" + Amount(money) : Amount(money);

    public static string Amount(Money money)
    {
        var digits = Math.Abs(money.Amount).ToString("N" + money.Currency.Decimals, CultureInfo.InvariantCulture);
        var sign = money.Amount < 0 ? "−" : "";
        return money.Currency.Code switch
        {
            "USD" => $"{sign}${digits}",
            "EUR" => $"{sign}€{digits}",
            "GBP" => $"{sign}£{digits}",
            "JPY" => $"{sign}¥{digits}",
            _ => $"{sign}{digits} {money.Currency.Code}",
        };
    }
}
