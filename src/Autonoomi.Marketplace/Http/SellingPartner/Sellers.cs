using System.Text.Json.Nodes;

namespace Autonoomi.Marketplace.Http.SellingPartner;

/// <summary><c>getMarketplaceParticipations</c>.</summary>
internal sealed class Sellers(WorldGate gate, PartnerAccess access)
{
    private static readonly Dictionary<string, (string Name, string Language, string Domain)> Shops = new(StringComparer.Ordinal)
    {
        ["ATVPDKIKX0DER"] = ("Amazon.com", "en_US", "www.amazon.com"),
        ["A1F83G8C2ARO7P"] = ("Amazon.co.uk", "en_GB", "www.amazon.co.uk"),
        ["A1PA6795UKMFR9"] = ("Amazon.de", "de_DE", "www.amazon.de"),
        ["A1VC38T7YXB528"] = ("Amazon.co.jp", "ja_JP", "www.amazon.co.jp"),
    };

    public void Map(Routes routes) => routes.Get("/sellers/v1/marketplaceParticipations", access.Guard("getMarketplaceParticipations", new Plan(0.016, 15), Participations));

    private Answer Participations(Call call)
    {
        var marketplace = gate.World.Marketplace;
        var country = marketplace.Country == "UK" ? "GB" : marketplace.Country;
        var (name, language, domain) = Shops.GetValueOrDefault(marketplace.Id, ($"Amazon {country}", "en_US", "www.amazon.com"));
        // Sellers also see shops that are no Amazon marketplaces; a caller has to pass over ids that it does not know.
        return Answer.Json(200, new JsonObject
        {
            ["payload"] = new JsonArray(
                Participation(marketplace.Id, name, country, marketplace.Currency.Code, language, domain),
                Participation("AZ4B0ZS3LGLX", $"Non-Amazon {country}", country, marketplace.Currency.Code, language, "siprod.stores.amazon.com")),
        });
    }

    private JsonObject Participation(string id, string name, string country, string currency, string language, string domain) => new()
    {
        ["marketplace"] = new JsonObject
        {
            ["id"] = id, ["name"] = name, ["countryCode"] = country, ["defaultCurrencyCode"] = currency, ["defaultLanguageCode"] = language, ["domainName"] = domain,
        },
        ["participation"] = new JsonObject { ["isParticipating"] = true, ["hasSuspendedListings"] = false },
        ["storeName"] = gate.Seller.StoreName,
    };
}
