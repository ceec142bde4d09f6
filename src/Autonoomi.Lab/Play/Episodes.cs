using System.Collections.Immutable;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Goals;
using Autonoomi.Core.Guardrails;
using Autonoomi.Core.Proposals;
using Autonoomi.Marketplace.World;
using Autonoomi.Policies;

namespace Autonoomi.Lab.Play;

/// <summary>What an episode measures beside the money.</summary>
internal sealed record EpisodeOptions
{
    public static EpisodeOptions Default { get; } = new();

    /// <summary>Lets the independent guardrail audit look at every day's changes; only for a policy that promises the guardrails.</summary>
    public bool Audit { get; init; }

    /// <summary>The seller wants to count only what ads add, as the family's score does.</summary>
    public bool Incremental { get; init; }

    /// <summary>What the seller typed as the goal of all products.</summary>
    public Goal Goal { get; init; } = Goal.Profit;

    /// <summary>Monthly budget that the seller types over the one that fits the storefront's usual days; 1 or more.</summary>
    public decimal BudgetFactor { get; init; } = 1;

    /// <summary>Called before each day's decision with the world, the day (0, 1, …) and what the policy is shown; for tests and studies that look on.</summary>
    public Action<MarketWorld, PolicyView>? LookOn { get; init; }
}

/// <summary>Plays one policy in one world, as the product's demo does: observe, decide, write, let a day pass.</summary>
internal static class Episodes
{
    /// <param name="settings">The world's.</param>
    /// <param name="seed">The world's.</param>
    /// <param name="days">Days that the policy manages, at least 1.</param>
    /// <param name="policy">Makes a fresh policy.</param>
    /// <param name="options">What else to measure.</param>
    /// <param name="cancellationToken">Looked at once a day.</param>
    public static EpisodeResult Play(WorldSettings settings, ulong seed, int days, Func<IPolicy> policy, EpisodeOptions options, CancellationToken cancellationToken)
    {
        var player = policy();
        return Play(settings, seed, days, (_, view) => player.Decide(view), () => player.Handovers, () => player.Reasons, options, cancellationToken);
    }

    /// <summary>The same for somebody who is shown the truth.</summary>
    public static EpisodeResult Play(WorldSettings settings, ulong seed, int days, Func<IInsider> insider, EpisodeOptions options, CancellationToken cancellationToken)
    {
        var player = insider();
        return Play(settings, seed, days, player.Decide, () => player.Handovers, () => player.Reasons, options, cancellationToken);
    }

    private static EpisodeResult Play(
        WorldSettings settings, ulong seed, int days, Func<MarketWorld, PolicyView, IReadOnlyList<Change>> decide, Func<ImmutableArray<Handover>> handovers,
        Func<IReadOnlyDictionary<string, Proposal>> reasons, EpisodeOptions options, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(days, 1);
        var (whole, deciding) = (new ProcessorClock(), new ProcessorClock());
        whole.Start();
        var world = new MarketWorld(seed, settings);
        var observer = new Observer(world, options.Incremental, options.Goal, options.BudgetFactor);
        var actor = new Actor(world.Ads);
        var first = world.Today;
        var tally = new Tally();
        var terms = new TermScoring(world);
        for (var day = 0; day < days; day++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var view = observer.Look();
            tally.StockOutDays += observer.EmptyShelves;
            options.LookOn?.Invoke(world, view);
            deciding.Start();
            var wanted = decide(world, view);
            deciding.Stop();
            var (taken, refused) = actor.Apply(wanted);
            observer.Remember(taken, handovers(), reasons());
            tally.Add(taken, refused);

            // On what was decided, as the product's own audit looks: hand-overs of this very decision change what targets have seen from tomorrow on.
            if (options.Audit && taken.Count > 0) tally.Breaches += GuardrailAudit.Check(view.Workspace, taken).Length;
            world.AdvanceDays(1);
        }

        whole.Stop();
        return new EpisodeResult
        {
            Days = [.. Enumerable.Range(0, days).Select(day => Result(world, first.AddDays(day), tally.Days[day]))],
            DecideSeconds = deciding.Seconds,
            Seconds = whole.Seconds,
            Targets = world.Ads.Targets.Count(target => target.State == EntityState.Enabled),
            Breaches = tally.Breaches,
            BidChurn = tally.BidChurn,
            Actions = tally.Actions,
            StockOutDays = tally.StockOutDays,
            StoreProfit = StoreProfit(world, first),
            Terms = terms.Judge(),
        };
    }

    private static double StoreProfit(MarketWorld world, DateOnly first)
    {
        var from = (first.DayNumber - world.FirstDay.DayNumber) * 1440L;
        var sold = world.Simulation.Shop.Sales.Where(sale => sale.Minute >= from && sale.CancelMinute is null)
            .Sum(sale => sale.Units * world.Market.Products[sale.Product].ContributionAt(sale.UnitPrice, world.Market.Products[sale.Product].CostOfGoods));
        return sold - world.Simulation.Days.Skip(first.DayNumber - world.FirstDay.DayNumber).Sum(day => day.ExpectedSpend);
    }

    private static DayResult Result(MarketWorld world, DateOnly day, (int Taken, int Refused) writes)
    {
        var book = world.Simulation.Days[day.DayNumber - world.FirstDay.DayNumber];
        return new DayResult(day, book.ExpectedProfit, book.IncrementalProfit, book.RealisedProfit, book.ExpectedSpend, book.ExpectedSales, writes.Taken, writes.Refused);
    }

    /// <summary>What was done, counted.</summary>
    private sealed class Tally
    {
        public List<(int Taken, int Refused)> Days { get; } = [];
        public SortedDictionary<string, int> Actions { get; } = new(StringComparer.Ordinal);
        public double BidChurn { get; private set; }
        public int Breaches { get; set; }
        public int StockOutDays { get; set; }

        public void Add(IReadOnlyList<Change> taken, int refused)
        {
            Days.Add((taken.Count, refused));
            foreach (var change in taken)
            {
                var kind = KindOf(change);
                Actions[kind] = Actions.GetValueOrDefault(kind) + 1;
                if (change is SetBid { Before.Amount: > 0, After.Amount: > 0 } bid) BidChurn += Math.Abs(Math.Log((double)(bid.After.Amount / bid.Before.Amount)));
            }
        }

        private static string KindOf(Change change) => change switch
        {
            SetBid => "set-bid",
            SetBudget => "set-budget",
            SetPlacement => "set-placement",
            SetTargetState => "set-target-state",
            CreateTarget => "create-target",
            AddNegative => "add-negative",
            ArchiveNegative => "archive-negative",
            _ => throw new ArgumentOutOfRangeException(nameof(change), change, "A change without a name."),
        };
    }
}
