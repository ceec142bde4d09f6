using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Autonoomi.App.Platform.Identity;

/// <summary>
/// Asks every minute, and at once when a session of the person ended in this process, whether the person of an open page is still the one who signed in and
/// the session still open: a changed password, an ended session or a deleted account ends open pages too.
/// </summary>
internal sealed class CircuitWatch : RevalidatingServerAuthenticationStateProvider
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);
    private readonly IServiceScopeFactory scopes;
    private readonly Sessions sessions;
    private readonly IOptions<IdentityOptions> identity;
    private readonly IOptions<SecurityStampValidatorOptions> stamps;
    private readonly IHttpContextAccessor requests;

    // A form's request is over once it is answered: it says itself where to go when it ended its own session.
    private readonly HttpContext? form;

    public CircuitWatch(ILoggerFactory logs, IServiceScopeFactory scopes, Sessions sessions, IHttpContextAccessor requests, IOptions<IdentityOptions> identity, IOptions<SecurityStampValidatorOptions> stamps) : base(logs)
    {
        (this.scopes, this.sessions, this.requests, this.identity, this.stamps) = (scopes, sessions, requests, identity, stamps);
        form = requests.HttpContext is { WebSockets.IsWebSocketRequest: false } request ? request : null;
        sessions.Ended += OnEnded;
    }

    protected override TimeSpan RevalidationInterval => stamps.Value.ValidationInterval < Longest ? stamps.Value.ValidationInterval : Longest;

    protected override Task<bool> ValidateAuthenticationStateAsync(AuthenticationState authenticationState, CancellationToken cancellationToken) => IsStillAsync(authenticationState.User);

    internal async Task<bool> IsStillAsync(ClaimsPrincipal person)
    {
        await using var scope = scopes.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<AppUser>>();
        return await users.GetUserAsync(person) is { } user && user.SecurityStamp == person.FindFirstValue(identity.Value.ClaimsIdentity.SecurityStampClaimType)
            && person.FindFirstValue(IdentitySetup.SessionClaim) is { } session && await sessions.IsOpenAsync(session, user.Id, used: false, CancellationToken.None);
    }

    protected override void Dispose(bool disposing)
    {
        sessions.Ended -= OnEnded;
        base.Dispose(disposing);
    }

    private void OnEnded(Guid user, string? stays)
    {
        if (form is null || !ReferenceEquals(form, requests.HttpContext)) _ = LookAgainAsync(user, stays);
    }

    private async Task LookAgainAsync(Guid user, string? stays)
    {
        try
        {
            var person = (await GetAuthenticationStateAsync()).User;
            if (person.FindFirstValue(ClaimTypes.NameIdentifier) != user.ToString()) return;

            // In the session that stays, the page that ended the others is still at work under the stamp of before.
            if (person.FindFirstValue(IdentitySetup.SessionClaim) is { } session && Sessions.IdOf(session) == stays) return;
            if (await IsStillAsync(person)) return;
            SetAuthenticationState(Task.FromResult(new AuthenticationState(new ClaimsPrincipal(new ClaimsIdentity()))));
        }
        catch (Exception gone) when (gone is InvalidOperationException or ObjectDisposedException)
        {
            // The page was closed in the same moment, or its scope never had a person.
        }
    }
}
