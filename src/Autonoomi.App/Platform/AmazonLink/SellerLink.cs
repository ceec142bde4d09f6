using Autonoomi.Amazon;
using Autonoomi.Amazon.Ads;
using Autonoomi.Amazon.Login;
using Autonoomi.Amazon.SellingPartner;
using Autonoomi.App.Platform.Agreements;
using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Deletion;
using Autonoomi.Core.Primitives;
using Autonoomi.Privacy;
using Autonoomi.Vault;
using Microsoft.EntityFrameworkCore;

namespace Autonoomi.App.Platform.AmazonLink;

/// <param name="Marketplaces">Storefronts that the consent opened or completed.</param>
/// <param name="Ready">Those of them that now have both consents and take part in runs.</param>
/// <param name="Missing">The consent that is still needed; null when both are there.</param>
/// <param name="Sellers">The seller accounts that the consent was kept for.</param>
public sealed record Linked(IReadOnlyList<Marketplace> Marketplaces, IReadOnlyList<(SellerId Seller, StorefrontId Storefront)> Ready, GrantKind? Missing, IReadOnlyList<SellerId> Sellers);

/// <summary>The consent is good but names nothing that fits.</summary>
public sealed record NothingToLink(string Text) : Error(Text);

/// <summary>What a consent connects, and the clients made from it. Tokens stay with <see cref="GrantBook"/>.</summary>
public sealed class SellerLink(AppDbs databases, KeyChain keys, SellerVaults vaults, AmazonConnections connections, GrantBook grants, AuditLog audit, AgreementBook agreements, DeletionBook deletions, TimeProvider clock)
{
    /// <summary>
    /// Keeps the Selling Partner consent: makes (or finds) the seller account in the organisation and its storefronts.
    /// </summary>
    /// <param name="organisation">Who gets the account.</param>
    /// <param name="sellingPartnerId">The merchant token of the callback.</param>
    /// <param name="refreshToken">From the exchange.</param>
    /// <param name="region">Where the consent was given.</param>
    /// <param name="own">The seller's own application that was authorised without a consent page; null is the installation's, through the page.</param>
    /// <param name="by">Who consented.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<Result<Linked>> AcceptSellerAsync(Guid organisation, string sellingPartnerId, Secret refreshToken, AmazonRegion region, OwnClient? own, Actor by, CancellationToken cancellationToken)
    {
        var partnerHash = keys.Application.LookupHash("selling-partner", sellingPartnerId);
        await using var db = databases.System();
        var account = await db.SellerAccounts.SingleOrDefaultAsync(row => row.Organisation == organisation && row.SellingPartnerHash == partnerHash && row.Region == region, cancellationToken);
        var seller = account is null ? new SellerId(Guid.CreateVersion7()) : new SellerId(account.Seller);
        var probe = new GrantHandle($"seller-probe/{Guid.NewGuid():N}", GrantKind.SellingPartner, refreshToken, own?.Client);
        var participations = await ParticipationsAsync(probe, sellingPartnerId, region, cancellationToken);
        if (participations.Count == 0) return new NothingToLink("This seller account sells in none of the marketplaces that Autonoomi knows. Connect an account that does.");

        var now = clock.GetUtcNow();
        if (account is null) await vaults.CreateAsync(seller, cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (account is null)
        {
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
        await grants.KeepAsync(db, organisation, seller, GrantKind.SellingPartner, refreshToken, own, selfAuthorised: own is not null, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        foreach (var told in await deletions.RejoinedAsync(db, seller, RetainedFrom.Selling, by, cancellationToken)) await audit.AppendAsync(db, told, cancellationToken);
        await agreements.RecordAsync(db, organisation, by, seller, given: true, By(by), [Agreed.To(AgreedTo.SellingPartner)], null, cancellationToken);
        await audit.AppendAsync(db, new(AuditAction.Connected, by, seller, "consent Selling Partner", own is null ? "consent page" : "own application"), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return await CompleteAsync(db, organisation, [seller], cancellationToken);
    }

    /// <summary>Keeps the Ads consent for every seller account of the organisation that it covers.</summary>
    /// <param name="organisation">Whose.</param>
    /// <param name="refreshToken">From the exchange.</param>
    /// <param name="own">The organisation's own security profile that the consent was given to; null is the installation's.</param>
    /// <param name="by">Who consented.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<Result<Linked>> AcceptAdsAsync(Guid organisation, Secret refreshToken, OwnClient? own, Actor by, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        var accounts = await db.SellerAccounts.AsNoTracking().Where(row => row.Organisation == organisation).ToListAsync(cancellationToken);
        if (accounts.Count == 0) return new NothingToLink("Connect the seller account first: the advertising profiles are matched to it.");

        var probe = new GrantHandle($"ads-probe/{Guid.NewGuid():N}", GrantKind.Ads, refreshToken, own?.Client);
        var profiles = await connections.Ads(probe, null, null).ProfilesAsync(cancellationToken);
        connections.Forget(probe.Key);
        var matched = new List<SellerId>();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        foreach (var account in accounts)
        {
            var partner = SellingPartnerId(account);
            var mine = profiles.Where(profile => profile.AccountId == partner && profile.Marketplace.Region == account.Region).ToList();
            if (mine.Count == 0) continue;
            matched.Add(new(account.Seller));
            var storefronts = await db.Storefronts.Where(row => row.Seller == account.Seller).ToListAsync(cancellationToken);
            foreach (var profile in mine)
            {
                var row = storefronts.FirstOrDefault(item => item.MarketplaceId == profile.Marketplace.Id);
                if (row is null) db.Storefronts.Add(row = new StorefrontRow { Seller = account.Seller, Organisation = organisation, MarketplaceId = profile.Marketplace.Id });
                row.Storefront = profile.Id.Value;
            }

            await grants.KeepAsync(db, organisation, new(account.Seller), GrantKind.Ads, refreshToken, own, selfAuthorised: false, cancellationToken);
        }

        if (matched.Count == 0) return new NothingToLink("This advertising account has no profile of the connected seller account. Consent with the Amazon login that manages its ads.");
        await db.SaveChangesAsync(cancellationToken);
        var told = new List<AuditEvent>();
        foreach (var seller in matched) told.AddRange(await deletions.RejoinedAsync(db, seller, RetainedFrom.Ads, by, cancellationToken));
        foreach (var back in told) await audit.AppendAsync(db, back, cancellationToken);
        foreach (var seller in matched) await agreements.RecordAsync(db, organisation, by, seller, given: true, By(by), [Agreed.To(AgreedTo.Ads)], null, cancellationToken);
        foreach (var seller in matched) await audit.AppendAsync(db, new(AuditAction.Connected, by, seller, "consent Ads", own is null ? "consent page" : "own security profile"), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return await CompleteAsync(db, organisation, matched, cancellationToken);
    }

    /// <exception cref="GrantRevokedException">The consent is missing or known to be withdrawn.</exception>
    public async Task<AdsClient> AdsAsync(SellerId seller, StorefrontId storefront, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        var row = await db.Storefronts.AsNoTracking().SingleAsync(item => item.Seller == seller.Value && item.Storefront == storefront.Value, cancellationToken);
        return connections.Ads(await grants.OpenAsync(db, seller, GrantKind.Ads, cancellationToken), storefront, Marketplace.Find(row.MarketplaceId));
    }

    /// <exception cref="GrantRevokedException">The consent is missing or known to be withdrawn.</exception>
    public async Task<SellingPartnerClient> SellingPartnerAsync(SellerId seller, StorefrontId storefront, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        var row = await db.Storefronts.AsNoTracking().SingleAsync(item => item.Seller == seller.Value && item.Storefront == storefront.Value, cancellationToken);
        var account = await db.SellerAccounts.AsNoTracking().SingleAsync(item => item.Seller == seller.Value, cancellationToken);
        return connections.SellingPartner(await grants.OpenAsync(db, seller, GrantKind.SellingPartner, cancellationToken), SellingPartnerId(account), Marketplace.Find(row.MarketplaceId));
    }

    /// <summary>The keys under which order ids of this seller are hashed: the same at every reading, and no order's id can be found from them.</summary>
    public OrderKeys OrderKeys(SellerId seller) => new(System.Text.Encoding.ASCII.GetBytes(keys.Application.LookupHash("order-keys", seller.ToString())));

    public async Task<Marketplace> MarketplaceAsync(SellerId seller, StorefrontId storefront, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        return Marketplace.Find(await db.Storefronts.Where(item => item.Seller == seller.Value && item.Storefront == storefront.Value).Select(item => item.MarketplaceId).SingleAsync(cancellationToken));
    }

    /// <summary>The seller's storefronts that have an advertising profile, and with it data of their own; in the order of <see cref="Marketplace.All"/>.</summary>
    public async Task<IReadOnlyList<(StorefrontId Storefront, Marketplace Marketplace)>> StorefrontsAsync(SellerId seller, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        var rows = await db.Storefronts.AsNoTracking().Where(item => item.Seller == seller.Value && item.Storefront != 0).ToListAsync(cancellationToken);
        return [.. Marketplace.All.SelectMany(marketplace => rows.Where(row => row.MarketplaceId == marketplace.Id).Select(row => (new StorefrontId(row.Storefront), marketplace)))];
    }

    /// <summary>The first call of a consent that is not kept yet: it proves the token and names the marketplaces of its region; others are passed over.</summary>
    private async Task<IReadOnlyList<Participation>> ParticipationsAsync(GrantHandle probe, string sellingPartnerId, AmazonRegion region, CancellationToken cancellationToken)
    {
        try
        {
            var found = await connections.SellingPartner(probe, sellingPartnerId, Marketplace.All.First(marketplace => marketplace.Region == region)).ParticipationsAsync(cancellationToken);
            return [.. found.Where(item => item.Marketplace.Region == region)];
        }
        finally
        {
            connections.Forget(probe.Key);
        }
    }

    private static AgreedBy By(Actor by) => by.Kind == ActorKind.Person ? AgreedBy.Page : AgreedBy.Command;

    private string SellingPartnerId(SellerAccountRow account) =>
        keys.Application.OpenText("seller_account", "selling_partner_id", account.Seller.ToString("N"), account.SealedSellingPartnerId);

    // A storefront keeps its place with a consent that has ended: its data and pages stay, only runs wait.
    private static async Task<Linked> CompleteAsync(AppDb db, Guid organisation, IReadOnlyList<SellerId> sellers, CancellationToken cancellationToken)
    {
        var grants = await db.Grants.Where(row => row.Organisation == organisation).ToListAsync(cancellationToken);
        var storefronts = await db.Storefronts.Where(row => row.Organisation == organisation).ToListAsync(cancellationToken);
        foreach (var row in storefronts)
            row.Active = row.Storefront != 0 && grants.Count(grant => grant.Seller == row.Seller) == 2;
        await db.SaveChangesAsync(cancellationToken);
        bool Good(GrantKind kind, Guid seller) => grants.Exists(grant => grant.Kind == kind && grant.Seller == seller && grant.State != GrantState.ReauthRequired);
        var ready = storefronts.Where(row => row.Active && Good(GrantKind.Ads, row.Seller) && Good(GrantKind.SellingPartner, row.Seller)).ToList();
        GrantKind? missing = ready.Count > 0 ? null : storefronts.Any(row => Good(GrantKind.SellingPartner, row.Seller)) ? GrantKind.Ads : GrantKind.SellingPartner;
        return new(
            [.. storefronts.Select(row => Marketplace.Find(row.MarketplaceId))],
            [.. ready.Select(row => (new SellerId(row.Seller), new StorefrontId(row.Storefront)))], missing, sellers);
    }
}
