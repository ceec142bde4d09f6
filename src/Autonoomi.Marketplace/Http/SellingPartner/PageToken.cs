using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Autonoomi.Marketplace.Http.SellingPartner;

/// <summary>Opaque page tokens: a place, the instant they were made, and the question they belong to.</summary>
internal static class PageToken
{
    public static string Make(int place, DateTimeOffset now, string question) =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{place}/{now.ToUnixTimeSeconds()}/{Mark(question)}"))) + "==";

    /// <returns>The place; 0 without a token.</returns>
    /// <exception cref="BadInputException">The token is not ours, of another question, or too old.</exception>
    public static int Read(string? token, DateTimeOffset now, TimeSpan life, string question)
    {
        if (token is null) return 0;
        var text = token.TrimEnd('=');
        if (!Base64Url.IsValid(text)) throw new BadInputException("The page token is invalid.");
        var parts = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text)).Split('/');
        if (parts.Length != 3 || parts[2] != Mark(question) || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var place)
            || !long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var made))
            throw new BadInputException("The page token is invalid for this request.");
        return now - DateTimeOffset.FromUnixTimeSeconds(made) <= life ? place : throw new BadInputException("The page token has expired.");
    }

    private static string Mark(string question) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(question)).AsSpan(0, 6));
}
