using System.Collections.Concurrent;
using System.Data.Common;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Jobs;
using Autonoomi.Privacy.Egress;
using Microsoft.EntityFrameworkCore;

namespace Autonoomi.App.Platform.Egress;

/// <param name="Purpose">What the requests were for.</param>
/// <param name="Host">Where they went; empty for those that were refused before anything was sent.</param>
/// <param name="Today">Requests today.</param>
/// <param name="Week">Requests of the last seven days, today included.</param>
/// <param name="All">Requests of all days that were asked for.</param>
/// <param name="Last">The last day on which there was one.</param>
public sealed record ReachedHost(EgressPurpose Purpose, string Host, long Today, long Week, long All, DateOnly Last);

/// <summary>
/// Counts requests that leave, by day, host, purpose and seller account. Counts are gathered in memory and written every ten seconds and when the product
/// stops: what is killed in between loses the counts of that moment.
/// </summary>
public sealed partial class EgressBook(AppDbs databases, TimeProvider clock, ILogger<EgressBook> log) : Keeper(TimeSpan.FromSeconds(10)), IEgressLedger
{
    private readonly SemaphoreSlim gate = new(1);
    private readonly ConcurrentDictionary<(DateTimeOffset Day, Guid Seller, EgressPurpose Purpose, string Host), long> open = new();

    public void Count(EgressPurpose purpose, string host, string? seller)
    {
        // A consent that is only being tried has no seller yet.
        var key = (Today, Guid.TryParse(seller, out var id) ? id : Guid.Empty, purpose, host);
        open.AddOrUpdate(key, 1, static (_, before) => before + 1);
    }

    /// <summary>Writes what was gathered.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            foreach (var key in open.Keys)
            {
                if (!open.TryRemove(key, out var count)) continue;
                try
                {
                    await AddAsync(key.Day, key.Seller, key.Purpose, key.Host, count, cancellationToken);
                }
                catch
                {
                    open.AddOrUpdate(key, count, (_, since) => since + count);
                    throw;
                }
            }
        }
        finally
        {
            gate.Release();
        }
    }

    /// <param name="seller">The seller account; null for all of the installation and for what belongs to none.</param>
    /// <param name="days">How many days, today included.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<IReadOnlyList<ReachedHost>> DestinationsAsync(Guid? seller, int days, CancellationToken cancellationToken)
    {
        await FlushAsync(cancellationToken);
        var (today, first) = (Today, Today.AddDays(1 - days));
        await using var db = databases.System();
        var rows = await db.EgressDays.AsNoTracking().Where(row => row.Day >= first && (seller == null || row.Seller == seller)).ToListAsync(cancellationToken);
        return [.. from row in rows
                   group row by (row.Purpose, row.Host) into place
                   let counts = place.ToList()
                   orderby place.Key.Purpose, place.Key.Host
                   select new ReachedHost(place.Key.Purpose, place.Key.Host, Sum(counts, today), Sum(counts, today.AddDays(-6)), Sum(counts, first), DateOnly.FromDateTime(counts.Max(row => row.Day).UtcDateTime))];
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await FlushAsync(cancellationToken);
        }
        catch (Exception away) when (away is DbException or DbUpdateException)
        {
            Failed(away);
        }
    }

    protected override Task RoundAsync(CancellationToken stoppingToken) => FlushAsync(stoppingToken);

    protected override void Failed(Exception failure) => LogAway(failure.GetType().Name);

    private DateTimeOffset Today => new(clock.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero);

    private static long Sum(List<EgressDayRow> rows, DateTimeOffset since) => rows.Where(row => row.Day >= since).Sum(row => row.Requests);

    private async Task AddAsync(DateTimeOffset day, Guid seller, EgressPurpose purpose, string host, long count, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        if (await MoreAsync(db, day, seller, purpose, host, count, cancellationToken)) return;
        db.EgressDays.Add(new EgressDayRow { Day = day, Seller = seller, Purpose = purpose, Host = host, Requests = count });
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException failure) when (failure.IsTaken)
        {
            // Another process made the row meanwhile.
            db.ChangeTracker.Clear();
            if (!await MoreAsync(db, day, seller, purpose, host, count, cancellationToken)) throw;
        }
    }

    private static async Task<bool> MoreAsync(AppDb db, DateTimeOffset day, Guid seller, EgressPurpose purpose, string host, long count, CancellationToken cancellationToken) =>
        await db.EgressDays.Where(row => row.Day == day && row.Seller == seller && row.Purpose == purpose && row.Host == host).ExecuteUpdateAsync(set => set.SetProperty(row => row.Requests, row => row.Requests + count), cancellationToken) > 0;

    [LoggerMessage(LogLevel.Warning, "The counts of requests could not be written ({Failure}); they are kept until the next round")]
    private partial void LogAway(string failure);
}
