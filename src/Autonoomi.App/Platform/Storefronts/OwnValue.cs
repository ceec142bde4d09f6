using System.Globalization;
using Autonoomi.Core.Edits;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Proposals;

namespace Autonoomi.App.Platform.Storefronts;

/// <param name="Change">What would be written; null when it may not be.</param>
/// <param name="Refusal">Rule and fix; null when it may be written.</param>
public sealed record OwnChange(Change? Change, string? Refusal);

/// <summary>Another value than the proposed one, as a person wants it, held against the same rules as any change of a person's own: see <see cref="EditRules"/>.</summary>
public static class OwnValue
{
    /// <summary>The value that is proposed: money, or whole percent of a placement; null where there is nothing to set.</summary>
    public static decimal? Proposed(Change change) => change switch
    {
        SetBid bid => bid.After.Amount,
        SetBudget budget => budget.After.Amount,
        SetPlacement placement => placement.AfterPercent,
        CreateTarget create => create.Bid.Amount,
        _ => null,
    };

    /// <param name="proposal">As it was proposed.</param>
    /// <param name="value">Money of the storefront, or whole percent of a placement.</param>
    /// <param name="workspace">Limits, marketplace, and what stands there now.</param>
    public static OwnChange Of(Proposal proposal, decimal value, Workspace workspace)
    {
        Change? wanted = proposal.Change switch
        {
            SetBid bid => bid with { After = bid.After with { Amount = value } },
            CreateTarget create => create with { Bid = create.Bid with { Amount = value } },
            SetBudget budget => budget with { After = budget.After with { Amount = value } },
            SetPlacement placement when value == decimal.Truncate(value) && Math.Abs(value) < int.MaxValue => placement with { AfterPercent = (int)value },
            SetPlacement => null,
            _ => proposal.Change,
        };
        if (wanted is null) return new(null, "A placement increase is a whole percentage: round it.");
        if (Proposed(wanted) is null) return new(null, "There is no value in this proposal that could be another: approve or reject it.");
        var judged = new EditRules(workspace).Judge(wanted);
        return judged.Refusal is { } refusal ? new(null, refusal) : new(judged.Change, null);
    }

    /// <returns>Null where the text is no number. A comma or a point may stand before the cents.</returns>
    public static decimal? Read(string? text) =>
        decimal.TryParse((text ?? "").Trim().TrimEnd('%').Trim().Replace(',', '.'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) ? value : null;
}
