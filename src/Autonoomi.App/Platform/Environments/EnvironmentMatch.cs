using System.IO;
using System.Text.RegularExpressions;
using Autonoomi.Amazon;
using Autonoomi.Vault;
using Microsoft.Data.Sqlite;

namespace Autonoomi.App.Platform.Environments;

/// <summary>What the Amazon addresses of a configuration lead to.</summary>
public enum AmazonSide
{
    /// <summary>Every address is one of Amazon's own, over TLS.</summary>
    Itself,

    /// <summary>None is.</summary>
    Pretend,

    /// <summary>Some are: nobody wants that.</summary>
    Mixed,
}

/// <summary>The environment does not match itself: exit code 78.</summary>
public sealed class EnvironmentMismatchException(string message) : Exception(message);

/// <summary>
/// Environments do not mix. Five things say which one this is: the host's environment (<c>ASPNETCORE_ENVIRONMENT</c>), the tag of the storage, the tag of
/// the master key, the stamp in the database, and the Amazon addresses. Of their 192 combinations 15 are legal; the others are refused before
/// anything listens or calls.
/// </summary>
public static partial class EnvironmentMatch
{
    /// <param name="hostIsDevelopment">The host's environment is Development.</param>
    /// <param name="storage">Tag of the storage.</param>
    /// <param name="key">Tag of the master key; null when there is none yet.</param>
    /// <param name="stamp">Stamp of the database; null when it is new.</param>
    /// <param name="amazon">Where the Amazon addresses lead.</param>
    /// <returns>Null when they match; else one line that names what does not, without any value.</returns>
    public static string? Refusal(bool hostIsDevelopment, DataEnvironment storage, string? key, string? stamp, AmazonSide amazon)
    {
        var tag = StorageSettings.TagOf(storage);
        if (amazon == AmazonSide.Mixed) return "Some of the Amazon addresses are Amazon's own and some are not. Take the addresses out of the configuration, or set Autonoomi:Amazon:BaseAddress alone.";
        if (storage == DataEnvironment.Production && hostIsDevelopment) return "The host's environment is Development and the storage is Production. Unset ASPNETCORE_ENVIRONMENT, or set Autonoomi:Storage:Environment to Development.";
        if (storage == DataEnvironment.Production && amazon != AmazonSide.Itself) return "The storage is Production and the Amazon addresses are not Amazon's own. Take Autonoomi:Amazon:BaseAddress out, or choose another Autonoomi:Storage:Environment.";
        if (storage != DataEnvironment.Production && amazon != AmazonSide.Pretend) return "The storage is not Production and the Amazon addresses are Amazon's own. Set Autonoomi:Amazon:BaseAddress to a pretend Amazon; real accounts belong into Production.";
        if (key is not null && key != tag) return "The master key is of another environment than Autonoomi:Storage:Environment says. Set Autonoomi:Storage:KeyFolder to the keys of this environment.";
        if (stamp is not null && stamp != tag) return "The database is of another environment than Autonoomi:Storage:Environment says. Set Autonoomi:Storage:DataFolder to the data of this environment.";
        if (stamp is not null && key is null) return "The database has data and the key folder has no master key. Put the master key of this environment back; none is made.";
        return null;
    }

    /// <param name="storage">The storage; a database on PostgreSQL is asked for its stamp later, before anything listens.</param>
    /// <param name="hostIsDevelopment">The host's environment is Development.</param>
    /// <param name="amazon">The addresses.</param>
    /// <returns>As above, for what lies on this machine.</returns>
    public static string? Refusal(StorageSettings storage, bool hostIsDevelopment, AmazonOptions amazon) =>
        Refusal(hostIsDevelopment, storage.Environment, KeyChain.TagIn(storage.KeyFolder), StampOf(storage), SideOf(amazon));

    /// <exception cref="EnvironmentMismatchException">They do not match.</exception>
    public static void Demand(StorageSettings storage, bool hostIsDevelopment, AmazonOptions amazon)
    {
        if (Refusal(storage, hostIsDevelopment, amazon) is { } mismatch) throw new EnvironmentMismatchException("The environment does not match: " + mismatch);
    }

    public static AmazonSide SideOf(AmazonOptions amazon)
    {
        var addresses = amazon.Regions.Values.SelectMany(region => new[] { region.AdsConsent, region.Token, region.Ads, region.SellingPartner }).Concat(amazon.SellerCentral.Values).ToList();
        return addresses.Count(IsAmazon) switch
        {
            0 => AmazonSide.Pretend,
            var all when all == addresses.Count => AmazonSide.Itself,
            _ => AmazonSide.Mixed,
        };
    }

    private static bool IsAmazon(Uri address) => address.Scheme == Uri.UriSchemeHttps && address.IsDefaultPort && AmazonHost().IsMatch(address.Host);

    private static string? StampOf(StorageSettings storage)
    {
        if (storage.Provider != StorageEngine.Sqlite || !File.Exists(storage.DatabaseFile)) return null;
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = storage.DatabaseFile, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM sqlite_master WHERE name = 'vault_stamp'";
        if (command.ExecuteScalar() is not 1L) return null;
        command.CommandText = "SELECT environment FROM vault_stamp WHERE id = 1";
        return command.ExecuteScalar() as string;
    }

    [GeneratedRegex(@"(?:^|\.)amazon\.(?:com|[a-z]{2}|com?\.[a-z]{2})$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex AmazonHost();
}
