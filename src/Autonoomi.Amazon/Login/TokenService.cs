using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Autonoomi.Amazon.Throttling;
using Autonoomi.Core.Primitives;
using Autonoomi.Privacy;
using Microsoft.Extensions.Options;

namespace Autonoomi.Amazon.Login;

/// <summary>Login with Amazon's token endpoint.</summary>
internal sealed class TokenService(IHttpClientFactory http, IOptions<AmazonOptions> options, TimeProvider clock)
{
    public const string ClientName = "autonoomi-amazon-login";

    /// <summary>A refusal of the grant itself; everything else is thrown as what it is.</summary>
    public sealed class InvalidGrantException(string message, string? requestId) : Exception(message)
    {
        public string? RequestId { get; } = requestId;
    }

    public Task<GrantTokens> ExchangeAsync(GrantKind kind, string code, Uri redirect, string? verifier, LoginClient? own, CancellationToken cancellationToken)
    {
        var client = Client(kind, own);
        var form = Form(client);
        form["grant_type"] = "authorization_code";
        form["code"] = code;
        form["redirect_uri"] = redirect.AbsoluteUri;
        if (verifier is not null) form["code_verifier"] = verifier;

        // A code works once: a second sending could only be refused.
        return PostAsync(kind, own is not null, form, new CallPlan("POST /auth/o2/token (code)", $"login:{client.Id}:code", Rates.Login, Repeatable: false), given: null, cancellationToken);
    }

    public Task<GrantTokens> RefreshAsync(GrantHandle grant, CancellationToken cancellationToken)
    {
        var client = Client(grant.Kind, grant.Client);
        var form = Form(client);
        form["grant_type"] = "refresh_token";
        form["refresh_token"] = grant.RefreshToken.Reveal();
        return PostAsync(grant.Kind, grant.Client is not null, form, new CallPlan("POST /auth/o2/token (refresh)", $"login:{grant.Key}:refresh", Rates.Login, Repeatable: true) { Seller = AmazonCalls.Seller(grant) }, grant.RefreshToken, cancellationToken);
    }

    private (string Id, string ClientSecret) Client(GrantKind kind, LoginClient? own) => own is not null ? (own.Id, own.ClientSecret.Reveal())
        : kind == GrantKind.Ads ? (options.Value.AdsClientId, options.Value.AdsClientSecret) : (options.Value.SellingPartnerClientId, options.Value.SellingPartnerClientSecret);

    private static Dictionary<string, string> Form((string Id, string ClientSecret) client) => new(StringComparer.Ordinal) { ["client_id"] = client.Id, ["client_secret"] = client.ClientSecret };

    private async Task<GrantTokens> PostAsync(GrantKind kind, bool ownClient, Dictionary<string, string> form, CallPlan plan, Secret? given, CancellationToken cancellationToken)
    {
        // Codes and tokens are valid on every regional host, so one is enough.
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(options.Value.Regions[AmazonRegion.NorthAmerica].Token, "/auth/o2/token"));
        request.Content = new FormUrlEncodedContent(form);
        request.Headers.TryAddWithoutValidation("Accept", "application/json");
        plan.AttachTo(request);
        using var response = await AmazonCalls.SendOnceAsync(http.CreateClient(ClientName), request, plan.Operation, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            var error = await AmazonError.ReadAsync(response, cancellationToken).ConfigureAwait(false);
            var requestId = AmazonError.RequestId(response);
            throw error.Code switch
            {
                "invalid_client" or "unauthorized_client" => new OperatorCredentialsException(kind, error.Code, requestId, ownClient),
                "invalid_grant" => new InvalidGrantException(error.Message, requestId),
                _ => new AmazonApiException(plan.Operation, response.StatusCode, error.Code, error.Message, requestId),
            };
        }

        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
        TokenAnswer? answer;
        try
        {
            answer = JsonSerializer.Deserialize(body, TokenJson.Default.TokenAnswer);
        }
        catch (JsonException)
        {
            // The parser's own words could quote the body.
            answer = null;
        }

        var refresh = string.IsNullOrEmpty(answer?.RefreshToken) ? given : new Secret(answer.RefreshToken);
        if (string.IsNullOrEmpty(answer?.AccessToken) || refresh is null)
            throw new AmazonApiException(plan.Operation, response.StatusCode, null, "the answer is not the token answer of Login with Amazon", AmazonError.RequestId(response));
        return new(refresh, new Secret(answer.AccessToken), clock.GetUtcNow() + TimeSpan.FromSeconds(Math.Clamp(answer.ExpiresIn, 0, 86_400)));
    }
}

internal sealed record TokenAnswer(
    [property: JsonPropertyName("access_token")] string? AccessToken,
    [property: JsonPropertyName("refresh_token")] string? RefreshToken,
    [property: JsonPropertyName("expires_in")] int ExpiresIn);

[JsonSerializable(typeof(TokenAnswer))]
internal sealed partial class TokenJson : JsonSerializerContext;
