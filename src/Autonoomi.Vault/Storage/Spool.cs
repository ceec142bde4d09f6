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

    public Sheet Add(byte[] bytes)
    {
        if (held + bytes.Length <= inMemory)
        {
            held += bytes.Length;
            return new(bytes, 0, bytes.Length);
        }

        file ??= Nameless();
        var at = file.Length;
        var cipher = Cipher.Seal(key, Place(at), bytes);
        RandomAccess.Write(file.SafeFileHandle, cipher, at);
        return new(null, at, cipher.Length);
    }

    public byte[] Read(Sheet sheet)
    {
        if (sheet.Bytes is { } bytes) return bytes;
        ObjectDisposedException.ThrowIf(file is null, this);
        var cipher = new byte[sheet.Length];
        for (var read = 0; read < cipher.Length;)
        {
            var more = RandomAccess.Read(file.SafeFileHandle, cipher.AsSpan(read), sheet.At + read);
            if (more == 0) throw new EndOfStreamException("A temporary file of the vault is shorter than it was written.");
            read += more;
        }

        return Cipher.TryOpen(key, Place(sheet.At), cipher, out var plain)
            ? plain
            : throw new SealBrokenException("A temporary file of the vault was changed while it was in use. Nothing was written.");
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
