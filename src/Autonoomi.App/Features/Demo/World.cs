using System.Globalization;
using System.IO;
using System.Net.Http.Headers;
using System.Text.Json.Serialization;
using Autonoomi.App.Platform.Environments;

namespace Autonoomi.App.Features.Demo;

/// <summary>The pretend Amazon's control routes. The demo command holds the world's key; nothing else of the product can ask for the truth.</summary>
internal sealed class World(HttpClient http)
{
    /// <param name="http">A client of its own.</param>
    /// <param name="address">The pretend Amazon.</param>
    /// <param name="keyFile">The file that holds the world's key.</param>
    /// <exception cref="SetupException">The key file cannot be read.</exception>
    public static World At(HttpClient http, Uri address, string keyFile)
    {
        try
        {
            http.BaseAddress = address;
            http.DefaultRequestHeaders.Add("X-World-Key", File.ReadAllText(keyFile).Trim());
            http.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
            return new World(http);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new SetupException($"The pretend Amazon's key file '{keyFile}' cannot be read: {failure.Message} Name it with --world-key-file.", failure);
        }
    }

    public async Task<WorldClock> ClockAsync(CancellationToken cancellationToken) => (await http.GetFromJsonAsync("/world/clock", WorldJson.Default.WorldClock, cancellationToken))!;

    public async Task<WorldClock> AdvanceDayAsync(CancellationToken cancellationToken)
    {
        using var response = await http.PostAsJsonAsync("/world/advance", new WorldAdvance(1), WorldJson.Default.WorldAdvance, cancellationToken);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync(WorldJson.Default.WorldClock, cancellationToken))!;
    }

    /// <summary>All storefronts; their places are the numbers that <see cref="SellerAsync"/> takes.</summary>
    public async Task<IReadOnlyList<WorldStorefront>> StorefrontsAsync(CancellationToken cancellationToken) =>
        (await http.GetFromJsonAsync("/world/sellers", WorldJson.Default.WorldSellers, cancellationToken))!.Storefronts;

    public async Task<WorldSeller> SellerAsync(int storefront, CancellationToken cancellationToken) =>
        (await http.GetFromJsonAsync(string.Create(CultureInfo.InvariantCulture, $"/world/seller?storefront={storefront}"), WorldJson.Default.WorldSeller, cancellationToken))!;

    public async Task<WorldTruth> TruthAsync(DateOnly first, DateOnly last, CancellationToken cancellationToken) =>
        (await http.GetFromJsonAsync(string.Create(CultureInfo.InvariantCulture, $"/world/truth?from={first:yyyy-MM-dd}&to={last:yyyy-MM-dd}"), WorldJson.Default.WorldTruth, cancellationToken))!;

    /// <summary>Says yes on a consent page, as the demo seller would, and returns where it leads.</summary>
    public static async Task<Uri> ConsentAsync(HttpClient browser, Uri page, string account, CancellationToken cancellationToken)
    {
        using (var shown = await browser.GetAsync(page, cancellationToken)) shown.EnsureSuccessStatusCode();
        using var form = new FormUrlEncodedContent([new("decision", "allow"), new("account", account)]);
        using var answer = await browser.PostAsync(page, form, cancellationToken);
        return answer.Headers.Location ?? throw new InvalidOperationException($"The consent page answered {(int)answer.StatusCode} and led nowhere.");
    }
}

internal sealed record WorldClock(DateTimeOffset Now, DateOnly Today);

internal sealed record WorldAdvance(int Days);

internal sealed record WorldProduct(string Sku, decimal CostOfGoods, decimal InboundPerUnit, int LeadTimeDays);

internal sealed record WorldSeller(string StoreName, string MarketplaceId, string Currency, decimal SuggestedMonthlyBudget, IReadOnlyList<WorldProduct> Products);

internal sealed record WorldStorefront(string StoreName, string SellingPartnerId, long ProfileId, string MarketplaceId);

internal sealed record WorldSellers(IReadOnlyList<WorldStorefront> Storefronts);

internal sealed record WorldDay(DateOnly Day, decimal ExpectedProfit, decimal OracleProfit);

internal sealed record WorldTruth(string Currency, IReadOnlyList<WorldDay> Days);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(WorldClock))]
[JsonSerializable(typeof(WorldAdvance))]
[JsonSerializable(typeof(WorldSeller))]
[JsonSerializable(typeof(WorldSellers))]
[JsonSerializable(typeof(WorldTruth))]
internal sealed partial class WorldJson : JsonSerializerContext;
