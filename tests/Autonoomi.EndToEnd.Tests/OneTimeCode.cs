using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace Autonoomi.EndToEnd.Tests;

/// <summary>The phone's part of RFC 6238: six digits, 30 seconds, SHA-1.</summary>
public static class OneTimeCode
{
    public static string Of(string base32, DateTimeOffset at)
    {
        Span<byte> counter = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, at.ToUnixTimeSeconds() / 30);
        // The standard's own hash: authenticator apps know no other.
#pragma warning disable CA5350
        var hash = HMACSHA1.HashData(Decode(base32), counter);
#pragma warning restore CA5350
        var number = BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(hash[^1] & 15)) & int.MaxValue;
        return (number % 1_000_000).ToString("000000", CultureInfo.InvariantCulture);
    }

    private static byte[] Decode(string base32)
    {
        var bits = 0;
        var value = 0L;
        var bytes = new List<byte>();
        foreach (var letter in base32.Where(char.IsAsciiLetterOrDigit))
        {
            value = (value << 5 | (long)"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(char.ToUpperInvariant(letter), StringComparison.Ordinal)) & 0xFFFFF;
            bits += 5;
            if (bits < 8) continue;
            bits -= 8;
            bytes.Add((byte)(value >> bits & 0xFF));
        }

        return [.. bytes];
    }
}
