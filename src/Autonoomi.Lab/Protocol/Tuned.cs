using System.IO;
using System.Text.Json;

namespace Autonoomi.Lab.Protocol;

/// <summary>What tuning found best for one policy in one family.</summary>
/// <param name="Family">Id.</param>
/// <param name="Policy">Id.</param>
/// <param name="Target">Target ACoS as a share of break-even.</param>
/// <param name="Pooled">One cap for the account instead of budgets per campaign.</param>
/// <param name="Score">Mean percent of the oracle over the tuning worlds.</param>
/// <param name="Seed">First development seed.</param>
/// <param name="Worlds">Development worlds.</param>
/// <param name="Tried">Values of the target tried, all kinds of budget together.</param>
/// <param name="Market">Hash of the market's sources that it was tuned on.</param>
internal sealed record TunedValue(string Family, string Policy, double Target, bool Pooled, double Score, ulong Seed, int Worlds, int Tried, string Market);

/// <summary>The tuned values that ship with the lab (<c>tuned.json</c>); written by <c>./run lab tune</c>, reviewed like code.</summary>
internal sealed class Tuned(IReadOnlyList<TunedValue> values)
{
    /// <summary>Whose value a family without one borrows.</summary>
    public const string Fallback = "S2";

    public IReadOnlyList<TunedValue> Values { get; } = values;

    public static Tuned Shipped()
    {
        using var stream = typeof(Tuned).Assembly.GetManifestResourceStream("tuned.json")!;
        return new Tuned(JsonSerializer.Deserialize(stream, ReportJson.Default.ListTunedValue)!);
    }

    /// <returns>The family's own value, or the mature family's; null when the policy was never tuned.</returns>
    public TunedValue? Find(string family, string policy) => Exact(family, policy) ?? Exact(Fallback, policy);

    /// <summary>Puts new values in the file, in place of older ones of the same family and policy.</summary>
    public static void Write(string path, IEnumerable<TunedValue> found)
    {
        var fresh = found.ToDictionary(value => (value.Family, value.Policy));
        var known = File.Exists(path) ? JsonSerializer.Deserialize(File.ReadAllText(path), ReportJson.Default.ListTunedValue)! : [];
        var all = known.Where(value => !fresh.ContainsKey((value.Family, value.Policy))).Concat(fresh.Values)
            .OrderBy(value => value.Family.Length).ThenBy(value => value.Family, StringComparer.Ordinal).ThenBy(value => value.Policy, StringComparer.Ordinal).ToList();
        WholeFile.Write(path, JsonSerializer.Serialize(all, ReportJson.Default.ListTunedValue) + "\n");
    }

    private TunedValue? Exact(string family, string policy) => Values.FirstOrDefault(value => value.Family == family && value.Policy == policy);
}
