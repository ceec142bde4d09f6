using Autonoomi.Core.Advertising;

namespace Autonoomi.App.Platform.Shell;

/// <summary>Targets in the trade's words.</summary>
public static class TargetWords
{
    public static string Name(Target target) => target.Kind switch
    {
        TargetKind.Keyword => target.Text,
        TargetKind.Product => target.Match == MatchType.Category ? $"Category {target.Text}" : target.Text,
        // Themes of Sponsored Brands and audiences of Sponsored Display bring words of their own.
        TargetKind.Auto => target.Text.Length > 0 ? target.Text : Match(target.Match),
    };

    public static string Match(MatchType match) => match switch
    {
        MatchType.Exact => "Exact",
        MatchType.Phrase => "Phrase",
        MatchType.Broad => "Broad",
        MatchType.Product => "Product",
        MatchType.Category => "Category",
        MatchType.CloseMatch => "Close match",
        MatchType.LooseMatch => "Loose match",
        MatchType.Substitutes => "Substitutes",
        MatchType.Complements => "Complements",
    };

    public static string State(EntityState state) => state switch
    {
        EntityState.Enabled => "Enabled",
        EntityState.Paused => "Paused",
        EntityState.Archived => "Archived",
    };
}
