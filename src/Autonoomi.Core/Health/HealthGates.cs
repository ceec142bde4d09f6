using System.Collections.Immutable;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;
using Autonoomi.Core.Signals;

namespace Autonoomi.Core.Health;

/// <summary>Faults that no other merit makes up for.</summary>
internal static class HealthGates
{
    private const double ShareThatCounts = 0.01;
    private const double ShareWithoutCosts = 0.30;
    private const int LookBackDays = 14;

    public static ImmutableArray<HealthGate> Of(Situation situation, CampaignSums sums, AccountParts account)
    {
        var (measured, workspace) = (situation.Measured, situation.Workspace);
        var currency = workspace.Marketplace.Currency.Code;
        var gates = ImmutableArray.CreateBuilder<HealthGate>();

        // Money first. In the lab accounts that lost as much as they could have earned kept a C for their shelves and their data.
        var lost = sums.Lost.Sum();
        ImmutableArray<EvidenceValue> Money(double earned) => [new("expectedProfit", earned, currency), new("profitLeftLying", lost, currency)];
        if (sums.Earned < 0) gates.Add(new(HealthGateKind.LosesMoney, HealthScore.Round(HealthRules.Ceiling(sums.Earned, lost)), Money(sums.Profit)));
        else if (Serves(workspace, sums) is { } serves && HealthRules.Ceiling(sums.Earned, lost) is < 100 and var highest)
            gates.Add(new(HealthGateKind.MoneyLeftLying, HealthScore.Round(highest), serves ? Money(sums.Earned) : []));

        var budget = (double)workspace.Settings.MonthlyBudget.Amount;
        if (budget > 0 && measured.MonthToDate > budget)
            gates.Add(new(HealthGateKind.BudgetExceeded, 39, [new("monthToDate", measured.MonthToDate, currency), new("monthlyBudget", budget, currency)]));

        var (unsold, spend) = SpendWithoutStock(workspace, measured.Structure);
        if (spend > 0 && unsold / spend >= ShareThatCounts)
            gates.Add(new(HealthGateKind.AdsWithoutStock, 49, [new("spendOnWhatCannotBeBought", unsold, currency), new("adSpend", spend, currency), new("days", LookBackDays, "days")]));

        if (account.FactsAge >= DataQuality.StaleDays)
            gates.Add(new(HealthGateKind.StaleData, 59, account.FactsAge == int.MaxValue ? [] : [new("daysBehind", account.FactsAge, "days")]));

        if (account.Spend > 0 && 1 - account.Costed / account.Spend > ShareWithoutCosts)
            gates.Add(new(HealthGateKind.MissingCosts, 69, [new("spendWithoutCosts", account.Spend - account.Costed, currency), new("adSpend", account.Spend, currency)]));
        return gates.ToImmutable();
    }

    // Null where nobody can say: costs or stock are missing, or Amazon was not read since.
    private static bool? Serves(Workspace workspace, CampaignSums sums) =>
        !sums.HasJudged ? null
        : sums.Earned + sums.Lost.Sum() > 0 ? true
        : workspace.SyncedAt is { } at && workspace.Today.DayNumber - DateOnly.FromDateTime(at.UtcDateTime).DayNumber <= 1 ? false
        : null;

    // Spend on days that began and ended with an empty shelf, and yesterday's on offers that are hidden today.
    private static (double Unsold, double All) SpendWithoutStock(Workspace workspace, Structure structure)
    {
        var today = workspace.Today.DayNumber;
        var empty = new HashSet<(int Product, int Day)>();
        var stock = workspace.InventoryDays;
        var days = stock.Ints("day");
        var skus = stock.Texts("sku");
        var units = stock.Longs("fulfillable");
        for (var row = 0; row < stock.Rows; row++)
        {
            if (units[row] <= 0 && today - days[row] <= LookBackDays + 1) empty.Add((structure.Product(new Sku(skus[row])), days[row]));
        }

        var hidden = workspace.Listings.Where(listing => !listing.Buyable).Select(listing => structure.Product(listing.Sku)).ToHashSet();
        var table = workspace.ProductDays;
        var advertised = table.Texts("sku");
        var productOf = advertised.Words.Select(word => structure.Product(new Sku(word))).ToArray();
        var facts = new AdColumns(table);
        double unsold = 0, all = 0;
        for (var row = 0; row < table.Rows; row++)
        {
            var age = today - facts.Days[row] - 1;
            if (age is < 0 or >= LookBackDays) continue;
            var (product, cost) = (productOf[advertised.Codes[row]], facts.Cost[row] / 1e6);
            all += cost;
            if ((age == 0 && hidden.Contains(product)) || (empty.Contains((product, facts.Days[row])) && empty.Contains((product, facts.Days[row] - 1)))) unsold += cost;
        }

        return (unsold, all);
    }
}
