using Autonoomi.Privacy.Scrubbing;
using Autonoomi.Testing;

namespace Autonoomi.Privacy.Tests;

public sealed class TermScrubberTests
{
    [Fact]
    [Promise("P-1.2-e")]
    public void Of_ten_thousand_personal_strings_of_twelve_countries_at_least_995_in_a_thousand_are_masked()
    {
        var shoppers = new SomeShoppers(20261130);
        var (asked, missed) = (new SortedDictionary<string, int>(StringComparer.Ordinal), new List<(string Kind, string Term, string Left)>());
        for (var count = 0; count < 10_000; count++)
        {
            var (kind, term, secret) = shoppers.Next();
            asked[kind] = asked.GetValueOrDefault(kind) + 1;
            var left = TermScrubber.Scrub(term);
            if (left.Contains(secret, StringComparison.OrdinalIgnoreCase) || !left.Contains(TermScrubber.Mask, StringComparison.Ordinal) || Reveals(left, secret)) missed.Add((kind, term, left));
        }

        Figures.Tell($"10,000 personal strings ({string.Join(", ", asked.Select(pair => $"{pair.Value} {pair.Key}"))}): {10_000 - missed.Count} masked");
        Assert.True(missed.Count <= 50, $"{missed.Count} missed, for example {string.Join(" | ", missed.Take(40).Select(miss => $"{miss.Kind}: {miss.Term} → {miss.Left}"))}");
    }

    [Fact]
    public void Of_twenty_thousand_ordinary_searches_fewer_than_one_in_a_thousand_is_touched()
    {
        var searches = new SomeSearches(20261130);
        var touched = new List<string>();
        for (var count = 0; count < 20_000; count++)
        {
            var term = searches.Next();
            if (!ReferenceEquals(term, TermScrubber.Scrub(term))) touched.Add($"{term} → {TermScrubber.Scrub(term)}");
        }

        Figures.Tell($"20,000 ordinary searches: {touched.Count} touched");
        Assert.True(touched.Count < 20, $"{touched.Count} touched, for example {string.Join(" | ", touched.Distinct().Take(40))}");
    }

    [Fact]
    public void Searches_that_look_like_something_else_stay() =>
        Assert.All(SomeSearches.Tricky, term => Assert.Same(term, TermScrubber.Scrub(term)));

    [Theory]
    [InlineData("phone case for anna.svensson@telia.se", "phone case for ⟦x⟧")]
    [InlineData("ａｎｎａ＠ｇｍａｉｌ．ｃｏｍ mug", "⟦x⟧ mug")]
    [InlineData("an\u200Bna@gm\u200Bail.com", "⟦x⟧")]
    [InlineData("gift 212-555-0147 blue", "gift ⟦x⟧ blue")]
    [InlineData("114-3941689-8772232", "⟦x⟧")]
    [InlineData("attn maria garcía", "attn ⟦x⟧")]
    [InlineData("hauptstraße 12a, 10115 berlin", "⟦x⟧")]
    public void What_is_personal_goes_and_the_rest_stays(string term, string expected) => Assert.Equal(expected, TermScrubber.Scrub(term));

    [Fact]
    public void A_masked_term_stays_as_it_is()
    {
        var shoppers = new SomeShoppers(7);
        for (var count = 0; count < 2_000; count++)
        {
            var once = TermScrubber.Scrub(shoppers.Next().Term);
            Assert.Equal(once, TermScrubber.Scrub(once));
        }
    }

    [Fact]
    public async Task Hostile_texts_are_read_in_time_and_break_nothing()
    {
        string[] seeds = ["a@", "1 ", "12-", "a.a.", "+1(", "via a ", "1 a street ", "de00 ", "\uD800@", "my name is a ", "0.0000 ", "⟦x⟧"];
        foreach (var seed in seeds)
        {
            var term = string.Concat(Enumerable.Repeat(seed, 1000 / seed.Length));
            await Task.Run(() => TermScrubber.Scrub(term), TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        }
    }

    // Half of its digits in a row, or the part of a mail address before the sign.
    private static bool Reveals(string left, string secret)
    {
        var digits = new string([.. secret.Where(char.IsAsciiDigit)]);
        return digits.Length >= 8 && new string([.. left.Where(char.IsAsciiDigit)]).Contains(digits[..(digits.Length / 2)], StringComparison.Ordinal);
    }
}
