using System.Buffers;
using System.IO;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Autonoomi.App.Platform.Copies;

/// <summary>Writes an archive file by file into a stream that cannot go back; remembers name, rows, size and hash of each.</summary>
internal sealed class CopyWriter(ZipArchive zip, DateTimeOffset at) : IAsyncDisposable
{
    private readonly List<CopyFile> files = [];

    public IReadOnlyList<CopyFile> Files => files;

    public static async Task<CopyWriter> BeginAsync(Stream body, DateTimeOffset at, CancellationToken cancellationToken) =>
        new(await ZipArchive.CreateAsync(body, ZipArchiveMode.Create, leaveOpen: true, Encoding.UTF8, cancellationToken), at);

    /// <param name="name">In the archive.</param>
    /// <param name="holds">For the manifest.</param>
    /// <param name="fill">Writes its lines.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task WriteAsync(string name, string holds, Func<CopyEntry, Task> fill, CancellationToken cancellationToken)
    {
        var entry = zip.CreateEntry(name, CompressionLevel.Fastest);
        entry.LastWriteTime = at;
        await using var stream = await entry.OpenAsync(cancellationToken);
        using var lines = new CopyEntry(stream);
        await fill(lines);
        await lines.FlushAsync(cancellationToken);
        files.Add(new(name, lines.Rows, lines.Bytes, lines.Hash(), holds));
    }

    /// <summary>A text that has no rows.</summary>
    public Task TextAsync(string name, string holds, string text, CancellationToken cancellationToken) => WriteAsync(name, holds, entry =>
    {
        entry.Text(text);
        return Task.CompletedTask;
    }, cancellationToken);

    public ValueTask DisposeAsync() => zip.DisposeAsync();
}

/// <summary>One file of the archive while it is written, in pieces of 64 KiB.</summary>
internal sealed class CopyEntry(Stream stream) : IDisposable
{
    private const int Piece = 64 * 1024;

    // Readable as it is: nothing of a copy is ever part of a page.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ArrayBufferWriter<byte> buffer = new(2 * Piece);
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private Utf8JsonWriter? json;

    public long? Rows { get; private set; }

    public long Bytes { get; private set; }

    /// <summary>A line of JSON.</summary>
    public ValueTask LineAsync<T>(T row, Action<Utf8JsonWriter, T> write, CancellationToken cancellationToken)
    {
        json ??= new Utf8JsonWriter(buffer, Plain);
        json.Reset(buffer);
        write(json, row);
        json.Flush();
        buffer.Write("\n"u8);
        return CountedAsync(cancellationToken);
    }

    /// <summary>A row of a sheet; its cells are safe already.</summary>
    public ValueTask RowAsync(StringBuilder cells, CancellationToken cancellationToken)
    {
        foreach (var chunk in cells.GetChunks()) Encoding.UTF8.GetBytes(chunk.Span, buffer);
        buffer.Write("\r\n"u8);
        return CountedAsync(cancellationToken);
    }

    /// <summary>The heading of a sheet, behind the mark by which spreadsheets know UTF-8.</summary>
    public void Heading(IEnumerable<string> names) => Text("\uFEFF" + string.Join(',', names) + "\r\n");

    public void Text(string text) => Encoding.UTF8.GetBytes(text, buffer);

    public void HasRows() => Rows ??= 0;

    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        hash.AppendData(buffer.WrittenSpan);
        Bytes += buffer.WrittenCount;
        await stream.WriteAsync(buffer.WrittenMemory, cancellationToken);
        buffer.ResetWrittenCount();
    }

    public string Hash() => Convert.ToHexStringLower(hash.GetHashAndReset());

    public void Dispose()
    {
        json?.Dispose();
        hash.Dispose();
    }

    private ValueTask CountedAsync(CancellationToken cancellationToken)
    {
        Rows = (Rows ?? 0) + 1;
        return buffer.WrittenCount < Piece ? ValueTask.CompletedTask : FlushAsync(cancellationToken);
    }
}
