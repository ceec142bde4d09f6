using System.CommandLine;
using System.CommandLine.Parsing;
using Autonoomi.Marketplace.Scenarios;

namespace Autonoomi.Lab.Protocol.Commands;

/// <summary>The options that all studies share, and the judgement of what was typed. What is judged here is wrong usage: exit code 2.</summary>
internal sealed class StudyOptions
{
    public StudyOptions(bool severalFamilies, int worlds)
    {
        Families = severalFamilies
            ? new Option<string>("--families") { Description = "Families, separated by commas: S1 to S13, S6-50k.", DefaultValueFactory = _ => "S2" }
            : new Option<string>("--family") { Description = "The family: S1 to S13, S6-50k.", DefaultValueFactory = _ => "S2" };
        Worlds = new Option<int>("--worlds") { Description = "Worlds per family.", DefaultValueFactory = _ => worlds };
    }

    public Option<string> Families { get; }
    public Option<string> Policies { get; } = new("--policies") { Description = "Policies, separated by commas: ours, B00 to B13, B11z, B03+H-Zon, B14, O2." };
    public Option<int> Worlds { get; }
    public Option<ulong> Seed { get; } = new("--seed") { Description = $"First seed: {Seeds.Ranges}.", DefaultValueFactory = _ => 0UL };
    public Option<string?> Json { get; } = new("--json") { Description = "File for everything; FILE.journal beside it lets the same command go on after a stop." };
    public Option<int?> Days { get; } = new("--days") { Description = "Fewer managed days than the family has: a quick look, not to be compared." };
    public Option<int> Workers { get; } = new("--workers") { Description = "Worlds played at the same time; default: one per core.", DefaultValueFactory = _ => Environment.ProcessorCount };

    /// <summary>Adds the judgement to a command that carries these options.</summary>
    public void Judge(Command command) => command.Validators.Add(result =>
    {
        if (Typed(result, Worlds) && result.GetValue(Worlds) is < 1 or > 10_000) result.AddError("--worlds lies between 1 and 10000.");
        else if (Typed(result, Workers) && result.GetValue(Workers) is < 1 or > 256) result.AddError("--workers lies between 1 and 256.");
        else if (Typed(result, Days) && result.GetValue(Days) is < 1 or > 400) result.AddError("--days lies between 1 and 400.");
        else if (Seeds.UseOf(SeedOf(result), WorldsOf(result)) is null) result.AddError($"Seeds {SeedOf(result)} to {SeedOf(result) + (ulong)WorldsOf(result) - 1} do not lie within one range: {Seeds.Ranges}.");
        JudgeList(result, Families, FamilyOf);
        JudgeList(result, Policies, Contestant.Find);
    });

    public IReadOnlyList<Family> FamiliesOf(ParseResult parsed) => [.. Split(parsed.GetValue(Families)!).Select(FamilyOf).Select(family => Shortened(family, parsed.GetValue(Days)))];

    /// <returns>The family with as many days, at most its own.</returns>
    public static Family Shortened(Family family, int? days) => family with { Days = Math.Min(family.Days, days ?? family.Days) };

    public IReadOnlyList<Contestant> PoliciesOf(ParseResult parsed) => [.. Split(parsed.GetValue(Policies)!).Select(Contestant.Find).DistinctBy(contestant => contestant.Id)];

    public static IReadOnlyList<string> Split(string list) => [.. list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct(StringComparer.OrdinalIgnoreCase)];

    /// <summary>An option that was not given has no value yet while others are judged; what cannot be read at all, the parser refuses by itself.</summary>
    public static bool Typed<T>(CommandResult result, Option<T> option) =>
        result.GetResult(option) is { Tokens.Count: > 0 } given && !given.Errors.Any() && CanRead(result, option);

    public ulong SeedOf(CommandResult result) => Typed(result, Seed) ? result.GetValue(Seed) : 0;

    public int WorldsOf(CommandResult result) => Typed(result, Worlds) ? Math.Max(1, result.GetValue(Worlds)) : 1;

    private static Family FamilyOf(string id) =>
        Marketplace.Scenarios.Families.Find(id) ?? throw new ArgumentException($"There is no family '{id}'. Known: {string.Join(", ", Marketplace.Scenarios.Families.All.Select(family => family.Id))}.", nameof(id));

    private static bool CanRead<T>(CommandResult result, Option<T> option)
    {
        try
        {
            _ = result.GetValue(option);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static void JudgeList<T>(CommandResult result, Option<string> option, Func<string, T> find)
    {
        if (!Typed(result, option)) return;
        var names = Split(result.GetValue(option)!);
        if (names.Count == 0) result.AddError($"{option.Name} names at least one.");
        foreach (var name in names)
        {
            try
            {
                find(name);
            }
            catch (ArgumentException unknown)
            {
                // Its message ends with the parameter's name, which is no help on a command line.
                result.AddError(unknown.Message.Split(" (Parameter", 2)[0]);
            }
        }
    }
}
