using System.Globalization;
using Autonoomi.Marketplace.Http.Login;

namespace Autonoomi.Marketplace.Http.Ads;

/// <summary>The three headers of every Ads call. Everything wrong with them is a 401.</summary>
internal static class AdsAccess
{
    /// <param name="gate">Whose grants.</param>
    /// <param name="call">The call.</param>
    /// <param name="needsScope">False for profiles, which tell the scopes.</param>
    /// <returns>The refusal, or null when the call may go on.</returns>
    public static Answer? Refuse(WorldGate gate, Call call, bool needsScope)
    {
        var authorization = call.Header("Authorization");
        if (authorization?.StartsWith("Bearer ", StringComparison.Ordinal) != true) return Unauthorized(call, "No authorization token was sent.");
        var state = gate.Grants.Inspect(authorization["Bearer ".Length..], GrantKind.Ads, gate.Now, out var grant);
        if (state != TokenState.Good) return Unauthorized(call, state == TokenState.Expired ? "The authorization token has expired." : "The authorization token is invalid.");
        if (call.Header(Family.Of(call.Path) == ApiFamily.UnifiedAds ? "Amazon-Ads-ClientId" : "Amazon-Advertising-API-ClientId") != grant!.ClientId) return Unauthorized(call, "The client id header does not match the authorization token.");
        if (!needsScope) return null;

        var scope = call.Header("Amazon-Advertising-API-Scope");
        if (string.IsNullOrEmpty(scope)) return Unauthorized(call, "Scope header is missing");
        return scope == gate.World.ProfileId.ToString(CultureInfo.InvariantCulture) && !gate.Faults.IsClosed(gate.World.ProfileId) ? null : Unauthorized(call, $"Not authorized to access scope {scope}");
    }

    private static Answer Unauthorized(Call call, string message) => Family.Error(call.Path, 401, "UNAUTHORIZED", message);
}
