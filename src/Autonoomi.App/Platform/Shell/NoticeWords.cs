using System.Globalization;
using Autonoomi.Amazon.Login;
using Autonoomi.App.Platform.AmazonLink;
using Autonoomi.App.Platform.Data;

namespace Autonoomi.App.Platform.Shell;

/// <summary>An open notice in words.</summary>
/// <param name="Look">Class of the note.</param>
/// <param name="Icon">Drawing beside it.</param>
/// <param name="Title">What is so.</param>
/// <param name="Sentence">What it means, and who must do what.</param>
/// <param name="Here">True when it is put right on the connection page.</param>
/// <param name="IsToRead">True when there is more to read on the page Your data.</param>
internal sealed record NoticeWords(string Look, string Icon, string Title, string Sentence, bool Here, bool IsToRead = false)
{
    /// <param name="notice">What is open.</param>
    /// <param name="seller">The seller account's name; null where none is meant.</param>
    /// <param name="now">To count the days.</param>
    public static NoticeWords Of(OpenNotice notice, string? seller, DateTimeOffset now)
    {
        var account = (notice.Grant == GrantKind.Ads ? "advertising account" : "seller account") + (seller is null ? "" : $" of {seller}");
        var look = notice.IsEssential(now) ? "error" : "warning";
        return notice.Kind switch
        {
            NoticeKind.ConsentEnds => new(look, "clock", $"The consent for the {account} {Ends(notice, now)}", $"Amazon ends every consent after a year. Reconnect{(HasEnded(notice, now) ? " now; your data is kept" : " before, and nothing stops")}.", true),
            NoticeKind.SecretEnds when notice.Installation => new(look, "key-round", $"This installation's Selling Partner client secret {Ends(notice, now)}", "Whoever runs the installation makes a new one at Amazon and enters it in the configuration; the old one works seven more days. Consents stay.", false),
            NoticeKind.SecretEnds => new(look, "key-round", $"The client secret of your own application {Ends(notice, now)}", "Make a new one at Amazon and type it in on the connection page; the old one works seven more days. Consents stay.", true),
            NoticeKind.ReauthRequired => new(look, "unplug", $"Amazon no longer accepts the consent for the {account}", "Nothing runs until somebody reconnects. Where it was withdrawn, what it brought is deleted 13 days later, unless you reconnect before; see Your data.", true),
            NoticeKind.Incident => new("error", "shield-alert", $"An incident may concern the data of {seller ?? "your seller account"}", $"You were told on {Day(notice.RaisedAt)}: what happened, which data, what was done.", false, IsToRead: true),
            NoticeKind.ClientRefused when notice.Installation => new(look, "key-round", "Amazon refuses this installation's own credentials", $"Since {Day(notice.RaisedAt)}, for everybody. Whoever runs the installation has to put them right; your consents stand, and there is nothing for you to do.", false),
            NoticeKind.ClientRefused => new(look, "key-round", "Amazon refuses the client secret of your own application", $"Since {Day(notice.RaisedAt)}: it ended or was replaced. Type in the current one on the connection page; the consent itself stands.", true),
        };
    }

    private static bool HasEnded(OpenNotice notice, DateTimeOffset now) => notice.EndsAt < now;

    private static string Ends(OpenNotice notice, DateTimeOffset now)
    {
        var ends = notice.EndsAt!.Value;
        return GrantClock.DaysLeft(ends, now) switch
        {
            < 0 => $"ended on {Day(ends)}",
            var days => $"ends on {Day(ends)}, in {Display.Count(days, "day")}",
        };
    }

    private static string Day(DateTimeOffset day) => day.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);
}
