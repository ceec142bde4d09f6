using System.Security.Cryptography;
using Autonoomi.Amazon.Login;
using Autonoomi.App.Features.Account;
using Autonoomi.App.Features.Economics;
using Autonoomi.App.Platform;
using Autonoomi.App.Platform.AmazonLink;
using Autonoomi.App.Platform.Data;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;
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
        var password = RandomNumberGenerator.GetString("abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789", 20);
        var signedUp = Take(await scope.ServiceProvider.GetRequiredService<SignUpHandler>().Handle(new SignUp("Demo seller", "Demo", Email, password, Adult: true, MayAct: true, OneTime: true), cancellationToken));
        return (signedUp.Organisation, password);
    }

    public async Task<(SellerId Seller, StorefrontId Storefront)> ConnectAsync(Guid organisation, CancellationToken cancellationToken)
    {
        if (await ActiveAsync(organisation, cancellationToken) is { } active) return active;
        var login = services.GetRequiredService<LoginWithAmazon>();
        var link = services.GetRequiredService<SellerLink>();

        var state = ProofKey.NewVerifier();
        var redirect = new Uri(product, "/connect/seller/callback");
        var answer = QueryHelpers.ParseQuery((await World.ConsentAsync(browser, login.SellerConsentAddress(state, redirect), cancellationToken)).Query);
        if (answer["state"] != state) throw new InvalidOperationException("The seller consent came back with another state.");
        var tokens = await login.ExchangeAsync(GrantKind.SellingPartner, answer["spapi_oauth_code"].ToString(), redirect, null, cancellationToken);
        Take(await link.AcceptSellerAsync(organisation, answer["selling_partner_id"].ToString(), tokens.RefreshToken, AmazonRegion.NorthAmerica, cancellationToken));

        var verifier = ProofKey.NewVerifier();
        state = ProofKey.NewVerifier();
        redirect = new Uri(product, "/connect/ads/callback");
        answer = QueryHelpers.ParseQuery((await World.ConsentAsync(browser, login.AdsConsentAddress(state, ProofKey.Challenge(verifier), redirect), cancellationToken)).Query);
        if (answer["state"] != state) throw new InvalidOperationException("The advertising consent came back with another state.");
        tokens = await login.ExchangeAsync(GrantKind.Ads, answer["code"].ToString(), redirect, verifier, cancellationToken);
        Take(await link.AcceptAdsAsync(organisation, tokens.RefreshToken, cancellationToken));
        return await ActiveAsync(organisation, cancellationToken) ?? throw new InvalidOperationException("Both consents were given and no storefront is connected.");
    }

    /// <summary>What the seller knows by heart, through the same handlers as the pages.</summary>
    public async Task TypeInAsync(SellerId seller, StorefrontId storefront, AutomationMode mode, DateOnly from, CancellationToken cancellationToken)
    {
        var known = await world.SellerAsync(cancellationToken);
        var currency = new Currency(known.Currency);
        await using var scope = services.CreateAsyncScope();
        Take(await scope.ServiceProvider.GetRequiredService<SaveCostsHandler>().Handle(new SaveCosts(seller, storefront,
        [
            .. known.Products.Select(item => new ProductCost(new(item.Sku), from, new(item.CostOfGoods, currency), new(item.InboundPerUnit, currency), null, item.LeadTimeDays)),
        ]), cancellationToken));
        var marketplace = Marketplace.Find(known.MarketplaceId);
        var settings = new StorefrontSettings(mode, new(known.SuggestedMonthlyBudget, currency), new(marketplace.MinimumBid * 500, currency), [], [], Frozen: false);
        Take(await scope.ServiceProvider.GetRequiredService<SaveSettingsHandler>().Handle(new SaveSettings(seller, storefront, settings), cancellationToken));
    }

    private async Task<(SellerId, StorefrontId)?> ActiveAsync(Guid organisation, CancellationToken cancellationToken)
    {
        await using var db = services.GetRequiredService<AppDbs>().System();
        return await db.Storefronts.AsNoTracking().Where(row => row.Organisation == organisation && row.Active).OrderBy(row => row.MarketplaceId).FirstOrDefaultAsync(cancellationToken) is { } row
            ? (new SellerId(row.Seller), new StorefrontId(row.Storefront))
            : null;
    }

    private static T Take<T>(Result<T> result) => result.Error is { } error ? throw new InvalidOperationException(error.Message) : result.Value;
}
