using System.Security.Cryptography;
using System.Text;
using Autonoomi.App.Platform.Environments;
using Microsoft.AspNetCore.DataProtection;

namespace Autonoomi.App.Platform.Identity;

/// <summary>
/// Remembers in a browser that a person signed in there, so that a stranger's wrong passwords elsewhere do not keep them out: tries from a known device are
/// counted for that device. It opens nothing by itself, and a new password or another change of the factors voids it.
/// </summary>
public sealed class KnownDevices(IDataProtectionProvider protection, StorageSettings storage)
{
    public const string Cookie = "device";

    public static readonly TimeSpan Life = TimeSpan.FromDays(90);

    private readonly ITimeLimitedDataProtector seal = protection.CreateProtector("known device").ToTimeLimitedDataProtector();
    private readonly bool plain = storage.Environment != DataEnvironment.Production;

    /// <summary>After a sign-in.</summary>
    public void Remember(HttpContext context, AppUser user)
    {
        if (context.Response.HasStarted || DeviceOf(context, user) is not null) return;
        context.Response.Cookies.Append(IdentitySetup.CookieName(plain, Cookie), seal.Protect($"{user.Id:N} {StampOf(user)} {RandomNumberGenerator.GetHexString(32)}", Life), new CookieOptions
        {
            HttpOnly = true, Secure = !plain || context.Request.IsHttps, SameSite = SameSiteMode.Strict, Path = "/", MaxAge = Life, IsEssential = true,
        });
    }

    /// <returns>The random name of the device that sent a request, where this person signed in before; null for an unknown one.</returns>
    public string? DeviceOf(HttpContext context, AppUser user)
    {
        if (context.Request.Cookies[IdentitySetup.CookieName(plain, Cookie)] is not { Length: > 0 } cookie) return null;
        try
        {
            return seal.Unprotect(cookie).Split(' ') is [var id, var stamp, var name] && id == user.Id.ToString("N") && stamp == StampOf(user) ? name : null;
        }
        catch (CryptographicException)
        {
            return null; // too old, or not ours
        }
    }

    private static string StampOf(AppUser user) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(user.SecurityStamp)))[..32];
}
