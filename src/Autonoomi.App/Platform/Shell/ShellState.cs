using Autonoomi.App.Platform.Tenancy;
using Autonoomi.Core.Primitives;
using Microsoft.AspNetCore.Components.Authorization;

namespace Autonoomi.App.Platform.Shell;

/// <summary>Loads once per request or circuit who is signed in and which storefront is on screen; layout and page ask the same answer.</summary>
public sealed class ShellState(CurrentStorefront current, AuthenticationStateProvider people)
{
    private Task<bool>? loaded;

    /// <summary>Name of the cookie that remembers the storefront: seller and marketplace id with a dot between.</summary>
    public const string Cookie = "storefront";

    /// <summary>The remembered storefront, as the cookie says it; set before the first <see cref="EnsureAsync"/>.</summary>
    public string? Remembered { get; set; }

    public CurrentStorefront Current => current;

    /// <returns>False when nobody is signed in or the person belongs to no organisation.</returns>
    public Task<bool> EnsureAsync(CancellationToken cancellationToken) => loaded ??= LoadAsync(cancellationToken);

    public static string CookieValue(StorefrontChoice choice) => $"{choice.Seller}.{choice.Marketplace.Id}";

    private async Task<bool> LoadAsync(CancellationToken cancellationToken)
    {
        var person = (await people.GetAuthenticationStateAsync()).User;
        if (!await current.LoadAsync(person, cancellationToken)) return false;
        if (Remembered?.Split('.') is [var seller, var marketplace] && Guid.TryParse(seller, out var id)) current.Select(new SellerId(id), marketplace);
        return true;
    }
}
