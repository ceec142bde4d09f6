using Autonoomi.Marketplace.Http.Login;
using MarketplaceLimits = Autonoomi.Core.Primitives.Marketplace; // the name alone would mean our own namespace

namespace Autonoomi.Marketplace.Http.SellingPartner;

/// <summary>What every Selling Partner call goes through: token (403, never 401), user agent, bucket of the operation.</summary>
internal sealed class PartnerAccess(WorldGate gate, Throttle throttle)
{
    /// <returns>A handler that refuses before the operation is asked, and names the operation's rate on every other answer.</returns>
    public Func<Call, Answer> Guard(string operation, Plan plan, Func<Call, Answer> handle) => call =>
    {
        if (Refuse(call) is { } refusal) return refusal;
        if (!throttle.Take(operation, plan)) return Family.Throttled(call.Path).With("x-amzn-RateLimit-Limit", throttle.Header(plan));
        Answer answer;
        try
        {
            answer = handle(call);
        }
        catch (BadInputException problem)
        {
            answer = Family.Error(call.Path, 400, "InvalidInput", problem.Message);
        }

        return answer.With("x-amzn-RateLimit-Limit", throttle.Header(plan));
    };

    /// <returns>The refusal when one of the marketplaces is not the seller's.</returns>
    public Answer? RefuseMarketplaces(Call call, string[] marketplaces)
    {
        if (marketplaces.Length == 0) throw new BadInputException("marketplaceIds is missing.");
        if (marketplaces.All(each => each == gate.World.Marketplace.Id)) return null;
        return marketplaces.Any(each => MarketplaceLimits.IsKnown(each) && MarketplaceLimits.Find(each).Region == gate.World.Marketplace.Region)
            ? Denied(call, "The seller does not sell in one of the marketplaces.")
            : Denied(call, "The marketplaces you provided are not valid for region.");
    }

    public static Answer Denied(Call call, string details = "") => Family.Error(call.Path, 403, "Unauthorized", "Access to requested resource is denied.", details);

    private Answer? Refuse(Call call)
    {
        var details = gate.Grants.Inspect(call.Header("x-amz-access-token"), GrantKind.SellingPartner, gate.Now, out _) switch
        {
            TokenState.Good => null,
            TokenState.Missing => "Access token is missing in the request header.",
            TokenState.Unknown => "The access token you provided is revoked, malformed or invalid.",
            TokenState.Expired => "The access token you provided has expired.",
        };
        if (details is not null) return Denied(call, details);
        if (gate.Faults.LacksRole(call.Path)) return Denied(call);
        return call.Header("User-Agent") is { Length: > 0 and <= 500 } ? null : Family.Error(call.Path, 400, "InvalidInput", "The User-Agent header is missing or too long.");
    }
}

/// <summary>A parameter that the operation cannot take: 400.</summary>
internal sealed class BadInputException(string message) : Exception(message);
