using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Jobs;
using Autonoomi.App.Tests.Run;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;
using Autonoomi.Privacy;
using Autonoomi.Testing;
using Autonoomi.Vault;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Autonoomi.App.Tests.Policy;

/// <summary>The product's own write step, while a material version holds to which nobody agreed: not one call leaves.</summary>
public sealed class PolicyRestTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(RunKind.Apply, true)]
    [InlineData(RunKind.Undo, false)]
    [Promise("P-12-d")]
    public async Task Nothing_is_written_until_somebody_with_authority_agrees_but_taking_back_is_possible(RunKind kind, bool rests)
    {
        var calls = 0;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var stub = builder.Build();
        stub.MapFallback(() =>
        {
            Interlocked.Increment(ref calls);
            return Results.StatusCode(StatusCodes.Status400BadRequest);
        });
        await stub.StartAsync(Stop);
        var now = DateTimeOffset.UtcNow;
        await using var shop = await Workshop.AtStubAsync(new Uri(stub.Urls.First()), now, null, Stop);
        await using var db = shop.Services.GetRequiredService<AppDbs>().System();
        var (id, sealer, policy) = (Guid.NewGuid(), shop.Services.GetRequiredService<KeyChain>().Application, PrivacyPolicy.Versions[0]);
        db.Announcements.Add(new AnnouncementRow
        {
            Id = id, Kind = AnnouncementKind.Policy, Version = policy.Number, TextHash = policy.Sha256, Material = true, At = now.AddDays(-31), HoldsAt = now.AddDays(-1),
            SealedWords = sealer.SealText("announcement", "words", id.ToString("N"), "words"), SealedBy = sealer.SealText("announcement", "by", id.ToString("N"), "Grace"),
        });
        await db.SaveChangesAsync(Stop);
        var usd = new Currency("USD");
        var write = new WriteNotes([new PlannedWrite(new SetBudget(new CampaignId(7), new Money(10m, usd), new Money(12m, usd)), null, null)], Verify: false);

        var run = await shop.RunAsync(kind, [NewStep.With(StepNames.Write, write, NotesJson.Default.WriteNotes)], Stop);
        Assert.Equal(rests, calls == 0);
        if (!rests) return;
        Assert.True(run.State == RunState.Done, run.Error);

        var (organisation, owner) = (await db.SellerAccounts.Where(row => row.Seller == shop.Seller.Value).Select(row => row.Organisation).SingleAsync(Stop), Guid.NewGuid());
        db.Memberships.Add(new MembershipRow { Organisation = organisation, User = owner, Role = MemberRole.Owner });
        db.Agreements.Add(new AgreementRow { Id = Guid.NewGuid(), Organisation = organisation, User = owner, What = AgreedTo.Policy, Version = policy.Number, TextHash = policy.Sha256, Words = "yes", Given = true, At = now });
        await db.SaveChangesAsync(Stop);
        await shop.RunAsync(kind, [NewStep.With(StepNames.Write, write, NotesJson.Default.WriteNotes)], Stop);
        Assert.True(calls > 0, "nothing was sent although an owner agreed");
    }
}
