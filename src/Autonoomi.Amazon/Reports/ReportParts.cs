using System.Collections.Immutable;
using System.IO;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Amazon.Reports;

/// <param name="Row">From 1, in the report's order.</param>
/// <param name="Field">Amazon's name of the field.</param>
/// <param name="Rule">What was expected, and what was found instead.</param>
public sealed record RejectedRow(long Row, string? Field, string Rule);

/// <summary>One report on its way: its tables in order and, once the last was taken, what was left out and what the rows add up to.</summary>
/// <remarks>Can be gone through once. An exception after whole tables were given out means that nothing of them may be kept.</remarks>
public sealed class ReportParts : IAsyncEnumerable<FactTable>
{
    /// <summary>So many rejected rows are listed.</summary>
    public const int MostListed = 100;

    private readonly List<RejectedRow> rejects = [];

    internal ReportParts(Dataset dataset, Stream plain, Currency? currency) => (Dataset, Plain, Currency) = (dataset, plain, currency);

    public Dataset Dataset { get; }

    /// <summary>Rows read, rejected ones included.</summary>
    public long Rows { get; internal set; }

    /// <summary>Rows that broke a rule and are in no table; at most one in a hundred.</summary>
    public long Rejected { get; private set; }

    /// <summary>The first of them.</summary>
    public IReadOnlyList<RejectedRow> Rejects => rejects;

    /// <summary>Sums of the rows in the tables by column, counts as they are and money in micros, added up where they were read: what is stored must add up to the same.</summary>
    public ImmutableSortedDictionary<string, long> Sums { get; internal set; } = ImmutableSortedDictionary<string, long>.Empty;

    /// <summary>Cost and clicks of rows that are in no table because no bid can be set for them: placements outside Amazon.</summary>
    public (long Clicks, long Cost) Outside { get; internal set; }

    internal Stream Plain { get; }

    internal Currency? Currency { get; }

    public IAsyncEnumerator<FactTable> GetAsyncEnumerator(CancellationToken cancellationToken = default) => ReportReader.ReadPlainPartsAsync(this, cancellationToken).GetAsyncEnumerator(cancellationToken);

    /// <summary>All of it as one table.</summary>
    public async Task<FactTable> TableAsync(CancellationToken cancellationToken)
    {
        var parts = new List<FactTable>();
        await foreach (var part in this.WithCancellation(cancellationToken).ConfigureAwait(false)) parts.Add(part);
        return FactTable.Concat(Dataset, parts);
    }

    internal void Reject(AmazonDocumentException wrong)
    {
        Rejected++;
        if (rejects.Count < MostListed) rejects.Add(new(wrong.Row, wrong.Field, wrong.Rule));
    }
}
