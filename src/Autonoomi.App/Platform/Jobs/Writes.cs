using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Proposals;

namespace Autonoomi.App.Platform.Jobs;

/// <param name="Change">What to write.</param>
/// <param name="Proposal">The proposal behind it; null for an undo.</param>
/// <param name="Undoes">The change that is taken back; null otherwise.</param>
/// <param name="Product">The advertised product, where one can be named.</param>
/// <param name="Module">Which part of the optimiser asked.</param>
/// <param name="Reason">Why.</param>
public sealed record PlannedWrite(Change Change, ProposalId? Proposal, string? Undoes, Sku? Product = null, Module? Module = null, ReasonCode? Reason = null);

/// <param name="Writes">One batch, no two with one entity key.</param>
/// <param name="Verify">True when Amazon must be asked first whether everything still stands as the proposal saw it.</param>
/// <param name="Sent">How often it was sent because Amazon said "later".</param>
/// <param name="Until">Nothing is sent from then on; null where it holds for as long as it takes.</param>
public sealed record WriteNotes(ImmutableArray<PlannedWrite> Writes, bool Verify, int Sent = 0, DateTimeOffset? Until = null)
{
    /// <summary>What a run does that writes what a person asked for: batches, each held against Amazon first, and a look at what stands there then.</summary>
    /// <param name="batchSize">Writes of one batch, 1 or more.</param>
    /// <param name="writes">What is written one after the other; no two of all with one entity key.</param>
    public static IReadOnlyList<NewStep> Steps(int batchSize, params IEnumerable<IEnumerable<PlannedWrite>> writes) =>
        [.. writes.SelectMany(part => part.Chunk(batchSize)).Select(batch => NewStep.With(StepNames.Write, new WriteNotes([.. batch], Verify: true), NotesJson.Default.WriteNotes)), new(StepNames.ReadBack, null)];
}

/// <param name="Dataset">Which report.</param>
/// <param name="First">First reporting day.</param>
/// <param name="Last">Last reporting day.</param>
/// <param name="Id">Amazon's id once requested.</param>
/// <param name="Polls">How often it was asked for.</param>
/// <param name="Requests">How often it was requested.</param>
/// <param name="Today">The storefront's day on which it was planned.</param>
/// <param name="Optional">True where a refusal by Amazon is no failure.</param>
/// <param name="Opens">True when screens should look at what it brings before the run has ended.</param>
/// <param name="Products">Which products it is about, where Amazon asks for a list.</param>
public sealed record ReportNotes(Core.Facts.Dataset Dataset, DateOnly First, DateOnly Last, string? Id = null, int Polls = 0, int Requests = 0, DateOnly Today = default, bool Optional = false, bool Opens = false, string? Products = null);

/// <param name="Launch">Its record.</param>
/// <param name="Sent">How often the same batch was sent because Amazon said "later" or nothing.</param>
public sealed record LaunchNotes(string Launch, int Sent = 0);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(WriteNotes))]
[JsonSerializable(typeof(ReportNotes))]
[JsonSerializable(typeof(LaunchNotes))]
[JsonSerializable(typeof(ImmutableArray<string>))]
public sealed partial class NotesJson : JsonSerializerContext;
