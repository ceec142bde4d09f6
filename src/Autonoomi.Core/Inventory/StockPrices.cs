using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;
using Autonoomi.Core.Signals;

namespace Autonoomi.Core.Inventory;

/// <summary>What a unit in stock is worth kept for buyers who come without an ad, while stock does not last until the next delivery. See docs/maths/inventory.md.</summary>
internal sealed class StockPrices
{
    private const int DefaultLeadTimeDays = 30;
    private const int RateDays = 30;
    private const int FewestRateDays = 7;
    private const double LateShare = 0.2;
    private const double LikelyShare = 0.8;
    private const double YesterdaysWeight = 1.0 / 3;

    public StockPrices(Measurement measured, DecisionSettings settings)
    {
        var products = measured.Structure.Products.Length;
        Price = new double[products];
        IsOut = new bool[products];
        CoverDays = new double[products];
        HorizonDays = new double[products];
        Units = new double[products];
        UnitsADay = new double[products];
        Plans = new StockPlans(measured.Workspace, measured.Structure);
        Array.Fill(CoverDays, double.PositiveInfinity);

        var days = measured.Shelves;
        var sold = UnitsByDay(measured.Workspace.OrderDays, "units", measured);
        var economicsUnits = UnitsByDay(measured.Workspace.SkuDays, "units_ordered", measured);
        var advertised = UnitsByDay(measured.Workspace.ProductDays, "units", measured);
        for (var cell = 0; cell < advertised.Length; cell++) advertised[cell] /= measured.MaturityOf(-1).VisibleShare(cell % StockDays.Days);
        var hidden = measured.Workspace.Listings.Where(listing => !listing.Buyable).Select(listing => measured.Structure.Product(listing.Sku)).ToHashSet();
        var since = ShortSince(measured);
        for (var product = 0; product < products; product++)
        {
            IsOut[product] = hidden.Contains(product);
            if (days.Newest(product) is not (>= 0 and var newest)) continue;
            var stock = days.Stock(product, newest)!.Value;
            IsOut[product] |= stock <= 0;
            if (measured.Products[product] is not { IsKnown: true } economics || economics.ContributionPerUnit <= 0) continue;

            // While ads are held back their sales say little about what they would sell: the days before count.
            var served = days.Served(product, RateDays, since[product]);
            if (served.Count < FewestRateDays) served = days.Served(product, RateDays);
            var units = Math.Max(Rate(sold, product, served), Rate(economicsUnits, product, served));
            var byAds = Math.Min(units, Rate(advertised, product, served));
            var lead = economics.LeadTimeDays > 0 ? economics.LeadTimeDays : DefaultLeadTimeDays;
            var horizon = DaysToDelivery(days, product, newest, lead);
            HorizonDays[product] = horizon;
            (Units[product], UnitsADay[product]) = (stock, units);
            CoverDays[product] = units > 0 ? stock / units : double.PositiveInfinity;

            double At(double shelf, double left) => Find(shelf, (units - byAds) * left, byAds * left, economics.ContributionPerUnit, settings.ClickElasticity);
            var price = At(stock, horizon);

            // One busy day is no shortage: yesterday's shelf has a say, unless goods have come since.
            if (days.Stock(product, newest + 1) is { } before && before >= stock) price = (1 - YesterdaysWeight) * price + YesterdaysWeight * At(before, horizon + 1);
            Price[product] = stock > 0 ? price * settings.InventoryWeight : 0;
        }
    }

    /// <summary>Per product: money per unit, zero while stock lasts.</summary>
    public double[] Price { get; }

    /// <summary>Per product: nothing left to sell, or the offer cannot be bought.</summary>
    public bool[] IsOut { get; }

    /// <summary>Per product: days that stock lasts at usual sales; infinite without sales or without a figure.</summary>
    public double[] CoverDays { get; }

    /// <summary>Per product: days until the next delivery is likely to have come.</summary>
    public double[] HorizonDays { get; }

    /// <summary>Per product: units in stock; zero without a figure.</summary>
    public double[] Units { get; }

    /// <summary>Per product: units that sell on a day with stock; zero without a figure.</summary>
    public double[] UnitsADay { get; }

    /// <summary>What Amazon tells of its warehouses.</summary>
    public StockPlans Plans { get; }

    /// <summary>The price at which expected demand just meets the stock.</summary>
    /// <param name="stock">Units available.</param>
    /// <param name="organic">Units that sell without ads until the delivery.</param>
    /// <param name="byAds">Units that ads sell until the delivery at the present bids.</param>
    /// <param name="contribution">Of a unit before ads, above zero.</param>
    /// <param name="elasticity">Percent less ad demand per percent less value.</param>
    /// <returns>Money per unit, 0 to <paramref name="contribution"/>.</returns>
    public static double Find(double stock, double organic, double byAds, double contribution, double elasticity)
    {
        if (stock >= organic + byAds) return 0;
        if (stock <= organic) return contribution;
        var (low, high) = (0.0, contribution);
        for (var step = 0; step < 40; step++)
        {
            var middle = (low + high) / 2;
            if (organic + byAds * Math.Pow((contribution - middle) / contribution, elasticity) > stock) low = middle;
            else high = middle;
        }

        return high;
    }

    /// <summary>
    /// Days after which the next delivery has come with a chance of 80 %: the lead time when nothing is under way or when the lot was seen to leave; a lot that
    /// was under way when we first looked may be of any age. What is overdue is given a fifth of the lead time.
    /// </summary>
    public static double Remaining(int lead, bool isUnderWay, int watchedDays, bool seenLeaving)
    {
        if (!isUnderWay) return lead;
        var left = seenLeaving ? lead - watchedDays : LikelyShare * (lead - watchedDays);
        return Math.Max(Math.Ceiling(LateShare * lead), Math.Ceiling(left));
    }

    private static double DaysToDelivery(StockDays days, int product, int newest, int lead)
    {
        var (watched, seen) = days.UnderWay(product);
        return Remaining(lead, days.Inbound(product, newest) > 0, watched, seen);
    }

    // Per product the age of the newest day before ads were held back for want of stock; 0 where they are not.
    private static int[] ShortSince(Measurement measured)
    {
        const int Pause = 10;
        var since = new int[measured.Structure.Products.Length];
        var newest = new DateTimeOffset?[since.Length];
        var now = ChangeHistory.Now(measured.Workspace);
        foreach (var applied in measured.Workspace.Changes.Where(applied => applied is { Reason: ReasonCode.LowStock, Product: not null }).OrderByDescending(applied => applied.At))
        {
            if (measured.Structure.Product(applied.Product!.Value) is not (>= 0 and var product) || applied.At > now) continue;
            if (((newest[product] ?? now) - applied.At).TotalDays > Pause) continue;
            newest[product] = applied.At;
            since[product] = (int)Math.Ceiling((now - applied.At).TotalDays);
        }

        return since;
    }

    private static double Rate(double[] byDay, int product, List<int> ages)
    {
        double sum = 0;
        foreach (var age in ages) sum += byDay[product * StockDays.Days + age];
        return sum / Math.Max(FewestRateDays, ages.Count);
    }

    private static double[] UnitsByDay(FactTable table, string column, Measurement measured)
    {
        var sums = new double[measured.Structure.Products.Length * StockDays.Days];
        var days = table.Ints("day");
        var skus = table.Texts("sku");
        var productOf = skus.Words.Select(word => measured.Structure.Product(new Sku(word))).ToArray();
        var units = table.Longs(column);
        for (var row = 0; row < table.Rows; row++)
        {
            var age = measured.Workspace.Today.DayNumber - days[row] - 1;
            if (age is >= 0 and < StockDays.Days && productOf[skus.Codes[row]] is >= 0 and var product) sums[product * StockDays.Days + age] += units[row];
        }

        return sums;
    }
}
