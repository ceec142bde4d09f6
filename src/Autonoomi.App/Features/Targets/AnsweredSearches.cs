using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;

namespace Autonoomi.App.Features.Targets;

/// <summary>Which rows of search terms are a target's.</summary>
public static class AnsweredSearches
{
    /// <param name="workspace">All targets.</param>
    /// <param name="target">One of them.</param>
    /// <param name="terms">Rows by target and search term.</param>
    /// <returns>
    /// True for rows that name the target. Rows of Sponsored Brands that name none (target 0) are those of themes and product targets: they are the ad group's only such target's, where it has one alone.
    /// </returns>
    public static Func<int, bool> Of(Workspace workspace, Target target, FactTable terms)
    {
        var isOnlyOne = target.Kind != TargetKind.Keyword && workspace.Targets.Count(each => each.AdGroup == target.AdGroup && each.Kind != TargetKind.Keyword) == 1;
        var (targets, groups) = (terms.Longs("target_id").ToArray(), terms.Longs("ad_group_id").ToArray());
        return row => targets[row] == target.Id.Value || (isOnlyOne && targets[row] == 0 && groups[row] == target.AdGroup.Value);
    }
}
