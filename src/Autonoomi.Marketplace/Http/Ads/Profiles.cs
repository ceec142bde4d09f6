using System.Globalization;
using System.Text.Json.Nodes;

namespace Autonoomi.Marketplace.Http.Ads;

/// <summary><c>GET /v2/profiles</c>: a storefront; the front puts those of one login together.</summary>
internal sealed class Profiles(WorldGate gate)
{
    public void Map(Routes routes)
    {
        routes.Get("/v2/profiles", List);
        routes.Get("/v2/profiles/{profileId}", Get);
    }

    private Answer List(Call call)
    {
        if (AdsAccess.Refuse(gate, call, needsScope: false) is { } refusal) return refusal;
        var types = call.QueryList("profileTypeFilter");
        return Answer.Json(200, (types.Length == 0 || types.Contains("seller")) && !gate.Faults.IsClosed(gate.World.ProfileId) ? new JsonArray(Profile()) : []);
    }

    private Answer Get(Call call)
    {
        if (AdsAccess.Refuse(gate, call, needsScope: false) is { } refusal) return refusal;
        return call.Route("profileId") == gate.World.ProfileId.ToString(CultureInfo.InvariantCulture)
            ? Answer.Json(200, Profile())
            : Family.Error(call.Path, 404, "NOT_FOUND", "Could not find the profile.");
    }

    private JsonObject Profile() => new()
    {
        ["profileId"] = gate.World.ProfileId,
        ["countryCode"] = gate.World.Marketplace.Country,
        ["currencyCode"] = gate.World.Marketplace.Currency.Code,
        ["dailyBudget"] = 999_999_999.0,
        ["timezone"] = gate.World.Marketplace.TimeZone,
        ["accountInfo"] = new JsonObject
        {
            ["marketplaceStringId"] = gate.World.Marketplace.Id,
            ["id"] = gate.SellingPartnerId,
            ["type"] = "seller",
            ["name"] = gate.Seller.StoreName,
            ["validPaymentMethod"] = true,
        },
    };
}
