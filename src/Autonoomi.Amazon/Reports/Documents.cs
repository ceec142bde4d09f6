using System.IO;
using System.IO.Compression;
using System.Net;
using Autonoomi.Amazon.Login;
using Autonoomi.Amazon.Throttling;
using Autonoomi.Privacy.Egress;
using Microsoft.Extensions.Options;

namespace Autonoomi.Amazon.Reports;

/// <summary>Fetches documents from pre-signed addresses: no headers of ours, known hosts only, no redirects, and no more bytes than a report can have.</summary>
internal sealed class Documents(IHttpClientFactory http, EgressDoor door, IOptions<AmazonOptions> options, Jitter jitter, TimeProvider clock)
{
    public const string ClientName = "autonoomi-amazon-documents";
    private const int Attempts = 4;

    // Gzip asks for 8 KB at a time, and each question to a file or a socket is a round through the thread pool.
    private const int ReadAhead = 256 << 10;
    private readonly AmazonOptions options = options.Value;

    /// <param name="grant">The consent that it belongs to.</param>
    /// <param name="document">For messages, for example <c>SearchTermDay report</c>.</param>
    /// <param name="location">The pre-signed address; never part of a message, since it is a key.</param>
    /// <param name="read">Reads the plain document; called again from the beginning when the transport breaks.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<T> ReadAsync<T>(GrantHandle grant, string document, Uri location, Func<Stream, CancellationToken, Task<T>> read, CancellationToken cancellationToken) =>
        ReadAsync(grant, document, location, null, (plain, ct) => read(plain.Content, ct), cancellationToken);

    /// <summary>The same for an address that lives for minutes: when its host refuses it, Amazon is asked for a new one, once.</summary>
    /// <param name="grant">The consent that it belongs to.</param>
    /// <param name="document">For messages.</param>
    /// <param name="locate">Asks Amazon for the address.</param>
    /// <param name="read">Reads the plain document; called again from the beginning when the transport breaks.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<T> ReadAsync<T>(GrantHandle grant, string document, Func<CancellationToken, Task<Uri>> locate, Func<PlainDocument, CancellationToken, Task<T>> read, CancellationToken cancellationToken) =>
        await ReadAsync(grant, document, await locate(cancellationToken).ConfigureAwait(false), locate, read, cancellationToken).ConfigureAwait(false);

    private async Task<T> ReadAsync<T>(GrantHandle grant, string document, Uri location, Func<CancellationToken, Task<Uri>>? locate, Func<PlainDocument, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        Check(document, location);
        using var limit = new CancellationTokenSource(options.DownloadTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        for (var attempt = 0; ; attempt++)
        {
            Exception failure;
            TimeSpan? hint = null;
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, location);
                EgressDoor.For(request, AmazonCalls.Seller(grant));
                using var response = await http.CreateClient(ClientName).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token).ConfigureAwait(false);
                if (response.StatusCode == HttpStatusCode.OK)
                {
                    if (response.Content.Headers.ContentLength > options.LargestDownload) throw TooLarge(document, options.LargestDownload, "compressed");
                    var charset = response.Content.Headers.ContentType?.CharSet;
                    var body = await response.Content.ReadAsStreamAsync(either.Token).ConfigureAwait(false);
                    await using (body.ConfigureAwait(false))
                    {
                        var plain = await OpenAsync(document, body, options, either.Token).ConfigureAwait(false);
                        await using (plain.ConfigureAwait(false)) return await read(new(plain, charset), either.Token).ConfigureAwait(false);
                    }
                }

                var error = await AmazonError.ReadAsync(response, either.Token).ConfigureAwait(false);
                var refused = new AmazonApiException($"GET {document}", response.StatusCode, error.Code, error.Message, AmazonError.RequestId(response));
                if (locate is not null && response.StatusCode is (HttpStatusCode.BadRequest or HttpStatusCode.Forbidden or HttpStatusCode.NotFound))
                {
                    // Most likely the five minutes are over; a second refusal is another matter.
                    location = await locate(either.Token).ConfigureAwait(false);
                    Check(document, location);
                    locate = null;
                    continue;
                }

                if (!refused.IsTransient) throw refused;
                hint = BackOff.Hint(response, clock);
                failure = refused;
            }
            catch (EgressRefusedException refused)
            {
                throw Elsewhere(document, refused.Rule);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new AmazonApiException($"GET {document}", null, null, $"the download did not finish within {options.DownloadTimeout}", null);
            }
            catch (Exception broken) when (broken is HttpRequestException or IOException or InvalidDataException)
            {
                failure = new AmazonApiException($"GET {document}", null, null, "the download broke off", null, broken);
            }

            if (attempt + 1 >= Math.Min(Attempts, options.MaximumAttempts)) throw failure;
            await Task.Delay(BackOff.Delay(options, jitter, attempt, hint, slow: false), clock, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The plain document behind a stream: gzip is told by its first two bytes, whatever anybody declared, and both sizes are watched.</summary>
    public static async Task<Stream> OpenAsync(string document, Stream body, AmazonOptions options, CancellationToken cancellationToken)
    {
        var packed = new MeteredStream(new BufferedStream(body, ReadAhead), options.LargestDownload, () => TooLarge(document, options.LargestDownload, "compressed"));
        var head = new byte[2];
        var known = await packed.ReadAtLeastAsync(head, 2, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        var whole = new PrefixedStream(head.AsMemory(0, known), packed);
        if (known < 2 || head[0] != 0x1F || head[1] != 0x8B) return whole;
        var plain = new MeteredStream(new GZipStream(whole, CompressionMode.Decompress), options.LargestDocument, () => TooLarge(document, options.LargestDocument, "decompressed"));
        plain.Watch(packed, options.LargestRatio, () => new AmazonDocumentException(document, 0, null, $"it grows to more than {options.LargestRatio} times its compressed size, which no report does"));

        // One layer and no more: nothing that Amazon sends is packed twice, and what is could grow without a bound.
        var inner = new byte[2];
        var unpacked = await plain.ReadAtLeastAsync(inner, 2, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        if (unpacked == 2 && inner[0] == 0x1F && inner[1] == 0x8B) throw new AmazonDocumentException(document, 0, null, "it is packed twice, which no report is");
        return new PrefixedStream(inner.AsMemory(0, unpacked), plain);
    }

    // Before the first attempt too: what may not be fetched is no matter of the transport.
    private void Check(string document, Uri location)
    {
        if (door.Refusal(EgressPurpose.Documents, location) is { } refusal) throw Elsewhere(document, refusal);
    }

    private AmazonDocumentException Elsewhere(string document, string refusal) =>
        new(document, 0, null, $"the address at which it is offered is refused: {refusal} (documents come from {string.Join(", ", options.DownloadHosts)}, over https)");

    private static AmazonDocumentException TooLarge(string document, long limit, string form) => new(document, 0, null, $"it is larger than {limit >> 20} MB {form}, the limit of this installation");
}

/// <param name="Content">The unpacked bytes.</param>
/// <param name="Charset">As its host declared it; null when it did not.</param>
internal sealed record PlainDocument(Stream Content, string? Charset);

/// <summary>Counts what is read and stops at a limit.</summary>
internal sealed class MeteredStream(Stream inner, long limit, Func<Exception> tooLarge) : ReadOnlyStream
{
    // Small documents may compress very well without meaning any harm.
    private const long Harmless = 16 << 20;
    private MeteredStream? source;
    private int ratio;
    private Func<Exception>? tooDense;

    public long Count { get; private set; }

    public void Watch(MeteredStream compressed, int largestRatio, Func<Exception> otherwise) => (source, ratio, tooDense) = (compressed, largestRatio, otherwise);

    public override int Read(Span<byte> buffer) => Counted(inner.Read(buffer));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => Counted(await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false));

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }

    private int Counted(int read)
    {
        Count += read;
        if (Count > limit) throw tooLarge();
        if (source is not null && Count > Harmless && Count / Math.Max(1, source.Count) > ratio) throw tooDense!();
        return read;
    }
}

/// <summary>Bytes that were already read, then the rest.</summary>
internal sealed class PrefixedStream(ReadOnlyMemory<byte> prefix, Stream rest) : ReadOnlyStream
{
    private ReadOnlyMemory<byte> left = prefix;

    public override int Read(Span<byte> buffer)
    {
        if (left.IsEmpty || buffer.IsEmpty) return rest.Read(buffer);
        var count = Math.Min(left.Length, buffer.Length);
        left.Span[..count].CopyTo(buffer);
        left = left[count..];
        return count;
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        left.IsEmpty || buffer.IsEmpty ? rest.ReadAsync(buffer, cancellationToken) : ValueTask.FromResult(Read(buffer.Span));

    protected override void Dispose(bool disposing)
    {
        if (disposing) rest.Dispose();
        base.Dispose(disposing);
    }
}

internal abstract class ReadOnlyStream : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public abstract override int Read(Span<byte> buffer);

    public abstract override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default);

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
