using System.Text.Json;
using Autonoomi.Marketplace.Scenarios;
using Autonoomi.Marketplace.World;

namespace Autonoomi.Marketplace.Tests;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("S2", 3)]
    [InlineData("s5", 1_004)]
    [InlineData("S11", 42)]
    public void A_family_and_a_seed_serve_the_very_world_that_the_lab_plays(string family, ulong seed)
    {
        var (served, settings) = Parse("--family", family, "--seed", $"{seed}").World();

        var played = Families.Find(family)!.Storefronts(seed, Families.SplitOf(seed))[0];
        Assert.Equal(Families.WorldSeed(seed, 0), served);
        Assert.Equal(Show(played), Show(settings));
        Assert.NotEqual(Show(new WorldSettings()), Show(settings));
    }

    [Fact]
    public void Without_a_family_it_is_the_demo()
    {
        var (seed, settings) = Parse("--seed", "9").World();

        Assert.Equal((9UL, Show(new WorldSettings())), (seed, Show(settings)));
    }

    [Fact]
    public void Products_and_history_can_be_chosen_in_every_world()
    {
        var (_, settings) = Parse("--family", "S2", "--products", "2", "--history-days", "5").World();

        Assert.Equal((2, 5, SellerPast.Mature), (settings.Products, settings.HistoryDays, settings.Past));
    }

    [Theory]
    [InlineData("--family S99", "--family cannot be 'S99'.")]
    [InlineData("--family S2 --seed 5000", "S2 with seed 5000 is kept for sealed studies; the lab alone plays it.")]
    [InlineData("--family S9 --seed 1", "S9 with seed 1 is kept for sealed studies; the lab alone plays it.")]
    [InlineData("--family S2 --storefront 1", "S2 has storefronts 0 to 0.")]
    [InlineData("--storefront 1", "--storefront needs a --family.")]
    [InlineData("--products 41", "--products cannot be '41'.")]
    [InlineData("--history-days 401", "--history-days cannot be '401'.")]
    [InlineData("--faults mixed", "--faults cannot be 'mixed'.")]
    [InlineData("--faults mixed:0.95", "--faults cannot be 'mixed:0.95'.")]
    [InlineData("--faults hail:0.2", "--faults cannot be 'hail:0.2'.")]
    [InlineData("--seed", "--seed needs a value.")]
    [InlineData("--colour red", "Unknown argument '--colour'.")]
    public void What_cannot_be_is_refused_in_one_sentence(string arguments, string problem)
    {
        Assert.False(CommandLine.TryParse(arguments.Split(' '), out _, out var told));
        Assert.Equal(problem, told);
    }

    private static CommandLine Parse(params string[] arguments)
    {
        Assert.True(CommandLine.TryParse(arguments, out var command, out var problem), problem);
        return command;
    }

    // Records with lists in them: compared by what they hold.
    private static string Show(WorldSettings settings) =>
        JsonSerializer.Serialize(settings) + string.Join(';', settings.Events);
}
