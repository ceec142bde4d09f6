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
        var files = some.Totals.Keys.Order().ToDictionary(settlement => settlement, settlement => some.File(settlement, Clients.Us, _ => "Amazon.com"));

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
        var lines = some.File(some.Totals.Keys.Min(), Clients.Us, _ => "Amazon.com").Split('\n');
        foreach (var at in new[] { 2, lines.Length / 2, lines.Length - 2 })
        {
            var fields = lines[at].Split('\t');
            fields[14] = (decimal.Parse(fields[14], CultureInfo.InvariantCulture) + 0.01m).ToString(CultureInfo.InvariantCulture);

            var refused = await Assert.ThrowsAsync<AmazonDocumentException>(() => ReadAsync([string.Join('\n', [.. lines[..at], string.Join('\t', fields), .. lines[(at + 1)..]])]));

            Assert.Equal("total-amount", refused.Field);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_file_of_several_marketplaces_is_divided_to_the_cent_and_each_row_goes_to_one_storefront(int seed)
    {
        var some = new SomeSettlements(seed, lines: 3_000, plantsOfEachKind: 0);
        // Orders of three shops in one file; what is of no order names none, but for the warehouse's own orders.
        static string NameOf(SomeSettlements.Row row) => row.Order == 0 ? row.Quantity % 2 == 0 ? "" : "Non-Amazon DE" : (row.Order % 6) switch { 0 => "Amazon.fr", 1 => "amazon.FR", 2 => "Amazon.it", _ => "Amazon.de" };
        string[] here = [De.Id, Fr.Id];
        var italian = 0;
        foreach (var settlement in some.Totals.Keys.Order())
        {
            var file = await ReadAsync([some.File(settlement, De, NameOf)], De);
            var report = Assert.Single(file);
            var rows = some.Rows.Where(row => row.Settlement == settlement).ToList();
            decimal Of(Func<SomeSettlements.Row, bool> which) => rows.Where(which).Sum(row => row.Amount);

            var divided = report.Divide(De, [De, Fr, Clients.Us], here);

            Assert.Equal([De.Id, Fr.Id], divided.Shares.Select(share => share.Marketplace.Id));
            var (german, french) = (rows.Count(row => row.Amount != 0 && NameOf(row) == "Amazon.de"), rows.Count(row => row.Amount != 0 && NameOf(row) is "Amazon.fr" or "amazon.FR"));
            var isGerman = german >= french;
            Assert.Equal(Of(row => NameOf(row) == "Amazon.de" || (isGerman && NameOf(row) is "" or "Non-Amazon DE")), divided.Shares[0].Total.Amount);
            Assert.Equal(Of(row => NameOf(row) is "Amazon.fr" or "amazon.FR" || (!isGerman && NameOf(row) is "" or "Non-Amazon DE")), divided.Shares[1].Total.Amount);
            Assert.Equal(rows.Exists(row => NameOf(row) == "Amazon.it") ? [("Amazon.it", Of(row => NameOf(row) == "Amazon.it"))] : [], divided.Elsewhere.Select(part => (part.Name, part.Total.Amount)));
            italian += divided.Elsewhere.Length;
            Assert.Equal(some.Totals[settlement], divided.Shares.Sum(share => share.Total.Amount) + divided.Elsewhere.Sum(part => part.Total.Amount));

            // Every row is in one place, and each share is a settlement that adds up by itself.
            var lines = divided.Shares.Select(share => share.Rows).Concat(divided.Elsewhere.Select(part => part.Rows)).SelectMany(table => Movement.Of(table)).Where(movement => movement.Kind != LedgerKind.Payout).Select(movement => movement.Line).ToList();
            Assert.Equal(rows.Count(row => row.Amount != 0), lines.Count);
            Assert.Equal(lines.Count, lines.Distinct().Count());
            foreach (var share in divided.Shares)
            {
                var whole = Assert.Single(Settlements.Of(Movement.Of(share.Rows)).All);
                Assert.Equal((true, settlement, share.Total.ToMicros(), report.Days.First, report.Days.Last), (whole.AddsUp, whole.Id, whole.PaidOut, whole.First, whole.Last));
            }

            // Whoever fetches it, it is divided alike.
            var other = report.Divide(Fr, [Fr, De], here);
            Assert.Equal(divided.Shares.Select(share => (share.Marketplace.Id, share.Total, share.Rows.Rows)), other.Shares.Select(share => (share.Marketplace.Id, share.Total, share.Rows.Rows)));
        }

        Assert.True(italian >= 10, $"{italian} files with Italian orders");
    }

    [Fact]
    public async Task Rows_of_no_marketplace_go_to_the_storefront_that_most_rows_name_and_to_no_second_one()
    {
        var some = new SomeSettlements(seed: 3, lines: 300, plantsOfEachKind: 0);
        var settlement = some.Totals.Keys.Min();
        var account = some.Rows.Where(row => row.Settlement == settlement && row.Order == 0).Sum(row => row.Amount);
        Assert.NotEqual(0, account);
        async Task<SettlementReport> FileAsync(string orders) => Assert.Single(await ReadAsync([some.File(settlement, De, row => row.Order == 0 ? "" : orders)], De));

        // All orders are French: so is the account, whoever asks, and the German storefront knows its days.
        var french = (await FileAsync("Amazon.fr")).Divide(De, [De, Fr], [De.Id]);
        Assert.Equal([(De.Id, 0m), (Fr.Id, some.Totals[settlement])], french.Shares.Select(share => (share.Marketplace.Id, share.Total.Amount)));
        Assert.Equal(0, Assert.Single(Settlements.Of(Movement.Of(french.Shares[0].Rows)).All).PaidOut);

        // Without a French storefront the orders are listed, and the account is whose file it is.
        var alone = (await FileAsync("Amazon.fr")).Divide(De, [De], [De.Id, Fr.Id]);
        Assert.Equal([(De.Id, account)], alone.Shares.Select(share => (share.Marketplace.Id, share.Total.Amount)));
        Assert.Equal(some.Totals[settlement] - account, Assert.Single(alone.Elsewhere).Total.Amount);

        // A shop that we do not know is a shop all the same.
        var unknown = (await FileAsync("Amazon.eg")).Divide(De, [De, Fr], []);
        Assert.Equal([(De.Id, account)], unknown.Shares.Select(share => (share.Marketplace.Id, share.Total.Amount)));
        Assert.Equal(("Amazon.eg", null as Marketplace), unknown.Elsewhere.Select(part => (part.Name, part.Marketplace)).Single());

        // No row names one: all is whose file it is, the first of two that Amazon lists it for.
        var nameless = (await FileAsync("")).Divide(Fr, [De, Fr], [De.Id, Fr.Id]);
        Assert.Equal([(De.Id, some.Totals[settlement]), (Fr.Id, 0m)], nameless.Shares.Select(share => (share.Marketplace.Id, share.Total.Amount)));
    }

    [Fact]
    public void Every_marketplace_has_a_name_in_settlements_and_no_two_share_one()
    {
        string[] names =
        [
            "Amazon.com", "Amazon.ca", "Amazon.com.mx", "Amazon.com.br", "Amazon.co.uk", "Amazon.de", "Amazon.fr", "Amazon.it", "Amazon.es", "Amazon.nl", "Amazon.com.be",
            "Amazon.ie", "Amazon.se", "Amazon.pl", "Amazon.com.tr", "Amazon.ae", "Amazon.sa", "Amazon.co.za", "Amazon.in", "Amazon.co.jp", "Amazon.com.au", "Amazon.sg",
        ];

        Assert.Equal(Marketplace.All, names.Select(MarketplaceNames.Find));
        Assert.Null(MarketplaceNames.Find("Amazon.eg"));
        Assert.Null(MarketplaceNames.Find("Non-Amazon"));
    }

    private static readonly Marketplace De = Marketplace.Find("A1PA6795UKMFR9");
    private static readonly Marketplace Fr = Marketplace.Find("A13V1IB3VIYZZH");

    private static async Task<List<SettlementReport>> ReadAsync(IEnumerable<string> files, Marketplace? marketplace = null)
    {
        await using var stub = await StubAmazon.StartAsync();
        await using var clients = new Clients(stub.Address);
        var seller = clients.SellerIn(marketplace ?? Clients.Us);
        var reports = new List<SettlementReport>();
        foreach (var (number, file) in files.Index())
        {
            stub.On($"GET /reports/2021-06-30/documents/d{number}", $$"""{"reportDocumentId":"d{{number}}","url":"{{stub.Address}}file{{number}}","compressionAlgorithm":"GZIP"}""");
            stub.On($"GET /file{number}", Answer.Gzip(file));
            reports.Add(await seller.DownloadSettlementAsync($"d{number}", SellingShop.Keys, Ct));
        }

        return reports;
    }

    private static decimal Of(long micros) => Money.FromMicros(micros, Usd).Amount;

    private static long Key(long order) => SellingShop.Keys.Of(Encoding.UTF8.GetBytes(SomeSettlements.OrderId(order)));
}
