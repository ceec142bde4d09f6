using System.IO;
using Microsoft.Data.Sqlite;

namespace Autonoomi.App.Tests;

internal static class SqliteFiles
{
    /// <summary>Closes the kept connections to the databases under a folder, and no others: the last one that closes folds the write-ahead log away, and other tests read theirs.</summary>
    public static void Release(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "*.db", SearchOption.AllDirectories))
        {
            using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadWriteCreate, Pooling = true }.ToString());
            SqliteConnection.ClearPool(connection);
        }
    }
}
