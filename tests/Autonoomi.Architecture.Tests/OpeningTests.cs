using System.IO;
using System.Text.RegularExpressions;
using Autonoomi.Testing;

namespace Autonoomi.Architecture.Tests;

/// <summary>Every place that opens a seller's vault, and for what. A new one is a decision: it is added here.</summary>
public sealed partial class OpeningTests
{
    [Fact]
    [Promise("P-2-a", "P-4-c", "P-4-n")]
    public void Vaults_are_opened_in_these_places_for_these_purposes() => Assert.Equal(
        [
            "AtRestProbe: Prove",
            "BuyerQuarantine: SetApart",
            "ChangeBook: Instruct, Show",
            "CopyMaker: Show",
            "DeletionSaga: Delete",
            "DemoHost: Instruct, Show",
            "DemoSeller: Instruct",
            "EditBook: Show",
            "HourBook: Show",
            "LaunchBook: Instruct, Show",
            "LedgerBook: Show",
            "MoveBook: Show",
            "ProfitShelf: Show",
            "ProposalBook: Instruct, Show",
            "ReadIn: Instruct",
            "ReadingBook: Show",
            "ReportingBook: Instruct, Show",
            "ReviewBook: Instruct, Show",
            "SaveCosts: Instruct",
            "SaveSettings: Instruct",
            "SellerLedger: Retain, Run",
            "StartBook: Show",
            "StopSwitch: Instruct",
            "ViewBook: Instruct, Show",
            "Workspaces: Show",
        ],
        [.. Places.Select(place => $"{Path.GetFileNameWithoutExtension(place.File)}: {string.Join(", ", place.Purposes)}").Order(StringComparer.Ordinal)]);

    [Fact]
    public void An_opening_is_seen_with_all_purposes_of_its_line() =>
        Assert.Equal(["Retain", "Run"], Named("var vault = await vaults.OpenAsync(seller, due ? Purpose.Retain : Purpose.Run, stop);"));

    private static IEnumerable<(string File, List<string> Purposes)> Places =>
        from file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", "Autonoomi.App"), "*.*", SearchOption.AllDirectories)
        where Path.GetExtension(file) is ".cs" or ".razor" && !Built().IsMatch(file)
        let purposes = File.ReadLines(file).SelectMany(Named).Distinct().Order(StringComparer.Ordinal).ToList()
        where purposes.Count > 0
        select (file, purposes);

    private static IEnumerable<string> Named(string line) => line.Contains("OpenAsync(", StringComparison.Ordinal) ? Purpose().Matches(line).Select(match => match.Groups[1].Value) : [];

    [GeneratedRegex(@"\bPurpose\.(\w+)")]
    private static partial Regex Purpose();

    [GeneratedRegex(@"[\\/](bin|obj|node_modules)[\\/]")]
    private static partial Regex Built();
}
