using System.Collections.Immutable;

namespace Autonoomi.Privacy;

/// <summary>Why nothing may go to a language model.</summary>
public enum ModelRefusal
{
    /// <summary>The provider is not in the published list of sub-processors, or does not begin yet.</summary>
    Provider,

    /// <summary>The model is not on the list of those that may be used.</summary>
    Model,

    /// <summary>There is no evidence from the last year of a contract with equal duties.</summary>
    Contract,

    /// <summary>There is no evidence from the last year that the provider does not train on what it gets.</summary>
    Training,

    /// <summary>There is no evidence from the last year that the provider keeps nothing beyond the request.</summary>
    Retention,

    /// <summary>The seller did not say yes to the text that holds now, or took it back.</summary>
    Consent,

    /// <summary>The task is not on the list, or more goes along than its closed list of fields.</summary>
    Payload,

    /// <summary>The model's key is of another environment than the data.</summary>
    Environment,
}

/// <param name="Provider">Name in the list of sub-processors.</param>
/// <param name="Model">Its id at the provider.</param>
public sealed record AllowedModel(string Provider, string Model);

/// <summary>What may be asked of a model, and all that may go along.</summary>
/// <param name="Id">Word by which it is called.</param>
/// <param name="Fields">Names of the fields of its payload; no other may go.</param>
public sealed record ModelTask(string Id, ImmutableArray<string> Fields);

/// <summary>A seller's word.</summary>
/// <param name="TextVersion">The version of the text that was agreed to.</param>
/// <param name="TakenBack">True once the seller said no again.</param>
public sealed record ModelConsent(int TextVersion, bool TakenBack);

/// <summary>One call that somebody wants to make.</summary>
/// <param name="Provider">To whom.</param>
/// <param name="Model">Which model.</param>
/// <param name="Task">What for.</param>
/// <param name="Fields">Names of the fields that would go along.</param>
/// <param name="Consent">The seller's word; null where nobody asked.</param>
/// <param name="KeyEnvironment">Tag of the model's key.</param>
public sealed record ModelCall(string Provider, string Model, string Task, ImmutableArray<string> Fields, ModelConsent? Consent, string KeyEnvironment);

/// <summary>
/// The one place that decides whether anything may go to a language model. It is closed unless every reason to open is there, and asked anew for each call. This
/// version of the product uses no language model: <see cref="InThisVersion"/> lists no model and no task, so that it is closed for everything.
/// </summary>
/// <param name="Models">Models that may be used.</param>
/// <param name="Tasks">Tasks with their closed payloads.</param>
/// <param name="ConsentVersion">The version of the text that sellers agree to.</param>
public sealed record ModelGate(ImmutableArray<AllowedModel> Models, ImmutableArray<ModelTask> Tasks, int ConsentVersion)
{
    public static ModelGate InThisVersion { get; } = new([], [], 0);

    /// <param name="call">What somebody wants to send.</param>
    /// <param name="register">The companies and their evidence.</param>
    /// <param name="environment">Tag of the data.</param>
    /// <param name="today">To tell what is out of date.</param>
    /// <returns>Every reason to stay closed; empty when it is open for this call.</returns>
    public ImmutableArray<ModelRefusal> Refusals(ModelCall call, SubProcessorRegister register, string environment, DateOnly today) =>
    [
        .. Standing(call.Provider, call.Model, register, today),
        .. call.Consent is { TakenBack: false } consent && consent.TextVersion == ConsentVersion ? (ReadOnlySpan<ModelRefusal>)[] : [ModelRefusal.Consent],
        .. Tasks.FirstOrDefault(task => task.Id == call.Task) is { } known && call.Fields.All(field => known.Fields.Contains(field)) ? (ReadOnlySpan<ModelRefusal>)[] : [ModelRefusal.Payload],
        .. call.KeyEnvironment == environment ? (ReadOnlySpan<ModelRefusal>)[] : [ModelRefusal.Environment],
    ];

    /// <summary>Hosts that may be reached because of models: those of providers with a model on the list and all evidence. Everything else about a call is asked when it is made.</summary>
    public ImmutableArray<string> Hosts(SubProcessorRegister register, DateOnly today) =>
        [.. Models.Where(allowed => !Standing(allowed.Provider, allowed.Model, register, today).Any()).SelectMany(allowed => register.Find(allowed.Provider)!.Hosts).Distinct()];

    private IEnumerable<ModelRefusal> Standing(string provider, string model, SubProcessorRegister register, DateOnly today)
    {
        var company = register.Find(provider);
        if (company is null || company.Since > today) yield return ModelRefusal.Provider;
        if (!Models.Contains(new(provider, model))) yield return ModelRefusal.Model;
        if (company is null || !SubProcessor.Needed.All(what => company.Shows(what, today))) yield return ModelRefusal.Contract;
        if (company is null || !company.Shows(EvidenceOf.NoTraining, today)) yield return ModelRefusal.Training;
        if (company is null || !company.Shows(EvidenceOf.ZeroRetention, today)) yield return ModelRefusal.Retention;
    }
}
