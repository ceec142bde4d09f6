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

    /// <summary>The day that runs now in a storefront's own zone.</summary>
    public DateOnly Today(Core.Primitives.Marketplace marketplace) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(GetUtcNow(), TimeZoneInfo.FindSystemTimeZoneById(marketplace.TimeZone)).DateTime);
}
