using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;
using Autonoomi.Core.Proposals;

namespace Autonoomi.App.Platform.Storefronts;

/// <summary>Kinds of sealed records. Ids of all begin with the storefront: <see cref="RecordId"/>.</summary>
public static class RecordKind
{
    public const string Settings = "settings";
    public const string Cost = "cost";
    public const string Proposal = "proposal";
    public const string Change = "change";
    public const string Handover = "handover";
    public const string Sync = "sync";

    /// <returns>The record's id: storefront, a slash, the entity's own id.</returns>
    public static string RecordId(StorefrontId storefront, string id) => $"{storefront}/{id}";
}

/// <summary>States of a proposal record; the vault keeps them in clear, so they say nothing but this.</summary>
public static class ProposalState
{
    public const string Open = "open";
    public const string Approved = "approved";
    public const string Rejected = "rejected";
    public const string Applied = "applied";
    public const string Refused = "refused";
    public const string Expired = "expired";
}

/// <param name="Proposal">As the optimiser made it, evidence included.</param>
/// <param name="Created">Reporting day on which it was made.</param>
/// <param name="Note">Why it was refused or expired, in a person's words.</param>
public sealed record StoredProposal(Proposal Proposal, DateOnly Created, string? Note = null);

/// <summary>How a change stands after reading back.</summary>
public enum ChangeOutcomeKind
{
    /// <summary>Amazon accepted it; reading back has not happened yet.</summary>
    Accepted,

    /// <summary>Reading back shows it.</summary>
    Confirmed,

    /// <summary>Accepted, but reading back shows something else.</summary>
    Overwritten,
}

/// <param name="Id">Stable name of the change record.</param>
/// <param name="Applied">What was written and when.</param>
/// <param name="Proposal">The proposal behind it; null for an undo.</param>
/// <param name="CreatedId">The id that Amazon gave to something new.</param>
/// <param name="Outcome">What reading back showed.</param>
/// <param name="UndoneBy">The change that took it back.</param>
/// <param name="Undoes">The change that this one takes back.</param>
/// <param name="Product">The advertised product, where one could be named.</param>
/// <param name="Module">Which part of the optimiser asked; null for an undo.</param>
/// <param name="Reason">Why; null for an undo.</param>
public sealed record StoredChange(
    string Id, AppliedChange Applied, ProposalId? Proposal, long? CreatedId, ChangeOutcomeKind Outcome, string? UndoneBy = null, string? Undoes = null,
    Sku? Product = null, Module? Module = null, ReasonCode? Reason = null);

/// <param name="At">When Amazon's facts were last complete.</param>
/// <param name="FactsThrough">Last reporting day that the reports covered.</param>
public sealed record SyncMark(DateTimeOffset At, DateOnly FactsThrough);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(StorefrontSettings))]
[JsonSerializable(typeof(ProductCost))]
[JsonSerializable(typeof(StoredProposal))]
[JsonSerializable(typeof(StoredChange))]
[JsonSerializable(typeof(Handover))]
[JsonSerializable(typeof(SyncMark))]
public sealed partial class StoredJson : JsonSerializerContext;
