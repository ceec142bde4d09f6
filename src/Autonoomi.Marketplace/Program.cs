#pragma warning disable RS0030 // a command line talks to the console
using System.Globalization;
using System.IO;
using Autonoomi.Marketplace;
using Autonoomi.Marketplace.Http;
using Autonoomi.Marketplace.World;

if (!CommandLine.TryParse(args, out var command, out var problem))
{
    Console.Error.WriteLine(problem);
    Console.Error.WriteLine(CommandLine.Usage);
    return 2;
}

var key = WorldKeyFile.ReadOrCreate(command.WorldKeyFile);
var world = new MarketWorld(command.Seed, new WorldSettings { HistoryDays = command.HistoryDays });
using var stop = new CancellationTokenSource();
MarketplaceServer server;
try
{
    server = await MarketplaceServer.StartAsync(world, new MarketplaceSettings { Urls = command.Urls, WorldKey = key, RateFactor = command.RateFactor }, TimeProvider.System, stop.Token);
}
catch (IOException failure)
{
    Console.Error.WriteLine($"Cannot listen on {command.Urls}: {failure.Message} Stop what uses the port, or choose another with --urls (port 0 picks a free one).");
    return 1;
}

await using (server)
{
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"LISTENING {server.Address.GetLeftPart(UriPartial.Authority)}"));
    if (command.ExitWithParent) _ = WatchParentAsync();
    await server.WaitForShutdownAsync(stop.Token);
}

return 0;

// The parent holds the other end of our standard input; when it goes, however it goes, the pipe ends.
async Task WatchParentAsync()
{
    using var input = Console.OpenStandardInput();
    await input.CopyToAsync(System.IO.Stream.Null);
    await stop.CancelAsync();
}
