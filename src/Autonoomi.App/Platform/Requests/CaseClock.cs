using Autonoomi.App.Platform.Data;

namespace Autonoomi.App.Platform.Requests;

/// <summary>The days of a request, counted as twenty-four hours each from the instant that it came in.</summary>
public static class CaseClock
{
    /// <summary>Every request is answered by then.</summary>
    public static readonly TimeSpan Answer = TimeSpan.FromDays(30);

    /// <summary>A child's account is deleted by then.</summary>
    public static readonly TimeSpan Child = TimeSpan.FromDays(7);

    /// <summary>So long a report of a child can be found wrong and the account be given back.</summary>
    public static readonly TimeSpan Mistaken = TimeSpan.FromDays(6);

    /// <summary>A request that has no more than this left is told as soon due.</summary>
    public static readonly TimeSpan Soon = TimeSpan.FromDays(9);

    public static DateTimeOffset DueAt(CaseKind kind, DateTimeOffset opened) => opened + (kind == CaseKind.Child ? Child : Answer);

    public static bool IsLate(CaseRow row, DateTimeOffset now) => row.State == CaseState.Open && now > row.DueAt;

    public static bool IsSoon(CaseRow row, DateTimeOffset now) => row.State == CaseState.Open && now <= row.DueAt && row.DueAt - now <= Soon;
}
