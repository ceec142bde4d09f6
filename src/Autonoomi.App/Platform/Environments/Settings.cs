using System.IO;

namespace Autonoomi.App.Platform.Environments;

public enum DataEnvironment { Development, Production, Demo }

public enum StorageEngine { Sqlite, Postgres }

/// <summary>Where data and keys live and what they may be used for. Bound from the configuration section <c>Autonoomi</c>.</summary>
public sealed class StorageSettings
{
    /// <summary>Tag of the data: it is part of every seal, so data of one environment never opens in another.</summary>
    public DataEnvironment Environment { get; set; } = DataEnvironment.Production;

    public StorageEngine Provider { get; set; } = StorageEngine.Sqlite;

    /// <summary>Database, logs. Default: Autonoomi/data under the user's local application data; Autonoomi/development/data and Autonoomi/demo/data outside production.</summary>
    public string DataFolder { get; set; } = "";

    /// <summary>Master key and key ledger; never inside the data folder. Default: Autonoomi/keys under the user's local application data, beside the data of the same environment.</summary>
    public string KeyFolder { get; set; } = "";

    /// <summary>PostgreSQL only.</summary>
    public string? ConnectionString { get; set; }

    public string DatabaseFile => Path.Combine(DataFolder, "autonoomi.db");

    /// <summary>The environment's tag as keys and seals carry it.</summary>
    public string Tag => TagOf(Environment);

    internal static string TagOf(DataEnvironment environment) => environment switch
    {
        DataEnvironment.Development => "development",
        DataEnvironment.Production => "production",
        DataEnvironment.Demo => "demo",
    };

    /// <summary>Fills in default folders and refuses a key folder inside the data folder.</summary>
    /// <exception cref="SetupException">The folders overlap, or PostgreSQL lacks a connection string.</exception>
    public StorageSettings Completed()
    {
        var home = System.Environment.GetFolderPath(System.Environment.SpecialFolder.LocalApplicationData, System.Environment.SpecialFolderOption.Create);
        var root = Environment == DataEnvironment.Production ? Path.Combine(home, "Autonoomi") : Path.Combine(home, "Autonoomi", Tag);
        if (DataFolder.Length == 0) DataFolder = Path.Combine(root, "data");
        if (KeyFolder.Length == 0) KeyFolder = Path.Combine(root, "keys");
        DataFolder = Path.GetFullPath(DataFolder);
        KeyFolder = Path.GetFullPath(KeyFolder);
        if ((KeyFolder + Path.DirectorySeparatorChar).StartsWith(DataFolder + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            throw new SetupException($"The key folder '{KeyFolder}' lies inside the data folder: whoever copies the data would have its key. Set Autonoomi:Storage:KeyFolder to a place outside it.");
        if (Provider == StorageEngine.Postgres && string.IsNullOrWhiteSpace(ConnectionString))
            throw new SetupException("PostgreSQL was chosen without a connection string. Set Autonoomi:Storage:ConnectionString.");
        if (Provider == StorageEngine.Postgres && Environment == DataEnvironment.Production && PostgresTransport.Fault(ConnectionString!) is { } fault)
            throw new SetupException(fault);
        return this;
    }
}

/// <summary>Something outside the program must be put right first; the message says what and how.</summary>
public sealed class SetupException(string message, Exception? inner = null) : Exception(message, inner);
