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
        await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
    }

    public static Task ReplaceOneTimePasswordAsync(IPage page, string oneTime, string own) => Task.CompletedTask;
}
