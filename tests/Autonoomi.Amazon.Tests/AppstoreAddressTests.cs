using System.Web;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Amazon.Tests;

public sealed class AppstoreAddressTests
{
    private static readonly Uri Redirect = new("https://ppc.example.com/connect/seller/callback");

    [Fact]
    public async Task Every_marketplace_has_a_host_of_Seller_Central_in_its_own_region()
    {
        await using var clients = new Clients(new("http://127.0.0.1:1"), Production);

        foreach (var marketplace in Marketplace.All)
        {
            var host = new AmazonOptions().SellerCentral[marketplace.Country];
            Assert.Equal("https", host.Scheme);
            var (address, country) = clients.Login.AppstoreAddress($"{host}apps/authorize/confirm/app", "a mark/with+signs", "ours", Redirect)!.Value;
            Assert.Equal(host.Host, address.Host);
            Assert.Equal(marketplace.Region, Marketplace.All.Single(item => item.Country == country).Region);
            var query = HttpUtility.ParseQueryString(address.Query);
            Assert.Equal(("a mark/with+signs", "ours", Redirect.AbsoluteUri, "beta"), (query["amazon_state"], query["state"], query["redirect_uri"], query["version"]));
        }
    }

    [Theory]
    [InlineData("https://sellercentral.amazon.co.uk/apps/authorize/confirm/app", "UK")]
    [InlineData("https://sellercentral.amazon.de/apps/authorize/confirm/app", "DE")]
    [InlineData("https://sellercentral.amazon.com.attacker.example/apps/authorize/confirm/app", null)]
    [InlineData("https://sellercentral.amazon.evil/apps/authorize/confirm/app", null)]
    [InlineData("https://attacker.example/sellercentral.amazon.com/apps/authorize/confirm/app", null)]
    [InlineData("http://sellercentral.amazon.com/apps/authorize/confirm/app", null)]
    [InlineData("https://sellercentral.amazon.com:8443/apps/authorize/confirm/app", null)]
    [InlineData("https://sellercentral.amazon.com@attacker.example/apps/authorize/confirm/app", null)]
    [InlineData("https://sellercentral.amazon.com/gp/redirect.html", null)]
    [InlineData("https://sellercentral.amazon.com/apps/authorize/%2e%2e/%2e%2e/gp", null)]
    public async Task Only_hosts_of_the_list_are_followed(string callback, string? country)
    {
        await using var clients = new Clients(new("http://127.0.0.1:1"), Production);

        Assert.Equal(country, clients.Login.AppstoreAddress(callback, "m", "s", Redirect)?.Country);
    }

    private static void Production(AmazonOptions options)
    {
        var real = new AmazonOptions();
        foreach (var (name, host) in real.SellerCentral) options.SellerCentral[name] = host;
        foreach (var (name, host) in real.SellerCentralAliases) options.SellerCentralAliases[name] = host;
        options.SellingPartnerApplicationIsDraft = true;
    }
}
