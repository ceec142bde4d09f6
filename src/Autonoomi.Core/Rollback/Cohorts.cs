using Autonoomi.Core.Facts;
using Autonoomi.Core.Proposals;
using Autonoomi.Core.Signals;

namespace Autonoomi.Core.Rollback;

/// <summary>What one part of the optimiser changed at one product within a block of four weeks, and what came of it.</summary>
/// <param name="Product">Position in the structure's products.</param>
/// <param name="Module">Who asked.</param>
/// <param name="First">Day of the first change.</param>
/// <param name="Changes">Oldest first.</param>
/// <param name="Inputs">Before and since.</param>
/// <param name="RolledBackOn">Day on which taking back began; null before.</param>
internal sealed record Cohort(int Product, Module Module, int First, IReadOnlyList<AppliedChange> Changes, HarmInputs Inputs, int? RolledBackOn)
{
    /// <summary>Natural logarithm of the evidence that the changes did harm.</summary>
    public double LogEvidence => HarmTest.LogEvidence(Inputs);
}

/// <summary>
/// Groups applied changes by product, module and block. Blocks of 28 days, each pair of product and module with its own turn of the calendar, are as many as the
/// error budget of one false alarm in twenty months and families allows; cohorts of single days would overlap so much that none could be told from the next.
/// </summary>
internal static class Cohorts
{
    public const int BlockDays = 28;
    public const int RestDays = 7;
    private const int WatchedDays = 90;

    // Younger days have shown too few of their orders.
    private const int YoungestAge = 3;

    // Budgets are what bids need, and follow them back.
    private static bool IsJudged(AppliedChange applied) => applied is { Module: not (null or Module.Rollback or Module.Budgeting or Module.Intraday), ByPerson: false };

    public static IReadOnlyList<Cohort> Of(Situation situation)
    {
        var (measured, workspace) = (situation.Measured, situation.Workspace);
        var structure = measured.Structure;
        var today = workspace.Today.DayNumber;
        var families = new SortedDictionary<(int Product, Module Module), List<AppliedChange>>();
        var takenBack = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var applied in workspace.Changes)
        {
            if (applied.Module == Module.Rollback) takenBack.TryAdd(applied.Change.EntityKey, DayOf(applied));
            if (!IsJudged(applied) || applied.Product is not { } sku || structure.Product(sku) is not (>= 0 and var product)) continue;
            var family = (product, applied.Module!.Value);
            if (!families.TryGetValue(family, out var list)) families.Add(family, list = []);
            list.Add(applied);
        }

        if (families.Count == 0) return [];
        var days = new ProductDays(measured, HoldOut.Of(situation));
        var cohorts = new List<Cohort>();
        foreach (var ((product, module), changes) in families)
        {
            var turn = Turn(structure.Products[product].Value, module);
            int? done = changes.Select(applied => takenBack.TryGetValue(applied.Change.EntityKey, out var day) && day >= DayOf(applied) ? day : (int?)null).Max();
            foreach (var block in changes.Where(applied => done is null || today - done < RestDays || DayOf(applied) > done).GroupBy(applied => (DayOf(applied) + turn) / BlockDays).OrderBy(block => block.Key))
            {
                var first = block.Min(DayOf);
                var last = Math.Min(today - 1 - YoungestAge, (block.Key + 1) * BlockDays - turn + BlockDays / 2);
                if (today - first > BlockDays + BlockDays / 2 + YoungestAge || last <= first) continue;
                cohorts.Add(new Cohort(product, module, first, [.. block.OrderBy(applied => applied.At).ThenBy(applied => applied.Change.EntityKey, StringComparer.Ordinal)], days.Inputs(product, first, Math.Min(last, done ?? last)), done >= first ? done : null));
            }
        }

        return cohorts;
    }

    /// <summary>Profit of the last four weeks and of the four before, of products that are moved and of those that are left alone.</summary>
    public static ((double Before, double After, double RelativeVariance) Moved, (double Before, double After, double RelativeVariance) Left) MovedAndLeft(Situation situation, IReadOnlySet<Primitives.Sku> alone)
    {
        var structure = situation.Measured.Structure;
        var days = new ProductDays(situation.Measured, alone);
        var newest = situation.Workspace.Today.DayNumber - 1 - YoungestAge;
        var members = Enumerable.Range(0, structure.Products.Length).ToLookup(product => alone.Contains(structure.Products[product]));
        return (days.Sums(members[false], newest), days.Sums(members[true], newest));
    }

    public static int DayOf(AppliedChange applied) => DateOnly.FromDateTime(applied.At.UtcDateTime).DayNumber;

    private static int Turn(string sku, Module module)
    {
        var hash = 2166136261u;
        foreach (var letter in sku) hash = unchecked((hash ^ letter) * 16777619u);
        return (int)(unchecked((hash ^ (uint)module) * 16777619u) % BlockDays);
    }

    /// <summary>Profit after ads by product and day, orders still to come counted, and demand that ads did not bring.</summary>
    private sealed class ProductDays
    {
        private readonly int today;
        private readonly double[] profit, gross, organic;
        private readonly bool[] sold;
        private readonly bool[] control;

        public ProductDays(Measurement measured, IReadOnlySet<Primitives.Sku> alone)
        {
            var (workspace, structure) = (measured.Workspace, measured.Structure);
            today = workspace.Today.DayNumber;
            var cells = structure.Products.Length * WatchedDays;
            (profit, gross, organic, sold) = (new double[cells], new double[cells], new double[cells], new bool[cells]);
            Array.Fill(sold, true);
            control = [.. structure.Products.Select(sku => alone.Count == 0 || alone.Contains(sku))];
            var keys = workspace.TargetDays.Keys("ad_group_id");
            var productOf = structure.Groups(keys).Select(group => group < 0 ? -1 : structure.GroupProduct[group]).ToArray();
            var maturityOf = structure.Groups(keys).Select(group => measured.MaturityOf(group < 0 ? -1 : structure.GroupCampaign[group])).ToArray();
            var facts = new AdColumns(workspace.TargetDays);
            for (var row = 0; row < facts.Days.Length; row++)
            {
                var (age, product) = (today - 1 - facts.Days[row], productOf[keys.Codes[row]]);
                if (age is < YoungestAge or >= WatchedDays || product < 0 || measured.Products[product] is not { IsKnown: true } economics) continue;
                var at = product * WatchedDays + age;
                var made = economics.ContributionPerOrder * facts.Orders[row] / maturityOf[keys.Codes[row]].VisibleShare(age);
                gross[at] += made;
                profit[at] += made - facts.Cost[row] / 1e6;
                organic[at] -= facts.Units[row];
            }

            Add(workspace.OrderDays, "units", structure, (at, units) => organic[at] += units);
            Add(workspace.InventoryDays, "fulfillable", structure, (at, units) => sold[at] &= units > 0);
        }

        public HarmInputs Inputs(int product, int first, int last)
        {
            var before = Days(product, first - BlockDays, first - 1);
            var after = Days(product, first + 1, last);
            if (before.Count == 0 || after.Count == 0) return default;
            var (demandBefore, demandAfter) = (Demand(first - BlockDays, first - 1), Demand(first + 1, last));
            var index = (demandAfter.PerDay + Steady) / (demandBefore.PerDay + Steady);
            var indexVariance = index * index * ((1 / Math.Max(1, demandAfter.All + Steady)) + (1 / Math.Max(1, demandBefore.All + Steady)));
            return HarmInputs.Of([.. before.Select(at => profit[at])], [.. after.Select(at => profit[at])], before.Average(at => gross[at]), index, indexVariance);
        }

        /// <summary>Sum of the four weeks before and of the last four, and the variance of the latter over the former.</summary>
        public (double Before, double After, double RelativeVariance) Sums(IEnumerable<int> products, int newest)
        {
            var (before, after) = (new double[BlockDays], new double[BlockDays]);
            foreach (var product in products)
            {
                for (var back = 0; back < BlockDays; back++)
                {
                    var age = today - 1 - newest + back;
                    after[back] += profit[product * WatchedDays + age];
                    before[back] += profit[product * WatchedDays + age + BlockDays];
                }
            }

            var variance = Math.Max(Variance(before), Variance(after)) * BlockDays;
            var (sum, later) = (before.Sum(), after.Sum());
            return (sum, later, sum == 0 ? 0 : variance / (sum * sum) * (1 + later * later / (sum * sum)));
        }

        private static double Variance(double[] values)
        {
            var mean = values.Average();
            return values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1);
        }

        // Few organic sales say little about demand: so many a day count as unmoved.
        private const double Steady = 5;

        // Days of the product on which it could be sold and had shown its orders.
        private List<int> Days(int product, int from, int to)
        {
            var days = new List<int>();
            for (var day = from; day <= to; day++)
            {
                var age = today - 1 - day;
                if (age is >= YoungestAge and < WatchedDays && sold[product * WatchedDays + age]) days.Add(product * WatchedDays + age);
            }

            return days;
        }

        private (double PerDay, double All) Demand(int from, int to)
        {
            double sum = 0;
            var count = 0;
            for (var day = from; day <= to; day++)
            {
                var age = today - 1 - day;
                if (age is < YoungestAge or >= WatchedDays) continue;
                count++;
                for (var product = 0; product < control.Length; product++)
                {
                    if (control[product]) sum += Math.Max(0, organic[product * WatchedDays + age]);
                }
            }

            return count == 0 ? (0, 0) : (sum / count, sum);
        }

        private void Add(FactTable table, string column, Structure structure, Action<int, long> add)
        {
            var days = table.Ints("day");
            var skus = table.Texts("sku");
            var productOf = skus.Words.Select(word => structure.Product(new(word))).ToArray();
            var units = table.Longs(column);
            for (var row = 0; row < table.Rows; row++)
            {
                if (today - 1 - days[row] is >= 0 and < WatchedDays and var age && productOf[skus.Codes[row]] is >= 0 and var product) add(product * WatchedDays + age, units[row]);
            }
        }
    }
}
