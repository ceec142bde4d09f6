#pragma warning disable RS0030 // the command-line edge

using System.CommandLine;
using System.Globalization;
using System.IO;
using System.Text.Json;
using System.Text.Json.Serialization;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Egress;
using Autonoomi.App.Platform.Environments;
using Microsoft.Extensions.Logging.Abstractions;

namespace Autonoomi.App.Features.Destinations;

/// <summary>All that left the installation, for whoever runs it. Works beside a running product, whose newest ten seconds are not written yet.</summary>
internal static class DestinationsCommand
{
    public static Command Create()
    {
        var data = new Option<string?>("--data") { Description = "Data folder, when it is not the configured one." };
        var days = new Option<int>("--days") { Description = "How many days, today included, 1 to 396.", DefaultValueFactory = _ => DestinationWords.Days };
        var json = new Option<string?>("--json") { Description = "File for the result: days, destinations[{purpose, host, today, week, all, last}]; an empty host is what was refused." };
        var command = new Command("destinations", "Which hosts were called, what for and how often, for all seller accounts together. Counts only.") { data, days, json };
        days.Validators.Add(result =>
        {
            if (result.Tokens is [var typed] && int.TryParse(typed.Value, CultureInfo.InvariantCulture, out var number) && number is < 1 or > 396) result.AddError("--days lies between 1 and 396.");
        });
        command.SetAction((parsed, cancellationToken) => CommandEdge.GuardAsync(() => RunAsync(parsed.GetValue(data), parsed.GetValue(days), parsed.GetValue(json), cancellationToken)));
        return command;
    }

    private static async Task<int> RunAsync(string? data, int days, string? json, CancellationToken cancellationToken)
    {
        using var store = await OpenedStore.OpenAsync(Product.CreateBuilder(data).ReadStorage(), cancellationToken);
        using var book = new EgressBook(store.Databases, TimeProvider.System, NullLogger<EgressBook>.Instance);
        var found = await book.DestinationsAsync(null, days, cancellationToken);
        foreach (var place in found) Console.WriteLine($"{place.Last:yyyy-MM-dd}  {place.All,10}  {(place.Host.Length > 0 ? place.Host : "(refused)"),-50} {DestinationWords.Of(place.Purpose)}");
        if (found.Count == 0) Console.WriteLine("Nothing was sent.");
        if (json is not null) await File.WriteAllTextAsync(json, JsonSerializer.Serialize(new DestinationsFile(days, found), DestinationsJson.Default.DestinationsFile) + "\n", cancellationToken);
        return 0;
    }
}

/// <summary>The file that <c>--json</c> writes.</summary>
internal sealed record DestinationsFile(int Days, IReadOnlyList<ReachedHost> Destinations);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, WriteIndented = true)]
[JsonSerializable(typeof(DestinationsFile))]
internal sealed partial class DestinationsJson : JsonSerializerContext;
