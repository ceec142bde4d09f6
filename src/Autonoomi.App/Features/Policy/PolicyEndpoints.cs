using System.Globalization;
using System.Text;
using Autonoomi.App.Platform.Policy;
using Autonoomi.App.Platform.Shell;

namespace Autonoomi.App.Features.Policy;

public static class PolicyEndpoints
{
    /// <summary>How long security.txt may be believed; it is made anew with every request.</summary>
    private static readonly TimeSpan Validity = TimeSpan.FromDays(180);

    /// <summary>The policy's bytes as they were hashed, and where weaknesses are reported. Both for everybody.</summary>
    public static void MapPolicy(this WebApplication app)
    {
        app.MapGet(ShellAddresses.PolicyVersions + "/{number:int}.txt", async (int number, PolicyBook policy, CancellationToken cancellationToken) => (await policy.ToldAsync(cancellationToken)).FirstOrDefault(version => version.Number == number) is { } version
            ? Results.Bytes(Encoding.UTF8.GetBytes(version.Text), "text/plain; charset=utf-8")
            : Results.NotFound()).AllowAnonymous();
        app.MapGet("/.well-known/gpc.json", () => Results.Text(string.Create(CultureInfo.InvariantCulture, $"{{\"gpc\":true,\"lastUpdate\":\"{SignalSince:yyyy-MM-dd}\"}}"), "application/json; charset=utf-8")).AllowAnonymous();
        app.MapGet("/.well-known/security.txt", (OperatorSettings settings, IConfiguration configuration, TimeProvider clock) =>
            Results.Text(SecurityText(settings, configuration["Autonoomi:Web:PublicAddress"], clock.GetUtcNow()), "text/plain; charset=utf-8")).AllowAnonymous();
    }

    // What a browser asks to learn whether its signal is heeded.
    private static readonly DateOnly SignalSince = new(2026, 11, 30);

    /// <summary>As RFC 9116 says: whom to write to, until when this holds, in which language, and where the policy stands.</summary>
    internal static string SecurityText(OperatorSettings settings, string? publicAddress, DateTimeOffset now)
    {
        var text = new StringBuilder()
            .Append("Contact: mailto:").Append(settings.SecurityMail).Append('\n')
            .Append("Expires: ").Append((now + Validity).ToString("yyyy-MM-dd'T'00:00:00'Z'", CultureInfo.InvariantCulture)).Append('\n')
            .Append("Preferred-Languages: en\n");
        if (publicAddress is not { Length: > 0 }) return text.ToString();
        var address = publicAddress.TrimEnd('/');
        return text.Append("Canonical: ").Append(address).Append("/.well-known/security.txt\n").Append("Policy: ").Append(address).Append(ShellAddresses.Policy).Append('\n').ToString();
    }
}
