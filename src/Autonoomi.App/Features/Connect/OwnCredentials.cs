using System.Globalization;
using Autonoomi.Amazon;
using Autonoomi.Amazon.Login;
using Autonoomi.App.Platform;
using Autonoomi.App.Platform.AmazonLink;
using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Jobs;
using Autonoomi.Core.Primitives;
using Autonoomi.Privacy;

namespace Autonoomi.App.Features.Connect;

/// <summary>A seller who hosts the product and authorised an own application brings what Amazon showed.</summary>
/// <param name="Organisation">Who gets the account.</param>
/// <param name="Country">A marketplace of the region in which the token is good.</param>
/// <param name="SellingPartnerId">The merchant token: Amazon's answers do not name it.</param>
/// <param name="Client">The application's login client.</param>
/// <param name="RefreshToken">As Amazon showed it, once.</param>
/// <param name="By">Who typed it in.</param>
public sealed record PasteCredentials(Guid Organisation, string Country, string SellingPartnerId, OwnClient Client, string RefreshToken, Actor By);

/// <summary>Proves typed credentials by a call before anything of them is kept.</summary>
public sealed partial class PasteCredentialsHandler(AmazonConnections connections, SellerLink link, Runs runs, ILogger<PasteCredentialsHandler> log)
{
    /// <returns>What is connected now.</returns>
    public async Task<Result<Linked>> Handle(PasteCredentials request, CancellationToken cancellationToken)
    {
        var result = await TryAsync(request, cancellationToken);
        LogPasted(result.IsOk);
        return result;
    }

    private async Task<Result<Linked>> TryAsync(PasteCredentials request, CancellationToken cancellationToken)
    {
        if (Marketplace.All.FirstOrDefault(item => item.Country == request.Country) is not { } marketplace)
            return OwnCredentials.Wrong("Choose the country in which you sell from the list.");
        if (!SellingPartners.IsId(request.SellingPartnerId))
            return OwnCredentials.Wrong("The merchant token is 6 to 40 letters and digits, for example A2EXAMPLE1SELLER. Seller Central shows it under Settings, Account info, Your merchant token.");
        if (!request.RefreshToken.StartsWith("Atzr|", StringComparison.Ordinal) || !OwnCredentials.IsPlain(request.RefreshToken, 4000))
            return OwnCredentials.Wrong("A refresh token begins with Atzr| and has no blanks. Amazon shows it once, after Authorize app; authorise the application again to get another.");

        var token = new Secret(request.RefreshToken);
        var probe = new GrantHandle($"paste-probe/{Guid.NewGuid():N}", GrantKind.SellingPartner, token, request.Client.Client);
        var answer = await connections.AskAsync(probe, cancellationToken);
        connections.Forget(probe.Key);
        if (OwnCredentials.Problem(answer) is { } problem) return problem;
        try
        {
            var linked = await link.AcceptSellerAsync(request.Organisation, request.SellingPartnerId, token, marketplace.Region, request.Client, request.By, cancellationToken);
            if (linked.Error is { } nothing) return new ConsentFailed(ConsentProblem.NothingFits, nothing.Message);
            await runs.BeginAsync(linked.Value, cancellationToken);
            return linked;
        }
        catch (AmazonApiException forbidden) when (forbidden.IsForbidden)
        {
            return OwnCredentials.Wrong("Amazon took the credentials and refused the first call. The token may be of another region than the country you chose, or the application lacks the role Product Listing. Nothing was kept.");
        }
        catch (Exception failure) when (failure is AmazonApiException or GrantRevokedException or OperatorCredentialsException)
        {
            return OwnCredentials.Problem(GrantAnswer.Silent)!;
        }
    }

    [LoggerMessage(LogLevel.Information, "Own credentials typed in, kept: {Kept}")]
    private partial void LogPasted(bool kept);
}

/// <param name="Organisation">Whose client.</param>
/// <param name="Client">Which.</param>
/// <param name="Secret">The new one.</param>
/// <param name="Made">Day on which Amazon made it, <c>yyyy-MM-dd</c>; empty for today.</param>
/// <param name="By">Who typed it in.</param>
public sealed record RenewSecret(Guid Organisation, Guid Client, string Secret, string Made, Actor By);

public sealed class RenewSecretHandler(GrantBook grants, TimeProvider clock)
{
    public async Task<Result<Done>> Handle(RenewSecret request, CancellationToken cancellationToken)
    {
        if (!OwnCredentials.IsPlain(request.Secret, 500)) return OwnCredentials.Wrong("Type in the new secret as Amazon shows it, without blanks.");
        var ends = OwnCredentials.SecretEnds(request.Made, clock.GetUtcNow());
        if (ends.Error is { } error) return error;
        return await grants.RenewSecretAsync(request.Organisation, request.Client, new Secret(request.Secret), ends.Value, request.By, cancellationToken) switch
        {
            null => OwnCredentials.Wrong("This client is not in use any more. Connect the account again with all its credentials."),
            GrantAnswer.Accepted => new Done(),
            { } answer => OwnCredentials.Problem(answer)!,
        };
    }
}

/// <summary>What a form brought, checked. No text here ever repeats what was typed.</summary>
internal static class OwnCredentials
{
    /// <param name="form">Fields <c>client</c>, <c>secret</c> and <c>made</c>.</param>
    /// <param name="secretEnds">False for the Ads API, whose clients' secrets have no end.</param>
    /// <param name="now">Today, for a day that was left empty.</param>
    public static Result<OwnClient> Client(IFormCollection form, bool secretEnds, DateTimeOffset now)
    {
        var (id, secret) = (form["client"].ToString().Trim(), form["secret"].ToString().Trim());
        if (!id.StartsWith("amzn1.application-oa2-client.", StringComparison.Ordinal) || !IsPlain(id, 200))
            return Wrong("A client id begins with amzn1.application-oa2-client. and has no blanks. Take it from the security profile, not the application's own id.");
        if (!IsPlain(secret, 500)) return Wrong("Type in the client secret as Amazon shows it, without blanks.");
        if (!secretEnds) return new OwnClient(new(id, new(secret)), null);
        var ends = SecretEnds(form["made"].ToString(), now);
        return ends.Error is { } error ? error : new OwnClient(new(id, new(secret)), ends.Value);
    }

    public static Result<DateTimeOffset> SecretEnds(string made, DateTimeOffset now)
    {
        if (made.Length == 0) return now + GrantClock.SecretLife;
        if (!DateOnly.TryParseExact(made, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)) return Wrong("Give the day on which the secret was made as a date, or leave it empty for today.");
        var at = new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
        if (at > now.AddDays(1)) return Wrong("The secret cannot have been made in the future. Give the day that Amazon shows beside it.");
        return at + GrantClock.SecretLife < now ? Wrong("Amazon ends a secret 180 days after it was made, so this one is no longer good. Make a new one there and type that in.") : at + GrantClock.SecretLife;
    }

    public static bool IsPlain(string text, int longest) => text.Length is > 0 && text.Length <= longest && text.All(character => character is > ' ' and < (char)127);

    public static ConsentFailed Wrong(string text) => new(ConsentProblem.WrongInput, text);

    /// <returns>Null when Amazon took them.</returns>
    public static ConsentFailed? Problem(GrantAnswer answer) => answer switch
    {
        GrantAnswer.Accepted => null,
        GrantAnswer.ClientRefused => Wrong("Amazon does not accept this client id and secret together. Copy both anew; after a new secret was made, the old one lives seven days. Nothing was kept."),
        GrantAnswer.Refused => Wrong("Amazon accepts the client and refuses the refresh token: it belongs to another client, or was withdrawn. Authorise the application again and type in the token that Amazon shows then. Nothing was kept."),
        _ => new(ConsentProblem.AmazonDown, "Amazon did not answer, so the credentials could not be proved and were not kept. Type them in again in a few minutes."),
    };
}
