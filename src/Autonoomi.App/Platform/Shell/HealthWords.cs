using Autonoomi.Core.Health;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;

namespace Autonoomi.App.Platform.Shell;

/// <summary>Parts, bands and gates of the health score in the trade's words.</summary>
public static class HealthWords
{
    public static (string Title, string Meaning) Of(HealthPart part) => part switch
    {
        HealthPart.ProfitEfficiency => ("Bids", "What today's bids are expected to earn, against the bids that Autonoomi wants."),
        HealthPart.WastedSpend => ("Wasted spend", "Spend on targets and search terms whose chance to pay is 15% at most."),
        HealthPart.Budgets => ("Budgets", "Profit missed because campaigns ran out of budget."),
        HealthPart.Coverage => ("Search terms on their own", "Gain of search terms that deserve a target of their own."),
        HealthPart.PlacementsAndHours => ("Placements and hours", "Gain of bidding by placement and hour."),
        HealthPart.Structure => ("Structure", "Duplicates, negatives that block what sells, ad groups whose products have little in common."),
        HealthPart.RetailReadiness => ("Ready to sell", "Spend on offers that can be bought, with stock for 14 days."),
        HealthPart.Incrementality => ("Sales that ads add", "Spend on searches for your own brand, which mostly sell without the ad."),
        HealthPart.DataAndEconomics => ("Data and costs", "Costs entered, figures fresh and complete, margins that make sense."),
    };

    public static (string Word, string Tone) Of(HealthBand band) => band switch
    {
        HealthBand.A => ("A, very good", "ok"),
        HealthBand.B => ("B, good", "ok"),
        HealthBand.C => ("C, fair", "warning"),
        HealthBand.D => ("D, weak", "warning"),
        HealthBand.E => ("E, poor", "error"),
        HealthBand.NotRated => ("Not rated", ""),
    };

    /// <returns>One sentence made of the gate's stored numbers.</returns>
    public static string Of(HealthGate gate, Currency currency)
    {
        string Amount(string name) => Display.Amount(new Money((decimal)Math.Clamp(Number(gate, name), -1e12, 1e12), currency));
        return gate.Kind switch
        {
            HealthGateKind.AdsWithoutStock => $"{Amount("spendOnWhatCannotBeBought")} of {Amount("adSpend")} in {Number(gate, "days"):0} days went to products that were sold out or hidden.",
            HealthGateKind.MissingCosts => $"{Amount("spendWithoutCosts")} of {Amount("adSpend")} in 30 days went to products without a cost of goods.",
            HealthGateKind.StaleData when gate.Figures.IsEmpty => "No finished day of advertising facts has been read yet.",
            HealthGateKind.StaleData => $"The newest finished day of facts is {Number(gate, "daysBehind"):0} days behind.",
            HealthGateKind.BudgetExceeded => $"{Amount("monthToDate")} were spent this month, more than the budget of {Amount("monthlyBudget")}.",
            HealthGateKind.MoneyLeftLying when gate.Figures.IsEmpty => "No ad of a product in stock ran in the last ten days, so nothing is earned.",
            HealthGateKind.MoneyLeftLying => $"At today's bids the ads are expected to earn {Amount("expectedProfit")} in 30 days and leave {Amount("profitLeftLying")} lying; good marks elsewhere do not make up for that.",
            HealthGateKind.LosesMoney => $"At today's bids the ads as a whole are expected to lose {Display.Amount(-new Money((decimal)Math.Clamp(Number(gate, "expectedProfit"), -1e12, 1e12), currency))} in 30 days.",
        };
    }

    private static double Number(HealthGate gate, string name) => new Evidence(gate.Figures)[name];
}
