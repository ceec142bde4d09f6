using System.Globalization;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;

namespace Autonoomi.App.Features.Economics;

/// <summary>What a storefront's settings may be; each fault is one sentence with field, rule and fix.</summary>
public static class SettingRules
{
    public const int MostTerms = 500;
    public const int MostEvents = 200;
    public const int LongestTerm = 80;
    public const int MostBatches = 2_000;
    public const int MostOtherCosts = 500;
    public const int MostOwnRates = 2_000;
    public const int MostFreezes = 100;
    public const int MostChanges = 100_000;
    private const int LongestEventDays = 62;
    private const int LongestFreezeDays = 366;

    /// <param name="settings">What is to be stored.</param>
    /// <param name="workspace">Its marketplace and products.</param>
    public static IEnumerable<string> Faults(StorefrontSettings settings, Workspace workspace)
    {
        var marketplace = workspace.Marketplace;
        var currency = marketplace.Currency;
        if (Amounts(settings).Any(amount => amount.Currency != currency))
        {
            yield return $"Amounts of this storefront are in {currency}.";
            yield break;
        }

        if (settings.MonthlyBudget.Amount < marketplace.MinimumBudget || settings.MonthlyBudget.Amount > marketplace.MaximumBudget * 31)
            yield return Said($"The monthly budget is an amount of at least {marketplace.MinimumBudget} {currency}, which is Amazon's lowest daily budget of one campaign.");
        if (settings.MaximumBid.Amount < marketplace.MinimumBid || settings.MaximumBid.Amount > marketplace.MaximumBid)
            yield return Said($"The highest bid lies between {marketplace.MinimumBid} and {marketplace.MaximumBid} {currency}: Amazon takes no other bids.");
        if (settings.MaximumClickCost is { } click && click.Amount < marketplace.MinimumBid)
            yield return Said($"Highest cost of a click: {click.Amount} {currency} is below Amazon's lowest bid of {marketplace.MinimumBid}. Raise it, or leave it empty for no limit of your own.");
        if (settings.DailyCap is { } cap && cap.Amount < marketplace.MinimumBudget)
            yield return Said($"Daily cap: {cap.Amount} {currency} is below Amazon's lowest daily budget of {marketplace.MinimumBudget}. Raise it, or leave it empty.");
        if (settings.PortfolioCap is { } held && (held.Amount <= 0 || held > settings.MonthlyBudget))
            yield return Said($"Monthly budget of your portfolio at Amazon: {held.Amount} {currency} does not keep the month at {settings.MonthlyBudget.Amount}. Lower it at Amazon and here, or leave it empty.");
        if (!(settings.HoldOutShare >= 0 && settings.HoldOutShare <= 0.2)) yield return "Products left alone: the share lies between 0 and 20%. More would cost more than it teaches.";
        if (settings.VatRates.Any(rate => rate.InPrices is < 0 or > 0.5m)) yield return "Value added tax in your prices: the rate lies between 0 and 50% of the net price; 0 where you owe none.";
        foreach (var fault in Terms("protected term", [.. settings.ProtectedTerms]).Concat(Terms("brand word", [.. settings.BrandTerms])).Concat(Goals(settings, workspace)).Concat(Events(settings)).Concat(Limits(settings)).Concat(Goods(settings, workspace))) yield return fault;
    }

    private static IEnumerable<Money> Amounts(StorefrontSettings settings) =>
        new[] { settings.MonthlyBudget, settings.MaximumBid }.Select(amount => (Money?)amount).Append(settings.MaximumClickCost).Append(settings.DailyCap).Append(settings.PortfolioCap)
            .Concat(settings.Goals.Select(own => own.Goal).Append(settings.Goal).SelectMany(goal => new[] { goal.RankWorth, goal.LossBudget, goal.KeepingCost }))
            .OfType<Money>()
            .Concat(settings.Batches.SelectMany(batch => new[] { batch.CostOfGoods, batch.InboundPerUnit })).Concat(settings.OtherCosts.Select(cost => cost.Amount));

    private static IEnumerable<string> Terms(string what, IReadOnlyList<string> terms)
    {
        if (terms.Count > MostTerms) yield return $"At most {MostTerms} {what}s can be kept.";
        if (terms.FirstOrDefault(term => term.Trim().Length > LongestTerm) is { } term)
            yield return $"The {what} that begins with '{term.Trim()[..30]}' has more than {LongestTerm} characters, which no search term has. Write one per line.";
    }

    private static IEnumerable<string> Goals(StorefrontSettings settings, Workspace workspace)
    {
        foreach (var fault in settings.Goal.Faults()) yield return $"Storefront, goal: {fault}";
        var known = workspace.Listings.Select(listing => listing.Sku).Concat(workspace.ProductAds.Select(ad => ad.Sku)).ToHashSet();
        foreach (var group in settings.Goals.GroupBy(own => own.Sku))
        {
            if (!known.Contains(group.Key)) yield return $"Goal of '{group.Key}', SKU: it is not among the {known.Count} products of this storefront. Take the SKU from the page Products and costs.";
            else if (group.Count() > 1) yield return $"Goal of {group.Key}, SKU: a product has one goal, and {group.Count()} are given. Take the others away.";
            foreach (var fault in group.SelectMany(own => own.Goal.Faults()).Distinct()) yield return $"Goal of {group.Key}: {fault}";
        }
    }

    private static IEnumerable<string> Events(StorefrontSettings settings)
    {
        if (settings.Events.Length > MostEvents) yield return $"At most {MostEvents} events can be kept. Take past ones away.";
        foreach (var planned in settings.Events)
        {
            var name = planned.Name.Length > 30 ? planned.Name[..30] : planned.Name;
            if (planned.Name.Length is 0 or > LongestTerm) yield return $"Event '{name}', name: it has 1 to {LongestTerm} characters.";
            if (planned.LastDay < planned.FirstDay) yield return $"Event '{name}', last day: it lies before the first day. Exchange the two dates.";
            else if (planned.LastDay.DayNumber - planned.FirstDay.DayNumber >= LongestEventDays) yield return $"Event '{name}', last day: an event lasts at most {LongestEventDays} days. Longer seasons are learnt from the facts.";
            if (!(planned.Demand >= 0.1 && planned.Demand <= 10)) yield return $"Event '{name}', shoppers: the factor lies between 0.1 and 10, and 1 is as usual.";
            if (!(planned.Conversion >= 0.3 && planned.Conversion <= 3)) yield return $"Event '{name}', readiness to buy: the factor lies between 0.3 and 3, and 1 is as usual.";
        }
    }

    private static IEnumerable<string> Limits(StorefrontSettings settings)
    {
        if (settings.MaximumChangesPerDay is not (null or (>= 1 and <= MostChanges))) yield return Said($"Most changes in a day: {settings.MaximumChangesPerDay} is outside 1 to {MostChanges:N0}. To change nothing, stop all writing or choose the mode Watch.");
        if (settings.FreezeDates.Length > MostFreezes) yield return $"At most {MostFreezes} rows of days without changes can be kept. Take past ones away.";
        foreach (var span in settings.FreezeDates)
        {
            var which = Said($"Days without changes from {span.First:yyyy-MM-dd}");
            if (!IsDay(span.First) || !IsDay(span.Last)) yield return $"{which}: both days lie between 2000 and 2100. Correct the year.";
            else if (span.Last < span.First) yield return $"{which}, last day: it lies before the first day. Exchange the two dates.";
            else if (span.Last.DayNumber - span.First.DayNumber >= LongestFreezeDays) yield return $"{which}, last day: they last at most {LongestFreezeDays} days. For longer stop all writing.";
            if (span.Name.Length > LongestTerm) yield return $"{which}, what for: it has at most {LongestTerm} characters. Shorten it.";
        }

        foreach (var own in settings.CampaignModes.GroupBy(own => own.Campaign).Where(group => group.Count() > 1)) yield return $"Campaign with a mode of its own: the same campaign stands in {own.Count()} rows. Take the others away.";
    }

    private static IEnumerable<string> Goods(StorefrontSettings settings, Workspace workspace)
    {
        var known = workspace.Listings.Select(listing => listing.Sku).Concat(workspace.ProductAds.Select(ad => ad.Sku)).ToHashSet();
        var costed = workspace.Costs.Select(cost => cost.Sku).ToHashSet();
        if (settings.Batches.Length > MostBatches) yield return $"At most {MostBatches} batches can be kept. Take away those whose goods are sold, and those before them.";
        if (settings.OtherCosts.Length > MostOtherCosts) yield return $"At most {MostOtherCosts} further costs can be kept. Take past ones away.";
        if (settings.VatRates.Length > MostOwnRates) yield return $"At most {MostOwnRates} tax rates of products can be kept. Take away those that are the storefront's.";
        foreach (var batch in settings.Batches)
        {
            if (!known.Contains(batch.Sku)) yield return $"Batch of '{batch.Sku}', SKU: it is not among the {known.Count} products of this storefront. Take the SKU from the table of costs below.";
            else if (!costed.Contains(batch.Sku)) yield return $"Batch of {batch.Sku}: the product has no cost per unit yet, which holds before the first batch and beyond the last. Store one in the table of costs below first.";
            if (batch.Quantity is < 1 or > 100_000_000) yield return $"Batch of {batch.Sku}, units: they lie between 1 and 100,000,000.";
            if (!IsAmount(batch.CostOfGoods)) yield return $"Batch of {batch.Sku}, cost per unit: it lies between 0 and one million, with at most six digits after the decimal mark.";
            if (!IsAmount(batch.InboundPerUnit)) yield return $"Batch of {batch.Sku}, inbound per unit: it lies between 0 and one million, with at most six digits after the decimal mark.";
            if (!IsDay(batch.Received)) yield return $"Batch of {batch.Sku}, in stock since: the day lies between 2000 and 2100. Correct the year.";
        }

        foreach (var cost in settings.OtherCosts)
        {
            var name = cost.Name.Length > 30 ? cost.Name[..30] : cost.Name;
            if (cost.Name.Length is 0 or > LongestTerm) yield return $"Further cost '{name}', what for: it has 1 to {LongestTerm} characters.";
            if (cost.Sku is { } sku && !known.Contains(sku)) yield return $"Further cost '{name}', SKU: '{sku}' is not among the {known.Count} products of this storefront. Take it from the table of costs below, or leave it empty for all.";
            if (cost.Amount.Amount is <= 0 or > 1_000_000_000 || decimal.Round(cost.Amount.Amount, 6) != cost.Amount.Amount) yield return $"Further cost '{name}', amount: it is above zero and at most a thousand million, with at most six digits after the decimal mark.";
            if (!IsDay(cost.First)) yield return $"Further cost '{name}', first day: it lies between 2000 and 2100. Correct the year.";
            if (cost.Last < cost.First) yield return $"Further cost '{name}', last day: it lies before the first day. Exchange the two dates.";
            else if (!cost.Monthly && !IsDay(cost.Last)) yield return $"Further cost '{name}', last day: it lies between 2000 and 2100. Correct the year.";
        }

        foreach (var rates in settings.VatRates.Where(rate => rate.Sku is not null).GroupBy(rate => (Sku: rate.Sku!.Value, rate.From)))
        {
            if (!known.Contains(rates.Key.Sku)) yield return $"Value added tax of '{rates.Key.Sku}', SKU: it is not among the {known.Count} products of this storefront. Take it from the table of costs below.";
            else if (rates.Count() > 1) yield return $"Value added tax of {rates.Key.Sku}, first day: two rates hold from the same day. Take one away.";
        }
    }

    private static bool IsAmount(Money amount) => amount.Amount is >= 0 and <= CostFile.MaximumAmount && decimal.Round(amount.Amount, 6) == amount.Amount;

    private static bool IsDay(DateOnly day) => day.Year is >= 2000 and <= 2100;

    private static string Said(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
