using System.Collections.Immutable;
using System.IO;

namespace Autonoomi.Privacy;

public enum PromiseState
{
    /// <summary>A test fails when it is broken; where a running system can be asked, a probe asks it.</summary>
    Kept,

    /// <summary>Only people can keep it; the software helps.</summary>
    Organisational,

    /// <summary>Not built yet.</summary>
    Open,
}

public enum PromiseKind { ProvenByProbe, ProvenByTests, Organisational, Open }

/// <summary>Whom a promise is made to: sellers read those of theirs on their board.</summary>
public enum Audience { Seller, Operator }

/// <param name="Id">For example <c>P-3-b</c>.</param>
/// <param name="State">How it stands, honestly.</param>
/// <param name="Audience">Whom it concerns.</param>
/// <param name="Component">The part of the product that answers for it.</param>
/// <param name="Probe">Id of the probe that asks a running store; null where nothing can be asked, or nothing is built.</param>
/// <param name="Says">The promise, in our words.</param>
/// <param name="Does">What in the software keeps it or helps to; empty while it is open.</param>
/// <param name="Tests">Classes of tests that carry its id.</param>
/// <param name="Shown">Where somebody sees it; empty while it is open.</param>
/// <param name="Missing">What it still lacks; empty unless it is open.</param>
public sealed record Promise(
    string Id, PromiseState State, Audience Audience, string Component, string? Probe, string Says, string Does, ImmutableArray<string> Tests, string Shown, string Missing)
{
    /// <summary>Section of the policy, for example <c>1.2</c>.</summary>
    public string Section => Id.Split('-')[1];

    public PromiseKind Kind => State switch
    {
        PromiseState.Kept => Probe is null ? PromiseKind.ProvenByTests : PromiseKind.ProvenByProbe,
        PromiseState.Organisational => PromiseKind.Organisational,
        PromiseState.Open => PromiseKind.Open,
    };
}

/// <summary>
/// Every promise of the privacy policy and how it stands, kept in <c>promises.txt</c> beside this type. Tests hold it against the tests that carry
/// an id, the probes that exist and the text that is published.
/// </summary>
public static class PromiseRegister
{
    private static readonly Lazy<ImmutableArray<Promise>> Loaded = new(Load);

    /// <summary>In the order of the policy.</summary>
    public static ImmutableArray<Promise> Promises => Loaded.Value;

    /// <exception cref="KeyNotFoundException">There is no such promise.</exception>
    public static Promise Find(string id) => Promises.FirstOrDefault(promise => promise.Id == id) ?? throw new KeyNotFoundException($"The register has no promise {id}.");

    /// <param name="text">Entries: <c>= id | state | audience | component | probe</c>, then lines <c>says:</c>, <c>does:</c>, <c>tests:</c>, <c>shown:</c>, <c>missing:</c>; <c>#</c> is a remark.</param>
    /// <exception cref="FormatException">A line is none of these, or an entry lacks what its state demands; the message names it.</exception>
    public static ImmutableArray<Promise> Read(TextReader text)
    {
        var promises = ImmutableArray.CreateBuilder<Promise>();
        var number = 0;
        for (var line = text.ReadLine(); line is not null; line = text.ReadLine())
        {
            number++;
            if (line.Trim() is not { Length: > 0 } trimmed || trimmed[0] == '#') continue;
            if (trimmed[0] == '=')
            {
                var parts = trimmed[1..].Split('|', StringSplitOptions.TrimEntries);
                if (parts.Length != 5) throw Wrong("an entry has five parts");
                if (parts[0].Split('-') is not ["P", { Length: > 0 }, { Length: 1 }]) throw Wrong($"'{parts[0]}' is no id like P-3-b");
                if (promises.Any(known => known.Id == parts[0])) throw Wrong($"{parts[0]} is there twice");
                promises.Add(new(parts[0], Word<PromiseState>(parts[1]), Word<Audience>(parts[2]), parts[3], parts[4].Length > 0 ? parts[4] : null, "", "", [], "", ""));
                continue;
            }

            var (key, value) = trimmed.IndexOf(':', StringComparison.Ordinal) is > 0 and var at ? (trimmed[..at], trimmed[(at + 1)..].Trim()) : throw Wrong("a line is 'key: value'");
            if (promises.Count == 0 || value.Length == 0) throw Wrong("a line stands below an entry and says something");
            var entry = promises[^1];
            promises[^1] = key switch
            {
                "says" => entry with { Says = value },
                "does" => entry with { Does = value },
                "tests" => entry with { Tests = [.. value.Split(',', StringSplitOptions.TrimEntries)] },
                "shown" => entry with { Shown = value },
                "missing" => entry with { Missing = value },
                _ => throw Wrong($"'{key}' is none of says, does, tests, shown, missing"),
            };
        }

        foreach (var promise in promises)
            if (Lack(promise) is { } lack) throw new FormatException($"The promise register, {promise.Id}: {lack}.");
        return promises.ToImmutable();

        FormatException Wrong(string rule) => new($"The promise register, line {number}: {rule}.");

        T Word<T>(string word) where T : struct, Enum => Enum.TryParse<T>(word, ignoreCase: true, out var known) && char.IsLower(word, 0)
            ? known
            : throw Wrong($"'{word}' is none of {string.Join(", ", Enum.GetNames<T>()).ToLowerInvariant()}");
    }

    private static string? Lack(Promise promise)
    {
        if (promise.Says.Length == 0 || promise.Component.Length == 0) return "it must say what is promised and who answers for it";
        return promise.State switch
        {
            PromiseState.Kept when promise.Does.Length == 0 || promise.Tests.IsEmpty || promise.Shown.Length == 0 => "a kept promise says what keeps it, which tests hold it and where it is shown",
            PromiseState.Organisational when promise.Does.Length == 0 || promise.Shown.Length == 0 => "an organisational promise says what the software does for it and where it is shown",
            PromiseState.Open when promise.Missing.Length == 0 => "an open promise says what is missing",
            PromiseState.Open when !promise.Tests.IsEmpty || promise.Does.Length > 0 => "an open promise has no tests and claims nothing",
            not PromiseState.Open when promise.Missing.Length > 0 => "only an open promise lacks something",
            _ => null,
        };
    }

    private static ImmutableArray<Promise> Load()
    {
        using var text = new StreamReader(typeof(PromiseRegister).Assembly.GetManifestResourceStream("promises.txt")!);
        return Read(text);
    }
}
