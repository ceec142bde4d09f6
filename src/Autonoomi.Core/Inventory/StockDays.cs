using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Core.Inventory;

/// <summary>What stood on the shelf on the last mornings, product by product. A day without a figure counts as a day with stock.</summary>
internal sealed class StockDays
{
    /// <summary>Mornings looked back on, today's included.</summary>
    public const int Days = 90;

    private const long Unknown = -1;
    private readonly long[] stock;
    private readonly long[] inbound;

    public StockDays(Workspace workspace, Structure structure)
    {
        var products = structure.Products.Length;
        (stock, inbound) = (new long[products * Days], new long[products * Days]);
        Array.Fill(stock, Unknown);
        var table = workspace.InventoryDays;
        var days = table.Ints("day");
        var skus = table.Texts("sku");
        var productOf = skus.Words.Select(word => structure.Product(new Sku(word))).ToArray();
        var fulfillable = table.Longs("fulfillable");
        var coming = table.Longs("inbound");
        for (var row = 0; row < table.Rows; row++)
        {
            var age = workspace.Today.DayNumber - days[row];
            if (age is < 0 or >= Days || productOf[skus.Codes[row]] is not (>= 0 and var product)) continue;
            stock[product * Days + age] = Math.Max(0, fulfillable[row]);
            inbound[product * Days + age] = Math.Max(0, coming[row]);
        }
    }

    /// <returns>How many mornings ago the newest figure was taken; −1 without any.</returns>
    public int Newest(int product) => Array.FindIndex(stock, product * Days, Days, units => units != Unknown) is >= 0 and var at ? at - product * Days : -1;

    /// <returns>Units sellable that many mornings ago; null without a figure.</returns>
    public long? Stock(int product, int age) => age < Days && stock[product * Days + age] is >= 0 and var units ? units : null;

    public long Inbound(int product, int age) => inbound[product * Days + age];

    /// <summary>Whether a finished day was cut short by an empty shelf.</summary>
    /// <param name="product">Position in the structure.</param>
    /// <param name="age">0 for yesterday.</param>
    /// <returns>True when the shelf was empty on its morning or on the next.</returns>
    public bool WasOut(int product, int age) => age < Days && (Stock(product, age + 1) == 0 || Stock(product, age) == 0);

    /// <summary>Finished days with stock, newest first.</summary>
    /// <param name="product">Position in the structure.</param>
    /// <param name="most">So many at most.</param>
    /// <param name="from">Age of the newest day that counts, 0 for yesterday.</param>
    /// <returns>Their ages, 0 for yesterday.</returns>
    public List<int> Served(int product, int most, int from = 0)
    {
        var ages = new List<int>(most);
        for (var age = from; age < Days - 1 && ages.Count < most; age++)
        {
            if (!WasOut(product, age)) ages.Add(age);
        }

        return ages;
    }

    /// <summary>Mornings since the oldest lot under way was first seen, and whether it was seen to leave: a lot that was there at the first look may be older.</summary>
    public (int Days, bool SeenLeaving) UnderWay(int product)
    {
        var lots = new Queue<(long Units, int Age, bool SeenLeaving)>();
        long? before = null;
        for (var age = Days - 1; age >= 0; age--)
        {
            if (Stock(product, age) is null) continue;
            var more = Inbound(product, age) - (before ?? 0);
            if (more > 0) lots.Enqueue((more, age, before is not null));

            // The oldest lot arrives first.
            for (var arrived = -more; arrived > 0 && lots.TryDequeue(out var lot); arrived -= lot.Units)
            {
                if (lot.Units <= arrived) continue;
                lots = new([(lot.Units - arrived, lot.Age, lot.SeenLeaving), .. lots]);
                break;
            }

            before = Inbound(product, age);
        }

        return lots.TryPeek(out var next) ? (next.Age - Newest(product), next.SeenLeaving) : (0, false);
    }
}
