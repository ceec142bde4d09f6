using System.Data.Common;
using Autonoomi.Amazon.Throttling;
using Autonoomi.App.Platform.Data;
using Microsoft.EntityFrameworkCore;

namespace Autonoomi.App.Platform.AmazonLink;

/// <summary>Keeps the slow buckets of Amazon's rate limits in the database, where the next process finds them. A database that is away holds no call up: Amazon's own 429 is then the limit.</summary>
internal sealed partial class RateBuckets(AppDbs databases, ILogger<RateBuckets> log) : IBucketStore
{
    public async Task<BucketLevel?> FindAsync(string seller, string operation, CancellationToken cancellationToken)
    {
        if (!Guid.TryParse(seller, out var id)) return null;
        try
        {
            await using var db = databases.System();
            return await db.RateBuckets.AsNoTracking().Where(row => row.Seller == id && row.Operation == operation).Select(row => (BucketLevel?)new BucketLevel(row.Tokens, row.At)).FirstOrDefaultAsync(cancellationToken);
        }
        catch (DbException away)
        {
            LogAway(away.GetType().Name);
            return null;
        }
    }

    public async Task SaveAsync(string seller, string operation, BucketLevel level, CancellationToken cancellationToken)
    {
        // A consent that is only being tried has no seller yet.
        if (!Guid.TryParse(seller, out var id)) return;
        try
        {
            await using var db = databases.System();
            var known = await db.RateBuckets.Where(row => row.Seller == id && row.Operation == operation)
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.Tokens, level.Tokens).SetProperty(row => row.At, level.At), cancellationToken);
            if (known > 0) return;
            db.RateBuckets.Add(new RateBucketRow { Seller = id, Operation = operation, Tokens = level.Tokens, At = level.At });
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (Exception away) when (away is DbException or DbUpdateException)
        {
            LogAway(away.GetType().Name);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The rate limits' buckets could not be kept ({Failure}); Amazon's own answers hold them until the next call")]
    private partial void LogAway(string failure);
}
