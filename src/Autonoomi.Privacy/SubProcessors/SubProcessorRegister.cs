using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Autonoomi.Privacy;

/// <summary>What somebody has looked at and can show.</summary>
public enum EvidenceOf
{
    /// <summary>The contract that binds the company.</summary>
    Contract,

    /// <summary>That its duties are equal to ours towards Amazon and sellers.</summary>
    EqualDuties,

    /// <summary>That its security was assessed before it got anything.</summary>
    Assessment,

    /// <summary>Of a language model's provider: that it does not train on what it gets.</summary>
    NoTraining,

    /// <summary>Of a language model's provider: that it keeps nothing beyond the request, except where law or abuse prevention demands.</summary>
    ZeroRetention,
}

/// <param name="What">What is shown.</param>
/// <param name="On">The day on which it was looked at.</param>
/// <param name="Document">SHA-256 of the document, lower-case hexadecimal; the document itself is kept by people.</param>
/// <param name="By">Who looked.</param>
public sealed record SubProcessorEvidence(EvidenceOf What, DateOnly On, string Document, string By);

/// <summary>A company that helps to run the service and may come near data.</summary>
/// <param name="Name">As it is published.</param>
/// <param name="Task">What it does.</param>
/// <param name="Data">Which data it can come near, in words.</param>
/// <param name="Place">Country.</param>
/// <param name="Since">From which day it gets something.</param>
/// <param name="Version">The version of the list with which it came.</param>
/// <param name="Hosts">Hosts to which the product itself sends something; empty where it sends nothing.</param>
/// <param name="Evidence">What somebody has looked at.</param>
public sealed record SubProcessor(
    string Name, string Task, string Data, string Place, DateOnly Since, int Version, IReadOnlyList<string> Hosts, IReadOnlyList<SubProcessorEvidence> Evidence)
{
    /// <summary>Evidence older than this many days is none: it is looked at again every year.</summary>
    public const int EvidenceDays = 365;

    /// <summary>What everybody needs before they get a seller's data.</summary>
    public static ImmutableArray<EvidenceOf> Needed { get; } = [EvidenceOf.Contract, EvidenceOf.EqualDuties, EvidenceOf.Assessment];

    /// <returns>True where there is evidence that was looked at within the last year, and not in the future.</returns>
    public bool Shows(EvidenceOf what, DateOnly today) => Evidence.Any(evidence => evidence.What == what && evidence.On <= today && today.DayNumber - evidence.On.DayNumber < EvidenceDays);

    /// <returns>Why a seller's data may not go there today; nothing when it may.</returns>
    public IEnumerable<string> Lacks(DateOnly today)
    {
        if (Since > today) yield return $"it begins on {Since:yyyy-MM-dd}";
        foreach (var what in Needed)
            if (!Shows(what, today)) yield return $"there is no evidence of {SubProcessorRegister.Words(what)} from the last {EvidenceDays} days";
    }
}

/// <param name="Number">Counts from 1.</param>
/// <param name="Date">The day on which it was published.</param>
/// <param name="Change">What changed, in a sentence.</param>
public sealed record SubProcessorVersion(int Number, DateOnly Date, string Change);

/// <summary>
/// The companies that help to run an installation, with what shows that they may, in versions. Amazon is none: it is where a seller's data comes from, under the
/// seller's own consent. The software itself uses none, so the list is empty until whoever runs it names theirs.
/// </summary>
/// <param name="Versions">Newest first; empty where the list was never anything but empty.</param>
/// <param name="Companies">In the order in which they are published.</param>
public sealed partial record SubProcessorRegister(ImmutableArray<SubProcessorVersion> Versions, ImmutableArray<SubProcessor> Companies)
{
    /// <summary>Sellers hear of a new company so many days before it gets anything of theirs.</summary>
    public const int NoticeDays = 30;

    public static SubProcessorRegister Empty { get; } = new([], []);

    /// <param name="text">JSON: <c>versions</c> (number, date, change) and <c>subProcessors</c> (name, task, data, place, since, version, hosts, evidence: what, on, document, by).</param>
    /// <exception cref="FormatException">It is no such text, or breaks a rule; the message names the field, the rule and the fix.</exception>
    public static SubProcessorRegister Read(string text)
    {
        SubProcessorFile file;
        try
        {
            file = JsonSerializer.Deserialize(text, SubProcessorJson.Default.SubProcessorFile) ?? throw new FormatException("The list of sub-processors is empty: take the setting away, or write the list.");
        }
        catch (JsonException wrong)
        {
            throw new FormatException($"The list of sub-processors cannot be read: {wrong.Message}", wrong);
        }

        var register = new SubProcessorRegister([.. file.Versions.OrderByDescending(version => version.Number)], [.. file.SubProcessors]);
        return register.Faults().FirstOrDefault() is { } fault ? throw new FormatException($"The list of sub-processors: {fault}") : register;
    }

    /// <returns>Null when there is none of that name.</returns>
    public SubProcessor? Find(string name) => Companies.FirstOrDefault(company => company.Name == name);

    /// <returns>The company that a host belongs to; null when no entry names it.</returns>
    public SubProcessor? Of(string host) => Companies.FirstOrDefault(company => company.Hosts.Contains(host, StringComparer.OrdinalIgnoreCase));

    /// <returns>Why a seller's data may not go to a host today; null when it may.</returns>
    public string? Refusal(string host, DateOnly today) => Of(host) is not { } company
        ? $"'{host}' belongs to no company in the list of sub-processors. Name it there with its evidence, or take the destination away."
        : company.Lacks(today).ToList() is { Count: > 0 } lacks ? $"'{host}' belongs to {company.Name}, and {string.Join(", and ", lacks)}. Put that right in the list of sub-processors, or take the destination away." : null;

    public static string Words(EvidenceOf what) => what switch
    {
        EvidenceOf.Contract => "a contract",
        EvidenceOf.EqualDuties => "equal duties",
        EvidenceOf.Assessment => "an assessment",
        EvidenceOf.NoTraining => "no training",
        EvidenceOf.ZeroRetention => "nothing being kept",
    };

    private IEnumerable<string> Faults()
    {
        if (Companies.Length > 0 && Versions.Length == 0) yield return "versions: a list with companies has a version. Begin with number 1.";
        for (var at = 0; at < Versions.Length; at++)
        {
            var version = Versions[at];
            if (version.Number != Versions.Length - at) yield return $"versions: numbers count from 1 without a gap; {version.Number} does not.";
            if (string.IsNullOrWhiteSpace(version.Change)) yield return $"versions: {version.Number} does not say what changed.";
            if (at > 0 && version.Date > Versions[at - 1].Date) yield return $"versions: {version.Number} is of a later day than the next one.";
        }

        foreach (var company in Companies)
        {
            if (new[] { company.Name, company.Task, company.Data, company.Place }.Any(string.IsNullOrWhiteSpace)) yield return $"'{company.Name}' needs name, task, data and place.";
            if (Companies.Count(other => other.Name == company.Name) > 1) yield return $"'{company.Name}' stands twice.";
            if (Versions.FirstOrDefault(version => version.Number == company.Version) is not { } came) yield return $"'{company.Name}' came with version {company.Version}, which there is not.";
            else if (came.Number > 1 && company.Since < came.Date.AddDays(NoticeDays)) yield return $"'{company.Name}' begins on {company.Since:yyyy-MM-dd}, less than {NoticeDays} days after the version that tells of it. Move 'since'.";
            foreach (var host in company.Hosts)
            {
                if (Uri.CheckHostName(host) != UriHostNameType.Dns || !host.Contains('.', StringComparison.Ordinal)) yield return $"'{company.Name}': '{host}' is no host name. Write the whole name, without scheme and port.";
                if (Companies.Count(other => other.Hosts.Contains(host, StringComparer.OrdinalIgnoreCase)) > 1) yield return $"'{host}' belongs to two companies.";
            }

            foreach (var evidence in company.Evidence)
                if (string.IsNullOrWhiteSpace(evidence.By) || !Sha256().IsMatch(evidence.Document)) yield return $"'{company.Name}': evidence of {Words(evidence.What)} needs who looked (by) and the document's SHA-256 in 64 lower-case hexadecimal digits (document).";
        }
    }

    [GeneratedRegex("^[0-9a-f]{64}$")]
    private static partial Regex Sha256();
}

internal sealed record SubProcessorFile([property: JsonRequired] IReadOnlyList<SubProcessorVersion> Versions, [property: JsonRequired] IReadOnlyList<SubProcessor> SubProcessors);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true, ReadCommentHandling = JsonCommentHandling.Skip)]
[JsonSerializable(typeof(SubProcessorFile))]
internal sealed partial class SubProcessorJson : JsonSerializerContext;
