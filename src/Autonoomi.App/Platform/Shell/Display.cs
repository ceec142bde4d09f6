using System.Globalization;
using Autonoomi.Core.Primitives;

namespace Autonoomi.App.Platform.Shell;

/// <summary>Figures as people read them. Nothing is ever shortened so far that it misleads: cents go only from 1,000 up.</summary>
public static class Display
{
    /// <summary>Stands where there is no figure.</summary>
    public const string None = "–";

    private static readonly CultureInfo English = CultureInfo.GetCultureInfo("en-US");

    public static string Symbol(Currency currency) => currency.Code switch
    {
        "USD" => "$",
        "EUR" => "€",
        "GBP" => "£",
        "JPY" => "¥",
        "INR" => "₹",
        "CAD" => "CA$",
        "AUD" => "A$",
        "SGD" => "S$",
        "MXN" => "MX$",
        "BRL" => "R$",
        _ => currency.Code + " ",
    };

    public static string Amount(Money? money) => money is { } value ? Amount(value) : None;

    public static string Amount(Money money)
    {
        var size = Math.Abs(money.Amount);
        var decimals = size >= 1000 ? 0 : money.Currency.Decimals;
        var rounded = decimal.Round(money.Amount, decimals, MidpointRounding.ToEven);
        return Sign(rounded) + Symbol(money.Currency) + Math.Abs(rounded).ToString("N" + decimals.ToString(CultureInfo.InvariantCulture), English);
    }

    /// <summary>Whole currency units, for sentences and large tiles.</summary>
    public static string Rounded(Money? money)
    {
        if (money is not { } value) return None;
        var rounded = decimal.Round(value.Amount, Math.Abs(value.Amount) < 10 ? value.Currency.Decimals : 0, MidpointRounding.ToEven);
        return Sign(rounded) + Symbol(value.Currency) + Math.Abs(rounded).ToString(Math.Abs(rounded) < 10 && value.Currency.Decimals > 0 && rounded != decimal.Truncate(rounded) ? "N2" : "N0", English);
    }

    /// <summary>With a plus sign where it is a gain.</summary>
    public static string Gain(Money money) => (money.Amount > 0 ? "+" : "") + Rounded(money);

    /// <param name="fraction">0.25 shows as 25.0%.</param>
    /// <param name="decimals">Digits after the point, 0 to 2.</param>
    public static string Percent(double? fraction, int decimals = 1) => fraction switch
    {
        null => None,
        > 9.995 => ">999%",
        { } value => value.ToString("P" + decimals.ToString(CultureInfo.InvariantCulture), English).Replace(" ", "", StringComparison.Ordinal).Replace('-', '−'),
    };

    public static string TimeLeft(TimeSpan left) => left switch
    {
        { TotalMinutes: < 1 } => "less than a minute left",
        { TotalMinutes: < 90 } => $"about {Count((long)Math.Round(left.TotalMinutes), "minute")} left",
        _ => $"about {Count((long)Math.Round(left.TotalHours), "hour")} left",
    };

    public static string Count(long count) => count.ToString("N0", English);

    /// <summary>"1 target", "12 targets".</summary>
    public static string Count(long count, string singular, string? plural = null) => $"{Count(count)} {(count == 1 ? singular : plural ?? singular + "s")}";

    public static string Day(DateOnly day) => day.ToString("d MMM", English);

    /// <summary>"30 November 2026".</summary>
    public static string LongDay(DateOnly day) => day.ToString("d MMMM yyyy", English);

    public static string Span(DateSpan span) => span.First.Year == span.Last.Year
        ? $"{span.First.ToString("d MMM", English)} to {span.Last.ToString("d MMM yyyy", English)}"
        : $"{span.First.ToString("d MMM yyyy", English)} to {span.Last.ToString("d MMM yyyy", English)}";

    /// <summary>"just now", "4 min ago", "3 h ago", "2 days ago".</summary>
    public static string Ago(DateTimeOffset then, DateTimeOffset now) => (now - then) switch
    {
        { TotalMinutes: < 1 } => "just now",
        { TotalMinutes: < 60 } age => $"{(int)age.TotalMinutes} min ago",
        { TotalHours: < 24 } age => $"{(int)age.TotalHours} h ago",
        { TotalDays: < 2 } => "yesterday",
        { } age => $"{(int)age.TotalDays} days ago",
    };

    /// <summary>An instant as the storefront's clock shows it.</summary>
    public static string Instant(DateTimeOffset at, string timeZone) =>
        TimeZoneInfo.ConvertTime(at, TimeZoneInfo.FindSystemTimeZoneById(timeZone)).ToString("d MMM yyyy, HH:mm", English);

    private static string Sign(decimal value) => value < 0 ? "−" : "";
}
