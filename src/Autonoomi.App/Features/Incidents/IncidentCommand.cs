#pragma warning disable RS0030 // the command-line edge

using System.CommandLine;
using System.Globalization;
using System.IO;
using System.Security.Cryptography;
using Autonoomi.App.Platform.Duties;
using Autonoomi.App.Platform.Environments;
using Autonoomi.App.Platform.Incidents;
using Autonoomi.Privacy;
using Microsoft.EntityFrameworkCore;

namespace Autonoomi.App.Features.Incidents;

/// <summary>The register of incidents, for whoever runs the installation: docs/privacy/incident-plan.md says who does what when. Works beside a running product.</summary>
internal static class IncidentCommand
{
    private static readonly Option<string?> Data = new("--data") { Description = "Data folder, when it is not the configured one.", Recursive = true };

    public static Command Create() => new("incident", "The register of incidents: open, note, contain, tell, close, list; drill practises it.")
    {
        Data, Open("open", "Opens an incident: its clocks of 24 hours (Amazon) and 72 hours (sellers, authority) run from the detection.", drill: false), Note(), Contain(), Tell(), Close(), List(),
        Open("drill", "Opens a drill: the same steps and clocks, and nobody outside is told. Closing it completes the duty.", drill: true),
    };

    private static Command Open(string name, string description, bool drill)
    {
        var what = new Option<string>("--what") { Description = "One sentence: what happened.", Required = true };
        var (by, kind, severity, detected) = (By(), Kind(), Severity(), new Option<string?>("--detected") { Description = "When it was first suspected, in UTC: 2026-11-30T14:05Z. Now, when left out." });
        return Acting(new(name, description) { what, by, kind, severity, detected }, async (parsed, store, stop) =>
        {
            DateTimeOffset? at = null;
            if (parsed.GetValue(detected) is { } text)
            {
                if (!DateTimeOffset.TryParseExact(text, ["yyyy-MM-dd'T'HH:mm'Z'", "yyyy-MM-dd'T'HH:mm:ss'Z'"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant)) return CommandEdge.Told(new WrongIncident("Detected: write the instant in UTC as 2026-11-30T14:05Z."), "");
                at = instant;
            }

            var opened = await store.Incidents.OpenAsync(parsed.GetRequiredValue(what), new(parsed.GetValue(kind) ?? IncidentKind.Failure, parsed.GetValue(severity) ?? IncidentSeverity.Suspected, null, null), at, drill, parsed.GetRequiredValue(by), stop);
            if (opened.Error is { } wrong) return CommandEdge.Told(wrong, "");
            Show((await store.Incidents.FindAsync(opened.Value, stop))!, whole: false);
            return CommandEdge.Told(null, "Next: contain the damage, then incident note with --severity, --data-classes and --sellers; the plan is in docs/privacy/incident-plan.md.");
        });
    }

    private static Command Note()
    {
        var (number, by, kind, severity) = (Number(), By(), Kind(), Severity());
        var text = new Option<string?>("--text") { Description = "What was seen, asked or decided." };
        var touched = new Option<TouchedData[]?>("--data-classes") { Description = "Classes of data that are touched: Secrets Buyers Economics Amazon Identity Operational.", AllowMultipleArgumentsPerToken = true };
        var untouched = new Option<bool>("--no-data") { Description = "It is known that no data are touched." };
        var sellers = new Option<Guid[]?>("--sellers") { Description = "Seller accounts that are touched, by id; delete --list shows them.", AllowMultipleArgumentsPerToken = true };
        var all = new Option<bool>("--all-sellers") { Description = "All accounts that there are now." };
        var none = new Option<bool>("--no-sellers") { Description = "It is known that no seller is touched." };
        var evidence = new Option<FileInfo?>("--evidence") { Description = "File that was looked at or kept: its name, length and SHA-256 are written down, the file stays where it is." };
        return Acting(new("note", "Adds what was found out, and judges kind, severity, classes of data and sellers (again).") { number, by, text, kind, severity, touched, untouched, sellers, all, none, evidence }, async (parsed, store, stop) =>
        {
            IncidentEvidence? file = null;
            if (parsed.GetValue(evidence) is { } kept)
            {
                if (!kept.Exists) return CommandEdge.Told(new WrongIncident($"Evidence: there is no file '{kept.FullName}'."), "");
                await using var stream = kept.OpenRead();
                file = new(kept.Name, kept.Length, Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, stop)));
            }

            IReadOnlyList<Guid>? whose = parsed.GetValue(none) ? [] : parsed.GetValue(sellers);
            if (parsed.GetValue(all)) whose = await AllSellersAsync(store, stop);
            if (whose is { Count: > 0 } && !parsed.GetValue(all) && whose.Except(await AllSellersAsync(store, stop)).ToList() is { Count: > 0 } strange) return CommandEdge.Told(new WrongIncident($"Sellers: there is no account {string.Join(", ", strange)}; delete --list shows them."), "");
            IReadOnlyList<TouchedData>? classes = parsed.GetValue(untouched) ? [] : parsed.GetValue(touched);
            var judges = parsed.GetValue(kind) is not null || parsed.GetValue(severity) is not null || classes is not null || whose is not null;
            var added = await store.Incidents.AddAsync(parsed.GetValue(number), (incident, now) => new(judges ? IncidentStep.Assessed : IncidentStep.Noted, now, parsed.GetRequiredValue(by),
                parsed.GetValue(text) ?? (judges ? "Judged." : file is not null ? "Evidence." : ""),
                judges ? new(parsed.GetValue(kind) ?? incident.Facts.Kind, parsed.GetValue(severity) ?? incident.Facts.Severity, classes ?? incident.Facts.Data, whose ?? incident.Facts.Sellers) : null, Evidence: file), stop);
            return Added(added);
        });
    }

    private static Command Contain()
    {
        var (number, by, text) = (Number(), By(), new Option<string>("--text") { Description = "What was done so that it cannot go on.", Required = true });
        return Acting(new("contain", "Writes down what stopped the damage.") { number, by, text }, async (parsed, store, stop) =>
            Added(await store.Incidents.AddAsync(parsed.GetValue(number), (_, now) => new(IncidentStep.Contained, now, parsed.GetRequiredValue(by), parsed.GetRequiredValue(text)), stop)));
    }

    private static Command Tell()
    {
        var number = Number();
        var to = new Option<IncidentNotice>("--to") { Description = "amazon, sellers or authority.", Required = true };
        var by = new Option<string?>("--by") { Description = "Who sent it. Without it the draft is printed and nothing is written down." };
        var proof = new Option<string?>("--proof") { Description = "Message id, number of the case, or who took the call." };
        var file = new Option<FileInfo?>("--text") { Description = "File with what was sent; the draft, when left out." };
        var reason = new Option<string?>("--not-owed") { Description = "Why this one need not be told." };
        return Acting(new("tell", "Prints the draft of a notice; with --by, writes down that it went out. A notice to sellers appears in the product for those whom it concerns.") { number, to, by, proof, file, reason }, async (parsed, store, stop) =>
        {
            var now = TimeProvider.System.GetUtcNow();
            if (parsed.GetValue(by) is not { } who)
            {
                if (await store.Incidents.FindAsync(parsed.GetValue(number), stop) is not { } drafted) return CommandEdge.Told(new WrongIncident($"There is no incident {parsed.GetValue(number)}: incident list shows them."), "");
                return CommandEdge.Told(null, IncidentWords.Draft(drafted, parsed.GetValue(to), store.Contacts, now));
            }

            if (parsed.GetValue(file) is { Exists: false } missing) return CommandEdge.Told(new WrongIncident($"Text: there is no file '{missing.FullName}'."), "");
            var sent = parsed.GetValue(file) is { } given ? await File.ReadAllTextAsync(given.FullName, stop) : null;
            return Added(await store.Incidents.AddAsync(parsed.GetValue(number), (incident, at) => parsed.GetValue(reason) is { } why
                ? new(IncidentStep.NotOwed, at, who, why, To: parsed.GetValue(to))
                : new(IncidentStep.Told, at, who, sent ?? IncidentWords.Draft(incident, parsed.GetValue(to), store.Contacts, at), To: parsed.GetValue(to), Proof: parsed.GetValue(proof)), stop));
        });
    }

    private static Command Close()
    {
        var (number, by, lessons) = (Number(), By(), new Option<string>("--lessons") { Description = "What was learned, and what changes because of it.", Required = true });
        return Acting(new("close", "Closes an incident that is contained, told or decided about, and understood.") { number, by, lessons }, async (parsed, store, stop) =>
            Added(await store.Incidents.AddAsync(parsed.GetValue(number), (_, now) => new(IncidentStep.Closed, now, parsed.GetRequiredValue(by), parsed.GetRequiredValue(lessons)), stop)));
    }

    private static Command List()
    {
        var (number, all) = (new Argument<int?>("number") { Description = "One incident, with every entry.", Arity = ArgumentArity.ZeroOrOne }, new Option<bool>("--all") { Description = "Closed ones too." });
        return Acting(new("list", "Open incidents with the time that is left. Exit code 1 when a limit was passed.") { number, all }, async (parsed, store, stop) =>
        {
            if (parsed.GetValue(number) is { } one)
            {
                if (await store.Incidents.FindAsync(one, stop) is not { } found) return CommandEdge.Told(new WrongIncident($"There is no incident {one}."), "");
                Show(found, whole: true);
                return 0;
            }

            var incidents = await store.Incidents.ListAsync(parsed.GetValue(all), stop);
            foreach (var incident in incidents) Show(incident, whole: false);
            var now = TimeProvider.System.GetUtcNow();
            var broken = incidents.Count(incident => incident is { IsDrill: false, IsClosed: false } && IncidentClock.Of(incident, now).Any(deadline => deadline.IsBroken));
            Console.WriteLine(incidents.Count == 0 ? "No incident is open." : $"{incidents.Count(incident => !incident.IsClosed)} open, {broken} of them told too late or not at all.");
            return broken == 0 ? 0 : 1;
        });
    }

    private static Command Acting(Command command, Func<ParseResult, OperatorStore, CancellationToken, Task<int>> work)
    {
        command.SetAction((parsed, cancellationToken) => CommandEdge.GuardAsync(() => OperatorStore.OnAsync(parsed.GetValue(Data), (store, stop) => work(parsed, store, stop), cancellationToken)));
        return command;
    }

    private static int Added(Platform.Result<Incident> added)
    {
        if (added.Error is { } wrong) return CommandEdge.Told(wrong, "");
        Show(added.Value, whole: false);
        return 0;
    }

    private static void Show(Incident incident, bool whole)
    {
        var now = TimeProvider.System.GetUtcNow();
        Console.WriteLine($"{(incident.IsDrill ? "drill" : "incident")} {incident.Number}  {incident.Facts.Severity}, {IncidentWords.Of(incident.Facts.Kind)}{(incident.IsClosed ? ", closed" : "")}: {incident.What}");
        Console.WriteLine($"  detected {At(incident.DetectedAt)}; data: {IncidentWords.Of(incident.Facts.Data)}; sellers: {(incident.Facts.Sellers is { } sellers ? sellers.Count.ToString(CultureInfo.InvariantCulture) : "not known yet")}");
        foreach (var deadline in IncidentClock.Of(incident, now)) Console.WriteLine($"  {IncidentWords.Of(deadline.To)}, by {At(deadline.Deadline)}: {IncidentClock.InWords(deadline)}");
        foreach (var target in IncidentClock.Targets(incident)) Console.WriteLine($"  {target.What}, by {At(target.Due)}: {(target.DoneAt is { } done ? $"done {At(done)}" : now < target.Due ? "open" : "open, goal passed")}");
        if (!whole) return;
        foreach (var seller in incident.Facts.Sellers ?? []) Console.WriteLine($"  seller {seller}");
        foreach (var entry in incident.Entries)
        {
            Console.WriteLine($"  {At(entry.At)} {entry.Step}{(entry.To is { } to ? $" {to}" : "")} by {entry.By}{(entry.Proof is { } proof ? $", proof: {proof}" : "")}{(entry.Evidence is { } file ? $", evidence: {file.Name}, {file.Bytes} bytes, SHA-256 {file.Sha256}" : "")}");
            foreach (var line in entry.Text.Split('\n')) Console.WriteLine($"    {line}");
        }
    }

    private static async Task<IReadOnlyList<Guid>> AllSellersAsync(OperatorStore store, CancellationToken cancellationToken)
    {
        await using var db = store.Databases.System();
        return await db.SellerAccounts.AsNoTracking().Select(row => row.Seller).ToListAsync(cancellationToken);
    }

    private static Argument<int> Number() => new("number") { Description = "Number of the incident." };

    private static Option<string> By() => new("--by") { Description = "Your name.", Required = true };

    private static Option<IncidentKind?> Kind() => new("--kind") { Description = "disclosure, loss, tampering, access, secret, buyerdata, foreignenvironment or failure." };

    private static Option<IncidentSeverity?> Severity() => new("--severity") { Description = "suspected, low, high or critical; docs/privacy/incident-plan.md has the table." };

    private static string At(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
