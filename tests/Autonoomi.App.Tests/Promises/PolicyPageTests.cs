using System.Net;
using System.Security.Cryptography;
using Autonoomi.App.Features.Policy;
using Autonoomi.App.Platform.Environments;
using Autonoomi.App.Platform.Policy;
using Autonoomi.App.Tests.Web;
using Autonoomi.Privacy;
using Autonoomi.Testing;

namespace Autonoomi.App.Tests.Promises;

/// <summary>The policy as a stranger reads it, and whom one can write to.</summary>
[Collection<PeopleTests>]
public sealed class PolicyPageTests(RunningProduct product)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    [Promise("P-0-a", "P-7-g", "P-9.1-c", "P-12-b", "P-13-a")]
    public async Task A_stranger_reads_version_date_hash_operator_and_how_to_complain()
    {
        using var stranger = product.Open();

        var page = WebUtility.HtmlDecode(await stranger.ReadAsync("/privacy"));

        var current = PrivacyPolicy.Versions[0];
        foreach (var needed in (string[])[$"Version {current.Number} of", current.Date.ToString("d MMMM yyyy", System.Globalization.CultureInfo.InvariantCulture), current.Sha256, "Test Operator", "2 Test Street", "privacy@seller.test", "security@seller.test", "complain to an authority"])
            Assert.Contains(needed, page, StringComparison.Ordinal);
        Assert.DoesNotContain("{{", page, StringComparison.Ordinal);
        Assert.DoesNotContain("{-}", page, StringComparison.Ordinal);
        foreach (var id in PrivacyPolicy.Parse(current.Text).SelectMany(block => block.Sentences).SelectMany(sentence => sentence.Promises).Distinct())
            Assert.Equal(1, page.Split($"id=\"{id}\"").Length - 1);
        foreach (var cookie in Platform.Web.SiteCookies.All) Assert.Contains($"<code>{cookie.Name}</code>", page, StringComparison.Ordinal);
    }

    [Fact]
    [Promise("P-9.1-b")]
    public async Task A_stranger_reads_every_purpose_with_its_basis_and_how_to_say_no()
    {
        using var stranger = product.Open();

        var page = WebUtility.HtmlDecode(await stranger.ReadAsync("/privacy"));

        foreach (var rule in Purposes.All)
        {
            var row = page.Split($"data-purpose=\"{rule.Purpose}\"")[1].Split("</tr>")[0];
            Assert.Contains(rule.Does, row, StringComparison.Ordinal);
            Assert.Contains(PurposeWords.Of(rule.Basis), row, StringComparison.Ordinal);
            Assert.Contains(rule.SayNo, row, StringComparison.Ordinal);
            Assert.Contains(rule.Balance, row, StringComparison.Ordinal);
        }
    }

    [Fact]
    [Promise("P-0-a", "P-12-b")]
    public async Task Every_version_is_served_byte_by_byte_and_says_what_it_changed()
    {
        using var stranger = product.Open();
        var list = await stranger.ReadAsync("/privacy/versions");
        foreach (var version in PrivacyPolicy.Versions)
        {
            var answer = await stranger.GetAsync($"/privacy/versions/{version.Number}.txt");
            Assert.Equal(version.Sha256, Convert.ToHexStringLower(SHA256.HashData(await answer.Content.ReadAsByteArrayAsync(Stop))));
            Assert.Contains(version.Sha256, list, StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync("/privacy/versions/999.txt")).StatusCode);
        Assert.Contains("What version 1 changed", await stranger.ReadAsync("/privacy/versions?of=1"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/account/sign-in")]
    [InlineData("/account/sign-up")]
    public async Task Sign_in_and_sign_up_lead_to_the_policy(string path)
    {
        using var stranger = product.Open();

        Assert.Contains("href=\"/privacy\"", await stranger.ReadAsync(path), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Weaknesses_are_reported_to_who_the_configuration_names()
    {
        using var stranger = product.Open();

        Assert.StartsWith("Contact: mailto:security@seller.test\nExpires: ", await stranger.ReadAsync("/.well-known/security.txt"), StringComparison.Ordinal);
        Assert.Equal(
            "Contact: mailto:s@seller.test\nExpires: 2027-05-29T00:00:00Z\nPreferred-Languages: en\nCanonical: https://ppc.seller.test/.well-known/security.txt\nPolicy: https://ppc.seller.test/privacy\n",
            PolicyEndpoints.SecurityText(new() { SecurityMail = "s@seller.test" }, "https://ppc.seller.test/", new(2026, 11, 30, 9, 0, 0, TimeSpan.Zero)));
    }

    [Theory]
    [InlineData("Name", "", "Autonoomi:Operator:Name")]
    [InlineData("Name", "Example Operator", "Autonoomi:Operator:Name")]
    [InlineData("Address", " ", "Autonoomi:Operator:Address")]
    [InlineData("PrivacyMail", "privacy@example.com", "Autonoomi:Operator:PrivacyMail")]
    [InlineData("PrivacyMail", "privacy", "Autonoomi:Operator:PrivacyMail")]
    [InlineData("SecurityMail", "s@mail.example", "Autonoomi:Operator:SecurityMail")]
    [InlineData("SecurityMail", "", "Autonoomi:Operator:SecurityMail")]
    [InlineData("AmazonIncidentMail", "", "Autonoomi:Operator:AmazonIncidentMail")]
    [InlineData("AmazonIncidentMail", "a@example.com", "Autonoomi:Operator:AmazonIncidentMail")]
    [InlineData("IncidentContact", " ", "Autonoomi:Operator:IncidentContact")]
    [InlineData("IncidentContact", "Example Contact", "Autonoomi:Operator:IncidentContact")]
    [Promise("P-7-g", "P-13-a")]
    public async Task Production_does_not_start_without_somebody_to_write_to(string field, string value, string named)
    {
        var folder = System.IO.Directory.CreateTempSubdirectory("autonoomi-operator-").FullName;
        var more = new Dictionary<string, string?> { ["Autonoomi:Storage:Environment"] = "Production", ["Autonoomi:Amazon:BaseAddress"] = null };
        await using (RunningProduct.Build(folder, more)) { }
        more[$"Autonoomi:Operator:{field}"] = value;

        var refused = Assert.Throws<SetupException>(() => RunningProduct.Build(folder, more));

        Assert.StartsWith(named, refused.Message, StringComparison.Ordinal);
        System.IO.Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void A_demonstration_shows_examples_on_domains_that_belong_to_nobody()
    {
        var shown = new OperatorSettings().OrExample();

        Assert.EndsWith("@example.com", shown.PrivacyMail, StringComparison.Ordinal);
        Assert.Equal(6, shown.Faults().Count()); // and production would refuse them
    }

    [Fact]
    public async Task The_board_shows_sellers_how_each_promise_stands_and_what_was_measured()
    {
        var (browser, _) = await product.SignedInAsync();
        var before = WebUtility.HtmlDecode(await browser.ReadAsync("/promises"));
        Assert.Contains("proof is old", before, StringComparison.Ordinal);

        await using var probed = await Probed.StartAsync(postgres: false);
        await probed.Get<Platform.Promises.ProbeBook>().AskAllAsync(Stop);
        var (signedIn, _) = await RunningProduct.SignedInAsync(probed.App);
        var page = WebUtility.HtmlDecode(await signedIn.ReadAsync("/promises"));

        foreach (var promise in PromiseRegister.Promises)
            Assert.Equal(promise.Audience == Audience.Seller, page.Contains($"<li id=\"{promise.Id}\" data-standing=", StringComparison.Ordinal));
        Assert.Contains("id=\"P-3-b\" data-standing=\"Proven\"", page, StringComparison.Ordinal);
        Assert.Contains("canaries and", page, StringComparison.Ordinal);
        Assert.DoesNotContain("do not hold", page, StringComparison.Ordinal);

        await probed.ExecuteAsync("alter table \"user\" add column user_agent text");
        await probed.Get<Platform.Promises.ProbeBook>().AskAllAsync(Stop);
        var broken = WebUtility.HtmlDecode(await signedIn.ReadAsync("/promises"));
        Assert.Contains($"{PromiseRegister.Promises.Count(promise => promise is { Probe: "columns", Audience: Audience.Seller })} promises do not hold at this moment", broken, StringComparison.Ordinal);
        Assert.Contains("id=\"P-1.3-a\" data-standing=\"Failing\"", broken, StringComparison.Ordinal);

        using var stranger = product.Open();
        Assert.Equal(HttpStatusCode.Redirect, (await stranger.GetAsync("/promises")).StatusCode);
    }
}
