using Autonoomi.App.Platform.Environments;
using Autonoomi.Privacy;

namespace Autonoomi.App.Platform.Policy;

/// <summary>A place beyond Amazon to which the product itself sends something of a seller. This version registers none: whoever builds mail, a language model or backups elsewhere registers theirs.</summary>
/// <param name="What">What goes there, for messages.</param>
/// <param name="Host">Whole name of the host.</param>
public sealed record Destination(string What, string Host);

/// <summary>Nothing of a seller goes to a company that does not stand in the list of sub-processors with its evidence.</summary>
internal static class DestinationGate
{
    /// <param name="services">Of the product as it was put together.</param>
    /// <exception cref="SetupException">A destination's company is not there, has not begun, or lacks evidence.</exception>
    public static void Demand(IServiceProvider services)
    {
        var today = DateOnly.FromDateTime(services.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime);
        var register = services.GetRequiredService<SubProcessorRegister>();
        foreach (var place in services.GetServices<Destination>())
            if (register.Refusal(place.Host, today) is { } refusal) throw new SetupException($"{place.What} would go to a place where it may not: {refusal}");
    }
}
