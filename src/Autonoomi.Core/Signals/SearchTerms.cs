using System.Runtime.InteropServices;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Negation;

namespace Autonoomi.Core.Signals;

/// <summary>One search term in one ad group, over 90 days.</summary>
internal struct TermCell
{
    public int Group;
    public int Term;

    /// <summary>Matched by an exact keyword or a product target: the term already has a bid of its own here.</summary>
    public bool IsExact;

    /// <summary>The target through which most clicks came; −1 when it is gone.</summary>
    public int Source;

    /// <summary>The same as a number of the report's key column.</summary>
    public int SourceCode;
    public double Exposure, Orders, Clicks, MaturedClicks, Clicks30, Cost30, Cost, AllOrders, PriorClicks;
    public double SourceClicks;
}

/// <summary>Search terms by ad group. Amazon lists only terms that were clicked, so nothing here may be read as a click rate.</summary>
internal sealed class SearchTerms
{
    private const int WindowDays = 90;
    private const int MaturedAge = 3;
    private const int StrengthSample = 20_000;
    private readonly Dictionary<long, double> ordersByProduct = [];
    private readonly Structure structure;

    /// <returns>True where something personal was taken out of the term before it was stored: it is counted like any other and never written to Amazon.</returns>
    public static bool IsMasked(string text) => text.Contains('⟦', StringComparison.Ordinal);

    public SearchTerms(Measurement measured, DecisionSettings settings)
    {
        var table = measured.Workspace.SearchTermDays;
        var terms = table.Texts("search_term");
        structure = measured.Structure;
        var targetKeys = table.Keys("target_id");
        var targetOf = structure.Targets(targetKeys);
        var targetIds = targetKeys.Values;
        var groupKeys = table.Keys("ad_group_id");
        var groupOf = structure.Groups(groupKeys);
        var cells = new List<TermCell>();
        var at = new Dictionary<long, int>();
        var closed = ClosedTerms.Of(measured.Workspace, structure);
        var (gone, left) = (new Dictionary<long, bool>(), new Dictionary<int, (double Exposure, double Orders)>());
        var facts = new AdColumns(table);
        var today = measured.Workspace.Today.DayNumber;
        for (var row = 0; row < facts.Days.Length; row++)
        {
            var age = today - facts.Days[row] - 1;
            var group = groupOf[groupKeys.Codes[row]];
            if (age is < 0 or >= WindowDays || group < 0) continue;
            var target = targetOf[targetKeys.Codes[row]];
            var exact = target >= 0 && measured.Workspace.Targets[target].Match is MatchType.Exact or MatchType.Product;
            var key = (((long)group << 1 | (exact ? 1L : 0)) << 31) | (uint)terms.Codes[row];
            ref var index = ref CollectionsMarshal.GetValueRefOrAddDefault(at, key, out var known);
            if (!known)
            {
                index = cells.Count;
                cells.Add(new TermCell { Group = group, Term = terms.Codes[row], IsExact = exact, Source = -1 });
            }

            ref var cell = ref CollectionsMarshal.AsSpan(cells)[index];
            double clicks = facts.Clicks[row], orders = facts.Orders[row], cost = facts.Cost[row] / 1e6;
            var weight = Math.Pow(0.5, age / settings.HalfLifeDays);
            var exposure = weight * measured.MaturityOf(structure.GroupCampaign[group]).VisibleShare(age) * clicks;
            cell.Exposure += exposure;
            cell.Orders += weight * orders;
            cell.Clicks += clicks;
            cell.AllOrders += orders;
            cell.Cost += cost;
            cell.PriorClicks += exposure * (target >= 0 ? measured.PosteriorMean(target) : measured.AccountMean);
            if (age >= MaturedAge) cell.MaturedClicks += clicks;
            if (age < 30)
            {
                cell.Clicks30 += clicks;
                cell.Cost30 += cost;
            }

            if (target >= 0 && !closed.IsEmpty && !exact)
            {
                ref var isGone = ref CollectionsMarshal.GetValueRefOrAddDefault(gone, key, out var asked);
                if (!asked) isGone = closed.Holds(group, terms.Codes[row]);
                if (isGone)
                {
                    ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(left, target, out _);
                    sum = (sum.Exposure + exposure, sum.Orders + (weight * orders));
                }
            }

            // Of equals the older target, in whatever order reports come.
            if (target >= 0 && (cell.Source < 0 || clicks > cell.SourceClicks || (clicks == cell.SourceClicks && targetIds[targetKeys.Codes[row]] < targetIds[cell.SourceCode]))) (cell.SourceCode, cell.Source, cell.SourceClicks) = (targetKeys.Codes[row], target, clicks);
            if (orders > 0 && structure.GroupProduct[group] is >= 0 and var product)
            {
                ref var bought = ref CollectionsMarshal.GetValueRefOrAddDefault(ordersByProduct, Key(product, terms.Codes[row]), out _);
                bought += orders;
            }
        }

        Cells = cells;
        Left = left;
        Words = terms.Words;
        Strength = FitStrength();
    }

    public string[] Words { get; }
    public List<TermCell> Cells { get; }

    /// <summary>By target: clicks and orders, weighted, of terms that its ad group is closed to by now. They no longer speak of it.</summary>
    public IReadOnlyDictionary<int, (double Exposure, double Orders)> Left { get; }

    /// <summary>Clicks that a source's rate is worth when a single term is judged.</summary>
    public double Strength { get; }

    /// <returns>Orders per click expected of the term before its own clicks count: its source's rate.</returns>
    public static double PriorMean(in TermCell cell) => cell.Exposure > 0 ? Math.Clamp(cell.PriorClicks / cell.Exposure, 1e-4, 0.6) : 1e-4;

    public Posterior Posterior(in TermCell cell) => Signals.Posterior.Of(
        Math.Max(0, cell.Orders), Math.Max(Math.Max(0, cell.Exposure), cell.Orders / 3), PriorMean(cell), Strength);

    /// <returns>Orders of the term for the product in all its ad groups, 90 days.</returns>
    public double OrdersOf(int product, int term) => ordersByProduct.GetValueOrDefault(Key(product, term));

    private static long Key(int product, int term) => ((long)product << 32) | (uint)term;

    // A sample is enough, and spares the reading of half a million texts; which cells are in it does not depend on their order.
    private double FitStrength()
    {
        var (orders, clicks, means) = (new List<double>(), new List<double>(), new List<double>());
        var cells = CollectionsMarshal.AsSpan(Cells);
        var every = (uint)Math.Max(1, cells.Length / StrengthSample);
        foreach (ref readonly var cell in cells)
        {
            if (cell.Exposure < 1 || (every > 1 && TokenModel.Hash(Words[cell.Term]) % every != 0)) continue;
            orders.Add(Math.Max(0, cell.Orders));
            clicks.Add(cell.Exposure);
            means.Add(PriorMean(cell));
        }

        return PriorStrength.Fit(CollectionsMarshal.AsSpan(orders), CollectionsMarshal.AsSpan(clicks), CollectionsMarshal.AsSpan(means));
    }
}
