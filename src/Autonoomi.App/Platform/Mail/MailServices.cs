using Autonoomi.App.Platform.Environments;
using Autonoomi.App.Platform.Policy;
using Autonoomi.App.Platform.Promises;

namespace Autonoomi.App.Platform.Mail;

public static class MailServices
{
    /// <summary>Mail, where it is configured; without it the outbox takes nothing.</summary>
    /// <exception cref="SetupException">It is configured in a way in which mail could not leave, or could be read on its way.</exception>
    public static WebApplicationBuilder AddMail(this WebApplicationBuilder builder, StorageSettings storage)
    {
        var (services, settings) = (builder.Services, MailSettings.Read(builder.Configuration));
        if (settings.Faults(storage.Environment).ToList() is { Count: > 0 } faults) throw new SetupException(string.Join(Environment.NewLine, faults));
        services.AddSingleton(settings);
        services.AddSingleton<Outbox>();
        services.AddSingleton<MailChoices>();
        services.AddSingleton<LeaveLinks>();
        services.AddSingleton<MailPaper>();
        services.AddSingleton<MailDoor>();
        services.AddSingleton<Postman>();
        services.AddSingleton<IProbe, MailChoiceProbe>();
        if (!settings.IsOn) return builder;
        services.AddHostedService(provider => provider.GetRequiredService<Postman>());

        // Whoever carries the mail of others is a company that the operator names, with its contract.
        if (!settings.Own && !settings.Server.IsLoopback) services.AddSingleton(new Destination("Mail", settings.Host));
        return builder;
    }
}
