using Autonoomi.App.Platform.Environments;
using Autonoomi.App.Platform.Mail;

namespace Autonoomi.App.Features.Doctor;

/// <summary>Whether mail leaves, and what keeps it from it.</summary>
internal static class MailWords
{
    /// <returns>One line each; false where something must be put right.</returns>
    public static IReadOnlyList<(bool Good, string Words)> Of(IConfiguration configuration, DataEnvironment environment)
    {
        MailSettings settings;
        try
        {
            settings = MailSettings.Read(configuration);
        }
        catch (SetupException unreadable)
        {
            return [(false, unreadable.Message)];
        }

        if (!settings.IsOn) return [(true, "mail is off (Autonoomi:Mail:Host is not set): invitations are links to pass on, nobody is told by mail, and a forgotten password cannot be replaced")];
        var faults = settings.Faults(environment).Select(fault => (false, fault)).ToList();
        return faults.Count > 0 ? faults : [(true, $"mail leaves through {settings.Host}, port {settings.Port}, {(settings.Tls == MailTls.None ? "without TLS" : "under TLS")}{(settings.User.Length > 0 ? ", with user and password" : "")}; links in it lead to {settings.Product}")];
    }
}
