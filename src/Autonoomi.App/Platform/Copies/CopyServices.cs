namespace Autonoomi.App.Platform.Copies;

public static class CopyServices
{
    public static WebApplicationBuilder AddCopies(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<CopyMaker>();
        return builder;
    }
}
