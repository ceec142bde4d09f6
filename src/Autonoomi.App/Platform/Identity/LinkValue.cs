using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Autonoomi.App.Platform.Identity;

/// <summary>The random value in a link that lets its holder do one thing once. Whoever follows the link brings it; here rests its hash only.</summary>
public static class LinkValue
{
    private const int Bytes = 32;
    private const int Letters = 43; // of 32 bytes in Base64Url

    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>Whether it is as long as one; whether it opens anything is asked of the database.</summary>
    public static bool IsOne([NotNullWhen(true)] string? value) => value is { Length: Letters };

    /// <summary>The id under which it is stored.</summary>
    public static string IdOf(string value) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(value)));
}
