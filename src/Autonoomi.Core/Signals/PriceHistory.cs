using Autonoomi.Core.Facts;

namespace Autonoomi.Core.Signals;

/// <summary>
/// What a unit of each product fetched day by day, over what it fetches now. A price that has changed by more than 5 % makes older days speak of another offer: they count half, and their sales are told in today's
/// price. See docs/maths/signals.md.
/// </summary>
internal sealed class PriceHistory
{
    /// <summary>Smaller differences are discounts and rounding.</summary>
    public const double LeastChange = 0.05;

    /// <summary>What a day at another price still tells of conversion.</summary>
    public const double OtherPriceWeight = 0.5;

    private const int Days = 100;
    private readonly float[] ratios;

    private readonly double weight;

    /// <param name="structure">Whose products.</param>
    /// <param name="weight">How far another price counts, 0 to 1.</param>
    public PriceHistory(Structure structure, double weight)
    {
        this.weight = weight;
        ratios = new float[structure.Products.Length * Days];
        var workspace = structure.Workspace;
        var table = workspace.OrderDays;
        var skus = table.Texts("sku");
        var productOf = skus.Words.Select(word => structure.Product(new(word))).ToArray();
        var days = table.Ints("day");
        var units = table.Longs("units");
        var sales = table.Longs("sales");
        for (var row = 0; row < table.Rows; row++)
        {
            var age = workspace.Today.DayNumber - days[row] - 1;
            if (age is >= 0 and < Days && units[row] > 0 && sales[row] > 0 && productOf[skus.Codes[row]] is >= 0 and var product) ratios[product * Days + age] = (float)(sales[row] / 1e6 / units[row]);
        }

        for (var product = 0; product < structure.Products.Length; product++)
        {
            var own = ratios.AsSpan(product * Days, Days);
            var now = own.IndexOfAnyExcept(0f) is >= 0 and var youngest ? own[youngest] : 0;
            var ratio = 1f;
            for (var age = 0; age < Days; age++)
            {
                // A day without a sale had the price of the next day with one.
                if (own[age] > 0) ratio = Math.Abs((now / own[age]) - 1) > LeastChange ? now / own[age] : 1;
                own[age] = ratio;
            }
        }
    }

    /// <returns>Price now over the price of so many days ago; 1 while it has hardly changed or is not known.</returns>
    public double ToToday(int product, int age) => product >= 0 && age is >= 0 and < Days ? Math.Pow(ratios[product * Days + age], weight) : 1;

    /// <returns>Weight of a day in what is learned of conversion.</returns>
    public double Weight(int product, int age) => ToToday(product, age) == 1 ? 1 : 1 - (weight * (1 - OtherPriceWeight));
}
