using Autonoomi.App.Platform.Jobs;

namespace Autonoomi.App.Platform.Staff;

/// <summary>Says every day in the log which accesses nobody looked at in time.</summary>
internal sealed partial class ReviewDay(AccessReviews reviews, ILogger<ReviewDay> log) : Keeper(TimeSpan.FromDays(1), TimeSpan.FromHours(1))
{
    protected override async Task RoundAsync(CancellationToken stoppingToken)
    {
        var overdue = await reviews.OverdueAsync(stoppingToken);
        if (overdue.Count > 0) LogOverdue(overdue.Count(access => access.Organisation == AccessReviews.Operator), overdue.Count(access => access.Organisation != AccessReviews.Operator));
    }

    protected override void Failed(Exception failure) => LogFailed(failure.GetType().Name);

    [LoggerMessage(LogLevel.Warning, "The review of accesses is overdue for {Staff} of the operator's people and {Members} members of organisations; run: autonoomi staff review")]
    private partial void LogOverdue(int staff, int members);

    [LoggerMessage(LogLevel.Warning, "Could not look at the reviews of accesses ({Failure}); trying again")]
    private partial void LogFailed(string failure);
}

public static class StaffServices
{
    public static WebApplicationBuilder AddStaff(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<StaffAccess>();
        builder.Services.AddSingleton<AccessReviews>();
        builder.Services.AddHostedService<ReviewDay>();
        return builder;
    }
}
