using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Autonoomi.App.Platform.Identity;

/// <summary>Asks again and again whether the person of an open page is still the one who signed in: a changed password or a deleted account ends open pages too.</summary>
internal sealed class CircuitWatch(ILoggerFactory logs, IServiceScopeFactory scopes, IOptions<IdentityOptions> identity, IOptions<SecurityStampValidatorOptions> stamps) : RevalidatingServerAuthenticationStateProvider(logs)
{
    protected override TimeSpan RevalidationInterval => stamps.Value.ValidationInterval;

    protected override Task<bool> ValidateAuthenticationStateAsync(AuthenticationState authenticationState, CancellationToken cancellationToken) => IsStillAsync(authenticationState.User);

    internal async Task<bool> IsStillAsync(ClaimsPrincipal person)
    {
        await using var scope = scopes.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<AppUser>>();
        return await users.GetUserAsync(person) is { } user && user.SecurityStamp == person.FindFirstValue(identity.Value.ClaimsIdentity.SecurityStampClaimType);
    }
}
