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

    /// <summary>Reads the ranking in one pass and keeps the rows of the wanted searches alone; memory does not grow with the file.</summary>
    /// <param name="documentId">From the finished report.</param>
    /// <param name="wanted">Searches, compared without regard to capitals.</param>
    /// <param name="cancellationToken">Ends the download.</param>
    /// <exception cref="AmazonDocumentException">The document breaks a rule; nothing is kept.</exception>
    public Task<IReadOnlyList<SearchTermRank>> DownloadSearchTermsAsync(string documentId, IReadOnlyCollection<string> wanted, CancellationToken cancellationToken)
    {
        var terms = new HashSet<string>(wanted, StringComparer.OrdinalIgnoreCase);
        return DownloadAsync<IReadOnlyList<SearchTermRank>>(SearchTermsName, documentId, async (plain, ct) =>
        {
            var found = new List<SearchTermRank>();
            var known = terms.GetAlternateLookup<ReadOnlySpan<char>>();
            var letters = new char[1024];
            await JsonItems.ReadAsync(SearchTermsName, plain.Content, "dataByDepartmentAndSearchTerm", (item, number) =>
            {
                if (Term(item, letters, number) is not { Length: > 0 } term || !known.TryGetValue(term, out var wantedTerm)) return;
                var row = Parsed(SearchTermsName, item, number, SellingPartnerJson.Default.SearchTermRow);
                found.Add(new(wantedTerm, row.DepartmentName ?? "", Count(SearchTermsName, number, "searchFrequencyRank", row.SearchFrequencyRank), new(row.ClickedAsin ?? ""),
                    row.ClickShareRank ?? 0, row.ClickShare ?? 0, row.ConversionShare ?? 0));
            }, ct).ConfigureAwait(false);
            return found;
        }, cancellationToken);
    }

    // The one field that decides whether the others are read.
    private static ReadOnlySpan<char> Term(ReadOnlySpan<byte> item, char[] letters, long number)
    {
        var reader = new Utf8JsonReader(item);
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth != 1 || !reader.ValueTextEquals("searchTerm"u8)) continue;
            reader.Read();
            if (reader.TokenType != JsonTokenType.String) break;
            return reader.ValueSpan.Length > letters.Length ? [] : letters.AsSpan(0, reader.CopyString(letters));
        }

        throw new AmazonDocumentException(SearchTermsName, number, "searchTerm", "the field is missing");
    }

    private Task<OrderedReport> OrderWeekAsync(string reportType, DateOnly sunday, Dictionary<string, string> options, CancellationToken cancellationToken)
    {
        // Amazon gives up on a span that is not exactly one of its weeks.
        if (sunday.DayOfWeek != DayOfWeek.Sunday) throw new ArgumentException($"Weeks begin on a Sunday, and {sunday.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)} is none.", nameof(sunday));
        return OrderIfAllowedAsync(reportType, (Midnight(sunday), Midnight(sunday.AddDays(6))), options, cancellationToken);

        static DateTimeOffset Midnight(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
    }
}

/// <summary>One of the three products that were clicked most after a search.</summary>
/// <param name="Term">The search, as the caller wrote it.</param>
/// <param name="Department">Amazon's department.</param>
/// <param name="Rank">1 for the commonest search of the department.</param>
/// <param name="Asin">The clicked product.</param>
/// <param name="ClickRank">1 to 3.</param>
/// <param name="ClickShare">Of all clicks after the search, 0 to 1.</param>
/// <param name="ConversionShare">Of all orders after the search, 0 to 1.</param>
public sealed record SearchTermRank(string Term, string Department, long Rank, Asin Asin, int ClickRank, double ClickShare, double ConversionShare);
