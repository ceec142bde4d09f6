using Microsoft.Playwright;

namespace Autonoomi.EndToEnd.Tests;

/// <summary>What a person types to come in.</summary>
public static class SignIn
{
    public static async Task WithPasswordAsync(IPage page, string email, string password)
    {
        await page.GetByLabel("E-mail").FillAsync(email);
        await page.GetByLabel("Password").FillAsync(password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await Arrival.AwayFromAsync(page, "/account/sign-in");
    }

    /// <summary>A new organisation; ends on the sign-in page.</summary>
    public static async Task UpAsync(Visit visit, string email, string password)
    {
        await visit.GoAsync("/account/sign-up");
        var page = visit.Page;
        await page.GetByLabel("Organisation", new() { Exact = true }).FillAsync("Quarry Lane");
        await page.GetByLabel("Your name", new() { Exact = true }).FillAsync("Ada Quarry");
        await page.GetByLabel("E-mail").FillAsync(email);
        await page.GetByLabel("Password").FillAsync(password);
        await page.GetByLabel("I am 18 or older.").CheckAsync();
        await page.GetByLabel("I may act for this organisation").CheckAsync();
        await page.GetByLabel("I have read the privacy policy").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Create account" }).ClickAsync();
        await Arrival.AtAsync(page, "/account/sign-in?from=sign-up");
    }
}
