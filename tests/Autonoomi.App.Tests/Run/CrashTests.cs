using System.Globalization;
using System.IO;
using System.Text.Json;
using Autonoomi.Testing;

namespace Autonoomi.App.Tests.Run;

public sealed class CrashTests
{
    /// <summary>How many kills: a handful by default, AUTONOOMI_KILLS=50 for the whole proof.</summary>
    private static int Kills => int.TryParse(Environment.GetEnvironmentVariable("AUTONOOMI_KILLS"), NumberStyles.None, CultureInfo.InvariantCulture, out var asked) ? asked : 5;

    [Fact]
    public async Task Killed_at_random_points_a_demo_finishes_and_no_write_was_done_twice()
    {
        var dice = new Random(20_261);
        var landed = 0;
        for (int seed = 11; landed < Kills; seed++) landed += await RoundAsync(seed, Kills - landed, dice, TestContext.Current.CancellationToken);

        Assert.Equal(Kills, landed);
        Testing.Figures.Tell($"{landed} kills landed, and after each of them the work was taken up again");
    }

    /// <summary>One demo undisturbed, the same demo killed again and again until it ends by itself; both must leave the same writes and the same figures.</summary>
    /// <returns>Kills that met a running process.</returns>
    private static async Task<int> RoundAsync(int seed, int most, Random dice, CancellationToken cancellationToken)
    {
        const int days = 3;
        var folder = Directory.CreateTempSubdirectory("autonoomi-crash-").FullName;
        try
        {
            await using var undisturbed = await PretendAmazon.StartAsync(seed: seed);
            var watch = System.Diagnostics.Stopwatch.StartNew();
            var calm = await DemoChild.RunAsync(
                DemoChild.Headless(undisturbed, await DemoChild.KeyFileAsync(undisturbed, folder, cancellationToken), Path.Combine(folder, "calm"), days), cancellationToken);
            Assert.True(calm.Code == 0, calm.Errors);
            var whole = watch.Elapsed; // kills fall anywhere in it, however fast the machine is
            var expected = await DemoChild.AcceptedAsync(undisturbed, cancellationToken);
            Assert.NotEmpty(expected);

            await using var amazon = await PretendAmazon.StartAsync(seed: seed);
            var keyFile = await DemoChild.KeyFileAsync(amazon, folder, cancellationToken);
            var data = Path.Combine(folder, "killed");
            var kills = 0;
            while (kills < most)
            {
                using var process = DemoChild.Start(DemoChild.Headless(amazon, keyFile, data, days));
                var errors = process.StandardError.ReadToEndAsync(cancellationToken);
                _ = process.StandardOutput.ReadToEndAsync(cancellationToken);
                await Task.WhenAny(process.WaitForExitAsync(cancellationToken), Task.Delay(whole * (0.1 + (0.4 * dice.NextDouble())), cancellationToken));
                if (process.HasExited)
                {
                    Assert.True(process.ExitCode == 0, await errors);
                    break;
                }

                process.Kill();
                await process.WaitForExitAsync(cancellationToken);
                kills++;
            }

            var last = await DemoChild.RunAsync(DemoChild.Headless(amazon, keyFile, data, days), cancellationToken);

            Assert.True(last.Code == 0, last.Errors);
            var accepted = await DemoChild.AcceptedAsync(amazon, cancellationToken);
            Assert.True(expected.Order(StringComparer.Ordinal).SequenceEqual(accepted.Order(StringComparer.Ordinal), StringComparer.Ordinal), $"{Difference(expected, accepted)}\n{await HeldAsync(folder, cancellationToken)}");
            Assert.Equal(Figures(calm.Output), Figures(last.Output));
            return kills;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // Ids come from the order of creation, and decisions lean on them (whose turn it is to be asked about).
    private static string Difference(List<string> expected, List<string> accepted) =>
        $"New things in the same order: {expected.Where(IsNew).SequenceEqual(accepted.Where(IsNew), StringComparer.Ordinal)}\n" +
        $"Only undisturbed:\n{string.Join('\n', expected.Except(accepted).Order(StringComparer.Ordinal))}\nOnly after kills:\n{string.Join('\n', accepted.Except(expected).Order(StringComparer.Ordinal))}\nWrites: {expected.Count} and {accepted.Count}";

    private static async Task<string> HeldAsync(string folder, CancellationToken cancellationToken)
    {
        var (calm, killed) = (await VaultLines.OfAsync(Path.Combine(folder, "calm"), cancellationToken), await VaultLines.OfAsync(Path.Combine(folder, "killed"), cancellationToken));
        return $"Held only undisturbed:\n{string.Join('\n', calm.Except(killed))}\nHeld only after kills:\n{string.Join('\n', killed.Except(calm))}";
    }

    private static bool IsNew(string write) => write.Contains(" create ", StringComparison.Ordinal);

    private static string Figures(string output)
    {
        using var report = JsonDocument.Parse(output);
        return string.Join('\n', report.RootElement.EnumerateObject().Where(item => item.Name != "seconds").Select(item => item.ToString()));
    }
}
