using System.Globalization;
using Autonoomi.App.Platform.Shell;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.History;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;

namespace Autonoomi.App.Features.ChangeLog;

/// <summary>What Amazon says of a value that we wrote, as people read it.</summary>
public static class StandingWords
{
    public static string Value(Standing standing, Change change) => (standing.AmazonSays, change) switch
    {
        (null, _) => "gone",
        ({ } text, SetBid bid) => Amount(text, bid.After.Currency),
        ({ } text, SetBudget budget) => Amount(text, budget.After.Currency),
        ({ } text, SetPlacement) => text + "%",
        ({ } text, _) => Enum.TryParse<EntityState>(text, out var state) ? TargetWords.State(state) : text,
    };

    private static string Amount(string text, Currency currency) => Display.Amount(new Money(decimal.Parse(text, CultureInfo.InvariantCulture), currency));
}
