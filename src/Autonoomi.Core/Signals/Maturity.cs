using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;

namespace Autonoomi.Core.Signals;

/// <summary>How much of a click's final orders is visible after some days: learnt from restatements, for one ad product of one storefront. See docs/maths/signals.md.</summary>
public sealed class Maturity
{
    // Assumed until restatements tell more; 90 % after four days is the one published point.
    private static readonly double[] SevenDays = Full([.55, .70, .80, .86, .90, .94, .97, .99], settled: 14);
    private static readonly double[] FourteenDays = Full([.50, .64, .73, .79, .84, .88, .91, .94], settled: 21);

    private readonly double[] shares;

    private Maturity(double[] shares, double ordersSeen, double ordersNeeded) => (this.shares, OrdersSeen, OrdersNeeded) = (shares, ordersSeen, ordersNeeded);

    /// <summary>Orders whose growth over their first day was watched.</summary>
    public double OrdersSeen { get; }

    /// <summary>Orders that the assumed curve counts for in each step from one age to the next.</summary>
    public double OrdersNeeded { get; }

    /// <summary>True once more orders were watched than the assumed curve counts for.</summary>
    public bool IsLearnt => OrdersSeen >= OrdersNeeded;

    /// <summary>Age in days from which nothing more is expected: 14, or 21 where orders are attributed for 14 days.</summary>
    public int SettledAge => shares.Length - 1;

    /// <param name="product">Its attribution window decides.</param>
    public static Maturity Assumed(AdProduct product) => new(Prior(product), 0, DecisionSettings.Default.DelayPseudoOrders);

    /// <summary>With the usual weight of the assumed curve.</summary>
    public static Maturity Of(Workspace workspace, AdProduct product) => Of(workspace, product, DecisionSettings.Default);

    /// <param name="workspace">Its restatements are read.</param>
    /// <param name="product">Of which ad product.</param>
    /// <param name="settings">How many orders the assumed curve counts for.</param>
    public static Maturity Of(Workspace workspace, AdProduct product, DecisionSettings settings)
    {
        var pseudo = settings.DelayPseudoOrders;
        var prior = Prior(product);
        var (links, before, after) = (prior.Length - 1, new double[prior.Length - 1], new double[prior.Length - 1]);
        var table = workspace.MaturityDays;
        var days = table.Ints("day");
        var products = table.Ints("ad_product");
        var ages = table.Ints("age");
        var orders = table.Longs("orders");
        var known = new Dictionary<(int Day, int Age), long>(table.Rows);
        for (var row = 0; row < table.Rows; row++)
            if (products[row] == (int)product) known[(days[row], ages[row])] = orders[row];
        foreach (var ((day, age), count) in known)
        {
            if (age >= links || !known.TryGetValue((day, age + 1), out var next)) continue;
            before[age] += count;
            after[age] += next;
        }

        // From the settled age backwards; a step never seen is the assumed one.
        var learnt = new double[prior.Length];
        learnt[links] = 1;
        for (var age = links - 1; age >= 0; age--)
        {
            var growth = (after[age] + pseudo * prior[age + 1] / prior[age]) / (before[age] + pseudo);
            learnt[age] = learnt[age + 1] / growth;
        }

        return new Maturity(Rising(learnt, [.. before.Select(count => count + pseudo), pseudo]), before[0], pseudo);
    }

    /// <param name="age">Full days between the click's day and the reading; negative while the day is not over.</param>
    /// <returns>Share of the final orders, 0 to 1, never falling with age.</returns>
    public double VisibleShare(int age) => age < 0 ? 0 : shares[Math.Min(age, shares.Length - 1)];

    private static double[] Prior(AdProduct product) => product switch
    {
        AdProduct.SponsoredProducts => SevenDays,
        AdProduct.SponsoredBrands or AdProduct.SponsoredDisplay => FourteenDays,
    };

    // The given days, then evenly up to the whole.
    private static double[] Full(double[] begin, int settled) =>
        [.. Enumerable.Range(0, settled + 1).Select(age => age < begin.Length ? begin[age] : begin[^1] + (1 - begin[^1]) * (age - begin.Length + 1) / (settled - begin.Length + 1))];

    /// <summary>The nearest curve that never falls: neighbours that fall are pooled by weight. Cancelled orders may bend it the other way.</summary>
    private static double[] Rising(double[] curve, double[] weights)
    {
        var blocks = new List<(double Mean, double Weight, int Count)>();
        for (var age = 0; age < curve.Length; age++)
        {
            var block = (Mean: Math.Min(1, curve[age]), Weight: weights[age], Count: 1);
            while (blocks.Count > 0 && blocks[^1].Mean > block.Mean)
            {
                var last = blocks[^1];
                blocks.RemoveAt(blocks.Count - 1);
                block = ((last.Mean * last.Weight + block.Mean * block.Weight) / (last.Weight + block.Weight), last.Weight + block.Weight, last.Count + block.Count);
            }

            blocks.Add(block);
        }

        return [.. blocks.SelectMany(block => Enumerable.Repeat(block.Mean, block.Count))];
    }
}
