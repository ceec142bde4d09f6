using System.Collections.Immutable;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;

namespace Autonoomi.App.Features.Start;

/// <summary>A search term over the days read.</summary>
/// <param name="Term">As shoppers typed it.</param>
/// <param name="Clicks">Of all ads.</param>
/// <param name="Cost">Ad spend.</param>
/// <param name="Orders">That Amazon credits so far.</param>
/// <param name="Sales">Theirs.</param>
public sealed record FoundTerm(string Term, long Clicks, Money Cost, long Orders, Money Sales)
{
    /// <summary>Spend over sales, as a fraction; null without sales.</summary>
    public double? Acos => Sales.Amount > 0 ? (double)(Cost.Amount / Sales.Amount) : null;
}

/// <summary>What an order of a product leaves at most for ads.</summary>
/// <param name="Listing">The product.</param>
/// <param name="BreakEvenAcos">As a fraction; null while its cost is not known.</param>
/// <param name="Guessed">It rests on a guessed cost.</param>
public sealed record FoundProduct(Listing Listing, double? BreakEvenAcos, bool Guessed);

/// <summary>What the first reports show already, with the days and clicks that it rests on.</summary>
public sealed record StartFindings
{
    private const int Shown = 5;
    private const int SettlingDays = 14;

    /// <summary>Days of which search terms of Sponsored Products were read; null before the first report.</summary>
    public required DateSpan? Days { get; init; }

    /// <summary>Clicks on search terms in these days.</summary>
    public required long Clicks { get; init; }

    /// <summary>Terms that were clicked.</summary>
    public required int Terms { get; init; }

    /// <summary>Ad spend on them.</summary>
    public required Money Spend { get; init; }

    /// <summary>Spend on terms without any order so far.</summary>
    public required Money Unsold { get; init; }
    public required int UnsoldTerms { get; init; }
    public required long UnsoldClicks { get; init; }

    /// <summary>Of the unsold spend the part on clicks so young that Amazon may still credit orders.</summary>
    public required Money UnsoldYoung { get; init; }

    /// <summary>The dearest of these.</summary>
    public required ImmutableArray<FoundTerm> Dearest { get; init; }

    /// <summary>Terms with the most sales.</summary>
    public required ImmutableArray<FoundTerm> Winners { get; init; }

    /// <summary>Advertised products first, then by name.</summary>
    public required ImmutableArray<FoundProduct> Products { get; init; }

    /// <param name="workspace">With whatever was read so far; a day that is not over is left out.</param>
    public static StartFindings Of(Workspace workspace)
    {
        var currency = workspace.Marketplace.Currency;
        var table = workspace.SearchTermDays;
        var texts = table.Texts("search_term");
        var days = table.Ints("day");
        var clicks = table.Longs("clicks");
        var costs = table.Longs("cost");
        var orders = table.Longs("orders");
        var sales = table.Longs("sales");
        var sums = new Sum[texts.Words.Length];
        var (first, last, young) = (int.MaxValue, int.MinValue, workspace.Today.DayNumber - SettlingDays);
        for (var row = 0; row < table.Rows; row++)
        {
            var day = days[row];
            if (day >= workspace.Today.DayNumber) continue;
            (first, last) = (Math.Min(first, day), Math.Max(last, day));
            ref var sum = ref sums[texts.Codes[row]];
            sum.Clicks += clicks[row];
            sum.Cost += costs[row];
            sum.Orders += orders[row];
            sum.Sales += sales[row];
            if (day >= young) sum.Young += costs[row];
        }

        var clicked = Enumerable.Range(0, sums.Length).Where(term => sums[term].Clicks > 0 || sums[term].Cost > 0).ToArray();
        var unsold = clicked.Where(term => sums[term].Orders == 0).ToArray();
        FoundTerm Found(int term) => new(texts.Words[term], sums[term].Clicks, Money.FromMicros(sums[term].Cost, currency), sums[term].Orders, Money.FromMicros(sums[term].Sales, currency));
        var guessed = Platform.Storefronts.GuessedCosts.Of(workspace).Select(listing => listing.Sku).ToHashSet();
        var economics = Core.Profit.Economics.Of(workspace);
        var advertised = workspace.ProductAds.Where(ad => ad.State == EntityState.Enabled).Select(ad => ad.Sku).ToHashSet();
        return new StartFindings
        {
            Days = last < first ? null : new DateSpan(DateOnly.FromDayNumber(first), DateOnly.FromDayNumber(last)),
            Clicks = clicked.Sum(term => sums[term].Clicks),
            Terms = clicked.Length,
            Spend = Money.FromMicros(clicked.Sum(term => sums[term].Cost), currency),
            Unsold = Money.FromMicros(unsold.Sum(term => sums[term].Cost), currency),
            UnsoldTerms = unsold.Length,
            UnsoldClicks = unsold.Sum(term => sums[term].Clicks),
            UnsoldYoung = Money.FromMicros(unsold.Sum(term => sums[term].Young), currency),
            Dearest = [.. unsold.OrderByDescending(term => sums[term].Cost).ThenBy(term => texts.Words[term], StringComparer.Ordinal).Take(Shown).Select(Found)],
            Winners = [.. clicked.Where(term => sums[term].Sales > 0).OrderByDescending(term => sums[term].Sales).ThenBy(term => texts.Words[term], StringComparer.Ordinal).Take(Shown).Select(Found)],
            Products =
            [
                .. workspace.Listings.OrderByDescending(listing => advertised.Contains(listing.Sku)).ThenBy(listing => listing.Title, StringComparer.OrdinalIgnoreCase)
                    .Select(listing => new FoundProduct(listing, economics[listing.Sku].BreakEvenAcos, guessed.Contains(listing.Sku))),
            ],
        };
    }

    private struct Sum
    {
        public long Clicks, Cost, Orders, Sales, Young;
    }
}
