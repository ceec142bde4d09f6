using System.Globalization;
using Autonoomi.App.Platform.Grid;
using Autonoomi.App.Platform.Shell;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;
using Autonoomi.Core.Proposals;

namespace Autonoomi.App.Features.Campaigns;

/// <summary>The page Campaigns.</summary>
public sealed class CampaignSheet(ProfitShelf shelf, ProposalBook proposals) : GridSource
{
    public override string Path => "/campaigns";
    public override string Title => "Campaigns";
    public override string Row => "campaign";
    public override (string Address, string Words)? Makes => ("/launch", "Launch campaigns");
    public override string Found => "campaign name";

    public override async Task<Sheet> ReadAsync(GridAsk ask, CancellationToken cancellationToken)
    {
        var table = await shelf.TableAsync(ask.Seller, ask.Workspace.Storefront, ask.Span, cancellationToken);
        var open = await proposals.ListAsync(ask.Seller, ask.Workspace.Storefront, ProposalState.Open, cancellationToken);
        return Of(ask.Workspace, ask.Span, ask.Query.Days, table, open.Select(listed => listed.Proposal));
    }

    /// <param name="workspace">Campaigns and facts.</param>
    /// <param name="span">Days.</param>
    /// <param name="days">As the address says them, for links.</param>
    /// <param name="table">Profit of the same days.</param>
    /// <param name="open">Proposals that wait: those for budgets count the days on which one ran out.</param>
    public static Sheet Of(Workspace workspace, DateSpan span, int days, ProfitTable table, IEnumerable<Proposal> open)
    {
        var campaigns = workspace.Campaigns;
        var figures = AdReports.ByCampaign(workspace, span, table);
        var ranOut = new Dictionary<CampaignId, double?>();
        foreach (var proposal in open.Where(proposal => proposal.Change is SetBudget)) ranOut[proposal.Change.Campaign] = proposal.Evidence.Find("daysOutOfBudget");
        var listed = campaigns.Select(campaign => campaign.Id.Value).ToHashSet();
        return new Sheet(campaigns.Length, workspace.Marketplace.Currency,
        [
            GridColumn.OfText("campaign", "Campaign", 280, row => campaigns[row].Name) with
            {
                State = row => campaigns[row].State, Link = row => "/ad-groups" + new GridQuery { Days = days, Campaign = campaigns[row].Id.Value }.ToParameters(),
            },
            GridColumn.OfBadge("ad", "Ad type", 96, AdProducts.Name, row => campaigns[row].AdProduct) with { IsQuick = true, Brief = row => TargetWords.ShortAd(campaigns[row].AdProduct) },
            GridColumn.OfState(row => campaigns[row].State) with { IsShown = true },
            GridColumn.OfMoney("budget", "Daily budget", 110, row => campaigns[row].BudgetIsDaily ? campaigns[row].DailyBudget.ToMicros() : null) with
            {
                Unknown = row => campaigns[row].BudgetPeriod == BudgetPeriod.Lifetime ? "for its life" : Display.None,
            },
            .. FigureColumns.Of(figures),
            GridColumn.OfTrend(new DayTrend(workspace, campaigns.Length, AdReports.Targets(workspace), AdReports.By("campaign_id", AdReports.Places(campaigns.Select(campaign => campaign.Id.Value))))),
            GridColumn.OfCount("out", "Days out of budget", 150, row => ranOut.GetValueOrDefault(campaigns[row].Id)) with
            {
                Meaning = "Of the seven days before the newest decision, as the waiting budget proposal for the campaign counts them; a dash where none waits.",
            },
        ])
        {
            Find = row => campaigns[row].Name,
            Id = row => campaigns[row].Id,
            Sort = "spend",
            Edits = new(
            [
                new("budget", "daily budget")
                {
                    Now = row => campaigns[row] is { BudgetIsDaily: true, State: not EntityState.Archived } campaign ? campaign.DailyBudget.Amount : null,
                    Step = row => campaigns[row].DailyBudget.Currency.Decimals == 0 ? 1 : 0.01m,
                    To = (row, after) => new SetBudget(campaigns[row].Id, campaigns[row].DailyBudget, campaigns[row].DailyBudget with { Amount = after }),
                },
            ], (row, state) => campaigns[row].State is EntityState.Archived || campaigns[row].State == state ? null : new SetCampaignState(campaigns[row].Id, campaigns[row].State, state))
            {
                MayArchive = true,
                Copy = row => campaigns[row] is { AdProduct: AdProduct.SponsoredProducts, State: not EntityState.Archived } campaign ? string.Create(CultureInfo.InvariantCulture, $"/launch?copy={campaign.Id.Value}") : null,
            },
            Home = row => (campaigns[row].Id.Value, 0),
            Totals = rows => FigureColumns.Totals(figures.Sum(rows), "campaign", "campaigns", [.. AdReports.Unlisted(table, part => listed.Contains(part.Campaign), "campaigns")]),
        };
    }
}
