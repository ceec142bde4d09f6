using System.IO;
using Autonoomi.App.Platform.Environments;

namespace Autonoomi.App.Platform.Data;

/// <summary>
/// One process per data folder. The operating system drops the lock when the process dies, however it dies; EF's own lock on SQLite is a row
/// that a killed process would leave behind for ever.
/// </summary>
public sealed class DataFolderLock : IDisposable
{
    /// <summary>Name of the file that is held.</summary>
    public const string FileName = "process.lock";

    private FileStream? held;

    /// <exception cref="SetupException">Another process works on the folder.</exception>
    public async Task TakeAsync(StorageSettings storage, CancellationToken cancellationToken)
    {
        if (held is not null || storage.Provider != StorageEngine.Sqlite) return;
        for (var attempt = 0; held is null; attempt++)
        {
            try
            {
                held = new FileStream(Path.Combine(storage.DataFolder, FileName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException taken)
            {
                if (attempt == 30) throw new SetupException($"Another Autonoomi works on the data folder '{storage.DataFolder}'. Stop it, or choose another folder with --data.", taken);
                await Task.Delay(100, cancellationToken);
            }
        }
    }

    public void Dispose() => held?.Dispose();
}
