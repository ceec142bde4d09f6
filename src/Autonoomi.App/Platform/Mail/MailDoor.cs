using System.IO;
using System.Net;
using System.Net.Sockets;
using Autonoomi.Privacy.Egress;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace Autonoomi.App.Platform.Mail;

/// <summary>What became of a mail that was to be sent.</summary>
internal enum Handed
{
    /// <summary>The server said that it has it.</summary>
    Taken,

    /// <summary>The server said no, for good.</summary>
    Refused,

    /// <summary>It has certainly not left: no connection, no sign-in, or a no for now.</summary>
    NotYet,

    /// <summary>It was on its way when the connection broke: the server may have it.</summary>
    Unknown,

    /// <summary>It was not wanted any more at the last moment.</summary>
    Withdrawn,
}

/// <param name="How">What became of it.</param>
/// <param name="Why">A number of the server's, or a kind of failure; never its words, which may hold the address.</param>
internal readonly record struct Delivery(Handed How, string Why);

/// <summary>The only place where mail leaves. The connection is made by <see cref="EgressDoor"/>, to the configured server and no other, and is counted.</summary>
public sealed class MailDoor(MailSettings settings, EgressDoor door, IEgressLedger ledger)
{
    /// <summary>The longest that one mail may take from the connection to the answer.</summary>
    internal static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    /// <param name="mail">What is sent.</param>
    /// <param name="handing">Called when the server is ready for it, right before anything of it leaves; false holds it back.</param>
    /// <param name="cancellationToken">Ends the wait as a crash would: whether it left is then unknown.</param>
    internal async Task<Delivery> SendAsync(MimeMessage mail, Func<CancellationToken, Task<bool>> handing, CancellationToken cancellationToken)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(Longest);
#pragma warning disable RS0030 // this is the door
        using var client = new SmtpClient();
#pragma warning restore RS0030

        // Lists of revoked certificates lie on hosts that no list of ours names.
        client.CheckCertificateRevocation = false;
        try
        {
            await OpenAsync(client, limited.Token);
        }
        catch (Exception failure) when (IsOfTheWay(failure, cancellationToken))
        {
            return new(Handed.NotYet, failure.GetType().Name);
        }

        if (!await handing(cancellationToken)) return new(Handed.Withdrawn, "");
        try
        {
            await client.SendAsync(mail, limited.Token);
        }
        catch (SmtpCommandException no)
        {
            return new((int)no.StatusCode >= 500 ? Handed.Refused : Handed.NotYet, ((int)no.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture));
        }
        catch (Exception failure) when (IsOfTheWay(failure, cancellationToken))
        {
            return new(Handed.Unknown, failure.GetType().Name);
        }

        try
        {
            await client.DisconnectAsync(quit: true, limited.Token);
        }
        catch (Exception failure) when (IsOfTheWay(failure, cancellationToken))
        {
            // It has the mail; how it says goodbye does not matter.
        }

        return new(Handed.Taken, "");
    }

    private async Task OpenAsync(SmtpClient client, CancellationToken cancellationToken)
    {
        Stream stream;
        try
        {
            stream = await door.OpenAsync(EgressPurpose.Mail, settings.Server, new DnsEndPoint(settings.Host, settings.Port), cancellationToken);
        }
        catch (EgressRefusedException)
        {
            ledger.Count(EgressPurpose.Mail, "", null);
            throw;
        }

        ledger.Count(EgressPurpose.Mail, settings.Host.ToLowerInvariant(), null);
        await client.ConnectAsync(stream, settings.Host, settings.Port, settings.Tls switch
        {
            MailTls.StartTls => SecureSocketOptions.StartTls,
            MailTls.Implicit => SecureSocketOptions.SslOnConnect,
            MailTls.None => SecureSocketOptions.None,
        }, cancellationToken);
        if (settings is { User: { Length: > 0 } user, Password: { } password }) await client.AuthenticateAsync(user, password.Reveal(), cancellationToken);
    }

    // What servers and networks do; a mistake of ours is none of these. A host that is asked to stop is no failure of the way.
    private static bool IsOfTheWay(Exception failure, CancellationToken stopping) =>
        failure is IOException or SocketException or ProtocolException or CommandException or AuthenticationException or SslHandshakeException or EgressRefusedException or NotSupportedException or ServiceNotConnectedException or ServiceNotAuthenticatedException
        || (failure is OperationCanceledException && !stopping.IsCancellationRequested);
}
