using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Autonoomi.Amazon.SellingPartner.Wire;
using Autonoomi.Amazon.Throttling;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit.Ledger;

namespace Autonoomi.Amazon.SellingPartner;

/// <summary>Finances 2024-06-19: money as Amazon posts it, before it is settled.</summary>
public sealed partial class SellingPartnerClient
{
    /// <summary>What Amazon posted within two days may still change or come; ask for at least so many days again.</summary>
    public const int TransactionOverlapDays = 3;

    private const int LongestTransactionSpan = 180;
    private static readonly TimeSpan TransactionFreshness = TimeSpan.FromMinutes(3);

    /// <summary>All transactions posted on some days, each leaf of their breakdowns a row. A transaction that is listed again in another state has one row per state with one line.</summary>
    /// <param name="days">Days of the marketplace.</param>
    /// <param name="now">The present; Amazon takes no end later than two minutes ago.</param>
    /// <param name="keys">The seller's keys for order ids.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<LedgerFacts> TransactionsAsync(DateSpan days, DateTimeOffset now, OrderKeys keys, CancellationToken cancellationToken)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(marketplace.TimeZone);
        var latest = now - TransactionFreshness;
        var found = new Dictionary<(string Id, string Status), Transaction>();
        for (var first = days.First; first <= days.Last; first = first.AddDays(LongestTransactionSpan))
        {
            var end = first.AddDays(LongestTransactionSpan - 1);
            var until = Midnight((end < days.Last ? end : days.Last).AddDays(1));
            if (until > latest) until = latest;
            if (Midnight(first) >= until) break;
            await PagesAsync(Midnight(first), until).ConfigureAwait(false);
        }

        var rows = new LedgerRows(keys, LedgerSource.Transaction, settlement: 0);
        foreach (var transaction in found.Values) Add(rows, keys, transaction, zone);
        return new(rows.Build(), rows.Words.Unknown);

        async Task PagesAsync(DateTimeOffset after, DateTimeOffset before)
        {
            string? next = null;
            do
            {
                // A page may be empty and still have a successor: the token alone says whether there is more.
                var call = Get("/finances/2024-06-19/transactions", $"?postedAfter={Instant(after)}&postedBefore={Instant(before)}&marketplaceId={marketplace.Id}{Token("nextToken", next)}", "transactions", Rates.Transactions);
                var page = await calls.ReadAsync(grant, call, SellingPartnerJson.Default.Transactions, cancellationToken).ConfigureAwait(false);
                foreach (var transaction in page.Payload?.Transactions ?? [])
                {
                    if (transaction.MarketplaceDetails?.MarketplaceId is { } other && other != marketplace.Id) continue;
                    found[(IdOf(transaction), transaction.TransactionStatus ?? "")] = transaction;
                }

                next = Next(call, next, new(page.Payload?.NextToken));
            }
            while (next is not null);
        }

        DateTimeOffset Midnight(DateOnly day)
        {
            var local = day.ToDateTime(TimeOnly.MinValue);
            if (zone.IsInvalidTime(local)) local = local.AddHours(1);
            return new(local, zone.GetUtcOffset(local));
        }
    }

    private void Add(LedgerRows rows, OrderKeys keys, Transaction transaction, TimeZoneInfo zone)
    {
        const string Name = "A transaction";
        if (transaction.PostedDate is not { } posted) throw new AmazonDocumentException(Name, 0, "postedDate", "the field is missing");
        var day = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(posted, zone).DateTime).DayNumber;
        var order = keys.Of(Encoding.UTF8.GetBytes(Related(transaction, "ORDER_ID") ?? ""));
        var type = transaction.TransactionType ?? "";
        var state = transaction.TransactionStatus switch
        {
            "DEFERRED" => LedgerState.Deferred,
            "DEFERRED_RELEASED" => LedgerState.DeferredReleased,
            _ => LedgerState.Released,
        };
        // A release is a transaction of its own; its lines are those of the one that was held back.
        var id = Related(transaction, "DEFERRED_TRANSACTION_ID") ?? IdOf(transaction);
        var before = rows.Sum;
        var taken = new Dictionary<string, int>(StringComparer.Ordinal);
        if (transaction.Items is { Length: > 0 } items)
        {
            foreach (var item in items)
            {
                var product = item.Contexts?.FirstOrDefault(context => context.Sku is { Length: > 0 });
                var counted = new HashSet<LedgerKind>();
                if (item.Breakdowns is { Length: > 0 } parts) foreach (var part in parts) Leaves(part, [], product?.Sku ?? "", product?.QuantityShipped ?? 0, counted);
                else Leaf([], item.TotalAmount, product?.Sku ?? "", product?.QuantityShipped ?? 0, counted);
            }
        }
        else
        {
            foreach (var part in transaction.Breakdowns ?? []) Leaves(part, [], "", 0, []);
        }

        // Whatever the parts leave unsaid is kept as a row of the whole: the ledger adds up to what Amazon posted.
        if (transaction.TotalAmount is { } total && Of(total) - (rows.Sum - before) is var rest and not 0)
            Put(transaction.Items is null or [] && transaction.Breakdowns is null or [] ? [] : ["Difference"], "", 0, rest, []);

        void Leaves(FinanceBreakdown part, ImmutableArray<string> above, string sku, long units, HashSet<LedgerKind> counted)
        {
            var path = above.Add(part.BreakdownType ?? "");
            if (path.Length > 32) throw new AmazonDocumentException(Name, 0, "breakdowns", "they lie deeper in each other than money can be divided");
            if (part.Breakdowns is { Length: > 0 } inner) foreach (var each in inner) Leaves(each, path, sku, units, counted);
            else Leaf(path, part.BreakdownAmount, sku, units, counted);
        }

        void Leaf(ImmutableArray<string> path, FinanceMoney? money, string sku, long units, HashSet<LedgerKind> counted)
        {
            if (money is not null && Of(money) is var amount and not 0) Put(path, sku, units, amount, counted);
        }

        void Put(ImmutableArray<string> path, string sku, long units, long amount, HashSet<LedgerKind> counted)
        {
            var kind = rows.Words.OfTransaction(type, path);
            var leaf = $"{sku}/{string.Join('/', path)}";
            var number = taken[leaf] = taken.GetValueOrDefault(leaf) + 1;
            rows.Add(day, order, sku, kind, $"{id}/{leaf}/{number}", state, counted.Add(kind) ? units : 0, amount);
        }

        long Of(FinanceMoney money) => Micros(new Amount(money.Value, money.CurrencyCode), Name, 0, "currencyAmount");
    }

    private static string? Related(Transaction transaction, string name) =>
        transaction.RelatedIdentifiers?.FirstOrDefault(each => each.RelatedIdentifierName == name)?.RelatedIdentifierValue is { Length: > 0 } value ? value : null;

    private static string IdOf(Transaction transaction) => transaction.TransactionId is { Length: > 0 } id ? id : string.Create(CultureInfo.InvariantCulture,
        $"{transaction.TransactionType}/{transaction.PostedDate:O}/{transaction.TotalAmount?.Value}/{Related(transaction, "ORDER_ID")}/{Related(transaction, "FINANCIAL_EVENT_GROUP_ID")}");
}

/// <param name="Rows">LedgerDay.</param>
/// <param name="UnknownWords">Amazon's names for movements that no kind is known for, and how often they came.</param>
public sealed record LedgerFacts(FactTable Rows, IReadOnlyDictionary<string, int> UnknownWords);
