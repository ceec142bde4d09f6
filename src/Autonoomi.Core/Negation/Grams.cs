using System.Runtime.InteropServices;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Signals;

namespace Autonoomi.Core.Negation;

/// <summary>One to three words side by side that enough money went to, with the searches of a product that hold them.</summary>
/// <param name="Product">Position.</param>
/// <param name="Text">Lower case, as shoppers type it.</param>
/// <param name="Cells">Positions of the searches' cells, not in order.</param>
internal sealed record Gram(int Product, string Text, List<int> Cells);

/// <summary>Finds words that lost money, in time linear in the number of searches: longer ones are looked at only where each of their words was dear enough alone.</summary>
internal static class Grams
{
    /// <param name="terms">All searches.</param>
    /// <param name="structure">Who belongs to whom.</param>
    /// <param name="contribution">Per product: of an order; not above zero where nothing may be closed.</param>
    public static IReadOnlyList<Gram> Find(SearchTerms terms, Structure structure, double[] contribution)
    {
        var cells = CollectionsMarshal.AsSpan(terms.Cells);
        var texts = new Texts(terms.Words);
        var single = new Dictionary<Key, Sum>();
        foreach (ref readonly var cell in cells)
        {
            if (!Counts(cell, structure, contribution, out var product)) continue;
            var words = texts.Of(cell.Term);
            for (var at = 0; at < words.Length; at++)
            {
                if (!texts.IsSmall(words[at])) Add(single, new Key(product, words[at], -1, -1), cell);
            }
        }

        bool IsDear(int product, int word) => single.TryGetValue(new Key(product, word, -1, -1), out var sum) && sum.IsDear(contribution[product]);
        var longer = new Dictionary<Key, Sum>();
        foreach (ref readonly var cell in cells)
        {
            if (!Counts(cell, structure, contribution, out var product)) continue;
            var words = texts.Of(cell.Term);
            for (var at = 0; at + 1 < words.Length; at++)
            {
                // A small word may stand between two others, never at an end.
                if (texts.IsSmall(words[at]) || !IsDear(product, words[at])) continue;
                var middle = texts.IsSmall(words[at + 1]);
                if (!middle && !IsDear(product, words[at + 1])) continue;
                if (!middle) Add(longer, new Key(product, words[at], words[at + 1], -1), cell);
                if (at + 2 < words.Length && !texts.IsSmall(words[at + 2]) && IsDear(product, words[at + 2])) Add(longer, new Key(product, words[at], words[at + 1], words[at + 2]), cell);
            }
        }

        // Whatever brought in what it cost passes no test, so only losers are looked at again.
        var found = new Dictionary<Key, Gram>();
        foreach (var (key, sum) in single.Concat(longer))
        {
            if (sum.IsDear(contribution[key.Product]) && sum.Orders * contribution[key.Product] < sum.Cost) found.Add(key, new Gram(key.Product, texts.Text(key), []));
        }

        if (found.Count == 0) return [];
        for (var index = 0; index < cells.Length; index++)
        {
            ref readonly var cell = ref cells[index];
            if (!Counts(cell, structure, contribution, out var product)) continue;
            var words = texts.Of(cell.Term);
            for (var at = 0; at < words.Length; at++)
            {
                Join(new Key(product, words[at], -1, -1));
                if (at + 1 < words.Length) Join(new Key(product, words[at], words[at + 1], -1));
                if (at + 2 < words.Length) Join(new Key(product, words[at], words[at + 1], words[at + 2]));
            }

            // A word may occur twice in one search.
            void Join(Key key)
            {
                if (found.TryGetValue(key, out var gram) && (gram.Cells.Count == 0 || gram.Cells[^1] != index)) gram.Cells.Add(index);
            }
        }

        return [.. found.Values.OrderBy(gram => gram.Product).ThenBy(gram => gram.Text, StringComparer.Ordinal)];
    }

    private static bool Counts(in TermCell cell, Structure structure, double[] contribution, out int product)
    {
        product = structure.GroupProduct[cell.Group];
        return !cell.IsExact && product >= 0 && contribution[product] > 0 && cell.Cost > 0;
    }

    private static void Add(Dictionary<Key, Sum> sums, Key key, in TermCell cell)
    {
        ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(sums, key, out _);
        sum = new Sum(sum.Cells + 1, sum.Cost + cell.Cost, sum.Orders + cell.AllOrders);
    }

    private readonly record struct Key(int Product, int First, int Second, int Third);

    private readonly record struct Sum(int Cells, double Cost, double Orders)
    {
        public bool IsDear(double contribution) => Cells >= WordInputs.FewestTerms && Cost >= WordInputs.FewestOrdersSpent * contribution;
    }

    /// <summary>Each search as numbers of its words.</summary>
    private sealed class Texts
    {
        private readonly List<string> words = [];
        private readonly List<bool> small = [];
        private readonly List<int> numbers = [];
        private readonly int[] starts;

        public Texts(string[] texts)
        {
            starts = new int[texts.Length + 1];
            var known = new Dictionary<string, int>(StringComparer.Ordinal);
            var look = known.GetAlternateLookup<ReadOnlySpan<char>>();
            Span<char> lower = stackalloc char[128];
            for (var text = 0; text < texts.Length; text++)
            {
                starts[text] = numbers.Count;
                var all = texts[text].AsSpan();
                foreach (var range in all.Split(' '))
                {
                    var piece = all[range];
                    if (piece.Length is 0 or > 80) continue;
                    var word = lower[..piece.ToLowerInvariant(lower)];
                    if (!look.TryGetValue(word, out var number))
                    {
                        number = words.Count;
                        var spelled = word.ToString();
                        known.Add(spelled, number);
                        words.Add(spelled);
                        small.Add(Tokens.IsSmall(spelled) || !spelled.Any(char.IsLetterOrDigit));
                    }

                    numbers.Add(number);
                }
            }

            starts[^1] = numbers.Count;
        }

        public ReadOnlySpan<int> Of(int text) => CollectionsMarshal.AsSpan(numbers)[starts[text]..starts[text + 1]];

        public bool IsSmall(int word) => small[word];

        public string Text(Key key) => string.Join(' ', new[] { key.First, key.Second, key.Third }.Where(word => word >= 0).Select(word => words[word]));
    }
}
