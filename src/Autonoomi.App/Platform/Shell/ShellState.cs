using Autonoomi.App.Platform.Tenancy;
using Microsoft.AspNetCore.Components.Authorization;

namespace Autonoomi.App.Platform.Shell;

/// <summary>Loads once per request or circuit who is signed in and which storefront is on screen; layout and page ask the same answer.</summary>
public sealed class ShellState(CurrentStorefront current, AuthenticationStateProvider people)
{
    private Task<bool>? loaded;

    /// <summary>The remembered storefront, as the cookie says it; set before the first <see cref="EnsureAsync"/>.</summary>
    public string? Remembered { get; set; }

    public CurrentStorefront Current => current;

    /// <returns>False when nobody is signed in or the person belongs to no organisation.</returns>
    public Task<bool> EnsureAsync(CancellationToken cancellationToken) => loaded ??= LoadAsync(cancellationToken);

    private async Task<bool> LoadAsync(CancellationToken cancellationToken) =>
        await current.LoadRememberedAsync((await people.GetAuthenticationStateAsync()).User, Remembered, cancellationToken);
}
