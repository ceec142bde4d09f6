using System.Globalization;
using Autonoomi.Privacy;

namespace Autonoomi.App.Features.Policy;

/// <summary>The data map in words.</summary>
internal static class DataMapWords
{
    public static string Protection(Protection protection) => protection switch
    {
        Autonoomi.Privacy.Protection.Sealed => "AES-256, application key",
        Autonoomi.Privacy.Protection.SealedBySeller => "AES-256, the seller's own key",
        Autonoomi.Privacy.Protection.Hashed => "hash",
        Autonoomi.Privacy.Protection.Clear => "as it is",
    };

    public static string Class(StoredField field) => field.Class is { } known ? PurposeWords.Of(known) : "as its kind";

    public static string Keeping(RetentionRule rule) => (rule.Clock, rule.Days) switch
    {
        (RetentionClock.Account, _) => "as long as the account",
        (RetentionClock.Installation, _) => "as long as the installation",
        (RetentionClock.LastReading, { } days) => string.Create(CultureInfo.InvariantCulture, $"replaced by each reading; {days} days without one"),
        (RetentionClock.Day or RetentionClock.Instant, { } days) => string.Create(CultureInfo.InvariantCulture, $"{days} days"),
        _ => throw new InvalidOperationException($"{rule.Name} has a clock without days."),
    };

    public static string List(IEnumerable<Purpose> purposes) => string.Join(", ", purposes);
}
