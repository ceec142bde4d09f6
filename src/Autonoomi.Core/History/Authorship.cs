using System.Globalization;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Proposals;

namespace Autonoomi.Core.History;

/// <param name="Event">What Amazon shows.</param>
/// <param name="Ours">The change of ours that it is; null when somebody else made it: a person in the console, another tool, Amazon itself.</param>
public sealed record AttributedEvent(AccountEvent Event, JournalEntry? Ours)
{
    public bool IsOurs => Ours is not null;
}

/// <param name="Applied">One change that we wrote.</param>
/// <param name="CreatedId">Amazon's id of what it created.</param>
public sealed record JournalEntry(AppliedChange Applied, long? CreatedId = null);

/// <summary>
/// Who changed it. Amazon's history names no author, so every event is compared with our own journal: the same entity, the same field, the same value, at about the same time. An event
/// that is not ours was made by somebody else. Each of our changes explains one event, so that a person who sets back our value and ours again is seen.
/// </summary>
public static class Authorship
{
    /// <summary>Amazon shows events up to twelve hours late but dates them when they happened; clocks and batches differ by minutes.</summary>
    public static readonly TimeSpan Slack = TimeSpan.FromMinutes(15);

    /// <param name="events">In any order.</param>
    /// <param name="journal">In any order.</param>
    /// <returns>The events, oldest first.</returns>
    public static IReadOnlyList<AttributedEvent> Attribute(IEnumerable<AccountEvent> events, IEnumerable<JournalEntry> journal)
    {
        var open = new Dictionary<(EventField, long), List<JournalEntry>>();
        foreach (var entry in journal.OrderBy(entry => entry.Applied.At))
        {
            if (Subject(entry) is not { } subject) continue;
            if (!open.TryGetValue(subject, out var list)) open.Add(subject, list = []);
            list.Add(entry);
        }

        var attributed = new List<AttributedEvent>();
        foreach (var happened in events.OrderBy(happened => happened.At).ThenBy(happened => happened.Id))
        {
            JournalEntry? ours = null;
            if (open.TryGetValue((happened.Field, happened.Id), out var candidates))
            {
                ours = candidates.Where(entry => (entry.Applied.At - happened.At).Duration() <= Slack && Says(entry.Applied.Change, happened)).MinBy(entry => (entry.Applied.At - happened.At).Duration());
                if (ours is not null) candidates.Remove(ours);
            }

            attributed.Add(new(happened, ours));
        }

        return attributed;
    }

    private static (EventField, long)? Subject(JournalEntry entry) => entry.Applied.Change switch
    {
        SetBid bid => (EventField.Bid, bid.Target.Value),
        SetBudget budget => (EventField.Budget, budget.Campaign.Value),
        SetPlacement placement => (EventField.Placement, placement.Campaign.Value),
        SetTargetState state => (EventField.State, state.Target.Value),
        SetCampaignState state => (EventField.State, state.Campaign.Value),
        SetAdGroupState state => (EventField.State, state.AdGroup.Value),
        ArchiveNegative negative => (EventField.State, negative.Negative.Value),
        CreateTarget or AddNegative => entry.CreatedId is { } id ? (EventField.State, id) : null,
        _ => null,
    };

    private static bool Says(Change change, AccountEvent happened) => change switch
    {
        SetBid bid => Is(happened.After, bid.After.Amount),
        SetBudget budget => Is(happened.After, budget.After.Amount),
        SetPlacement placement => Is(happened.After, placement.AfterPercent),
        SetTargetState state => Is(happened.After, state.After),
        SetCampaignState state => Is(happened.After, state.After),
        SetAdGroupState state => Is(happened.After, state.After),
        ArchiveNegative => Is(happened.After, EntityState.Archived),
        CreateTarget or AddNegative => Is(happened.After, EntityState.Enabled),
        _ => false,
    };

    private static bool Is(string? text, decimal value) => decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number == value;

    private static bool Is(string? text, EntityState state) => string.Equals(text, state.ToString(), StringComparison.OrdinalIgnoreCase);
}
