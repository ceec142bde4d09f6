using System.Globalization;
using System.Text;
using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Copies;
using Autonoomi.App.Platform.Deletion;
using Autonoomi.App.Platform.Identity;
using Autonoomi.App.Platform.Shell;
using Autonoomi.App.Platform.Tenancy;
using Autonoomi.App.Platform.Web;
using Autonoomi.Core.Primitives;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Identity;

namespace Autonoomi.App.Features.Account;

public static class YourDataEndpoints
{
    internal const string Copy = ShellAddresses.YourData + "/copy";

    /// <summary>Files for the organisation whose data it is: certificates of deletions, and copies.</summary>
    public static void MapYourData(this WebApplication app)
    {
        app.MapGet(ShellAddresses.YourData + "/certificate/{id:guid}", CertificateAsync).RequireAuthorization();
        app.MapPost(Copy, CopyAsync).RequireAuthorization().RequireRateLimiting(RatePolicy.Export);
    }

    private static async Task<IResult> CertificateAsync(Guid id, HttpContext http, CurrentStorefront current, DeletionBook book)
    {
        if (!await current.LoadAsync(http.User, http.RequestAborted)) return Results.Forbid();
        return (await book.OfAsync(current.Organisation, http.RequestAborted)).FirstOrDefault(row => row.Id == id)?.Certificate is { } certificate
            ? Results.File(Encoding.UTF8.GetBytes(certificate), "application/json; charset=utf-8", $"deletion-{id:N}.json")
            : Results.NotFound();
    }

    /// <summary>Streams a copy to whoever may have it, after the password or a code was given again.</summary>
    private static async Task<IResult> CopyAsync(HttpContext http, CurrentStorefront current, UserManager<AppUser> users, FreshProof proof, CopyMaker copies, AuditLog audit, Rights rights, TimeProvider clock)
    {
        var cancellationToken = http.RequestAborted;
        if (!await current.LoadAsync(http.User, cancellationToken) || await users.GetUserAsync(http.User) is not { } user) return Results.Forbid();
        var form = await http.Request.ReadFormAsync(cancellationToken);
        if (Wanted(form["what"].ToString()) is not { } wanted) return Results.BadRequest();

        // What is about oneself is everybody's right; what is about the organisation and its accounts is handed to owners.
        if (wanted.What != CopyWhat.Person && await rights.RefusalAsync(Actor.Of(current), Right.Own, current.Organisation, AuditAction.Exported, cancellationToken) is not null) return Results.Forbid();
        if (await proof.WrongAsync(user, form["proof"].ToString()) is not null) return Results.LocalRedirect($"{ShellAddresses.YourData}?from=unproven");
        var scope = await copies.ScopeAsync(wanted.What, current.Organisation, current.User, wanted.Seller, cancellationToken);
        if (!scope.IsOk) return Results.LocalRedirect($"{ShellAddresses.YourData}?from=no-account");
        if (wanted.What is CopyWhat.Person or CopyWhat.Organisation) await audit.WriteAsync(new(AuditAction.Exported, Actor.Of(current), Object: Words(wanted.What)), cancellationToken);
        foreach (var seller in scope.Value.Sellers) await audit.WriteAsync(new(AuditAction.Exported, Actor.Of(current), new SellerId(seller), Words(wanted.What)), cancellationToken);
        var name = string.Create(CultureInfo.InvariantCulture, $"autonoomi-{Words(wanted.What).Replace(' ', '-')}-{clock.GetUtcNow().UtcDateTime:yyyy-MM-dd-HHmm}.zip");

        // What the archive writes between its files is small and not asynchronous; the rows are.
        if (http.Features.Get<IHttpBodyControlFeature>() is { } body) body.AllowSynchronousIO = true;
        return Results.Stream(output => copies.WriteAsync(wanted.What, scope.Value, null, output, cancellationToken), "application/zip", name);
    }

    private static (CopyWhat What, SellerId? Seller)? Wanted(string text) => text.Split(':') switch
    {
        ["organisation"] => (CopyWhat.Organisation, null),
        ["person"] => (CopyWhat.Person, null),
        ["account", var id] when Guid.TryParse(id, out var seller) => (CopyWhat.Account, new SellerId(seller)),
        ["given", var id] when Guid.TryParse(id, out var seller) => (CopyWhat.Given, new SellerId(seller)),
        _ => null,
    };

    private static string Words(CopyWhat what) => what switch
    {
        CopyWhat.Organisation => "copy of the organisation",
        CopyWhat.Account => "copy of the account",
        CopyWhat.Given => "copy of what was typed in",
        _ => "copy of a person",
    };
}
