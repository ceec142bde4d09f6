using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Autonoomi.EndToEnd.Tests;

/// <summary>
/// Waits until the address is the one expected and the document is there.
/// The driver's own wait for a navigation looks once and then listens; an address that changes in between is never seen. This one looks again and again.
/// </summary>
public static class Arrival
{
    public static Task AtAsync(IPage page, string part) => MatchAsync(page, new Regex(Regex.Escape(part)));

    public static Task AwayFromAsync(IPage page, string part) => MatchAsync(page, new Regex($"^(?!.*{Regex.Escape(part)})"));

    /// <summary>The page of the first steps itself, not one below it.</summary>
    public static Task MatchStartAsync(IPage page) => MatchAsync(page, new Regex("/start$"));

    private static async Task MatchAsync(IPage page, Regex address)
    {
        await Assertions.Expect(page).ToHaveURLAsync(address, new() { Timeout = 15_000 });
        await page.WaitForLoadStateAsync();
    }
}
