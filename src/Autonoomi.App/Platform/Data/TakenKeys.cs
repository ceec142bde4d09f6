using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Autonoomi.App.Platform.Data;

internal static class TakenKeys
{
    extension(DbUpdateException failure)
    {
        /// <summary>A key is taken already: somebody else was first with it. Any other failure of the database says nothing of that kind.</summary>
        public bool IsTaken => failure.InnerException is SqliteException { SqliteErrorCode: 19 } or PostgresException { SqlState: PostgresErrorCodes.UniqueViolation };
    }
}
