using Autonoomi.Amazon;
using Autonoomi.Amazon.Ads;
using Autonoomi.Amazon.Login;
using Autonoomi.Amazon.SellingPartner;
using Autonoomi.App.Platform.Data;
using Autonoomi.Core.Primitives;
using Autonoomi.Privacy;
using Autonoomi.Vault;
using Microsoft.EntityFrameworkCore;

namespace Autonoomi.App.Platform.AmazonLink;

/// <param name="Marketplaces">Storefronts that the consent opened or completed.</param>
/// <param name="Ready">Those of them that now have both consents and take part in runs.</param>
/// <param name="Missing">The consent that is still needed; null when both are there.</param>
public sealed record Linked(IReadOnlyList<Marketplace> Marketplaces, IReadOnlyList<(SellerId Seller, StorefrontId Storefront)> Ready, GrantKind? Missing);

/// <summary>The consent is good but names nothing that fits.</summary>
public sealed record NothingToLink(string Text) : Error(Text);

/// <summary>Grants at rest, and clients made from them. Tokens are opened here and nowhere else.</summary>
public sealed class SellerLink(AppDbs databases, KeyChain keys, SellerVaults vaults, AmazonConnections connections, TimeProvider clock)
{
    /// <summary>
    /// Keeps the Selling Partner consent: makes (or finds) the seller account in the organisation and its storefronts.
    /// </summary>
    /// <param name="organisation">Who gets the account.</param>
    /// <param name="sellingPartnerId">The merchant token of the callback.</param>
    /// <param name="refreshToken">From the exchange.</param>
    /// <param name="region">Where the consent was given.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<Result<Linked>> AcceptSellerAsync(Guid organisation, string sellingPartnerId, Secret refreshToken, AmazonRegion region, CancellationToken cancellationToken)
    {
        var partnerHash = keys.Application.LookupHash("selling-partner", sellingPartnerId);
        await using var db = databases.System();
        var account = await db.SellerAccounts.SingleOrDefaultAsync(row => row.Organisation == organisation && row.SellingPartnerHash == partnerHash && row.Region == region, cancellationToken);
        var seller = account is null ? new SellerId(Guid.NewGuid()) : new SellerId(account.Seller);
        var probe = new GrantHandle(GrantKey(seller, GrantKind.SellingPartner), GrantKind.SellingPartner, refreshToken);
        connections.Forget(probe.Key);
        var participations = await connections.SellingPartner(probe, sellingPartnerId, Marketplace.All.First(marketplace => marketplace.Region == region)).ParticipationsAsync(cancellationToken);
        if (participations.Count == 0) return new NothingToLink("This seller account sells in none of the marketplaces that Autonoomi knows. Connect an account that does.");

        var now = clock.GetUtcNow();
        if (account is null)
        {
            await vaults.CreateAsync(seller, cancellationToken);
            var name = participations.Select(item => item.StoreName).FirstOrDefault(text => text.Length > 0) ?? sellingPartnerId;
            db.SellerAccounts.Add(new SellerAccountRow
            {
                Seller = seller.Value, Organisation = organisation, Region = region, CreatedAt = now, SellingPartnerHash = partnerHash,
                SealedName = keys.Application.SealText("seller_account", "name", seller.ToString(), name),
                SealedSellingPartnerId = keys.Application.SealText("seller_account", "selling_partner_id", seller.ToString(), sellingPartnerId),
            });
        }

        var known = await db.Storefronts.Where(row => row.Seller == seller.Value).ToListAsync(cancellationToken);
        foreach (var participation in participations.Where(item => known.All(row => row.MarketplaceId != item.Marketplace.Id)))
            db.Storefronts.Add(new StorefrontRow { Seller = seller.Value, Organisation = organisation, MarketplaceId = participation.Marketplace.Id });
        await KeepAsync(db, organisation, seller, GrantKind.SellingPartner, refreshToken, now, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        return await CompleteAsync(db, organisation, cancellationToken);
    }

    /// <summary>Keeps the Ads consent for every seller account of the organisation that it covers.</summary>
    public async Task<Result<Linked>> AcceptAdsAsync(Guid organisation, Secret refreshToken, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        var accounts = await db.SellerAccounts.AsNoTracking().Where(row => row.Organisation == organisation).ToListAsync(cancellationToken);
        if (accounts.Count == 0) return new NothingToLink("Connect the seller account first: the advertising profiles are matched to it.");

        var probe = new GrantHandle($"ads-probe/{Guid.NewGuid():N}", GrantKind.Ads, refreshToken);
        var profiles = await connections.Ads(probe, null, null).ProfilesAsync(cancellationToken);
        connections.Forget(probe.Key);
        var now = clock.GetUtcNow();
        var matched = 0;
        foreach (var account in accounts)
        {
            var partner = SellingPartnerId(account);
            var mine = profiles.Where(profile => profile.AccountId == partner && profile.Marketplace.Region == account.Region).ToList();
            if (mine.Count == 0) continue;
            matched++;
            var storefronts = await db.Storefronts.Where(row => row.Seller == account.Seller).ToListAsync(cancellationToken);
            foreach (var profile in mine)
            {
                var row = storefronts.FirstOrDefault(item => item.MarketplaceId == profile.Marketplace.Id);
                if (row is null) db.Storefronts.Add(row = new StorefrontRow { Seller = account.Seller, Organisation = organisation, MarketplaceId = profile.Marketplace.Id });
                row.Storefront = profile.Id.Value;
            }

            await KeepAsync(db, organisation, new(account.Seller), GrantKind.Ads, refreshToken, now, cancellationToken);
            connections.Forget(GrantKey(new(account.Seller), GrantKind.Ads));
        }

        if (matched == 0) return new NothingToLink("This advertising account has no profile of the connected seller account. Consent with the Amazon login that manages its ads.");
        await db.SaveChangesAsync(cancellationToken);
        return await CompleteAsync(db, organisation, cancellationToken);
    }

    /// <summary>Which consents a seller account has, and how they stand.</summary>
    public async Task<IReadOnlyList<(GrantKind Kind, GrantState State, DateTimeOffset ConsentedAt)>> GrantsAsync(SellerId seller, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        var rows = await db.Grants.AsNoTracking().Where(row => row.Seller == seller.Value).ToListAsync(cancellationToken);
        return [.. rows.OrderBy(row => row.Kind).Select(row => (row.Kind, row.State, row.ConsentedAt))];
    }

    /// <exception cref="GrantRevokedException">The consent is missing or known to be withdrawn.</exception>
    public async Task<AdsClient> AdsAsync(SellerId seller, StorefrontId storefront, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        var row = await db.Storefronts.AsNoTracking().SingleAsync(item => item.Seller == seller.Value && item.Storefront == storefront.Value, cancellationToken);
        return connections.Ads(await HandleAsync(db, seller, GrantKind.Ads, cancellationToken), storefront, Marketplace.Find(row.MarketplaceId));
    }

    /// <exception cref="GrantRevokedException">The consent is missing or known to be withdrawn.</exception>
    public async Task<SellingPartnerClient> SellingPartnerAsync(SellerId seller, StorefrontId storefront, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        var row = await db.Storefronts.AsNoTracking().SingleAsync(item => item.Seller == seller.Value && item.Storefront == storefront.Value, cancellationToken);
        var account = await db.SellerAccounts.AsNoTracking().SingleAsync(item => item.Seller == seller.Value, cancellationToken);
        return connections.SellingPartner(await HandleAsync(db, seller, GrantKind.SellingPartner, cancellationToken), SellingPartnerId(account), Marketplace.Find(row.MarketplaceId));
    }

    public async Task<Marketplace> MarketplaceAsync(SellerId seller, StorefrontId storefront, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        return Marketplace.Find(await db.Storefronts.Where(item => item.Seller == seller.Value && item.Storefront == storefront.Value).Select(item => item.MarketplaceId).SingleAsync(cancellationToken));
    }

    /// <summary>Amazon said that the consent is gone: it is not tried again until a person consents anew.</summary>
    public async Task MarkRevokedAsync(SellerId seller, GrantKind kind, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        await db.Grants.Where(row => row.Seller == seller.Value && row.Kind == kind).ExecuteUpdateAsync(set => set.SetProperty(row => row.State, GrantState.Revoked), cancellationToken);
        connections.Forget(GrantKey(seller, kind));
    }

    private static string GrantKey(SellerId seller, GrantKind kind) => $"{seller}/{kind}";

    private string SellingPartnerId(SellerAccountRow account) =>
        keys.Application.OpenText("seller_account", "selling_partner_id", account.Seller.ToString("N"), account.SealedSellingPartnerId);

    private async Task<GrantHandle> HandleAsync(AppDb db, SellerId seller, GrantKind kind, CancellationToken cancellationToken)
    {
        var row = await db.Grants.AsNoTracking().SingleOrDefaultAsync(item => item.Seller == seller.Value && item.Kind == kind, cancellationToken);
        if (row is null or { State: GrantState.Revoked }) throw new GrantRevokedException(kind, null);
        return new(GrantKey(seller, kind), kind, new Secret(keys.Application.OpenText("grant", "token", GrantKey(seller, kind), row.SealedToken)));
    }

    private async Task KeepAsync(AppDb db, Guid organisation, SellerId seller, GrantKind kind, Secret refreshToken, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var sealedToken = keys.Application.SealText("grant", "token", GrantKey(seller, kind), refreshToken.Reveal());
        if (await db.Grants.SingleOrDefaultAsync(row => row.Seller == seller.Value && row.Kind == kind, cancellationToken) is { } before)
            (before.SealedToken, before.ConsentedAt, before.State) = (sealedToken, now, GrantState.Active);
        else
            db.Grants.Add(new GrantRow { Seller = seller.Value, Kind = kind, Organisation = organisation, SealedToken = sealedToken, ConsentedAt = now, State = GrantState.Active });
    }

    private static async Task<Linked> CompleteAsync(AppDb db, Guid organisation, CancellationToken cancellationToken)
    {
        var grants = await db.Grants.Where(row => row.Organisation == organisation && row.State == GrantState.Active).ToListAsync(cancellationToken);
        var storefronts = await db.Storefronts.Where(row => row.Organisation == organisation).ToListAsync(cancellationToken);
        foreach (var row in storefronts)
            row.Active = row.Storefront != 0 && grants.Count(grant => grant.Seller == row.Seller) == 2;
        await db.SaveChangesAsync(cancellationToken);
        GrantKind? missing = grants.All(grant => grant.Kind != GrantKind.SellingPartner) ? GrantKind.SellingPartner
            : storefronts.Any(row => row.Active) ? null : GrantKind.Ads;
        return new(
            [.. storefronts.Select(row => Marketplace.Find(row.MarketplaceId))],
            [.. storefronts.Where(row => row.Active).Select(row => (new SellerId(row.Seller), new StorefrontId(row.Storefront)))], missing);
    }
}
