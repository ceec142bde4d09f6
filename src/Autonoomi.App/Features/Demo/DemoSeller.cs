using System.Security.Cryptography;
using Autonoomi.Amazon.Login;
using Autonoomi.App.Features.Account;
using Autonoomi.App.Features.Economics;
using Autonoomi.App.Platform;
using Autonoomi.App.Platform.AmazonLink;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Policy;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;
using Autonoomi.Privacy;
using Autonoomi.Vault;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;

namespace Autonoomi.App.Features.Demo;

/// <summary>Does what a new customer does: signs up, gives both consents, types in what products cost. Each part is skipped when an earlier start did it.</summary>
internal sealed class DemoSeller(IServiceProvider services, World world, HttpClient browser, Uri product)
{
    public const string Email = "demo@autonoomi.example";

    /// <returns>The organisation, and the one-time password when the user was made just now.</returns>
    public async Task<(Guid Organisation, string? Password)> SignUpAsync(CancellationToken cancellationToken)
    {
        await using (var db = services.GetRequiredService<AppDbs>().System())
        {
            if (await db.Memberships.AsNoTracking().FirstOrDefaultAsync(cancellationToken) is { } member) return (member.Organisation, null);
        }

        await using var scope = services.CreateAsyncScope();
        var password = RandomNumberGenerator.GetString("abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789", 24);
        var signedUp = Take(await scope.ServiceProvider.GetRequiredService<SignUpHandler>().Handle(new SignUp("Demo seller", "Demo", Email, password, Adult: true, MayAct: true, Policy: (await services.GetRequiredService<PolicyBook>().InForceAsync(cancellationToken)).Number, OneTime: true), cancellationToken));
        return (signedUp.Organisation, password);
    }

    /// <returns>All storefronts of the pretend Amazon, connected, in its order.</returns>
    public async Task<IReadOnlyList<(SellerId Seller, StorefrontId Storefront)>> ConnectAsync(Guid organisation, CancellationToken cancellationToken)
    {
        var wanted = await world.StorefrontsAsync(cancellationToken);
        if (await ActiveAsync(organisation, wanted, cancellationToken) is { } active) return active;
        foreach (var account in wanted.DistinctBy(item => item.SellingPartnerId)) await ConsentSellerAsync(organisation, account, cancellationToken);
        foreach (var login in wanted.DistinctBy(item => item.StoreName)) await ConsentAdsAsync(organisation, login, cancellationToken);
        return await ActiveAsync(organisation, wanted, cancellationToken) ?? throw new InvalidOperationException("All consents were given and not all storefronts are connected.");
    }

    private async Task ConsentSellerAsync(Guid organisation, WorldStorefront account, CancellationToken cancellationToken)
    {
        var login = services.GetRequiredService<LoginWithAmazon>();
        var marketplace = Marketplace.Find(account.MarketplaceId);
        var state = ProofKey.NewVerifier();
        var redirect = new Uri(product, "/connect/seller/callback");
        var answer = QueryHelpers.ParseQuery((await World.ConsentAsync(browser, login.SellerConsentAddress(state, redirect, marketplace), account.SellingPartnerId, cancellationToken)).Query);
        if (answer["state"] != state) throw new InvalidOperationException("The seller consent came back with another state.");
        var tokens = await login.ExchangeAsync(GrantKind.SellingPartner, answer["spapi_oauth_code"].ToString(), redirect, null, cancellationToken);
        Take(await services.GetRequiredService<SellerLink>().AcceptSellerAsync(organisation, answer["selling_partner_id"].ToString(), tokens.RefreshToken, marketplace.Region, own: null, Platform.Audit.Actor.Operator, cancellationToken));
    }

    private async Task ConsentAdsAsync(Guid organisation, WorldStorefront account, CancellationToken cancellationToken)
    {
        var login = services.GetRequiredService<LoginWithAmazon>();
        var verifier = ProofKey.NewVerifier();
        var state = ProofKey.NewVerifier();
        var redirect = new Uri(product, "/connect/ads/callback");
        var page = login.AdsConsentAddress(state, ProofKey.Challenge(verifier), redirect, Marketplace.Find(account.MarketplaceId).Region);
        var answer = QueryHelpers.ParseQuery((await World.ConsentAsync(browser, page, account.StoreName, cancellationToken)).Query);
        if (answer["state"] != state) throw new InvalidOperationException("The advertising consent came back with another state.");
        var tokens = await login.ExchangeAsync(GrantKind.Ads, answer["code"].ToString(), redirect, verifier, cancellationToken);
        Take(await services.GetRequiredService<SellerLink>().AcceptAdsAsync(organisation, tokens.RefreshToken, own: null, Platform.Audit.Actor.Operator, cancellationToken));
    }

    /// <summary>What the seller knows by heart, through the same handlers as the pages.</summary>
    /// <param name="number">The storefront's place at the pretend Amazon.</param>
    /// <param name="seller">Its account.</param>
    /// <param name="storefront">Its profile.</param>
    /// <param name="mode">How far the software may go.</param>
    /// <param name="from">Since when the costs hold.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task TypeInAsync(int number, SellerId seller, StorefrontId storefront, AutomationMode mode, DateOnly from, CancellationToken cancellationToken)
    {
        // A demo that goes on finds what was typed before, by it or by a person.
        var vault = await services.GetRequiredService<SellerVaults>().OpenAsync(seller, Purpose.Instruct, cancellationToken);
        if (await vault.RecordAsync(RecordKind.Settings, RecordKind.RecordId(storefront, "all"), StoredJson.Default.StorefrontSettings, cancellationToken) is not null) return;
        var known = await world.SellerAsync(number, cancellationToken);
        var currency = new Currency(known.Currency);
        await using var scope = services.CreateAsyncScope();
        Take(await scope.ServiceProvider.GetRequiredService<SaveCostsHandler>().Handle(new SaveCosts(seller, storefront,
        [
            .. known.Products.Select(item => new ProductCost(new(item.Sku), from, new(item.CostOfGoods, currency), new(item.InboundPerUnit, currency), null, item.LeadTimeDays)),
        ], Platform.Audit.Actor.Operator), cancellationToken));
        var marketplace = Marketplace.Find(known.MarketplaceId);
        var settings = new StorefrontSettings(mode, new(known.SuggestedMonthlyBudget, currency), new(marketplace.MinimumBid * 500, currency), [], [], Frozen: false);
        Take(await scope.ServiceProvider.GetRequiredService<SaveSettingsHandler>().Handle(new SaveSettings(seller, storefront, settings, Platform.Audit.Actor.Operator), cancellationToken));
    }

    /// <returns>Null while one of them is not connected.</returns>
    private async Task<IReadOnlyList<(SellerId, StorefrontId)>?> ActiveAsync(Guid organisation, IReadOnlyList<WorldStorefront> wanted, CancellationToken cancellationToken)
    {
        await using var db = services.GetRequiredService<AppDbs>().System();
        var rows = await db.Storefronts.AsNoTracking().Where(row => row.Organisation == organisation && row.Active).ToDictionaryAsync(row => row.Storefront, cancellationToken);
        return wanted.All(item => rows.ContainsKey(item.ProfileId))
            ? [.. wanted.Select(item => (new SellerId(rows[item.ProfileId].Seller), new StorefrontId(item.ProfileId)))]
            : null;
    }

    private static T Take<T>(Result<T> result) => result.Error is { } error ? throw new InvalidOperationException(error.Message) : result.Value;
}
