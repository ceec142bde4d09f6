using CsCheck;
using Autonoomi.Marketplace.World;

namespace Autonoomi.Marketplace.Tests.World;

/// <summary>Generalised second-price auctions worked out by hand. "2@1" is a bid of 2 with quality 1; an answer is "bidder:price" by slot.</summary>
public sealed class AuctionTests
{
    [Theory]
    // Each pays the bid below.
    [InlineData(1, 0.1, 0, 3, "2@1 1@1 0.5@1", "0:1 1:0.5 2:0.1")]
    // The last slot's price is set by the first who got none.
    [InlineData(1, 0.1, 0, 2, "2@1 1@1 0.5@1", "0:1 1:0.5")]
    // Fewer rivals than slots: the last pays the reserve.
    [InlineData(1, 0.06, 0, 4, "1.2@1", "0:0.06")]
    [InlineData(1, 0.06, 0, 4, "0.3@1 1.2@1", "1:0.3 0:0.06")]
    // Quality beats bid: scores 0.50 and 0.80; the reserve costs the poor one 0.1 / 0.5.
    [InlineData(1, 0.1, 0, 2, "1@0.5 0.8@1", "1:0.5 0:0.2")]
    // A poor ad may still win, and pays for it: 0.6 / 0.25.
    [InlineData(1, 0.1, 0, 1, "3@0.25 0.6@1", "0:2.4")]
    // A good ad pays less than the rival bids: scores 1.0 and 0.9, 0.9 / 2.
    [InlineData(1, 0.1, 0, 1, "0.5@2 0.9@1", "0:0.45")]
    // α = ½: scores 1 × √4 = 2 and 1.5; the first pays 1.5 / 2.
    [InlineData(0.5, 0.1, 0, 2, "1@4 1.5@1", "0:0.75 1:0.1")]
    // α = 0: quality plays no part.
    [InlineData(0, 0.1, 0, 2, "1@9 1.5@0.1", "1:1 0:0.1")]
    // α = 0.7: 2^0.7 = 1.6245; 1.2 / 1.6245.
    [InlineData(0.7, 0.1, 0, 1, "1@2 1.2@1", "0:0.738687")]
    // Equal scores: the earlier is ahead and pays its whole bid.
    [InlineData(1, 0.1, 0, 2, "1@1 1@1", "0:1 1:0.1")]
    [InlineData(1, 0.1, 0, 1, "0.5@2 1@1 2@0.5", "0:0.5")]
    // Below the reserve nothing is shown, on it is; who is not shown sets no price.
    [InlineData(1, 0.06, 0, 2, "0.05@1", "")]
    [InlineData(1, 0.06, 0, 2, "0.06@1", "0:0.06")]
    [InlineData(1, 0.06, 0, 2, "1@1 0.05@1", "0:0.06")]
    // The reserve counts in scores: a good ad passes it with a lower bid.
    [InlineData(1, 0.06, 0, 2, "0.05@1.5", "0:0.04")]
    // The smallest charge lifts a price, but never above the bid.
    [InlineData(1, 0.005, 0.02, 1, "0.5@1", "0:0.02")]
    [InlineData(1, 0.005, 0.02, 1, "0.015@1", "0:0.015")]
    // Nobody bids nothing.
    [InlineData(1, 0, 0, 2, "0@1 0.4@1", "1:0")]
    public void Slots_and_prices_are_those_worked_out_by_hand(double power, double reserve, double smallest, int slots, string bids, string answer)
    {
        var awards = Auction.Run(Parse(bids), slots, new AuctionRules(power, reserve, smallest));

        Assert.Equal(answer, string.Join(' ', awards.Select(award => FormattableString.Invariant($"{award.Bidder}:{Math.Round(award.Price, 6)}"))));
        Assert.Equal(Enumerable.Range(0, awards.Count), awards.Select(award => award.Slot));
    }

    [Fact]
    public void One_bidder_against_scores_sees_what_the_whole_auction_gives_it() =>
        Gen.Select(Gen.Double[0.01, 3], Gen.Double[0.3, 3], Gen.Double[0.01, 3].Array[0, 12], Gen.Int[1, 7], Gen.Double[0.5, 1]).Sample((bid, quality, rivals, slots, power) =>
        {
            var rules = new AuctionRules(power, 0.05, 0.02);
            var all = Auction.Run([new Bidder(bid, quality), .. rivals.Select(score => new Bidder(score, 1))], slots, rules);
            // Rivals below the reserve set no price above it either way.
            var (slot, price) = Auction.Against(bid, rules.Weight(quality), rivals, slots, rules);

            Assert.Equal(all.Where(award => award.Bidder == 0).Select(award => (award.Slot, award.Price)), slot < 0 ? [] : [(slot, price)]);
        });

    [Fact]
    public void Nobody_ever_pays_more_than_the_bid_and_a_higher_bid_never_gets_a_worse_slot() =>
        Gen.Select(Gen.Double[0.01, 3], Gen.Double[1, 2], Gen.Double[0.01, 3].Array[0, 12], Gen.Double[0.5, 1]).Sample((bid, raise, rivals, power) =>
        {
            var rules = new AuctionRules(power, 0.05, 0.02);
            var (slot, price) = Auction.Against(bid, 1, rivals, 7, rules);
            var (better, dearer) = Auction.Against(bid * raise, 1, rivals, 7, rules);

            Assert.True(price <= bid && dearer <= bid * raise);
            Assert.True(slot < 0 || (better >= 0 && better <= slot && dearer >= price));
        });

    private static List<Bidder> Parse(string bids) =>
        [.. bids.Split(' ').Select(text => text.Split('@')).Select(parts => new Bidder(Number(parts[0]), Number(parts[1])))];

    private static double Number(string text) => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
