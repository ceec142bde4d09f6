using Autonoomi.App.Platform.Shell;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Launches;

namespace Autonoomi.App.Features.Launch;

/// <summary>Launches in a person's words.</summary>
internal static class LaunchWords
{
    /// <returns>What a kind of campaign is for.</returns>
    public static string Purpose(LaunchPart part) => part switch
    {
        LaunchPart.Auto => "Amazon chooses searches and pages; finds what nobody thought of",
        LaunchPart.Broad => "your keywords and what is like them",
        LaunchPart.Phrase => "searches that hold your keywords as they stand",
        LaunchPart.Exact => "your keywords and nothing else; the highest bids",
        LaunchPart.Products => "pages of the products that you name",
    };

    public static string Strategy(BiddingStrategy strategy) => strategy switch
    {
        BiddingStrategy.DownOnly => "Dynamic, down only",
        BiddingStrategy.UpAndDown => "Dynamic, up and down",
        BiddingStrategy.Fixed => "Fixed",
        BiddingStrategy.RuleBased => "By Amazon's rule",
    };

    /// <returns>Why a bid is what it is.</returns>
    public static string Grounds(BidGrounds grounds) =>
        $"{Display.Percent(grounds.OrdersPerClick)} of clicks should order, an order is worth {Display.Amount(grounds.OrderWorth)} before ads: a click is worth {Display.Amount(grounds.ClickWorth)}";

    /// <returns>Lowest and highest bid of an ad group.</returns>
    public static string Bids(PlannedAdGroup group)
    {
        var bids = group.Targets.IsEmpty ? [group.DefaultBid] : group.Targets.Select(target => target.Bid).ToList();
        return bids.Min() == bids.Max() ? Display.Amount(bids.Min()) : $"{Display.Amount(bids.Min())} to {Display.Amount(bids.Max())}";
    }

    public static string State(EntityState? state) => state is { } known ? TargetWords.State(known) : "not made";
}
