using System.IO;
using System.Text.Json;
using Autonoomi.App.Platform.Promises;
using Autonoomi.App.Tests.Run;
using Autonoomi.Privacy;

namespace Autonoomi.App.Tests.Promises;

public sealed class PromiseBoardTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0, true, Standing.Proven)]
    [InlineData(120, true, Standing.Proven)]
    [InlineData(121, true, Standing.Stale)]
    [InlineData(1, false, Standing.Failing)]
    [InlineData(500, false, Standing.Failing)]
    public void A_proof_holds_for_two_hours_and_a_no_until_a_yes(int minutes, bool holds, Standing standing) =>
        Assert.Equal(standing, Assert.Single(PromiseBoard.Of([Kept], [new("one", Now.AddMinutes(-minutes), holds, "looked")], Now)).Standing);

    [Fact]
    public void What_was_never_asked_is_not_proven() => Assert.Equal(Standing.Stale, Assert.Single(PromiseBoard.Of([Kept], [], Now)).Standing);

    [Fact]
    public void What_is_open_stays_open_unless_its_probe_measures_a_breach()
    {
        var open = Kept with { State = PromiseState.Open, Missing = "All." };

        Assert.Equal(Standing.Open, Assert.Single(PromiseBoard.Of([open], [new("one", Now, true, "looked")], Now)).Standing);
        Assert.Equal(Standing.Failing, Assert.Single(PromiseBoard.Of([open], [new("one", Now, false, "looked")], Now)).Standing);
    }

    [Fact]
    public void What_only_tests_can_hold_is_counted_apart() => Assert.Equal(Standing.Tested, Assert.Single(PromiseBoard.Of([Kept with { Probe = null }], [], Now)).Standing);

    [Fact]
    public async Task The_command_keeps_the_contract_of_its_file()
    {
        var stop = TestContext.Current.CancellationToken;
        var folder = Directory.CreateTempSubdirectory("autonoomi-promises-test-").FullName;
        try
        {
            var file = Path.Combine(folder, "promises.json");
            var (code, output, errors) = await DemoChild.RunAsync(["promises", "--data", Path.Combine(folder, "none"), "--json", file], stop);
            Assert.True(code == 0, output + errors);
            Assert.Contains("throw-away", errors, StringComparison.Ordinal);

            using var written = JsonDocument.Parse(await File.ReadAllTextAsync(file, stop));
            var root = written.RootElement;
            Assert.Equal(["proven", "failing", "stale", "organisational", "tested", "open", "promises"], root.EnumerateObject().Select(item => item.Name));
            var promises = root.GetProperty("promises").EnumerateArray().ToList();
            Assert.Equal(PromiseRegister.Promises.Select(promise => promise.Id), promises.Select(promise => promise.GetProperty("id").GetString()));
            Assert.All(promises, promise => Assert.Equal(["id", "state", "measured", "at"], promise.EnumerateObject().Select(item => item.Name)));
            foreach (var state in (string[])["proven", "failing", "stale", "organisational", "tested", "open"])
                Assert.Equal(promises.Count(promise => promise.GetProperty("state").GetString() == state), root.GetProperty(state).GetInt32());
            Assert.Equal(PromiseRegister.Promises.Count(promise => promise.Kind == PromiseKind.ProvenByProbe), root.GetProperty("proven").GetInt32());
            Assert.Equal(0, root.GetProperty("failing").GetInt32() + root.GetProperty("stale").GetInt32());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task The_command_fails_when_a_promise_does()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var probed = await Probed.StartAsync(postgres: false);
        var settings = probed.Get<Autonoomi.App.Platform.Environments.StorageSettings>();
        Dictionary<string, string> configuration = new() { ["Autonoomi__Storage__Environment"] = "Demo", ["Autonoomi__Storage__KeyFolder"] = settings.KeyFolder };

        var (before, good, errors) = await DemoChild.RunAsync(["promises", "--data", settings.DataFolder], stop, configuration); // the product works on the same store
        await probed.ExecuteAsync("alter table \"user\" add column user_agent text");
        var (after, bad, _) = await DemoChild.RunAsync(["promises", "--data", settings.DataFolder], stop, configuration);

        Assert.True(before == 0, good + errors);
        Assert.Equal(1, after);
        Assert.Contains("user.user_agent is stored and nobody declared it", bad, StringComparison.Ordinal);
    }

    private static readonly Promise Kept = new("P-1-a", PromiseState.Kept, Audience.Seller, "Part", "one", "Something.", "Something.", ["OneTests"], "Here", "");
}
