using System.Collections.Immutable;

namespace Autonoomi.App.Platform.Web;

/// <param name="Name">Without the prefix that pins it to this host.</param>
/// <param name="Purpose">What it is needed for.</param>
/// <param name="Life">How long it stays, in words.</param>
/// <param name="ForScripts">A script of ours writes it; it decides about looks alone.</param>
/// <param name="Many">Its name goes on with a dot and random letters.</param>
public sealed record SiteCookie(string Name, string Purpose, string Life, bool ForScripts = false, bool Many = false);

/// <summary>Every cookie there is. The policy shows this list; a probe and a test hold what is sent against it.</summary>
public static class SiteCookies
{
    /// <summary>Browsers take a cookie of such a name over HTTPS only, for all paths of this very host.</summary>
    public const string Prefix = "__Host-";

    public static ImmutableArray<SiteCookie> All { get; } =
    [
        new("autonoomi-session", "keeps you signed in", "12 hours without a request, 7 days at most"),
        new("autonoomi-second-factor", "remembers between password and code who is signing in", "minutes"),
        new("autonoomi-device", "knows the browser in which you signed in before, so that a stranger's wrong passwords do not keep you out", "90 days"),
        new("autonoomi-sign-on", "ties the way to your single sign-on and back to this browser", "15 minutes", Many: true),
        new("autonoomi-sign-on-nonce", "makes sure that an answer of your single sign-on is used once", "15 minutes", Many: true),
        new("autonoomi-external", "remembers for whom your single sign-on vouched until you are signed in", "15 minutes"),
        new("autonoomi-form", "proves that a form was sent from our own page", "until the browser is closed"),
        new("autonoomi-consent", "ties the way to Amazon's consent page and back to this browser", "1 hour"),
        new("storefront", "remembers which storefront you looked at", "1 year"),
        new("theme", "remembers light or dark", "1 year", ForScripts: true),
        new("side", "remembers a narrow sidebar", "1 year", ForScripts: true),
        new("keys", "remembers that single keys are switched off in the queue of recommendations", "1 year", ForScripts: true),
    ];

    /// <param name="name">As sent, with or without the prefix.</param>
    public static SiteCookie? Find(string name)
    {
        var bare = name.StartsWith(Prefix, StringComparison.Ordinal) ? name[Prefix.Length..] : name;
        return All.FirstOrDefault(cookie => cookie.Name == bare || (cookie.Many && bare.StartsWith($"{cookie.Name}.", StringComparison.Ordinal)));
    }

    /// <summary>How a cookie of looks is called in a request: pinned to this host over HTTPS; plain over HTTP, where browsers take no such name.</summary>
    /// <param name="request">Of the page.</param>
    /// <param name="name">Without the prefix.</param>
    public static string NameOf(HttpRequest request, string name) => request.IsHttps ? Prefix + name : name;
}
