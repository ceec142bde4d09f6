using System.Globalization;
using Autonoomi.App.Platform.Data;

namespace Autonoomi.App.Features.Connect;

/// <summary>How a consent stands, in words.</summary>
/// <param name="Word">For the badge.</param>
/// <param name="Look">Badge class.</param>
/// <param name="Icon">Drawing beside the word.</param>
/// <param name="Sentence">What it means.</param>
/// <param name="Action">Words on the button.</param>
/// <param name="Needed">True when nothing works before the button was pressed.</param>
internal sealed record ConsentWords(string Word, string Look, string Icon, string Sentence, string Action, bool Needed)
{
    /// <summary>Amazon ends every consent after this many days, used or not.</summary>
    private const int LifeDays = 365;

    public static ConsentWords Of((GrantState State, DateTimeOffset ConsentedAt)? grant, DateTimeOffset now)
    {
        if (grant is not { } known) return new("Not connected", "", "circle-minus", "The consent has not been given yet.", "Connect", true);
        var ends = known.ConsentedAt.AddDays(LifeDays);
        var day = ends.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);
        var left = (int)Math.Floor((ends - now).TotalDays);
        return known.State switch
        {
            GrantState.Revoked => new("Withdrawn", "error", "circle-x", "Amazon no longer accepts this consent: it was withdrawn there or has ended. Your data is kept; nothing runs until you connect again.", "Connect again", true),
            GrantState.Active when left < 0 => new("Expired", "error", "circle-x", $"The consent ended on {day}. Your data is kept; nothing runs until you connect again.", "Connect again", true),
            GrantState.Active when left <= 30 => new("Ends soon", "warning", "triangle-alert", $"Amazon ends every consent after a year: this one on {day}, in {left} days. Renew it now and nothing stops.", "Renew", true),
            GrantState.Active => new("Connected", "ok", "circle-check", $"Given on {known.ConsentedAt.ToString("d MMMM yyyy", CultureInfo.InvariantCulture)}; good until {day}.", "Renew", false),
        };
    }
}
