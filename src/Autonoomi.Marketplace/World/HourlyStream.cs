using System.Runtime.InteropServices;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Marketplace.World;

public enum StreamDataset { Traffic, Conversion }

/// <summary>
/// One message of the hourly stream: a change, not a total. Delivered at least once: rows with the same <see cref="Id"/> are the same message and count once.
/// Negative figures take back what earlier messages said.
/// </summary>
/// <param name="Id">Idempotency id, 32 hexadecimal digits.</param>
/// <param name="Dataset">Traffic rows carry impressions, clicks and cost, conversion rows orders, units and sales.</param>
/// <param name="DeliveredAt">World time.</param>
/// <param name="Hour">Start of the hour in which the click or impression happened.</param>
/// <param name="CampaignId">Parent.</param>
/// <param name="AdGroupId">Parent.</param>
/// <param name="TargetId">Keyword, target or auto clause.</param>
/// <param name="AdId">Product ad.</param>
/// <param name="Placement">Where it was shown.</param>
/// <param name="Impressions">Change.</param>
/// <param name="Clicks">Change.</param>
/// <param name="Cost">Change, in the marketplace's currency.</param>
/// <param name="Orders">Change of orders within 7 days of the click.</param>
/// <param name="Units">Change of their units.</param>
/// <param name="Sales">Change of their sales.</param>
public sealed record StreamRow(
    string Id, StreamDataset Dataset, DateTimeOffset DeliveredAt, DateTimeOffset Hour, long CampaignId, long AdGroupId, long TargetId, long AdId, Placement Placement,
    long Impressions, long Clicks, decimal Cost, int Orders, int Units, decimal Sales);

/// <summary>
/// Tells the day books as Amazon's stream would have: clicks an hour or two after their hour, three in a hundred up to thirty hours later, invalid ones taken
/// back when they are credited; orders within three hours, one in twenty up to two days late, cancelled and restated ones taken back. Impressions without a
/// click follow in the night. Two messages in a hundred come twice. When everything is delivered, at the latest 60 days after the click, the sums are the reports'.
/// </summary>
internal sealed class HourlyStream(
    Dice dice, IReadOnlyList<DayBook> days, AdAccount ads, Market market, DateOnly firstDay, DateTimeOffset start, long nowMinute, long lagMinutes, Func<DateOnly, long> midnight)
{
    private const int WindowDays = 7;
    private const long Hour = 60;

    private readonly record struct Key(StreamDataset Dataset, int Target, int Ad, int Placement, long Hour, long Delivered);

    private record struct Change(long Impressions, long Clicks, long Cents, int Orders, int Units, decimal Sales);

    /// <param name="span">Days of the clicks and impressions.</param>
    /// <returns>What was delivered until now, in the order of delivery.</returns>
    public IReadOnlyList<StreamRow> Rows(DateSpan span)
    {
        var changes = new Dictionary<Key, Change>();
        var first = Math.Max(0, span.First.DayNumber - firstDay.DayNumber);
        var last = Math.Min(span.Last.DayNumber - firstDay.DayNumber, days.Count - 1);
        for (var day = first; day <= last; day++)
        {
            foreach (var click in days[day].Clicks) Tell(changes, click);
            if (days[day].IsClosed) TellImpressions(changes, days[day], firstDay.AddDays(day));
        }

        var rows = new List<StreamRow>();
        foreach (var (key, change) in changes)
        {
            var row = RowOf(key, change);
            if (key.Delivered <= nowMinute) rows.Add(row);
            var again = Chance(key, 3) < 0.02 ? key.Delivered + (Hour * (1 + (long)(6 * Chance(key, 4)))) : long.MaxValue;
            if (again <= nowMinute) rows.Add(row with { DeliveredAt = start.AddMinutes(again) });
        }

        return [.. rows.OrderBy(row => row.DeliveredAt).ThenBy(row => row.Id, StringComparer.Ordinal)];
    }

    private void Tell(Dictionary<Key, Change> changes, Click click)
    {
        var hour = Floor(click.Minute);
        var fate = dice.Bits(Draw.Stream, click.Query.Index, click.Minute, (click.Product * 4L) + click.Placement);
        var delay = Share(fate, 0) < 0.03 ? 2 + (long)(28 * Share(fate, 1)) : 1 + (long)(2 * Share(fate, 1));
        Add(changes, StreamDataset.Traffic, click, hour, Floor(click.Minute) + (Hour * (1 + delay)), new Change(1, 1, click.Cents, 0, 0, 0));
        if (click.CreditedMinute is { } credited) Add(changes, StreamDataset.Traffic, click, hour, Ceiling(credited), new Change(0, -1, -click.Cents, 0, 0, 0));
        if (click.Order is not { Sale: { } sale } order || order.Minute - order.ClickMinute > WindowDays * 1440L) return;

        var bought = new Change(0, 0, 0, 1, order.Units, order.Units * sale.UnitPrice);
        var late = Share(fate, 2) < 0.05 ? 4 + (long)(44 * Share(fate, 3)) : 1 + (long)(2 * Share(fate, 3));
        var told = Math.Max(Floor(order.Minute) + (Hour * (1 + late)), Ceiling(order.Restatement.AppearsMinute ?? 0));
        Add(changes, StreamDataset.Conversion, click, hour, told, bought);
        if (Earliest(sale.CancelMinute + lagMinutes, order.Restatement.LeavesMinute) is { } gone)
        {
            Add(changes, StreamDataset.Conversion, click, hour, Ceiling(gone), new Change(0, 0, 0, -1, -bought.Units, -bought.Sales));
        }
    }

    // Spread over the day's hours as shoppers come; an impression with a click was told with it.
    private void TellImpressions(Dictionary<Key, Change> changes, DayBook book, DateOnly date)
    {
        var clicked = book.Clicks.CountBy(click => (click.Target, click.Ad, click.Placement)).ToDictionary();
        var (begin, end) = (midnight(date), midnight(date.AddDays(1)));
        var lines = book.Impressions!.Lines.SelectMany(shown => new[] { (shown.Line, 0, shown.Top), (shown.Line, 1, shown.Rest), (shown.Line, 2, shown.Pages) });
        foreach (var (line, placement, shown) in lines)
        {
            var (target, ad) = (line.Route.Place, line.Ad.Place);
            var rest = shown - clicked.GetValueOrDefault((target, ad, placement));
            var (share, told) = (0d, 0L);
            for (var hour = begin; hour < end; hour += Hour)
            {
                share += Season.HourShare[Math.Min(23, (hour - begin) / Hour)];
                var until = hour + Hour >= end ? rest : (long)(rest * Math.Min(1, share));
                if (until > told) Add(changes, new Key(StreamDataset.Traffic, target, ad, placement, hour, end + (2 * Hour)), new Change(until - told, 0, 0, 0, 0, 0));
                told = Math.Max(told, until);
            }
        }
    }

    private static void Add(Dictionary<Key, Change> changes, StreamDataset dataset, Click click, long hour, long delivered, Change change) =>
        Add(changes, new Key(dataset, click.Target, click.Ad, click.Placement, hour, delivered), change);

    private static void Add(Dictionary<Key, Change> changes, Key key, Change change)
    {
        ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(changes, key, out _);
        sum = new Change(
            sum.Impressions + change.Impressions, sum.Clicks + change.Clicks, sum.Cents + change.Cents, sum.Orders + change.Orders, sum.Units + change.Units, sum.Sales + change.Sales);
    }

    private StreamRow RowOf(Key key, Change change)
    {
        var target = ads.Targets[key.Target];
        return new StreamRow(
            $"{Bits(key, 0):x16}{Bits(key, 1):x16}", key.Dataset, start.AddMinutes(key.Delivered), start.AddMinutes(key.Hour), target.CampaignId, target.AdGroupId, target.Id,
            ads.ProductAds[key.Ad].Id, (Placement)key.Placement, change.Impressions, change.Clicks, change.Cents * market.SmallestUnit, change.Orders, change.Units, change.Sales);
    }

    private ulong Bits(Key key, int draw) => dice.Bits(
        Draw.Stream, ads.Targets[key.Target].Id, (key.Hour << 24) ^ key.Delivered, (((((long)key.Ad * 4) + key.Placement) * 2) + (long)key.Dataset) * 8 + draw);

    private double Chance(Key key, int draw) => Dice.ToUnit(Bits(key, draw));

    // Four independent shares out of 64 bits.
    private static double Share(ulong bits, int place) => ((bits >> (16 * place)) & 0xFFFF) / 65_536d;

    private static long Floor(long minute) => minute / Hour * Hour;

    private static long Ceiling(long minute) => Floor(minute + Hour - 1);

    private static long? Earliest(long? one, long? other) => one is null || other < one ? other : one;
}
