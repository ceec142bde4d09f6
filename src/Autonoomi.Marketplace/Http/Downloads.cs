using System.Globalization;
using System.Net;
using System.Text;

namespace Autonoomi.Marketplace.Http;

/// <summary>Files behind addresses that look pre-signed: no credentials asked, credentials refused, and an end by world time.</summary>
internal sealed class Downloads(WorldGate gate)
{
    public const string Root = "/pretend-storage/";

    public const string Pattern = Root + "{id}/{name}";

    private static readonly string[] CredentialHeaders = ["Authorization", "x-amz-access-token", "Amazon-Advertising-API-ClientId", "Amazon-Advertising-API-Scope"];

    private readonly Dictionary<string, (byte[] Content, bool IsEncoded, string MediaType)> files = new(StringComparer.Ordinal);

    /// <param name="content">The bytes as stored (gzip).</param>
    /// <param name="isEncoded">True when the answer declares the gzip as its content encoding, so that a client may unpack it unasked.</param>
    /// <param name="mediaType">As the answer declares it.</param>
    /// <returns>The file's key.</returns>
    public string Keep(byte[] content, bool isEncoded, string mediaType = "application/octet-stream")
    {
        var key = gate.NewId().ToString("N");
        files[key] = (content, isEncoded, mediaType);
        return key;
    }

    public int SizeOf(string key) => files[key].Content.Length;

    public string Address(Call call, string key, string name, TimeSpan life) => string.Create(CultureInfo.InvariantCulture,
        $"{call.BaseAddress}{Root}{key}/{name}?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date={gate.Now.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}&X-Amz-Expires={(int)life.TotalSeconds}&X-Amz-Signature={Signature(key, gate.Now, life)}");

    public Answer Handle(Call call)
    {
        if (CredentialHeaders.FirstOrDefault(header => call.Header(header) is not null) is { } sent)
            return Refusal(400, "InvalidArgument", $"Only one auth mechanism allowed; the address is signed and '{sent}' was sent too.");
        if (!DateTimeOffset.TryParseExact(call.Query("X-Amz-Date"), "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var signedAt)
            || !int.TryParse(call.Query("X-Amz-Expires"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || call.Query("X-Amz-Signature") != Signature(call.Route("id"), signedAt, TimeSpan.FromSeconds(seconds)))
            return Refusal(403, "SignatureDoesNotMatch", "The signature does not fit the address.");
        if (gate.Now > signedAt.AddSeconds(seconds)) return Refusal(403, "AccessDenied", "Request has expired");
        if (!files.TryGetValue(call.Route("id"), out var file)) return Refusal(404, "NoSuchKey", "The specified key does not exist.");

        var answer = new Answer(200, file.MediaType, file.Content);
        return file.IsEncoded ? answer.With("Content-Encoding", "gzip") : answer;
    }

    public static Answer Refusal(int status, string code, string message) => new(status, "application/xml",
        Encoding.UTF8.GetBytes($"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code><Message>{WebUtility.HtmlEncode(message)}</Message></Error>"));

    private string Signature(string key, DateTimeOffset at, TimeSpan life) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{gate.World.Seed}/{key}/{at.ToUnixTimeSeconds()}/{life.TotalSeconds}"))));
}
