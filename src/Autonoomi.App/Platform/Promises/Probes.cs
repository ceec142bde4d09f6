namespace Autonoomi.App.Platform.Promises;

/// <param name="Holds">True when what was asked is so.</param>
/// <param name="Measured">What was looked at and found, in words and counts; never a value of anybody's.</param>
public sealed record Measurement(bool Holds, string Measured)
{
    /// <param name="faults">What is wrong; nothing when all is well.</param>
    /// <param name="measured">What was looked at.</param>
    public static Measurement Of(IReadOnlyCollection<string> faults, string measured) =>
        faults.Count == 0 ? new(true, measured) : new(false, $"{measured}: {string.Join("; ", faults.Take(5))}{(faults.Count > 5 ? $"; and {faults.Count - 5} more" : "")}");
}

/// <summary>A question to the running store and product whose answer can be no.</summary>
public interface IProbe
{
    /// <summary>As the register of promises names it.</summary>
    string Id { get; }

    /// <summary>What is asked, as a sentence that should be true.</summary>
    string Asks { get; }

    Task<Measurement> MeasureAsync(CancellationToken cancellationToken);
}
