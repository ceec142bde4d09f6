using System.Globalization;
using Autonoomi.Amazon.Login;
using Autonoomi.App.Platform.AmazonLink;

namespace Autonoomi.App.Features.Connect;

/// <summary>How a consent stands, in words.</summary>
/// <param name="Word">For the badge.</param>
/// <param name="Look">Badge class.</param>
/// <param name="Icon">Drawing beside the word.</param>
/// <param name="Sentence">What it means, and what to do.</param>
/// <param name="Action">Words on the button.</param>
/// <param name="Needed">True when nothing works before the button was pressed.</param>
internal sealed record ConsentWords(string Word, string Look, string Icon, string Sentence, string Action, bool Needed)
{
    public static ConsentWords Of(GrantView? grant, DateTimeOffset now)
    {
        if (grant is null) return new("Not connected", "", "circle-minus", "The consent has not been given yet.", "Connect", true);
        if (grant.State == GrantState.ReauthRequired)
            return new("Withdrawn", "error", "circle-x", grant.EndsAt is { } over && over <= now
                ? "The consent's year is over, and Amazon no longer accepts it. Your data is kept; nothing runs until you reconnect."
                : "Amazon no longer accepts this consent: it was withdrawn there. Nothing runs, and what it brought is deleted 13 days later, unless you reconnect before; see Your data.", "Reconnect", true);
        if (grant.ClientRefusedAt is { } refused)
            return grant.OwnClient is null
                ? new("Waiting", "warning", "hourglass", $"Since {Day(refused)} Amazon refuses this installation's own credentials, for everybody. Whoever runs it has to put them right; your consent stands, and there is nothing for you to do.", "Reconnect", false)
                : new("Secret refused", "error", "key-round", $"Since {Day(refused)} Amazon refuses your client's secret: it ended or was replaced. Type in the current one below; the consent itself stands.", "Reconnect", false);
        if (grant.State == GrantState.Suspected)
            return new("Being checked", "warning", "hourglass", "Amazon refused this consent once, which happens by mistake. It is asked again soon; there is nothing to do.", "Reconnect", false);
        if (grant.EndsAt is { } ends && GrantClock.DaysLeft(ends, now) is var left and <= 60)
            return left < 0
                ? new("Expired", "error", "circle-x", $"The consent's year ended on {Day(ends)}, and Amazon may refuse it at any moment. Your data is kept. Reconnect now.", "Reconnect", true)
                : new("Ends soon", "warning", "triangle-alert", $"Amazon ends every consent after a year: this one on {Day(ends)}. Reconnect before, and nothing stops.", "Reconnect", left <= 30);
        if (grant.Missing.Count > 0)
            return new("Permission missing", "warning", "shield", grant.Kind == GrantKind.Ads
                ? "The consent is good, but the person who gave it may no longer work on everything it opened. Ask the owner of the advertising account to restore the right, or reconnect with another log-in. Everything else goes on."
                : "The consent is good, but the application lacks a role for what is listed here. Reconnect to agree to its present roles. Everything else goes on.", "Reconnect", false);
        return new("Connected", "ok", "circle-check", grant.EndsAt is { } end
            ? $"Given on {Day(grant.ConsentedAt)}; good until {Day(end)}."
            : $"Authorised on {Day(grant.ConsentedAt)} with your own application; Amazon sets no end for it.", "Reconnect", false);
    }

    /// <returns>What runs out and how many days are left, one line each.</returns>
    public static IEnumerable<(string What, string Left, bool Soon)> Clocks(GrantView grant, DateTimeOffset now)
    {
        if (grant.EndsAt is { } ends && grant.State != GrantState.ReauthRequired) yield return ("Consent", Left(ends, now), GrantClock.Reached(ends, now) is not null);
        if (grant.SecretEndsAt is { } secret) yield return ("Client secret", Left(secret, now), GrantClock.Reached(secret, now) is not null);
    }

    private static string Left(DateTimeOffset ends, DateTimeOffset now) => GrantClock.DaysLeft(ends, now) switch
    {
        < 0 => $"ended on {Day(ends)}",
        1 => $"1 day left, until {Day(ends)}",
        var days => $"{days} days left, until {Day(ends)}",
    };

    private static string Day(DateTimeOffset day) => day.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);
}
