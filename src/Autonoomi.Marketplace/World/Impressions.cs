using System.Runtime.InteropServices;

namespace Autonoomi.Marketplace.World;

/// <summary>How often ads were shown on one day.</summary>
/// <param name="Lines">In order of the lines; only those shown.</param>
/// <param name="Terms">By target's place and query's index; only terms with clicks.</param>
internal sealed record Impressions(Shown[] Lines, Dictionary<(int Target, int Query), int> Terms);

/// <summary>
/// Counts what was shown today. Expected impressions without a click are summed per line and placement, apart for terms that were clicked; one Poisson draw
/// each makes them whole numbers, the same however often somebody looks. Auctions played one by one bring whole numbers themselves.
/// </summary>
internal sealed class Counter(Dice dice, bool isWhole)
{
    private readonly Dictionary<(AdLine Line, int Query, int Placement), double> terms = [];
    private readonly List<(Pair Pair, Cell Cell)> clicked = [];
    private double[] shown = [];

    public void Add(Cell cell, double mean, int lines)
    {
        var place = (cell.Line!.Index * 3) + cell.Placement;
        if (place >= shown.Length) Array.Resize(ref shown, Math.Max(lines * 3, place + 1));
        shown[place] += mean;
        cell.ShownToday += mean;
    }

    public void Clicked(Pair pair, Cell cell)
    {
        if (cell.ClickedToday) return;
        cell.ClickedToday = true;
        clicked.Add((pair, cell));
    }

    /// <summary>Before another line takes the cell over.</summary>
    public void Leave(Pair pair, Cell cell)
    {
        if (cell.ClickedToday)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(terms, (cell.Line!, pair.Query.Index, cell.Placement), out _) += cell.ShownToday;
            clicked.Remove((pair, cell));
        }

        cell.ShownToday = 0;
        cell.ClickedToday = false;
    }

    public void StartDay(List<Pair> live)
    {
        terms.Clear();
        clicked.Clear();
        Array.Clear(shown);
        foreach (var pair in live)
        {
            foreach (var cell in pair.Cells)
            {
                cell.Settled = 0;
                cell.ShownToday = 0;
                cell.ClickedToday = false;
            }
        }
    }

    /// <summary>The day as it stands; changes nothing.</summary>
    /// <param name="day">Day number.</param>
    /// <param name="clicks">Of the day.</param>
    /// <param name="lines">All of them.</param>
    /// <param name="pending">Cells whose last hours were not added yet, with the mean of those.</param>
    public Impressions Look(int day, List<Click> clicks, List<AdLine> lines, IEnumerable<(Cell Cell, double Mean)> pending)
    {
        var means = new Dictionary<(AdLine Line, int Query, int Placement), double>(terms);
        foreach (var (pair, cell) in clicked) CollectionsMarshal.GetValueRefOrAddDefault(means, (cell.Line!, pair.Query.Index, cell.Placement), out _) += cell.ShownToday;
        var counts = new int[lines.Count * 3];
        var rest = shown.AsSpan().ToArray();
        Array.Resize(ref rest, counts.Length);
        foreach (var (cell, mean) in pending) rest[(cell.Line!.Index * 3) + cell.Placement] += mean;
        var termCounts = new Dictionary<(int, int), int>();
        foreach (var ((line, query, placement), mean) in means)
        {
            var place = (line.Index * 3) + placement;
            rest[place] -= mean;
            var count = Whole(mean, place, day, query + 1);
            counts[place] += count;
            CollectionsMarshal.GetValueRefOrAddDefault(termCounts, (line.Route.Place, query), out _) += count;
        }

        foreach (var click in clicks)
        {
            counts[(click.Line.Index * 3) + click.Placement]++;
            CollectionsMarshal.GetValueRefOrAddDefault(termCounts, (click.Line.Route.Place, click.Query.Index), out _)++;
        }

        var seen = new List<Shown>();
        for (var line = 0; line < lines.Count; line++)
        {
            for (var place = line * 3; place < (line * 3) + 3; place++)
            {
                if (rest[place] > 0) counts[place] += Whole(rest[place], place, day, 0);
            }

            var (top, other, pages) = (counts[line * 3], counts[(line * 3) + 1], counts[(line * 3) + 2]);
            if ((top | other | pages) != 0) seen.Add(new Shown(lines[line], top, other, pages));
        }

        return new Impressions([.. seen], termCounts);
    }

    private int Whole(double mean, int place, int day, int draw) =>
        isWhole ? (int)Math.Round(mean, MidpointRounding.AwayFromZero) : dice.Poisson(mean, Draw.Impressions, place, day, draw);
}
