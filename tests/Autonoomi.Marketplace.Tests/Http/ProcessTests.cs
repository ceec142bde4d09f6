using System.Diagnostics;
using System.IO;
using System.Net;
using System.Net.Sockets;
using Autonoomi.Marketplace.Http;
using Autonoomi.Testing;

namespace Autonoomi.Marketplace.Tests.Http;

/// <summary>The executable as the demo starts it.</summary>
public sealed class ProcessTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_says_where_it_listens_keeps_its_key_to_its_owner_and_ends_with_its_parent()
    {
        await using var amazon = await PretendAmazon.StartAsync(historyDays: 1);
        var before = await amazon.ClockAsync(Cancel);

        Assert.Equal(TimeSpan.FromDays(1), await amazon.AdvanceAsync(1, Cancel) - before);
        Assert.Equal(48, amazon.WorldKey.Length);
    }

    [Fact]
    public async Task The_key_file_is_readable_by_its_owner_alone_and_is_kept()
    {
        var folder = Directory.CreateTempSubdirectory("autonoomi-key-");
        var path = Path.Combine(folder.FullName, "world.key");
        var first = WorldKeyFile.ReadOrCreate(path);

        Assert.Equal(first, WorldKeyFile.ReadOrCreate(path));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        folder.Delete(recursive: true);
        await Task.CompletedTask;
    }

    [Fact]
    public async Task Faults_can_be_on_from_the_first_call_and_are_lifted_like_any_others()
    {
        await using var amazon = await PretendAmazon.StartAsync(historyDays: 1, more: ["--faults", "throttle:0.9"]);
        using var client = new HttpClient { BaseAddress = amazon.Address };
        var throttled = 0;
        for (var call = 0; call < 20; call++)
        {
            using var answer = await client.GetAsync("/v2/profiles", Cancel);
            if (answer.StatusCode == HttpStatusCode.TooManyRequests) throttled++;
        }

        Assert.InRange(throttled, 12, 20);
        Assert.Equal(throttled, (await amazon.GetAsync("/world/faults", Cancel)).GetProperty("struck").GetProperty("throttle").GetInt32());

        await amazon.SetFaultsAsync(new { clear = true }, Cancel);
        using var calm = await client.GetAsync("/v2/profiles", Cancel);
        Assert.Equal(HttpStatusCode.Unauthorized, calm.StatusCode);
    }

    [Theory]
    [InlineData("mixed:0.2", null, 0.2)]
    [InlineData("cutDownload:0.5", FaultKind.CutDownload, 0.5)]
    [InlineData("throttledItems:0", FaultKind.ThrottledItems, 0.0)]
    public void A_scenario_of_faults_is_a_kind_and_a_share(string words, object? kind, double share) =>
        Assert.Equal(((FaultKind?)kind, share), FaultScenario.Read(words) is { } scenario ? (scenario.Kind, scenario.Share) : default);

    [Theory]
    [InlineData("--colour red", "Unknown argument '--colour'")]
    [InlineData("--seed minus", "--seed cannot be 'minus'")]
    [InlineData("--history-days 9999", "--history-days")]
    [InlineData("--urls http://0.0.0.0:80", "--urls")]
    [InlineData("--seed", "needs a value")]
    public async Task A_wrong_argument_ends_with_2_and_says_which(string arguments, string said)
    {
        var (code, error) = await RunAsync(arguments.Split(' '));

        Assert.Equal(2, code);
        Assert.Contains(said, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_in_use_ends_with_1_and_names_the_fix()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var folder = Directory.CreateTempSubdirectory("autonoomi-port-");
        var (code, error) = await RunAsync("--urls", $"http://127.0.0.1:{((IPEndPoint)taken.LocalEndpoint).Port}", "--history-days", "0", "--world-key-file", Path.Combine(folder.FullName, "key"));
        folder.Delete(recursive: true);

        Assert.Equal(1, code);
        Assert.Contains("--urls", error, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Error)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [PretendAmazon.Executable(), .. arguments]) { RedirectStandardError = true, UseShellExecute = false };
        using var process = Process.Start(start)!;
        var error = await process.StandardError.ReadToEndAsync(Cancel);
        await process.WaitForExitAsync(Cancel);
        return (process.ExitCode, error);
    }
}
