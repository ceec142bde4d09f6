using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Jobs;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit.Ledger;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Autonoomi.App.Tests.Run;

/// <summary>Orders of a large shop at Amazon's own rates: the product's steps and its pacer as they are, a SQLite vault, and a seller with twenty thousand orders in sixty days.</summary>
public sealed class OrderFileTests : IAsyncLifetime
{
    private const int Orders = 20_000;
    private static readonly DateTimeOffset Now = new(2026, 9, 8, 18, 0, 0, TimeSpan.Zero);
    private static readonly DateOnly Today = new(2026, 9, 8);
    private static readonly DateSpan Days = DateSpan.Ending(Today, 60);
    private OrderServer server = null!;
    private Workshop shop = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        server = await OrderServer.StartAsync();
        shop = await Workshop.AtStubAsync(server.Address, Now, new(StringComparer.Ordinal) { ["Autonoomi:Amazon:RateMultiplier"] = "1" }, Stop);
    }

    public async ValueTask DisposeAsync()
    {
        await shop.DisposeAsync();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task Twenty_thousand_orders_of_sixty_days_are_read_within_what_amazon_gives_at_once()
    {
        var watch = Stopwatch.StartNew();

        var run = await shop.RunAsync(RunKind.Apply, [File(), Newest()], Stop);

        Assert.True(run.State == RunState.Done, run.Error);
        var calls = server.Calls.GroupBy(call => call, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal);
        TestContext.Current.TestOutputHelper?.WriteLine($"{watch.Elapsed.TotalSeconds:0.0} s; {string.Join(", ", calls.Select(call => $"{call.Key} {call.Value}"))}");

        // Bursts of Amazon's usage plans: whatever stays within them never waits. Order by order it would be 200 pages, 180 of them three minutes apart.
        Assert.Equal(2, calls["POST reports"]);
        Assert.Equal(2, calls["GET documents"]);
        Assert.InRange(calls["GET report"], 2, 15);
        Assert.InRange(calls["GET orders"], 1, 20);
        Assert.True(watch.Elapsed < TimeSpan.FromMinutes(2), $"{watch.Elapsed}");

        // Nothing is missing and nothing is there twice.
        var days = await TableAsync(Dataset.OrderDay);
        Assert.Equal((Orders, Orders * 2), (days.Longs("orders").ToArray().Sum(), days.Longs("units").ToArray().Sum()));
        Assert.Equal(60, days.Ints("day").ToArray().Distinct().Count());
        var lines = await TableAsync(Dataset.LedgerDay);
        Assert.All(lines.Ints("source").ToArray(), source => Assert.Equal((int)LedgerSource.Order, source));
        Assert.Equal(Orders - OrderServer.Pending, lines.Longs("order_key").ToArray().Distinct().Count());

        // Ids are nowhere but in Amazon's file; what is pending has its price from the newest days.
        Assert.DoesNotContain(0L, lines.Longs("order_key").ToArray());
        Assert.Equal(Orders * 20_000_000L, days.Longs("sales").ToArray().Sum());
    }

    [Fact]
    public async Task Order_lines_go_from_estimated_to_posted_and_the_ledger_keeps_them()
    {
        Assert.Equal(RunState.Done, (await shop.RunAsync(RunKind.Apply, [File()], Stop)).State);
        var ordered = await LinesAsync();
        Assert.Equal(Orders - OrderServer.Pending, ordered.Count);
        Assert.All(ordered, line => Assert.Equal(LineStage.Estimated, line.Stage));
        server.PostsFirstOrder = true;

        var run = await shop.RunAsync(RunKind.Apply, [new(StepNames.Ledger, null)], Stop);

        Assert.True(run.State == RunState.Done, run.Error);
        var lines = await LinesAsync();
        Assert.Equal(ordered.Count, lines.Count);
        var posted = Assert.Single(lines, line => line.Stage == LineStage.Posted);
        Assert.Equal(20_000_000, posted.Actual(LedgerKind.ProductCharge));

        // Read anew, the file takes the place of its own days alone.
        Assert.Equal(RunState.Done, (await shop.RunAsync(RunKind.Apply, [File()], Stop)).State);
        Assert.Equal(lines.Select(line => (line.OrderKey, line.Stage)), (await LinesAsync()).Select(line => (line.OrderKey, line.Stage)));
    }

    [Fact]
    public async Task A_shop_with_too_many_new_orders_gets_them_from_the_file_and_one_whose_file_fails_keeps_what_it_has()
    {
        server.NewestPages = 30;
        Assert.Equal(RunState.Done, (await shop.RunAsync(RunKind.Apply, [File(), Newest()], Stop)).State);
        Assert.Equal(20, server.Calls.Count(call => call == "GET orders"));
        var known = await shop.ContentAsync(Stop);
        Assert.Equal(Orders, (await TableAsync(Dataset.OrderDay)).Longs("orders").ToArray().Sum());
        Assert.NotNull(await MarkAsync());

        server.Outcome = "FATAL";
        server.Calls.Clear();
        Assert.Equal(RunState.Done, (await shop.RunAsync(RunKind.Apply, [File()], Stop)).State);
        Assert.Equal(6, server.Calls.Count(call => call == "POST reports"));
        Assert.Equal(known, await shop.ContentAsync(Stop));

        server.Outcome = "CANCELLED";
        Assert.Equal(RunState.Done, (await shop.RunAsync(RunKind.Apply, [File()], Stop)).State);
        Assert.Equal(known, await shop.ContentAsync(Stop));

        server.Outcome = "IN_QUEUE";
        Assert.Equal(RunState.Done, (await shop.RunAsync(RunKind.Apply, [File()], Stop)).State);
        Assert.Equal(2, server.Calls.Count(call => call == "DELETE report"));
        Assert.Equal(known, await shop.ContentAsync(Stop));
    }

    [Fact]
    public async Task A_file_brings_the_same_rows_whether_the_newest_days_were_read_before_it_or_not()
    {
        await ReadAsync(File());
        await ReadAsync(Newest());
        var content = await shop.ContentAsync(Stop);
        await ReadAsync(File());

        var counts = await CountsAsync(StepNames.OrderFile);
        Assert.Equal(2, counts.Count);
        Assert.InRange(counts[0], Orders, long.MaxValue);
        Assert.Equal(counts[0], counts[1]);
        Assert.Equal(content, await shop.ContentAsync(Stop));

        async Task ReadAsync(NewStep step) => Assert.Equal(RunState.Done, (await shop.RunAsync(RunKind.Apply, [step], Stop)).State);
    }

    private static NewStep File() => NewStep.With(StepNames.OrderFile, new ReportNotes(Dataset.OrderDay, Days.First, Days.Last, Today: Today), NotesJson.Default.ReportNotes);

    private static NewStep Newest() => NewStep.With(StepNames.Orders, new ReportNotes(Dataset.OrderDay, Today.AddDays(-2), Today, Today: Today), NotesJson.Default.ReportNotes);

    private async Task<FactTable> TableAsync(Dataset dataset) => await (await shop.VaultAsync(Stop)).ReadAsync(dataset, shop.Storefront, null, Stop);

    private async Task<List<OrderLine>> LinesAsync()
    {
        var movements = Movement.Of(await TableAsync(Dataset.LedgerDay));
        return [.. OrderLine.Of(movements, Counted.Of(movements), new FeeBook([]), new Currency("USD"))];
    }

    private async Task<List<long>> CountsAsync(string kind)
    {
        await using var db = shop.Services.GetRequiredService<AppDbs>().System();
        return await db.Steps.AsNoTracking().Where(step => step.Kind == kind).Select(step => step.Count).ToListAsync(Stop);
    }

    private async Task<SyncMark?> MarkAsync() =>
        await (await shop.VaultAsync(Stop)).RecordAsync(RecordKind.Sync, RecordKind.RecordId(shop.Storefront, "orders"), StoredJson.Default.SyncMark, Stop);

    /// <summary>The part of Amazon that makes files of orders, lists the newest ones, and posts money.</summary>
    private sealed class OrderServer(WebApplication app) : IAsyncDisposable
    {
        /// <summary>The newest orders have no price yet.</summary>
        public const int Pending = 100;

        private readonly ConcurrentDictionary<string, (DateTimeOffset From, DateTimeOffset Until)> ordered = new(StringComparer.Ordinal);

        public Uri Address => new(app.Urls.First());

        public ConcurrentQueue<string> Calls { get; } = new();

        public string Outcome { get; set; } = "DONE";

        public int NewestPages { get; set; }

        public bool PostsFirstOrder { get; set; }

        public static async Task<OrderServer> StartAsync()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            var server = new OrderServer(builder.Build());
            await server.BeginAsync();
            return server;
        }

        public ValueTask DisposeAsync() => app.DisposeAsync();

        // One after the other over the sixty days; each changes last two days after its purchase, the newest at once.
        private static DateTimeOffset Bought(int order)
        {
            var first = new DateTimeOffset(Days.First.ToDateTime(TimeOnly.MinValue), TimeSpan.FromHours(-7));
            return first + ((Now.AddMinutes(-10) - first) / Orders * order);
        }

        private static DateTimeOffset Changed(int order) => Bought(order).AddDays(2) < Now.AddMinutes(-10) ? Bought(order).AddDays(2) : Bought(order);

        private Task BeginAsync()
        {
            app.Use(async (context, next) =>
            {
                var path = context.Request.Path.Value!;
                Calls.Enqueue($"{context.Request.Method} {(path.EndsWith("/reports", StringComparison.Ordinal) ? "reports" : path.Contains("/reports/2021-06-30/reports/", StringComparison.Ordinal) ? "report" : path.Contains("/documents/", StringComparison.Ordinal) ? "documents" : path.StartsWith("/orders/", StringComparison.Ordinal) ? "orders" : path)}");
                await next(context);
            });
            app.MapPost("/auth/o2/token", () => Results.Json(new { access_token = "Atza|test", token_type = "bearer", expires_in = 3600 }));
            app.MapPost("/reports/2021-06-30/reports", async (HttpContext context) =>
            {
                var body = (await context.Request.ReadFromJsonAsync<System.Text.Json.JsonElement>())!;
                Assert.Equal("GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL", body.GetProperty("reportType").GetString());
                var id = $"r{ordered.Count}";
                ordered[id] = (body.GetProperty("dataStartTime").GetDateTimeOffset(), body.GetProperty("dataEndTime").GetDateTimeOffset());
                return Results.Json(new { reportId = id }, statusCode: 202);
            });
            app.MapGet("/reports/2021-06-30/reports", () => Results.Json(new { reports = Array.Empty<object>() }));
            app.MapGet("/reports/2021-06-30/reports/{id}", (string id) => Results.Json(new { reportId = id, reportType = "x", createdTime = Now, processingStatus = Outcome, reportDocumentId = Outcome == "DONE" ? id : null }));
            app.MapDelete("/reports/2021-06-30/reports/{id}", () => Results.Ok());
            app.MapGet("/reports/2021-06-30/documents/{id}", (string id) => Results.Json(new { reportDocumentId = id, url = new Uri(Address, $"/file/{id}") }));
            app.MapGet("/file/{id}", (string id) =>
            {
                var (from, until) = ordered[id];
                Assert.InRange(until - from, TimeSpan.Zero, TimeSpan.FromDays(30));
                var text = new StringBuilder("amazon-order-id\tpurchase-date\tlast-updated-date\torder-status\tsales-channel\tsku\tquantity\tcurrency\titem-price\n");
                for (var order = 0; order < Orders; order++)
                {
                    if (Changed(order) < from || Changed(order) >= until) continue;
                    var price = order >= Orders - Pending ? "\t" : "USD\t20.00";
                    text.Append(CultureInfo.InvariantCulture, $"111-{order:0000000}\t{Bought(order):yyyy-MM-ddTHH:mm:sszzz}\t{Changed(order):yyyy-MM-ddTHH:mm:sszzz}\t{(price == "\t" ? "Pending" : "Shipped")}\tAmazon.com\tS-{order % 40}\t2\t{price}\n");
                }

                return Results.Text(text.ToString(), "text/tab-separated-values");
            });
            app.MapGet("/orders/2026-01-01/orders", (DateTimeOffset createdAfter, string? paginationToken) =>
            {
                var page = paginationToken is null ? 0 : int.Parse(paginationToken, CultureInfo.InvariantCulture);
                var found = Enumerable.Range(0, Orders).Where(order => Bought(order) >= createdAfter).ToList();
                var pages = NewestPages == 0 ? (found.Count + 99) / 100 : NewestPages;
                return Results.Json(new
                {
                    orders = found.Skip(page * 100).Take(100).Select(order => new
                    {
                        orderId = $"111-{order:0000000}", createdTime = Bought(order),
                        orderItems = new[] { new { orderItemId = "1", quantityOrdered = 2, product = new { sellerSku = $"S-{order % 40}", price = new { unitPrice = new { amount = "10.00", currencyCode = "USD" } } } } },
                    }),
                    pagination = page + 1 < pages ? new { nextToken = (page + 1).ToString(CultureInfo.InvariantCulture) } : null,
                });
            });
            app.MapGet("/finances/2024-06-19/transactions", () => Results.Json(new
            {
                payload = new
                {
                    transactions = !PostsFirstOrder ? [] : new[]
                    {
                        new
                        {
                            transactionId = "t1", transactionType = "Shipment", transactionStatus = "RELEASED", postedDate = Bought(0).AddDays(3), totalAmount = new { currencyCode = "USD", currencyAmount = 20.0 },
                            relatedIdentifiers = new[] { new { relatedIdentifierName = "ORDER_ID", relatedIdentifierValue = "111-0000000" } },
                            items = new[]
                            {
                                new
                                {
                                    totalAmount = new { currencyCode = "USD", currencyAmount = 20.0 }, contexts = new[] { new { contextType = "ProductContext", sku = "S-0", quantityShipped = 2 } },
                                    breakdowns = new[] { new { breakdownType = "ProductCharges", breakdownAmount = new { currencyCode = "USD", currencyAmount = 20.0 } } },
                                },
                            },
                        },
                    },
                },
            }));
            return app.StartAsync();
        }
    }
}
