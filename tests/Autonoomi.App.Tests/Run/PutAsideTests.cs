using Autonoomi.App.Features.Recommendations;
using Autonoomi.App.Features.Run;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Environments;
using Autonoomi.App.Platform.Jobs;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;
using Autonoomi.Vault;
using Microsoft.Extensions.DependencyInjection;
using Actor = Autonoomi.App.Platform.Audit.Actor;

namespace Autonoomi.App.Tests.Run;

/// <summary>What a person put aside, refused or set: the decide step of the product on SQLite, day after day.</summary>
public sealed class PutAsideTests : IAsyncLifetime
{
    private static readonly Currency Usd = new("USD");
    private static readonly DateOnly First = new(2026, 3, 10);

    private Workshop shop = null!;
    private DateOnly today = First;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        shop = await Workshop.AtStubAsync(new Uri("http://127.0.0.1:9"), Noon(First), null, Stop);
        await SmallShop.FillAsync(await shop.VaultAsync(Stop), shop.Storefront, First, 60, Stop, Workspaces.DefaultSettings(Marketplace.Find("ATVPDKIKX0DER")) with { MonthlyBudget = new(100_000, Usd), MaximumBid = new(3, Usd) });
        await DecideAsync();
    }

    public ValueTask DisposeAsync() => shop.DisposeAsync();

    [Fact]
    public async Task What_was_put_aside_survives_decisions_waits_with_the_newest_figures_and_comes_back_when_it_is_due()
    {
        var chosen = await FirstAsync();
        var other = (await InAsync(ProposalState.Open))[1];
        Assert.Null((await Book.SnoozeAsync(shop.Seller, shop.Storefront, [chosen.Proposal.Id], 3, null, Actor.Operator, Stop)).Refusal);
        Assert.DoesNotContain(await InAsync(ProposalState.Open), item => item.Proposal.Id == chosen.Proposal.Id);
        Assert.Equal("Put aside until 13 Mar.", QueueWords.Decided(Assert.Single(await InAsync(ProposalState.Snoozed))));

        await DecideAsync(); // the same day, asked once more
        Assert.Single(await InAsync(ProposalState.Snoozed));
        for (var day = 1; day <= 2; day++)
        {
            await NextDayAsync();
            await DecideAsync();
            var waits = Assert.Single(await InAsync(ProposalState.Snoozed));
            Assert.Equal((today, chosen.Proposal.Change.EntityKey, First.AddDays(3)), (waits.Created, waits.Proposal.Change.EntityKey, waits.Snooze!.Until));
            Assert.DoesNotContain(await InAsync(ProposalState.Open), item => Same(item, chosen));
            Assert.Contains(await InAsync(ProposalState.Open), item => Same(item, other));
        }

        await NextDayAsync();
        await DecideAsync();
        Assert.Empty(await InAsync(ProposalState.Snoozed));
        Assert.Equal(today, Assert.Single(await InAsync(ProposalState.Open), item => Same(item, chosen)).Created);
    }

    [Fact]
    public async Task It_can_be_woken_and_approved_before()
    {
        var chosen = await FirstAsync();
        await Book.SnoozeAsync(shop.Seller, shop.Storefront, [chosen.Proposal.Id], 30, null, Actor.Operator, Stop);
        await NextDayAsync();
        await DecideAsync();
        var waits = Assert.Single(await InAsync(ProposalState.Snoozed));

        Assert.Equal(1, (await Book.WakeAsync(shop.Seller, shop.Storefront, [waits.Proposal.Id], Actor.Operator, Stop)).Changed);
        Assert.Null(Assert.Single(await InAsync(ProposalState.Open), item => Same(item, chosen)).Snooze);
        await NextDayAsync();
        await DecideAsync();
        Assert.Single(await InAsync(ProposalState.Open), item => Same(item, chosen));
        Assert.Empty(await InAsync(ProposalState.Snoozed));
    }

    [Fact]
    public async Task What_waits_for_its_figures_comes_back_once_they_have_moved_by_the_amount_and_not_before()
    {
        var chosen = (await InAsync(ProposalState.Open)).First(item => item.Proposal.Change is SetBid { Target.Value: var id } && id == SmallShop.Id(0));
        var gain = chosen.Proposal.Effect.Mean;
        await Book.SnoozeAsync(shop.Seller, shop.Storefront, [chosen.Proposal.Id], Snooze.LongestDays, gain * 0.4m, Actor.Operator, Stop);
        await NextDayAsync();
        await DecideAsync();
        Assert.Single(await InAsync(ProposalState.Snoozed));

        // The keyword is clicked four times as often: closing the tap is worth much more.
        for (var day = 0; day < 9; day++) await NextDayAsync(at => at == 0 ? 4 : 1);
        await DecideAsync();
        var back = Assert.Single(await InAsync(ProposalState.Open), item => Same(item, chosen));
        Assert.True(Math.Abs(back.Proposal.Effect.Mean.Amount - gain.Amount) >= 0.4m * gain.Amount, $"{back.Proposal.Effect.Mean} after {gain}");
        Assert.Empty(await InAsync(ProposalState.Snoozed));
    }

    [Fact]
    public async Task What_was_refused_is_not_asked_again_for_fourteen_days_and_the_screen_says_so()
    {
        var chosen = await FirstAsync();
        await Book.RejectAsync(shop.Seller, shop.Storefront, [chosen.Proposal.Id], "Wrong moment", Actor.Operator, Stop);
        for (var day = 1; day < Rejection.Days; day++)
        {
            await NextDayAsync();
            await DecideAsync();
            Assert.DoesNotContain(await InAsync(ProposalState.Open), item => Same(item, chosen));
        }

        var no = Assert.Single(await InAsync(ProposalState.Rejected));
        Assert.Equal((First.AddDays(Rejection.Days), today), (no.Rejection!.Until, no.Rejection.AskedOn!.Value));
        Assert.StartsWith("Your reason: Wrong moment. The same change is not proposed again before 24 Mar unless it is expected to bring $", QueueWords.Decided(no), StringComparison.Ordinal);
        Assert.Contains("Newer figures last asked for it on 23 Mar", QueueWords.Decided(no), StringComparison.Ordinal);

        await NextDayAsync();
        await DecideAsync();
        Assert.Single(await InAsync(ProposalState.Open), item => Same(item, chosen));
    }

    [Fact]
    public async Task A_refused_change_whose_gain_has_doubled_is_asked_again_and_one_that_is_taken_back_at_once()
    {
        var chosen = (await InAsync(ProposalState.Open)).First(item => item.Proposal.Change is SetBid { Target.Value: var id } && id == SmallShop.Id(0));
        var other = (await InAsync(ProposalState.Open)).First(item => item.Proposal.Change is SetBid { Target.Value: var id } && id == SmallShop.Id(2));
        await Book.RejectAsync(shop.Seller, shop.Storefront, [chosen.Proposal.Id, other.Proposal.Id], "Other", Actor.Operator, Stop);
        await Book.ReopenAsync(shop.Seller, shop.Storefront, [other.Proposal.Id], Actor.Operator, Stop);
        for (var day = 0; day < 9; day++) await NextDayAsync(at => at == 0 ? 8 : 1);
        await DecideAsync();

        Assert.Single(await InAsync(ProposalState.Open), item => Same(item, other));
        var back = Assert.Single(await InAsync(ProposalState.Open), item => Same(item, chosen));
        Assert.True(back.Proposal.Effect.Mean.Amount >= 2 * chosen.Proposal.Effect.Mean.Amount, $"{back.Proposal.Effect.Mean} after {chosen.Proposal.Effect.Mean}");
    }

    [Fact]
    public async Task Another_value_is_held_against_both_limits_and_written_as_the_persons()
    {
        var chosen = (await InAsync(ProposalState.Open)).First(item => item.Proposal.Change is SetBid);
        var bid = (SetBid)chosen.Proposal.Change;
        async Task<string?> TryAsync(decimal value) => (await Book.EditAsync(shop.Seller, shop.Storefront, chosen.Proposal.Id, value, Actor.Operator, Stop)).Refusal;

        Assert.Equal("The bid is above your highest bid of 3 USD: raise that limit first, or bid less.", await TryAsync(3.01m));
        Assert.Equal("The bid must lie between 0.02 USD and 1000 USD, Amazon's limits here.", await TryAsync(0.01m));
        Assert.Equal("The bid must be a multiple of 0.01 USD.", await TryAsync(0.505m));
        Assert.Contains("has this value already", await TryAsync(bid.Before.Amount), StringComparison.Ordinal);
        Assert.Single(await InAsync(ProposalState.Open), item => item.Proposal.Id == chosen.Proposal.Id);

        Assert.Null(await TryAsync(2.99m));
        var approved = Assert.Single(await InAsync(ProposalState.Approved));
        Assert.Equal((new Money(2.99m, Usd), bid.After), (((SetBid)approved.Wanted).After, ((SetBid)approved.Proposal.Change).After));
        Assert.Equal($"Your value: $2.99 in place of {Platform.Shell.Display.Amount(bid.After)}.", QueueWords.Decided(approved));

        // What goes to Amazon is the person's value, and no part of the optimiser answers for it.
        var record = (await (await shop.VaultAsync(Stop)).RecordAsync(RecordKind.Proposal, RecordKind.RecordId(shop.Storefront, chosen.Proposal.Id.Value), StoredJson.Default.StoredProposal, Stop))!;
        var settled = new Settled(new PlannedWrite(record.Wanted, chosen.Proposal.Id, null), true, null, null);
        var write = new VaultWrite();
        (await shop.Services.GetRequiredService<Recorder>().PrepareAsync(new StepContext(Guid.NewGuid(), RunKind.Full, 1, shop.Seller, shop.Storefront, 1, null, await shop.VaultAsync(Stop)), [settled], Stop))(write);
        await (await shop.VaultAsync(Stop)).CommitAsync(write, Stop);
        var change = Assert.Single(await shop.Services.GetRequiredService<ChangeBook>().ListAsync(shop.Seller, shop.Storefront, Stop));
        Assert.Equal((true, null, null, 2.99m), (change.Applied.ByPerson, change.Applied.Module, change.Applied.Expected, ((SetBid)change.Applied.Change).After.Amount));
    }

    [Fact]
    public async Task Every_card_replays_to_the_same_change_and_names_facts_and_engine()
    {
        var all = await InAsync(ProposalState.Open);

        Assert.True(all.Count >= 6, $"{all.Count} proposals");
        Assert.All(all, item => Assert.True(DecisionCard.Replayed(item.Proposal).Same, DecisionCard.Replayed(item.Proposal).Words));
        Assert.All(all, item => Assert.Equal((First.AddDays(-1), First.AddDays(-15), DecisionBasis.ThisEngine), (item.Basis!.FactsThrough, item.Basis.SettledThrough!.Value, item.Basis.Engine)));
        Assert.All(all.Where(item => item.Proposal.Change is SetBid), item => Assert.Equal(4, DecisionCard.Formula(item.Proposal).Count));

        // A record that was changed does not replay to itself.
        var bid = all.First(item => item.Proposal.Change is SetBid).Proposal;
        var forged = bid with { Change = (SetBid)bid.Change with { After = new(0.99m, Usd) } };
        Assert.False(DecisionCard.Replayed(forged).Same);
        Assert.Contains("where bid", DecisionCard.Replayed(forged).Words, StringComparison.Ordinal);
    }

    private ProposalBook Book => shop.Services.GetRequiredService<ProposalBook>();

    private static DateTimeOffset Noon(DateOnly day) => new(day, new(20, 0), TimeSpan.Zero); // noon in Los Angeles

    private async Task DecideAsync()
    {
        var run = await shop.RunAsync(RunKind.Full, [new(StepNames.Decide, null)], Stop);
        Assert.True(run.State == RunState.Done, run.Error);
    }

    private async Task NextDayAsync(Func<int, double>? more = null)
    {
        await SmallShop.GoOnAsync(await shop.VaultAsync(Stop), shop.Storefront, today, today.AddDays(1), Stop, more);
        today = today.AddDays(1);
        shop.Services.GetRequiredService<BusinessClock>().Freeze(Noon(today));
        shop.Services.GetRequiredService<Workspaces>().FactsReplaced(shop.Seller, shop.Storefront);
    }

    private async Task<ListedProposal> FirstAsync() => (await InAsync(ProposalState.Open)).First(item => item.Together.IsEmpty && item.Proposal.Effect.Mean.Amount > 0);

    private Task<IReadOnlyList<ListedProposal>> InAsync(string state) => Book.ListAsync(shop.Seller, shop.Storefront, state, Stop);

    private static bool Same(ListedProposal one, ListedProposal other) => SameChange.Of(one.Proposal) == SameChange.Of(other.Proposal);
}
