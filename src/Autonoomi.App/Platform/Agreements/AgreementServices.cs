namespace Autonoomi.App.Platform.Agreements;

public static class AgreementServices
{
    public static WebApplicationBuilder AddAgreements(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<AgreementBook>();
        return builder;
    }
}
