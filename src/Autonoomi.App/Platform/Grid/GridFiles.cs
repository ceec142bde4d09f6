using System.Data;
using System.IO;
using System.Text;
using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.App.Platform.Tenancy;
using Autonoomi.App.Platform.Web;
using MiniExcelLibs;

namespace Autonoomi.App.Platform.Grid;

/// <summary>A sheet as a file: exactly the rows and columns shown, in their order, with unrounded figures; amounts are in the currency named in the last column, shares are fractions, and what is not known is empty.</summary>
public static class GridFiles
{
    private const string Currency = "Currency";
    private const int RowsAtOnce = 500;

    public static void AddGrid<TSource>(this WebApplicationBuilder builder) where TSource : GridSource => builder.Services.AddSingleton<TSource>();

    /// <summary>The two files of a page.</summary>
    public static void MapGrid<TSource>(this IEndpointRouteBuilder app, string path) where TSource : GridSource
    {
        app.MapGet(path + "/export.csv", (HttpContext http, CurrentStorefront current, Workspaces workspaces, TSource source, AuditLog audit) =>
            HandleAsync(http, current, workspaces, source, audit, "text/csv; charset=utf-8", "csv", WriteCsvAsync)).RequireAuthorization().RequireRateLimiting(RatePolicy.Export);
        app.MapGet(path + "/export.xlsx", (HttpContext http, CurrentStorefront current, Workspaces workspaces, TSource source, AuditLog audit) =>
            HandleAsync(http, current, workspaces, source, audit, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx", WriteXlsxAsync)).RequireAuthorization().RequireRateLimiting(RatePolicy.Export);
    }

    private static async Task<IResult> HandleAsync(
        HttpContext http, CurrentStorefront current, Workspaces workspaces, GridSource source, AuditLog audit, string type, string ending, Func<Sheet, GridQuery, Stream, CancellationToken, Task> write)
    {
        var cancellationToken = http.RequestAborted;
        if (!await current.LoadRememberedAsync(http)) return Results.Forbid();
        if (!current.IsReady) return Results.NotFound();
        var query = GridQuery.Parse(http.Request.QueryString.Value ?? "");
        var workspace = await workspaces.GetAsync(current.Seller, current.Storefront, cancellationToken);
        if (GridSource.Span(workspace, query) is not { } span) return Results.NotFound();
        var sheet = await source.ReadAsync(new GridAsk(current.Seller, workspace, span, query), cancellationToken);
        await audit.WriteAsync(new(AuditAction.Exported, Actor.Of(current), current.Seller, $"file of the page {source.Title}"), cancellationToken);
        return Results.Stream(stream => write(sheet, query, stream, cancellationToken), type, $"{source.Path.Trim('/')}-{span.First:yyyy-MM-dd}-{span.Last:yyyy-MM-dd}.{ending}");
    }

    /// <summary>UTF-8 with a mark, so that spreadsheets take it for what it is.</summary>
    public static async Task WriteCsvAsync(Sheet sheet, GridQuery query, Stream to, CancellationToken cancellationToken)
    {
        var columns = Told(sheet, query);
        await using var writer = new StreamWriter(to, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), leaveOpen: true);
        var lines = new StringBuilder();
        lines.AppendJoin(',', columns.Select(column => column.Title)).Append(',').Append(Currency).Append("\r\n");
        foreach (var (at, row) in sheet.Ask(query).Rows.Index())
        {
            foreach (var column in columns)
            {
                if (column.Cell(row) is { } cell) lines.Append(column.Kind == CellKind.Text ? SpreadsheetText.Cell((string)cell) : GridColumn.Written(cell));
                lines.Append(',');
            }

            lines.Append(sheet.Currency.Code).Append("\r\n");
            if ((at + 1) % RowsAtOnce != 0) continue;
            await writer.WriteAsync(lines, cancellationToken);
            lines.Clear();
        }

        await writer.WriteAsync(lines, cancellationToken);
    }

    /// <summary>Rows for the clipboard, heads first: cells stand between tabs, and text holds neither tabs nor line breaks.</summary>
    public static string Tabbed(Sheet sheet, GridQuery query, IEnumerable<int> rows)
    {
        var columns = Told(sheet, query);
        var text = new StringBuilder().AppendJoin('\t', columns.Select(column => column.Title)).Append('\n');
        foreach (var row in rows) text.AppendJoin('\t', columns.Select(column => column.Cell(row) is string words ? SpreadsheetText.Plain(words.ReplaceLineEndings(" ").Replace('\t', ' ')) : GridColumn.Written(column.Cell(row)))).Append('\n');
        return text.ToString();
    }

    private static GridColumn[] Told(Sheet sheet, GridQuery query) => [.. sheet.Shown(query).Where(column => column.Kind != CellKind.Trend)];

    /// <summary>One sheet; rows go through one by one, and the packed file is held in memory until it is whole.</summary>
    public static async Task WriteXlsxAsync(Sheet sheet, GridQuery query, Stream to, CancellationToken cancellationToken)
    {
        var columns = Told(sheet, query);
        using var packed = new MemoryStream();
        var answer = sheet.Ask(query);
        await packed.SaveAsAsync(answer.Rows.Length == 0 ? (object)Heads() : Rows(), sheetName: "Sheet", cancellationToken: cancellationToken);
        packed.Position = 0;
        await packed.CopyToAsync(to, cancellationToken);

        // Without a row there is nothing from which the writer could take the heads.
        DataTable Heads()
        {
            var none = new DataTable();
            foreach (var title in columns.Select(column => column.Title).Append(Currency)) none.Columns.Add(title);
            return none;
        }

        IEnumerable<Dictionary<string, object?>> Rows()
        {
            foreach (var row in answer.Rows)
            {
                var cells = new Dictionary<string, object?>(columns.Length + 1, StringComparer.Ordinal);
                foreach (var column in columns) cells[column.Title] = column.Cell(row) is string text ? SpreadsheetText.Plain(text) : column.Cell(row);
                cells[Currency] = sheet.Currency.Code;
                yield return cells;
            }
        }
    }
}
