using System.Runtime.InteropServices;
using Autonoomi.Core.Advertising;
using Autonoomi.Policies.Reports;

namespace Autonoomi.Policies.Terms;

/// <summary>A search term as one ad group saw it. Amounts in currency units.</summary>
/// <param name="Group">Position of the ad group.</param>
/// <param name="Source">Position of the target through which it was clicked most.</param>
/// <param name="Text">Lower case, as reported; an ASIN where the ad stood on a product page.</param>
/// <param name="Clicks">Of the window.</param>
/// <param name="Cost">Of the window.</param>
/// <param name="Orders">Of the window.</param>
/// <param name="Sales">Of the window.</param>
internal readonly record struct Term(int Group, int Source, string Text, double Clicks, double Cost, double Orders, double Sales)
{
    public bool IsAsin => Text.Length == 10 && Text.StartsWith("b0", StringComparison.Ordinal);
    public double ClickPrice => Clicks > 0 ? Cost / Clicks : 0;
}

/// <summary>The search terms of some days in ad groups that may be touched, in a fixed order. Terms of exact keywords are left out: there the bid decides.</summary>
internal sealed class TermWindow
{
    /// <param name="account">Whose facts.</param>
    /// <param name="days">How many days, at least 1; today never counts.</param>
    /// <param name="skip">Latest complete days left out.</param>
    public TermWindow(Account account, int days, int skip = 0)
    {
        var table = account.Workspace.SearchTermDays;
        var keys = table.Keys("target_id");
        var words = table.Texts("search_term");
        var targetOf = new int[keys.Values.Length];
        for (var index = 0; index < targetOf.Length; index++)
        {
            var target = account.TargetOf(keys.Values[index]);
            var isSource = target >= 0 && account.IsOpenGroup(account.TargetGroup[target]) && account.TargetProduct[target] >= 0
                && account.Targets[target] is not { Kind: TargetKind.Keyword, Match: MatchType.Exact } and not { Kind: TargetKind.Product };
            targetOf[index] = isSource ? target : -1;
        }

        var last = account.Workspace.Today.DayNumber - 1 - skip;
        var first = last - days + 1;
        var day = table.Ints("day");
        var clicks = table.Longs("clicks");
        var cost = table.Longs("cost");
        var orders = table.Longs("orders");
        var sales = table.Longs("sales");
        var numbers = new Dictionary<(int Target, int Word), int>();
        var cells = new List<Term>();
        for (var row = 0; row < day.Length; row++)
        {
            if (day[row] < first || day[row] > last || targetOf[keys.Codes[row]] is var target && target < 0) continue;
            ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(numbers, (target, words.Codes[row]), out var exists);
            if (!exists)
            {
                number = cells.Count;
                cells.Add(new Term(account.TargetGroup[target], target, words[row].Trim().ToLowerInvariant(), 0, 0, 0, 0));
            }

            ref var cell = ref CollectionsMarshal.AsSpan(cells)[number];
            cell = cell with { Clicks = cell.Clicks + clicks[row], Cost = cell.Cost + cost[row], Orders = cell.Orders + orders[row], Sales = cell.Sales + sales[row] };
        }

        Terms = ByGroup(cells);
    }

    public IReadOnlyList<Term> Terms { get; }

    // Several targets of a group may see one term: the one with most clicks stands for it.
    private static List<Term> ByGroup(List<Term> cells)
    {
        var numbers = new Dictionary<(int Group, string Text), int>();
        var terms = new List<Term>();
        var most = new List<double>();
        foreach (var cell in cells)
        {
            ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(numbers, (cell.Group, cell.Text), out var exists);
            if (!exists)
            {
                number = terms.Count;
                terms.Add(cell);
                most.Add(cell.Clicks);
                continue;
            }

            var sum = terms[number];
            var leads = cell.Clicks > most[number] || (cell.Clicks == most[number] && cell.Source < sum.Source);
            terms[number] = sum with
            {
                Source = leads ? cell.Source : sum.Source, Clicks = sum.Clicks + cell.Clicks, Cost = sum.Cost + cell.Cost, Orders = sum.Orders + cell.Orders, Sales = sum.Sales + cell.Sales,
            };
            if (leads) most[number] = cell.Clicks;
        }

        // Added up in micros, which are whole and therefore exact.
        for (var index = 0; index < terms.Count; index++) terms[index] = terms[index] with { Cost = terms[index].Cost / 1e6, Sales = terms[index].Sales / 1e6 };
        terms.Sort((left, right) => left.Group != right.Group ? left.Group.CompareTo(right.Group) : string.CompareOrdinal(left.Text, right.Text));
        return terms;
    }
}
