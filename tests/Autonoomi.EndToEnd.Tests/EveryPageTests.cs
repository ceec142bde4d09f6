namespace Autonoomi.EndToEnd.Tests;

public sealed class EveryPageTests(Demo demo)
{
    public static TheoryData<string> Pages => ["/", "/?days=7", "/storefronts", "/recommendations", "/recommendations?show=applied", "/recommendations?by=reason", "/score", "/strategies", "/profit", "/profit?by=Term", "/targets", "/campaigns", "/ad-groups", "/search-terms", "/products", "/placements", "/negatives", "/brand-analytics", "/hours", "/budgets", "/graduation", "/launch", "/graduation?show=OnTheWay", "/stock", "/changes", "/changes?by=others", "/changes/return", "/changes/outcomes", "/imports", "/economics", "/control", "/start", "/start/costs", "/start/goals", "/connect", "/account/security", "/account/your-data", "/account/changes", "/promises", "/destinations"];

    [Theory, MemberData(nameof(Pages))]
    public async Task A_page_breaks_no_rule_of_accessibility_in_the_light_in_the_dark_and_on_a_phone_and_nothing_is_blocked(string path)
    {
        await using var visit = await demo.OpenAsync(path);
        Assert.Empty(await visit.AccessibilityAsync());

        // The same page, so that it is drawn once.
        await visit.ThemeAsync("dark");
        Assert.Empty(await visit.AccessibilityAsync(AxeRules.Contrast));

        await visit.ThemeAsync("light");
        await visit.Page.SetViewportSizeAsync(390, 844);
        Assert.Empty(await visit.AccessibilityAsync(AxeRules.AllButContrast));
        Assert.False(await visit.OverflowsAsync());
        Assert.Empty(visit.Complaints);
    }

    [Theory]
    [InlineData("/account/sign-in")]
    [InlineData("/account/sign-up")]
    [InlineData("/privacy")]
    [InlineData("/privacy/data")]
    [InlineData("/privacy/versions?of=1")]
    public async Task The_doors_break_no_rule_of_accessibility(string path)
    {
        await using var visit = await demo.OpenAsync(path, anonymous: true);

        Assert.Empty(await visit.AccessibilityAsync());
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task The_accessibility_check_can_fail()
    {
        await using var visit = await demo.OpenAsync("/");
        await visit.Page.EvaluateAsync("() => document.querySelector('main').append(document.createElement('img'))");

        Assert.Contains(await visit.AccessibilityAsync(), rule => rule.StartsWith("image-alt", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_stranger_is_sent_to_the_door()
    {
        await using var visit = await demo.OpenAsync("/targets", anonymous: true);

        Assert.Contains("/account/sign-in", visit.Page.Url, StringComparison.Ordinal);
    }
}
