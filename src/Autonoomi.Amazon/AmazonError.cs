using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Autonoomi.Amazon;

/// <summary>Amazon's many shapes of refusal, read into one: <c>message</c>, <c>details</c>, <c>detail</c>, an <c>errors</c> list, OAuth's <c>error</c>, a page of HTML, or nothing.</summary>
internal readonly partial record struct AmazonError(string? Code, string Message)
{
    private const int LongestMessage = 300;

    public static async Task<AmazonError> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
        return Read(body, response.StatusCode);
    }

    public static AmazonError Read(ReadOnlyMemory<byte> body, HttpStatusCode status)
    {
        if ((int)status is >= 300 and < 400) return new(null, "Amazon answered with a redirection, which is never followed");
        if (body.Span.Trim(" \r\n\t"u8).IsEmpty) return new(null, "the answer has no body");
        try
        {
            using var json = JsonDocument.Parse(body);
            var root = json.RootElement;
            if (root.ValueKind == JsonValueKind.Object)
            {
                if (root.TryGetProperty("errors", out var errors) && errors.ValueKind == JsonValueKind.Array && errors.GetArrayLength() > 0) root = errors[0];
                var message = Text(root, "message") ?? Text(root, "error_description");
                var details = Text(root, "details") ?? Text(root, "detail");
                var words = string.Join(" ", new[] { message, details }.Where(part => !string.IsNullOrWhiteSpace(part)));
                return new(Clean(Text(root, "code") ?? Text(root, "error"), 60), words.Length == 0 ? "Amazon gave no words" : Clean(words, LongestMessage)!);
            }
        }
        catch (JsonException)
        {
            // Not JSON: the gateways answer with pages of their own.
        }

        return new(null, body.Span.TrimStart(" \r\n\t"u8).StartsWith("<"u8) ? "a page of HTML came instead of JSON" : "the answer is not JSON");
    }

    /// <summary>Amazon's words without anything that looks like a token or an address, and not too long.</summary>
    public static string? Clean(string? words, int longest = LongestMessage)
    {
        if (words is null) return null;
        words = Tokens().Replace(words, "[secret]");
        words = Mail().Replace(words, "[address]");
        return words.Length <= longest ? words : words[..longest] + "…";
    }

    /// <returns>Amazon's id of the request, from whichever header carries it.</returns>
    public static string? RequestId(HttpResponseMessage response)
    {
        foreach (var name in new[] { "x-amzn-RequestId", "x-amz-request-id", "x-amz-rid" })
            if (response.Headers.TryGetValues(name, out var values)) return Clean(values.FirstOrDefault(), 80);
        return null;
    }

    public static async Task<AmazonApiException> ExceptionAsync(string operation, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var error = await ReadAsync(response, cancellationToken).ConfigureAwait(false);
        return new(operation, response.StatusCode, error.Code, error.Message, RequestId(response));
    }

    private static string? Text(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value)
            ? value.ValueKind switch { JsonValueKind.String => value.GetString(), JsonValueKind.Number => value.GetRawText(), _ => null }
            : null;

    [GeneratedRegex("""(?:Atz[a-z.]*|Bearer\s)\|?[A-Za-z0-9_\-|.~+/=]{8,}|[A-Za-z0-9_\-+/=]{60,}""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 200)]
    private static partial Regex Tokens();

    [GeneratedRegex("""[^\s@"'<>]+@[^\s@"'<>]+""", RegexOptions.None, matchTimeoutMilliseconds: 200)]
    private static partial Regex Mail();
}
