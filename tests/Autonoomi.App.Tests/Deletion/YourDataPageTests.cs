using System.Net;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Deletion;
using Autonoomi.App.Tests.Web;
using Autonoomi.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Autonoomi.App.Tests.Deletion;

/// <summary>The page as an owner, a viewer and somebody else sees it.</summary>
[Collection<PeopleTests>]
public sealed class YourDataPageTests(RunningProduct product)
{
    private const string Page = "/account/your-data";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    [Promise("P-7-c")]
    public async Task An_owner_deletes_with_the_password_sees_the_countdown_and_takes_it_back()
    {
        var (browser, who) = await product.SignedInAsync();
        var (seller, _) = await product.ConnectAsync(who.Organisation);
        var fields = new Dictionary<string, string> { ["seller"] = seller.Value.ToString(), ["proof"] = "not the password" };

        Assert.Contains("neither your password", await BodyAsync(await browser.SubmitAsync(Page, $"delete-{seller.Value:N}", fields)), StringComparison.Ordinal);
        Assert.Empty(await product.Services.GetRequiredService<DeletionBook>().OfAsync(who.Organisation, Stop));

        fields["proof"] = RunningProduct.Password;
        Assert.Equal(HttpStatusCode.Redirect, (await browser.SubmitAsync(Page, $"delete-{seller.Value:N}", fields)).StatusCode);
        var row = Assert.Single(await product.Services.GetRequiredService<DeletionBook>().OfAsync(who.Organisation, Stop));
        Assert.Equal((DeletionState.Stopped, DeletionCause.Owner), (row.State, row.Cause));
        var page = await browser.ReadAsync(Page);
        Assert.Contains("12 days until the rows go", page, StringComparison.Ordinal);
        Assert.Contains("Test shop (US): deletion under way", page, StringComparison.Ordinal);
        Assert.DoesNotContain($"delete-{seller.Value:N}", page, StringComparison.Ordinal);

        // Somebody else sees and does nothing.
        var (other, _) = await product.SignedInAsync();
        Assert.DoesNotContain("under way", await other.ReadAsync(Page), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await other.GetAsync($"{Page}/certificate/{row.Id}")).StatusCode);

        Assert.Equal(HttpStatusCode.Redirect, (await browser.SubmitAsync(Page, $"back-{row.Id:N}", new() { ["deletion"] = row.Id.ToString() })).StatusCode);
        Assert.Equal(DeletionState.TakenBack, Assert.Single(await product.Services.GetRequiredService<DeletionBook>().OfAsync(who.Organisation, Stop)).State);
        Assert.Contains("Taken back", await browser.ReadAsync(Page), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_manager_can_delete_nothing()
    {
        var (browser, who) = await product.SignedInAsync();
        var (seller, _) = await product.ConnectAsync(who.Organisation);
        var token = await browser.TokenAsync(Page);
        await using (var db = product.Services.GetRequiredService<AppDbs>().System())
            await db.Memberships.Where(row => row.Organisation == who.Organisation).ExecuteUpdateAsync(set => set.SetProperty(row => row.Role, MemberRole.Manager), Stop);

        Assert.Contains("Only an owner", await browser.ReadAsync(Page), StringComparison.Ordinal);
        foreach (var form in new[] { $"delete-{seller.Value:N}", "cancel" })
            await browser.PostAsync(Page, new() { ["_handler"] = form, ["__RequestVerificationToken"] = token, ["seller"] = seller.Value.ToString(), ["proof"] = RunningProduct.Password });
        Assert.Empty(await product.Services.GetRequiredService<DeletionBook>().OfAsync(who.Organisation, Stop));
    }

    private static async Task<string> BodyAsync(HttpResponseMessage answer) => await answer.Content.ReadAsStringAsync(Stop);
}
