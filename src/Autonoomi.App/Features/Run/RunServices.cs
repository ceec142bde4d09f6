using Autonoomi.App.Platform.Jobs;

namespace Autonoomi.App.Features.Run;

public static class RunServices
{
    public static WebApplicationBuilder AddRun(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<Recorder>();
        services.AddSingleton<Reconciliation>();
        services.AddSingleton<ErrorStop>();
        services.AddSingleton<IStep, StructureStep>();
        services.AddSingleton<IStep, SuggestionsStep>();
        services.AddSingleton<IStep, ControlsStep>();
        services.AddSingleton<IStep, ListingsStep>();
        services.AddSingleton<IStep, OrdersStep>();
        services.AddSingleton<IStep, OrderFileStep>();
        services.AddSingleton<IStep, ReportStep>();
        services.AddSingleton<IStep, EconomicsStep>();
        services.AddSingleton<IStep, SyncedStep>();
        services.AddSingleton<IStep, SellingStep>();
        services.AddSingleton<IStep, LedgerStep>();
        services.AddSingleton<IStep, FeesStep>();
        services.AddSingleton<IStep, DecideStep>();
        services.AddSingleton<IStep, ApplyStep>();
        services.AddSingleton<IStep, WriteStep>();
        services.AddSingleton<IStep, LaunchStep>();
        services.AddSingleton<IStep, ReadBackStep>();
        services.AddSingleton<IStep, LookStep>();
        services.AddSingleton<IStep, HourStep>();
        services.AddSingleton<IStep, GuardStep>();
        services.AddSingleton<IStep, HaltStep>();
        return builder;
    }
}
