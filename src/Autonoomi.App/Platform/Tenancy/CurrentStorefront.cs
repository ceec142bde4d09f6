using System.Security.Claims;
using Autonoomi.App.Platform.Data;
using Autonoomi.Core.Primitives;
using Autonoomi.Vault;
using Microsoft.EntityFrameworkCore;

namespace Autonoomi.App.Platform.Tenancy;

/// <param name="Seller">The seller account.</param>
/// <param name="Storefront">The Ads profile; 0 while the Ads grant is missing.</param>
/// <param name="Marketplace">Country, currency, limits.</param>
/// <param name="SellerName">As shown to its members.</param>
/// <param name="Active">Takes part in runs: both grants are there.</param>
public sealed record StorefrontChoice(SellerId Seller, StorefrontId Storefront, Marketplace Marketplace, string SellerName, bool Active);

/// <summary>Who is signed in, for which organisation, and which storefront is on screen. One per request or circuit; call <see cref="LoadAsync"/> first.</summary>
public sealed class CurrentStorefront(AppDbs databases, KeyChain keys, Tenant tenant)
{
    private StorefrontChoice? selected;

    public Guid User { get; private set; }
    public Guid Organisation { get; private set; }
    public string OrganisationName { get; private set; } = "";
    public MemberRole Role { get; private set; }

    /// <summary>The grant under which one of the operator's people looks; null for members.</summary>
    public StaffGrantRow? Grant { get; private set; }

    /// <summary>All storefronts of the organisation, connected or half connected, the first account's largest marketplace first; empty before the first consent.</summary>
    public IReadOnlyList<StorefrontChoice> Choices { get; private set; } = [];

    /// <summary>True when a storefront with both grants is selected: only then the properties below may be read.</summary>
    public bool IsReady => selected is { Active: true };

    /// <summary>The selected storefront, half connected ones included.</summary>
    public StorefrontChoice? Selected => selected;

    public SellerId Seller => Ready.Seller;
    public StorefrontId Storefront => Ready.Storefront;
    public Marketplace Marketplace => Ready.Marketplace;
    public string SellerName => Ready.SellerName;
    
    /// <summary>For what is shown; whatever acts asks <see cref="Rights"/> itself.</summary>
    public bool MayDecide => Rights.Has(Role, Right.Decide);

    /// <summary>The same for what only owners may.</summary>
    public bool MayOwn => Rights.Has(Role, Right.Own);

    private StorefrontChoice Ready => selected is { Active: true } ready ? ready : throw new InvalidOperationException("No storefront is selected: call LoadAsync and look at IsReady first.");

    /// <summary>Reads the person's membership and storefronts; the user id is the claim <see cref="ClaimTypes.NameIdentifier"/>.</summary>
    /// <returns>False when nobody is signed in or the person belongs to no organisation.</returns>
    public async Task<bool> LoadAsync(ClaimsPrincipal person, CancellationToken cancellationToken)
    {
        if (!Guid.TryParse(person.FindFirstValue(ClaimTypes.NameIdentifier), out var user)) return false;
        await using var db = databases.System();
        var membership = await db.Memberships.AsNoTracking().Where(row => row.User == user).OrderBy(row => row.Organisation).FirstOrDefaultAsync(cancellationToken);
        if (membership is null) return false;

        // Said to be a child's: from that moment on nothing is shown, whatever sessions are open.
        if (await Requests.CaseBook.IsFrozenAsync(db, user, cancellationToken)) return false;
        var organisation = await db.Organisations.AsNoTracking().SingleAsync(row => row.Id == membership.Organisation, cancellationToken);
        (User, Role, Grant) = (user, membership.Role, null);
        return await FillAsync(db, organisation, null, cancellationToken);
    }

    /// <summary>Loads the one account that a grant names, for one of the operator's people: with the lowest role, which only looks.</summary>
    public async Task<bool> LoadGrantedAsync(StaffGrantRow grant, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        if (await db.Organisations.AsNoTracking().SingleOrDefaultAsync(row => row.Id == grant.Organisation, cancellationToken) is not { } organisation) return false;
        (User, Role, Grant) = (grant.Staff, MemberRole.Viewer, grant);
        return await FillAsync(db, organisation, grant.Seller, cancellationToken);
    }

    /// <summary>Nothing is on screen any more: the grant has ended.</summary>
    public void Forget() => (selected, Choices, Grant, OrganisationName, Organisation) = (null, [], null, "", Guid.Empty);

    private async Task<bool> FillAsync(AppDb db, OrganisationRow organisation, Guid? only, CancellationToken cancellationToken)
    {
        tenant.ActFor(organisation.Id);
        Organisation = organisation.Id;
        OrganisationName = keys.Application.OpenText("organisation", "name", organisation.Id.ToString("N"), organisation.SealedName);

        var accounts = await db.SellerAccounts.AsNoTracking().Where(row => row.Organisation == organisation.Id && (only == null || row.Seller == only)).ToListAsync(cancellationToken);
        var storefronts = await db.Storefronts.AsNoTracking().Where(row => row.Organisation == organisation.Id).ToListAsync(cancellationToken);
        var order = Marketplace.All.Select(marketplace => marketplace.Id).ToList();
        Choices =
        [
            .. from account in accounts
               orderby account.CreatedAt, account.Seller
               from storefront in storefronts
               where storefront.Seller == account.Seller
               orderby order.IndexOf(storefront.MarketplaceId)
               select new StorefrontChoice(
                   new(account.Seller), new(storefront.Storefront), Marketplace.Find(storefront.MarketplaceId),
                   keys.Application.OpenText("seller_account", "name", account.Seller.ToString("N"), account.SealedName), storefront.Active),
        ];
        selected = Choices.FirstOrDefault(choice => selected is { } before && choice.Seller == before.Seller && choice.Marketplace.Id == before.Marketplace.Id)
            ?? Choices.FirstOrDefault(choice => choice.Active) ?? (Choices.Count > 0 ? Choices[0] : null);
        return true;
    }

    /// <summary>Name of the cookie that remembers the storefront, without the prefix that it has over HTTPS: seller and marketplace id with a dot between.</summary>
    public const string Cookie = "storefront";

    /// <summary>What the cookie holds for a storefront.</summary>
    public static string CookieValue(StorefrontChoice choice) => $"{choice.Seller}.{choice.Marketplace.Id}";

    /// <summary>Reads who asks, and which storefront the cookie remembers.</summary>
    /// <returns>False when nobody is signed in or the person belongs to no organisation.</returns>
    public Task<bool> LoadRememberedAsync(HttpContext request) => LoadRememberedAsync(request.User, request.Request.Cookies[Web.SiteCookies.NameOf(request.Request, Cookie)], request.RequestAborted);

    /// <param name="person">Who is signed in.</param>
    /// <param name="remembered">The storefront that the cookie remembers; null or unknown: the first that is ready.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False when nobody is signed in or the person belongs to no organisation.</returns>
    public async Task<bool> LoadRememberedAsync(ClaimsPrincipal person, string? remembered, CancellationToken cancellationToken)
    {
        if (!await LoadAsync(person, cancellationToken)) return false;
        if (remembered?.Split('.') is [var seller, var marketplace] && Guid.TryParse(seller, out var id)) Select(new SellerId(id), marketplace);
        return true;
    }

    /// <returns>False when the organisation has no such storefront; the selection then stays.</returns>
    public bool Select(SellerId seller, string marketplaceId)
    {
        if (Choices.FirstOrDefault(choice => choice.Seller == seller && choice.Marketplace.Id == marketplaceId) is not { } found) return false;
        selected = found;
        return true;
    }
}
