using System.Text.Json.Serialization;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;
using Autonoomi.Vault;

namespace Autonoomi.App.Platform.Storefronts;

/// <summary>Until when a person does not want to see a proposal.</summary>
/// <param name="Until">Reporting day on which it comes back.</param>
/// <param name="Gain">What it was expected to bring in 30 days when it was put aside.</param>
/// <param name="Moved">It comes back sooner once the expected gain differs from <paramref name="Gain"/> by this much, above zero; null where the day alone counts.</param>
public sealed record Snooze(DateOnly Until, Money Gain, Money? Moved = null)
{
    /// <summary>For how many days one can be put aside.</summary>
    public static readonly int[] Spans = [1, 3, 7, 30];

    /// <summary>One that waits for its figures comes back after so many days at the latest.</summary>
    public const int LongestDays = 30;

    /// <param name="today">Reporting day.</param>
    /// <param name="gain">What it is expected to bring now.</param>
    public bool IsOver(DateOnly today, Money gain) => today >= Until || (Moved is { } moved && Math.Abs(gain.Amount - Gain.Amount) >= moved.Amount);
}

/// <summary>How long a person's no counts.</summary>
/// <param name="On">Reporting day on which it was said.</param>
/// <param name="Gain">What the change was expected to bring in 30 days.</param>
/// <param name="AskedOn">The last day on which newer figures asked for the same change and were not heard; null when they never did.</param>
/// <param name="AskedGain">What it was expected to bring then.</param>
public sealed record Rejection(DateOnly On, Money Gain, DateOnly? AskedOn = null, Money? AskedGain = null)
{
    /// <summary>Days for which the same change for the same reason is not proposed again.</summary>
    public const int Days = 14;

    /// <summary>An expected gain this many times as large is news.</summary>
    public const int Times = 2;

    /// <summary>First day on which it may be proposed again.</summary>
    [JsonIgnore]
    public DateOnly Until => On.AddDays(Days);

    /// <summary>The expected gain at which it is proposed again before; null where nothing was expected, and then only time counts.</summary>
    [JsonIgnore]
    public Money? Enough => Gain.Amount > 0 ? Gain * Times : null;

    /// <param name="today">Reporting day.</param>
    /// <param name="gain">What the change is expected to bring now.</param>
    public bool Holds(DateOnly today, Money gain) => today < Until && !(Enough is { } enough && gain >= enough);
}

/// <summary>The same change for the same reason, from one decision to the next: ids of proposals hold the day, this does not.</summary>
public readonly record struct SameChange(string Entity, ReasonCode Reason, int Direction)
{
    public static SameChange Of(Proposal proposal) => new(proposal.Change.EntityKey, proposal.Reason, proposal.Change switch
    {
        SetBid bid => Math.Sign(bid.After.Amount - bid.Before.Amount),
        SetBudget budget => Math.Sign(budget.After.Amount - budget.Before.Amount),
        SetPlacement placement => Math.Sign(placement.AfterPercent - placement.BeforePercent),
        _ => 0,
    });
}

/// <summary>What a new decision does with a proposal that a person has put aside.</summary>
/// <param name="Snooze">It goes on waiting until then; null when it is not proposed at all.</param>
/// <param name="Before">The record in which the person's word stands; null where it is held because it moves together with one.</param>
public sealed record Aside(Snooze? Snooze, VaultRecord<StoredProposal>? Before);

/// <summary>What people put aside and refused, held against a new decision. A pure function of records and proposals.</summary>
public static class PutAside
{
    /// <param name="known">Records of the storefront's proposals.</param>
    /// <param name="proposals">Of the new decision.</param>
    /// <param name="today">Reporting day of the decision.</param>
    /// <returns>What is held, by proposal; everything else may be asked.</returns>
    public static IReadOnlyDictionary<ProposalId, Aside> Of(IEnumerable<VaultRecord<StoredProposal>> known, IReadOnlyCollection<Proposal> proposals, DateOnly today)
    {
        var said = new Dictionary<SameChange, VaultRecord<StoredProposal>>();
        foreach (var record in known.Where(record => Said(record) is not null).OrderBy(Said).ThenBy(record => record.Id, StringComparer.Ordinal)) said[SameChange.Of(record.Value.Proposal)] = record;
        var held = new Dictionary<ProposalId, Aside>();
        if (said.Count == 0) return held;
        foreach (var proposal in proposals)
        {
            if (!said.TryGetValue(SameChange.Of(proposal), out var record)) continue;
            if (record.State == ProposalState.Snoozed && !record.Value.Snooze!.IsOver(today, proposal.Effect.Mean)) held[proposal.Id] = new(record.Value.Snooze, record);
            else if (record.State == ProposalState.Rejected && record.Value.Rejection!.Holds(today, proposal.Effect.Mean)) held[proposal.Id] = new(null, record);
        }

        // A placement is not asked for without the bids that make room for it. Bids that fall may be asked for alone: without the placement they are a little low, which harms nobody.
        foreach (var group in MovesTogether.Groups(proposals))
        {
            if (group.Select(member => held.GetValueOrDefault(member.Id)).FirstOrDefault(aside => aside is not null) is not { } first) continue;
            foreach (var member in group.Where(member => !held.ContainsKey(member.Id) && !IsLowered(member.Change)))
                held[member.Id] = new(first.Snooze is { } snooze ? snooze with { Gain = member.Effect.Mean } : null, said.GetValueOrDefault(SameChange.Of(member)) is { State: ProposalState.Snoozed } own ? own : null);
        }

        return held;
    }

    private static bool IsLowered(Change change) => change is SetBid bid && bid.After < bid.Before;

    // The younger word counts.
    private static DateOnly? Said(VaultRecord<StoredProposal> record) => record switch
    {
        { State: ProposalState.Snoozed, Value.Snooze: not null } => record.Value.Created,
        { State: ProposalState.Rejected, Value.Rejection: { } rejection } => rejection.On,
        _ => null,
    };
}
