using System.Collections.Immutable;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;

namespace Autonoomi.Core.Dayparting;

/// <summary>Hours in which one bid is right.</summary>
/// <param name="FromHour">0 to 23.</param>
/// <param name="UntilHour">1 to 24, above <paramref name="FromHour"/>; at least three hours later, except where a block runs through midnight.</param>
/// <param name="Worth">What a click is worth over the campaign's mean, 0.6 to 1.5; 1 where it does not differ for certain.</param>
/// <param name="Low">10 % quantile of the same.</param>
/// <param name="High">90 % quantile.</param>
/// <param name="IncreasePercent">Over the lowered base bid: rules by the hour can only raise. 0 to 150.</param>
public sealed record DaypartBlock(int FromHour, int UntilHour, double Worth, double Low, double High, int IncreasePercent);

/// <summary>Bids by the hour for one campaign. Amazon has no write for it in this version: a person enters it.</summary>
/// <param name="Campaign">Which campaign.</param>
/// <param name="BaseFactor">By which the campaign's bids are multiplied first, 0.6 to 1.</param>
/// <param name="Blocks">The whole day, in order.</param>
/// <param name="GainShare">Gain over the campaign's profit, above zero.</param>
/// <param name="Effect">Over 30 days.</param>
public sealed record DaypartPlan(CampaignId Campaign, double BaseFactor, ImmutableArray<DaypartBlock> Blocks, double GainShare, Effect Effect);
