using Autonoomi.Amazon.SellingPartner;
using Autonoomi.App.Platform.Jobs;
using Autonoomi.Core.Facts;

namespace Autonoomi.App.Features.Run;

/// <summary>All pages of a Data Kiosk query. A further page is a query of its own, ordered once the one before it is done; all are kept together, so a restart begins with the first again.</summary>
internal static class KioskPages
{
    /// <param name="dataset">Whose columns after day and product are all counts and amounts.</param>
    /// <param name="seller">Whom to ask.</param>
    /// <param name="first">The finished query of the first page.</param>
    /// <param name="what">For the error, for example "the economics of 2026-10-01..2026-10-14".</param>
    /// <param name="download">Reads one document.</param>
    /// <param name="order">Orders the page of a token; gives Amazon's query id.</param>
    /// <param name="options">How long to wait between looks.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>One table in the order of day and product; what two pages tell of one product and day is added up.</returns>
    /// <exception cref="TimeoutException">Amazon broke off a later page; nothing of the others may be kept.</exception>
    public static async Task<FactTable> ReadAsync(
        Dataset dataset, SellingPartnerClient seller, QueryStatus first, string what, Func<string, CancellationToken, Task<FactTable>> download, Func<string, CancellationToken, Task<string>> order,
        RunOptions options, CancellationToken cancellationToken)
    {
        var pages = new List<FactTable>();
        for (var status = first; ; status = await DoneAsync(await order(status.NextPage!, cancellationToken)))
        {
            if (status.DocumentId is { } document) pages.Add(await download(document, cancellationToken));
            if (status.NextPage is null) return pages.Count == 1 ? pages[0] : AddedUp(FactTable.Concat(dataset, pages));
        }

        async Task<QueryStatus> DoneAsync(string id)
        {
            for (var wait = options.PollFirst; ; wait = wait * 2 < options.PollLimit ? wait * 2 : options.PollLimit)
            {
                await Task.Delay(wait, cancellationToken);
                var status = await seller.QueryStatusAsync(id, cancellationToken);
                if (status.State == QueryState.Done) return status;
                if (status.State == QueryState.Failed) throw new TimeoutException($"Amazon broke off {what} at a later page.");
            }
        }
    }

    private static FactTable AddedUp(FactTable pages)
    {
        var (days, skus) = (pages.Ints("day").ToArray(), pages.Texts("sku"));
        var columns = Enumerable.Range(2, pages.Schema.Columns.Length - 2).Select(index => (LongColumn)pages[index]).ToArray();
        var sums = new SortedDictionary<(int Day, string Sku), long[]>();
        for (var row = 0; row < pages.Rows; row++)
        {
            if (!sums.TryGetValue((days[row], skus[row]), out var sum)) sums[(days[row], skus[row])] = sum = new long[columns.Length];
            for (var column = 0; column < columns.Length; column++) sum[column] += columns[column].Values[row];
        }

        var table = new FactTableBuilder(pages.Schema);
        foreach (var ((day, sku), values) in sums)
        {
            table.Int(day).Text(sku);
            foreach (var value in values) table.Long(value);
        }

        return table.Build();
    }
}
