using System.Buffers;
using System.Globalization;
using System.IO;
using System.Security.Cryptography;

namespace Autonoomi.Vault;

/// <summary>Bytes that wait for their commit: a few megabytes in memory, the rest in a temporary file under a key that exists only in this process.</summary>
internal sealed class Spool : IDisposable
{
    private const int InMemory = 16 << 20;
    private readonly SubKey key = new(RandomNumberGenerator.GetBytes(Cipher.KeyBytes), Version: 0, SealingOff: false);
    private readonly int inMemory;
    private FileStream? file;
    private long held;

    /// <param name="inMemory">Bytes that stay in memory; the tests take fewer.</param>
    public Spool(int inMemory = InMemory) => this.inMemory = inMemory;

    public bool HasFile => file is not null;

    public Sheet Add(ReadOnlySpan<byte> bytes)
    {
        if (held + bytes.Length <= inMemory)
        {
            held += bytes.Length;
            return new(bytes.ToArray(), 0, bytes.Length);
        }

        file ??= Nameless();
        var at = file.Length;
        var rented = ArrayPool<byte>.Shared.Rent(Cipher.Overhead + bytes.Length);
        var cipher = rented.AsSpan(0, Cipher.Overhead + bytes.Length);
        Cipher.Seal(key, Place(at), bytes, cipher);
        RandomAccess.Write(file.SafeFileHandle, cipher, at);
        ArrayPool<byte>.Shared.Return(rented);
        return new(null, at, cipher.Length);
    }

    /// <summary>Hands a sheet to <paramref name="take"/>, in memory that is used again afterwards.</summary>
    /// <remarks>Sheets are large enough for the heap of large objects, which is seldom collected: none is made for each.</remarks>
    /// <exception cref="SealBrokenException">The file was changed while it was in use.</exception>
    public T Read<T>(Sheet sheet, Func<ReadOnlySpan<byte>, T> take)
    {
        if (sheet.Bytes is { } bytes) return take(bytes);
        ObjectDisposedException.ThrowIf(file is null, this);
        var (sealedBytes, opened) = (ArrayPool<byte>.Shared.Rent(sheet.Length), ArrayPool<byte>.Shared.Rent(sheet.Length));
        try
        {
            var cipher = sealedBytes.AsSpan(0, sheet.Length);
            for (var read = 0; read < cipher.Length;)
            {
                var more = RandomAccess.Read(file.SafeFileHandle, cipher[read..], sheet.At + read);
                if (more == 0) throw new EndOfStreamException("A temporary file of the vault is shorter than it was written.");
                read += more;
            }

            return Cipher.TryOpen(key, Place(sheet.At), cipher, opened.AsSpan())
                ? take(opened.AsSpan(0, Cipher.PlainLength(cipher)))
                : throw new SealBrokenException("A temporary file of the vault was changed while it was in use. Nothing was written.");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(sealedBytes);
            ArrayPool<byte>.Shared.Return(opened);
        }
    }

    public void Dispose()
    {
        file?.Dispose();
        file = null;
    }

    /// <summary>A file that goes with its handle, whatever happens: where the system can, its name is gone at once.</summary>
    private static FileStream Nameless()
    {
        var path = Path.Combine(Path.GetTempPath(), $"autonoomi-{Guid.NewGuid():N}.spool");
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0 };
        if (OperatingSystem.IsWindows()) options.Options = FileOptions.DeleteOnClose;
        else options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var file = new FileStream(path, options);
        if (!OperatingSystem.IsWindows()) File.Delete(path);
        return file;
    }

    private static byte[] Place(long at) => Cipher.Context("spool", at.ToString(CultureInfo.InvariantCulture));
}

/// <summary>Where something lies in a <see cref="Spool"/>.</summary>
internal readonly record struct Sheet(byte[]? Bytes, long At, int Length);
