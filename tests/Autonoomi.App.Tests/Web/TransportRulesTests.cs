using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Autonoomi.App.Platform.Environments;
using Autonoomi.App.Platform.Promises;
using Autonoomi.App.Tests.Promises;
using Autonoomi.Testing;

namespace Autonoomi.App.Tests.Web;

/// <summary>What travels, travels under TLS.</summary>
public sealed class TransportRulesTests
{
    [Theory]
    [InlineData("https://0.0.0.0:443", DataEnvironment.Production, false, true)]
    [InlineData("http://0.0.0.0:80", DataEnvironment.Production, false, false)]
    [InlineData("http://0.0.0.0:80", DataEnvironment.Production, true, false)]
    [InlineData("http://127.0.0.1:5000", DataEnvironment.Production, false, false)]
    [InlineData("http://127.0.0.1:5000", DataEnvironment.Production, true, true)]
    [InlineData("http://localhost:5080", DataEnvironment.Demo, false, true)]
    [InlineData("http://*:5080", DataEnvironment.Demo, false, false)]
    [Promise("P-3-a")]
    public void Plain_HTTP_stays_on_this_machine(string address, DataEnvironment environment, bool proxy, bool allowed)
    {
        var failure = Record.Exception(() => Transport.Demand([address], environment, proxy));

        Assert.Equal(allowed, failure is null);
        if (!allowed) Assert.IsType<SetupException>(failure);
    }

    [Theory]
    [InlineData("Host=db.example.com;Database=a", false)]
    [InlineData("Host=db.example.com;Database=a;SSL Mode=Require", false)]
    [InlineData("Host=db.example.com;Database=a;SSL Mode=VerifyFull", true)]
    [InlineData("Host=127.0.0.1;Database=a", true)]
    [InlineData("Host=/var/run/postgresql;Database=a", true)]
    [InlineData("Host=localhost,db.example.com;Database=a", false)]
    [Promise("P-3-a")]
    public void A_PostgreSQL_server_elsewhere_proves_who_it_is(string connection, bool allowed)
    {
        Assert.Equal(allowed, PostgresTransport.Fault(connection) is null);
        var settings = new StorageSettings { Provider = StorageEngine.Postgres, ConnectionString = connection, Environment = DataEnvironment.Production };
        if (allowed) settings.Completed();
        else Assert.Contains("SSL Mode=VerifyFull", Assert.Throws<SetupException>(settings.Completed).Message, StringComparison.Ordinal);
    }

    [Fact]
    [Promise("P-3-a")]
    public async Task The_front_door_speaks_nothing_older_than_TLS_1_2()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var path = System.IO.Path.GetTempFileName();
        using (var made = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1)))
            await System.IO.File.WriteAllBytesAsync(path, made.Export(X509ContentType.Pkcs12), TestContext.Current.CancellationToken);
        await using var probed = await Probed.StartAsync(postgres: false, more: new() { ["urls"] = "https://127.0.0.1:0", ["Kestrel:Certificates:Default:Path"] = path });
        var address = probed.Get<OwnDoor>().Address!;

        Assert.Equal(SslProtocols.Tls12, await SpokenAsync(address, SslProtocols.Tls12));
        Assert.Equal(SslProtocols.Tls13, await SpokenAsync(address, SslProtocols.None));
        // where the platform lets one choose: a suite that authenticates what it encrypts, and none that does it in two steps
        if (OperatingSystem.IsLinux())
        {
            Assert.Equal(SslProtocols.Tls12, await SpokenAsync(address, SslProtocols.Tls12, TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256));
            Assert.Null(await SpokenAsync(address, SslProtocols.Tls12, TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256));
        }

#pragma warning disable SYSLIB0039, CA5397 // asked for in order to be refused
        Assert.Null(await SpokenAsync(address, SslProtocols.Tls11));
#pragma warning restore SYSLIB0039, CA5397
        var measured = await probed.AskAsync("tls");
        Assert.True(measured.Holds, measured.Measured);
        Assert.Contains("spoken to under Tls13", measured.Measured, StringComparison.Ordinal);
        System.IO.File.Delete(path);
    }

    private static async Task<SslProtocols?> SpokenAsync(Uri address, SslProtocols wanted, TlsCipherSuite? suite = null)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, address.Port, TestContext.Current.CancellationToken);
        await using var stream = new SslStream(client.GetStream());
        try
        {
#pragma warning disable CA5359, CA1416 // the peer is this test; suites are asked for on Linux alone
            await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost", EnabledSslProtocols = wanted, CipherSuitesPolicy = suite is { } only ? new([only]) : null, RemoteCertificateValidationCallback = (_, _, _, _) => true }, TestContext.Current.CancellationToken);
#pragma warning restore CA5359, CA1416
            return stream.SslProtocol;
        }
        catch (Exception refused) when (refused is AuthenticationException or System.IO.IOException)
        {
            return null;
        }
    }
}
