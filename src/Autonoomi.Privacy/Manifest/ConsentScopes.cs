using System.Collections.Immutable;

namespace Autonoomi.Privacy;

/// <summary>What consent pages are asked for: what the sources of <see cref="FieldManifest"/> need, and nothing else.</summary>
public static class ConsentScopes
{
    /// <summary>Scopes of the Ads API.</summary>
    public static ImmutableArray<string> Ads => ["advertising::campaign_management"];
}
