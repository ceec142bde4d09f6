using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Autonoomi.Privacy;

/// <summary>Counting visitors or uses for others' eyes. There is none; before any is added, the policy that holds names it with the list <c>{{analytics}}</c>.</summary>
public static partial class Analytics
{
    /// <summary>The list by which a version of the policy names what counts.</summary>
    public const string List = "analytics";

    /// <summary>Packages, scripts and hosts by which others' counters are known; a new one is added when it is met.</summary>
    public static ImmutableArray<string> Known { get; } =
    [
        "google-analytics", "googletagmanager", "gtag", "doubleclick", "matomo", "piwik", "plausible", "fathom", "umami", "mixpanel", "amplitude", "posthog", "segment.com", "segment.io", "@segment", "heap.io", "hotjar", "clarity.ms",
        "fullstory", "logrocket", "mouseflow", "newrelic", "new-relic", "datadog", "applicationinsights", "application-insights", "@sentry", "sentry.io", "bugsnag", "raygun", "intercom", "hubspot", "facebook.net", "connect.facebook", "snowplow", "goatcounter", "opentelemetry",
    ];

    /// <summary>Does this version name it?</summary>
    public static bool IsNamed(PolicyVersion policy) => PrivacyPolicy.Parse(policy.Text).Any(block => block.Part == PolicyPart.List && block.Text == List);

    /// <returns>Others' counters that a page, script or list of packages mentions, one sentence each.</returns>
    public static IEnumerable<string> Traces(string where, string text) =>
        Known.Where(name => Mentions(text, name)).Select(name => $"{where} mentions {name}");

    // A short name turns up by chance within the random letters of a sealed value, so it counts only where it stands by itself.
    private static bool Mentions(string text, string name)
    {
        const int Short = 6;
        for (var at = text.IndexOf(name, StringComparison.OrdinalIgnoreCase); at >= 0; at = text.IndexOf(name, at + 1, StringComparison.OrdinalIgnoreCase))
        {
            var end = at + name.Length;
            if (name.Length > Short || ((at == 0 || !char.IsAsciiLetterOrDigit(text[at - 1])) && (end == text.Length || !char.IsAsciiLetterOrDigit(text[end])))) return true;
        }

        return false;
    }

    /// <returns>Addresses of other hosts that a page loads from, or that a script calls, one sentence each; links that a person follows are none.</returns>
    public static IEnumerable<string> Calls(string where, string text) =>
        Called().Matches(text).Select(match => $"{where} calls {match.Groups["host"].Value}").Concat(Pixel().Matches(text).Select(_ => $"{where} has a picture of one dot"));

    // What loads or posts by itself: elements with a source, stylesheets, forms, and calls of scripts.
    [GeneratedRegex("""(?:<(?:script|img|iframe|source|video|audio|embed)\b[^>]*?\bsrc=|<link\b[^>]*?\bhref=|\bfetch\(|\bsendBeacon\(|\bimport\(|\bnew (?:WebSocket|EventSource|Image)\(|\burl\()\s*["'`]?(?:https?:|wss?:)?//(?<host>[^/"'`\s>)]+)""", RegexOptions.IgnoreCase)]
    private static partial Regex Called();

    [GeneratedRegex(@"<img\b[^>]*\b(?:width|height)=[""']?1[""'\s>]", RegexOptions.IgnoreCase)]
    private static partial Regex Pixel();
}
