using Autonoomi.App.Platform.Promises;
using Autonoomi.Privacy;

namespace Autonoomi.App.Platform.Policy;

/// <summary>The companies in the operator's list against their evidence.</summary>
internal sealed class SubProcessorsProbe(SubProcessorRegister register, TimeProvider clock) : IProbe
{
    public string Id => "sub-processors";
    public string Asks => "Every company that has begun shows contract, equal duties and assessment, looked at within the last year.";

    public Task<Measurement> MeasureAsync(CancellationToken cancellationToken)
    {
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        var begun = register.Companies.Where(company => company.Since <= today).ToList();
        return Task.FromResult(Measurement.Of([.. begun.SelectMany(company => company.Lacks(today).Select(lack => $"{company.Name}: {lack}"))], $"{begun.Count} companies of {register.Companies.Length} have begun"));
    }
}
