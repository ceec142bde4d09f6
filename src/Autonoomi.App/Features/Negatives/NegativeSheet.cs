using Autonoomi.App.Platform.Grid;
using Autonoomi.App.Platform.Shell;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;

namespace Autonoomi.App.Features.Negatives;

/// <summary>The page Negatives.</summary>
public sealed class NegativeSheet : GridSource
{
    public override string Path => "/negatives";
    public override string Title => "Negatives";
    public override string Row => "negative";
    public override string Found => "text, campaign or ad group";
    public override bool HasDays => false;

    public override Task<Sheet> ReadAsync(GridAsk ask, CancellationToken cancellationToken) => Task.FromResult(Of(ask.Workspace));

    public static Sheet Of(Workspace workspace)
    {
        var campaigns = workspace.Campaigns.ToDictionary(campaign => campaign.Id);

        // Those of archived campaigns close nothing any more.
        var negatives = workspace.Negatives.Where(negative => campaigns.ContainsKey(negative.Campaign)).ToArray();
        var groups = workspace.AdGroups.ToDictionary(group => group.Id, group => group.Name);
        Campaign? Campaign(int row) => campaigns.GetValueOrDefault(negatives[row].Campaign);
        AdProduct Ad(int row) => Campaign(row)?.AdProduct ?? AdProduct.SponsoredProducts;
        string AdGroup(int row) => negatives[row].AdGroup is { } group ? groups.GetValueOrDefault(group, "") : "";
        return new Sheet(negatives.Length, workspace.Marketplace.Currency,
        [
            GridColumn.OfText("text", "Negative", 280, row => negatives[row].Text) with { State = row => negatives[row].State },
            GridColumn.OfBadge("match", "Match", 110, Match, row => negatives[row].Match) with { IsQuick = true },
            GridColumn.OfBadge("where", "Holds in", 140, [new("group", "Ad group"), new("campaign", "Whole campaign")], row => negatives[row].AdGroup is null ? "campaign" : "group") with { IsQuick = true },
            GridColumn.OfText("campaign", "Campaign", 260, row => Campaign(row)?.Name ?? "") with { Link = row => "/negatives" + new GridQuery { Campaign = negatives[row].Campaign.Value }.ToParameters() },
            GridColumn.OfText("group", "Ad group", 220, AdGroup),
            GridColumn.OfBadge("ad", "Ad type", 96, AdProducts.Name, Ad) with { IsQuick = true, Brief = row => TargetWords.ShortAd(Ad(row)) },
            GridColumn.OfState(row => negatives[row].State) with { IsShown = true },
        ])
        {
            Find = row => string.Join('\n', negatives[row].Text, Campaign(row)?.Name, AdGroup(row)),
            Id = row => negatives[row].Id,
            Sort = "text",
            Home = row => (negatives[row].Campaign.Value, negatives[row].AdGroup?.Value ?? 0),
            Totals = rows =>
            [
                new("campaigns", "Campaigns", Display.Count(rows.Select(row => negatives[row].Campaign).Distinct().Count())),
                new("whole", "For whole campaigns", Display.Count(rows.Count(row => negatives[row].AdGroup is null))),
            ],
        };
    }

    private static string Match(NegativeMatch match) => match switch
    {
        NegativeMatch.Exact => "Exact",
        NegativeMatch.Phrase => "Phrase",
        NegativeMatch.Product => "Product",
        NegativeMatch.Brand => "Brand",
        NegativeMatch.Other => "Other",
    };
}
