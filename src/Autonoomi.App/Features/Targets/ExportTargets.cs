using System.Collections.Immutable;
using System.Text;
using Autonoomi.App.Platform;
using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Shell;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.App.Platform.Tenancy;
using Autonoomi.App.Platform.Web;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;

namespace Autonoomi.App.Features.Targets;

/// <summary>The grid as a CSV file: exactly the rows shown, in the order shown, with unrounded figures.</summary>
public static class ExportTargets
{
    public static void MapTargets(this IEndpointRouteBuilder app) => app.MapGet("/targets/export.csv", HandleAsync).RequireAuthorization().RequireRateLimiting(RatePolicy.Export);

    private static async Task<IResult> HandleAsync(
        HttpContext http, CurrentStorefront current, Workspaces workspaces, ProfitShelf shelf, AuditLog audit, string? q, string? state, string? match, string? ad, string? sort, string? order, int? days)
    {
        var cancellationToken = http.RequestAborted;
        if (!await current.LoadRememberedAsync(http)) return Results.Forbid();
        if (!current.IsReady) return Results.NotFound();
        var workspace = await workspaces.GetAsync(current.Seller, current.Storefront, cancellationToken);
        if (Performance.LastDays(workspace, days ?? 30) is not { } span) return Results.NotFound();
        var board = new TargetBoard(workspace, await shelf.FiguresAsync(current.Seller, current.Storefront, span, cancellationToken));
        var tacos = ProductTacos.Of(await shelf.TableAsync(current.Seller, current.Storefront, span, cancellationToken));
        var answer = board.Ask(new TargetQuery(q ?? "", Parse<EntityState>(state), Parse<MatchType>(match), Parse<AdProduct>(ad), Parse<TargetColumn>(sort) ?? TargetColumn.Spend, order != "up"));
        await audit.WriteAsync(new(AuditAction.Exported, Actor.Of(current), current.Seller, "file of the page Targets"), cancellationToken);
        return Results.File(Encoding.UTF8.GetBytes("\uFEFF" + Write(board, answer, tacos)), "text/csv; charset=utf-8", $"targets-{span.First:yyyy-MM-dd}-{span.Last:yyyy-MM-dd}.csv");
    }

    internal static string Write(TargetBoard board, TargetAnswer answer, ImmutableDictionary<Sku, ProductTacos> tacos)
    {
        var csv = new StringBuilder();
        csv.Append("Target,Ad type,Match,State,Campaign,Ad group,SKU,Currency,Bid,Spend,Sales,ACoS,Break-even ACoS,TACoS of the product,Break-even TACoS of the product,Profit,Orders,Units,Clicks,Impressions,Orders and sales\r\n");
        foreach (var row in answer.Rows)
        {
            var target = board.Grid.Targets[row];
            var figures = board.Grid[row];
            var product = ProductTacos.Of(tacos, board, row);
            csv.AppendJoin(',',
                SpreadsheetText.Cell(TargetWords.Name(target)), board.Ad(row).Name(), TargetWords.Match(target.Match), TargetWords.State(target.State), SpreadsheetText.Cell(board.Campaign(row)), SpreadsheetText.Cell(board.AdGroup(row)),
                SpreadsheetText.Cell(board.Grid.Products[row]?.Value ?? ""), board.Grid.Currency.Code, SpreadsheetText.Number(target.Bid.Amount), SpreadsheetText.Number(figures.Cost.Amount), SpreadsheetText.Number(figures.Sales.Amount),
                SpreadsheetText.Ratio(figures.Acos), SpreadsheetText.Ratio(figures.BreakEvenAcos), SpreadsheetText.Ratio(product?.Share), SpreadsheetText.Ratio(product?.BreakEven), figures.Profit is { } profit ? SpreadsheetText.Number(profit.Amount) : "",
                SpreadsheetText.Number(figures.Orders), SpreadsheetText.Number(figures.Units), SpreadsheetText.Number(figures.Clicks), SpreadsheetText.Number(figures.Impressions), board.State(row)).Append("\r\n");
        }

        return csv.ToString();
    }

    private static T? Parse<T>(string? word) where T : struct, Enum => Enum.TryParse<T>(word, ignoreCase: true, out var parsed) && Enum.IsDefined(parsed) ? parsed : null;
}
