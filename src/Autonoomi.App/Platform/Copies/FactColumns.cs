using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Profit.Ledger;

namespace Autonoomi.App.Platform.Copies;

/// <summary>How a copy writes a column of a data set.</summary>
public enum FactForm
{
    /// <summary>Whole numbers, ids and counts.</summary>
    Number,

    /// <summary>Amounts in units of the storefront's currency.</summary>
    Amount,

    /// <summary>2026-03-11.</summary>
    Day,
    Text,

    /// <summary>One of a list of words.</summary>
    Word,
    Truth,
}

/// <summary>The columns of a data set in a copy: days, amounts and words instead of the numbers as which they rest.</summary>
internal sealed class FactColumns
{
    private const decimal Micros = 1_000_000m;

    private readonly JsonEncodedText[] names;
    private readonly Type?[] words;
    private readonly Dictionary<(int Column, int Value), string> told = [];

    public FactColumns(TableSchema schema)
    {
        Schema = schema;
        names = [.. schema.Columns.Select(column => JsonEncodedText.Encode(column.Name))];
        words = [.. schema.Columns.Select(column => WordsOf(schema.Dataset, column))];
        Forms = [.. schema.Columns.Select(column => FormOf(schema.Dataset, column))];
    }

    public TableSchema Schema { get; }

    public ImmutableArray<FactForm> Forms { get; }

    /// <returns>Words of a column; empty where it has none.</returns>
    public ImmutableArray<string> Words(int column) => words[column] is { } type ? [.. Enum.GetNames(type)] : [];

    public void Json(Utf8JsonWriter json, FactTable table, int row)
    {
        json.WriteStartObject();
        for (var column = 0; column < names.Length; column++)
        {
            json.WritePropertyName(names[column]);
            if (IsAbsent(table, column, row)) json.WriteNullValue();
            else
            {
                switch (Forms[column])
                {
                    case FactForm.Number: json.WriteNumberValue(Whole(table, column, row)); break;
                    case FactForm.Amount: json.WriteNumberValue(Whole(table, column, row) / Micros); break;
                    case FactForm.Truth: json.WriteBooleanValue(Whole(table, column, row) != 0); break;
                    default: json.WriteStringValue(Said(table, column, row)); break;
                }
            }
        }

        json.WriteEndObject();
    }

    public void Cells(StringBuilder cells, FactTable table, int row)
    {
        for (var column = 0; column < names.Length; column++)
        {
            if (column > 0) cells.Append(',');
            if (IsAbsent(table, column, row)) continue;
            switch (Forms[column])
            {
                case FactForm.Number: cells.Append(CultureInfo.InvariantCulture, $"{Whole(table, column, row)}"); break;
                case FactForm.Amount: cells.Append(SpreadsheetText.Number(Whole(table, column, row) / Micros)); break;
                case FactForm.Truth: cells.Append(Whole(table, column, row) != 0 ? "true" : "false"); break;
                case FactForm.Text: cells.Append(SpreadsheetText.Cell(Said(table, column, row))); break;
                default: cells.Append(Said(table, column, row)); break;
            }
        }
    }

    /// <exception cref="InvalidOperationException">Nobody said what its small numbers mean.</exception>
    internal static FactForm FormOf(Dataset dataset, ColumnSpec column) => column.Kind switch
    {
        ColumnKind.Long => FactForm.Number,
        ColumnKind.Micros => FactForm.Amount,
        ColumnKind.Day => FactForm.Day,
        ColumnKind.Text => FactForm.Text,
        _ => column.Name switch
        {
            "age" or "hour" or "click_rank" or "top_percent" or "rest_percent" or "product_percent" or "days_of_supply" => FactForm.Number,
            "asked_on" or "told_on" => FactForm.Day,
            "buyable" => FactForm.Truth,
            _ => WordsOf(dataset, column) is not null ? FactForm.Word : throw new InvalidOperationException($"Column {column.Name} of {dataset} holds small numbers, and nobody said what they mean in a copy."),
        },
    };

    private static Type? WordsOf(Dataset dataset, ColumnSpec column) => column.Kind != ColumnKind.Int ? null : (dataset, column.Name) switch
    {
        (_, "placement") => typeof(Placement),
        (_, "ad_product") => typeof(AdProduct),
        (_, "targeting") => typeof(TargetingType),
        (_, "strategy") => typeof(BiddingStrategy),
        (_, "cost_type") => typeof(CostType),
        (_, "budget_period") => typeof(BudgetPeriod),
        (_, "source") => typeof(LedgerSource),
        (_, "outcome") => typeof(ReturnOutcome),
        (Dataset.LedgerDay, "kind") => typeof(LedgerKind),
        (Dataset.LedgerDay, "state") => typeof(LedgerState),
        (Dataset.Target, "kind") => typeof(TargetKind),
        (Dataset.Target, "match") => typeof(MatchType),
        (Dataset.Negative, "match") => typeof(NegativeMatch),
        (_, "state") => typeof(EntityState),
        _ => null,
    };

    // Rows that were stored before the column was there, and days that are none.
    private bool IsAbsent(FactTable table, int column, int row) => Schema.Columns[column] is { Absent: not 0 } spec ? Whole(table, column, row) == spec.Absent
        : Forms[column] == FactForm.Day && Schema.Columns[column].Kind == ColumnKind.Int && Whole(table, column, row) == 0;

    private static long Whole(FactTable table, int column, int row) => table[column] switch
    {
        LongColumn numbers => numbers.Values[row],
        IntColumn numbers => numbers.Values[row],
        _ => throw new InvalidOperationException("A text is no number."),
    };

    private string Said(FactTable table, int column, int row)
    {
        if (table[column] is TextColumn text) return text[row];
        var value = (int)Whole(table, column, row);
        if (told.TryGetValue((column, value), out var known)) return known;
        var said = words[column] is { } type ? Enum.GetName(type, value) ?? value.ToString(CultureInfo.InvariantCulture) : DateOnly.FromDayNumber(value).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return told[(column, value)] = said;
    }
}
