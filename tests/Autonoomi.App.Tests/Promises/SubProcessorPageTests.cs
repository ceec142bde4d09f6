using System.IO;
using System.Net;
using Autonoomi.App.Platform.Environments;
using Autonoomi.App.Platform.Policy;
using Autonoomi.App.Tests.Identity;
using Autonoomi.App.Tests.Web;
using Autonoomi.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Autonoomi.App.Tests.Promises;

/// <summary>The operator's list of companies as the product reads it, shows it, and refuses to start because of it.</summary>
public sealed class SubProcessorPageTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("autonoomi-sub-processors-").FullName;

    public void Dispose()
    {
        SqliteFiles.Release(folder);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    [Promise("P-4-d", "P-8-j")]
    public async Task The_policy_shows_the_companies_of_the_file_with_the_versions_of_the_list()
    {
        var product = new RunningProduct();
        product.More["Autonoomi:Operator:SubProcessorFile"] = await FileAsync("2026-11-20");
        await product.InitializeAsync();
        try
        {
            using var stranger = product.Open();
            var page = WebUtility.HtmlDecode(await stranger.ReadAsync("/privacy"));

            Assert.Contains("<td>Mail & Co</td><td>Mail</td><td>names, addresses</td><td>Testland</td>", page, StringComparison.Ordinal);
            Assert.Contains("Version 1 of this list, of 1 December 2026", page, StringComparison.Ordinal);
            Assert.Contains("1, 1 December 2026: Mail.", page, StringComparison.Ordinal);
            Assert.DoesNotContain("At present there is no such company", page, StringComparison.Ordinal);
            foreach (var inner in (string[])["Ada Evidence", new string('0', 64), "smtp.mail.test"]) Assert.DoesNotContain(inner, page, StringComparison.Ordinal);
        }
        finally
        {
            await product.DisposeAsync();
        }
    }

    [Theory]
    [InlineData(false, "2026-11-20", "2027-01-01", "belongs to no company")]
    [InlineData(true, "2026-11-20", "2026-11-30", "begins on 2026-12-01")]
    [InlineData(true, "2026-11-20", "2027-11-19", null)]
    [InlineData(true, "2026-11-20", "2027-11-20", "no evidence of a contract")]
    [Promise("P-8-j")]
    public async Task A_destination_without_a_company_and_its_evidence_is_refused_at_the_start(bool listed, string looked, string today, string? words)
    {
        var file = await FileAsync(looked);
        var clock = new FixedClock(DateTimeOffset.Parse($"{today}T12:00:00Z", System.Globalization.CultureInfo.InvariantCulture));

        async Task StartAsync()
        {
            await using var app = RunningProduct.Build(folder, listed ? new() { ["Autonoomi:Operator:SubProcessorFile"] = file } : [], services =>
            {
                services.Replace(ServiceDescriptor.Singleton<TimeProvider>(clock));
                services.AddSingleton(new Destination("A weekly summary", "smtp.mail.test"));
            });
        }

        if (words is null) await StartAsync();
        else Assert.Contains(words, (await Assert.ThrowsAsync<SetupException>(StartAsync)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task This_version_registers_no_destination()
    {
        await using var app = RunningProduct.Build(folder, []);

        Assert.Empty(app.Services.GetServices<Destination>());
    }

    [Fact]
    public async Task A_file_that_is_not_there_or_not_right_and_the_old_setting_are_refused_with_the_fix()
    {
        var broken = Path.Combine(folder, "broken.json");
        await File.WriteAllTextAsync(broken, "{ \"versions\": [] }", TestContext.Current.CancellationToken);

        Refused("Autonoomi:Operator:SubProcessorFile", new() { ["Autonoomi:Operator:SubProcessorFile"] = Path.Combine(folder, "nowhere.json") });
        Refused("cannot be read", new() { ["Autonoomi:Operator:SubProcessorFile"] = broken });
        Refused("stand in a file now", new() { ["Autonoomi:Operator:SubProcessors:0:Name"] = "Host" });

        void Refused(string words, Dictionary<string, string?> more) => Assert.Contains(words, Assert.Throws<SetupException>(() => RunningProduct.Build(folder, more)).Message, StringComparison.Ordinal);
    }

    private async Task<string> FileAsync(string looked)
    {
        var file = Path.Combine(folder, "sub-processors.json");
        var evidence = string.Join(", ", new[] { "contract", "equalDuties", "assessment" }.Select(what => $$"""{ "what": "{{what}}", "on": "{{looked}}", "document": "{{new string('0', 64)}}", "by": "Ada Evidence" }"""));
        await File.WriteAllTextAsync(file, $$"""
            {
              "versions": [ { "number": 1, "date": "2026-12-01", "change": "Mail." } ],
              "subProcessors": [ { "name": "Mail & Co", "task": "Mail", "data": "names, addresses", "place": "Testland", "since": "2026-12-01", "version": 1, "hosts": ["smtp.mail.test"], "evidence": [ {{evidence}} ] } ]
            }
            """, TestContext.Current.CancellationToken);
        return file;
    }
}
