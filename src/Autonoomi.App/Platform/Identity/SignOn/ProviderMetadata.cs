using Autonoomi.Privacy.Egress;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace Autonoomi.App.Platform.Identity.SignOn;

/// <summary>
/// Reads how a provider describes itself, and takes it only from the one that was configured: the issuer letter by letter, every address on its list. A
/// description that names another issuer, or sends codes and secrets elsewhere, is refused whole.
/// </summary>
internal sealed class ProviderMetadata(SignOnSettings settings, EgressDoor door) : IConfigurationRetriever<OpenIdConnectConfiguration>
{
    public async Task<OpenIdConnectConfiguration> GetConfigurationAsync(string address, IDocumentRetriever retriever, CancellationToken cancel)
    {
        var described = await OpenIdConnectConfigurationRetriever.GetAsync(address, retriever, cancel);
        return Fault(described) is { } fault ? throw new SignOnRefusedException(fault) : described;
    }

    /// <returns>Why a description is not taken, without a word of it; null when it is.</returns>
    internal string? Fault(OpenIdConnectConfiguration described)
    {
        if (described.Issuer != settings.Issuer) return "The provider's description names another issuer than Autonoomi:SignOn:Issuer. Write there what the provider calls itself, to the letter.";
        foreach (var (name, place) in ((string, string?)[])[("authorization_endpoint", described.AuthorizationEndpoint), ("token_endpoint", described.TokenEndpoint), ("jwks_uri", described.JwksUri)])
            if (door.Refusal(EgressPurpose.SignOn, Uri.TryCreate(place, UriKind.Absolute, out var found) ? found : null) is { } refusal)
                return $"The provider's {name} is not taken ({refusal}). Name its host in Autonoomi:SignOn:Hosts if it is the provider's.";
        return described.PushedAuthorizationRequestEndpoint is { Length: > 0 } pushed && door.Refusal(EgressPurpose.SignOn, new(pushed)) is { } elsewhere
            ? $"The provider's pushed_authorization_request_endpoint is not taken ({elsewhere}). Name its host in Autonoomi:SignOn:Hosts if it is the provider's."
            : null;
    }
}
