namespace Autonoomi.App.Platform.Jobs;

public static class JobServices
{
    public static WebApplicationBuilder AddJobs(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<DueSignal>();
        builder.Services.AddSingleton<RunProgress>();
        builder.Services.AddSingleton<Runs>();
        return builder;
    }
}
