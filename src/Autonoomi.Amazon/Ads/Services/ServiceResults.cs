using Autonoomi.Core.Primitives;

namespace Autonoomi.Amazon.Ads;

/// <summary>How far a daily budget is used.</summary>
/// <param name="Campaign">Which campaign.</param>
/// <param name="Budget">The daily budget when Amazon counted: what the percent is of.</param>
/// <param name="Percent">Spent of it, in percent; may pass 100.</param>
/// <param name="At">When Amazon counted.</param>
public sealed record BudgetUse(CampaignId Campaign, Money Budget, decimal Percent, DateTimeOffset At);

public enum PortfolioPolicy
{
    /// <summary>No budget of its own.</summary>
    NoCap,

    /// <summary>The same amount each calendar month.</summary>
    Monthly,

    /// <summary>One amount for some days.</summary>
    Dates,
}

/// <param name="Id">Amazon's id; 0 for one to be made.</param>
/// <param name="Name">Unique in the account.</param>
/// <param name="Policy">What its budget is for.</param>
/// <param name="Budget">Null without a cap.</param>
public sealed record AdPortfolio(long Id, string Name, PortfolioPolicy Policy, Money? Budget);
