using System.Collections.Immutable;

namespace Autonoomi.App.Platform.Web;

/// <param name="Name">Without the prefix that pins it to this host.</param>
/// <param name="Purpose">What it is needed for.</param>
/// <param name="Life">How long it stays, in words.</param>
/// <param name="ForScripts">A script of ours writes it; it decides about looks alone.</param>
/// <param name="Pinned">Made with the prefix that pins it to this host in production.</param>
public sealed record SiteCookie(string Name, string Purpose, string Life, bool ForScripts = false, bool Pinned = true);

/// <summary>Every cookie there is. The policy shows this list; a probe and a test hold what is sent against it.</summary>
public static class SiteCookies
{
    public static ImmutableArray<SiteCookie> All { get; } =
    [
        new("autonoomi-session", "keeps you signed in", "12 hours without a request, 7 days at most"),
        new("autonoomi-second-factor", "remembers between password and code who is signing in", "minutes"),
        new("autonoomi-form", "proves that a form was sent from our own page", "until the browser is closed"),
        new("autonoomi-consent", "ties the way to Amazon's consent page and back to this browser", "1 hour"),
        new("storefront", "remembers which storefront you looked at", "1 year", Pinned: false),
        new("theme", "remembers light or dark", "1 year", ForScripts: true, Pinned: false),
        new("side", "remembers a narrow sidebar", "1 year", ForScripts: true, Pinned: false),
    ];

    /// <param name="name">As sent, with or without the prefix.</param>
    public static SiteCookie? Find(string name)
    {
        var bare = name.StartsWith("__Host-", StringComparison.Ordinal) ? name["__Host-".Length..] : name;
        return All.FirstOrDefault(cookie => cookie.Name == bare);
    }
}
