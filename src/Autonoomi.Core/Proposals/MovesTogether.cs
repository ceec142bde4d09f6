using System.Collections.Immutable;

namespace Autonoomi.Core.Proposals;

/// <summary>
/// What a person decides on together: a campaign's placements, and the bids that were worked out for them. Bids that fall make room for increases that rise, and
/// the other way round; one without the other would pay more, or less, than anybody meant (G2). See docs/maths/placements.md.
/// </summary>
public static class MovesTogether
{
    /// <param name="items">Of one decision.</param>
    /// <param name="change">What an item writes, and which part of the optimiser asked; null for a person's own change, which belongs to nothing.</param>
    /// <returns>Groups of two or more, in the order in which their first members came; no item is in two of them.</returns>
    public static ImmutableArray<ImmutableArray<T>> Groups<T>(IEnumerable<T> items, Func<T, (Change Change, Module? Module)> change)
    {
        var groups = ImmutableArray.CreateBuilder<ImmutableArray<T>>();

        // What takes changes back goes with what else is taken back.
        foreach (var campaign in items.Select(item => (Item: item, Asked: change(item))).Where(item => item.Asked.Module is not null)
            .GroupBy(item => (item.Asked.Change.Campaign, item.Asked.Module == Module.Rollback)))
        {
            var placements = campaign.Select(item => item.Asked.Change).OfType<SetPlacement>().ToList();
            if (placements.Count == 0) continue;
            var (rise, fall) = (placements.Exists(placement => placement.AfterPercent > placement.BeforePercent), placements.Exists(placement => placement.AfterPercent < placement.BeforePercent));
            var members = campaign.Where(item => item.Asked.Change switch
            {
                SetPlacement => true,
                SetBid bid => (rise && bid.After < bid.Before) || (fall && bid.After > bid.Before),
                _ => false,
            }).Select(item => item.Item).ToImmutableArray();
            if (members.Length > 1) groups.Add(members);
        }

        return groups.ToImmutable();
    }

    /// <returns>All items in their order, but each group where its first member stands.</returns>
    public static IEnumerable<ImmutableArray<T>> Units<T>(IReadOnlyList<T> items, IEnumerable<ImmutableArray<T>> groups)
        where T : notnull
    {
        var groupOf = groups.SelectMany(group => group.Select(member => (member, group))).ToDictionary(pair => pair.member, pair => pair.group);
        var placed = new HashSet<T>();
        foreach (var item in items.Where(item => !placed.Contains(item)))
        {
            var unit = groupOf.TryGetValue(item, out var group) ? group : [item];
            placed.UnionWith(unit);
            yield return unit;
        }
    }

    /// <inheritdoc cref="Groups{T}"/>
    public static ImmutableArray<ImmutableArray<Proposal>> Groups(IEnumerable<Proposal> items) => Groups(items, proposal => (proposal.Change, proposal.Module));
}
