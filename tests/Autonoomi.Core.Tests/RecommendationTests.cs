using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;
using Autonoomi.Core.Proposals;
using Autonoomi.Core.Recommendations;

namespace Autonoomi.Core.Tests;

public sealed partial class RecommendationTests
{
    [Fact]
    public void The_catalogue_has_every_kind_that_may_speak_and_a_place_for_every_reason()
    {
        // R03, R05, R06 and R26 were measured and taken out: docs/decisions/0008.
        Assert.Equal(Enumerable.Range(1, 30).Except([3, 5, 6, 26]).Select(number => $"R{number:00}"), Catalogue.All.Select(entry => entry.Id));
        foreach (var reason in Enum.GetValues<ReasonCode>()) Assert.Contains(Catalogue.All, entry => entry.Reasons.Contains(reason));
    }

    [Fact]
    public void Groups_hold_every_proposal_of_their_kind_and_the_sum_of_its_effects()
    {
        var review = Optimiser.Review(new SomeStorefront { ClicksPerDay = 2 }.Build(), DecisionSettings.Default);

        Assert.NotEmpty(review.Recommendations);
        foreach (var item in review.Recommendations.Where(item => !item.IsTask))
        {
            var proposals = review.Decision.Proposals.Where(proposal => Catalogue.Of(proposal).Id == item.Entry).ToList();
            Assert.Equal(proposals.Select(proposal => proposal.Id), item.Proposals);
            Assert.Equal(proposals.Sum(proposal => proposal.Effect.Mean.Amount), item.Effect!.Mean.Amount);
            Assert.True(item.Effect.ProbabilityPositive >= 0.7 && item.Effect.Mean.Amount >= 1);
        }

        Assert.Equal(review.Recommendations.OrderByDescending(item => item.Rank).Select(item => item.Id), review.Recommendations.Select(item => item.Id));
        Assert.All(review.Recommendations, item => Assert.Equal(SomeStorefront.Today.AddDays(7), item.Expires));
    }

    [Fact]
    public void Errors_of_one_kind_add_up_in_part()
    {
        // Two effects of 10 with a deviation of 10 each: 0.7 × 200 + 0.3 × 400 = 260, whose root is 16.1.
        var one = new Effect(Usd(10), Usd(10 - 12.82m), Usd(10 + 12.82m), 0.84);

        var both = Recommender.Together([one, one], SomeStorefront.Us.Currency);

        Assert.Equal(20, both.Mean.Amount);
        Assert.Equal(20 - 1.2816 * 16.12, (double)both.Low.Amount, 0.1);
        Assert.Equal(0.893, both.ProbabilityPositive, 2);
    }

    [Fact]
    public void Bids_lowered_because_money_is_short_are_advised_as_such()
    {
        var review = Optimiser.Review(new SomeStorefront { ClicksPerDay = 2, MonthlyBudget = 1200 }.Build(), DecisionSettings.Default);

        Assert.True(review.Decision.BudgetPrice > 0);
        Assert.DoesNotContain(review.Recommendations, item => item.Entry == "R01");
    }

    [Fact]
    public void Each_task_is_found_where_its_trigger_is_laid()
    {
        var sound = new SomeStorefront { ClicksPerDay = 2 }.Build();
        Assert.DoesNotContain(Tasks(sound), task => task is "R17" or "R18" or "R19" or "R22" or "R25");

        Assert.Contains("R17", Tasks(sound with { Listings = [.. sound.Listings.Select((listing, index) => index == 0 ? listing with { Buyable = false } : listing)] }));
        Assert.Contains("R18", Tasks(WithoutOrders(sound, fromAge: 0, toAge: 16)));
        Assert.Contains("R19", Tasks(sound with { Settings = sound.Settings with { Events = [new PlannedEvent("Prime Day", sound.Today.AddDays(10), sound.Today.AddDays(11), 2, 1.3)] } }));
        Assert.DoesNotContain("R19", Tasks(sound with { Settings = sound.Settings with { Events = [new PlannedEvent("Prime Day", sound.Today.AddDays(40), sound.Today.AddDays(41), 2, 1.3)] } }));
        Assert.Contains("R20", Tasks(sound with { Settings = sound.Settings with { BrandTerms = ["term"] } }));
        Assert.Contains("R22", Tasks(new SomeStorefront { ClicksPerDay = 2, HasCosts = product => product > 0 }.Build()));
        Assert.Contains("R25", Tasks(Mixed(sound)));
        Assert.Contains("R28", Tasks(WithoutOrders(sound, fromAge: 0, toAge: 90, sku: "SKU-001", keepEvery: 5)));
        Assert.Contains("R29", Tasks(sound with { Campaigns = [.. sound.Campaigns.Select(campaign => campaign with { TopOfSearchPercent = 900 })] }));
    }

    [Fact]
    public void No_sentence_has_a_figure_that_the_data_does_not_hold()
    {
        var (reasons, kinds, seen) = (new HashSet<ReasonCode>(), new HashSet<string>(), 0);
        foreach (var workspace in Fuzzed())
        {
            var review = Optimiser.Review(workspace, DecisionSettings.Default);
            foreach (var proposal in review.Decision.Proposals.Concat(review.Decision.Withheld.Select(held => held.Proposal)))
            {
                reasons.Add(proposal.Reason);
                seen++;
                CheckFigures(ProposalText.Sentence(proposal), Known(proposal.Evidence, proposal.Effect, proposal.Change));
            }

            foreach (var item in review.Recommendations)
            {
                kinds.Add(item.Entry);
                CheckFigures(RecommendationText.Sentence(item), Known(item.Evidence, item.Effect, null));
            }
        }

        Assert.True(seen > 2000, $"only {seen} sentences");
        Assert.True(reasons.Count >= 8, string.Join(", ", reasons));
        Assert.True(kinds.Count >= 12, string.Join(", ", kinds.Order()));
    }

    [Theory]
    [InlineData(18, 23, 5, "% in those hours it earns")]
    [InlineData(1, 7, 0, "brings the other hours back")]
    public void Hours_that_stand_out_are_told_with_their_figures(int from, int until, int orders, string words)
    {
        var workspace = new SomeStorefront { ClicksPerDay = 3, DailyBudget = 5000 }.Build();
        var hours = new FactTableBuilder(TableSchema.Of(Dataset.HourDay));
        for (var day = workspace.Today.AddDays(-40); day < workspace.Today; day = day.AddDays(1))
        {
            for (var hour = 0; hour < 24; hour++)
            {
                var sold = hour >= from && hour < until ? orders : 2;
                hours.Day(day).Int(hour).Long(workspace.Campaigns[1].Id.Value).Long(2000).Long(20).Long(10_000_000).Long(sold).Long(sold).Long(sold * 20_000_000);
            }
        }

        var item = Assert.Single(Optimiser.Review(workspace with { HourDays = hours.Build() }, DecisionSettings.Default).Recommendations, item => item.Entry == "R14");

        var sentence = RecommendationText.Sentence(item);
        Assert.Contains(words, sentence, StringComparison.Ordinal);
        Assert.Contains(workspace.Campaigns[1].Name, sentence, StringComparison.Ordinal);
        CheckFigures(sentence, Known(item.Evidence, item.Effect, null));
    }

    [Fact]
    public void The_check_of_figures_can_fail()
    {
        var proposal = Optimiser.Decide(new SomeStorefront().Build(), DecisionSettings.Default).Proposals[0];

        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => CheckFigures(ProposalText.Sentence(proposal) + " It will earn 4711.17.", Known(proposal.Evidence, proposal.Effect, proposal.Change)));
    }

    internal static IEnumerable<Workspace> Fuzzed()
    {
        for (var seed = 1; seed <= 6; seed++)
        {
            var workspace = new SomeStorefront
            {
                Seed = seed, Products = 8, ClicksPerDay = seed == 4 ? 0.2 : seed == 6 ? 6 : 2, MonthlyBudget = seed % 3 == 0 ? 3000 : 1_000_000, DailyBudget = seed % 2 == 0 ? 20 : 500,
                KeywordsPerGroup = seed == 4 ? 40 : 6, TermsPerGroup = seed == 4 ? 3 : 10,
                Stock = product => product == 1 ? 15 : 100_000, HasCosts = product => product != 2 || seed % 2 == 0, Marketplace = seed == 5 ? Marketplace.Find("A1VC38T7YXB528") : SomeStorefront.Us, Money = seed == 5 ? 150 : 1,
            }.Build();
            yield return workspace;
            yield return Mixed(WithoutOrders(workspace, 0, 16, "SKU-003")) with
            {
                Campaigns = [.. workspace.Campaigns.Select(campaign => campaign with { TopOfSearchPercent = 900 })],
                Listings = [.. workspace.Listings.Select((listing, index) => index == 4 ? listing with { Buyable = false } : listing)],
                Settings = workspace.Settings with { BrandTerms = ["term"], Events = [new PlannedEvent("Prime Day", workspace.Today.AddDays(10), workspace.Today.AddDays(11), 2, 1.3)] },
            };

            // Words that nobody buys with, and an account of a week.
            yield return WithoutTermOrders(workspace, "term sku-003 1");
            yield return new SomeStorefront { Seed = seed, Products = 4, Days = 7, ClicksPerDay = 0.4 }.Build();

            // Days later hand-overs are under way and limits of the day bind.
            var random = new Random(seed);
            for (var day = 0; day < 16 && seed <= 2; day++)
            {
                var decision = Optimiser.Decide(workspace, DecisionSettings.Default);
                workspace = SomeStorefront.NextDay(workspace, [.. decision.Proposals.Select(proposal => proposal.Change).Where(change => change is not (SetPlacement or SetTargetState)).DistinctBy(change => change.EntityKey)], random, 2) with { Handovers = decision.Handovers };
                if (day % 5 == 4) yield return workspace;
            }
        }
    }

    // Every stored number, in every rendering that a sentence may choose.
    internal static HashSet<string> Known(Evidence evidence, Effect? effect, Change? change)
    {
        // What words speak of by name: the interval's width, a week, a month.
        var known = new HashSet<string>(StringComparer.Ordinal) { "80", "7", "30" };
        void Add(double value)
        {
            if (!double.IsFinite(value)) return;
            foreach (var size in new[] { Math.Abs(value), Math.Abs(value) * 100, Math.Abs(1 + value) })
            {
                foreach (var format in new[] { "0.#", "#,0.#", "0.##", "0.00", "N0", "N2" })
                    known.Add((size < 1e12 ? decimal.Round((decimal)size, 12) : 0).ToString(format, CultureInfo.InvariantCulture));
                foreach (var format in new[] { "0.#", "#,0.#", "0.##", "0.00", "N0", "N2" }) known.Add(size.ToString(format, CultureInfo.InvariantCulture));
            }
        }

        foreach (var value in evidence.Values)
        {
            Add(value.Value);
            foreach (Match number in Numbers().Matches(value.Text ?? "")) known.Add(number.Value);
        }

        // What a sentence works out: how much of the estimate is the target's own, and odds from their logarithm.
        if (evidence.Find("logEvidence") is { } log) known.Add(Math.Exp(Math.Min(20, log)).ToString("0", CultureInfo.InvariantCulture));
        if (evidence.Find("clicks") is { } clicks && evidence.Find("priorStrength") is { } strength) Add(clicks / (clicks + strength));
        if (effect is not null)
        {
            foreach (var money in new[] { effect.Mean, effect.Low, effect.High }) Add((double)money.Amount);
            Add(effect.ProbabilityPositive);
        }

        switch (change)
        {
            case SetBid bid: Add((double)bid.Before.Amount); Add((double)bid.After.Amount); break;
            case SetBudget budget: Add((double)budget.Before.Amount); Add((double)budget.After.Amount); break;
            case SetPlacement placement: Add(placement.BeforePercent); Add(placement.AfterPercent); break;
            case CreateTarget create: Add((double)create.Bid.Amount); Names(create.Text); break;
            case AddNegative negative: Names(negative.Text); break;
            case ArchiveNegative negative: Names(negative.Text); break;
        }

        return known;

        void Names(string text)
        {
            foreach (Match number in Numbers().Matches(text)) known.Add(number.Value);
        }
    }

    internal static void CheckFigures(string sentence, HashSet<string> known)
    {
        foreach (Match number in Numbers().Matches(Skus().Replace(sentence, "")))
            Assert.True(known.Contains(number.Value), $"{number.Value} is in no evidence: {sentence}");
    }

    private static ImmutableArray<string> Tasks(Workspace workspace) => [.. Optimiser.Review(workspace, DecisionSettings.Default).Recommendations.Where(item => item.IsTask).Select(item => item.Entry)];

    private static Workspace WithoutOrders(Workspace workspace, int fromAge, int toAge, string sku = "SKU-000", int keepEvery = int.MaxValue)
    {
        var groups = workspace.ProductAds.Where(ad => ad.Sku.Value == sku).Select(ad => ad.AdGroup.Value).ToHashSet();
        var table = workspace.TargetDays;
        var columns = Enumerable.Range(0, table.Schema.Columns.Length).Select(index => table[index]).ToArray();
        var orders = table.Longs("orders").ToArray();
        var (days, group) = (table.Ints("day").ToArray(), table.Longs("ad_group_id").ToArray());
        for (var row = 0; row < orders.Length; row++)
        {
            var age = workspace.Today.DayNumber - days[row] - 1;
            if (age >= fromAge && age < toAge && groups.Contains(group[row]) && row % keepEvery != 0) orders[row] = 0;
        }

        columns[table.Schema.IndexOf("orders")] = new LongColumn(orders);
        return workspace with { TargetDays = new FactTable(table.Schema, columns) };
    }

    private static Workspace WithoutTermOrders(Workspace workspace, string term)
    {
        var table = workspace.SearchTermDays;
        var columns = Enumerable.Range(0, table.Schema.Columns.Length).Select(index => table[index]).ToArray();
        var (orders, clicks) = (table.Longs("orders").ToArray(), table.Longs("clicks").ToArray());
        var texts = table.Texts("search_term");
        for (var row = 0; row < orders.Length; row++)
        {
            if (texts[row] != term) continue;
            orders[row] = 0;
            clicks[row] *= 3;
        }

        columns[table.Schema.IndexOf("orders")] = new LongColumn(orders);
        columns[table.Schema.IndexOf("clicks")] = new LongColumn(clicks);
        return workspace with { SearchTermDays = new FactTable(table.Schema, columns) };
    }

    private static Workspace Mixed(Workspace workspace)
    {
        var (cheap, dear) = (workspace.Listings.MinBy(listing => listing.Price.Amount)!, workspace.Listings.MaxBy(listing => listing.Price.Amount)!);
        var group = workspace.ProductAds.First(ad => ad.Sku == cheap.Sku);
        return workspace with
        {
            ProductAds = workspace.ProductAds.Add(group with { Id = new(99_999_999), Sku = dear.Sku, Asin = dear.Asin }),
            Listings = [.. workspace.Listings.Select(listing => listing == dear ? listing with { Price = listing.Price with { Amount = cheap.Price.Amount * 2.5m } } : listing)],
        };
    }

    private static Money Usd(decimal amount) => new(amount, SomeStorefront.Us.Currency);

    [GeneratedRegex(@"\d+(?:,\d{3})*(?:\.\d+)?", RegexOptions.None, 1000)]
    private static partial Regex Numbers();

    [GeneratedRegex(@"SKU-\d+", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Skus();
}
