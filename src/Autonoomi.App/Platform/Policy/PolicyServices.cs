using System.Collections.Immutable;
using System.IO;
using Autonoomi.App.Platform.Environments;
using Autonoomi.App.Platform.Promises;
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
        builder.Services.AddSingleton(builder.ReadSubProcessors());
        builder.Services.AddSingleton(ModelGate.InThisVersion);
        builder.Services.AddSingleton(new PublishedPolicy(PrivacyPolicy.Versions));
        builder.Services.AddSingleton<PolicyBook>();
        builder.Services.AddSingleton<IProbe, SubProcessorsProbe>();
        return builder;
    }

    /// <exception cref="SetupException">The file is not there, cannot be read, or breaks a rule.</exception>
    public static SubProcessorRegister ReadSubProcessors(this WebApplicationBuilder builder)
    {
        if (builder.Configuration.GetSection("Autonoomi:Operator:SubProcessors").Exists()) throw new SetupException("Autonoomi:Operator:SubProcessors: companies stand in a file now, with what shows that they may. Write it (docs/privacy/sub-processors.md) and name it in Autonoomi:Operator:SubProcessorFile.");
        var file = builder.ReadOperator().SubProcessorFile;
        if (file.Length == 0) return SubProcessorRegister.Empty;
        try
        {
            return SubProcessorRegister.Read(File.ReadAllText(file));
        }
        catch (Exception wrong) when (wrong is FormatException or IOException or UnauthorizedAccessException)
        {
            throw new SetupException($"Autonoomi:Operator:SubProcessorFile: {wrong.Message}", wrong);
        }
    }

    public static OperatorSettings ReadOperator(this WebApplicationBuilder builder)
    {
        var settings = new OperatorSettings();
        builder.Configuration.GetSection("Autonoomi:Operator").Bind(settings);
        return settings;
    }
}
