using System.Globalization;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Policy;

namespace Autonoomi.App.Platform.Shell;

/// <summary>What everybody is told ahead, in words.</summary>
internal static class AnnouncementWords
{
    public static string Title(Announcement item) => item.Kind switch
    {
        AnnouncementKind.Policy when !item.Material => string.Create(CultureInfo.InvariantCulture, $"The privacy policy has a new version, {item.Version}"),
        AnnouncementKind.Policy when item.Holds => string.Create(CultureInfo.InvariantCulture, $"Version {item.Version} of the privacy policy holds, and nobody here has agreed"),
        AnnouncementKind.Policy => $"The privacy policy changes on {Day(item.HoldsAt)}",
        AnnouncementKind.Handover when item.Holds => $"{item.Words} runs this service since {Day(item.HoldsAt)}",
        AnnouncementKind.Handover => $"On {Day(item.HoldsAt)} this service goes to {item.Words}",
    };

    public static string Sentence(Announcement item) => item.Kind switch
    {
        AnnouncementKind.Policy when !item.Material => item.Words,
        AnnouncementKind.Policy when item.Holds => $"{item.Words} Nothing is changed at Amazon until an owner agrees; reading goes on, and nothing is lost.",
        AnnouncementKind.Policy => $"{item.Words} Until then everything goes on under the version that you agreed to.",
        AnnouncementKind.Handover when item.Holds => "See Your data for what you can do.",
        AnnouncementKind.Handover => "You may take a copy of your data and have it deleted before; see Your data.",
    };

    private static string Day(DateTimeOffset day) => day.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);
}
