using System.Globalization;
using System.Text;
using Autonoomi.Amazon.SellingPartner;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit.Ledger;
using Autonoomi.Testing;

namespace Autonoomi.Amazon.Tests;

/// <summary>Half a year of settlement files of 50,000 order lines, read over HTTP as any other: the ledger and the audit get what stands in the files and nothing else.</summary>
public sealed class SettlementFilesTests
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;
    private static readonly Currency Usd = Clients.Us.Currency;

    [Fact]
    public async Task Files_of_50_000_order_lines_add_up_to_the_cent_and_every_planted_error_is_found_in_them_and_nothing_else()
    {
        var some = new SomeSettlements(seed: 1, lines: 50_000, plantsOfEachKind: 60);
        var files = some.Totals.Keys.Order().ToDictionary(settlement => settlement, settlement => some.File(settlement, Clients.Us));

        var reports = await ReadAsync(files.Values);

        // What the bank got, as each file says it in its first row.
        var told = files.ToDictionary(file => file.Key, file => decimal.Parse(file.Value.Split('\n')[1].Split('\t')[4], CultureInfo.InvariantCulture));
        Assert.Equal(some.Rows.Count, files.Values.Sum(file => file.Count(sign => sign == '\n') - 2));
        Assert.All(reports, report => Assert.Empty(report.UnknownWords));
        Assert.Equal(told.Select(total => (total.Key.ToString(CultureInfo.InvariantCulture), new Money(total.Value, Usd))), reports.Select(report => (report.Id, report.Total)));
        var movements = reports.SelectMany(report => Movement.Of(report.Rows)).ToList();
        var settlements = Settlements.Of(movements).All;
        Assert.Equal(told.Select(total => (total.Key, total.Value, total.Value)), settlements.Select(settlement => (settlement.Id, Of(settlement.PaidOut), Of(settlement.Rows))));

        // Order data and what Finances said before come from elsewhere; an order has one key in all of them.
        movements.AddRange(some.Others.Select(other => other with { OrderKey = Key(other.OrderKey) }));
        var findings = LedgerAudit.Of(movements, new FeeBook(some.Rates), some.KnownReturns with { Goods = [.. some.Returns.Select(back => back with { OrderKey = Key(back.OrderKey) })] }, AuditRules.For(Usd), Usd, SomeSettlements.Today);

        var planted = some.Plants.Select(plant => (plant.Kind, plant.About, Order: Key(plant.Order), plant.Sku)).Order().ToArray();
        Assert.Equal(12 * 60 + 60 + 1, planted.Length);
        Assert.Equal(planted, findings.Select(finding => (finding.Kind, finding.About, finding.OrderKey, finding.Sku.Value)).Order());
        var owed = findings.ToLookup(finding => (finding.Kind, finding.About, finding.OrderKey, finding.Sku.Value), finding => finding.Owed?.Amount);
        foreach (var plant in some.Plants.Where(plant => plant.Owed is not null))
            Assert.Contains(owed[(plant.Kind, plant.About, Key(plant.Order), plant.Sku)], amount => Math.Abs(amount!.Value - plant.Owed!.Value) <= 0.02m);
        Figures.Tell(string.Create(CultureInfo.InvariantCulture, $"{files.Count} settlement files with {some.Rows.Count:N0} rows of 50,000 order lines: {told.Values.Sum():N2} USD to the cent, {planted.Length} planted errors found, 0 false"));
    }

    [Fact]
    public async Task A_cent_more_anywhere_in_a_file_and_nothing_of_it_is_kept()
    {
        var some = new SomeSettlements(seed: 2, lines: 2_000, plantsOfEachKind: 0);
        var lines = some.File(some.Totals.Keys.Min(), Clients.Us).Split('\n');
        foreach (var at in new[] { 2, lines.Length / 2, lines.Length - 2 })
        {
            var fields = lines[at].Split('\t');
            fields[14] = (decimal.Parse(fields[14], CultureInfo.InvariantCulture) + 0.01m).ToString(CultureInfo.InvariantCulture);

            var refused = await Assert.ThrowsAsync<AmazonDocumentException>(() => ReadAsync([string.Join('\n', [.. lines[..at], string.Join('\t', fields), .. lines[(at + 1)..]])]));

            Assert.Equal("total-amount", refused.Field);
        }
    }

    private static async Task<List<SettlementReport>> ReadAsync(IEnumerable<string> files)
    {
        await using var stub = await StubAmazon.StartAsync();
        await using var clients = new Clients(stub.Address);
        var reports = new List<SettlementReport>();
        foreach (var (number, file) in files.Index())
        {
            stub.On($"GET /reports/2021-06-30/documents/d{number}", $$"""{"reportDocumentId":"d{{number}}","url":"{{stub.Address}}file{{number}}","compressionAlgorithm":"GZIP"}""");
            stub.On($"GET /file{number}", Answer.Gzip(file));
            reports.Add(await clients.Seller.DownloadSettlementAsync($"d{number}", SellingShop.Keys, Ct));
        }

        return reports;
    }

    private static decimal Of(long micros) => Money.FromMicros(micros, Usd).Amount;

    private static long Key(long order) => SellingShop.Keys.Of(Encoding.UTF8.GetBytes(SomeSettlements.OrderId(order)));
}
