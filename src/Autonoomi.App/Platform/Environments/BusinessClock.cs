using Autonoomi.Core.Intraday;

namespace Autonoomi.App.Platform.Environments;

/// <summary>
/// The clock by which the business runs: reporting days, maturity, proposals. It is the system's, except in a demo, where it follows the
/// pretend Amazon's world clock and stands still between two advances. Registered under its own type, because cookies and the job
/// machinery must live on system time.
/// </summary>
public sealed class BusinessClock(TimeProvider system) : TimeProvider
{
    private long frozenTicks;

    public bool IsFrozen => Volatile.Read(ref frozenTicks) != 0;

    /// <summary>Demo only: from now on it is exactly this late.</summary>
    public void Freeze(DateTimeOffset now) => Volatile.Write(ref frozenTicks, now.UtcTicks);

    public override DateTimeOffset GetUtcNow() => Volatile.Read(ref frozenTicks) is var ticks and not 0 ? new DateTimeOffset(ticks, TimeSpan.Zero) : system.GetUtcNow();

    /// <summary>The same with its first instant and the next day's, whatever the clocks do on it.</summary>
    public ReportingDay Day(Core.Primitives.Marketplace marketplace) => Day(marketplace, Today(marketplace));

    public static ReportingDay Day(Core.Primitives.Marketplace marketplace, DateOnly date)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(marketplace.TimeZone);
        return new(date, Midnight(date), Midnight(date.AddDays(1)));

        // Where clocks leap over midnight, the day begins at one o'clock.
        DateTimeOffset Midnight(DateOnly day)
        {
            var local = day.ToDateTime(TimeOnly.MinValue);
            if (zone.IsInvalidTime(local)) local = local.AddHours(1);
            return new DateTimeOffset(local, zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local)).ToUniversalTime();
        }
    }

    /// <summary>The day that runs now in a storefront's own zone.</summary>
    public DateOnly Today(Core.Primitives.Marketplace marketplace) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(GetUtcNow(), TimeZoneInfo.FindSystemTimeZoneById(marketplace.TimeZone)).DateTime);
}
