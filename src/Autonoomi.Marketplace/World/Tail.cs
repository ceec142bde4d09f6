namespace Autonoomi.Marketplace.World;

/// <summary>
/// Searches that nobody typed before. Per type a Pitman–Yor process with discount 0.5: after n searches about √n different ones were seen, so new ones
/// come for ever, ever more slowly; the market was a year old when the simulation began. A new search's frequency is Gamma(½): most are hardly ever
/// repeated, a few become worth a keyword. Depends on seed, type and day alone.
/// </summary>
internal sealed class Tail
{
    private const double BirthsPerDay = 0.6;
    private const double AgeDays = 365;
    private static readonly string[] Openings = ["best", "new", "top rated", "my first", "replacement", "custom"];
    private static readonly string[] Closings = ["{0} inch", "set of {0}", "{0} pack", "size {0}", "with {0} year warranty", "under {0} dollars", "model {0}"];

    private readonly Dice dice;
    private readonly double[] rarest;
    private readonly HashSet<string> taken;
    private int nextDay;
    private int born;

    /// <param name="dice">The world's.</param>
    /// <param name="rarest">Mean views a day of a rare search, per type.</param>
    /// <param name="existing">Searches known on the first day.</param>
    public Tail(Dice dice, double[] rarest, IEnumerable<Query> existing)
    {
        this.dice = dice;
        this.rarest = rarest;
        taken = existing.Select(query => query.Text).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Searches born up to and on a day that were not asked for yet, in order of birth.</summary>
    /// <param name="day">Day number; the first day has none.</param>
    /// <param name="firstIndex">Index of the first of them.</param>
    public List<Query> Until(int day, int firstIndex)
    {
        var queries = new List<Query>();
        for (; nextDay <= day; nextDay++)
        {
            for (var type = 0; type < rarest.Length && nextDay > 0; type++)
            {
                var count = dice.Poisson(BirthsPerDay / Math.Sqrt(1 + (nextDay / AgeDays)), Draw.Tail, type, nextDay);
                for (var number = 0; number < count; number++) queries.Add(Compose(type, nextDay, number, firstIndex + queries.Count));
            }
        }

        return queries;
    }

    private Query Compose(int type, int day, int number, int index)
    {
        born++;
        var kind = Catalogue.Types[type];
        for (var attempt = 0; ; attempt++)
        {
            var draw = ((number * 64L) + attempt) * 16;
            double Lot(int which) => dice.Uniform(Draw.Tail, type, day, draw + which + 1);
            string Of(string[] words, int which) => words[(int)(Lot(which) * words.Length)];

            var attributes = new[] { Of(kind.Attributes, 0), Of(kind.Attributes, 1) }.Take(Lot(2) < 0.6 ? 2 : 1).Distinct(StringComparer.Ordinal).ToArray();
            var uses = Lot(3) < 0.4 ? new[] { Of(kind.Uses, 4) } : [];
            var stray = Lot(5) < 0.2 ? Of(Catalogue.Strays, 6) : null;
            var words = new List<string>();
            if (Lot(7) < 0.25) words.Add(Of(Openings, 8));
            words.AddRange(attributes);
            words.Add(Of(kind.Heads, 9));
            if (stray is not null) words.Add(stray);
            if (Lot(10) < 0.6) words.Add(string.Format(System.Globalization.CultureInfo.InvariantCulture, Of(Closings, 11), 2 + (int)(Lot(12) * (60 + born))));
            if (uses.Length > 0) words.Add("for " + uses[0]);
            if (attempt > 20) words.Add($"{born}");
            var text = string.Join(' ', words);
            if (!taken.Add(text)) continue;
            var luck = dice.Normal(Draw.Tail, type, day, draw + 15);
            return new Query
            {
                Index = index,
                Type = type,
                Text = text,
                Words = World.Words.Fold(text),
                IsPage = false,
                Volume = rarest[type] * luck * luck,
                BornOn = day,
                Attributes = attributes,
                Uses = uses,
                IsStray = stray is not null,
                IsOwnBrand = false,
                IsRivalBrand = false,
            };
        }
    }
}
