using System.Collections.Immutable;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Profit;

namespace Autonoomi.Core.Signals;

/// <summary>Says what the facts lack before anybody decides on them.</summary>
internal static class DataQuality
{
    /// <summary>Facts older than this many days allow no raise; ten more allow nothing.</summary>
    public const int StaleDays = 2;

    private const int LookBackDays = 7;
    private const int FewRows = 20;

    public static ImmutableArray<DataNote> Look(Workspace workspace, Structure structure, ProductEconomics?[] products, Maturity maturity)
    {
        var notes = ImmutableArray.CreateBuilder<DataNote>();
        if (workspace.SyncedAt is null) notes.Add(new(DataIssue.NeverSynced, null, "Nothing has been read from Amazon yet; decisions wait for the first import.", true));
        if (workspace.Settings.Frozen) notes.Add(new(DataIssue.Frozen, null, "All writes are stopped by your freeze.", true));
        else if (workspace.IsFrozen) notes.Add(new(DataIssue.Frozen, null, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"Nothing is written until {workspace.Settings.FreezeDates.Where(span => span.First <= workspace.Today && workspace.Today <= span.Last).Max(span => span.Last):yyyy-MM-dd}, as you set it."), true));
        if (workspace.Settings.MonthlyBudget.Amount <= 0) notes.Add(new(DataIssue.NoBudget, null, "No monthly ad budget is set; nothing is raised until you set one.", true));
        AddFreshness(workspace, notes);
        AddControls(workspace, notes);
        AddProducts(workspace, structure, products, notes);
        if (!maturity.IsLearnt)
            notes.Add(new(DataIssue.DelayCurveAssumed, null, $"How fast orders arrive after a click is mostly assumed: {maturity.OrdersSeen:0} orders have been watched growing, {maturity.OrdersNeeded:0} are needed.", false));
        notes.Add(new(DataIssue.BudgetTimeAssumed, null, "Hours in budget are estimated from days on which spend reached 95% of the budget.", false));
        if (workspace.VatRates.IsEmpty && workspace.Marketplace.Country is not ("US" or "CA")) notes.Add(new(DataIssue.TaxesNotModelled, null, "Prices may include value added tax, which profit does not deduct while no rate is set.", false));
        return notes.ToImmutable();
    }

    private static void AddControls(Workspace workspace, ImmutableArray<DataNote>.Builder notes)
    {
        if (workspace.Controls is not { } controls) return;
        if (Budgeting.PortfolioCheck.Of(workspace).Words is { } words) notes.Add(new(DataIssue.PortfolioDiffers, null, words, false));
        var ruled = workspace.Campaigns.Count(campaign => controls.UnderRule.Contains(campaign.Id));
        if (ruled > 0) notes.Add(new(DataIssue.AmazonRaisesBudgets, null, $"A budget rule at Amazon raises the daily budget of {ruled} {(ruled == 1 ? "campaign" : "campaigns")}; these budgets are left alone.", false));
        if (controls.Promoted.Length > 0)
            notes.Add(new(DataIssue.AmazonPromotesKeywords, null, $"Amazon itself carries searches of {controls.Promoted.Length} {(controls.Promoted.Length == 1 ? "ad group" : "ad groups")} over into manual campaigns (target promotion groups). Two that do the same bid against each other: end one of them.", false));
    }

    private static void AddFreshness(Workspace workspace, ImmutableArray<DataNote>.Builder notes)
    {
        var today = workspace.Today.DayNumber;
        var (latest, rows) = (int.MinValue, new int[LookBackDays * 2]);
        foreach (var day in workspace.TargetDays.Ints("day"))
        {
            if (day >= today) continue;
            latest = Math.Max(latest, day);
            if (today - day <= rows.Length) rows[today - day - 1]++;
        }

        if (latest == int.MinValue)
        {
            if (workspace.SyncedAt is not null) notes.Add(new(DataIssue.MissingDays, null, "There are no advertising facts of any finished day yet.", true));
            return;
        }

        var old = today - 1 - latest;
        if (old >= StaleDays) notes.Add(new(DataIssue.StaleFacts, null, $"The newest finished day of facts is {old} days behind; nothing is raised until it is read.", true));
        if (old >= StaleDays + 10) notes.Add(new(DataIssue.MissingDays, null, $"The newest finished day of facts is {old} days behind; decisions wait.", true));

        // A hole between days that have facts is a lost download, not a quiet day, where days are usually full.
        var usual = rows.Order().ElementAt(rows.Length / 2);
        if (usual < FewRows) return;
        for (var age = Math.Max(0, old); age < LookBackDays; age++)
        {
            if (rows[age] > 0) continue;
            var day = workspace.Today.AddDays(-age - 1);
            notes.Add(new(DataIssue.MissingDays, null, $"Facts of {day:yyyy-MM-dd} are missing between days that have them; decisions wait until that day is read again.", true));
        }
    }

    private static void AddProducts(Workspace workspace, Structure structure, ProductEconomics?[] products, ImmutableArray<DataNote>.Builder notes)
    {
        var advertised = workspace.ProductAds.Where(ad => ad.State == EntityState.Enabled).Select(ad => ad.Sku).Distinct().OrderBy(sku => sku.Value, StringComparer.Ordinal).ToArray();
        var charged = new HashSet<string>(workspace.SkuDays.Texts("sku").Words, StringComparer.Ordinal);
        var stocked = new HashSet<string>(workspace.InventoryDays.Texts("sku").Words, StringComparer.Ordinal);
        foreach (var sku in advertised)
        {
            var economics = structure.Product(sku) is >= 0 and var product ? products[product] : null;
            if (economics is null || economics.Price <= 0) notes.Add(new(DataIssue.MissingPrice, sku, $"{sku} has no price; its targets are held until the listing is read.", true));
            else if (!economics.IsKnown) notes.Add(new(DataIssue.MissingCosts, sku, $"{sku} has no cost of goods; its targets are held until you enter it.", true));
            else if (economics.ContributionPerOrder <= 0) notes.Add(new(DataIssue.NegativeContribution, sku, $"{sku} loses money on every order before ads; its bids go to the minimum. Check price, fees and cost of goods.", false));
            if (!charged.Contains(sku.Value)) notes.Add(new(DataIssue.MissingFees, sku, $"{sku} has no fees on record; typical ones are assumed (15% referral, 18% fulfilment).", false));
            if (!stocked.Contains(sku.Value)) notes.Add(new(DataIssue.MissingStock, sku, $"{sku} has no stock figure; running out cannot be foreseen.", false));
        }

        for (var group = 0; group < structure.SeveralProducts.Length; group++)
        {
            if (structure.SeveralProducts[group] && structure.GroupProduct[group] >= 0)
                notes.Add(new(DataIssue.SeveralProducts, structure.Products[structure.GroupProduct[group]], $"An ad group advertises several products; its targets are judged by the economics of {structure.Products[structure.GroupProduct[group]]}, which has most clicks.", false));
        }
    }
}
