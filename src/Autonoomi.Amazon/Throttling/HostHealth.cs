namespace Autonoomi.Amazon.Throttling;

/// <summary>Leaves a host in peace while it is down: after ten failures in a row over fifteen seconds nothing is sent for a while, then one call tries whether it is back.</summary>
/// <remarks>Calls wait for it as they wait for a token: none is lost, and none is spent on a host that would not answer. Not safe for two threads.</remarks>
/// <param name="firstRest">Doubles with each failed try, up to ten times itself.</param>
/// <param name="jitter">Spreads the tries of several processes.</param>
internal sealed class HostHealth(TimeSpan firstRest, Jitter jitter)
{
    private const int Failures = 10;
    private const int LongestRest = 10;
    private static readonly TimeSpan Sustained = TimeSpan.FromSeconds(15);
    private readonly TimeSpan shortest = firstRest;
    private TimeSpan rest = firstRest;
    private TimeSpan since;
    private TimeSpan until;
    private int failures;
    private bool trying;

    public bool IsDown { get; private set; }

    /// <returns>When a call may be sent; never while another one tries.</returns>
    public TimeSpan ReadyAt(TimeSpan now) => !IsDown ? now : trying ? TimeSpan.MaxValue : until;

    public void Send() => trying = IsDown;

    /// <summary>It answered, whatever it said.</summary>
    public void Answered()
    {
        (failures, IsDown, trying) = (0, false, false);
        rest = shortest;
    }

    /// <summary>An outage, or no answer.</summary>
    public void Failed(TimeSpan now)
    {
        if (failures++ == 0) since = now;
        if (IsDown ? !trying : failures < Failures || now - since < Sustained) return;
        (IsDown, trying) = (true, false);
        until = now + (rest * (0.75 + (0.5 * jitter.Next())));
        if (rest < shortest * LongestRest) rest *= 2;
    }

    /// <summary>The call was given up before anything could be learnt from it.</summary>
    public void GivenUp() => trying = false;
}
