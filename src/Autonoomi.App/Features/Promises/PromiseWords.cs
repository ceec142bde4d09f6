using Autonoomi.App.Platform.Promises;

namespace Autonoomi.App.Features.Promises;

/// <summary>How a promise stands, in a seller's words.</summary>
internal static class PromiseWords
{
    public static string Sentence(StandingPromise promise) => promise.Standing switch
    {
        Standing.Proven or Standing.Failing or Standing.Stale => $"Measured: {promise.Measured}.",
        Standing.Tested => promise.Promise.Does,
        Standing.Organisational => $"What the software does for it: {promise.Measured}",
        Standing.Open => $"Missing: {promise.Measured}",
    };

    public static (string Word, string Tone, string Icon) Words(Standing standing) => standing switch
    {
        Standing.Proven => ("proven", "ok", "circle-check"),
        Standing.Failing => ("failing", "error", "circle-x"),
        Standing.Stale => ("proof is old", "warning", "hourglass"),
        Standing.Tested => ("held by tests", "info", "shield-check"),
        Standing.Organisational => ("kept by people", "", "info"),
        Standing.Open => ("not built yet", "warning", "triangle-alert"),
    };

    public static string Meaning(Standing standing) => standing switch
    {
        Standing.Proven => "A probe asked this installation, and it is so.",
        Standing.Failing => "A probe asked, and it is not so.",
        Standing.Stale => "The last proof is older than two hours, or there is none yet.",
        Standing.Tested => "Tests fail when it is broken; a running system cannot be asked.",
        Standing.Organisational => "Only people can keep it.",
        Standing.Open => "Honest gaps: what is missing stands beside each.",
    };
}
