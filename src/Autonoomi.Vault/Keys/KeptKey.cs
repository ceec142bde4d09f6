using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Autonoomi.Vault;

/// <summary>
/// A key of its own that rests wrapped in a control table. What it sealed and hashed stays good while the key that wraps it is renewed; once that key
/// is destroyed, this one is gone with it.
/// </summary>
public sealed class KeptKey
{
    private readonly SubKey seal;
    private readonly SubKey mac;
    private readonly SubKey name;

    /// <param name="bytes">From <see cref="NewBytes"/>.</param>
    public KeptKey(byte[] bytes)
    {
        if (bytes.Length != Cipher.KeyBytes) throw new ArgumentException($"A kept key has {Cipher.KeyBytes} bytes.", nameof(bytes));
        seal = SubKey.Derive(bytes, "kept-seal", 1, sealingOff: false);
        mac = SubKey.Derive(bytes, "kept-mac", 1, sealingOff: false);
        name = SubKey.Derive(bytes, "kept-name", 1, sealingOff: false);
    }

    /// <returns>32 random bytes: wrap them before they rest.</returns>
    public static byte[] NewBytes() => RandomNumberGenerator.GetBytes(Cipher.KeyBytes);

    /// <param name="place">Where it will rest: elsewhere it does not open.</param>
    /// <param name="plain">Text.</param>
    public byte[] Seal(string place, string plain) => Cipher.Seal(seal, Cipher.Context("kept", place), Encoding.UTF8.GetBytes(plain));

    /// <returns>False when it is of another key or place, or was changed.</returns>
    public bool TryOpen(string place, ReadOnlySpan<byte> cipher, [NotNullWhen(true)] out string? plain)
    {
        plain = Cipher.TryOpen(seal, Cipher.Context("kept", place), cipher, out var bytes) ? Encoding.UTF8.GetString(bytes) : null;
        return plain is not null;
    }

    /// <returns>HMAC-SHA-256, 32 bytes.</returns>
    public byte[] Mac(ReadOnlySpan<byte> bytes) => HMACSHA256.HashData(mac.Bytes, bytes);

    /// <summary>Stands for somebody without saying who: the same for the same id, and not to be told from another's once this key is gone.</summary>
    /// <returns>22 URL-safe characters.</returns>
    public string Pseudonym(string kind, Guid id) => Base64Url.EncodeToString(HMACSHA256.HashData(name.Bytes, Cipher.Context(kind, id.ToString("D"))).AsSpan(0, 16));
}
