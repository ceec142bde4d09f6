#pragma warning disable RS0030 // the command-line edge

using System.CommandLine;
using System.IO;
using System.Text.Json;
using System.Text.Json.Serialization;
using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Environments;

namespace Autonoomi.App.Features.Audit;

/// <param name="IsWhole">True when nothing is wrong.</param>
/// <param name="Entries">How many entries there are.</param>
/// <param name="First">Oldest entry.</param>
/// <param name="Last">Newest entry.</param>
/// <param name="Faults">What is wrong.</param>
/// <param name="Lines">The entries.</param>
internal sealed record AuditFile(bool IsWhole, long Entries, long First, long Last, IReadOnlyList<string> Faults, IReadOnlyList<AuditLine> Lines);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, WriteIndented = true)]
[JsonSerializable(typeof(AuditFile))]
internal sealed partial class AuditFileJson : JsonSerializerContext;

/// <summary>Proves the audit log, or hands it out. Works beside a running product.</summary>
internal static class AuditCommand
{
    public static Command Create()
    {
        var data = new Option<string?>("--data") { Description = "Data folder, when it is not the configured one.", Recursive = true };
        var json = new Option<string>("--json") { Description = "File that gets the entries; it must not exist yet.", Required = true };
        var verify = new Command("verify", "Looks at every entry, the head and the head file. Exit code 1 when something is not as it was written.");
        verify.SetAction((parsed, cancellationToken) => CommandEdge.GuardAsync(() => OnLogAsync(parsed.GetValue(data), VerifyAsync, cancellationToken)));
        var export = new Command("export", "Writes all entries with pseudonyms, and the texts whose seller's key still lives. The export itself is an entry.") { json };
        export.SetAction((parsed, cancellationToken) => CommandEdge.GuardAsync(() => OnLogAsync(parsed.GetValue(data), (audit, stop) => ExportAsync(audit, parsed.GetRequiredValue(json), stop), cancellationToken)));
        return new Command("audit", "The audit log: verify it, or export it.") { data, verify, export };
    }

    private static async Task<int> OnLogAsync(string? data, Func<AuditLog, CancellationToken, Task<int>> work, CancellationToken cancellationToken)
    {
        using var store = await OpenedStore.OpenAsync(Product.CreateBuilder(data).ReadStorage(), cancellationToken);
        return await work(store.Audit, cancellationToken);
    }

    private static async Task<int> VerifyAsync(AuditLog audit, CancellationToken cancellationToken)
    {
        var verdict = await audit.VerifyAsync(cancellationToken);
        foreach (var fault in verdict.Faults) await Console.Error.WriteLineAsync(fault);
        Console.WriteLine(verdict.IsWhole
            ? verdict.Entries == 0 ? "The audit log is empty and whole." : $"{verdict.Entries} entries ({verdict.First} to {verdict.Last}) are as they were written, and none is missing."
            : $"The audit log is not whole: {verdict.Faults.Count} faults. See docs/privacy/audit-log.md.");
        return verdict.IsWhole ? 0 : 1;
    }

    private static async Task<int> ExportAsync(AuditLog audit, string file, CancellationToken cancellationToken)
    {
        await audit.WriteAsync(new(AuditAction.Read, Actor.Operator, Object: "whole log"), cancellationToken);
        await audit.MarkAsync(cancellationToken);
        var verdict = await audit.VerifyAsync(cancellationToken);
        var lines = new List<AuditLine>();
        await foreach (var line in audit.LinesAsync(cancellationToken)) lines.Add(line);
        await using (var stream = new FileStream(file, FileMode.CreateNew, FileAccess.Write))
            await JsonSerializer.SerializeAsync(stream, new AuditFile(verdict.IsWhole, verdict.Entries, verdict.First, verdict.Last, verdict.Faults, lines), AuditFileJson.Default.AuditFile, cancellationToken);
        Console.WriteLine($"{lines.Count} entries are in {file}.{(verdict.IsWhole ? "" : " The log is not whole: the file lists the faults.")}");
        return verdict.IsWhole ? 0 : 1;
    }
}
