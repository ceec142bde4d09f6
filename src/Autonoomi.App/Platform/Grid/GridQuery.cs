using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.WebUtilities;

namespace Autonoomi.App.Platform.Grid;

/// <summary>What of a sheet is shown and how. The address holds all of it.</summary>
public sealed partial record GridQuery
{
    public static readonly ImmutableArray<int> Periods = [7, 30, 60];
    private const int MostLetters = 200;
    private const int MostFilters = 40;
    private static readonly HashSet<string> Taken = new(StringComparer.Ordinal) { "q", "sort", "order", "days", "cols", "in", "view" };

    public static GridQuery All { get; } = new();

    /// <summary>Words that must all occur; case does not matter.</summary>
    public string Text { get; init; } = "";

    /// <summary>What is asked of columns, as typed: see <see cref="Condition"/>.</summary>
    public ImmutableSortedDictionary<string, string> Filters { get; init; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>Column; empty for the sheet's own order.</summary>
    public string Sort { get; init; } = "";

    /// <summary>Smallest first; null for the usual way of the column: text from A, numbers from the largest.</summary>
    public bool? Up { get; init; }

    /// <summary>Days until yesterday: one of <see cref="Periods"/>.</summary>
    public int Days { get; init; } = 30;

    /// <summary>Chosen columns in their order, separated by commas; empty for the usual ones.</summary>
    public string Columns { get; init; } = "";

    /// <summary>Only what belongs to this campaign; null for all.</summary>
    public long? Campaign { get; init; }

    /// <summary>Only what belongs to this ad group of <see cref="Campaign"/>; null for all.</summary>
    public long? AdGroup { get; init; }

    /// <summary>True where not all rows are asked for.</summary>
    public bool IsFiltered => Text.Length > 0 || Filters.Count > 0;

    /// <summary>The same with another condition on a column; an empty one takes it away.</summary>
    public GridQuery With(string column, string condition) => this with { Filters = condition.Trim() is { Length: > 0 } typed ? Filters.SetItem(column, typed) : Filters.Remove(column) };

    /// <summary>The same without filters.</summary>
    public GridQuery Cleared() => this with { Text = "", Filters = Filters.Clear() };

    /// <summary>All rows of another sheet, for what belongs to the same.</summary>
    public GridQuery Elsewhere() => new() { Days = Days, Campaign = Campaign, AdGroup = AdGroup };

    /// <param name="address">From the question mark on; whatever is not understood is left out.</param>
    public static GridQuery Parse(string address)
    {
        var query = All;
        var filters = All.Filters.ToBuilder();
        foreach (var (name, values) in QueryHelpers.ParseQuery(address))
        {
            var value = values.ToString();
            if (value.Length is 0 or > MostLetters * 4) continue;
            query = name switch
            {
                "q" when value.Length <= MostLetters => query with { Text = value },
                "sort" when ColumnName().IsMatch(value) => query with { Sort = value },
                "order" when value is "up" or "down" => query with { Up = value == "up" },
                "days" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var days) && Periods.Contains(days) => query with { Days = days },
                "cols" when ColumnNames().IsMatch(value) => query with { Columns = value },
                "in" when Within().Match(value) is { Success: true } within => query with
                {
                    Campaign = Number(within.Groups["campaign"].Value), AdGroup = Number(within.Groups["group"].Value),
                },
                _ => query,
            };
            if (!Taken.Contains(name) && ColumnName().IsMatch(name) && value.Trim() is { Length: > 0 and <= MostLetters } typed && filters.Count < MostFilters) filters[name] = typed;
        }

        return query with { Filters = filters.ToImmutable() };
    }

    /// <returns>From the question mark on; empty for all rows as usual.</returns>
    public string ToParameters()
    {
        var parts = new List<string>();
        if (Text.Length > 0) parts.Add("q=" + Uri.EscapeDataString(Text));
        if (Campaign is { } campaign) parts.Add(string.Create(CultureInfo.InvariantCulture, $"in={campaign}") + (AdGroup is { } group ? string.Create(CultureInfo.InvariantCulture, $".{group}") : ""));
        parts.AddRange(Filters.Select(filter => $"{filter.Key}={Uri.EscapeDataString(filter.Value)}"));
        if (Sort.Length > 0) parts.Add("sort=" + Sort);
        if (Up is { } up) parts.Add(up ? "order=up" : "order=down");
        if (Days != 30) parts.Add(string.Create(CultureInfo.InvariantCulture, $"days={Days}"));
        if (Columns.Length > 0) parts.Add("cols=" + Columns);
        return parts.Count == 0 ? "" : "?" + string.Join('&', parts);
    }

    public bool Equals(GridQuery? other) => other is not null && ToParameters() == other.ToParameters();

    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(ToParameters());

    private static long? Number(string digits) => long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    [GeneratedRegex("^[a-z][a-z0-9-]{0,23}$", RegexOptions.None, 1000)]
    private static partial Regex ColumnName();

    [GeneratedRegex("^[a-z][a-z0-9-]{0,23}(,[a-z][a-z0-9-]{0,23}){0,39}$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ColumnNames();

    [GeneratedRegex(@"^(?<campaign>\d{1,18})(\.(?<group>\d{1,18}))?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Within();
}
