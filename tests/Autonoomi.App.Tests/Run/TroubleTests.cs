using System.Globalization;
using System.IO;
using System.Net;
using System.Net.Sockets;
using Autonoomi.Testing;

namespace Autonoomi.App.Tests.Run;

public sealed class TroubleTests : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("autonoomi-trouble-").FullName;
    private PretendAmazon amazon = null!;
    private string keyFile = "";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        amazon = await PretendAmazon.StartAsync(seed: 5);
        keyFile = await DemoChild.KeyFileAsync(amazon, folder, Stop);
    }

    public async ValueTask DisposeAsync()
    {
        await amazon.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_full_disk_stops_the_run_with_a_sentence_and_the_rest_happens_later()
    {
        var data = Path.Combine(folder, "full");

        // No file of the process may grow beyond 2 MiB: SQLite meets that as it meets a full disk. The runtime's own code pages must not be such a file.
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["DOTNET_EnableWriteXorExecute"] = "0" };
        var stopped = await DemoChild.RunAsync(DemoChild.Headless(amazon, keyFile, data, 1), Stop, environment, "trap '' XFSZ; ulimit -f 2048; exec \"$@\"");
        Assert.Equal(1, stopped.Code);
        Assert.Contains("disk", stopped.Errors, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Free some space", stopped.Errors, StringComparison.Ordinal);
        Assert.Empty(await DemoChild.AcceptedAsync(amazon, Stop));

        var later = await DemoChild.RunAsync(DemoChild.Headless(amazon, keyFile, data, 1), Stop);
        Assert.True(later.Code == 0, later.Errors);
    }

    [Fact]
    public async Task A_port_in_use_is_named_with_the_way_out()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);

        var (code, _, errors) = await DemoChild.RunAsync([.. DemoChild.Headless(amazon, keyFile, Path.Combine(folder, "port"), 1), "--port", port], Stop);

        Assert.Equal(1, code);
        Assert.Contains(port, errors, StringComparison.Ordinal);
        Assert.Contains("--port", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lost_key_is_an_error_and_never_a_new_key()
    {
        var data = Path.Combine(folder, "lost");
        var first = await DemoChild.RunAsync(DemoChild.Headless(amazon, keyFile, data, 1), Stop);
        Assert.True(first.Code == 0, first.Errors);
        Directory.Move(Path.Combine(data, "keys"), Path.Combine(data, "moved"));

        var without = await DemoChild.RunAsync(DemoChild.Headless(amazon, keyFile, data, 1), Stop);
        Assert.Equal(78, without.Code); // data of one environment and keys of none
        Assert.Contains("key", without.Errors, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("   at ", without.Errors, StringComparison.Ordinal);

        if (Directory.Exists(Path.Combine(data, "keys"))) Directory.Delete(Path.Combine(data, "keys"), recursive: true);
        Directory.Move(Path.Combine(data, "moved"), Path.Combine(data, "keys"));
        var again = await DemoChild.RunAsync(DemoChild.Headless(amazon, keyFile, data, 1), Stop);
        Assert.True(again.Code == 0, again.Errors);
    }

    [Fact]
    [Promise("P-7-d")]
    public async Task A_withdrawn_consent_asks_to_connect_again()
    {
        var data = Path.Combine(folder, "revoked");
        var first = await DemoChild.RunAsync(DemoChild.Headless(amazon, keyFile, data, 1), Stop);
        Assert.True(first.Code == 0, first.Errors);
        await amazon.SetFaultsAsync(new { revoke = new[] { "ads" } }, Stop);

        var (code, _, errors) = await DemoChild.RunAsync(DemoChild.Headless(amazon, keyFile, data, 2), Stop);

        Assert.Equal(1, code);
        Assert.Contains("connect the account again", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--days", "0")]
    [InlineData("--days", "x")]
    [InlineData("--amazon", "https://advertising-api.amazon.com")]
    [InlineData("--nonsense", "1")]
    public async Task Wrong_usage_ends_with_2(string option, string value)
    {
        var (code, _, errors) = await DemoChild.RunAsync(["demo", "--headless", option, value], Stop);

        Assert.Equal(2, code);
        Assert.NotEmpty(errors);
    }
}
