using System.CommandLine;
using System.IO;
using System.Text.Json;
using Autonoomi.Lab.Report;
using Autonoomi.Marketplace.Scenarios;

namespace Autonoomi.Lab.Protocol.Commands;

/// <summary>The study itself: <c>./run lab --families S2 --policies ours,B11z --worlds 20 --seed 1000 --json out.json</c>, and its repetition: <c>--from out.json</c>.</summary>
internal static class StudyCommand
{
    public static void AddTo(RootCommand root, LabEdge edge)
    {
        var options = new StudyOptions(severalFamilies: true, worlds: 20);
        var allowed = new Option<bool>("--sealed") { Description = "Looks at sealed seeds (5000 and above). Adds a line to the public ledger before it runs." };
        var hindsight = new Option<bool>("--hindsight") { Description = "Also seeks each world's best target afterwards, for tuned policies: ten times the work." };
        var from = new Option<string?>("--from") { Description = "Repeats the study whose JSON this is and compares the figures." };
        var take = new Option<string?>("--take") { Description = "Takes worlds and plays of peers over from the study whose JSON this is; one play of each policy and family is repeated and must be the same." };
        root.Add(options.Families);
        root.Add(options.Policies);
        root.Add(options.Worlds);
        root.Add(options.Seed);
        root.Add(options.Json);
        root.Add(from);
        root.Add(take);
        root.Add(hindsight);
        root.Add(allowed);
        root.Add(options.Days);
        root.Add(options.Workers);
        options.Judge(root);
        root.Validators.Add(result =>
        {
            if (StudyOptions.Typed(result, from))
            {
                if (StudyOptions.Typed(result, options.Families) || StudyOptions.Typed(result, options.Policies) || StudyOptions.Typed(result, options.Seed) || StudyOptions.Typed(result, options.Worlds) || StudyOptions.Typed(result, options.Days))
                    result.AddError("--from repeats a study as it was: families, policies, worlds, days and seed come from the file.");
                return;
            }

            if (!StudyOptions.Typed(result, options.Policies)) result.AddError("--policies names who plays, for example --policies ours,B11z,B03.");
            if (Seeds.UseOf(options.SeedOf(result), options.WorldsOf(result)) == SeedUse.Sealed && !result.GetValue(allowed)) result.AddError(Refusal);
            var families = StudyOptions.Typed(result, options.Families) ? StudyOptions.Split(result.GetValue(options.Families)!) : [];
            if (options.SeedOf(result) < 5000 && families.Select(Families.Find).FirstOrDefault(family => family is { SealedOnly: true }) is { } hidden)
                result.AddError($"Development must never have seen {hidden.Id}: it runs on sealed seeds alone.");
        });
        root.SetAction((parsed, cancellationToken) => Task.Run(() =>
        {
            var json = parsed.GetValue(options.Json);
            return edge.Guard(json is null ? null : JournalOf(json), () =>
            {
                var workers = parsed.GetValue(options.Workers);
                if (parsed.GetValue(from) is { } file) return Repeat(edge, file, json, parsed.GetValue(allowed), workers, cancellationToken);
                var (families, contestants) = (options.FamiliesOf(parsed), options.PoliciesOf(parsed));
                var header = HeaderOf("study", families, contestants, options, parsed) with { Setups = Study.Setups(families, contestants, edge.Tuned), Hindsight = parsed.GetValue(hindsight) };
                var earlier = parsed.GetValue(take) is { } taken ? Read(taken) : null;
                if (earlier is not null && (earlier.Header.Days != header.Days || earlier.Header.Sources.Market != header.Sources.Market)) throw new LabException("--take: that study was made with another market or other days.");
                Run(edge, header with { Taken = earlier?.Header.Version }, families, contestants, earlier, json, workers, cancellationToken);
                return 0;
            });
        }, cancellationToken));
    }

    public const string Refusal = "Seeds 5000 and above are sealed: they are looked at once, when the work is done. --sealed does it and adds a line to the public ledger.";

    public static string JournalOf(string json) => json + ".journal";

    public static StudyHeader HeaderOf(string command, IReadOnlyList<Family> families, IReadOnlyList<Contestant> contestants, StudyOptions options, ParseResult parsed)
    {
        var (worlds, seed) = (parsed.GetValue(options.Worlds), parsed.GetValue(options.Seed));
        return new StudyHeader
        {
            Command = command,
            Families = [.. families.Select(family => family.Id)],
            Policies = [.. contestants.Select(contestant => contestant.Id)],
            Worlds = worlds,
            Seed = seed,
            Days = parsed.GetValue(options.Days),
            Split = Seeds.UseOf(seed, worlds)!.Value.ToString().ToLowerInvariant(),
            Version = StudyHeader.BuiltVersion,
            Sources = Sources.Built,
        };
    }

    /// <summary>Writes down, before anything runs, that seeds which are not for tuning are looked at.</summary>
    public static void Log(LabEdge edge, StudyHeader header, string? json)
    {
        var read = new SeedRead(edge.Clock.GetUtcNow(), header.Version, header.Families, header.Policies, header.Seed, header.Worlds);
        switch (Seeds.UseOf(header.Seed, header.Worlds))
        {
            case SeedUse.Sealed:
                SeedLedger.Append(Path.Combine(edge.Root, SeedLedger.SealedFile), read);
                break;
            case SeedUse.Validation:
                SeedLedger.Append(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(json ?? "."))!, SeedLedger.ValidationFile), read);
                break;
            case SeedUse.Development or null:
                break;
        }
    }

    private static StudyReport Run(
        LabEdge edge, StudyHeader header, IReadOnlyList<Family> families, IReadOnlyList<Contestant> contestants, StudyReport? earlier, string? json, int workers, CancellationToken cancellationToken)
    {
        using var journal = json is null ? new Journal() : new Journal(JournalOf(json), header);
        Log(edge, header, json);
        if (journal.Resumed > 0) edge.Error.WriteLine($"Going on: {journal.Resumed} worlds and plays are there already.");
        var progress = edge.Progress();
        StudyResult result;
        try
        {
            result = new Study(header, families, contestants).Run(new Field(journal, progress, workers), earlier, cancellationToken);
        }
        finally
        {
            (progress as IDisposable)?.Dispose();
        }

        var report = Scoring.Report(result, contestants, edge.Tuned);
        StudyTable.Print(edge.Console(), report);
        if (json is null) return report;
        WholeFile.Write(json, JsonSerializer.Serialize(report, ReportJson.Default.StudyReport));
        journal.Dispose();
        File.Delete(JournalOf(json));
        return report;
    }

    private static int Repeat(LabEdge edge, string file, string? json, bool isAllowed, int workers, CancellationToken cancellationToken)
    {
        var before = Read(file);
        var header = before.Header;
        if (Seeds.UseOf(header.Seed, header.Worlds) == SeedUse.Sealed && !isAllowed) throw new LabException(Refusal);
        var built = Sources.Built;
        if (header.Sources != built)
            edge.Error.WriteLine($"{file} was made by version {header.Version} (market {header.Sources.Market}, policies {header.Sources.Policies}, lab {header.Sources.Lab}); this is {StudyHeader.BuiltVersion} (market {built.Market}, policies {built.Policies}, lab {built.Lab}). Figures may differ.");
        var families = header.Families.Select(id => StudyOptions.Shortened(Families.Find(id) ?? throw new LabException($"{file} names a family '{id}' that does not exist here."), header.Days)).ToList();
        var again = header with { Version = StudyHeader.BuiltVersion, Sources = built, Excluded = [] };
        var report = Run(edge, again, families, [.. header.Policies.Select(Contestant.Find)], null, json, workers, cancellationToken);

        var there = before.Plays.Concat(before.HindsightPlays).DistinctBy(PlayKey.Of).ToDictionary(PlayKey.Of);
        var here = report.Plays.Concat(report.HindsightPlays).DistinctBy(PlayKey.Of).ToDictionary(PlayKey.Of);
        var different = there.Keys.Union(here.Keys).Where(key => !there.TryGetValue(key, out var old) || !here.TryGetValue(key, out var fresh) || !old.Score.Equals(fresh.Score)).ToList();
        if (different.Count == 0)
        {
            edge.Out.WriteLine($"The same figures: {there.Count} plays, to the last digit.");
            return 0;
        }

        edge.Error.WriteLine($"{different.Count} of {there.Count} plays differ, for example {string.Join("; ", different.Take(5).Select(key => $"{key.Family} world {key.Seed} {key.Policy}: {there.GetValueOrDefault(key)?.Score} there, {here.GetValueOrDefault(key)?.Score} here"))}.");
        return 1;
    }

    private static StudyReport Read(string file)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(file), ReportJson.Default.StudyReport) ?? throw new JsonException("it is empty");
        }
        catch (JsonException failure)
        {
            throw new LabException($"{file} is no study of ./run lab: {failure.Message}");
        }
    }
}
