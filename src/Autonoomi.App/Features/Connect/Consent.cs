using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Autonoomi.Amazon;
using Autonoomi.Amazon.Login;
using Autonoomi.App.Platform;
using Autonoomi.App.Platform.AmazonLink;
using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Jobs;
using Autonoomi.Core.Primitives;
using Autonoomi.Vault;
using Microsoft.EntityFrameworkCore;

namespace Autonoomi.App.Features.Connect;

/// <summary>Begins a consent: remembers who asked, in which browser, for what, and says where to go.</summary>
/// <param name="User">The signed-in person.</param>
/// <param name="Organisation">For which the account is connected.</param>
/// <param name="Kind">Which consent.</param>
/// <param name="Browser">Random value kept in a cookie of this browser alone; see <see cref="StartConsentHandler.NewBrowser"/>.</param>
/// <param name="Redirect">Our callback of this kind, exactly as registered with Amazon.</param>
/// <param name="Country">Where the seller signs in at Amazon, for example <c>US</c>.</param>
/// <param name="Again">The seller account whose consent is renewed; null for a new one.</param>
/// <param name="Own">The organisation's own security profile to consent to; null is the installation's. Ads only.</param>
/// <param name="Appstore">What Amazon gave along when the connection began in its Appstore; null when it began here.</param>
public sealed record StartConsent(
    Guid User, Guid Organisation, GrantKind Kind, string Browser, Uri Redirect, string Country = "US", SellerId? Again = null, OwnClient? Own = null, AppstoreCall? Appstore = null);

/// <summary>How Amazon's Appstore opens the application's log-in address.</summary>
/// <param name="Callback"><c>amazon_callback_uri</c>.</param>
/// <param name="State"><c>amazon_state</c>, returned unchanged.</param>
/// <param name="SellingPartnerId"><c>selling_partner_id</c>: the account that the seller agreed to connect.</param>
public sealed record AppstoreCall(string? Callback, string? State, string? SellingPartnerId);

/// <summary>What Amazon sent back through the browser.</summary>
/// <param name="User">The person signed in now.</param>
/// <param name="Organisation">The organisation of now.</param>
/// <param name="Kind">Of the callback's path.</param>
/// <param name="Browser">The cookie's value; null without a cookie.</param>
/// <param name="Redirect">The callback's own address.</param>
/// <param name="State">As received.</param>
/// <param name="Code"><c>code</c> or <c>spapi_oauth_code</c>.</param>
/// <param name="SellingPartnerId">Selling Partner only.</param>
/// <param name="Refused">Amazon's <c>error</c>, for example <c>access_denied</c>.</param>
public sealed record FinishConsent(Guid User, Guid Organisation, GrantKind Kind, string? Browser, Uri Redirect, string? State, string? Code, string? SellingPartnerId, string? Refused);

/// <summary>Why a consent did not come about.</summary>
public enum ConsentProblem { MissingState, UnknownState, OtherPerson, OtherBrowser, OtherProvider, Used, Late, Refused, MissingCode, MissingSeller, OtherSeller, NothingFits, CodeRejected, Withdrawn, Operator, AmazonDown, NotAmazon, WrongInput }

/// <param name="Problem">For tests and the page's picture.</param>
/// <param name="Text">What happened and what to do.</param>
public sealed record ConsentFailed(ConsentProblem Problem, string Text) : Error(Text);

/// <summary>What is kept of a consent on its way, sealed.</summary>
/// <param name="Verifier">Of the proof key; null where the provider has none.</param>
/// <param name="BrowserHash">SHA-256 of the browser's value.</param>
/// <param name="Redirect">The address that Amazon will call.</param>
/// <param name="Country">Where the seller signed in.</param>
/// <param name="Again">The account whose consent is renewed.</param>
/// <param name="Own">The organisation's own security profile, until the exchange has proved it.</param>
/// <param name="Seller">The selling partner who agreed in the Appstore.</param>
internal sealed record ConsentTerms(string? Verifier, string BrowserHash, string Redirect, string Country, Guid? Again, OwnTerms? Own = null, string? Seller = null);

internal sealed record OwnTerms(string Id, string Secret, DateTimeOffset? EndsAt)
{
    public OwnClient Open() => new(new(Id, new(Secret)), EndsAt);
}

[JsonSerializable(typeof(ConsentTerms))]
internal sealed partial class ConsentJson : JsonSerializerContext;

public sealed class StartConsentHandler(AppDbs databases, KeyChain keys, LoginWithAmazon login, TimeProvider clock)
{
    /// <summary>The whole dance at Amazon has to end within this time.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    /// <returns>256 random bits, URL-safe.</returns>
    public static string NewBrowser() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <returns>Amazon's consent page.</returns>
    public async Task<Result<Uri>> Handle(StartConsent request, CancellationToken cancellationToken)
    {
        if (Marketplace.All.FirstOrDefault(item => item.Country == request.Country) is not { } marketplace)
            return new ConsentFailed(ConsentProblem.NothingFits, $"'{request.Country}' is no marketplace that Autonoomi knows. Choose one from the list.");

        var state = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        Uri? appstore = null;
        if (request.Appstore is { } call)
        {
            if (call.Callback is not { Length: <= 500 } callback || call.State is not { Length: > 0 and <= 2000 } amazonState || !SellingPartners.IsId(call.SellingPartnerId)
                || login.AppstoreAddress(callback, amazonState, state, request.Redirect) is not { } found)
                return new ConsentFailed(ConsentProblem.NotAmazon, "This link does not come from Amazon's Appstore as it should, so it is not followed. Open the application from your Appstore page again, or begin the connection here.");
            appstore = found.Address;
            marketplace = Marketplace.All.First(item => item.Country == found.Country);
        }

        var hash = StateHash(state);
        var verifier = request.Kind == GrantKind.Ads ? ProofKey.NewVerifier() : null;
        var terms = new ConsentTerms(verifier, StateHash(request.Browser), request.Redirect.AbsoluteUri, marketplace.Country, request.Again?.Value,
            request.Own is { } own ? new(own.Client.Id, own.Client.ClientSecret.Reveal(), own.SecretEndsAt) : null, request.Appstore?.SellingPartnerId);
        var now = clock.GetUtcNow();
        await using var db = databases.System();
        await db.ConsentStates.Where(row => row.ExpiresAt < now.AddDays(-1)).ExecuteDeleteAsync(cancellationToken);
        db.ConsentStates.Add(new ConsentStateRow
        {
            StateHash = hash, User = request.User, Organisation = request.Organisation, Kind = request.Kind, ExpiresAt = now + Life,
            SealedVerifier = keys.Application.Seal("consent_state", "verifier", hash, JsonSerializer.SerializeToUtf8Bytes(terms, ConsentJson.Default.ConsentTerms)),
        });
        await db.SaveChangesAsync(cancellationToken);
        return request.Kind switch
        {
            GrantKind.Ads => login.AdsConsentAddress(state, ProofKey.Challenge(verifier!), request.Redirect, marketplace.Region, request.Own?.Client),
            GrantKind.SellingPartner => appstore ?? login.SellerConsentAddress(state, request.Redirect, marketplace),
        };
    }

    internal static string StateHash(string value) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(value)));
}

public sealed partial class FinishConsentHandler(AppDbs databases, KeyChain keys, LoginWithAmazon login, SellerLink link, Runs runs, TimeProvider clock, ILogger<FinishConsentHandler> log)
{
    /// <returns>What is connected now; the first run of every complete storefront has been asked for.</returns>
    public async Task<Result<Linked>> Handle(FinishConsent request, CancellationToken cancellationToken)
    {
        var result = await TryAsync(request, cancellationToken);
        if (result.Error is ConsentFailed failed) LogRefused(request.Kind, failed.Problem);
        return result;
    }

    private async Task<Result<Linked>> TryAsync(FinishConsent request, CancellationToken cancellationToken)
    {
        var claimed = await ClaimAsync(request, cancellationToken);
        if (claimed.Error is { } refused) return refused;
        var terms = claimed.Value;

        if (request.Refused is { Length: > 0 })
            return new ConsentFailed(ConsentProblem.Refused, "You did not give the consent at Amazon, so nothing was connected. If that was not meant, begin again and choose Allow.");
        if (string.IsNullOrEmpty(request.Code)) return new ConsentFailed(ConsentProblem.MissingCode, "Amazon's answer came without its code. Begin again; if it happens twice, use another browser.");
        if (request.Kind == GrantKind.SellingPartner && !SellingPartners.IsId(request.SellingPartnerId))
            return new ConsentFailed(ConsentProblem.MissingSeller, "Amazon's answer did not name the seller account. Begin again with the account's primary user.");
        if (request.Kind == GrantKind.SellingPartner && terms.Again is { } again && !await IsSameSellerAsync(again, request.SellingPartnerId!, cancellationToken))
            return new ConsentFailed(ConsentProblem.OtherSeller, "This consent is of another seller account than the one to be renewed. Sign out at Amazon, begin again and sign in with the right one; or connect the other account as a new one.");
        if (terms.Seller is { } agreed && agreed != request.SellingPartnerId)
            return new ConsentFailed(ConsentProblem.OtherSeller, "You agreed in the Appstore for another seller account than the one that Amazon named now. Sign out at Amazon and open the application from the right account's Appstore page.");

        try
        {
            var own = terms.Own?.Open();
            var tokens = await login.ExchangeAsync(request.Kind, request.Code, request.Redirect, terms.Verifier, own?.Client, cancellationToken);
            var linked = request.Kind switch
            {
                GrantKind.SellingPartner => await link.AcceptSellerAsync(request.Organisation, request.SellingPartnerId!, tokens.RefreshToken, Marketplace.All.First(item => item.Country == terms.Country).Region, own: null, Actor.Person(request.User), cancellationToken),
                GrantKind.Ads => await link.AcceptAdsAsync(request.Organisation, tokens.RefreshToken, own, Actor.Person(request.User), cancellationToken),
            };
            if (linked.Error is { } nothing) return new ConsentFailed(ConsentProblem.NothingFits, nothing.Message);
            await runs.BeginAsync(linked.Value, cancellationToken);
            LogConnected(request.Kind, linked.Value.Ready.Count);
            return linked;
        }
        catch (GrantRevokedException)
        {
            return new ConsentFailed(ConsentProblem.Withdrawn, "Amazon withdrew the consent at once. Begin again; if it stays so, look in Seller Central under Apps and services whether the permission was removed.");
        }
        catch (OperatorCredentialsException wrong) when (wrong.OwnClient)
        {
            return new ConsentFailed(ConsentProblem.WrongInput, "Amazon does not accept this client id and secret together. Copy both anew from the security profile and begin again; nothing was kept.");
        }
        catch (OperatorCredentialsException)
        {
            return new ConsentFailed(ConsentProblem.Operator, "Amazon does not accept this installation's own credentials. Whoever runs it has to check Autonoomi:Amazon (client ids and secrets); your account is not at fault.");
        }
        catch (AmazonApiException failure) when (failure.IsTransient)
        {
            return new ConsentFailed(ConsentProblem.AmazonDown, "Amazon did not answer. Nothing was connected; begin again in a few minutes.");
        }
        catch (AmazonApiException)
        {
            return new ConsentFailed(ConsentProblem.CodeRejected, "Amazon no longer takes this code: it lives five minutes and works once. Begin again.");
        }
    }

    /// <summary>Takes the state out of circulation, in one statement: of two parallel callbacks one wins.</summary>
    private async Task<Result<ConsentTerms>> ClaimAsync(FinishConsent request, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(request.State) || request.State.Length > 200)
            return new ConsentFailed(ConsentProblem.MissingState, "The answer came without the mark that we gave along, so it cannot be told who began it. Begin the connection here, not from a saved link.");

        var hash = StartConsentHandler.StateHash(request.State);
        var now = clock.GetUtcNow();
        await using var db = databases.System();
        var row = await db.ConsentStates.AsNoTracking().SingleOrDefaultAsync(item => item.StateHash == hash, cancellationToken);
        if (row is null) return new ConsentFailed(ConsentProblem.UnknownState, "This answer belongs to no connection that was begun here. If you did not begin one just now, somebody may have sent you a prepared link: close it. Otherwise begin again.");

        // Whoever is not the one who asked must not use the state up.
        if (row.User != request.User || row.Organisation != request.Organisation)
            return new ConsentFailed(ConsentProblem.OtherPerson, "Another person began this connection. Sign in as that person, or begin again yourself.");
        var terms = JsonSerializer.Deserialize(keys.Application.Open("consent_state", "verifier", hash, row.SealedVerifier!), ConsentJson.Default.ConsentTerms)!;
        if (request.Browser is not { Length: > 0 } browser
            || !CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(StartConsentHandler.StateHash(browser)), Encoding.ASCII.GetBytes(terms.BrowserHash)))
            return new ConsentFailed(ConsentProblem.OtherBrowser, "The connection was begun in another browser or its cookie is gone. Begin again and stay in one browser until it ends.");
        if (row.Kind != request.Kind || terms.Redirect != request.Redirect.AbsoluteUri)
            return new ConsentFailed(ConsentProblem.OtherProvider, "The answer came to the wrong address: the advertising consent and the seller consent have one each. Begin again.");
        if (row.UsedAt is not null) return new ConsentFailed(ConsentProblem.Used, "This answer was used already; each works once. Look below whether the connection stands, or begin again.");
        if (now > row.ExpiresAt) return new ConsentFailed(ConsentProblem.Late, "More than ten minutes went by at Amazon, and the connection expired. Begin again.");

        var claimed = await db.ConsentStates.Where(item => item.StateHash == hash && item.UsedAt == null && item.ExpiresAt >= now)
            .ExecuteUpdateAsync(set => set.SetProperty(item => item.UsedAt, now), cancellationToken);
        return claimed == 1 ? terms : new ConsentFailed(ConsentProblem.Used, "This answer was used already; each works once. Look below whether the connection stands, or begin again.");
    }

    private async Task<bool> IsSameSellerAsync(Guid seller, string sellingPartnerId, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        var hash = await db.SellerAccounts.Where(row => row.Seller == seller).Select(row => row.SellingPartnerHash).SingleOrDefaultAsync(cancellationToken);
        return hash == keys.Application.LookupHash("selling-partner", sellingPartnerId);
    }

    [LoggerMessage(LogLevel.Information, "Consent {Kind} accepted, {Ready} storefronts ready")]
    private partial void LogConnected(GrantKind kind, int ready);

    [LoggerMessage(LogLevel.Warning, "Consent {Kind} not accepted: {Problem}")]
    private partial void LogRefused(GrantKind kind, ConsentProblem problem);
}

internal static class SellingPartners
{
    /// <summary>Whether a text can be Amazon's merchant token.</summary>
    public static bool IsId(string? text) => text is { Length: > 5 and <= 40 } && text.All(char.IsAsciiLetterOrDigit);

    /// <summary>The first run of every storefront that has both consents, and the rhythm of every account that has one.</summary>
    public static async Task BeginAsync(this Runs runs, Linked linked, CancellationToken cancellationToken)
    {
        foreach (var (seller, storefront) in linked.Ready) await runs.RequestAsync(seller, storefront, cancellationToken);
        foreach (var seller in linked.Sellers) await runs.WakeAsync(seller, cancellationToken);
    }
}
