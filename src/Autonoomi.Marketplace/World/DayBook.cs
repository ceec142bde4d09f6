namespace Autonoomi.Marketplace.World;

/// <summary>One click on one of the seller's ads.</summary>
internal sealed class Click
{
    public required long Minute { get; init; }
    public required int Target { get; init; }
    public required int Ad { get; init; }
    public required int Product { get; init; }
    public required Query Query { get; init; }
    public required int Placement { get; init; }
    public required int Cents { get; init; }

    /// <summary>Minute from which Amazon no longer counts or charges it; null for an honest click.</summary>
    public long? CreditedMinute { get; init; }

    public AdOrder? Order { get; set; }
}

/// <summary>What a click led to, sooner or later.</summary>
internal sealed class AdOrder
{
    public required long ClickMinute { get; init; }
    public required long Minute { get; init; }
    public required int AdvertisedProduct { get; init; }
    public required int Product { get; init; }
    public required int Units { get; init; }

    /// <summary>Minute of a later restatement that takes the order out of the reports; null for most.</summary>
    public long? RestatedMinute { get; init; }

    /// <summary>Keys of the shop's draws.</summary>
    public required long Hour { get; init; }
    public required long Draw { get; init; }
    public required int ClickDay { get; init; }

    /// <summary>Set when the purchase happened; stays null before it and when the shelf was empty.</summary>
    public Sale? Sale { get; set; }

    /// <returns>Whether a report drawn now counts it for a window of so many days.</returns>
    public bool IsVisible(long nowMinute, long lagMinutes, int windowDays) =>
        Sale is not null && Minute + lagMinutes <= nowMinute && Minute - ClickMinute <= windowDays * 1440L
        && !(Sale.CancelMinute + lagMinutes <= nowMinute) && !(RestatedMinute <= nowMinute);
}

/// <summary>Everything advertising did on one reporting day, and the truth about it.</summary>
internal sealed class DayBook
{
    public List<Click> Clicks { get; } = [];

    public Dictionary<(int Target, int Ad, int Placement), long> Impressions { get; } = [];

    /// <summary>Kept only for terms with clicks once the day is over.</summary>
    public Dictionary<(int Target, int Query), long> TermImpressions { get; private set; } = [];

    public double ExpectedProfit { get; set; }
    public double ExpectedSpend { get; set; }
    public double RealisedProfit { get; set; }

    /// <summary>Share of the day's shoppers that each product could have served, by part of the day: product × regime.</summary>
    public required double[,] Served { get; init; }

    public bool IsClosed { get; private set; }

    public void Close()
    {
        IsClosed = true;
        var clicked = Clicks.Select(click => (click.Target, click.Query.Index)).ToHashSet();
        TermImpressions = TermImpressions.Where(entry => clicked.Contains((entry.Key.Target, entry.Key.Query))).ToDictionary();
    }
}
