namespace Autonoomi.Marketplace.Http.SellingPartner;

/// <summary>Work that Amazon does behind a queue. It is done after a fixed number of polls, not after a time: waiting is the caller's, not the market's.</summary>
/// <param name="createdAt">World time.</param>
/// <param name="polls">How many polls find it unfinished.</param>
/// <param name="outcome">The status with which it ends.</param>
internal class PolledJob(DateTimeOffset createdAt, int polls, string outcome)
{
    private int asked;

    public DateTimeOffset CreatedAt => createdAt;

    public string Status { get; private set; } = "IN_QUEUE";

    public DateTimeOffset? StartedAt { get; private set; }

    public DateTimeOffset? EndedAt { get; private set; }

    /// <returns>True when this very poll ended the work.</returns>
    public bool Poll(DateTimeOffset now)
    {
        if (EndedAt is not null) return false;
        asked++;
        if (asked < polls) return false;
        StartedAt ??= now;
        if (asked == polls)
        {
            Status = "IN_PROGRESS";
            return false;
        }

        (EndedAt, Status) = (now, outcome);
        return true;
    }

    public void Cancel(DateTimeOffset now) => (Status, EndedAt) = ("CANCELLED", now);

    /// <summary>Ends differently from what was foreseen: nothing to tell, or an order that cannot be served.</summary>
    public void EndAs(string status) => Status = status;
}
