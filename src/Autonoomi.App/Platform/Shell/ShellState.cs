using System.Security.Claims;
using Autonoomi.App.Platform.Staff;
using Autonoomi.App.Platform.Tenancy;
using Microsoft.AspNetCore.Components.Authorization;

namespace Autonoomi.App.Platform.Shell;

/// <summary>Loads once per request or circuit who is signed in and which storefront is on screen; layout and page ask the same answer.</summary>
public sealed class ShellState(CurrentStorefront current, AuthenticationStateProvider people, StaffAccess staff)
{
    private Task<bool>? loaded;

    /// <summary>The remembered storefront, as the cookie says it; set before the first <see cref="EnsureAsync"/>.</summary>
    public string? Remembered { get; set; }

    public CurrentStorefront Current => current;

    /// <returns>False when nobody is signed in, or the person belongs to no organisation and has no grant that lives at this moment.</returns>
    public async Task<bool> EnsureAsync(CancellationToken cancellationToken)
    {
        if (!await (loaded ??= LoadAsync(cancellationToken))) return false;
        return current.Grant is not { } grant || await staff.IsLiveAsync(grant.Id, cancellationToken) || Close();
    }

    /// <summary>Writes down that one of the operator's people looks; of members nothing is written. Call it before a page reads anything of the seller's.</summary>
    /// <param name="page">What is looked at, for the seller to read.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False when nothing may be shown.</returns>
    public async Task<bool> LookAsync(string page, CancellationToken cancellationToken) => current.Grant is not { } grant || await staff.UseAsync(grant.Id, page, cancellationToken) || Close();

    private bool Close()
    {
        current.Forget();
        loaded = Task.FromResult(false);
        return false;
    }

    private async Task<bool> LoadAsync(CancellationToken cancellationToken)
    {
        var person = (await people.GetAuthenticationStateAsync()).User;
        if (await current.LoadRememberedAsync(person, Remembered, cancellationToken)) return true;
        return Guid.TryParse(person.FindFirstValue(ClaimTypes.NameIdentifier), out var user) && await staff.LiveAsync(user, cancellationToken) is { } grant && await current.LoadGrantedAsync(grant, cancellationToken);
    }
}
