using System.Globalization;
using Autonoomi.Marketplace.World;

namespace Autonoomi.Benchmarks;

/// <summary>
/// 120 days of the pretend market with 3,000 and with 50,000 targets, built and lived; against one counter-based draw for every product, search, placement and
/// hour, which is the least that a market would cost that asks everybody every hour.
/// </summary>
/// <remarks>Processor time of all threads, each contestant in a process of its own; the compiler's warming up is part of it.</remarks>
internal static class MarketBenchmark
{
    private const int Days = 120;
    private static readonly (int Products, int Keywords, double Seconds, int Megabytes)[] Sizes = [(10, 300, 10, 2048), (40, 1250, 180, 2048)];

    /// <param name="wanted">Another number of targets, for a quick look; the larger size is then left out.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    public static async Task<IReadOnlyList<BenchResult>> RunAsync(int? wanted, CancellationToken cancellationToken)
    {
        var results = new List<BenchResult>();
        foreach (var (products, keywords, seconds, megabytes) in wanted is { } targets ? [(10, targets / 10, 10, 2048)] : Sizes)
        {
            string[] size = [products.ToString(CultureInfo.InvariantCulture), keywords.ToString(CultureInfo.InvariantCulture)];
            var lived = await Contestant.StartAsync(["market", "live", .. size], cancellationToken);
            var drawn = await Contestant.StartAsync(["market", "draw", .. size], cancellationToken);
            var name = string.Create(CultureInfo.InvariantCulture, $"market {products * keywords:N0} x {Days}");
            await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"  {name}: {lived.ProcessorSeconds:0.00} s of processor time, peak {lived.PeakMegabytes} MB; the draws alone {drawn.ProcessorSeconds:0.00} s ({lived.ProcessorSeconds / drawn.ProcessorSeconds:0.0} times)"));
            results.Add(new($"{name} (of the goal)", string.Create(CultureInfo.InvariantCulture, $"{seconds} s; a draw per cell and hour alone took {drawn.ProcessorSeconds:0.00} s"),
                lived.ProcessorSeconds, seconds, "s", lived.ProcessorSeconds / seconds, 1, lived.ProcessorSeconds <= seconds, lived.PeakMegabytes));
            results.Add(new($"{name} memory (of the limit)", $"{megabytes} MB resident; the draws alone took {drawn.PeakMegabytes} MB",
                lived.PeakMegabytes, megabytes, "MB", lived.PeakMegabytes / (double)megabytes, 1, lived.PeakMegabytes <= megabytes, lived.PeakMegabytes));
        }

        return results;
    }

    /// <summary>In a contestant's own process.</summary>
    /// <param name="arguments">Name, products, keywords per product.</param>
    public static Task CompeteAsync(string[] arguments)
    {
        var settings = new WorldSettings
        {
            Products = int.Parse(arguments[1], CultureInfo.InvariantCulture),
            KeywordsPerProduct = int.Parse(arguments[2], CultureInfo.InvariantCulture),
            HistoryDays = 0,
            Past = SellerPast.LongTail,
        };
        var market = arguments[0] == "draw" ? new MarketWorld(7, settings).Market : null;
        return Contestant.RunOnceAsync(() =>
        {
            if (market is not null) Draw(market);
            else new MarketWorld(7, settings).AdvanceDays(Days);
            return Task.CompletedTask;
        });
    }

    private static void Draw(Market market)
    {
        var dice = new Dice(7);
        var sum = 0d;
        for (var hour = 0; hour < Days * 24; hour++)
        {
            foreach (var pair in market.Pairs)
            {
                foreach (var cell in pair.Cells) sum += dice.Uniform(Autonoomi.Marketplace.World.Draw.Clicks, cell.Key, hour);
            }
        }

        if (double.IsNaN(sum)) throw new InvalidOperationException("A draw was no number.");
    }
}
