namespace Autonoomi.App.Platform.Storefronts;

public static class StorefrontServices
{
    public static WebApplicationBuilder AddStorefronts(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Workspaces>();
        builder.Services.AddSingleton<ProposalBook>();
        builder.Services.AddSingleton<ChangeBook>();
        builder.Services.AddSingleton<EditBook>();
        builder.Services.AddSingleton<LaunchBook>();
        builder.Services.AddSingleton<MoveBook>();
        builder.Services.AddSingleton<ReviewBook>();
        builder.Services.AddSingleton<ReadingBook>();
        builder.Services.AddSingleton<HourBook>();
        builder.Services.AddSingleton<ReportingBook>();
        builder.Services.AddSingleton<ProfitShelf>();
        builder.Services.AddSingleton<LedgerBook>();
        builder.Services.AddSingleton<Grid.ViewBook>();
        builder.Services.AddSingleton<StartBook>();
        builder.Services.AddSingleton<StopSwitch>();
        return builder;
    }
}
