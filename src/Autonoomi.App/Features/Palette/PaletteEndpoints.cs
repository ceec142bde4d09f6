using System.Text.Json.Serialization;
using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Jobs;
using Autonoomi.App.Platform.Shell;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.App.Platform.Tenancy;
using Autonoomi.App.Platform.Web;

namespace Autonoomi.App.Features.Palette;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(IReadOnlyList<FoundThing>))]
internal sealed partial class PaletteJson : JsonSerializerContext;

/// <summary>What the box behind Ctrl K asks and does beside going to pages.</summary>
public static class PaletteEndpoints
{
    public static void MapPalette(this WebApplication app)
    {
        app.MapGet("/palette", FindAsync).RequireAuthorization();
        app.MapPost("/palette/read-again", ReadAgainAsync).RequireAuthorization();
        app.MapPost("/palette/stop", StopAsync).RequireAuthorization();
    }

    private static async Task<IResult> FindAsync(HttpContext context, CurrentStorefront current, Workspaces workspaces, string? q)
    {
        // Staff under a grant see pages that are written down, and nothing beside them.
        if (!await current.LoadRememberedAsync(context) || !current.IsReady) return TypedResults.NotFound();
        var workspace = await workspaces.GetAsync(current.Seller, current.Storefront, context.RequestAborted);
        return TypedResults.Json(PaletteSearch.Find(workspace, q ?? ""), PaletteJson.Default.IReadOnlyListFoundThing);
    }

    private static async Task<IResult> ReadAgainAsync(HttpContext context, CurrentStorefront current, Runs runs)
    {
        if (!await current.LoadRememberedAsync(context) || !current.IsReady) return TypedResults.NotFound();
        if ((await runs.RequestAsync(current.Seller, current.Storefront, Actor.Of(current), context.RequestAborted)).Error is { } refusal) return await RefusedAsync(context, refusal.Message);
        return TypedResults.LocalRedirect("/");
    }

    private static async Task<IResult> StopAsync(HttpContext context, CurrentStorefront current, StopSwitch stop)
    {
        if (!await current.LoadRememberedAsync(context) || !current.IsReady) return TypedResults.NotFound();
        if (await stop.StopAsync(current.Seller, current.Storefront, Actor.Of(current), context.RequestAborted) is { } refusal) return await RefusedAsync(context, refusal.Message);
        return TypedResults.LocalRedirect(ShellAddresses.Control);
    }

    private static async Task<IResult> RefusedAsync(HttpContext context, string why)
    {
        await PlainPage.WriteAsync(context, StatusCodes.Status403Forbidden, "Nothing was done", why, "/", "Go to the overview", context.RequestAborted);
        return TypedResults.Empty;
    }
}
