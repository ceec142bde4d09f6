using System.IO;
using Autonoomi.App.Features.Run;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Environments;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.Core;
using Autonoomi.Core.Primitives;
using Autonoomi.Privacy;
using Autonoomi.Testing;
using Autonoomi.Vault;
using Microsoft.EntityFrameworkCore;

namespace Autonoomi.App.Tests.Run;

/// <summary>When Amazon takes too little of what is written, nothing more is, until the next run has decided anew.</summary>
public sealed class ErrorStopTests : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("autonoomi-errors-").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Data => Path.Combine(folder, "demo");

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync()
    {
        Directory.Delete(folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData(9, 9, false)]
    [InlineData(10, 2, false)]
    [InlineData(10, 3, true)]
    [InlineData(1000, 200, false)]
    [InlineData(1000, 201, true)]
    public void More_than_a_fifth_of_ten_or_more_stops_the_rest(int sent, int failed, bool stops)
    {
        var at = new DateTimeOffset(2026, 3, 4, 6, 0, 0, TimeSpan.Zero);

        Assert.Equal(stops, ErrorStop.Why(new([new(at, sent, failed)])) is not null);
        Assert.Equal(stops, ErrorStop.Why(new([new(at, sent - 1, failed - 1), new(at, 1, 1)])) is not null);
    }

    [Fact]
    public async Task Writes_without_an_answer_end_in_a_stop_with_an_alert_which_the_next_run_lifts()
    {
        await using var amazon = await PretendAmazon.StartAsync(seed: 5);
        var keyFile = await DemoChild.KeyFileAsync(amazon, folder, Stop);
        await amazon.SetFaultsAsync(new { faults = new[] { new { kind = "error", path = "/sp/keywords", method = "PUT", status = 503, count = -1 }, new { kind = "error", path = "/sp/targets", method = "PUT", status = 503, count = -1 } } }, Stop);

        var first = await DemoChild.RunAsync(DemoChild.Headless(amazon, keyFile, Data, 1), Stop);
        Assert.True(first.Code == 0, first.Errors);
        var (note, waiting) = await StoredAsync();
        Assert.Contains("writes failed at Amazon. Nothing more is written", note, StringComparison.Ordinal);
        Assert.True(waiting > 10, $"{waiting} stay approved");
        Assert.DoesNotContain(await DemoChild.AcceptedAsync(amazon, Stop), write => write.StartsWith("keyword update", StringComparison.Ordinal));

        await amazon.SetFaultsAsync(new { clear = true }, Stop);
        var second = await DemoChild.RunAsync(DemoChild.Headless(amazon, keyFile, Data, 2), Stop);
        Assert.True(second.Code == 0, second.Errors);
        Assert.Null((await StoredAsync()).Note);
        Assert.NotEmpty(await DemoChild.AcceptedAsync(amazon, Stop));
    }

    private async Task<(string? Note, int Waiting)> StoredAsync()
    {
        var storage = new StorageSettings { Environment = DataEnvironment.Demo, DataFolder = Path.Combine(Data, "data"), KeyFolder = Path.Combine(Data, "keys") };
        var open = new AppDbs(tenant => DataServices.Open(storage, tenant));
        using var keys = KeyChain.OpenOrCreate(storage.KeyFolder, storage.Tag, dataExists: true);
        await using var db = open.System();
        var row = await db.Storefronts.SingleAsync(item => item.Active, Stop);
        var vault = await new SellerVaults(open.System, keys).OpenAsync(new SellerId(row.Seller), Purpose.Run, Stop);
        var decision = await vault.RecordAsync(RecordKind.Decision, RecordKind.RecordId(new(row.Storefront), "latest"), StoredJson.Default.StoredDecision, Stop);
        var approved = await vault.RecordsAsync(RecordKind.Proposal, StoredJson.Default.StoredProposal, ProposalState.Approved, Stop);
        return (decision!.Notes.FirstOrDefault(item => item.Issue == DataIssue.WritesFail)?.Text, approved.Count);
    }
}
