using System.Text.RegularExpressions;
using Autonoomi.App.Features.Account;
using Autonoomi.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Autonoomi.App.Tests.Web;

/// <summary>What sign-up demands, and what no page may ask.</summary>
[Collection<PeopleTests>]
public sealed partial class AskedForTests(RunningProduct product)
{
    /// <summary>Fields that hide what is typed: the password of the account here, and an own application's secret and token.</summary>
    private static readonly string[] Known = ["password", "old", "new", "proof", "secret", "token"];

    [Fact]
    [Promise("P-1.2-j")]
    public async Task No_page_has_a_field_for_the_password_of_an_Amazon_account()
    {
        using var stranger = product.Open();
        var (signedIn, who) = await product.SignedInAsync();
        await product.ConnectAsync(who.Organisation);
        var hidden = 0;
        foreach (var path in Pages())
        {
            foreach (var browser in (Browser[])[stranger, signedIn])
            {
                var answer = await browser.GetAsync(path);
                var page = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
                foreach (Match input in HiddenInput().Matches(page))
                {
                    hidden++;
                    var name = Name().Match(input.Value).Groups[1].Value;
                    Assert.True(Known.Contains(name), $"{path} hides what is typed into '{name}'");
                }

                foreach (Match label in Label().Matches(page))
                    Assert.False(label.Value.Contains("Amazon", StringComparison.OrdinalIgnoreCase) && label.Value.Contains("password", StringComparison.OrdinalIgnoreCase), $"{path} asks: {label.Value}");
            }
        }

        Assert.True(hidden >= 3, $"only {hidden} such fields were seen");
    }

    [Theory]
    [InlineData(true, true, null)]
    [InlineData(false, true, "adult")]
    [InlineData(true, false, "mayAct")]
    [Promise("P-11-a")]
    public async Task An_account_needs_the_word_of_an_adult_who_may_act(bool adult, bool mayAct, string? refused)
    {
        await using var scope = product.Services.CreateAsyncScope();

        var result = await scope.ServiceProvider.GetRequiredService<SignUpHandler>().Handle(new SignUp("House", "Ada", $"p{Guid.NewGuid():N}@example.com", RunningProduct.Password, adult, mayAct, RunningProduct.Policy), TestContext.Current.CancellationToken);

        Assert.Equal(refused, (result.Error as WrongField)?.Field);
    }

    private IEnumerable<string> Pages() => product.Services.GetRequiredService<Microsoft.AspNetCore.Routing.EndpointDataSource>().Endpoints.OfType<Microsoft.AspNetCore.Routing.RouteEndpoint>()
        .Where(endpoint => endpoint.Metadata.GetMetadata<Microsoft.AspNetCore.Components.Endpoints.ComponentTypeMetadata>() is not null)
        .Select(endpoint => "/" + endpoint.RoutePattern.RawText!.TrimStart('/')).Where(path => !path.Contains('{', StringComparison.Ordinal)).Distinct();

    [GeneratedRegex("<input[^>]*type=\"password\"[^>]*>")]
    private static partial Regex HiddenInput();

    [GeneratedRegex("\\bname=\"([^\"]*)\"")]
    private static partial Regex Name();

    [GeneratedRegex("<label[^>]*>.*?</label>", RegexOptions.Singleline)]
    private static partial Regex Label();
}
