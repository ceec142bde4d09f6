using ArchUnitNET.Domain.Dependencies;
using ArchUnitNET.Loader;
using Autonoomi.Testing;

namespace Autonoomi.Architecture.Tests;

/// <summary>Two doors that promises hang on: rows of sellers are opened by the vault, and the network is reached by Amazon's clients, and by the product's own mail.</summary>
public sealed class DoorTests
{
    private static readonly ArchUnitNET.Domain.Architecture House = new ArchLoader().LoadAssemblies([.. new[] { "App", "Vault", "Privacy", "Core", "Amazon", "Policies", "Lab" }.Select(name => System.Reflection.Assembly.Load($"Autonoomi.{name}"))]).Build();

    private const string Door = "Autonoomi.Privacy.Egress.";

    // They count rows, look at their first byte or delete them, and open none.
    private static readonly string[] Counting = ["Autonoomi.App.Platform.Promises.AtRestProbe", "Autonoomi.App.Platform.Promises.AgeProbe", "Autonoomi.App.Platform.Promises.TenantsProbe", "Autonoomi.App.Platform.Retention.", "Autonoomi.App.Platform.Deletion."];

    // The demo's pretend Amazon and its player's browser; the product's own front door; errors that are put into words; the silo's free port on loopback; the client of single sign-on, whose transport the door makes.
    private static readonly string[] OwnMachine =
        ["Autonoomi.App.Features.Demo.", "Autonoomi.App.Platform.Promises.OwnDoor", "Autonoomi.App.Platform.Promises.HeadersProbe", "Autonoomi.App.Platform.Promises.CookiesProbe", "Autonoomi.App.Platform.Promises.TlsProbe", "Autonoomi.App.Platform.Promises.PolicyProbe", "Autonoomi.App.Platform.Promises.PromiseServices", "Autonoomi.App.Platform.Mail.MailChoiceProbe", "Autonoomi.App.Platform.Environments.CommandEdge", "Autonoomi.App.Platform.Identity.SignOn.", "Autonoomi.App.Platform.Jobs.Pump", "Autonoomi.App.Platform.Jobs.JobServices"];

    // Mail of the product's own, over a connection that the door made.
    private const string Mail = "Autonoomi.App.Platform.Mail.MailDoor";

    [Fact]
    [Promise("P-4-b", "P-4-o", "P-8-d")]
    public void Rows_of_sellers_are_opened_by_the_vault_alone() =>
        Assert.DoesNotContain(Users(type => type is "Autonoomi.Vault.SegmentRow" or "Autonoomi.Vault.RecordRow"),
            user => user.StartsWith("Autonoomi.App.", StringComparison.Ordinal) && !user.StartsWith("Autonoomi.App.Platform.Data.Migrations.", StringComparison.Ordinal) && !Array.Exists(Counting, allowed => user.StartsWith(allowed, StringComparison.Ordinal)));

    [Fact]
    [Promise("P-1.2-i", "P-2-b", "P-4-a", "P-8-c", "P-9.2-d")]
    public void The_network_is_reached_by_Amazons_clients_alone() =>
        Assert.DoesNotContain(Users(Network), user => !user.StartsWith("Autonoomi.Amazon.", StringComparison.Ordinal) && !user.StartsWith(Door, StringComparison.Ordinal) && !user.StartsWith(Mail, StringComparison.Ordinal) && !Array.Exists(OwnMachine, allowed => user.StartsWith(allowed, StringComparison.Ordinal)));

    // What reaches a network: all of it is made in one place, which looks at each address. A probe speaks TLS to the own listener by a socket of its own.
    private static readonly string[] Made = ["System.Net.Http.HttpClient", "System.Net.Http.HttpMessageInvoker", "System.Net.Http.SocketsHttpHandler", "System.Net.Http.HttpClientHandler", "System.Net.Sockets.Socket", "System.Net.Sockets.TcpClient", "System.Net.Sockets.UdpClient", "System.Net.WebSockets.ClientWebSocket", "System.Net.Mail.SmtpClient", "MailKit.Net.Smtp.SmtpClient"];

    [Fact]
    [Promise("P-1.2-i", "P-2-b", "P-4-a", "P-8-c", "P-9.2-d")]
    public void Whatever_reaches_a_network_is_made_by_the_door_alone() =>
        Assert.Equal(["Autonoomi.App.Platform.Mail.MailDoor MailKit.Net.Smtp.SmtpClient", "Autonoomi.App.Platform.Promises.TlsProbe System.Net.Sockets.TcpClient", "Autonoomi.Privacy.Egress.EgressDoor System.Net.Http.SocketsHttpHandler", "Autonoomi.Privacy.Egress.EgressDoor System.Net.Sockets.Socket"],
            House.Types.Where(type => type.FullName.StartsWith("Autonoomi.", StringComparison.Ordinal))
                .SelectMany(type => type.Dependencies.OfType<MethodCallDependency>().Where(call => call.TargetMember.Name.StartsWith(".ctor", StringComparison.Ordinal) && Array.IndexOf(Made, call.Target.FullName) >= 0).Select(call => $"{type.FullName.Split('+', '/')[0]} {call.Target.FullName}"))
                .Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void Both_rules_see_who_uses_the_doors()
    {
        Assert.Contains(Users(type => type is "Autonoomi.Vault.SegmentRow"), user => user.StartsWith("Autonoomi.Vault.", StringComparison.Ordinal));
        Assert.Contains(Users(type => type is "Autonoomi.Vault.SegmentRow"), user => user.StartsWith(Counting[1], StringComparison.Ordinal));
        Assert.Contains(Users(Network), user => user.StartsWith("Autonoomi.Amazon.", StringComparison.Ordinal));
        Assert.Contains(Users(Network), user => user.StartsWith(OwnMachine[0], StringComparison.Ordinal));
        Assert.Contains(Users(Network), user => user.StartsWith(Mail, StringComparison.Ordinal));
    }

    private static bool Network(string type) =>
        type.StartsWith("System.Net.Http.", StringComparison.Ordinal) || type.StartsWith("System.Net.Sockets.", StringComparison.Ordinal) || type.StartsWith("System.Net.Mail.Smtp", StringComparison.Ordinal)
        || type.StartsWith("System.Net.WebSockets.", StringComparison.Ordinal) || type.StartsWith("MailKit.", StringComparison.Ordinal);

    private static List<string> Users(Func<string, bool> used) =>
        [.. House.Types.Where(type => type.FullName.StartsWith("Autonoomi.", StringComparison.Ordinal) && type.Dependencies.Any(dependency => used(dependency.Target.FullName))).Select(type => type.FullName).Distinct()];
}
