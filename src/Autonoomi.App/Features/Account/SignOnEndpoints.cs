using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Identity;
using Autonoomi.App.Platform.Identity.SignOn;
using Autonoomi.App.Platform.Shell;
using Autonoomi.App.Platform.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace Autonoomi.App.Features.Account;

/// <summary>The way to the operator's provider and back. Without a provider none of it is mapped.</summary>
public static partial class SignOnEndpoints
{
    public const string Start = "/account/sign-on/start";
    public const string Link = "/account/sign-on/link";
    public const string Prove = "/account/sign-on/prove";
    public const string First = "/account/sign-on/first";

    // Between the provider's answer and its use lies one redirection.
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);

    public static void MapSignOn(this WebApplication app)
    {
        if (!app.Services.GetRequiredService<SignOnSettings>().IsOn) return;
        app.MapPost(Start, StartAsync).AllowAnonymous().RequireRateLimiting(RatePolicy.SignIn);
        app.MapPost(Link, LinkAsync).RequireAuthorization().RequireRateLimiting(RatePolicy.SignIn);
        app.MapPost(Prove, ProveAsync).RequireAuthorization().RequireRateLimiting(RatePolicy.SignIn);
        app.MapGet(SignOnSetup.Done, DoneAsync).AllowAnonymous();
    }

    /// <summary>The person for whom the provider vouched a moment ago in this browser; null for nobody.</summary>
    internal static async Task<(Vouched Person, string ReturnUrl)?> WaitingAsync(HttpContext http, SignOnSettings settings)
    {
        if (!settings.IsOn) return null;
        var ticket = await http.AuthenticateAsync(IdentityConstants.ExternalScheme);
        return ticket.Succeeded && SignOnSetup.WayOf(ticket.Properties) is { Purpose: SignOnPurpose.SignIn } way && Vouched.Of(ticket.Principal, settings) is { } person ? (person, AccountEndpoints.LocalAddress(way.ReturnUrl)) : null;
    }

    /// <returns>The value of an invitation's link, where an address of ours is one; null where it is not.</returns>
    internal static string? InvitationOf(string address) =>
        address.StartsWith(ShellAddresses.Join + "?", StringComparison.Ordinal) && QueryHelpers.ParseQuery(address[ShellAddresses.Join.Length..]).TryGetValue("invitation", out var found) && found.Count == 1 ? found.ToString() : null;

    private static Task<IResult> StartAsync(HttpContext http, TimeProvider clock) => GoAsync(http, SignOnPurpose.SignIn, Guid.Empty, clock);

    private static async Task<IResult> LinkAsync(HttpContext http, UserManager<AppUser> users, FreshProof proof, AuditLog audit, TimeProvider clock)
    {
        if (await users.GetUserAsync(http.User) is not { } user) return Results.Unauthorized();
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        if (await proof.WrongAsync(user, form["proof"].ToString()) is null) return await GoAsync(http, SignOnPurpose.Link, user.Id, clock);
        await audit.WriteAsync(new(AuditAction.SignOnLinked, Actor.Person(user.Id), Reason: "not proven", Outcome: AuditOutcome.Refused), http.RequestAborted);
        return Results.LocalRedirect($"{ShellAddresses.Security}?from=unproven");
    }

    private static async Task<IResult> ProveAsync(HttpContext http, UserManager<AppUser> users, TimeProvider clock) =>
        await users.GetUserAsync(http.User) is { } user ? await GoAsync(http, SignOnPurpose.Prove, user.Id, clock) : Results.Unauthorized();

    private static async Task<IResult> GoAsync(HttpContext http, SignOnPurpose purpose, Guid user, TimeProvider clock)
    {
        var services = http.RequestServices;
        try
        {
            await services.GetRequiredService<IOptionsMonitor<OpenIdConnectOptions>>().Get(SignOnSetup.Scheme).ConfigurationManager!.GetConfigurationAsync(http.RequestAborted);
        }
        catch (InvalidOperationException away)
        {
            // The provider does not answer, or describes itself as another. What it said is not repeated.
            LogAway(services.GetRequiredService<ILogger<SignOnHandler>>(), away.InnerException is SignOnRefusedException ours ? ours.Message : away.InnerException?.GetType().Name ?? "no answer");
            return Results.LocalRedirect($"{(purpose == SignOnPurpose.SignIn ? ShellAddresses.SignIn : ShellAddresses.Security)}?from=sign-on-away");
        }

        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var back = AccountEndpoints.LocalAddress(form["returnUrl"].ToString());
        return Results.Challenge(SignOnSetup.Way(purpose, user, back, clock.GetUtcNow()), [SignOnSetup.Scheme]);
    }

    private static async Task<IResult> DoneAsync(HttpContext http, SignOnHandler handler, SignOnSettings settings, UserManager<AppUser> users, FreshProof proof, KnownDevices devices, TimeProvider clock)
    {
        var ticket = await http.AuthenticateAsync(IdentityConstants.ExternalScheme);
        if (!ticket.Succeeded || SignOnSetup.WayOf(ticket.Properties) is not { } way || Vouched.Of(ticket.Principal, settings) is not { } person) return Results.LocalRedirect($"{ShellAddresses.SignIn}?from=sign-on-failed");
        var back = AccountEndpoints.LocalAddress(way.ReturnUrl);
        if (way.Purpose != SignOnPurpose.SignIn)
        {
            await http.SignOutAsync(IdentityConstants.ExternalScheme);
            if (await users.GetUserAsync(http.User) is not { } user || user.Id != way.User || ticket.Properties!.IssuedUtc is not { } issued || clock.GetUtcNow() - issued > Fresh) return Results.LocalRedirect($"{ShellAddresses.SignIn}?from=sign-on-failed");
            if (way.Purpose == SignOnPurpose.Link) return Results.LocalRedirect($"{ShellAddresses.Security}?from={(await handler.LinkAsync(user, person, http.RequestAborted) ? "linked" : "not-linked")}");
            if (!await handler.ProvesAsync(user, person, http.RequestAborted)) return Results.LocalRedirect($"{ProvePage.Address(back)}&from=unproven");
            await proof.NoteAsync();
            return Results.LocalRedirect(back);
        }

        var outcome = await handler.SignInAsync(person, InvitationOf(back), http.RequestAborted);
        if (outcome == SignOnOutcome.First) return Results.LocalRedirect(First);
        await http.SignOutAsync(IdentityConstants.ExternalScheme);
        if (outcome == SignOnOutcome.Done && await users.GetUserAsync(http.User) is { } signedIn) devices.Remember(http, signedIn);
        return Results.LocalRedirect(outcome switch
        {
            SignOnOutcome.Done => back,
            SignOnOutcome.SecondFactor => $"/account/second-factor?returnUrl={Uri.EscapeDataString(back)}",
            SignOnOutcome.Unknown => $"{ShellAddresses.SignIn}?from=sign-on-unknown",
            SignOnOutcome.NotListed => $"{ShellAddresses.SignIn}?from=sign-on-not-listed",
            _ => $"{ShellAddresses.SignIn}?from=sign-on-refused",
        });
    }

    [LoggerMessage(LogLevel.Warning, "The provider of single sign-on cannot be used: {Kind}")]
    private static partial void LogAway(ILogger log, string kind);
}
