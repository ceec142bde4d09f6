using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Autonoomi.App.Platform;
using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.App.Platform.Tenancy;
using Autonoomi.App.Platform.Web;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;

namespace Autonoomi.App.Features.Profit;

/// <summary>Which days the page is about.</summary>
public static class ProfitSpan
{
    public static readonly ImmutableArray<int> Periods = [7, 30, 60, 90];

    /// <param name="workspace">Facts and today.</param>
    /// <param name="months">Months of the books.</param>
    /// <param name="days">How many days until yesterday; 30 unless it is one of <see cref="Periods"/>.</param>
    /// <param name="month">A month of the books as 2026-03, which takes the place of days.</param>
    /// <returns>Null before the first import.</returns>
    public static DateSpan? Of(Workspace workspace, ImmutableArray<ProfitMonth> months, int? days, string? month)
    {
        if (months.FirstOrDefault(one => Name(one) == month) is { } found) return found.Days;
        var period = days is { } asked && Periods.Contains(asked) ? asked : 30;
        if (Performance.LastDays(workspace, period) is { } advertised) return advertised;

        // Sales without any ad.
        if (months.IsEmpty) return null;
        var (first, last) = (months[^1].Days.First, months[0].Days.Last);
        return new DateSpan(last.AddDays(1 - period) < first ? first : last.AddDays(1 - period), last);
    }

    public static string Name(ProfitMonth month) => month.Days.First.ToString("yyyy-MM", CultureInfo.InvariantCulture);
}

public static class ProfitEndpoints
{
    public static void MapProfit(this WebApplication app) => app.MapGet("/profit/export.csv", ExportAsync).RequireAuthorization().RequireRateLimiting(RatePolicy.Export);

    public static T Parse<T>(string? word, T otherwise) where T : struct, Enum => Enum.TryParse<T>(word, ignoreCase: true, out var parsed) && Enum.IsDefined(parsed) ? parsed : otherwise;

    private static async Task<IResult> ExportAsync(
        HttpContext http, CurrentStorefront current, Workspaces workspaces, ProfitShelf shelf, ReportingBook reporting, AuditLog audit, string? by, string? sort, string? order, int? days, string? month)
    {
        var cancellationToken = http.RequestAborted;
        if (!await current.LoadRememberedAsync(http)) return Results.Forbid();
        if (!current.IsReady) return Results.NotFound();
        var workspace = await workspaces.GetAsync(current.Seller, current.Storefront, cancellationToken);
        var books = await shelf.BooksAsync(current.Seller, current.Storefront, cancellationToken);
        if (ProfitSpan.Of(workspace, books.Months, days, month) is not { } span) return Results.NotFound();
        var table = await shelf.TableAsync(current.Seller, current.Storefront, span, cancellationToken);
        var items = new ProfitBoard(workspace, table, books.SettledSales(span)).Ask(new ProfitQuery(Parse(by, ProfitBy.Product), Parse(sort, ProfitColumn.Profit), order != "up"));
        var exchange = (await reporting.ReadAsync(current.Seller, cancellationToken)).Of(table.Currency);
        await audit.WriteAsync(new(AuditAction.Exported, Actor.Of(current), current.Seller, "file of the page Profit"), cancellationToken);
        return Results.File(Encoding.UTF8.GetBytes("\uFEFF" + Write(items, table.Currency, exchange)), "text/csv; charset=utf-8", $"profit-{span.First:yyyy-MM-dd}-{span.Last:yyyy-MM-dd}.csv");
    }

    /// <summary>The rows shown, in their order, with every line of the statement, unrounded, and at the end the same amounts converted and rounded; what is unknown is the word.</summary>
    /// <param name="items">Rows.</param>
    /// <param name="currency">Of the storefront.</param>
    /// <param name="exchange">Into the reporting currency; null for none.</param>
    internal static string Write(ImmutableArray<ProfitItem> items, Currency currency, Exchange? exchange)
    {
        const string unknown = "unknown";
        var csv = new StringBuilder("Name,Of,Currency,");
        csv.AppendJoin(',', Statement.Lines.Select(ProfitWords.Of)).Append(",Contribution,Contribution of what has a cost,Share of sales without cost,Ad spend,ACoS,Break-even ACoS,TACoS,Break-even TACoS,Settled");
        if (exchange is not null) csv.Append(',').AppendJoin(',', Statement.Lines.Select(ProfitWords.Of).Append("Contribution").Append("Ad spend").Select(name => $"{name} in {exchange.To}")).Append(CultureInfo.InvariantCulture, $",Rates from {exchange.From} to {exchange.To}");
        csv.Append("\r\n");
        foreach (var item in items)
        {
            csv.Append(SpreadsheetText.Cell(item.Name)).Append(',').Append(SpreadsheetText.Cell(item.Under)).Append(',').Append(currency.Code).Append(',')
                .AppendJoin(',', Statement.Lines.Select(line => item.Whole.Line(line) is { } amount ? SpreadsheetText.Number(amount.Amount) : unknown)).Append(',')
                .Append(item.Whole.Profit is { } profit ? SpreadsheetText.Number(profit.Amount) : unknown).Append(',').Append(SpreadsheetText.Number(item.Whole.KnownProfit.Amount)).Append(',').Append(SpreadsheetText.Ratio(item.Whole.ShareWithoutCost)).Append(',')
                .Append(SpreadsheetText.Number(item.Whole.AdSpend.Amount)).Append(',').Append(SpreadsheetText.Ratio(item.Acos)).Append(',').Append(item.Whole.IsComplete ? SpreadsheetText.Ratio(item.BreakEvenAcos) : unknown).Append(',')
                .Append(SpreadsheetText.Ratio(item.Tacos)).Append(',').Append(item.Whole.IsComplete ? SpreadsheetText.Ratio(item.BreakEvenTacos) : unknown).Append(',').Append(SpreadsheetText.Cell(ProfitBoard.Words(item)));
            if (exchange is not null) csv.Append(',').AppendJoin(',', ProfitExchange.Figures(exchange, item).Select(figure => figure is { } amount ? SpreadsheetText.Number(amount.Amount.Amount) : unknown)).Append(',').Append(SpreadsheetText.Cell(ProfitExchange.Words(exchange, item.Parts)));
            csv.Append("\r\n");
        }

        return csv.ToString();
    }
}
