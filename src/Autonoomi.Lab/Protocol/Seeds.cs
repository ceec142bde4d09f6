namespace Autonoomi.Lab.Protocol;

/// <summary>What a range of seeds may be used for.</summary>
internal enum SeedUse
{
    /// <summary>0 to 99: look as often as you like, tune.</summary>
    Development,

    /// <summary>1000 to 1099: choose between models; every read is logged beside the results.</summary>
    Validation,

    /// <summary>5000 and above: the final examination. Every read is a line in the public ledger, written before the study runs.</summary>
    Sealed,
}

/// <summary>Which seeds are for what, section 8 of the protocol.</summary>
internal static class Seeds
{
    public const string Ranges = "0 to 99 are for development, 1000 to 1099 for validation, 5000 and above are sealed";

    /// <returns>The use of seeds from <paramref name="first"/> on, or null when they do not lie within one range.</returns>
    public static SeedUse? UseOf(ulong first, int worlds)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(worlds, 1);
        bool Within(ulong low, ulong high) => first >= low && first <= high && (ulong)worlds - 1 <= high - first;
        return Within(0, 99) ? SeedUse.Development : Within(1000, 1099) ? SeedUse.Validation : Within(5000, ulong.MaxValue) ? SeedUse.Sealed : null;
    }
}
