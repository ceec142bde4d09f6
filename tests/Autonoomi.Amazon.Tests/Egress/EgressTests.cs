using System.IO;
using System.Net;
using System.Net.Sockets;
using Autonoomi.Core.Facts;
using Autonoomi.Privacy.Egress;
using Autonoomi.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Autonoomi.Amazon.Tests.Egress;

/// <summary>What may leave and what may not: as addresses are written, and as names turn out when a connection is made.</summary>
public sealed class EgressTests
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;
    private static readonly IPAddress Public = IPAddress.Parse("52.216.1.1");

    [Fact]
    [Promise("P-1.2-i", "P-4-a")]
    public async Task No_hostile_address_is_called_or_repeated()
    {
        var wire = new Wire(_ => [Public]);
        await using var clients = new Clients(new("http://127.0.0.1:1"), options =>
        {
            options.DownloadHosts.Clear();
            options.DownloadHosts.AddRange(new AmazonOptions().DownloadHosts);
        }, door: wire.Door);
        var all = HostileAddresses.All().Distinct().ToList();
        var through = new List<string>();
        var unreadable = 0;
        foreach (var (_, text) in all)
        {
            if (!Uri.TryCreate(text, UriKind.RelativeOrAbsolute, out var address))
            {
                unreadable++;
                continue;
            }

            try
            {
                await clients.Ads.DownloadReportAsync(Dataset.TargetDay, address, Ct);
                through.Add(text);
            }
            catch (AmazonDocumentException refused)
            {
                if (text.Length > 12 && refused.ToString().Contains(text, StringComparison.OrdinalIgnoreCase)) through.Add($"repeated: {text}");
            }
        }

        Assert.Empty(through);
        Assert.Empty(wire.Asked);
        Assert.Empty(wire.Connected);
        Assert.True(all.Count >= 400, $"only {all.Count}");
        Figures.Tell($"egress: {all.Count} hostile addresses of {all.Select(one => one.Class).Distinct().Count()} classes refused ({unreadable} of them are no address at all), 0 called");
    }

    [Fact]
    public void Every_purpose_has_its_own_hosts_and_no_others()
    {
        var options = new AmazonOptions();
        var hosts = options.Regions.Values.ToDictionary(region => region, region => (region.Token, region.Ads, region.SellingPartner));
        foreach (var (token, ads, selling) in hosts.Values)
        {
            foreach (var (purpose, own) in ((EgressPurpose, Uri)[])[(EgressPurpose.Login, token), (EgressPurpose.Ads, ads), (EgressPurpose.SellingPartner, selling)])
            {
                Assert.Null(AmazonPlaces.Of(purpose, options).Refusal(new(own, "/a/path?with=query")));
                Assert.NotNull(AmazonPlaces.Of(purpose, options).Refusal(new UriBuilder(own) { Scheme = "http", Port = 80 }.Uri));
                Assert.NotNull(AmazonPlaces.Of(purpose, options).Refusal(new UriBuilder(own) { Host = "x." + own.Host }.Uri));
                foreach (var other in (EgressPurpose[])[EgressPurpose.Login, EgressPurpose.Ads, EgressPurpose.SellingPartner, EgressPurpose.Documents, EgressPurpose.OwnDoor, EgressPurpose.Pretend])
                    if (other != purpose) Assert.NotNull(AmazonPlaces.Of(other, options).Refusal(own));
            }
        }
    }

    [Theory]
    [InlineData("https://bucket.s3.amazonaws.com/report?X-Amz-Signature=a%2Fb")]
    [InlineData("https://bucket.s3.amazonaws.com:443/report")]
    [InlineData("HTTPS://BUCKET.S3.AMAZONAWS.COM/report")]
    [InlineData("https://tortuga-prod-na.s3-external-1.amazonaws.com/report")]
    [InlineData("https://tortuga-prod-eu.s3-eu-west-1.amazonaws.com/report")]
    [InlineData("https://tortuga-prod-fe.s3.us-west-2.amazonaws.com/report")]
    [InlineData("https://a.bucket.with.dots.s3.dualstack.ap-northeast-1.amazonaws.com/report")]
    [InlineData("https://s3.eu-central-1.amazonaws.com/bucket/report")]
    [InlineData("https://d34o8swod1owfl.cloudfront.net/report")]
    [InlineData("https://bucket.s3.us-gov-east-1.amazonaws.com/report#part")]
    public void Where_documents_really_lie_is_let_through(string address) => Assert.Null(AmazonPlaces.Of(EgressPurpose.Documents, new()).Refusal(new(address)));

    [Fact]
    public void A_pretend_Amazon_is_let_through_exactly()
    {
        var options = new AmazonOptions();
        options.PointAt(new("http://127.0.0.1:5081"));
        foreach (var purpose in (EgressPurpose[])[EgressPurpose.Login, EgressPurpose.Ads, EgressPurpose.SellingPartner, EgressPurpose.Documents])
        {
            var rule = AmazonPlaces.Of(purpose, options);
            Assert.Null(rule.Refusal(new("http://127.0.0.1:5081/x")));
            foreach (var other in (string[])["http://127.0.0.1:5082/x", "https://127.0.0.1:5081/x", "http://localhost:5081/x", "http://127.0.0.2:5081/x", "http://user@127.0.0.1:5081/x", "http://2130706433:5081/x", "http://[::1]:5081/x", "https://bucket.s3.amazonaws.com/x", "https://api.amazon.com/x"])
                Assert.NotNull(rule.Refusal(new(other)));
        }
    }

    [Fact]
    [Promise("P-1.2-i", "P-4-a")]
    public async Task A_name_that_stands_for_anything_but_public_addresses_is_not_connected_to()
    {
        string[] others =
        [
            "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.255.255.254", "169.254.169.254", "169.254.0.1", "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.2.1", "192.88.99.1",
            "192.168.0.1", "192.168.255.255", "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:52.216.1.1", "::127.0.0.1",
            "64:ff9b::7f00:1", "64:ff9b::34d8:101", "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::1", "3fff::1", "fc00::1", "fd00::1", "fe80::1", "fe80::1%2", "fec0::1", "ff02::1", "4000::1", "5f00::1",
        ];
        var cases = 0;
        foreach (var other in others)
        {
            // Alone, behind a public one, and before one.
            foreach (var answer in (IPAddress[][])[[IPAddress.Parse(other)], [Public, IPAddress.Parse(other)], [IPAddress.Parse(other), Public]])
            {
                var wire = new Wire(_ => answer);
                var refused = await Assert.ThrowsAsync<EgressRefusedException>(() => wire.SendAsync("https://bucket.s3.amazonaws.com/report"));
                Assert.Empty(wire.Connected);
                Assert.DoesNotContain(other, refused.ToString(), StringComparison.Ordinal);
                Assert.Equal([(EgressPurpose.Documents, "bucket.s3.amazonaws.com"), (EgressPurpose.Documents, "")], wire.Counted);
                cases++;
            }
        }

        Assert.Empty((await Refused(new Wire(_ => []))).Connected);
        Figures.Tell($"egress: {cases + 1} answers of a resolver with an address that is not public refused, 0 connected");
    }

    [Fact]
    [Promise("P-1.2-i", "P-4-a")]
    public async Task A_name_that_changes_its_meaning_is_connected_to_as_it_was_checked()
    {
        var cases = 0;
        foreach (var good in (string[])["52.216.1.1", "3.5.1.1", "2600:9000:1::1", "2a05:d018::1", "99.77.128.1"])
        {
            foreach (var bad in (string[])["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "::ffff:10.0.0.1", "192.168.0.1", "0.0.0.0", "fe80::1", "64:ff9b::a00:1", "100.64.0.1"])
            {
                // Whoever asked twice for one connection would get the second answer.
                var wire = new Wire(times => [IPAddress.Parse(times == 1 ? good : bad)]);
                await Assert.ThrowsAnyAsync<HttpRequestException>(() => wire.SendAsync("https://bucket.s3.amazonaws.com/report"));
                Assert.Equal(["bucket.s3.amazonaws.com"], wire.Asked);
                Assert.Equal([(good, 443)], wire.Connected);

                // The next connection is looked at anew.
                await Assert.ThrowsAsync<EgressRefusedException>(() => wire.SendAsync("https://bucket.s3.amazonaws.com/report"));
                Assert.Single(wire.Connected);
                cases += 2;
            }
        }

        Assert.True(cases >= 50);
        Figures.Tell($"egress: {cases} connections while a name changed its meaning, none to an address that was not checked");
    }

    [Fact]
    public async Task A_pretend_Amazon_by_name_must_stand_for_this_machine()
    {
        foreach (var (address, good) in ((string, bool)[])[("127.0.0.1", true), ("::1", true), ("::ffff:127.0.0.1", true), ("10.0.0.1", false), ("52.216.1.1", false), ("169.254.169.254", false)])
        {
            var wire = new Wire(_ => [IPAddress.Parse(address)], new([], [new("http://localhost:5081")]));
            var failed = await Assert.ThrowsAnyAsync<HttpRequestException>(() => wire.SendAsync("http://localhost:5081/x"));
            Assert.Equal(!good, failed is EgressRefusedException);
            Assert.Equal(good ? 1 : 0, wire.Connected.Count);
        }
    }

    [Fact]
    public async Task No_other_host_in_the_header_no_second_way_to_send_and_no_client_without_a_purpose()
    {
        var wire = new Wire(_ => [Public]);
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://bucket.s3.amazonaws.com/report") { Headers = { Host = "evil.example" } };
        using var client = new HttpMessageInvoker(wire.Door.Handler(EgressPurpose.Documents));
        await Assert.ThrowsAsync<EgressRefusedException>(() => client.SendAsync(request, Ct));
        using var plain = new HttpRequestMessage(HttpMethod.Get, "https://bucket.s3.amazonaws.com/report");
        Assert.Throws<NotSupportedException>(() => client.Send(plain, Ct));
        Assert.Empty(wire.Connected);

        await using var provider = new ServiceCollection().AddAmazon(_ => { }).BuildServiceProvider();
        using var nameless = provider.GetRequiredService<IHttpClientFactory>().CreateClient("nobody knows");
        await Assert.ThrowsAsync<InvalidOperationException>(() => nameless.GetAsync(new Uri("https://bucket.s3.amazonaws.com/report"), Ct));
    }

    [Fact]
    public async Task What_is_refused_is_not_tried_again_and_the_counts_know_hosts_and_sellers()
    {
        var wire = new Wire(_ => [IPAddress.Parse("10.0.0.1")], new([".amazonaws.com", "api.amazon.com"], []));
        await using var clients = new Clients(new("https://api.amazon.com"), door: wire.Door);

        await Assert.ThrowsAsync<AmazonDocumentException>(() => clients.Ads.DownloadReportAsync(Dataset.TargetDay, new("https://bucket.s3.amazonaws.com/report?X-Signature=abc"), Ct));
        await Assert.ThrowsAsync<AmazonApiException>(() => clients.Ads.ProfilesAsync(Ct));

        Assert.Equal(["bucket.s3.amazonaws.com", "api.amazon.com"], wire.Asked);
        Assert.Equal([(EgressPurpose.Documents, "bucket.s3.amazonaws.com"), (EgressPurpose.Documents, ""), (EgressPurpose.Login, "api.amazon.com"), (EgressPurpose.Login, "")], wire.Counted);
        Assert.Equal(["ads-1"], wire.Sellers.Distinct());
    }

    private static async Task<Wire> Refused(Wire wire)
    {
        await Assert.ThrowsAsync<EgressRefusedException>(() => wire.SendAsync("https://bucket.s3.amazonaws.com/report"));
        return wire;
    }

    /// <summary>A door whose resolver and network are the test's: nothing leaves, and what would have is written down.</summary>
    private sealed class Wire : IEgressLedger
    {
        private readonly Func<int, IPAddress[]> answer;

        public Wire(Func<int, IPAddress[]> answer, EgressRule? rule = null)
        {
            this.answer = answer;
            Door = new EgressDoor(_ => rule ?? AmazonPlaces.Of(EgressPurpose.Documents, new()), this, ResolveAsync, ConnectAsync);
        }

        public EgressDoor Door { get; }

        public List<string> Asked { get; } = [];

        public List<(string Address, int Port)> Connected { get; } = [];

        public List<(EgressPurpose Purpose, string Host)> Counted { get; } = [];

        public List<string?> Sellers { get; } = [];

        public void Count(EgressPurpose purpose, string host, string? seller)
        {
            Counted.Add((purpose, host));
            Sellers.Add(seller);
        }

        public async Task SendAsync(string address)
        {
            using var client = new HttpMessageInvoker(Door.Handler(EgressPurpose.Documents));
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            using var response = await client.SendAsync(request, Ct);
        }

        private Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
        {
            Asked.Add(host);
            return Task.FromResult(answer(Asked.Count));
        }

        private Task<Stream> ConnectAsync(IPAddress[] addresses, int port, CancellationToken cancellationToken)
        {
            Connected.AddRange(addresses.Select(address => (address.ToString(), port)));
            throw new SocketException((int)SocketError.ConnectionRefused);
        }
    }
}
