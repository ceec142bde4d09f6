using System.Globalization;
using System.Text.RegularExpressions;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Launches;
using Autonoomi.Core.Proposals;

namespace Autonoomi.App.Platform.Grid;

/// <summary>A value of a sheet that a person may type over.</summary>
/// <param name="Column">Its column.</param>
/// <param name="Title">In a sentence: "bid".</param>
public sealed record GridEdit(string Column, string Title)
{
    /// <summary>What stands there: units of the currency, or whole percent; null where nobody may change it.</summary>
    public required Func<int, decimal?> Now { get; init; }

    /// <summary>The smallest difference between two values of a row.</summary>
    public required Func<int, decimal> Step { get; init; }

    /// <summary>The change that sets a row to a value.</summary>
    public required Func<int, decimal, Change> To { get; init; }

    /// <returns>The change that a formula asks for; null where nobody may change the row, or it stands there already.</returns>
    public Change? Asked(int row, Func<decimal, decimal> formula)
    {
        if (Now(row) is not { } now) return null;
        var step = Step(row);
        var after = decimal.Round(formula(now) / step, 0, MidpointRounding.AwayFromZero) * step;
        return after == now ? null : To(row, after);
    }
}

/// <summary>What a sheet lets a person do to its rows.</summary>
/// <param name="Values">Values to type over.</param>
/// <param name="Switch">The change that enables or pauses a row; null where that is not possible, or it stands so already.</param>
public sealed record GridEdits(IReadOnlyList<GridEdit> Values, Func<int, EntityState, Change?>? Switch)
{
    /// <summary>True where rows may be archived, which nothing brings back.</summary>
    public bool MayArchive { get; init; }

    /// <summary>The search that a row could be a keyword for, and the product; null where rows are no searches, or this one cannot be.</summary>
    public Func<int, KeywordWish?>? Keyword { get; init; }

    /// <summary>Where a row is duplicated; null where that is not possible.</summary>
    public Func<int, string?>? Copy { get; init; }
}

/// <summary>What many rows are changed by at once.</summary>
public enum BulkHow { Set, Raise, Lower, Cap, Floor }

/// <summary>New values as people type them: 1.25, +10%, -0.05, =x*0.9.</summary>
public static partial class EditFormula
{
    /// <summary>What to write in place of what is not understood.</summary>
    public const string Rule = "Write an amount (1.25), a step (+0.05, -10%) or a formula (=x*0.9).";

    private const decimal Largest = 1_000_000;

    /// <returns>Takes what stands there; null where it is not understood.</returns>
    public static Func<decimal, decimal>? Parse(string typed)
    {
        if (Form().Match(Symbols().Replace(typed, "")) is not { Success: true } form || Number(form.Groups["number"].Value) is not { } number) return null;
        var isPercent = form.Groups["percent"].Success;
        return (form.Groups["x"].Success, form.Groups["sign"].Value) switch
        {
            (_, "+") => isPercent ? now => now * (1 + (number / 100)) : now => now + number,
            (_, "-") => isPercent ? now => now * (1 - (number / 100)) : now => now - number,
            (true, "*") => isPercent ? now => now * number / 100 : now => now * number,
            (true, "/") when number != 0 && !isPercent => now => now / number,
            (false, "") when !isPercent => _ => number,
            _ => null,
        };
    }

    /// <param name="how">What is done.</param>
    /// <param name="typed">An amount, or for raising and lowering percent.</param>
    public static Func<decimal, decimal>? Parse(BulkHow how, string typed)
    {
        if (Number(Symbols().Replace(typed, "").TrimEnd('%')) is not { } number) return how == BulkHow.Set ? Parse(typed) : null;
        return how switch
        {
            BulkHow.Set => Parse(typed),
            BulkHow.Raise => now => now * (1 + (number / 100)),
            BulkHow.Lower => now => now * (1 - (number / 100)),
            BulkHow.Cap => now => Math.Min(now, number),
            BulkHow.Floor => now => Math.Max(now, number),
        };
    }

    private static decimal? Number(string digits) => decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number <= Largest ? number : null;

    [GeneratedRegex(@"[\s$€£¥₹]", RegexOptions.None, 1000)]
    private static partial Regex Symbols();

    [GeneratedRegex(@"^(?<x>=x(?=[-+*/]))?(?<sign>[-+*/])?(?<number>\d{0,9}(\.\d{1,6})?)(?<percent>%)?$", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Form();
}
