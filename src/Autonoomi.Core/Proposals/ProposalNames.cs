using System.Globalization;
using Autonoomi.Core.Facts;

namespace Autonoomi.Core.Proposals;

internal static class ProposalNames
{
    /// <summary>Storefront, day, module and entity: 24 hexadecimal digits that are the same wherever they are worked out.</summary>
    public static ProposalId Of(Workspace workspace, Module module, string entityKey)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{workspace.Storefront.Value}|{workspace.Today:yyyy-MM-dd}|{module}|{entityKey}");
        Span<byte> digest = stackalloc byte[32];
        System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text), digest);
        return new ProposalId(Convert.ToHexStringLower(digest[..12]));
    }
}
