using System.IO;
using System.Text.RegularExpressions;
using Autonoomi.App.Platform.Policy;
using Autonoomi.Privacy;
using Autonoomi.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Autonoomi.App.Tests.Web;

/// <summary>While the policy names no analytics there is none: not on a page, not in a script, not in a list of packages.</summary>
[Collection<PeopleTests>]
public sealed partial class NoAnalyticsTests(RunningProduct product)
{
    [Fact]
    [Promise("P-10-c")]
    public async Task No_page_loads_from_or_calls_another_host_before_the_policy_names_it()
    {
        if (await IsNamedAsync()) return;
        var (signedIn, who) = await product.SignedInAsync();
        await product.ConnectAsync(who.Organisation);
        using var stranger = product.Open();
        var (pages, scripts) = (0, new HashSet<string>(StringComparer.Ordinal));
        foreach (var path in Pages())
            foreach (var browser in (Browser[])[stranger, signedIn])
            {
                var answer = await browser.GetAsync(path);
                if (!answer.IsSuccessStatusCode) continue;
                pages++;
                var page = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
                Assert.Empty(Analytics.Traces(path, page).Concat(Analytics.Calls(path, page)));
                scripts.UnionWith(Script().Matches(page).Select(match => match.Groups[1].Value));
            }

        foreach (var script in scripts)
        {
            var text = await signedIn.ReadAsync("/" + script.TrimStart('/'));
            Assert.Empty(Analytics.Traces(script, text).Concat(Analytics.Calls(script, text)));
        }

        Assert.True(pages > 20 && scripts.Count > 0, $"only {pages} pages and {scripts.Count} scripts were seen");
    }

    [Fact]
    [Promise("P-10-c")]
    public async Task No_package_counts_before_the_policy_names_it()
    {
        if (await IsNamedAsync()) return;
        foreach (var list in (string[])["Directory.Packages.props", "src/Autonoomi.App/packages.lock.json", "src/Autonoomi.App/assets/package.json", "src/Autonoomi.App/assets/package-lock.json"])
            Assert.Empty(Analytics.Traces(list, await File.ReadAllTextAsync(Path.Combine(Repository.Root, list), TestContext.Current.CancellationToken)));
    }

    [Theory]
    [InlineData("<script src=\"https://www.googletagmanager.com/gtag/js\"></script>")]
    [InlineData("<img src='//counter.example/x.gif' />")]
    [InlineData("<link rel=\"stylesheet\" href=\"https://fonts.example/a.css\">")]
    [InlineData("fetch(\"https://collect.example/hit\")")]
    [InlineData("new WebSocket(`wss://live.example`)")]
    [InlineData("navigator.sendBeacon(\"https://hit.example/x\")")]
    [InlineData("<img src=\"/own.gif\" width=\"1\" height=\"1\">")]
    [InlineData("{ \"posthog-js\": \"1.0\" }")]
    [InlineData("window.gtag('event')")]
    [Promise("P-10-c")]
    public void What_counts_is_found(string planted) => Assert.NotEmpty(Analytics.Traces("here", planted).Concat(Analytics.Calls("here", planted)));

    [Theory]
    [InlineData("<a href=\"https://sellercentral.amazon.com\">Seller Central</a>")]
    [InlineData("<input type=\"hidden\" value=\"CfDJ8KqGtAgx2\" />")]
    [InlineData("<script src=\"/js/app.js\"></script> fetch(\"/connect\") import(\"./chart.js\")")]
    public void What_a_person_follows_or_comes_from_here_is_none(string harmless) => Assert.Empty(Analytics.Traces("here", harmless).Concat(Analytics.Calls("here", harmless)));

    [Fact]
    public void A_policy_names_it_by_its_list()
    {
        var policy = PrivacyPolicy.Versions[0];

        Assert.False(Analytics.IsNamed(policy));
        Assert.True(Analytics.IsNamed(policy with { Text = policy.Text + "\n\n{{analytics}}\n" }));
    }

    private async Task<bool> IsNamedAsync() => Analytics.IsNamed(await product.Services.GetRequiredService<PolicyBook>().InForceAsync(TestContext.Current.CancellationToken));

    private IEnumerable<string> Pages() => product.Services.GetRequiredService<Microsoft.AspNetCore.Routing.EndpointDataSource>().Endpoints.OfType<Microsoft.AspNetCore.Routing.RouteEndpoint>()
        .Where(endpoint => endpoint.Metadata.GetMetadata<Microsoft.AspNetCore.Components.Endpoints.ComponentTypeMetadata>() is not null)
        .Select(endpoint => "/" + endpoint.RoutePattern.RawText!.TrimStart('/')).Where(path => !path.Contains('{', StringComparison.Ordinal)).Distinct();

    [GeneratedRegex("<script\\b[^>]*?\\bsrc=\"([^\"]+)\"")]
    private static partial Regex Script();
}
