using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;

namespace Autonoomi.App.Platform.Identity;

/// <summary>Codes of authenticator apps (RFC 6238: SHA-1, six digits, 30 seconds), one step of tolerance to either side, each code once.</summary>
public sealed class OneTimeCodes(TimeProvider clock) : IUserTwoFactorTokenProvider<AppUser>
{
    public Task<bool> CanGenerateTwoFactorTokenAsync(UserManager<AppUser> manager, AppUser user) => Task.FromResult(user.Totp is not null);

    /// <summary>The app makes the codes, never the server.</summary>
    public Task<string> GenerateAsync(string purpose, UserManager<AppUser> manager, AppUser user) => Task.FromResult("");

    public async Task<bool> ValidateAsync(string purpose, string token, UserManager<AppUser> manager, AppUser user)
    {
        if (user.Totp is not { } totp || token.Length != 6 || token.AsSpan().ContainsAnyExceptInRange('0', '9')) return false;
        var key = Base32.Decode(totp.Key);
        var now = clock.GetUtcNow().ToUnixTimeSeconds() / 30;
        for (var step = now - 1; step <= now + 1; step++)
        {
            if (step <= totp.LastStep || !CryptographicOperations.FixedTimeEquals(System.Text.Encoding.ASCII.GetBytes(Code(key, step)), System.Text.Encoding.ASCII.GetBytes(token))) continue;
            user.Totp = totp with { LastStep = step };
            // Loses against a parallel use of the same code: then the concurrency stamp has moved on and this one fails.
            return (await manager.UpdateAsync(user)).Succeeded;
        }

        return false;
    }

    /// <param name="key">The shared secret.</param>
    /// <param name="step">Seconds since 1970 over 30.</param>
    /// <returns>Six digits.</returns>
    public static string Code(byte[] key, long step)
    {
        Span<byte> counter = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
#pragma warning disable CA5350 // Authenticator apps speak SHA-1; as a keyed hash it is sound.
        var hash = HMACSHA1.HashData(key, counter);
#pragma warning restore CA5350
        var number = BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(hash[^1] & 0x0F)) & 0x7FFFFFFF;
        return (number % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
    }
}

/// <summary>The alphabet in which authenticator keys are typed (RFC 4648).</summary>
public static class Base32
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /// <exception cref="FormatException">A character is not of the alphabet.</exception>
    public static byte[] Decode(string text)
    {
        var bytes = new List<byte>(text.Length * 5 / 8);
        int buffer = 0, bits = 0;
        foreach (var letter in text.Replace(" ", "", StringComparison.Ordinal).TrimEnd('='))
        {
            var value = Alphabet.IndexOf(char.ToUpperInvariant(letter), StringComparison.Ordinal);
            if (value < 0) throw new FormatException("The authenticator key holds a character outside A-Z and 2-7.");
            buffer = ((buffer & 0x7F) << 5) | value;
            bits += 5;
            if (bits < 8) continue;
            bits -= 8;
            bytes.Add((byte)(buffer >> bits));
            buffer &= (1 << bits) - 1;
        }

        return [.. bytes];
    }
}
