using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Autonoomi.Amazon.Login;
using Autonoomi.Amazon.Throttling;
using Autonoomi.Privacy;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Autonoomi.Amazon;

/// <summary>One call to either API: token, headers, pipeline, one forced renewal, and every failure as one exception.</summary>
internal sealed partial class AmazonCalls(IHttpClientFactory http, AccessTokens tokens, IOptions<AmazonOptions> options, ILogger<AmazonCalls> log)
{
    public const string AdsClientName = "autonoomi-amazon-ads";
    public const string SellingPartnerClientName = "autonoomi-amazon-selling-partner";

    public AmazonOptions Options { get; } = options.Value;

    /// <param name="Method">HTTP method.</param>
    /// <param name="Address">Full address.</param>
    /// <param name="Plan">For the pipeline.</param>
    /// <param name="Scope">Ads profile; null where there is none.</param>
    /// <param name="MediaType">Of the body and, unless <paramref name="Accept"/> says otherwise, of the answer.</param>
    /// <param name="Body">JSON; null for none.</param>
    /// <param name="Accept">Media type of the answer where it differs.</param>
    /// <param name="AlsoExpected">A refusal that the caller understands and wants to see.</param>
    internal sealed record Call(HttpMethod Method, Uri Address, CallPlan Plan, string? Scope = null, string MediaType = "application/json", byte[]? Body = null, string? Accept = null, HttpStatusCode? AlsoExpected = null)
    {
        /// <summary>How this family of the Ads API spells the header of the login client.</summary>
        public string ClientIdHeader { get; init; } = "Amazon-Advertising-API-ClientId";
    }

    /// <returns>The answer when it is a success or the call's expected refusal. The body is in memory.</returns>
    public async Task<HttpResponseMessage> SendAsync(GrantHandle grant, Call call, CancellationToken cancellationToken)
    {
        Secret? refused = null;
        while (true)
        {
            var token = await tokens.GetAsync(grant, refused, cancellationToken).ConfigureAwait(false);
            var watch = Stopwatch.GetTimestamp();
            var response = await AttemptAsync(grant, call, token, cancellationToken).ConfigureAwait(false);
            LogAnswer(call.Plan.Operation, (int)response.StatusCode, (long)Stopwatch.GetElapsedTime(watch).TotalMilliseconds, AmazonError.RequestId(response));
            if (response.IsSuccessStatusCode || response.StatusCode == call.AlsoExpected) return response;

            var error = await AmazonError.ReadAsync(response, cancellationToken).ConfigureAwait(false);
            var requestId = AmazonError.RequestId(response);
            var status = response.StatusCode;
            response.Dispose();

            // Refused at the door, so nothing was done: safe to send again, writes too.
            if (refused is null && !SpeaksOfSecret(grant.Kind, status, error) && SpeaksOfToken(grant.Kind, status, error))
            {
                refused = token;
                continue;
            }

            if (SpeaksOfSecret(grant.Kind, status, error)) throw new OperatorCredentialsException(grant.Kind, error.Code, requestId, grant.Client is not null);
            throw new AmazonApiException(call.Plan.Operation, status, error.Code, error.Message, requestId) { Grant = grant.Kind };
        }
    }

    public async Task<T> ReadAsync<T>(GrantHandle grant, Call call, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(grant, call, cancellationToken).ConfigureAwait(false);
        return await DeserializeAsync(call.Plan.Operation, response, type, cancellationToken).ConfigureAwait(false);
    }

    public static async Task<T> DeserializeAsync<T>(string operation, HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return JsonSerializer.Deserialize(body, type) ?? throw Unreadable("null");
        }
        catch (JsonException wrong)
        {
            // Only the place is passed on: the parser's words may quote the body.
            throw Unreadable(wrong.Path is { Length: > 0 } path ? $"wrong at {path}" : AmazonError.Read(body, response.StatusCode).Message);
        }

        AmazonApiException Unreadable(string what) => new(operation, response.StatusCode, null, $"the answer cannot be read: {what}", AmazonError.RequestId(response));
    }

    /// <summary>Sends through the pipeline; a failure of the transport becomes our exception.</summary>
    public static async Task<HttpResponseMessage> SendOnceAsync(HttpClient client, HttpRequestMessage request, string operation, CancellationToken cancellationToken)
    {
        try
        {
            return await client.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException failed)
        {
            throw new AmazonApiException(operation, null, null, $"no answer ({failed.HttpRequestError}: {AmazonError.Clean(failed.Message)})", null, failed);
        }
    }

    private static bool SpeaksOfToken(GrantKind kind, HttpStatusCode status, AmazonError error) => kind == GrantKind.Ads
        ? status == HttpStatusCode.Unauthorized
        : status is HttpStatusCode.Unauthorized || (status == HttpStatusCode.Forbidden && error.Message.Contains("token", StringComparison.OrdinalIgnoreCase));

    // The Selling Partner API answers an expired client secret itself while tokens made with it still live. What was taken out of the words as a secret is no word of Amazon's.
    private static bool SpeaksOfSecret(GrantKind kind, HttpStatusCode status, AmazonError error) =>
        kind == GrantKind.SellingPartner && status is HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized
        && error.Message.Replace("[secret]", "", StringComparison.Ordinal) is var words && words.Contains("secret", StringComparison.OrdinalIgnoreCase) && words.Contains("expired", StringComparison.OrdinalIgnoreCase);

    /// <summary>What the two grants of one seller have in common.</summary>
    public static string Seller(GrantHandle grant) => grant.Key.Split('/')[0];

    private async Task<HttpResponseMessage> AttemptAsync(GrantHandle grant, Call call, Secret token, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(call.Method, call.Address);
        request.Headers.TryAddWithoutValidation("User-Agent", Options.UserAgent);
        request.Headers.TryAddWithoutValidation("Accept", call.Accept ?? call.MediaType);
        if (grant.Kind == GrantKind.Ads)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Reveal());
            request.Headers.TryAddWithoutValidation(call.ClientIdHeader, grant.Client?.Id ?? Options.AdsClientId);
            if (call.Scope is not null) request.Headers.TryAddWithoutValidation("Amazon-Advertising-API-Scope", call.Scope);
        }
        else
        {
            request.Headers.TryAddWithoutValidation("x-amz-access-token", token.Reveal());
        }

        if (call.Body is not null)
        {
            request.Content = new ByteArrayContent(call.Body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", call.MediaType);
        }

        (call.Plan with { Seller = Seller(grant) }).AttachTo(request);
        return await SendOnceAsync(http.CreateClient(grant.Kind == GrantKind.Ads ? AdsClientName : SellingPartnerClientName), request, call.Plan.Operation, cancellationToken).ConfigureAwait(false);
    }

    [LoggerMessage(LogLevel.Debug, "Amazon answered {Operation} with {Status} after {Milliseconds} ms, request {RequestId}")]
    private partial void LogAnswer(string operation, int status, long milliseconds, string? requestId);
}
