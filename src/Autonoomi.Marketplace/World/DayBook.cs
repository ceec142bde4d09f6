namespace Autonoomi.Marketplace.World;

/// <summary>One click on one of the seller's ads.</summary>
internal sealed class Click
{
    public required long Minute { get; init; }
    public required AdLine Line { get; init; }
    public required Query Query { get; init; }
    public required int Placement { get; init; }

    /// <summary>In the market's smallest unit.</summary>
    public required int Cents { get; init; }

    /// <summary>Minute from which Amazon no longer counts or charges it; null for an honest click.</summary>
    public long? CreditedMinute { get; init; }

    public AdOrder? Order { get; set; }

    public int Product => Line.Ad.Product;

    /// <summary>Place among the account's targets.</summary>
    public int Target => Line.Route.Place;

    /// <summary>Place among the account's ads.</summary>
    public int Ad => Line.Ad.Place;
}

/// <summary>What a click led to, sooner or later.</summary>
internal sealed class AdOrder
{
    public required long ClickMinute { get; init; }
    public required long Minute { get; init; }
    public required Query Query { get; init; }
    public required int AdvertisedProduct { get; init; }
    public required int Product { get; init; }
    public required int Units { get; init; }

    /// <summary>What later restatements do to it in the reports.</summary>
    public required Restatement Restatement { get; init; }

    /// <summary>Keys of the shop's draws.</summary>
    public required long Time { get; init; }
    public required long Draw { get; init; }
    public required int ClickDay { get; init; }

    /// <summary>Set when the purchase happened; stays null before it and when the shelf was empty.</summary>
    public Sale? Sale { get; set; }

    /// <returns>Whether a report drawn now counts it for a window of so many days.</returns>
    public bool IsVisible(long nowMinute, long lagMinutes, int windowDays) =>
        Sale is not null && Minute + lagMinutes <= nowMinute && Minute - ClickMinute <= windowDays * 1440L
        && !(Sale.CancelMinute + lagMinutes <= nowMinute) && !(Restatement.AppearsMinute > nowMinute) && !(Restatement.LeavesMinute <= nowMinute);

    /// <returns>The next minute at which reports may tell something else about it.</returns>
    public long ChangesAfter(long nowMinute, long lagMinutes)
    {
        var next = long.MaxValue;
        Look(Minute + lagMinutes);
        Look(Sale?.CancelMinute + lagMinutes);
        Look(Restatement.AppearsMinute);
        Look(Restatement.LeavesMinute);
        return next;

        void Look(long? minute)
        {
            if (minute > nowMinute && minute < next) next = minute.Value;
        }
    }
}

/// <summary>Impressions of one line on one day, by placement.</summary>
internal readonly record struct Shown(AdLine Line, int Top, int Rest, int Pages);

/// <summary>Everything advertising did on one reporting day, and the truth about it. Amounts of truth in the marketplace's currency.</summary>
internal sealed class DayBook
{
    public List<Click> Clicks { get; } = [];

    /// <summary>Of a day that is over.</summary>
    public Impressions? Impressions { get; set; }

    public double ExpectedProfit { get; set; }

    /// <summary>Expected profit without what would have come anyway.</summary>
    public double IncrementalProfit { get; set; }

    public double ExpectedSpend { get; set; }
    public double ExpectedSales { get; set; }
    public double RealisedProfit { get; set; }

    /// <summary>Share of the day's shoppers that each product could have served, by part of the day: product × regime.</summary>
    public required double[,] Served { get; init; }

    public bool IsClosed => Impressions is not null;
}
