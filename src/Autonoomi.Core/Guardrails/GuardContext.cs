using Autonoomi.Core.Facts;
using Autonoomi.Core.Inventory;
using Autonoomi.Core.Negation;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;
using Autonoomi.Core.Signals;

namespace Autonoomi.Core.Guardrails;

/// <summary>What the rules look at beside the proposal itself.</summary>
internal sealed class GuardContext
{
    private readonly Dictionary<(int Campaign, string Text), double> termOrders = [];
    private readonly double[] campaignOrders;
    private readonly HashSet<Sku> notBuyable;

    public GuardContext(Measurement measured, SearchTerms terms, StockPrices stock, DecisionSettings settings)
    {
        (Measured, Stock, Settings) = (measured, stock, settings);
        var structure = measured.Structure;
        campaignOrders = new double[measured.Workspace.Campaigns.Length];
        foreach (var cell in terms.Cells)
        {
            if (cell.AllOrders <= 0 || structure.GroupCampaign[cell.Group] is not (>= 0 and var campaign)) continue;
            var key = (campaign, terms.Words[cell.Term].Trim().ToLowerInvariant());
            termOrders[key] = termOrders.GetValueOrDefault(key) + cell.AllOrders;
            campaignOrders[campaign] += cell.AllOrders;
        }

        Closed = NegativeIndex.Of(measured.Workspace.Negatives);
        notBuyable = [.. measured.Workspace.Listings.Where(listing => !listing.Buyable).Select(listing => listing.Sku)];
        Emergency = FindEmergency(measured);
    }

    public Measurement Measured { get; }
    public StockPrices Stock { get; }
    public DecisionSettings Settings { get; }
    public NegativeIndex Closed { get; }
    public Workspace Workspace => Measured.Workspace;

    /// <summary>Why nothing may be raised anywhere; null in quiet times.</summary>
    public string? Emergency { get; }

    /// <returns>Share of the campaign's orders of 90 days that came through the term, 0 to 1.</returns>
    public double OrderShare(CampaignId id, string text)
    {
        var campaign = Measured.Structure.Campaign(id);
        return campaign < 0 || campaignOrders[campaign] <= 0 ? 0 : termOrders.GetValueOrDefault((campaign, text.Trim().ToLowerInvariant())) / campaignOrders[campaign];
    }

    /// <summary>Sold out, or the offer cannot be bought.</summary>
    public bool CannotSell(int product) => product >= 0 && (Stock.IsOut[product] || notBuyable.Contains(Measured.Structure.Products[product]));

    /// <summary>True when the change can make Amazon charge more.</summary>
    public static bool Raises(Change change) => change switch
    {
        SetBid bid => bid.After > bid.Before,
        SetBudget budget => budget.After > budget.Before,
        SetPlacement placement => placement.AfterPercent > placement.BeforePercent,
        SetTargetState state => state.After == Advertising.EntityState.Enabled,
        CreateTarget or ArchiveNegative => true,
        AddNegative => false,
        _ => throw new ArgumentOutOfRangeException(nameof(change), change, "A change without a guardrail."),
    };

    // Days old enough to have shown most orders, young enough to matter.
    private static string? FindEmergency(Measurement measured)
    {
        var workspace = measured.Workspace;
        var facts = new AdColumns(workspace.TargetDays);
        double cost = 0, sales = 0, yesterday = 0, before = 0, yesterdayClicks = 0, clicksBefore = 0;
        for (var row = 0; row < facts.Days.Length; row++)
        {
            var age = workspace.Today.DayNumber - facts.Days[row] - 1;
            if (age is >= 7 and < 21) (cost, sales) = (cost + facts.Cost[row] / 1e6, sales + facts.Sales[row] / 1e6);
            if (age == 0) (yesterday, yesterdayClicks) = (yesterday + facts.Cost[row] / 1e6, yesterdayClicks + facts.Clicks[row]);
            else if (age is > 0 and <= 14) (before, clicksBefore) = (before + facts.Cost[row] / 1e6, clicksBefore + facts.Clicks[row]);
        }

        double margin = 0, weight = 0;
        for (var target = 0; target < measured.Cost30.Length; target++)
        {
            if (measured.Structure.TargetProduct[target] is not (>= 0 and var product) || measured.Products[product] is not { IsKnown: true } economics) continue;
            margin += measured.Cost30[target] * economics.BreakEvenAcos!.Value;
            weight += measured.Cost30[target];
        }

        if (weight > 0 && margin > 0 && sales > 0 && measured.Clicks30.Sum() >= 100 && cost / sales > 2 * margin / weight)
            return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"ad cost is {cost / sales:P0} of sales, more than twice the break-even of {margin / weight:P0}");
        if (before > 0 && clicksBefore > 0 && yesterdayClicks >= 20 && yesterday > 1.5 * workspace.Campaigns.Where(campaign => campaign.State == Advertising.EntityState.Enabled).Sum(campaign => (double)campaign.DailyBudget.Amount)
            && yesterday / yesterdayClicks > 2 * before / clicksBefore)
            return "yesterday's spend and price per click jumped far beyond plan";
        return null;
    }
}
