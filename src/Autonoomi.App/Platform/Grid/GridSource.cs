using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;

namespace Autonoomi.App.Platform.Grid;

/// <summary>What a sheet is made of.</summary>
/// <param name="Seller">Whose.</param>
/// <param name="Workspace">One storefront.</param>
/// <param name="Span">Days.</param>
/// <param name="Query">Says which columns are needed: what is dear and not asked for may be left out.</param>
public sealed record GridAsk(SellerId Seller, Workspace Workspace, DateSpan Span, GridQuery Query)
{
    /// <summary>True where a column is shown, filtered or sorted by.</summary>
    public bool Needs(string column) => Query.Sort == column || Query.Filters.ContainsKey(column) || Query.Columns.Split(',').Contains(column, StringComparer.Ordinal);
}

/// <summary>One page with a sheet: its names, and how the sheet is made. Page and files ask the same one.</summary>
public abstract class GridSource
{
    /// <summary>Address; files are below it.</summary>
    public abstract string Path { get; }

    public abstract string Title { get; }

    /// <summary>What a row is.</summary>
    public abstract string Row { get; }

    /// <summary>What several are.</summary>
    public virtual string RowsName => Row + "s";

    /// <summary>Where words are looked for, for the field that takes them.</summary>
    public abstract string Found { get; }

    /// <summary>Where new rows are made, and the words of the way there; null where they are not made by people.</summary>
    public virtual (string Address, string Words)? Makes => null;

    /// <summary>False where rows say nothing of days.</summary>
    public virtual bool HasDays => true;

    public abstract Task<Sheet> ReadAsync(GridAsk ask, CancellationToken cancellationToken);

    /// <returns>What of a query decides what has to be read: as long as it stays the same, so does the sheet.</returns>
    public virtual string Reading(GridAsk ask) => "";

    /// <returns>The days of a query; null before the first import.</returns>
    public static DateSpan? Span(Workspace workspace, GridQuery query) => Performance.LastDays(workspace, query.Days);
}
