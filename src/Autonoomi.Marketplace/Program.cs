#pragma warning disable RS0030 // a command line talks to the console
using System.Globalization;
using System.IO;
using System.Net;
using System.Net.Sockets;
using Autonoomi.Marketplace;
using Autonoomi.Marketplace.Http;

if (!CommandLine.TryParse(args, out var command, out var problem))
{
    Console.Error.WriteLine(problem);
    Console.Error.WriteLine(CommandLine.Usage);
    return 2;
}

// Asked before the history is simulated, so that nobody waits for a refusal.
if (IsTaken(new Uri(command.Urls))) return Refuse("the port is in use.");

var key = WorldKeyFile.ReadOrCreate(command.WorldKeyFile);
var sellers = command.PretendSellers();
using var stop = new CancellationTokenSource();
MarketplaceServer server;
try
{
    server = await MarketplaceServer.StartAsync(sellers, new MarketplaceSettings { Urls = command.Urls, WorldKey = key, RateFactor = command.RateFactor, OtherAds = command.OtherAds, Faults = command.Faults is { } faults ? faults with { Seed = unchecked((int)command.Seed) } : null }, TimeProvider.System, stop.Token);
}
catch (IOException failure)
{
    return Refuse(failure.Message);
}

await using (server)
{
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"LISTENING {server.Address.GetLeftPart(UriPartial.Authority)}"));
    if (command.ExitWithParent) _ = WatchParentAsync();
    await server.WaitForShutdownAsync(stop.Token);
}

return 0;

int Refuse(string reason)
{
    Console.Error.WriteLine($"Cannot listen on {command.Urls}: {reason} Stop what uses the port, or choose another with --urls (port 0 picks a free one).");
    return 1;
}

static bool IsTaken(Uri address)
{
    if (address.Port == 0 || !IPAddress.TryParse(address.Host.Trim('[', ']'), out var host)) return false;
    using var probe = new Socket(host.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
    try
    {
        probe.Bind(new IPEndPoint(host, address.Port));
        return false;
    }
    catch (SocketException)
    {
        return true;
    }
}

// The parent holds the other end of our standard input; when it goes, however it goes, the pipe ends.
async Task WatchParentAsync()
{
    using var input = Console.OpenStandardInput();
    await input.CopyToAsync(System.IO.Stream.Null);
    await stop.CancelAsync();
}
