using System.IO;
using System.Text;
using Autonoomi.App.Features.Account;
using Autonoomi.App.Platform;
using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Environments;
using Autonoomi.App.Platform.Identity;
using Autonoomi.App.Platform.Identity.SignOn;
using Autonoomi.App.Platform.Tenancy;
using Autonoomi.App.Tests.Web;
using Autonoomi.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Autonoomi.App.Tests.Identity;

public sealed class SqliteUserStoreTests : UserStoreSuite
{
    protected override Task<string?> DatabaseAsync() => Task.FromResult<string?>(null);
}

public sealed class PostgresUserStoreTests : UserStoreSuite
{
    private PostgresServer? server;

    protected override string Raw => Path.GetDirectoryName(server!.Folder)!;

    protected override async Task<string?> DatabaseAsync()
    {
        Assert.SkipWhen(PostgresServer.MissingReason is not null, PostgresServer.MissingReason ?? "");
        server = await PostgresServer.StartAsync();
        return await server.CreateDatabaseAsync("people");
    }

    protected override async ValueTask StopAsync()
    {
        if (server is not null) await server.DisposeAsync();
    }
}

/// <summary>One suite for both engines: what the identity framework asks of a store, and what rests in the files.</summary>
public abstract class UserStoreSuite : IAsyncLifetime
{
    private const string Password = "four quiet words here";

    private readonly string folder = Directory.CreateTempSubdirectory("autonoomi-users-").FullName;
    private readonly Killer killer = new();
    private WebApplication app = null!;

    protected virtual string Raw => folder;

    protected abstract Task<string?> DatabaseAsync();

    protected virtual ValueTask StopAsync() => ValueTask.CompletedTask;

    public async ValueTask InitializeAsync()
    {
        var database = await DatabaseAsync();
        app = RunningProduct.Build(folder, database is null ? [] : new() { ["Autonoomi:Storage:Provider"] = "Postgres", ["Autonoomi:Storage:ConnectionString"] = database },
            services => services.AddSingleton(provider => killer.Databases(provider.GetRequiredService<StorageSettings>())));
        await StoreStart.PrepareAsync(app.Services, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        if (app is not null) await app.DisposeAsync();
        Npgsql.NpgsqlConnection.ClearAllPools();
        SqliteFiles.Release(folder);
        await StopAsync();
        GC.SuppressFinalize(this);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_person_is_kept_found_locked_and_signed_in_and_rests_sealed()
    {
        await using var scope = app.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<AppUser>>();
        var signUp = scope.ServiceProvider.GetRequiredService<SignUpHandler>();
        var token = TestContext.Current.CancellationToken;

        // sign-up, look-up, duplicates
        var made = await signUp.Handle(new SignUp("Canary House 8341", "Canaria Name 5512", "canary.mail.7743@example.com", Password, true, true, RunningProduct.Policy), token);
        Assert.Null(made.Error);
        var user = await users.FindByEmailAsync("CANARY.Mail.7743@EXAMPLE.com");
        Assert.Equal((made.Value.User, "Canaria Name 5512", "canary.mail.7743@example.com"), (user!.Id, user.Name, user.Email));
        Assert.IsType<EmailTaken>((await signUp.Handle(new SignUp("Other", "Other", "Canary.mail.7743@example.com", Password, true, true, RunningProduct.Policy), token)).Error);
        Assert.Null(await users.FindByEmailAsync("canary.mail.7744@example.com"));

        // a stale copy never overwrites a newer one
        var stale = (await users.FindByIdAsync(user.Id.ToString()))!;
        user.Name = "Canaria Name 5513";
        Assert.True((await users.UpdateAsync(user)).Succeeded);
        Assert.Contains((await users.UpdateAsync(stale)).Errors, error => error.Code == nameof(IdentityErrorDescriber.ConcurrencyFailure));

        // lock-out after five wrong passwords, released by time
        for (var i = 0; i < 5; i++)
        {
            Assert.False(await users.IsLockedOutAsync(user));
            await users.AccessFailedAsync(user);
        }

        user = (await users.FindByIdAsync(user.Id.ToString()))!;
        Assert.True(await users.IsLockedOutAsync(user));
        Assert.InRange((user.LockedUntil!.Value - DateTimeOffset.UtcNow).TotalMinutes, 14, 15.1);
        await users.SetLockoutEndDateAsync(user, DateTimeOffset.UtcNow.AddSeconds(-1));
        Assert.False(await users.IsLockedOutAsync((await users.FindByIdAsync(user.Id.ToString()))!));

        // codes: the right one once, neighbours in time, nothing older
        await users.ResetAuthenticatorKeyAsync(user);
        var key = Base32.Decode(user.Totp!.Key);
        var clock = new FixedClock(new DateTimeOffset(2026, 3, 1, 12, 0, 10, TimeSpan.Zero));
        var codes = new OneTimeCodes(clock);
        var step = clock.Now.ToUnixTimeSeconds() / 30;
        Assert.False(await codes.ValidateAsync("", OneTimeCodes.Code(key, step - 2), users, user));
        Assert.False(await codes.ValidateAsync("", OneTimeCodes.Code(key, step + 2), users, user));
        Assert.True(await codes.ValidateAsync("", OneTimeCodes.Code(key, step - 1), users, user));
        Assert.True(await codes.ValidateAsync("", OneTimeCodes.Code(key, step), users, user));
        user = (await users.FindByIdAsync(user.Id.ToString()))!;
        Assert.False(await codes.ValidateAsync("", OneTimeCodes.Code(key, step), users, user));
        Assert.False(await codes.ValidateAsync("", OneTimeCodes.Code(key, step - 1), users, user));
        Assert.False(await codes.ValidateAsync("", "12345a", users, user));

        // recovery codes: hashed, each once
        var recovery = (await users.GenerateNewTwoFactorRecoveryCodesAsync(user, 10))!.ToList();
        Assert.DoesNotContain(recovery[0], user.RecoveryHashes);
        Assert.True((await users.RedeemTwoFactorRecoveryCodeAsync(user, recovery[0])).Succeeded);
        Assert.False((await users.RedeemTwoFactorRecoveryCodeAsync(user, recovery[0])).Succeeded);
        Assert.Equal(9, await users.CountRecoveryCodesAsync((await users.FindByIdAsync(user.Id.ToString()))!));

        // passkeys
        byte[] credential = [1, 2, 3, 250, 251];
        var passkey = new UserPasskeyInfo(credential, Encoding.ASCII.GetBytes("public key canary 9917"), DateTimeOffset.UtcNow, 3, ["internal"], true, false, false, [5], [6]) { Name = "Canary Laptop 4410" };
        await users.AddOrUpdatePasskeyAsync(user, passkey);
        passkey.SignCount = 4;
        await users.AddOrUpdatePasskeyAsync(user, passkey);
        var kept = Assert.Single(await users.GetPasskeysAsync(user));
        Assert.Equal(("Canary Laptop 4410", 4u), (kept.Name, kept.SignCount));
        Assert.Equal(user.Id, (await users.FindByPasskeyIdAsync(credential))!.Id);
        Assert.Null(await users.FindByPasskeyIdAsync([9]));

        // at rest: none of it in any byte of any file; the clear hash is there, so the search does find things
        var key32 = user.Totp!.Key;
        var hash = scope.ServiceProvider.GetRequiredService<SealedUserStore>().EmailHash(user.Email);
        Assert.True(Holds(hash), "The search finds nothing at all: it looks in the wrong place.");
        foreach (var canary in new[] { "canary.mail.7743", "Canary.mail.7743", "CANARY.MAIL.7743", "Canaria Name", "Canary House", "Canary Laptop", "public key canary", key32, recovery[1], Password })
            Assert.False(Holds(canary), $"'{canary}' rests in clear.");

        // gone is gone
        await users.RemovePasskeyAsync(user, credential);
        Assert.Empty(await users.GetPasskeysAsync(user));
        Assert.True((await users.DeleteAsync(user)).Succeeded);
        Assert.Null(await users.FindByEmailAsync("canary.mail.7743@example.com"));
    }

    [Theory]
    [InlineData("signs up")]
    [InlineData("joins")]
    [InlineData("comes by sign-on")]
    public async Task Killed_anywhere_a_person_is_there_with_everything_or_comes_again(string way)
    {
        var stop = TestContext.Current.CancellationToken;
        var databases = app.Services.GetRequiredService<AppDbs>();
        var signedUp = await SignUpAsync("owner@example.com");
        async Task<(int Users, int Memberships, int Agreements, int Organisations, int SignOns)> CountAsync()
        {
            await using var db = databases.System();
            return (await db.Users.CountAsync(stop), await db.Memberships.CountAsync(stop), await db.Agreements.CountAsync(stop), await db.Organisations.CountAsync(stop), await db.SignOns.CountAsync(stop));
        }

        var kills = 0;
        for (var at = 1; at < 100; at++)
        {
            var email = $"somebody.{at}@example.com";
            var token = way != "joins" ? null : (await app.Services.GetRequiredService<MemberBook>().InviteAsync(signedUp.Organisation, MemberRole.Viewer, Actor.Person(signedUp.User), stop)).Value;
            var before = await CountAsync();
            var all = way switch
            {
                "joins" => (before.Users + 1, before.Memberships + 1, before.Agreements + 2, before.Organisations, before.SignOns),
                "signs up" => (before.Users + 1, before.Memberships + 1, before.Agreements + 3, before.Organisations + 1, before.SignOns),
                _ => (before.Users + 1, before.Memberships + 1, before.Agreements + 3, before.Organisations + 1, before.SignOns + 1),
            };
            killer.Arm(at);
            try
            {
                await ComeAsync(email, token);
            }
            catch (Exception killed) when (Killer.Is(killed))
            {
                kills++;
            }

            var survived = killer.Left > 0;
            killer.Arm(0);
            var after = await CountAsync();
            Assert.True(after == before || after == all, $"killed at {at}: {before} became {after}");
            if (after == before) await ComeAsync(email, token);
            Assert.Equal(all, await CountAsync());
            if (survived) break;
        }

        Assert.InRange(kills, 10, 98);
        Assert.Empty((await app.Services.GetRequiredService<AuditLog>().VerifyAsync(stop)).Faults);

        async Task ComeAsync(string email, string? token)
        {
            await using var scope = app.Services.CreateAsyncScope();
            var services = scope.ServiceProvider;
            var typed = new SignUp("House", "Ada", email, Password, true, true, RunningProduct.Policy);
            var book = services.GetRequiredService<SignOnBook>();
            if (way == "signs up") await SignUpAsync(email);
            else if (way == "joins") Assert.Null((await services.GetRequiredService<JoinHandler>().VouchedAsync(new(token, "Ada", email, "", true, RunningProduct.Policy), (_, _) => Task.FromResult<Error?>(null), stop)).Error);
            else Assert.Null((await services.GetRequiredService<SignUpHandler>().VouchedAsync(typed, async (db, user) => await book.TryLinkAsync(db, user, "https://provider.example", email, stop) ? null : new EmailTaken(), stop)).Error);
        }
    }

    [Fact]
    public async Task What_refuses_to_go_with_an_account_leaves_nothing()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var scope = app.Services.CreateAsyncScope();
        var people = scope.ServiceProvider.GetRequiredService<NewPerson>();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<AppUser>>();

        Assert.Equal("no", (await people.MakeAsync("Ada", "ada@example.com", Password, false, (_, _) => Task.FromResult<Error?>(new WrongField("name", "no")), stop)).Error?.Message);
        Assert.Null(await users.FindByEmailAsync("ada@example.com"));
        await Assert.ThrowsAsync<TimeoutException>(() => people.MakeAsync("Ada", "ada@example.com", Password, false, (_, _) => throw new TimeoutException(), stop));
        Assert.Null(await users.FindByEmailAsync("ada@example.com"));

        // Two at the same moment: one account, and the other is told.
        var both = await Task.WhenAll(Enumerable.Range(0, 2).Select(async _ =>
        {
            await using var own = app.Services.CreateAsyncScope();
            return await own.ServiceProvider.GetRequiredService<NewPerson>().MakeAsync("Ada", "ada@example.com", Password, false, (_, _) => Task.FromResult<Error?>(null), stop);
        }));
        Assert.IsType<EmailTaken>(Assert.Single(both, made => made.Error is not null).Error);
        var user = (await users.FindByEmailAsync("ada@example.com"))!;
        Assert.True(await users.CheckPasswordAsync(user, Password));
        Assert.NotEmpty(user.SecurityStamp);
    }

    private async Task<SignedUp> SignUpAsync(string email)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var made = await scope.ServiceProvider.GetRequiredService<SignUpHandler>().Handle(new SignUp("House", "Ada", email, Password, true, true, RunningProduct.Policy), TestContext.Current.CancellationToken);
        Assert.Null(made.Error);
        return made.Value;
    }

    private bool Holds(string text)
    {
        var wanted = Encoding.UTF8.GetBytes(text);
        foreach (var file in Directory.EnumerateFiles(Raw, "*", SearchOption.AllDirectories))
        {
            // Locks are empty, and a socket is no file.
            if (file.EndsWith(".lock", StringComparison.Ordinal) || Path.GetFileName(file).StartsWith(".s.", StringComparison.Ordinal)) continue;
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            if (bytes.AsSpan().IndexOf(wanted) >= 0) return true;
        }

        return false;
    }
}

public sealed class OneTimeCodeTests
{
    [Theory]
    [InlineData(59, "287082")]
    [InlineData(1111111109, "081804")]
    [InlineData(1111111111, "050471")]
    [InlineData(1234567890, "005924")]
    [InlineData(2000000000, "279037")]
    public void Codes_are_those_of_the_published_examples(long seconds, string code) =>
        Assert.Equal(code, OneTimeCodes.Code(Encoding.ASCII.GetBytes("12345678901234567890"), seconds / 30));

    [Fact]
    public void Keys_are_read_as_they_are_typed() =>
        Assert.Equal("12345678901234567890", Encoding.ASCII.GetString(Base32.Decode("GEZD GNBV gy3t QOJQ GEZDGNBVGY3TQOJQ")));
}
