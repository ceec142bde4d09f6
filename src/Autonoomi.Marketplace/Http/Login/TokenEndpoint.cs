using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;

namespace Autonoomi.Marketplace.Http.Login;

/// <summary><c>POST /auth/o2/token</c> for codes and refresh tokens; form or JSON body.</summary>
internal sealed class TokenEndpoint(WorldGate gate)
{
    public Answer Handle(Call call)
    {
        var fields = Fields(call);
        string? Field(string name) => fields.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;

        if (Field("grant_type") is not { } grantType) return Missing("grant_type");
        if (grantType is not ("authorization_code" or "refresh_token"))
            return Error(400, "unsupported_grant_type", "The authorization grant type is not supported by the authorization server");
        if (Field("client_id") is not { } clientId) return Missing("client_id");
        if (Field("client_secret") is not { } secret) return Missing("client_secret");
        if (PretendApps.SecretOf(clientId) != secret || gate.Faults.IsSecretExpired(clientId)) return Error(401, "invalid_client", "Client authentication failed");

        return grantType == "authorization_code"
            ? Field("code") is { } code ? Exchange(clientId, code, Field("redirect_uri"), Field("code_verifier")) : Missing("code")
            : Field("refresh_token") is { } refresh ? Refresh(clientId, refresh) : Missing("refresh_token");
    }

    private Answer Exchange(string clientId, string text, string? redirect, string? verifier)
    {
        if (gate.Grants.FindCode(text) is not { } code || !code.Opens(clientId, redirect, verifier, gate.Now)) return InvalidGrant("code");
        code.IsUsed = true;
        return Tokens(gate.Grants.Open(code.Kind, clientId, code.Owner, gate.Now));
    }

    private Answer Refresh(string clientId, string refreshToken)
    {
        if (gate.Faults.TakeRefreshFailure()) return InvalidGrant("refresh_token");
        return gate.Grants.FindGrant(refreshToken) is { } grant && grant.ClientId == clientId && grant.IsGood(gate.Now) ? Tokens(grant) : InvalidGrant("refresh_token");
    }

    private Answer Tokens(Grant grant) => Answer.Json(200, new JsonObject
    {
        ["access_token"] = gate.Grants.IssueAccess(grant, gate.Now),
        ["refresh_token"] = grant.RefreshToken,
        ["token_type"] = "bearer",
        ["expires_in"] = (int)Grants.AccessLife.TotalSeconds,
    }).With("Cache-Control", "no-store").With("Pragma", "no-cache");

    private Answer InvalidGrant(string parameter) =>
        Error(400, "invalid_grant", $"The request has an invalid grant parameter : {parameter}. User may have revoked or didn't grant the permission.");

    private Answer Missing(string parameter) => Error(400, "invalid_request", $"The request is missing a required parameter : {parameter}");

    private Answer Error(int status, string error, string description) => Answer.Json(status, new JsonObject
    {
        ["error"] = error, ["error_description"] = description, ["error_index"] = gate.NewId().ToString("N"), ["request_id"] = gate.NewId().ToString(),
    }).With("Cache-Control", "no-store");

    private static Dictionary<string, string> Fields(Call call)
    {
        if (call.ContentType == "application/json")
            return (call.Json() ?? []).Where(each => each.Value is JsonValue).ToDictionary(each => each.Key, each => each.Value!.ToString(), StringComparer.Ordinal);
        return QueryHelpers.ParseQuery(Encoding.UTF8.GetString(call.Body.Span)).ToDictionary(each => each.Key, each => each.Value.ToString(), StringComparer.Ordinal);
    }
}
