using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Autonoomi.Vault;

/// <summary>AES-256-GCM as it rests: <c>format (1) | key version (4) | nonce (12) | tag (16) | ciphertext</c>.</summary>
internal static class Cipher
{
    public const int KeyBytes = 32;
    public const int Overhead = HeaderBytes + NonceBytes + TagBytes;

    private const byte Sealed = 1;
    private const byte Bare = 0;
    private const int HeaderBytes = 5;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    public static byte[] Seal(SubKey key, ReadOnlySpan<byte> context, ReadOnlySpan<byte> plain)
    {
        var cipher = GC.AllocateUninitializedArray<byte>(Overhead + plain.Length);
        Seal(key, context, plain, cipher);
        return cipher;
    }

    /// <param name="key">Whose version the bytes carry.</param>
    /// <param name="context">Additional data.</param>
    /// <param name="plain">What is sealed.</param>
    /// <param name="cipher">Exactly <see cref="Overhead"/> bytes longer than <paramref name="plain"/>; written from end to end.</param>
    public static void Seal(SubKey key, ReadOnlySpan<byte> context, ReadOnlySpan<byte> plain, Span<byte> cipher)
    {
        BinaryPrimitives.WriteInt32LittleEndian(cipher[1..], key.Version);
        if (key.SealingOff)
        {
            cipher[0] = Bare;
            cipher.Slice(HeaderBytes, NonceBytes + TagBytes).Clear();
            plain.CopyTo(cipher[Overhead..]);
            return;
        }

        cipher[0] = Sealed;
        var nonce = cipher.Slice(HeaderBytes, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key.Bytes, TagBytes);
        aes.Encrypt(nonce, plain, cipher[Overhead..], cipher.Slice(HeaderBytes + NonceBytes, TagBytes), context);
    }

    /// <summary>Bytes that <see cref="TryOpen(SubKey, ReadOnlySpan{byte}, ReadOnlySpan{byte}, Span{byte})"/> will write.</summary>
    public static int PlainLength(ReadOnlySpan<byte> cipher) => Math.Max(0, cipher.Length - Overhead);

    /// <summary>The tag of sealed bytes: no two sealings share one, so it stands for exactly these bytes.</summary>
    public static UInt128 TagOf(ReadOnlySpan<byte> cipher) =>
        cipher.Length < Overhead ? 0 : BinaryPrimitives.ReadUInt128LittleEndian(cipher[(HeaderBytes + NonceBytes)..]);

    /// <summary>The version of the data key that sealed the bytes; 0 when they are none of ours.</summary>
    public static int VersionOf(ReadOnlySpan<byte> cipher) => cipher.Length < Overhead ? 0 : BinaryPrimitives.ReadInt32LittleEndian(cipher[1..]);

    /// <returns>False when the bytes, the key, the key version or the context are not those of the sealing; then nothing was written.</returns>
    public static bool TryOpen(SubKey key, ReadOnlySpan<byte> context, ReadOnlySpan<byte> cipher, Span<byte> plain)
    {
        if (cipher.Length < Overhead || BinaryPrimitives.ReadInt32LittleEndian(cipher[1..]) != key.Version) return false;
        if (key.SealingOff)
        {
            cipher[Overhead..].CopyTo(plain);
            return cipher[0] == Bare;
        }

        if (cipher[0] != Sealed) return false;
        try
        {
            using var aes = new AesGcm(key.Bytes, TagBytes);
            aes.Decrypt(cipher.Slice(HeaderBytes, NonceBytes), cipher[Overhead..], cipher.Slice(HeaderBytes + NonceBytes, TagBytes), plain[..PlainLength(cipher)], context);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }

    public static bool TryOpen(SubKey key, ReadOnlySpan<byte> context, ReadOnlySpan<byte> cipher, [NotNullWhen(true)] out byte[]? plain)
    {
        plain = GC.AllocateUninitializedArray<byte>(PlainLength(cipher));
        if (TryOpen(key, context, cipher, plain)) return true;
        plain = null;
        return false;
    }

    /// <summary>The additional data: each part with its length before it, so that no two lists of parts look alike.</summary>
    public static byte[] Context(params ReadOnlySpan<string> parts)
    {
        var length = 0;
        foreach (var part in parts) length += 4 + Encoding.UTF8.GetByteCount(part);
        var bytes = new byte[length];
        var at = 0;
        foreach (var part in parts)
        {
            var written = Encoding.UTF8.GetBytes(part, bytes.AsSpan(at + 4));
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at), written);
            at += 4 + written;
        }

        return bytes;
    }
}

/// <summary>A key for one use, derived from a data key.</summary>
/// <param name="Bytes">32 bytes.</param>
/// <param name="Version">Version of the data key it comes from.</param>
/// <param name="SealingOff">Only a test that wants to see its own scan fail sets it.</param>
internal sealed record SubKey(byte[] Bytes, int Version, bool SealingOff)
{
    /// <summary>HKDF-SHA-256 with a label per use.</summary>
    public static SubKey Derive(byte[] dataKey, string label, int version, bool sealingOff) =>
        new(HKDF.DeriveKey(HashAlgorithmName.SHA256, dataKey, Cipher.KeyBytes, info: Encoding.UTF8.GetBytes("autonoomi/" + label)), version, sealingOff);

    public override string ToString() => "[key]";
}
