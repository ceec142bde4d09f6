using Autonoomi.App.Platform.Environments;
using Autonoomi.App.Platform.Jobs;

namespace Autonoomi.App.Platform.Requests;

/// <summary>Looks every hour whether a child's account has to go and whether a request is late.</summary>
internal sealed partial class CaseKeeper(CaseBook cases, BusinessClock business, TimeProvider clock, ILogger<CaseKeeper> log) : Keeper(TimeSpan.FromHours(1), TimeSpan.FromMinutes(1))
{
    /// <returns>How many requests are late.</returns>
    internal async Task<int> PassAsync(CancellationToken cancellationToken)
    {
        if (await cases.EraseChildrenAsync(cancellationToken) is > 0 and var erased) LogErased(erased);
        var (now, late) = (clock.GetUtcNow(), 0);
        foreach (var row in await cases.ListAsync(all: false, cancellationToken))
        {
            if (CaseClock.IsLate(row, now))
            {
                late++;
                LogLate(row.Id, row.Kind, row.DueAt);
            }
            else if (CaseClock.IsSoon(row, now))
            {
                LogSoon(row.Id, row.Kind, row.DueAt);
            }
        }

        return late;
    }

    protected override async Task RoundAsync(CancellationToken stoppingToken)
    {
        // In a demo days pass only when the world's do.
        if (!business.IsFrozen) await PassAsync(stoppingToken);
    }

    protected override void Failed(Exception failure) => LogFailed(failure);

    [LoggerMessage(LogLevel.Information, "{Count} accounts that were children's are deleted")]
    private partial void LogErased(int count);

    [LoggerMessage(LogLevel.Warning, "Request {Request} ({Kind}) is LATE: it had to be answered by {Due}; run: autonoomi cases")]
    private partial void LogLate(Guid request, Data.CaseKind kind, DateTimeOffset due);

    [LoggerMessage(LogLevel.Information, "Request {Request} ({Kind}) has to be answered by {Due}; run: autonoomi cases")]
    private partial void LogSoon(Guid request, Data.CaseKind kind, DateTimeOffset due);

    [LoggerMessage(LogLevel.Warning, "Requests could not be looked after; trying again")]
    private partial void LogFailed(Exception failure);
}

public static class RequestServices
{
    public static WebApplicationBuilder AddRequests(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<CaseBook>();
        builder.Services.AddSingleton<LawDemands>();
        var inquiries = new InquirySettings();
        builder.Configuration.GetSection("Autonoomi:Inquiries").Bind(inquiries);
        builder.Services.AddSingleton(inquiries);
        builder.Services.AddSingleton<InquiryBook>();
        builder.Services.AddSingleton<CaseKeeper>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<CaseKeeper>());
        return builder;
    }
}
