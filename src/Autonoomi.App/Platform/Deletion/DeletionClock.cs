using Autonoomi.App.Platform.Data;

namespace Autonoomi.App.Platform.Deletion;

/// <summary>The days of a deletion, counted as twenty-four hours each from the instant that started it.</summary>
public static class DeletionClock
{
    /// <summary>Everything is stopped within this time.</summary>
    public static readonly TimeSpan Stop = TimeSpan.FromMinutes(1);

    /// <summary>So long the data can still be taken along, and the deletion taken back.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromDays(13);

    /// <summary>Rows and key are gone by then.</summary>
    public static readonly TimeSpan Gone = TimeSpan.FromDays(14);

    /// <summary>A backup lives so long at most.</summary>
    public static readonly TimeSpan Backups = TimeSpan.FromDays(14);

    /// <summary>Nothing is left anywhere by then.</summary>
    public static readonly TimeSpan Everywhere = TimeSpan.FromDays(28);

    /// <summary>When the rows go.</summary>
    public static DateTimeOffset RowsGo(DateTimeOffset started) => started + Window;

    /// <summary>When the last backup that could hold anything is past its life.</summary>
    public static DateTimeOffset BackupsGo(DateTimeOffset keyGone) => keyGone + Backups;

    /// <summary>Of several starts the earliest counts.</summary>
    public static DateTimeOffset Earliest(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    /// <summary>Which promise of time a deletion has broken; null while it keeps them all.</summary>
    public static string? Late(DeletionRow row, DateTimeOffset now) => row.State switch
    {
        DeletionState.Requested when now > row.StartedAt + Stop => "everything should be stopped",
        DeletionState.Stopped or DeletionState.RowsGone when now > row.StartedAt + Gone => "rows and key should be gone",
        DeletionState.KeyGone when now > row.StartedAt + Everywhere => "it should be closed",
        _ => null,
    };
}
