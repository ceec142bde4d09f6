using System.Text.Json.Nodes;
using Autonoomi.Marketplace.Http.Ads;

namespace Autonoomi.Marketplace.Http.SellingPartner;

/// <summary><c>getMyFeesEstimates</c>: at most twenty products at once; one that is not the seller's is a <c>ClientError</c> of its item, and the answer is a 200 all the same.</summary>
internal sealed class ProductFees(WorldGate gate, PartnerAccess access)
{
    private const int Most = 20;

    public void Map(Routes routes) => routes.Post("/products/fees/v0/feesEstimate", access.Guard("getMyFeesEstimates", new Plan(0.5, 1), Estimate));

    private Answer Estimate(Call call)
    {
        if (call.JsonList() is not { Count: >= 1 and <= Most } questions) throw new BadInputException($"A list of 1 to {Most} requests is asked.");
        return Answer.Json(200, new JsonArray([.. questions.Select(question => (JsonNode)Answered(question as JsonObject ?? throw new BadInputException("A request is an object.")))]));
    }

    private JsonObject Answered(JsonObject question)
    {
        var request = question["FeesEstimateRequest"] as JsonObject ?? throw new BadInputException("FeesEstimateRequest is missing.");
        if ((string?)request["MarketplaceId"] != gate.World.Marketplace.Id) throw new BadInputException("Incorrect Marketplace identifier.");
        var (idType, id) = ((string?)question["IdType"], (string?)question["IdValue"]);
        var product = gate.World.Market.Products.FirstOrDefault(each => idType == "SellerSKU" ? each.Sku == id : each.Asin == id);
        var price = (request["PriceToEstimateFees"] as JsonObject)?["ListingPrice"] as JsonObject;
        var answer = new JsonObject
        {
            ["FeesEstimateIdentifier"] = new JsonObject
            {
                ["MarketplaceId"] = gate.World.Marketplace.Id, ["SellerId"] = gate.SellingPartnerId, ["IdType"] = idType, ["IdValue"] = id, ["IsAmazonFulfilled"] = (bool?)request["IsAmazonFulfilled"] ?? false,
                ["PriceToEstimateFees"] = request["PriceToEstimateFees"]?.DeepClone(), ["SellerInputIdentifier"] = (string?)request["Identifier"],
            },
        };
        if (product is null || price is null || (string?)price["CurrencyCode"] != gate.World.Marketplace.Currency.Code)
        {
            answer["Status"] = "ClientError";
            answer["Error"] = new JsonObject { ["Type"] = "Sender", ["Code"] = "InvalidParameterValue", ["Message"] = "There is an client-side error. Please verify your inputs.", ["Detail"] = new JsonArray() };
            return answer;
        }

        var (referral, fulfilment) = (product.ReferralFeeAt((decimal?)price["Amount"] ?? 0), (bool?)request["IsAmazonFulfilled"] == true ? product.FulfilmentFee : 0);
        answer["Status"] = "Success";
        answer["FeesEstimate"] = new JsonObject
        {
            ["TimeOfFeesEstimation"] = AdView.Instant(gate.Now),
            ["TotalFeesEstimate"] = Money(referral + fulfilment),
            ["FeeDetailList"] = new JsonArray(Detail("ReferralFee", referral), Detail("VariableClosingFee", 0), Detail("PerItemFee", 0), Detail("FBAFees", fulfilment)),
        };
        return answer;
    }

    private JsonObject Detail(string type, decimal amount) => new() { ["FeeType"] = type, ["FeeAmount"] = Money(amount), ["FinalFee"] = Money(amount), ["FeePromotion"] = Money(0) };

    private JsonObject Money(decimal amount) => new() { ["CurrencyCode"] = gate.World.Marketplace.Currency.Code, ["Amount"] = amount };
}
