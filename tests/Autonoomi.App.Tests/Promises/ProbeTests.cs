using Autonoomi.Amazon;
using Autonoomi.Amazon.Login;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Environments;
using Autonoomi.App.Platform.Incidents;
using Autonoomi.App.Platform.Policy;
using Autonoomi.App.Platform.Promises;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Privacy;
using Autonoomi.Privacy.Egress;
using Autonoomi.Testing;
using Autonoomi.Vault;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Autonoomi.App.Tests.Promises;

/// <summary>Every probe says yes on a store in order and no once its subject is broken, on both engines.</summary>
public sealed class ProbeTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, InlineData(false), InlineData(true)]
    [Promise("P-0-a", "P-12-b", "P-1.3-a", "P-1.3-b", "P-3-a", "P-3-b", "P-3-f", "P-4-b", "P-4-o", "P-8-d", "P-3-i", "P-1.2-a", "P-7-d", "P-1.2-i", "P-2-b", "P-4-a", "P-8-c", "P-9.2-d", "P-5-a", "P-10-a", "P-10-b", "P-7-f")]
    public async Task On_a_store_in_order_every_probe_says_yes_and_what_it_looked_at(bool postgres)
    {
        await using var probed = await Probed.StartAsync(postgres);

        var results = await probed.Get<ProbeBook>().AskAllAsync(Stop);

        Assert.All(results, result => Assert.True(result.Holds, $"{result.Probe}: {result.Measured}"));
        Assert.Equal(probed.Get<ProbeBook>().Probes.Select(probe => probe.Id), results.Select(result => result.Probe));
        foreach (var result in results) Figures.Tell($"{result.Probe}: {result.Measured}");
        Assert.Equal(results.Select(result => (result.Probe, result.Measured)).Order(), (await probed.Get<ProbeBook>().NewestAsync(Stop)).Select(kept => (kept.Probe, kept.Measured)).Order());
        Assert.All(await probed.Get<ProbeBook>().AskAllAsync(Stop), again => Assert.True(again.Holds, $"{again.Probe}: {again.Measured}"));
    }

    [Fact]
    public async Task Register_and_probes_name_each_other_and_every_probe_was_seen_to_fail()
    {
        await using var probed = await Probed.StartAsync(postgres: false);
        var probes = probed.Get<ProbeBook>().Probes.Select(probe => probe.Id).ToList();

        Assert.Equal(probes, PromiseRegister.Promises.Select(promise => promise.Probe).OfType<string>().Distinct().Order(StringComparer.Ordinal));
        // What consent pages are asked for is no setting: its probe is broken by the addresses of A_consent_address_that_asks_for_more_is_found.
        Assert.Equal(probes, Broken.Keys.Append("scopes").Order(StringComparer.Ordinal));
    }

    /// <summary>One way to break each probe's subject; more of them stand below.</summary>
    private static readonly Dictionary<string, Sabotage> Broken = new(StringComparer.Ordinal)
    {
        ["at-rest"] = new(Unsealed: true),
        ["tamper"] = new(Unsealed: true),
        ["columns"] = new(After: probed => probed.ExecuteAsync("alter table \"user\" add column user_agent text")),
        ["tenants"] = new(Services: services => services.Replace(ServiceDescriptor.Singleton(provider => new AppDbs(tenant =>
        {
            tenant.ActAsSystem();
            return DataServices.Open(provider.GetRequiredService<StorageSettings>(), tenant);
        })))),
        ["environment"] = new(After: probed => probed.ExecuteAsync("update vault_stamp set environment = 'production'")),
        ["age"] = new(After: probed => OldDayAsync(probed, RetentionTable.AmazonDays + 1)),
        ["grants"] = new(After: probed => probed.ExecuteAsync("delete from \"grant\" where \"Kind\" = {0}", (int)GrantKind.Ads)),
        ["incidents"] = new(After: async probed => await probed.Get<IncidentBook>().OpenAsync("Nobody was told.", new(IncidentKind.Access, IncidentSeverity.High, null, null), DateTimeOffset.UtcNow.AddHours(-24), drill: false, "Ada", Stop)),
        ["drills"] = new(After: probed => DutyOfAsync(probed, DutyTable.IncidentPlan)),
        ["audits"] = new(After: probed => DutyOfAsync(probed, DutyTable.PenetrationTest)),
        ["sub-processors"] = new(Services: services => services.Replace(ServiceDescriptor.Singleton(new SubProcessorRegister([new(1, new(2026, 1, 1), "First.")], [new("Host", "Machines", "Everything", "Testland", new(2026, 1, 1), 1, [], [])])))),
        ["duties"] = new(After: probed => DutyOfAsync(probed, "training")),
        ["egress"] = new(Services: services => services.PostConfigure<AmazonOptions>(options => options.DownloadHosts.Add(".reports.example.com"))),
        ["headers"] = new(Services: services => services.AddSingleton<IStartupFilter>(new Meddling(response => response.Headers.Remove("Content-Security-Policy")))),
        ["cookies"] = new(Services: services => services.AddSingleton<IStartupFilter>(new Meddling(response => response.Cookies.Append("visitor", "1")))),
        ["policy"] = new(Services: services => services.Replace(ServiceDescriptor.Singleton(new PublishedPolicy([.. PrivacyPolicy.Versions.Select(version => version with { Text = version.Text.Replace("seller", "person", StringComparison.Ordinal) })])))),
        ["staff"] = new(After: probed => probed.ExecuteAsync(
            "insert into staff_grant (\"Id\", \"Organisation\", \"Seller\", \"Staff\", \"Minutes\", \"RequestedAt\", \"SealedReason\", \"SealedCase\", \"ApprovedBy\", \"ApprovedAt\", \"EndsAt\", \"Mac\") values ({0}, {1}, {2}, {3}, 60, 0, {4}, {5}, {6}, 0, 1, 'made up')",
            Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid(), Array.Empty<byte>(), Array.Empty<byte>(), Guid.NewGuid())),
        ["reviews"] = new(After: probed => probed.ExecuteAsync("insert into staff_account (\"User\", \"Role\", \"AddedAt\") values ({0}, 0, 0)", Guid.NewGuid())),
        ["mail"] = new(After: async probed =>
        {
            await using var db = probed.Db();
            db.Mails.Add(new() { Id = Guid.NewGuid(), User = Guid.NewGuid(), Kind = MailKind.Tip, CreatedAt = DateTimeOffset.UtcNow, DueAt = DateTimeOffset.UtcNow, GoodUntil = DateTimeOffset.UtcNow.AddDays(1) });
            await db.SaveChangesAsync(Stop);
        }),
        ["tls"] = new(Services: services => services.PostConfigure<AmazonOptions>(options => options.PointAt(new("http://ads.example.com")))),
    };

    public static TheoryData<string, bool> Cases
    {
        get
        {
            var cases = new TheoryData<string, bool>();
            foreach (var probe in Broken.Keys)
                foreach (var postgres in (bool[])[false, true]) cases.Add(probe, postgres);
            return cases;
        }
    }

    [Theory, MemberData(nameof(Cases))]
    [Promise("P-0-a", "P-0-b", "P-12-b", "P-1.3-a", "P-1.3-b", "P-3-a", "P-3-b", "P-3-f", "P-4-b", "P-4-o", "P-8-d", "P-3-i", "P-1.2-a", "P-7-d", "P-1.2-i", "P-2-b", "P-4-a", "P-8-c", "P-9.2-d", "P-10-a", "P-10-b", "P-8-i", "P-8-h", "P-3-d", "P-8-b", "P-8-j", "P-3-c", "P-3-e", "P-4-m", "P-7-f")]
    public async Task Once_its_subject_is_broken_a_probe_says_no(string probe, bool postgres)
    {
        var sabotage = Broken[probe];
        await using var probed = await Probed.StartAsync(postgres, sabotage.Services, sabotage.Unsealed);
        if (sabotage.After is { } after) await after(probed);

        var result = await probed.AskAsync(probe);

        Assert.False(result.Holds, result.Measured);
        Assert.DoesNotContain("could not be asked", result.Measured, StringComparison.Ordinal);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_single_value_in_clear_is_found_wherever_it_stands(bool postgres)
    {
        await using var probed = await Probed.StartAsync(postgres);
        await probed.ExecuteAsync("insert into rate_bucket (\"Seller\", \"Operation\", \"Tokens\", \"At\") values ({0}, {1}, 0, 0)", Guid.NewGuid(), $"GET /look?mail={probed.Email}");

        var inText = await probed.AskAsync("at-rest");
        await probed.ExecuteAsync("delete from rate_bucket");
        await probed.ExecuteAsync("update organisation set \"SealedName\" = {0}", "Test house, in clear, long enough to be sealed"u8.ToArray());
        var inBytes = await probed.AskAsync("at-rest");

        Assert.Contains("stand in clear", inText.Measured, StringComparison.Ordinal);
        Assert.Contains("1 values of organisation.SealedName are not sealed", inBytes.Measured, StringComparison.Ordinal);
    }

    [Fact]
    [Promise("P-1.2-i", "P-4-a")]
    public async Task A_call_to_another_host_and_a_door_that_lets_more_through_are_found()
    {
        await using var probed = await Probed.StartAsync(postgres: false);
        await probed.ExecuteAsync("insert into egress_day (\"Day\", \"Seller\", \"Purpose\", \"Host\", \"Requests\") values ({0}, {1}, 1, 'collector.example.com', 3)", (DateTimeOffset.UtcNow.Date - DateTime.UnixEpoch).Ticks / 10, Guid.Empty.ToString());
        Assert.Contains("collector.example.com was called, which is none of Amazon's", (await probed.AskAsync("egress")).Measured, StringComparison.Ordinal);

        await using var open = await Probed.StartAsync(postgres: false, services => services.Replace(ServiceDescriptor.Singleton(provider => new EgressDoor(_ => new([".com"], []), provider.GetRequiredService<IEgressLedger>()))));
        Assert.Contains("another host would be called (Login)", (await open.AskAsync("egress")).Measured, StringComparison.Ordinal);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task The_oldest_day_may_be_as_old_as_the_limit_and_no_older(bool postgres)
    {
        await using var probed = await Probed.StartAsync(postgres);

        await OldDayAsync(probed, RetentionTable.AmazonDays);
        Assert.True((await probed.AskAsync("age")).Holds);
        await OldDayAsync(probed, RetentionTable.AmazonDays + 1);
        Assert.Contains("it is 1 days too old", (await probed.AskAsync("age")).Measured, StringComparison.Ordinal);
    }

    [Fact]
    public void A_consent_that_is_not_looked_at_or_ends_unsaid_is_found()
    {
        var now = new DateTimeOffset(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);
        GrantRow Grant(TimeSpan age, TimeSpan looked) => new() { Seller = Guid.Empty, Kind = GrantKind.Ads, SealedToken = [], ConsentedAt = now - age, LookedAt = now - looked, State = GrantState.Active };
        var said = new NoticeRow { Key = "k", Kind = NoticeKind.ConsentEnds, Grant = GrantKind.Ads, Seller = Guid.Empty, EndsAt = now - TimeSpan.FromDays(1) };

        Assert.Empty(GrantsProbe.Faults([Grant(TimeSpan.FromDays(300), TimeSpan.FromHours(49))], [], [], now));
        Assert.Equal(["1 consents were not looked at for two days"], GrantsProbe.Faults([Grant(TimeSpan.FromDays(300), TimeSpan.FromHours(51))], [], [], now));
        Assert.Equal(["1 consents are past their year, and nobody was told"], GrantsProbe.Faults([Grant(TimeSpan.FromDays(366), TimeSpan.FromHours(1))], [], [], now));
        Assert.Empty(GrantsProbe.Faults([Grant(TimeSpan.FromDays(366), TimeSpan.FromHours(1))], [], [said], now));
    }

    [Fact]
    [Promise("P-1.2-i", "P-2-b", "P-4-a", "P-8-c", "P-9.2-d")]
    public void As_production_is_configured_every_host_is_Amazons() => Assert.Empty(EgressProbe.Faults(new AmazonOptions(), DataEnvironment.Production));

    [Theory]
    [InlineData("https://www.amazon.com/ap/oa?client_id=c&scope=advertising%3A%3Acampaign_management&response_type=code&redirect_uri=r&state=s&code_challenge=x&code_challenge_method=S256", null)]
    [InlineData("https://www.amazon.com/ap/oa?client_id=c&scope=advertising%3A%3Acampaign_management%20profile&response_type=code&redirect_uri=r&state=s", "the scope profile is asked for without need")]
    [InlineData("https://www.amazon.com/ap/oa?client_id=c&response_type=code&redirect_uri=r&state=s", "the scope advertising::campaign_management is not asked for")]
    [InlineData("https://sellercentral.amazon.com/apps/authorize/consent?application_id=a&state=s&redirect_uri=r&version=beta", null)]
    [InlineData("https://sellercentral.amazon.com/apps/authorize/consent?application_id=a&state=s&redirect_uri=r&role=pii", "the address carries role")]
    [Promise("P-5-a")]
    public void A_consent_address_that_asks_for_more_is_found(string address, string? fault) => Assert.Equal(fault is null ? [] : [fault], ScopesProbe.Faults(new(address)));

    [Theory]
    [InlineData("autonoomi-form=x; path=/; samesite=strict; httponly", false, null)]
    [InlineData("autonoomi-form=x; path=/; samesite=strict", false, "scripts can read autonoomi-form")]
    [InlineData("autonoomi-form=x; path=/; httponly", false, "autonoomi-form goes along with requests of other sites")]
    [InlineData("__Host-autonoomi-form=x; path=/; secure; samesite=strict; httponly", true, null)]
    [InlineData("__Host-autonoomi-form=x; path=/; samesite=strict; httponly", true, "__Host-autonoomi-form would travel in clear")]
    [InlineData("autonoomi-form=x; path=/; secure; samesite=strict; httponly", true, "autonoomi-form is not pinned to this host")]
    [InlineData("theme=dark; path=/; samesite=lax", false, null)]
    [InlineData("__Host-theme=dark; path=/; secure; samesite=lax", true, null)]
    [InlineData("theme=dark; path=/; secure; samesite=lax", true, "theme is not pinned to this host")]
    [InlineData("autonoomi-form=x; path=/; domain=example.com; samesite=strict; httponly", false, "autonoomi-form goes to other hosts")]
    [InlineData("_ga=x; path=/; samesite=lax", false, "_ga is on no list")]
    [Promise("P-10-a")]
    public void A_cookie_that_is_made_otherwise_is_found(string line, bool production, string? fault) => Assert.Equal(fault is null ? [] : [fault], CookiesProbe.Faults(line, production));

    [Fact]
    public async Task In_production_a_listener_without_TLS_is_found()
    {
        await using var probed = await Probed.StartAsync(postgres: false, more: new() { ["Autonoomi:Storage:Environment"] = "Production", ["Autonoomi:Amazon:BaseAddress"] = null });

        var result = await probed.AskAsync("tls");

        Assert.Contains("Production refuses plain HTTP", result.Measured, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_asked_is_a_no()
    {
        await using var probed = await Probed.StartAsync(postgres: false);
        await probed.ExecuteAsync("drop table membership");

        var result = await probed.AskAsync("tenants");

        Assert.False(result.Holds);
        Assert.Equal("could not be asked: SqliteException", result.Measured);
    }

    // A year and a day ago.
    private static Task DutyOfAsync(Probed probed, string duty) => probed.ExecuteAsync("update duty set \"At\" = \"At\" - 31622400000000 where \"Duty\" = {0}", duty);

    private static async Task OldDayAsync(Probed probed, int age)
    {
        var day = DateOnly.FromDateTime(probed.Get<BusinessClock>().GetUtcNow().UtcDateTime).AddDays(-age);
        var vault = await probed.Get<SellerVaults>().OpenAsync(probed.Seller, Purpose.Run, Stop);
        await vault.CommitAsync(new VaultWrite().ReplaceDays(Dataset.SearchTermDay, probed.Storefront, new DateSpan(day, day), new FactTableBuilder(TableSchema.Of(Dataset.SearchTermDay))
            .Day(day).Long(1).Long(2).Long(3).Text("kettle").Long(9).Long(1).Long(1).Long(1).Long(1).Long(1).Build()), Stop);
    }

    private sealed record Sabotage(bool Unsealed = false, Action<IServiceCollection>? Services = null, Func<Probed, Task>? After = null);

    /// <summary>The outermost part of the pipeline, whose word is the last.</summary>
    private sealed class Meddling(Action<HttpResponse> change) : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((context, pipeline) =>
            {
                context.Response.OnStarting(() =>
                {
                    change(context.Response);
                    return Task.CompletedTask;
                });
                return pipeline(context);
            });
            next(app);
        };
    }
}
