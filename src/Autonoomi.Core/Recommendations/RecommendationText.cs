using System.Globalization;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;

namespace Autonoomi.Core.Recommendations;

/// <summary>What a recommendation says, made of its stored numbers alone.</summary>
public static class RecommendationText
{
    public static string Sentence(Recommendation item)
    {
        var currency = new Currency((item.Effect?.Mean ?? item.AtStake)!.Value.Currency.Code);
        string Money(string name) => Figure.Amount(new Money((decimal)Math.Clamp(item.Evidence[name], -1e12, 1e12), currency));
        string Number(string name) => Figure.Number(item.Evidence[name]);
        string Percent(string name) => Figure.Percent(item.Evidence[name]);
        return item.Entry switch
        {
            _ when !item.IsTask => Group(item),
            "R14" => $"In {item.Evidence.Text("campaign")} a click between {Number("fromHour")} and {Number("untilHour")} o'clock is worth {Factor(item, "worth")} of the day's mean (80%: {Factor(item, "worthLow")} to {Factor(item, "worthHigh")}). With all bids {Factor(item, "baseFactor")} and a schedule {(item.Evidence["increase"] > 0 ? $"of +{Percent("increase")} in those hours" : "that brings the other hours back")} it earns about {Money("atStake")} more a month.",
            "R16" => $"{(item.Evidence.Find("coverDays") is null ? $"{Number("unitsInStock")} units of {item.Product} are in stock and none sell" : $"Stock of {item.Product} ({Number("unitsInStock")} units) lasts {Number("coverDays")} days at today's sales")}{(item.Evidence.Find("oldUnits") is null ? "" : $"; {Number("oldUnits")} units are older than {Number("oldAfterDays")} days, for which Amazon charges extra")}. Storage costs about {Money("storageNextMonth")} next month, {Money("atStake")} of it for {Number("unitsTooMany")} units too many. The goal to clear stock sells them faster.",
            "R17" when item.Evidence.Find("buyBoxShare") is not null => $"Your offer of {item.Product} stood first on {Percent("buyBoxShare")} of {Number("pageViews")} page views in the last {Number("days")} days; its ads cost {Money("spend7")} in the last 7 days. Look at price, delivery and who stands before you: up to {Money("atStake")} a month may go to visits that another seller's offer gets.",
            "R17" => $"{item.Product} cannot be bought at the moment, and its ads cost {Money("spend7")} in the last 7 days. Mend the offer or pause its ads: {Money("atStake")} a month at this pace.",
            "R18" => $"Ads of {item.Product} brought {Number("orders")} orders from {Number("clicks")} settled clicks in {Number("days")} days, where {Number("ordersExpected")} were to be expected; the chance that this is luck is {Percent("chanceOfLuck")}. Look at its rating, price, buy box and rivals: about {Money("atStake")} of profit a month.",
            "R19" => $"{item.Evidence.Text("event")} begins in {Number("daysAway")} days and lasts {Number("eventDays")}: shoppers {Factor(item, "demand")}, orders per click {Factor(item, "conversion")}. Planned like this it is worth about {Money("atStake")} more than usual days; check stock and the month's budget.",
            "R20" => $"{Money("spendOnOwnBrand")} a month ({Percent("shareOfSpend")} of spend) goes to shoppers who typed your own brand. Until it is tested, ads are taken to bring {Percent("shareThatTheAdsBring")} of those orders; the rest, {Money("atStake")}, may pay for orders that come anyway.",
            "R22" => $"{item.Product} has no cost of goods. {Money("spend30")} of ad spend in 30 days goes to it, and nobody can say what a click of it is worth.",
            "R24" => $"The ACoS goal of {Percent("goal")} cannot be reached{(item.Product is { } sku ? $" for {sku}" : "")}: the lowest that still sells is about {Percent("lowestAcos")}. Choose another goal; {Money("atStake")} of profit a month are given up for it.",
            "R25" => $"The ad group {item.Evidence.Text("adGroup")} advertises products from {Money("lowestPrice")} to {Money("highestPrice")} with one bid a target: {Money("spend30")} in 30 days. One ad group per product lets each click be bid for what it is worth.",
            "R27" => $"You paused '{item.Evidence.Text("target")}'. From {Number("clicks")} clicks and {Number("orders")} orders a click is worth {Money("clickValue")} today and costs about {Money("clickPrice")}; the chance that it pays well is {Percent("chanceToPay")}. Switched on again it may earn about {Money("atStake")} a month.",
            "R28" => $"{Percent("ordersPerClick")} of the clicks on {item.Product} buy ({Number("orders")} of {Number("clicks")}), against {Percent("usualOrdersPerClick")} for your other products. A listing at {Percent("aim")} of those would earn about {Money("atStake")} more a month.",
            "R29" => $"In {item.Evidence.Text("campaign")} a bid of {Money("bid")} may be multiplied by {Number("multiplier")} through placement and dynamic bidding: one click may cost {Money("dearestClick")}, and is worth {Money("clickValue")}. Lower the percentages or let Amazon only bid down; up to {Money("atStake")} a month if every click cost that much.",
            _ => throw new ArgumentOutOfRangeException(nameof(item), item.Entry, "A task without a sentence."),
        };
    }

    private static string Group(Recommendation item)
    {
        var effect = item.Effect!;
        var count = item.Evidence["proposals"];
        var text = $"{Figure.Number(count)} {(count == 1 ? "proposal" : "proposals")}";
        if (item.Evidence.Find("products") is { } products) text += $" for {Figure.Number(products)} {(products == 1 ? "product" : "products")}";
        if (item.Evidence.Find("spend30") is { } spend and > 0) text += $", {Figure.Amount(new Money((decimal)spend, effect.Mean.Currency))} of spend and {Figure.Number(item.Evidence["clicks30"])} clicks in 30 days";
        return $"{text}. Expected {Figure.Range(effect)} a month, with a chance of {Figure.Percent(effect.ProbabilityPositive)} to gain.";
    }

    private static string Factor(Recommendation item, string name) => "×" + item.Evidence[name].ToString("0.##", CultureInfo.InvariantCulture);
}
