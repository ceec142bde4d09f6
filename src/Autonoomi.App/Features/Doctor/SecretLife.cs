using System.Globalization;
using Autonoomi.App.Platform.AmazonLink;
using Autonoomi.App.Platform.Shell;

namespace Autonoomi.App.Features.Doctor;

/// <summary>How long a client secret will still be taken by Amazon.</summary>
/// <param name="Ended">True when it ended, or nobody can tell because the day is misspelt.</param>
/// <param name="Soon">True when it ends within the first reminder's days, or nobody said when it was made.</param>
/// <param name="Words">The day, and what to do.</param>
internal sealed record SecretLife(bool Ended, bool Soon, string Words)
{
    private const string Setting = "Autonoomi:Amazon:SellingPartnerClientSecretMade";

    /// <param name="made">The day on which the installation's Selling Partner secret was made, 2026-11-24, as it is configured.</param>
    /// <param name="now">To count the days.</param>
    public static SecretLife OfInstallation(string? made, DateTimeOffset now)
    {
        if (string.IsNullOrEmpty(made)) return new(false, true, $"{Setting} is not set: nobody is told before the Selling Partner client secret ends, {GrantClock.SecretLife.Days} days after it was made");
        return DateOnly.TryParseExact(made, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? Of("the Selling Partner client secret", GrantClock.SecretEnds(day), now)
            : new(true, false, $"{Setting} is '{made}': write the day as 2026-11-24");
    }

    /// <param name="what">Which secret.</param>
    /// <param name="ends">When Amazon ends it.</param>
    /// <param name="now">To count the days.</param>
    public static SecretLife Of(string what, DateTimeOffset ends, DateTimeOffset now)
    {
        var day = ends.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return GrantClock.DaysLeft(ends, now) switch
        {
            < 0 => new(true, false, $"{what} ended on {day}: make a new one at Amazon and enter it"),
            var left when GrantClock.Reached(ends, now) is not null => new(false, true, $"{what} ends on {day}, in {Display.Count(left, "day")}: make a new one at Amazon before and enter it"),
            var left => new(false, false, $"{what} ends on {day}, in {Display.Count(left, "day")}"),
        };
    }
}
