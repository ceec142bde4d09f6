using System.Globalization;
using System.Text;

namespace Autonoomi.Marketplace.Http.Ads.V1;

/// <summary>A page token: the place in the list and the filters that it belongs to; with other filters it is refused, as at Amazon.</summary>
internal static class PageMark
{
    public static string Of(Item body)
    {
        var rest = body.Fields.Where(each => each.Key is not ("nextToken" or "maxResults")).OrderBy(each => each.Key, StringComparer.Ordinal).Select(each => $"{each.Key}={each.Value?.ToJsonString()}");
        return Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('&', rest))).AsSpan(0, 8));
    }

    public static string Make(long after, string mark) => Convert.ToBase64String(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{after}/{mark}")));

    public static bool TryRead(string token, string mark, out long after)
    {
        after = 0;
        var buffer = new byte[token.Length];
        if (!Convert.TryFromBase64String(token, buffer, out var length)) return false;
        var parts = Encoding.UTF8.GetString(buffer, 0, length).Split('/');
        return parts.Length == 2 && parts[1] == mark && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out after);
    }
}
