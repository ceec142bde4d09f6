namespace Autonoomi.Policies.Reports;

/// <summary>Clicks, cost, orders and sales of some days, per target and summed over ad groups, campaigns, products and the account. Money in currency units, never below zero.</summary>
internal sealed class Window
{
    private readonly Account account;

    /// <param name="account">Whose facts.</param>
    /// <param name="days">How many days, at least 1.</param>
    /// <param name="skip">Latest complete days left out; today never counts.</param>
    /// <param name="halfLifeDays">Days after which everything counts half; infinite counts all days alike.</param>
    /// <param name="completeness">Share of a day's orders that is taken to be visible, by age from yesterday on, above 0; later ages are complete. Orders and sales are divided by it.</param>
    public Window(Account account, int days, int skip = 0, double halfLifeDays = double.PositiveInfinity, ReadOnlySpan<double> completeness = default)
    {
        this.account = account;
        Targets = new Sums(account.Targets.Length);
        var table = account.Workspace.TargetDays;
        var keys = table.Keys("target_id");
        var positions = new int[keys.Values.Length];
        for (var index = 0; index < positions.Length; index++) positions[index] = account.TargetOf(keys.Values[index]);

        var last = account.Workspace.Today.DayNumber - 1 - skip;
        var first = last - days + 1;
        var weights = new double[days];
        var conversions = new double[days];
        for (var index = 0; index < days; index++)
        {
            weights[index] = Math.Pow(0.5, (skip + index) / halfLifeDays);
            conversions[index] = weights[index] / (skip + index < completeness.Length ? completeness[skip + index] : 1);
        }

        var codes = keys.Codes;
        var day = table.Ints("day");
        var impressions = table.Longs("impressions");
        var clicks = table.Longs("clicks");
        var cost = table.Longs("cost");
        var orders = table.Longs("orders");
        var sales = table.Longs("sales");
        for (var row = 0; row < codes.Length; row++)
        {
            if (day[row] < first || day[row] > last || positions[codes[row]] is var target && target < 0) continue;
            var (weight, conversion) = (weights[last - day[row]], conversions[last - day[row]]);
            if (impressions[row] > 0) Targets.Days[target]++;
            Targets.Impressions[target] += weight * impressions[row];
            Targets.Clicks[target] += weight * clicks[row];
            Targets.Cost[target] += weight * cost[row];
            Targets.Orders[target] += conversion * orders[row];
            Targets.Sales[target] += conversion * sales[row];
        }

        Targets.Settle();
        Groups = Summed(account.TargetGroup, account.GroupProduct.Length);
        Campaigns = Summed(account.TargetCampaign, account.Campaigns.Length);
        Products = Summed(account.TargetProduct, account.Products);
        Total = Summed(new int[account.Targets.Length], 1);
    }

    public Sums Targets { get; }
    public Sums Groups { get; }
    public Sums Campaigns { get; }
    public Sums Products { get; }

    /// <summary>The whole account: one entry.</summary>
    public Sums Total { get; }

    /// <summary>Orders per click of the target's ad group or, where that has none, of its product or the account: a parent speaks for its children.</summary>
    /// <returns>Above 0; null when the whole account has no order.</returns>
    public double? ParentConversion(int target)
    {
        if (Groups.Conversion(account.TargetGroup[target]) is var group and > 0) return group;
        if (Products.Conversion(account.TargetProduct[target]) is var product and > 0) return product;
        return Total.Conversion(0) is var total and > 0 ? total : null;
    }

    /// <summary>Revenue per click of the same ladder.</summary>
    /// <returns>Above 0; null when the whole account has no sale.</returns>
    public double? ParentRevenuePerClick(int target)
    {
        if (Groups.RevenuePerClick(account.TargetGroup[target]) is var group and > 0) return group;
        if (Products.RevenuePerClick(account.TargetProduct[target]) is var product and > 0) return product;
        return Total.RevenuePerClick(0) is var total and > 0 ? total : null;
    }

    /// <returns>Sales per order of the target's product in these days, or the price of one unit before any order.</returns>
    public double OrderValue(int target)
    {
        var product = account.TargetProduct[target];
        return product < 0 ? 0 : Products.Orders[product] > 0 ? Products.Sales[product] / Products.Orders[product] : account.Price[product];
    }

    private Sums Summed(int[] into, int count)
    {
        var sums = new Sums(count);
        for (var target = 0; target < into.Length; target++)
        {
            var place = into[target];
            if (place < 0) continue;
            sums.Impressions[place] += Targets.Impressions[target];
            sums.Clicks[place] += Targets.Clicks[target];
            sums.Cost[place] += Targets.Cost[target];
            sums.Orders[place] += Targets.Orders[target];
            sums.Sales[place] += Targets.Sales[target];
        }

        return sums;
    }
}

/// <summary>Columns of sums, one entry per target, group, campaign or product.</summary>
/// <param name="count">How many entries.</param>
internal sealed class Sums(int count)
{
    /// <summary>Days with an impression; of targets only.</summary>
    public readonly int[] Days = new int[count];
    public readonly double[] Impressions = new double[count];
    public readonly double[] Clicks = new double[count];
    public readonly double[] Cost = new double[count];
    public readonly double[] Orders = new double[count];
    public readonly double[] Sales = new double[count];

    /// <returns>Revenue per click; 0 without clicks.</returns>
    public double RevenuePerClick(int entry) => Clicks[entry] > 0 ? Sales[entry] / Clicks[entry] : 0;

    /// <returns>Orders per click; 0 without clicks.</returns>
    public double Conversion(int entry) => Clicks[entry] > 0 ? Orders[entry] / Clicks[entry] : 0;

    /// <returns>Cost over sales as a fraction; null without sales.</returns>
    public double? Acos(int entry) => Sales[entry] > 0 ? Cost[entry] / Sales[entry] : null;

    /// <returns>Mean cost of a click; 0 without clicks.</returns>
    public double ClickPrice(int entry) => Clicks[entry] > 0 ? Cost[entry] / Clicks[entry] : 0;

    /// <summary>
    /// Money was added up in micros, which are whole and therefore exact, and becomes currency units. Corrections for invalid clicks are negative and may
    /// outlive the days that they correct: nothing stays below zero.
    /// </summary>
    public void Settle()
    {
        for (var entry = 0; entry < Clicks.Length; entry++)
        {
            Impressions[entry] = Math.Max(0, Impressions[entry]);
            Clicks[entry] = Math.Max(0, Clicks[entry]);
            Cost[entry] = Math.Max(0, Cost[entry]) / 1e6;
            Orders[entry] = Math.Max(0, Orders[entry]);
            Sales[entry] = Math.Max(0, Sales[entry]) / 1e6;
        }
    }
}
