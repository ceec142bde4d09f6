using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Autonoomi.App.Tests.SignOn;

/// <summary>What a provider says of somebody, and in which way it is bent.</summary>
internal sealed record Play(string Subject)
{
    public string? Email { get; init; } = "person@example.com";
    public bool? Verified { get; init; } = true;

    /// <summary>Seconds before now at which the person signed in there; null leaves the claim out.</summary>
    public int? SignedInAgo { get; init; } = 0;

    public Action<JsonObject>? Claims { get; init; }
    public Action<JsonObject>? Header { get; init; }

    /// <summary>Bends the token after it was signed: header, claims and signature with dots between.</summary>
    public Func<string[], string[]>? Signed { get; init; }
    public bool OtherKey { get; init; }

    /// <summary>Bends the query with which the person comes back.</summary>
    public Action<Dictionary<string, string?>>? Answer { get; init; }
}

/// <summary>A provider of OpenID Connect over HTTP: describes itself, publishes a real key, checks client, proof key and return address, hands out each code once.</summary>
internal sealed class PretendProvider : IAsyncDisposable
{
    public const string ClientId = "autonoomi-test";
    public const string ClientSecret = "pretend-client-secret-of-the-provider";

    private readonly RSA key = RSA.Create(2048);
    private readonly RSA other = RSA.Create(2048);
    private readonly ConcurrentDictionary<string, (Dictionary<string, string> Asked, Play Play)> codes = new();
    private readonly WebApplication app;

    public PretendProvider()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        app = builder.Build();
        app.MapGet("/.well-known/openid-configuration", () => Results.Json(new Dictionary<string, object>
        {
            ["issuer"] = Issuer, ["authorization_endpoint"] = $"{Issuer}/authorize", ["token_endpoint"] = $"{Issuer}/token", ["jwks_uri"] = $"{Issuer}/keys",
            ["response_types_supported"] = (string[])["code"], ["subject_types_supported"] = (string[])["public"], ["id_token_signing_alg_values_supported"] = (string[])["RS256"],
            ["authorization_response_iss_parameter_supported"] = true,
        }));
        app.MapGet("/keys", () =>
        {
            var parameters = key.ExportParameters(false);
            return Results.Json(new { keys = new[] { new { kty = "RSA", use = "sig", alg = "RS256", kid = "one", n = WebEncoders.Base64UrlEncode(parameters.Modulus!), e = WebEncoders.Base64UrlEncode(parameters.Exponent!) } } });
        });
        app.MapPost("/token", TokenAsync);
    }

    public string Issuer { get; private set; } = "";

    /// <summary>What came to the token endpoint, refused or not.</summary>
    public int Exchanges { get; private set; }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await app.StartAsync(cancellationToken);
        Issuer = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
    }

    /// <summary>Plays the person at the provider's page.</summary>
    /// <param name="sent">Where the product sent the browser.</param>
    /// <param name="play">Who it is.</param>
    /// <returns>Where the provider sends the browser back to.</returns>
    public Uri Authorize(Uri sent, Play play)
    {
        Assert.StartsWith($"{Issuer}/authorize?", sent.AbsoluteUri, StringComparison.Ordinal);
        var asked = QueryHelpers.ParseQuery(sent.Query).ToDictionary(item => item.Key, item => item.Value.ToString());
        var code = RandomNumberGenerator.GetHexString(40);
        codes[code] = (asked, play);
        var answer = new Dictionary<string, string?> { ["code"] = code, ["state"] = asked["state"], ["iss"] = Issuer };
        play.Answer?.Invoke(answer);
        return new Uri(QueryHelpers.AddQueryString(asked["redirect_uri"], answer));
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        key.Dispose();
        other.Dispose();
    }

    private async Task<IResult> TokenAsync(HttpRequest request)
    {
        Exchanges++;
        var form = await request.ReadFormAsync();
        if (form["client_id"] != ClientId || form["client_secret"] != ClientSecret) return Results.Json(new { error = "invalid_client" }, statusCode: 401);
        if (!codes.TryRemove(form["code"].ToString(), out var known) || form["redirect_uri"] != known.Asked["redirect_uri"]
            || WebEncoders.Base64UrlEncode(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString()))) != known.Asked["code_challenge"])
            return Results.Json(new { error = "invalid_grant", error_description = "canary of the provider" }, statusCode: 400);
        return Results.Json(new { access_token = "canary-access-token", token_type = "Bearer", expires_in = 300, id_token = Token(known.Asked["nonce"], known.Play) });
    }

    private string Token(string nonce, Play play)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var claims = new JsonObject { ["iss"] = Issuer, ["sub"] = play.Subject, ["aud"] = ClientId, ["nonce"] = nonce, ["iat"] = now, ["exp"] = now + 300, ["name"] = "Ada Vouched", ["secret_claim"] = "canary-claim" };
        if (play.Email is not null) claims["email"] = play.Email;
        if (play.Verified is { } verified) claims["email_verified"] = verified;
        if (play.SignedInAgo is { } ago) claims["auth_time"] = now - ago;
        play.Claims?.Invoke(claims);
        var header = new JsonObject { ["alg"] = "RS256", ["kid"] = "one", ["typ"] = "JWT" };
        play.Header?.Invoke(header);
        var text = $"{Part(header)}.{Part(claims)}";
        var signature = (play.OtherKey ? other : key).SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var parts = $"{text}.{WebEncoders.Base64UrlEncode(signature)}".Split('.');
        return string.Join('.', play.Signed?.Invoke(parts) ?? parts);
    }

    private static string Part(JsonObject json) => WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes(json.ToJsonString()));
}
