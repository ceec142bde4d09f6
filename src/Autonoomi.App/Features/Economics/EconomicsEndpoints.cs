using System.Globalization;
using System.Text;
using Autonoomi.App.Platform;
using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.App.Platform.Tenancy;
using Autonoomi.App.Platform.Web;

namespace Autonoomi.App.Features.Economics;

public static class EconomicsEndpoints
{
    public static WebApplicationBuilder AddEconomics(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<PendingCosts>();
        builder.Services.AddSingleton<SaveCostsHandler>();
        builder.Services.AddSingleton<PreviewCostsHandler>();
        builder.Services.AddSingleton<TypeCostsHandler>();
        builder.Services.AddSingleton<SaveSettingsHandler>();
        builder.Services.AddSingleton<ReadInHandler>();
        return builder;
    }

    public static void MapEconomics(this WebApplication app) =>
        app.MapGet("/economics/template.csv", TemplateAsync).RequireAuthorization().RequireRateLimiting(RatePolicy.Export);

    /// <summary>All products of the storefront with what is known: fill in, upload again.</summary>
    private static async Task<IResult> TemplateAsync(HttpContext context, CurrentStorefront current, Workspaces workspaces, AuditLog audit)
    {
        if (!await current.LoadRememberedAsync(context) || !current.IsReady) return TypedResults.NotFound();
        var workspace = await workspaces.GetAsync(current.Seller, current.Storefront, context.RequestAborted);
        var known = KnownCosts.Current(workspace);
        var text = new StringBuilder("sku,cost_of_goods,inbound_per_unit,target_margin,lead_time_days,valid_from,title\r\n");
        foreach (var listing in workspace.Listings.OrderBy(listing => listing.Sku.Value, StringComparer.Ordinal))
        {
            // A guess that comes back in a file would pass for the seller's word.
            var cost = known.GetValueOrDefault(listing.Sku.Value) is { Guessed: false } told ? told : null;
            text.Append(SpreadsheetText.Cell(listing.Sku.Value)).Append(',')
                .Append(cost is null ? "" : CostText.Of(cost.CostOfGoods.Amount)).Append(',')
                .Append(cost is null ? "" : CostText.Of(cost.InboundPerUnit.Amount)).Append(',')
                .Append(cost?.TargetMargin?.ToString("0.####", CultureInfo.InvariantCulture)).Append(',')
                .Append(cost?.LeadTimeDays.ToString(CultureInfo.InvariantCulture)).Append(',')
                .Append(workspace.Today.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)).Append(',')
                .Append(SpreadsheetText.Cell(listing.Title)).Append("\r\n");
        }

        await audit.WriteAsync(new(AuditAction.Exported, Actor.Of(current), current.Seller, "file of products and costs"), context.RequestAborted);

        // With the mark of UTF-8 in front, spreadsheets read it as what it is.
        byte[] file = [.. Encoding.UTF8.GetPreamble(), .. Encoding.UTF8.GetBytes(text.ToString())];
        return TypedResults.File(file, "text/csv; charset=utf-8", $"costs-{workspace.Marketplace.Country}.csv");
    }
}
