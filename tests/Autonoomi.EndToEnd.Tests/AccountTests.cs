using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Autonoomi.EndToEnd.Tests;

public sealed class AccountTests(Demo demo)
{
    private const string Password = "seven quiet herons wade";

    [Fact]
    public async Task A_new_person_signs_up_sets_up_an_authenticator_and_signs_in_with_a_code()
    {
        await using var visit = await demo.OpenAsync("/account/sign-up", anonymous: true);
        var page = visit.Page;
        await SignIn.UpAsync(visit, "ada.totp@quarry.example", Password);
        await SignIn.WithPasswordAsync(page, "ada.totp@quarry.example", Password);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Connect your Amazon account" })).ToBeVisibleAsync();
        Assert.Empty(await visit.AccessibilityAsync());

        await visit.GoAsync("/account/authenticator");
        await page.GetByText("Type the key instead").ClickAsync();
        var key = await page.Locator("#totp-key").InnerTextAsync();
        await page.GetByLabel("Code", new() { Exact = true }).FillAsync(OneTimeCode.Of(key, DateTimeOffset.UtcNow));
        await page.GetByLabel("Your password").FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Turn on" }).ClickAsync();
        await Expect(page.Locator("#recovery-codes li")).ToHaveCountAsync(10);
        var recovery = await page.Locator("#recovery-codes li").First.InnerTextAsync();

        await SignOutAsync(page);
        await visit.GoAsync("/account/sign-in");
        await SignIn.WithPasswordAsync(page, "ada.totp@quarry.example", Password);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Second step" })).ToBeVisibleAsync();
        await page.GetByText("Use a recovery code").ClickAsync();
        await page.GetByLabel("Recovery code").FillAsync(recovery);
        await page.GetByRole(AriaRole.Button, new() { Name = "Continue" }).Last.ClickAsync();

        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Overview", Level = 1 })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_passkey_is_added_and_signs_in_without_a_password()
    {
        await using var visit = await demo.OpenAsync("/account/sign-up", anonymous: true);
        var page = visit.Page;
        var devTools = await page.Context.NewCDPSessionAsync(page);
        await devTools.SendAsync("WebAuthn.enable");
        await devTools.SendAsync("WebAuthn.addVirtualAuthenticator", new()
        {
            ["options"] = new Dictionary<string, object>
            {
                ["protocol"] = "ctap2", ["transport"] = "internal", ["hasResidentKey"] = true, ["hasUserVerification"] = true, ["isUserVerified"] = true, ["automaticPresenceSimulation"] = true,
            },
        });
        await SignIn.UpAsync(visit, "ada.passkey@quarry.example", Password);
        await SignIn.WithPasswordAsync(page, "ada.passkey@quarry.example", Password);

        await visit.GoAsync("/account/security");
        await page.GetByLabel("Name of the new passkey").FillAsync("Test laptop");
        await page.GetByLabel("to add a passkey").FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Add a passkey" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Cell, new() { Name = "Test laptop", Exact = true })).ToBeVisibleAsync();
        await SignOutAsync(page);
        await visit.GoAsync("/account/sign-in");
        await page.GetByRole(AriaRole.Button, new() { Name = "Use a passkey" }).ClickAsync();

        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Overview", Level = 1 })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_wrong_password_says_so_and_nothing_more()
    {
        await using var visit = await demo.OpenAsync("/account/sign-in", anonymous: true);

        await visit.Page.GetByLabel("E-mail").FillAsync("nobody@quarry.example");
        await visit.Page.GetByLabel("Password").FillAsync("not the password");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();

        await Expect(visit.Page.GetByRole(AriaRole.Alert).First).ToContainTextAsync("E-mail or password is not right");
    }

    [Fact]
    public async Task The_connection_page_shows_both_consents_of_the_demo_seller()
    {
        await using var visit = await demo.OpenAsync("/connect");

        await Expect(visit.Page.Locator("[data-consent=SellingPartner] .badge").First).ToBeVisibleAsync();
        await Expect(visit.Page.Locator("[data-consent=Ads] .badge").First).ToBeVisibleAsync();
        await Expect(visit.Page.GetByText("Pretend Amazon.", new() { Exact = false }).First).ToBeVisibleAsync();
    }

    private static async Task SignOutAsync(IPage page)
    {
        await page.Locator("details.menu summary").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out", Exact = true }).ClickAsync();
        await Arrival.AtAsync(page, "/account/sign-in");
    }
}
