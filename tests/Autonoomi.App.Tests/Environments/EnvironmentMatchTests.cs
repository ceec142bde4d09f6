using System.Diagnostics;
using System.IO;
using System.Net;
using System.Net.Sockets;
using Autonoomi.Amazon;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Environments;
using Autonoomi.App.Tests.Run;
using Autonoomi.App.Tests.Web;
using Autonoomi.Vault;

namespace Autonoomi.App.Tests.Environments;

/// <summary>Environments do not mix, and a start that would mix them ends before it listens.</summary>
public sealed class EnvironmentMatchTests
{
    private static readonly string?[] Tags = ["development", "production", "demo", null];

    [Fact]
    public void Of_the_192_combinations_the_15_legal_ones_start()
    {
        var combinations = (
            from host in (bool[])[true, false]
            from storage in Enum.GetValues<DataEnvironment>()
            from key in Tags
            from stamp in Tags
            from amazon in (AmazonSide[])[AmazonSide.Itself, AmazonSide.Pretend]
            select (host, storage, key, stamp, amazon)).ToList();
        Assert.Equal(192, combinations.Count);

        var legal = combinations.Where(c => EnvironmentMatch.Refusal(c.host, c.storage, c.key, c.stamp, c.amazon) is null).ToList();

        Assert.Equal(15, legal.Count);
        Assert.All(legal, c =>
        {
            var tag = Tags[(int)c.storage];
            Assert.True(c.key is null || c.key == tag);
            Assert.True(c.stamp is null || (c.stamp == tag && c.key == tag));
            Assert.Equal(c.storage == DataEnvironment.Production, c.amazon == AmazonSide.Itself);
            Assert.False(c.storage == DataEnvironment.Production && c.host);
        });
        foreach (var storage in Enum.GetValues<DataEnvironment>()) Assert.NotNull(EnvironmentMatch.Refusal(false, storage, null, null, AmazonSide.Mixed));
    }

    [Theory]
    [InlineData("https://advertising-api.amazon.com", AmazonSide.Mixed)]
    [InlineData("http://127.0.0.1:5080", AmazonSide.Pretend)]
    [InlineData("https://amazon.com.evil.example", AmazonSide.Pretend)]
    [InlineData("https://notamazon.com", AmazonSide.Pretend)]
    [InlineData("http://api.amazon.com", AmazonSide.Pretend)]
    [InlineData("https://api.amazon.com:8443", AmazonSide.Pretend)]
    [InlineData("https://api.amazon.computer", AmazonSide.Pretend)]
    public void Where_addresses_lead_is_told_by_the_whole_host(string address, AmazonSide side)
    {
        Assert.Equal(AmazonSide.Itself, EnvironmentMatch.SideOf(new AmazonOptions()));
        var options = new AmazonOptions();
        options.PointAt(new Uri(address));
        if (side == AmazonSide.Mixed)
        {
            // One of Amazon's own among others that are not.
            options.PointAt(new Uri("http://127.0.0.1:5080"));
            options.SellerCentral["US"] = new Uri(address);
        }

        Assert.Equal(side, EnvironmentMatch.SideOf(options));
    }

    [Theory]
    [InlineData("Production", "Production", "http://127.0.0.1:9", null, "Amazon addresses")]
    [InlineData("Development", "Production", "", null, "host's environment")]
    [InlineData("Production", "Development", "", null, "Amazon addresses")]
    [InlineData("Development", "Development", "", null, "Amazon addresses")]
    [InlineData("Production", "Demo", "", null, "Amazon addresses")]
    [InlineData("Production", "Development", "http://127.0.0.1:9", "demo", "master key")]
    [InlineData("Production", "Production", "", "demo", "master key")]
    public async Task A_start_that_mixes_ends_with_78_and_one_line_before_it_listens(string host, string storage, string amazon, string? key, string named)
    {
        var folder = Directory.CreateTempSubdirectory("autonoomi-mixed-").FullName;
        try
        {
            var keys = Path.Combine(folder, "keys");
            if (key is not null) KeyChain.OpenOrCreate(keys, key).Dispose();
            var port = FreePort();
            var start = new ProcessStartInfo("dotnet", [DemoChild.Executable(), "serve", "--urls", $"http://127.0.0.1:{port}", "--data", Path.Combine(folder, "data")]) { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false };
            foreach (var (name, value) in new Dictionary<string, string>
            {
                ["ASPNETCORE_ENVIRONMENT"] = host, ["Autonoomi__Storage__Environment"] = storage, ["Autonoomi__Storage__KeyFolder"] = keys, ["Autonoomi__TlsAtProxy"] = "true",
                ["Autonoomi__Amazon__BaseAddress"] = amazon, ["Autonoomi__Amazon__AdsClientSecret"] = "canary-of-a-secret",
            }) start.Environment[name] = value;

            using var process = Process.Start(start)!;
            var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);

            Assert.Equal(78, process.ExitCode);
            Assert.Contains(named, error, StringComparison.Ordinal);
            Assert.Single(error.Trim().Split('\n'));
            Assert.DoesNotContain("listens", output, StringComparison.Ordinal);
            foreach (var value in (string[])["canary", "127.0.0.1", folder]) Assert.DoesNotContain(value, error, StringComparison.Ordinal);
            Assert.False(Directory.Exists(Path.Combine(folder, "data")));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_database_of_another_environment_is_refused_by_its_stamp()
    {
        var folder = Directory.CreateTempSubdirectory("autonoomi-stamp-").FullName;
        try
        {
            await using (var demo = RunningProduct.Build(folder, [])) await StoreStart.PrepareAsync(demo.Services, TestContext.Current.CancellationToken);
            SqliteFiles.Release(folder);
            Directory.Delete(Path.Combine(folder, "keys"), recursive: true);

            var refused = Assert.Throws<EnvironmentMismatchException>(() => RunningProduct.Build(folder, new() { ["Autonoomi:Storage:Environment"] = "Development" }));

            Assert.Contains("database", refused.Message, StringComparison.Ordinal);
            Assert.False(Directory.Exists(Path.Combine(folder, "keys")));
        }
        finally
        {
            SqliteFiles.Release(folder);
            Directory.Delete(folder, recursive: true);
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
