namespace Autonoomi.Core.Signals;

/// <summary>
/// What single words tell about the conversion of a text nobody has clicked enough yet: a ridge Poisson regression of orders on tokens, in the whole account and
/// per product. It speaks only where it foretells texts that it was not shown. See docs/maths/words.md.
/// </summary>
public sealed class TokenModel
{
    /// <summary>Largest effect of one token on the logarithm of the rate.</summary>
    public const double StrongestToken = 1.0;

    private const double LowestTotal = -1.8, HighestTotal = 1.2;
    private const double FewestClicks = 30;
    private const int MostCells = 40_000;
    private const int Folds = 3;
    private const int Sweeps = 6;

    // Texts differ beyond their words: one with a thousand clicks is one witness, not a thousand. Gamma shape of that difference.
    private const double OwnShape = 4;

    // Standard errors by which the words must beat the plain mean on texts held out.
    private const double AdoptionErrors = 1.64;

    private static readonly double[] Ridges = [3, 10, 40];

    private readonly Dictionary<(int Product, string Token), double> effects;

    private TokenModel(Dictionary<(int, string), double> effects, double gain, double error, double ridge) => (this.effects, HeldOutGain, HeldOutError, Ridge) = (effects, gain, error, ridge);

    /// <summary>Knows nothing: every multiplier is 1.</summary>
    public static TokenModel None { get; } = new([], 0, 0, 0);

    /// <summary>True when the words foretold texts held out better than the plain means did.</summary>
    public bool IsAdopted => effects.Count > 0;

    /// <summary>Log likelihood gained on texts held out, in nats; positive is better than the plain means.</summary>
    public double HeldOutGain { get; }

    /// <summary>Standard error of <see cref="HeldOutGain"/>.</summary>
    public double HeldOutError { get; }

    /// <summary>Expected orders that a token must explain to move half the way to what it showed; 0 for <see cref="None"/>.</summary>
    public double Ridge { get; }

    /// <summary>Factor on the prior mean of a text's conversion.</summary>
    /// <param name="product">As given to <see cref="Fit"/>; an unknown one gets the account's effects.</param>
    /// <param name="text">Keyword or search term.</param>
    /// <returns>0.17 to 3.3; 1 without a known token.</returns>
    public double Multiplier(int product, string text)
    {
        if (effects.Count == 0) return 1;
        var sum = 0.0;
        var tokens = Tokens.Of(text);
        for (var index = 0; index < tokens.Count; index++)
        {
            if (tokens.IndexOf(tokens[index]) < index) continue;
            sum += effects.GetValueOrDefault((-1, tokens[index])) + effects.GetValueOrDefault((product, tokens[index]));
        }

        return Math.Exp(Math.Clamp(sum, LowestTotal, HighestTotal));
    }

    /// <summary>Learns from texts; spans are parallel, one entry per text and ad group or target. The result does not depend on their order.</summary>
    /// <param name="texts">Keywords or search terms.</param>
    /// <param name="products">Whose; 0 or more, −1 where not known.</param>
    /// <param name="orders">Weighted orders, zero or more.</param>
    /// <param name="exposure">Weighted clicks, corrected for orders still to come; entries under half a click are left out.</param>
    /// <param name="means">Orders per click expected without the words, above zero.</param>
    /// <returns><see cref="None"/> unless the words foretell texts held out.</returns>
    public static TokenModel Fit(ReadOnlySpan<string> texts, ReadOnlySpan<int> products, ReadOnlySpan<double> orders, ReadOnlySpan<double> exposure, ReadOnlySpan<double> means)
    {
        var design = Design.Of(texts, products, orders, exposure, means);
        if (design is null) return None;
        var (best, bestGain, bestError) = (0.0, double.NegativeInfinity, 0.0);
        foreach (var ridge in Ridges)
        {
            var (gain, error) = design.HeldOut(ridge);
            if (gain > bestGain) (best, bestGain, bestError) = (ridge, gain, error);
        }

        if (!(bestGain > AdoptionErrors * bestError)) return new TokenModel([], bestGain, bestError, 0);
        var weights = design.Fit(best, -1);
        var effects = new Dictionary<(int, string), double>();
        for (var feature = 0; feature < weights.Length; feature++)
        {
            if (weights[feature] != 0) effects[design.Features[feature]] = weights[feature];
        }

        return new TokenModel(effects, bestGain, bestError, best);
    }

    /// <summary>Spreads texts evenly and alike on every machine.</summary>
    internal static uint Hash(string text)
    {
        var hash = 2166136261u;
        foreach (var letter in text) hash = unchecked((hash ^ letter) * 16777619u);
        return hash ^ (hash >> 15);
    }

    /// <summary>Cells × tokens, sparse by token, and what was seen.</summary>
    private sealed class Design
    {
        private readonly int[][] cellsOf;
        private readonly int[] fold;
        private readonly double[] seen;
        private readonly double[] expected;

        private Design((int, string)[] features, int[][] cellsOf, int[] fold, double[] seen, double[] expected) =>
            (Features, this.cellsOf, this.fold, this.seen, this.expected) = (features, cellsOf, fold, seen, expected);

        public (int Product, string Token)[] Features { get; }

        public static Design? Of(ReadOnlySpan<string> texts, ReadOnlySpan<int> products, ReadOnlySpan<double> orders, ReadOnlySpan<double> exposure, ReadOnlySpan<double> means)
        {
            // The most clicked texts teach most; whether a text is taken does not depend on what it sold.
            var enough = 0.5;
            if (exposure.Length > MostCells)
            {
                var sorted = exposure.ToArray();
                Array.Sort(sorted);
                enough = Math.Max(enough, sorted[^MostCells]);
            }

            var cells = new List<(string Text, int Product, double Clicks, double Orders, double Mean)>();
            for (var index = 0; index < texts.Length; index++)
            {
                if (exposure[index] >= enough && texts[index].Length > 0) cells.Add((texts[index], products[index], exposure[index], Math.Max(0, orders[index]), means[index]));
            }

            cells.Sort(static (one, other) =>
            {
                var text = string.CompareOrdinal(one.Text, other.Text);
                return text != 0 ? text : (one.Product, one.Clicks, one.Orders, one.Mean).CompareTo((other.Product, other.Clicks, other.Orders, other.Mean));
            });

            var members = new Dictionary<(int, string), (double Clicks, List<int> Cells)>();
            var (fold, seen, expected) = (new int[cells.Count], new double[cells.Count], new double[cells.Count]);
            var tokens = new List<string>();
            for (var cell = 0; cell < cells.Count; cell++)
            {
                var (text, product, clicks, bought, mean) = cells[cell];
                var usual = clicks * Math.Clamp(mean, 1e-4, 0.6);
                var weight = 1 / (1 + (usual / OwnShape));
                (fold[cell], seen[cell], expected[cell]) = ((int)(Hash(text) % Folds), bought * weight, usual * weight);
                tokens.Clear();
                Tokens.Of(text, tokens);
                for (var index = 0; index < tokens.Count; index++)
                {
                    if (tokens.IndexOf(tokens[index]) < index) continue;
                    Join((-1, tokens[index]), cell, clicks);
                    if (product >= 0) Join((product, tokens[index]), cell, clicks);
                }
            }

            var kept = members.Where(member => member.Value.Clicks >= FewestClicks && member.Value.Cells.Count > 1)
                .OrderBy(member => member.Key.Item1).ThenBy(member => member.Key.Item2, StringComparer.Ordinal).ToArray();
            return kept.Length == 0 ? null : new Design([.. kept.Select(member => member.Key)], [.. kept.Select(member => member.Value.Cells.ToArray())], fold, seen, expected);

            void Join((int, string) key, int cell, double clicks)
            {
                ref var member = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(members, key, out var known);
                if (!known) member.Cells = [];
                member.Clicks += clicks;
                member.Cells.Add(cell);
            }
        }

        /// <summary>Coordinate-wise Newton steps on Σ(μ − y ln μ) + ½ ridge Σw².</summary>
        /// <param name="ridge">Above zero.</param>
        /// <param name="without">Fold left out; −1 for none.</param>
        public double[] Fit(double ridge, int without)
        {
            var weights = new double[Features.Length];
            var rate = (double[])expected.Clone();
            for (var sweep = 0; sweep < Sweeps; sweep++)
            {
                for (var feature = 0; feature < weights.Length; feature++)
                {
                    double slope = -ridge * weights[feature], curvature = ridge;
                    foreach (var cell in cellsOf[feature])
                    {
                        if (fold[cell] == without) continue;
                        slope += seen[cell] - rate[cell];
                        curvature += rate[cell];
                    }

                    var next = Math.Clamp(weights[feature] + Math.Clamp(slope / curvature, -0.5, 0.5), -StrongestToken, StrongestToken);
                    if (next == weights[feature]) continue;
                    var factor = Math.Exp(next - weights[feature]);
                    weights[feature] = next;
                    foreach (var cell in cellsOf[feature]) rate[cell] *= factor;
                }
            }

            return weights;
        }

        /// <returns>Log likelihood gained over the plain means on folds left out one at a time, and its standard error over cells.</returns>
        public (double Gain, double Error) HeldOut(double ridge)
        {
            double gain = 0, squares = 0;
            for (var left = 0; left < Folds; left++)
            {
                var weights = Fit(ridge, left);
                var total = new double[expected.Length];
                for (var feature = 0; feature < weights.Length; feature++)
                {
                    if (weights[feature] == 0) continue;
                    foreach (var cell in cellsOf[feature]) total[cell] += weights[feature];
                }

                for (var cell = 0; cell < total.Length; cell++)
                {
                    if (fold[cell] != left) continue;
                    var sum = Math.Clamp(total[cell], LowestTotal, HighestTotal);
                    var difference = (seen[cell] * sum) - (expected[cell] * (Math.Exp(sum) - 1));
                    gain += difference;
                    squares += difference * difference;
                }
            }

            return (gain, Math.Sqrt(squares));
        }

    }
}
