using System.Collections.Immutable;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;

namespace Autonoomi.Core.Outcomes;

/// <summary>What came of a change, as far as the days since can tell.</summary>
public enum Grade
{
    /// <summary>The days after it have not settled yet, or the bid was moved again within them.</summary>
    TooEarly,

    /// <summary>Too few look-alikes were left alone to tell what would have happened without it.</summary>
    NothingToCompareWith,

    /// <summary>The 80 % interval holds zero.</summary>
    NoDifferenceSeen,

    Gained,
    Lost,
}

/// <summary>Bids of one target that moved within a fortnight of each other, judged as one.</summary>
/// <param name="Target">Whose bid.</param>
/// <param name="First">The bid before the first move.</param>
/// <param name="Last">The bid after the last.</param>
/// <param name="Moves">How many moves.</param>
/// <param name="Began">Reporting day of the first.</param>
/// <param name="Ended">Reporting day of the last.</param>
/// <param name="ByPerson">True when a person made the last one.</param>
/// <param name="Reason">Why the last was made; null where a person did without a proposal.</param>
/// <param name="Grade">As judged.</param>
/// <param name="SettlesOn">First day on which it can be judged.</param>
/// <param name="Before">Profit after ads of the fortnight before; null where it was not judged.</param>
/// <param name="After">The same of the fortnight after.</param>
/// <param name="Effect">After less what look-alikes say it would have been, for a fortnight, with its 80 % interval; null where it was not judged.</param>
public sealed record Outcome(
    TargetId Target, Money First, Money Last, int Moves, DateOnly Began, DateOnly Ended, bool ByPerson, ReasonCode? Reason, Grade Grade, DateOnly SettlesOn,
    Money? Before = null, Money? After = null, MeasuredEffect? Effect = null);

/// <param name="Mean">Best guess.</param>
/// <param name="Low">Lower end of the 80 % interval.</param>
/// <param name="High">Upper end.</param>
public sealed record MeasuredEffect(Money Mean, Money Low, Money High);

/// <summary>All of one reason together: many small effects that none of them shows alone.</summary>
/// <param name="Reason">Null for what people changed without a proposal.</param>
/// <param name="Judged">How many outcomes.</param>
/// <param name="Gained">Of them, plainly.</param>
/// <param name="Lost">Of them, plainly.</param>
/// <param name="Effect">Sum over a fortnight.</param>
public sealed record OutcomeSum(ReasonCode? Reason, int Judged, int Gained, int Lost, MeasuredEffect Effect);

/// <param name="Outcomes">The newest first.</param>
/// <param name="Sums">By reason, those with most outcomes first.</param>
/// <param name="Whole">Of all reasons; null where nothing was judged.</param>
public sealed record Ledger(ImmutableArray<Outcome> Outcomes, ImmutableArray<OutcomeSum> Sums, OutcomeSum? Whole);
