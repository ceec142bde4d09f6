using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Jobs;
using Autonoomi.Privacy;
using Microsoft.EntityFrameworkCore;

namespace Autonoomi.App.Platform.Retention;

/// <summary>The daily look at what of a seller has reached its limit, by the seller's owner, so that no run writes at the same time.</summary>
internal sealed partial class RetainStep(SellerRetention retention, TimeProvider clock, ILogger<RetainStep> log) : IStep
{
    public string Kind => StepNames.Retain;

    public async Task<StepResult> RunAsync(StepContext step, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var expired = await retention.ExpiredAsync(step.Vault, DateOnly.FromDateTime(now.UtcDateTime), cancellationToken);
        if (expired.Count > 0) LogExpired(step.Seller.Value, expired.Days.Length, expired.Snapshots.Length, expired.Records.Length);
        return new StepResult.Finished(expired.Count, write =>
        {
            expired.Put(write);
            write.Also(async (db, stop) =>
            {
                var before = now.AddDays(-RetentionTable.Of(RetainedAs.Table, "run").Days!.Value);
                var app = (AppDb)db;
                var old = app.Runs.Where(run => run.Seller == step.Seller.Value && run.State != RunState.Running && run.RequestedAt <= before).Select(run => run.Id);
                await app.Intents.Where(intent => intent.State == IntentState.Closed && old.Contains(intent.Run)).ExecuteDeleteAsync(stop);
                await app.Steps.Where(row => old.Contains(row.Run)).ExecuteDeleteAsync(stop);
                await app.Runs.Where(run => old.Contains(run.Id)).ExecuteDeleteAsync(stop);
            });
        });
    }

    [LoggerMessage(LogLevel.Information, "Seller {Seller}: {Days} data sets lost their oldest days, {Snapshots} snapshots and {Records} records left; all had reached their limit")]
    private partial void LogExpired(Guid seller, int days, int snapshots, int records);
}
