namespace Autonoomi.App.Platform.Data;

public enum RunKind
{
    /// <summary>Sync, measure, decide, apply, read back.</summary>
    Full,

    /// <summary>Writes what a person approved.</summary>
    Apply,

    /// <summary>Writes the inverse of an applied change.</summary>
    Undo,

    /// <summary>Looks whether Amazon still takes the seller's consents; of no storefront.</summary>
    Look,

    /// <summary>Reads what the day has cost so far, and keeps it within its cap.</summary>
    Hour,

    /// <summary>Takes away what has reached its limit; of no storefront.</summary>
    Retain,

    /// <summary>Writes what a person changed directly.</summary>
    Edit,

    /// <summary>Makes campaigns that a person launched.</summary>
    Launch,
}

public enum RunState { Running, Done, Failed }

public enum StepState { Waiting, Done, Failed }

public enum IntentState
{
    /// <summary>May have reached Amazon; nobody may repeat it before its deadline has passed and Amazon was asked.</summary>
    Open,

    /// <summary>Amazon's answer, or what reading back showed, is recorded.</summary>
    Closed,
}

/// <summary>One pass for one storefront, as a list of steps.</summary>
public sealed class RunRow
{
    public Guid Id { get; init; }
    public Guid Seller { get; init; }
    public long Storefront { get; init; }
    public RunKind Kind { get; init; }
    public RunState State { get; set; }
    public DateTimeOffset RequestedAt { get; init; }
    public DateTimeOffset? FinishedAt { get; set; }

    /// <summary>Why it failed, in a person's words, sealed by the application key.</summary>
    public byte[]? SealedError { get; set; }
}

/// <summary>One step of a run. Written before it happens (Waiting) and after (Done), the second time in one transaction with its data.</summary>
public sealed class StepRow
{
    public Guid Run { get; init; }
    public int Ordinal { get; init; }
    public Guid Seller { get; init; }

    /// <summary>Which handler works on it.</summary>
    public required string Kind { get; init; }
    public StepState State { get; set; }
    public int Attempts { get; set; }

    /// <summary>Not to be looked at before this instant.</summary>
    public DateTimeOffset? NotBefore { get; set; }

    /// <summary>The handler's own notes (report ids, proposal ids), JSON, sealed by the application key.</summary>
    public byte[]? SealedNotes { get; set; }

    /// <summary>Rows read or changes written.</summary>
    public long Count { get; set; }
    public DateTimeOffset? FinishedAt { get; set; }
}

/// <summary>A batch of writes to Amazon that is about to be sent: on disk before the first byte leaves.</summary>
public sealed class IntentRow
{
    public Guid Id { get; init; }
    public Guid Seller { get; init; }
    public Guid Run { get; init; }
    public int Step { get; init; }
    public IntentState State { get; set; }

    /// <summary>The request is given up by then: afterwards what Amazon shows is what happened.</summary>
    public DateTimeOffset Deadline { get; set; }

    /// <summary>What is written, JSON, sealed by the application key.</summary>
    public required byte[] SealedWrites { get; init; }
}

/// <summary>How full a slow bucket of Amazon's rate limits was when it was last taken from. All of it is in clear, and none of it says more than which operation was called when.</summary>
public sealed class RateBucketRow
{
    public Guid Seller { get; init; }

    /// <summary>Method, path pattern and what tells several buckets of one seller apart.</summary>
    public required string Operation { get; init; }
    public double Tokens { get; set; }
    public DateTimeOffset At { get; set; }
}
