using System.Security.Claims;
using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Environments;
using Autonoomi.App.Platform.Shell;
using Autonoomi.App.Platform.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Identity;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Autonoomi.App.Platform.Identity.SignOn;

/// <summary>An answer of the provider that is not taken, in the product's own words.</summary>
internal sealed class SignOnRefusedException(string rule) : Exception(rule);

/// <summary>What is asked of a provider's answers beyond the framework's own checks, and what is kept of a good one: who, and nothing else.</summary>
internal sealed partial class SignOnEvents(SignOnSettings settings, AttemptLimiter attempts, AuditLog audit, IConfiguration configuration, TimeProvider clock, ILogger<SignOnEvents> log) : OpenIdConnectEvents
{
    public override Task RedirectToIdentityProvider(RedirectContext context)
    {
        if (configuration[Transport.PublicSetting] is { Length: > 0 } address) context.ProtocolMessage.RedirectUri = address.TrimEnd('/') + SignOnSetup.Callback;
        return Task.CompletedTask;
    }

    public override async Task MessageReceived(MessageReceivedContext context)
    {
        if (!HttpMethods.IsGet(context.Request.Method))
        {
            context.Fail(new SignOnRefusedException("the answer did not come as a link"));
            return;
        }

        // An answer that names its provider (RFC 9207) names ours, and where the provider says that all its answers do, each must.
        var described = await context.Options.ConfigurationManager!.GetConfigurationAsync(context.HttpContext.RequestAborted);
        var demanded = described.AuthorizationResponseIssParameterSupported is true;
        if (context.ProtocolMessage.Iss is { Length: > 0 } issuer ? issuer != settings.Issuer : demanded) context.Fail(new SignOnRefusedException("the answer is of another provider"));
    }

    public override Task TokenResponseReceived(TokenResponseReceivedContext context)
    {
        // The framework does not demand a signature on a token that came from the token endpoint. Here each needs one, by a listed algorithm.
        var token = context.TokenEndpointResponse.IdToken is { Length: > 0 } text && new JsonWebTokenHandler().CanReadToken(text) ? new JsonWebToken(text) : null;
        if (token is null || token.EncodedSignature is not { Length: > 0 } || !SignOnRules.Algorithms.Contains(token.Alg)) context.Fail(new SignOnRefusedException("the token is not signed by a listed algorithm"));
        return Task.CompletedTask;
    }

    public override Task TokenValidated(TokenValidatedContext context)
    {
        var told = context.Principal!;
        var subject = told.FindFirstValue("sub");
        var audiences = told.FindAll("aud").Select(claim => claim.Value).ToList();
        var rule = SignOnSetup.WayOf(context.Properties) is not { } way ? "the way to the provider is unknown"
            : subject is not { Length: > 0 and <= SignOnRules.LongestSubject } ? "the subject is missing or too long"
            : told.FindFirstValue("iss") != settings.Issuer ? "the token is of another issuer"
            : (told.FindFirstValue("azp") ?? (audiences.Count == 1 ? settings.ClientId : null)) != settings.ClientId ? "the token is for another client too"
            : way.Purpose != SignOnPurpose.SignIn && !SignOnRules.IsFresh(told.FindFirstValue("auth_time"), way.Began, clock.GetUtcNow()) ? "the person did not sign in anew"
            : null;
        if (rule is not null)
        {
            context.Fail(new SignOnRefusedException(rule));
            return Task.CompletedTask;
        }

        // The ticket holds who it is and nothing else of the token.
        string[] kept = ["sub", "email", "email_verified", "name", .. settings.OrganisationClaim.Length > 0 ? [settings.OrganisationClaim] : Array.Empty<string>()];
        var claims = kept.Distinct(StringComparer.Ordinal).Select(name => told.FindFirst(name)).OfType<Claim>().Select(claim => new Claim(claim.Type, claim.Value));
        context.Principal = new ClaimsPrincipal(new ClaimsIdentity(claims, SignOnSetup.Scheme));
        return Task.CompletedTask;
    }

    public override async Task RemoteFailure(RemoteFailureContext context)
    {
        // Our own rule, or the kind of the framework's refusal; never its message, which may quote the answer.
        var kind = context.Failure is SignOnRefusedException refused ? refused.Message : context.Failure?.InnerException is SignOnRefusedException inner ? inner.Message : context.Failure?.GetType().Name ?? "unknown";
        // Whoever sends nonsense by the thousand fills no log of ours with it.
        if (attempts.TryAttempt($"sign-on/{AddressBlock.Of(context.HttpContext.Connection.RemoteIpAddress)}"))
        {
            LogRefused(kind);
            await audit.WriteAsync(new(AuditAction.SignIn, Actor.Stranger, Reason: $"single sign-on: {kind}", Outcome: AuditOutcome.Refused), context.HttpContext.RequestAborted);
        }

        var signedIn = (await context.HttpContext.AuthenticateAsync(IdentityConstants.ApplicationScheme)).Succeeded;
        context.Response.Redirect($"{(signedIn ? ShellAddresses.Security : ShellAddresses.SignIn)}?from=sign-on-failed");
        context.HandleResponse();
    }

    [LoggerMessage(LogLevel.Warning, "Single sign-on refused: {Kind}")]
    private partial void LogRefused(string kind);
}
