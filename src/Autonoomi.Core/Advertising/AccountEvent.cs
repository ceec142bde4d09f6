using Autonoomi.Core.Primitives;

namespace Autonoomi.Core.Advertising;

/// <summary>What kind of thing changed at Amazon.</summary>
public enum EventEntity { Campaign, AdGroup, Ad, Keyword, ProductTarget, NegativeKeyword }

/// <summary>Which of its values changed.</summary>
public enum EventField { Bid, Budget, DefaultBid, Placement, State, Strategy, Name, Other }

/// <summary>One line of Amazon's change history. It names no author.</summary>
/// <param name="At">When Amazon recorded it.</param>
/// <param name="Entity">Kind of entity.</param>
/// <param name="Id">The entity's id.</param>
/// <param name="Field">What changed.</param>
/// <param name="Before">As Amazon wrote it; null for what is new.</param>
/// <param name="After">As Amazon wrote it.</param>
/// <param name="Campaign">The campaign; null where Amazon leaves it out.</param>
public sealed record AccountEvent(DateTimeOffset At, EventEntity Entity, long Id, EventField Field, string? Before, string? After, CampaignId? Campaign);
