using System.IO;
using Autonoomi.App.Platform.Agreements;
using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Mail;
using Autonoomi.App.Platform.Policy;
using Autonoomi.App.Tests.Identity;
using Autonoomi.App.Tests.Web;
using Autonoomi.Core.Primitives;
using Autonoomi.Privacy;
using Autonoomi.Testing;
using Autonoomi.Vault;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Autonoomi.App.Tests.Policy;

/// <summary>From the review of a version to the day on which it holds, for one organisation and another, with a clock that is moved.</summary>
public sealed class PolicyBookTests : IAsyncLifetime
{
    private const string First = "It is sealed. {P-3-b} You may write. {-}";
    private static readonly PolicyVersion One = Version(1, material: true, First);
    private static readonly PolicyVersion Two = Version(2, material: false, "It is sealed. {P-3-b} You can write. {-}");
    private static readonly PolicyVersion Three = Version(3, material: true, "It is sealed and shared. {P-3-b} You can write. {-}");

    private readonly string folder = Directory.CreateTempSubdirectory("autonoomi-policy-").FullName;
    private readonly FixedClock clock = new(new(2026, 12, 1, 12, 0, 0, TimeSpan.Zero));
    private WebApplication app = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        app = RunningProduct.Build(folder, []);
        await StoreStart.PrepareAsync(app.Services, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        SqliteFiles.Release(folder);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    [Promise("P-12-a")]
    public async Task Without_the_record_of_its_review_a_version_neither_holds_nor_is_told()
    {
        var book = Book(One, Two, Three);
        clock.Now += TimeSpan.FromDays(400);

        Assert.Equal(1, (await book.InForceAsync(Stop)).Number);
        Assert.Equal([1], (await book.ToldAsync(Stop)).Select(version => version.Number));
        Assert.Empty(await book.OpenAsync(await HouseAsync(), Stop));
    }

    [Theory]
    [InlineData(9, "Grace", "2026-11-30", "no version 9")]
    [InlineData(1, "Grace", "2026-11-30", "holds from the start")]
    [InlineData(2, " ", "2026-11-30", "who reviewed it")]
    [InlineData(2, "Grace", "2026-12-02", "within the last 90 days")]
    [InlineData(2, "Grace", "2026-08-01", "within the last 90 days")]
    [InlineData(3, "Grace", "2026-11-30", "Version 2 comes first")]
    [InlineData(2, "Grace", "2026-11-30", null)]
    [Promise("P-12-a")]
    public async Task A_review_names_the_version_who_and_when(int version, string reviewer, string on, string? refused)
    {
        var result = await Book(One, Two, Three).ReviewedAsync(version, reviewer, DateOnly.Parse(on, System.Globalization.CultureInfo.InvariantCulture), Stop);

        if (refused is null) Assert.True(result.IsOk);
        else Assert.Contains(refused, result.Error!.Message, StringComparison.Ordinal);
        var kept = await Book(One, Two, Three).AllAsync(Stop);
        Assert.Equal(refused is null ? 1 : 0, kept.Count);
        if (refused is null) Assert.Equal(("Grace", new DateTimeOffset(2026, 11, 30, 0, 0, 0, TimeSpan.Zero), Two.Sha256), (kept[0].By, kept[0].Row.ReviewedOn, kept[0].Row.TextHash));
    }

    [Fact]
    [Promise("P-12-a")]
    public async Task A_text_that_is_changed_after_its_review_does_not_hold()
    {
        Assert.True((await Book(One, Two).ReviewedAsync(2, "Grace", Today, Stop)).IsOk);
        Assert.Equal(2, (await Book(One, Two).InForceAsync(Stop)).Number);

        Assert.Equal(1, (await Book(One, Two with { Text = Two.Text + " More. {-}" }).InForceAsync(Stop)).Number);
        Assert.Equal(1, (await Book(One, Version(2, material: false, Two.Text + " More. {-}")).InForceAsync(Stop)).Number);
    }

    [Fact]
    [Promise("P-12-c")]
    public async Task A_version_that_calls_itself_editorial_and_changes_a_promise_is_not_announced() =>
        Assert.Contains("Call it material", (await Book(One, Version(2, material: false, "It is shared. {P-3-b} You may write. {-}")).ReviewedAsync(2, "Grace", Today, Stop)).Error!.Message, StringComparison.Ordinal);

    [Fact]
    [Promise("P-12-c", "P-12-d")]
    public async Task A_material_version_holds_thirty_days_later_and_writing_rests_until_an_owner_agrees()
    {
        var (house, owner, seller) = await AgreedAsync();
        var other = await AgreedAsync();
        var book = Book(One, Two, Three);
        Assert.True((await book.ReviewedAsync(2, "Grace", Today, Stop)).IsOk);
        Assert.Equal(clock.Now + TimeSpan.FromDays(30), (await book.ReviewedAsync(3, "Grace", Today, Stop)).Value);

        // Day 29: told, and nothing has changed.
        clock.Now += TimeSpan.FromDays(30) - TimeSpan.FromSeconds(1);
        Assert.Equal(2, (await book.InForceAsync(Stop)).Number);
        Assert.Equal([(2, false, true), (3, true, false)], (await book.OpenAsync(house, Stop)).Select(item => (item.Version!.Value, item.Material, item.Holds)));
        Assert.True(await book.MayWriteAsync(seller, Stop));

        clock.Now += TimeSpan.FromSeconds(1);
        Assert.Equal(3, (await book.InForceAsync(Stop)).Number);
        Assert.Contains((3, true), (await book.OpenAsync(house, Stop)).Select(item => (item.Version!.Value, item.Holds)));
        Assert.False(await book.MayWriteAsync(seller, Stop));

        Assert.NotNull(await book.AgreeAsync(house, owner, MemberRole.Manager, 3, Stop));
        Assert.NotNull(await book.AgreeAsync(house, owner, MemberRole.Owner, 4, Stop));
        Assert.False(await book.MayWriteAsync(seller, Stop));
        Assert.Null(await book.AgreeAsync(house, owner, MemberRole.Owner, 3, Stop));

        Assert.True(await book.MayWriteAsync(seller, Stop));
        Assert.Empty(await book.OpenAsync(house, Stop));
        Assert.False(await book.MayWriteAsync(other.Seller, Stop));
        await using var db = Db();
        var row = await db.Agreements.AsNoTracking().SingleAsync(item => item.User == owner && item.Version == 3, Stop);
        Assert.Equal((AgreedTo.Policy, Three.Sha256, clock.Now), (row.What, row.TextHash, row.At));
    }

    [Fact]
    [Promise("P-12-d")]
    public async Task The_yes_of_somebody_who_is_no_owner_any_more_does_not_count()
    {
        var (house, owner, seller) = await AgreedAsync();
        var book = Book(One, Version(2, material: true, "It is shared. {P-3-b} You may write. {-}"));
        Assert.True((await book.ReviewedAsync(2, "Grace", Today, Stop)).IsOk);
        Assert.Null(await book.AgreeAsync(house, owner, MemberRole.Owner, 2, Stop));
        clock.Now += TimeSpan.FromDays(31);
        Assert.True(await book.MayWriteAsync(seller, Stop));

        await using var db = Db();
        await db.Memberships.Where(row => row.User == owner).ExecuteUpdateAsync(set => set.SetProperty(row => row.Role, MemberRole.Viewer), Stop);

        Assert.False(await book.MayWriteAsync(seller, Stop));
    }

    [Fact]
    [Promise("P-12-c")]
    public async Task An_editorial_version_holds_at_once_is_told_for_thirty_days_and_stops_nothing()
    {
        var (house, _, seller) = await AgreedAsync();
        var book = Book(One, Two);
        Assert.Equal(clock.Now, (await book.ReviewedAsync(2, "Grace", Today, Stop)).Value);

        Assert.Equal(2, (await book.InForceAsync(Stop)).Number);
        Assert.Single(await book.OpenAsync(house, Stop));
        Assert.True(await book.MayWriteAsync(seller, Stop));
        clock.Now += TimeSpan.FromDays(30);
        Assert.Empty(await book.OpenAsync(house, Stop));
    }

    [Fact]
    public async Task What_does_not_hold_yet_is_taken_back_and_what_holds_is_not()
    {
        var (house, _, seller) = await AgreedAsync();
        var book = Book(One, Version(2, material: true, "It is shared. {P-3-b} You may write. {-}"));
        await book.ReviewedAsync(2, "Grace", Today, Stop);
        var id = Assert.Single(await book.OpenAsync(house, Stop)).Id;

        Assert.True(await book.TakeBackAsync(id, Stop));
        Assert.False(await book.TakeBackAsync(id, Stop));
        clock.Now += TimeSpan.FromDays(31);
        Assert.Equal(1, (await book.InForceAsync(Stop)).Number);
        Assert.True(await book.MayWriteAsync(seller, Stop));

        clock.Now -= TimeSpan.FromDays(31);
        await book.ReviewedAsync(2, "Grace", Today, Stop);
        clock.Now += TimeSpan.FromDays(31);
        Assert.False(await book.TakeBackAsync((await book.OpenAsync(house, Stop))[0].Id, Stop));
    }

    [Theory]
    [InlineData(29, false)]
    [InlineData(30, false)]
    [InlineData(31, true)]
    [Promise("P-4-l")]
    public async Task Another_operator_is_told_of_thirty_days_ahead(int days, bool told)
    {
        var house = await HouseAsync();
        var book = Book(One);

        var result = await book.HandoverAsync("Next Operator", Today.AddDays(days), "Grace", Stop);

        Assert.Equal(told, result.IsOk);
        if (told) Assert.Equal("Next Operator", Assert.Single(await book.OpenAsync(house, Stop)).Words);
        else Assert.Empty(await book.OpenAsync(house, Stop));
    }

    private DateOnly Today => DateOnly.FromDateTime(clock.Now.UtcDateTime);

    private static PolicyVersion Version(int number, bool material, string text)
    {
        var made = new PolicyVersion(number, new(2026, 11, 30), "", material, $"Change {number}.", text);
        return made with { Sha256 = made.Measured };
    }

    private PolicyBook Book(params PolicyVersion[] oldestFirst)
    {
        var (databases, audit) = (app.Services.GetRequiredService<AppDbs>(), app.Services.GetRequiredService<AuditLog>());
        return new(databases, app.Services.GetRequiredService<KeyChain>(), new PublishedPolicy([.. Enumerable.Reverse(oldestFirst)]), new AgreementBook(databases, audit, clock), app.Services.GetRequiredService<Outbox>(), audit, clock);
    }

    private AppDb Db() => app.Services.GetRequiredService<AppDbs>().System();

    private async Task<Guid> HouseAsync() => (await AgreedAsync()).House;

    /// <summary>An organisation whose owner agreed to the first version, with a connected account.</summary>
    private async Task<(Guid House, Guid Owner, SellerId Seller)> AgreedAsync()
    {
        var (house, owner) = (Guid.NewGuid(), Guid.NewGuid());
        await using var db = Db();
        db.Memberships.Add(new MembershipRow { Organisation = house, User = owner, Role = MemberRole.Owner });
        db.Agreements.Add(new AgreementRow { Id = Guid.NewGuid(), Organisation = house, User = owner, What = AgreedTo.Policy, Version = 1, TextHash = One.Sha256, Words = "yes", Given = true, At = clock.Now });
        await db.SaveChangesAsync(Stop);
        return (house, owner, (await RunningProduct.ConnectAsync(app.Services, house)).Seller);
    }
}
