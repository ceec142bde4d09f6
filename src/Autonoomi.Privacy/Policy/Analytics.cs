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
        Known.Where(name => text.Contains(name, StringComparison.OrdinalIgnoreCase)).Select(name => $"{where} mentions {name}");

    /// <returns>Addresses of other hosts that a page loads from, or that a script calls, one sentence each; links that a person follows are none.</returns>
    public static IEnumerable<string> Calls(string where, string text) =>
        Called().Matches(text).Select(match => $"{where} calls {match.Groups["host"].Value}").Concat(Pixel().Matches(text).Select(_ => $"{where} has a picture of one dot"));

    // What loads or posts by itself: elements with a source, stylesheets, forms, and calls of scripts.
    [GeneratedRegex("""(?:<(?:script|img|iframe|source|video|audio|embed)\b[^>]*?\bsrc=|<link\b[^>]*?\bhref=|\bfetch\(|\bsendBeacon\(|\bimport\(|\bnew (?:WebSocket|EventSource|Image)\(|\burl\()\s*["'`]?(?:https?:|wss?:)?//(?<host>[^/"'`\s>)]+)""", RegexOptions.IgnoreCase)]
    private static partial Regex Called();

    [GeneratedRegex(@"<img\b[^>]*\b(?:width|height)=[""']?1[""'\s>]", RegexOptions.IgnoreCase)]
    private static partial Regex Pixel();
}
