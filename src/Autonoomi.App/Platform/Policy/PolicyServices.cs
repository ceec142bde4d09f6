using System.Collections.Immutable;
using Autonoomi.App.Platform.Environments;
using Autonoomi.Privacy;

namespace Autonoomi.App.Platform.Policy;

/// <summary>The versions that this build of the product brings; <see cref="PolicyBook"/> says which of them holds.</summary>
/// <param name="Versions">Newest first.</param>
public sealed record PublishedPolicy(ImmutableArray<PolicyVersion> Versions);

public static class PolicyServices
{
    /// <exception cref="SetupException">Production does not say who runs it.</exception>
    public static WebApplicationBuilder AddPolicy(this WebApplicationBuilder builder, StorageSettings storage)
    {
        var settings = builder.ReadOperator();
        if (storage.Environment == DataEnvironment.Production && settings.Faults().ToList() is { Count: > 0 } faults) throw new SetupException(string.Join(Environment.NewLine, faults));
        builder.Services.AddSingleton(settings.OrExample());
        builder.Services.AddSingleton(new PublishedPolicy(PrivacyPolicy.Versions));
        builder.Services.AddSingleton<PolicyBook>();
        return builder;
    }

    public static OperatorSettings ReadOperator(this WebApplicationBuilder builder)
    {
        var settings = new OperatorSettings();
        builder.Configuration.GetSection("Autonoomi:Operator").Bind(settings);
        return settings;
    }
}
