using System.Text;
using Autonoomi.App.Platform.Deletion;
using Autonoomi.App.Platform.Tenancy;

namespace Autonoomi.App.Features.Account;

public static class YourDataEndpoints
{
    /// <summary>Certificates of deletions, for the organisation whose data it was.</summary>
    public static void MapYourData(this WebApplication app) => app.MapGet("/account/your-data/certificate/{id:guid}", async (Guid id, HttpContext http, CurrentStorefront current, DeletionBook book) =>
    {
        if (!await current.LoadAsync(http.User, http.RequestAborted)) return Results.Forbid();
        return (await book.OfAsync(current.Organisation, http.RequestAborted)).FirstOrDefault(row => row.Id == id)?.Certificate is { } certificate
            ? Results.File(Encoding.UTF8.GetBytes(certificate), "application/json; charset=utf-8", $"deletion-{id:N}.json")
            : Results.NotFound();
    }).RequireAuthorization();
}
