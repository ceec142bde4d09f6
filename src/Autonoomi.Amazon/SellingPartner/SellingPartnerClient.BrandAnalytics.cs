using System.Globalization;
using System.Text.Json;
using Autonoomi.Amazon.Reports;
using Autonoomi.Amazon.SellingPartner.Wire;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Privacy.Scrubbing;

namespace Autonoomi.Amazon.SellingPartner;

/// <summary>Brand Analytics by week, where the application has the role and the seller a registered brand. Elsewhere ordering says so, and that is no error.</summary>
public sealed partial class SellingPartnerClient
{
    private const int LongestAsinList = 200;

    // Three products of some thirty departments, and room.
    private const int MostWaiting = 200;
    private const string SearchQueriesName = "The search query performance report";
    private const string SearchCatalogueName = "The search catalogue performance report";
    private const string SearchTermsName = "The search terms report";

    /// <summary>As many products as one order of search query performance may name: a list of at most 200 characters.</summary>
    /// <param name="asins">In order of importance.</param>
    /// <returns>Lists in the same order.</returns>
    public static IReadOnlyList<IReadOnlyList<Asin>> AsinBatches(IEnumerable<Asin> asins)
    {
        var batches = new List<IReadOnlyList<Asin>>();
        var (batch, length) = (new List<Asin>(), 0);
        foreach (var asin in asins.Distinct())
        {
            if (batch.Count > 0 && length + 1 + asin.Value.Length > LongestAsinList)
            {
                batches.Add(batch);
                (batch, length) = ([], 0);
            }

            length += asin.Value.Length + (batch.Count > 0 ? 1 : 0);
            batch.Add(asin);
        }

        if (batch.Count > 0) batches.Add(batch);
        return batches;
    }

    /// <summary>Orders how some products did on the searches that led to them.</summary>
    /// <param name="sunday">First day of the week; weeks run Sunday to Saturday.</param>
    /// <param name="asins">One of <see cref="AsinBatches"/>. Amazon takes about twenty orders a day.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<OrderedReport> RequestSearchQueriesAsync(DateOnly sunday, IReadOnlyList<Asin> asins, CancellationToken cancellationToken)
    {
        var list = string.Join(' ', asins.Select(asin => asin.Value));
        if (list.Length is 0 or > LongestAsinList) throw new ArgumentException($"One order names products in 1 to {LongestAsinList} characters; these are {list.Length}.", nameof(asins));
        return OrderWeekAsync(PartnerReportTypes.SearchQueries, sunday, new() { ["reportPeriod"] = "WEEK", ["asin"] = list }, cancellationToken);
    }

    /// <summary>Orders how all the seller's products did in searches.</summary>
    /// <param name="sunday">First day of the week; weeks run Sunday to Saturday.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<OrderedReport> RequestSearchCatalogueAsync(DateOnly sunday, CancellationToken cancellationToken) =>
        OrderWeekAsync(PartnerReportTypes.SearchCatalogue, sunday, new() { ["reportPeriod"] = "WEEK" }, cancellationToken);

    /// <summary>Orders the ranking of all searches of the marketplace: gigabytes, of which only a few rows are kept when it is read.</summary>
    /// <param name="sunday">First day of the week; weeks run Sunday to Saturday.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<OrderedReport> RequestSearchTermsAsync(DateOnly sunday, CancellationToken cancellationToken) =>
        OrderWeekAsync(PartnerReportTypes.SearchTerms, sunday, new() { ["reportPeriod"] = "WEEK" }, cancellationToken);

    /// <returns>SearchQueryWeek.</returns>
    /// <exception cref="AmazonDocumentException">A row breaks a rule; nothing is kept.</exception>
    public Task<FactTable> DownloadSearchQueriesAsync(string documentId, CancellationToken cancellationToken) => DownloadAsync(SearchQueriesName, documentId, async (plain, ct) =>
    {
        var table = new FactTableBuilder(TableSchema.Of(Dataset.SearchQueryWeek));
        await JsonItems.ReadAsync(SearchQueriesName, plain.Content, "dataByAsin", (item, number) =>
        {
            var row = Parsed(SearchQueriesName, item, number, SellingPartnerJson.Default.SearchQueryRow);
            table.Int(DayOf(SearchQueriesName, number, "startDate", row.StartDate)).Text(Named(row.Asin, "asin")).Text(TermScrubber.Scrub(Named(row.SearchQueryData?.SearchQuery, "searchQuery")))
                .Long(Count(SearchQueriesName, number, "searchQueryVolume", row.SearchQueryData?.SearchQueryVolume))
                .Long(Count(SearchQueriesName, number, "totalQueryImpressionCount", row.ImpressionData?.TotalQueryImpressionCount)).Long(Count(SearchQueriesName, number, "asinImpressionCount", row.ImpressionData?.AsinImpressionCount))
                .Long(Count(SearchQueriesName, number, "totalClickCount", row.ClickData?.TotalClickCount)).Long(Count(SearchQueriesName, number, "asinClickCount", row.ClickData?.AsinClickCount))
                .Long(Count(SearchQueriesName, number, "totalPurchaseCount", row.PurchaseData?.TotalPurchaseCount)).Long(Count(SearchQueriesName, number, "asinPurchaseCount", row.PurchaseData?.AsinPurchaseCount));

            string Named(string? text, string field) => string.IsNullOrEmpty(text) ? throw new AmazonDocumentException(SearchQueriesName, number, field, "the field is missing") : text;
        }, ct).ConfigureAwait(false);
        return table.Build();
    }, cancellationToken);

    /// <returns>SearchCatalogueWeek.</returns>
    /// <exception cref="AmazonDocumentException">A row breaks a rule; nothing is kept.</exception>
    public Task<FactTable> DownloadSearchCatalogueAsync(string documentId, CancellationToken cancellationToken) => DownloadAsync(SearchCatalogueName, documentId, async (plain, ct) =>
    {
        var table = new FactTableBuilder(TableSchema.Of(Dataset.SearchCatalogueWeek));
        await JsonItems.ReadAsync(SearchCatalogueName, plain.Content, "dataByAsin", (item, number) =>
        {
            var row = Parsed(SearchCatalogueName, item, number, SellingPartnerJson.Default.CatalogueRow);
            if (string.IsNullOrEmpty(row.Asin)) throw new AmazonDocumentException(SearchCatalogueName, number, "asin", "the field is missing");
            table.Int(DayOf(SearchCatalogueName, number, "startDate", row.StartDate)).Text(row.Asin)
                .Long(Count(SearchCatalogueName, number, "impressionCount", row.ImpressionData?.ImpressionCount)).Long(Count(SearchCatalogueName, number, "clickCount", row.ClickData?.ClickCount))
                .Long(Count(SearchCatalogueName, number, "cartAddCount", row.CartAddData?.CartAddCount)).Long(Count(SearchCatalogueName, number, "purchaseCount", row.PurchaseData?.PurchaseCount))
                .Long(Micros(row.PurchaseData?.SearchTrafficSales, SearchCatalogueName, number, "searchTrafficSales"));
        }, ct).ConfigureAwait(false);
        return table.Build();
    }, cancellationToken);

    /// <summary>
    /// Reads the ranking in one pass and keeps what concerns the seller: searches that are among the named ones, and searches after which one of the own products is among the three that are
    /// clicked most, with all three. Memory grows with what is kept, not with the file.
    /// </summary>
    /// <param name="documentId">From the finished report.</param>
    /// <param name="sunday">First day of its week.</param>
    /// <param name="terms">Searches, compared without regard to capitals.</param>
    /// <param name="own">The seller's products.</param>
    /// <param name="cancellationToken">Ends the download.</param>
    /// <returns>SearchTermWeek.</returns>
    /// <exception cref="AmazonDocumentException">The document breaks a rule; nothing is kept.</exception>
    public Task<FactTable> DownloadSearchTermsAsync(string documentId, DateOnly sunday, IEnumerable<string> terms, IEnumerable<Asin> own, CancellationToken cancellationToken)
    {
        var known = new HashSet<string>(terms, StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();
        var products = own.Select(asin => asin.Value).ToHashSet(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
        return DownloadAsync(SearchTermsName, documentId, async (plain, ct) =>
        {
            var table = new FactTableBuilder(TableSchema.Of(Dataset.SearchTermWeek));
            var (letters, digits) = (new char[1024], new char[64]);

            // Rows of one search follow each other; until one of them is wanted, they wait as they came.
            var waiting = new List<(byte[] Item, long Number)>();
            var (search, isWanted) = ("", false);
            await JsonItems.ReadAsync(SearchTermsName, plain.Content, "dataByDepartmentAndSearchTerm", (item, number) =>
            {
                var term = Word(item, "searchTerm"u8, letters);
                if (term.IsEmpty) throw new AmazonDocumentException(SearchTermsName, number, "searchTerm", "the field is missing");
                if (!term.SequenceEqual(search))
                {
                    waiting.Clear();
                    (search, isWanted) = (term.ToString(), known.Contains(term));
                }

                if (!isWanted && products.Contains(Word(item, "clickedAsin"u8, digits)))
                {
                    isWanted = true;
                    foreach (var (earlier, at) in waiting) Keep(earlier, at);
                    waiting.Clear();
                }

                if (isWanted) Keep(item, number);
                else if (waiting.Count < MostWaiting) waiting.Add((item.ToArray(), number));
            }, ct).ConfigureAwait(false);
            return table.Build();

            void Keep(ReadOnlySpan<byte> item, long number)
            {
                var row = Parsed(SearchTermsName, item, number, SellingPartnerJson.Default.SearchTermRow);
                if (string.IsNullOrEmpty(row.ClickedAsin)) throw new AmazonDocumentException(SearchTermsName, number, "clickedAsin", "the field is missing");
                table.Day(sunday).Text(row.DepartmentName ?? "").Text(TermScrubber.Scrub(search)).Text(row.ClickedAsin).Long(Count(SearchTermsName, number, "searchFrequencyRank", row.SearchFrequencyRank))
                    .Int(row.ClickShareRank is { } place and >= 1 and <= 3 ? place : throw new AmazonDocumentException(SearchTermsName, number, "clickShareRank", "a place is 1, 2 or 3, and this one is not"))
                    .Long(Millionths(number, "clickShare", row.ClickShare)).Long(Millionths(number, "conversionShare", row.ConversionShare));
            }
        }, cancellationToken);

        static long Millionths(long number, string field, double? share) => share is null ? 0
            : share is >= 0 and <= 1 ? (long)Math.Round(share.Value * 1_000_000) : throw new AmazonDocumentException(SearchTermsName, number, field, "a share lies between 0 and 1, and this one does not");
    }

    /// <returns>A text of the item itself; empty where it is missing, longer than there is room for, or no text.</returns>
    private static ReadOnlySpan<char> Word(ReadOnlySpan<byte> item, ReadOnlySpan<byte> name, char[] letters)
    {
        var reader = new Utf8JsonReader(item);
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth != 1 || !reader.ValueTextEquals(name)) continue;
            reader.Read();
            return reader.TokenType != JsonTokenType.String || reader.ValueSpan.Length > letters.Length ? [] : letters.AsSpan(0, reader.CopyString(letters));
        }

        return [];
    }

    private Task<OrderedReport> OrderWeekAsync(string reportType, DateOnly sunday, Dictionary<string, string> options, CancellationToken cancellationToken)
    {
        // Amazon gives up on a span that is not exactly one of its weeks.
        if (sunday.DayOfWeek != DayOfWeek.Sunday) throw new ArgumentException($"Weeks begin on a Sunday, and {sunday.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)} is none.", nameof(sunday));
        return OrderIfAllowedAsync(reportType, (Midnight(sunday), Midnight(sunday.AddDays(6))), options, cancellationToken);

        static DateTimeOffset Midnight(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
    }
}
