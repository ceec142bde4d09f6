using System.IO;
using System.Net;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Policy;
using Autonoomi.App.Tests.Web;
using Autonoomi.Privacy;
using Autonoomi.Testing;
using Autonoomi.Vault;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Autonoomi.App.Tests.Policy;

/// <summary>What people see of a new version: above every page, on the page What changes, and at sign-up.</summary>
public sealed class PolicyChangesPageTests : IAsyncLifetime
{
    private const string Page = "/account/changes";
    private static readonly PolicyVersion Two = Second();
    private readonly string folder = Directory.CreateTempSubdirectory("autonoomi-changes-").FullName;
    private WebApplication app = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        app = RunningProduct.Build(folder, [], services => services.Replace(ServiceDescriptor.Singleton(new PublishedPolicy([Two, PrivacyPolicy.Versions[^1]]))));
        await StoreStart.PrepareAsync(app.Services, CancellationToken.None);
        await app.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        SqliteFiles.Release(folder);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    [Promise("P-12-c", "P-12-d")]
    public async Task A_change_stands_above_every_page_with_what_changes_until_an_owner_agrees()
    {
        var (owner, who) = await RunningProduct.SignedInAsync(app);
        var (seller, _) = await RunningProduct.ConnectAsync(app.Services, who.Organisation);
        Assert.Contains("Nothing is waiting", await owner.ReadAsync(Page), StringComparison.Ordinal);

        await AnnounceAsync(daysAgo: 10);
        foreach (var path in (string[])["/", "/account/your-data", "/connect", "/promises"])
        {
            var page = WebUtility.HtmlDecode(await owner.ReadAsync(path));
            Assert.Contains("The privacy policy changes on", page, StringComparison.Ordinal);
            Assert.Contains("It is said in other words.", page, StringComparison.Ordinal);
        }

        var open = WebUtility.HtmlDecode(await owner.ReadAsync(Page));
        Assert.Contains("<del>What rests is sealed with AES-256.</del>", open, StringComparison.Ordinal);
        Assert.Contains("<ins>What rests is sealed with AES-256 and a smile.</ins>", open, StringComparison.Ordinal);
        Assert.Contains("href=\"/account/your-data\"", open, StringComparison.Ordinal);
        Assert.DoesNotContain("and a smile", await owner.ReadAsync("/privacy"), StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.Redirect, (await owner.SubmitAsync(Page, "agree-2", new() { ["version"] = "2" })).StatusCode);
        Assert.DoesNotContain("data-announcement", await owner.ReadAsync("/account/your-data"), StringComparison.Ordinal);
        Assert.Contains("Nothing is waiting", await owner.ReadAsync(Page), StringComparison.Ordinal);
        await HoldAsync();
        Assert.True(await app.Services.GetRequiredService<PolicyBook>().MayWriteAsync(seller, Stop));
        Assert.Contains("and a smile", await owner.ReadAsync("/privacy"), StringComparison.Ordinal);
    }

    [Fact]
    [Promise("P-12-d")]
    public async Task Once_it_holds_the_page_says_that_writing_rests_and_who_is_no_owner_cannot_agree()
    {
        var (browser, who) = await RunningProduct.SignedInAsync(app);
        var (seller, _) = await RunningProduct.ConnectAsync(app.Services, who.Organisation);
        await AnnounceAsync(daysAgo: 31);
        await using (var db = app.Services.GetRequiredService<AppDbs>().System())
            await db.Memberships.Where(row => row.Organisation == who.Organisation).ExecuteUpdateAsync(set => set.SetProperty(row => row.Role, MemberRole.Manager), Stop);

        var page = WebUtility.HtmlDecode(await browser.ReadAsync(Page));
        Assert.Contains("Nothing is changed at Amazon for you until an owner agrees", page, StringComparison.Ordinal);
        Assert.Contains("Only an owner of the organisation can agree", page, StringComparison.Ordinal);
        await browser.PostAsync(Page, new() { ["_handler"] = "agree-2", ["__RequestVerificationToken"] = await browser.TokenAsync("/account/your-data"), ["version"] = "2" });
        Assert.False(await app.Services.GetRequiredService<PolicyBook>().MayWriteAsync(seller, Stop));

        // Whoever signs up now agrees to the version that holds.
        using var stranger = new Browser(new Uri(app.Urls.First().Replace("127.0.0.1", "localhost", StringComparison.Ordinal)));
        Assert.Contains("version 2 of", await stranger.ReadAsync("/account/sign-up"), StringComparison.Ordinal);
    }

    private async Task AnnounceAsync(int daysAgo)
    {
        var at = DateTimeOffset.UtcNow.AddDays(-daysAgo);
        var id = Guid.NewGuid();
        var sealer = app.Services.GetRequiredService<KeyChain>().Application;
        await using var db = app.Services.GetRequiredService<AppDbs>().System();
        db.Announcements.Add(new AnnouncementRow
        {
            Id = id, Kind = AnnouncementKind.Policy, Version = 2, TextHash = Two.Sha256, Material = true, ReviewedOn = at, At = at, HoldsAt = at + PolicyBook.Notice,
            SealedWords = sealer.SealText("announcement", "words", id.ToString("N"), Two.Change), SealedBy = sealer.SealText("announcement", "by", id.ToString("N"), "Grace"),
        });
        await db.SaveChangesAsync(Stop);
    }

    private async Task HoldAsync()
    {
        await using var db = app.Services.GetRequiredService<AppDbs>().System();
        var past = DateTimeOffset.UtcNow.AddMinutes(-1);
        await db.Announcements.ExecuteUpdateAsync(set => set.SetProperty(row => row.HoldsAt, past), Stop);
    }

    private static PolicyVersion Second()
    {
        var first = PrivacyPolicy.Versions[^1];
        var made = first with { Number = 2, Material = true, Change = "It is said in other words.", Text = first.Text.Replace("What rests is sealed with AES-256.", "What rests is sealed with AES-256 and a smile.", StringComparison.Ordinal) };
        return made with { Sha256 = made.Measured };
    }
}
