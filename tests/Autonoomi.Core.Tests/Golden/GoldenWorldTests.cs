using System.IO;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Autonoomi.Core.Tests.Golden;

/// <summary>
/// Four small storefronts, the last with Amazon's suggestions, ten days each: what is decided on them changes only when somebody means it to. After a change of behaviour that is meant, run the
/// tests once with <c>AUTONOOMI_RENEW=1</c> and commit worlds.txt together with the change.
/// </summary>
public sealed class GoldenWorldTests
{
    [Fact]
    public void Small_storefronts_are_decided_as_they_were_when_somebody_last_looked()
    {
        var now = string.Join('\n', Enumerable.Range(70, 4).Select(Line)) + "\n";
        var file = Path.Combine(Folder(), "worlds.txt");
        if (Environment.GetEnvironmentVariable("AUTONOOMI_RENEW") == "1") File.WriteAllText(file, now);

        Assert.Equal(File.ReadAllText(file), now);
    }

    // Seed, how many of what, and a digest of all changes in order.
    private static string Line(int seed)
    {
        var random = new Random(seed);
        var workspace = new SomeStorefront { Seed = seed, Products = 3, ClicksPerDay = 2, TermsPerGroup = 6, MonthlyBudget = seed == 71 ? 2500 : 100_000, DailyBudget = 60, Stock = product => seed == 72 && product == 0 ? 40 : 5000 }.Build();
        if (seed == 73) workspace = workspace with { Suggestions = SomeStorefront.Suggested(workspace, new Random(seed), 0.8) };
        var (text, kinds) = (new StringBuilder(), new SortedDictionary<string, int>(StringComparer.Ordinal));
        for (var day = 0; day < 10; day++)
        {
            var decision = Optimiser.Decide(workspace, DecisionSettings.Default);
            foreach (var change in decision.Proposals.Select(proposal => proposal.Change))
            {
                text.Append(JsonSerializer.Serialize(change)).Append('\n');
                kinds[change.GetType().Name] = kinds.GetValueOrDefault(change.GetType().Name) + 1;
            }

            workspace = SomeStorefront.NextDay(workspace, [.. decision.Proposals.Select(proposal => proposal.Change)], random, 2) with { Handovers = decision.Handovers };
        }

        return $"{seed}: {string.Join(", ", kinds.Select(pair => $"{pair.Value} {pair.Key}"))}; {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, 16))}";
    }

    private static string Folder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
