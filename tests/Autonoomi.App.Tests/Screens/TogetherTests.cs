using System.Collections.Immutable;
using Autonoomi.App.Features.Run;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.App.Tests.Web;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;
using Autonoomi.Privacy;
using Autonoomi.Vault;
using Microsoft.Extensions.DependencyInjection;

namespace Autonoomi.App.Tests.Screens;

/// <summary>Placements and the bids that make room for them: decided on together, written together.</summary>
[Collection<PeopleTests>]
public sealed class TogetherTests(RunningProduct product)
{
    private static readonly Currency Usd = new("USD");
    private static readonly DateOnly Day = new(2026, 3, 4);

    // What a sentence about a bid is made of.
    private static readonly Evidence Evidence = new(
    [
        .. ImmutableArray.Create("clicks", "orders", "priorStrength", "contribution", "clickValue", "clickValueLow", "clickValueHigh", "inventoryPrice", "budgetPrice", "learningWeight", "wantedBid")
            .Select(name => new EvidenceValue(name, name is "inventoryPrice" or "budgetPrice" or "learningWeight" ? 0 : 1, "factor")),
    ]);

    private static readonly Proposal Top = Of("top", new SetPlacement(new(1), Placement.TopOfSearch, 0, 25));
    private static readonly Proposal Pages = Of("pages", new SetPlacement(new(1), Placement.ProductPages, 0, 10));
    private static readonly Proposal Lower = Of("lower", Bid(1, 11, 1.00m, 0.85m));
    private static readonly Proposal LowerToo = Of("lower-too", Bid(1, 12, 0.70m, 0.60m));
    private static readonly Proposal Raise = Of("raise", Bid(1, 13, 0.40m, 0.45m));
    private static readonly Proposal Elsewhere = Of("elsewhere", Bid(2, 21, 1.00m, 0.90m));
    private static readonly Proposal[] All = [Top, Pages, Lower, LowerToo, Raise, Elsewhere];
    private static readonly string[] Group = ["lower", "lower-too", "pages", "top"];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("top")]
    [InlineData("lower")]
    public async Task Deciding_on_one_decides_on_its_group_and_on_nothing_else(string chosen)
    {
        var (seller, storefront) = await FilledAsync(Day);

        var approved = await Book.ApproveAsync(seller, storefront, [new(chosen)], Platform.Audit.Actor.Operator, Stop);
        Assert.Equal((4, 3, 0), (approved.Changed, approved.Along, approved.Stale.Count));
        Assert.Equal(Group, await InAsync(seller, storefront, ProposalState.Approved));
        Assert.Equal(["elsewhere", "raise"], await InAsync(seller, storefront, ProposalState.Open));

        var reopened = await Book.ReopenAsync(seller, storefront, [new("pages")], Platform.Audit.Actor.Operator, Stop);
        Assert.Equal(4, reopened.Changed);
        Assert.Empty(await InAsync(seller, storefront, ProposalState.Approved));

        await Book.ApproveAsync(seller, storefront, [new("lower-too")], Platform.Audit.Actor.Operator, Stop);
        await Book.RejectAsync(seller, storefront, [new(chosen)], "Wrong moment", Platform.Audit.Actor.Operator, Stop);
        Assert.Equal(Group, await InAsync(seller, storefront, ProposalState.Rejected));
        Assert.All(await Book.ListAsync(seller, storefront, ProposalState.Rejected, Stop), item => Assert.Equal("Wrong moment", item.Note));
    }

    [Fact]
    public async Task What_another_day_proposed_is_another_decision()
    {
        var (seller, storefront) = await FilledAsync(Day);
        await PutAsync(seller, storefront, Day.AddDays(-1), Of("older", Bid(1, 14, 0.9m, 0.8m)));

        Assert.Equal(4, (await Book.ApproveAsync(seller, storefront, [new("top")], Platform.Audit.Actor.Operator, Stop)).Changed);
        Assert.Contains("older", await InAsync(seller, storefront, ProposalState.Open));
        Assert.Equal((1, 0), ((await Book.ApproveAsync(seller, storefront, [new("older")], Platform.Audit.Actor.Operator, Stop)) is var one ? (one.Changed, one.Along) : default));
    }

    [Fact]
    public async Task The_card_says_so_in_plain_words()
    {
        var (browser, who) = await product.SignedInAsync();
        var (seller, storefront) = await product.ConnectAsync(who.Organisation);
        await PutAsync(seller, storefront, Day, All);

        var page = await browser.ReadAsync("/recommendations?by=reason");

        Assert.Contains("Moves together with 3 other changes of this campaign: its placements, and the bids that make room for them. Approving or rejecting one decides all 4.", page, StringComparison.Ordinal);
        Assert.Contains("This bid was worked out for new placement increases of its campaign and moves together with 3 other changes.", page, StringComparison.Ordinal);
        Assert.Equal(4, page.Split("data-together=\"4\"").Length - 1);
    }

    [Fact]
    public void Bids_that_rise_go_with_placements_that_fall_and_a_rollback_with_what_else_is_taken_back()
    {
        var fall = Of("fall", new SetPlacement(new(1), Placement.TopOfSearch, 50, 25));
        Assert.Equal([fall, Raise], Assert.Single(MovesTogether.Groups([fall, Lower, Raise, Elsewhere])));

        var back = Lower with { Module = Module.Rollback };
        Assert.Equal([Top, LowerToo], Assert.Single(MovesTogether.Groups([Top, back, LowerToo])));
        Assert.Empty(MovesTogether.Groups([Lower, LowerToo, Raise]));
        Assert.Empty(MovesTogether.Groups([Top, Raise]));
    }

    [Fact]
    public void A_batch_is_never_cut_through_a_group()
    {
        var stored = All.Select(proposal => new StoredProposal(proposal, Day)).ToList();

        var batches = ApplyStep.Batches(stored, 2).Select(batch => batch.Select(item => item.Proposal.Id.Value).Order().ToArray()).ToList();

        Assert.Contains(batches, batch => batch.SequenceEqual(Group));
        Assert.Equal(stored.Count, batches.Sum(batch => batch.Length));
    }

    [Fact]
    public void A_group_of_which_a_younger_approval_took_a_bid_is_left_alone()
    {
        var younger = new StoredProposal(Lower with { Id = new("younger"), Change = Bid(1, 11, 1.00m, 0.95m) }, Day.AddDays(1));
        IReadOnlyList<StoredProposal> approved = [younger, .. All.Select(proposal => new StoredProposal(proposal, Day))];

        Assert.Equal(["elsewhere", "raise", "younger"], ApplyStep.Chosen(approved).Select(item => item.Proposal.Id.Value).Order());
        Assert.Equal(All.Length, ApplyStep.Chosen([.. approved.Skip(1)]).Count);
    }

    private ProposalBook Book => product.Services.GetRequiredService<ProposalBook>();

    private async Task<(SellerId Seller, StorefrontId Storefront)> FilledAsync(DateOnly day)
    {
        var (who, _) = await product.SignUpAsync();
        var (seller, storefront) = await product.ConnectAsync(who.Organisation);
        await PutAsync(seller, storefront, day, All);
        return (seller, storefront);
    }

    private async Task PutAsync(SellerId seller, StorefrontId storefront, DateOnly day, params Proposal[] proposals)
    {
        var vault = await product.Services.GetRequiredService<SellerVaults>().OpenAsync(seller, Purpose.Run, Stop);
        var write = new VaultWrite().Put(RecordKind.Sync, RecordKind.RecordId(storefront, "mark"), new SyncMark(new(day, new(6, 0), TimeSpan.Zero), day.AddDays(-1)), StoredJson.Default.SyncMark, "done");
        foreach (var proposal in proposals) write.Put(RecordKind.Proposal, RecordKind.RecordId(storefront, proposal.Id.Value), new StoredProposal(proposal, day), StoredJson.Default.StoredProposal, ProposalState.Open);
        await vault.CommitAsync(write, Stop);
    }

    private async Task<IEnumerable<string>> InAsync(SellerId seller, StorefrontId storefront, string state) =>
        (await Book.ListAsync(seller, storefront, state, Stop)).Select(item => item.Proposal.Id.Value).Order(StringComparer.Ordinal);

    private static SetBid Bid(long campaign, long target, decimal before, decimal after) => new(new(campaign), new(campaign), new(target), TargetKind.Keyword, new(before, Usd), new(after, Usd));

    private static Proposal Of(string id, Change change) => new(
        new(id), change is SetPlacement ? Module.Placements : Module.Bidding, change is SetPlacement ? ReasonCode.PlacementChange : change is SetBid bid && bid.After > bid.Before ? ReasonCode.RaiseBid : ReasonCode.LowerBid, null, change,
        Evidence, new Effect(new(10, Usd), new(2, Usd), new(18, Usd), 0.9));
}
