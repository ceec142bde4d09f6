using System.Buffers;
using System.Collections.Concurrent;
using System.IO;
using System.Net;
using System.Net.Sockets;
using MimeKit;
using SmtpServer;
using SmtpServer.Mail;
using SmtpServer.Protocol;
using SmtpServer.Storage;
using Smtp = SmtpServer.SmtpServer;

namespace Autonoomi.App.Tests.Mail;

/// <summary>A real mail server on loopback that keeps what it takes, and can be told to misbehave.</summary>
internal sealed class Postbox : MessageStore, IMailboxFilter, IAsyncDisposable
{
    private readonly ConcurrentQueue<MimeMessage> taken = new();
    private readonly CancellationTokenSource stop = new();
    private Task running = Task.CompletedTask;

    public int Port { get; } = FreePort();

    /// <summary>All that was taken, oldest first.</summary>
    public IReadOnlyList<MimeMessage> Taken => [.. taken];

    /// <summary>What it answers to an address.</summary>
    public SmtpResponse? ToAddress { get; set; }

    /// <summary>Called once a mail lies here whole, before it is answered.</summary>
    public Func<ISessionContext, CancellationToken, Task>? Arrived { get; set; }

    public static Postbox Start()
    {
        var box = new Postbox();
        var provider = new SmtpServer.ComponentModel.ServiceProvider();
        provider.Add((IMessageStore)box);
        provider.Add((IMailboxFilter)box);
        var options = new SmtpServerOptionsBuilder().ServerName("localhost").Endpoint(builder => builder.Endpoint(new IPEndPoint(IPAddress.Loopback, box.Port))).Build();
        box.running = new Smtp(options, provider).StartAsync(box.stop.Token);
        return box;
    }

    public void Clear()
    {
        taken.Clear();
        (ToAddress, Arrived) = (null, null);
    }

    public override async Task<SmtpResponse> SaveAsync(ISessionContext context, IMessageTransaction transaction, ReadOnlySequence<byte> buffer, CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream(buffer.ToArray());
        taken.Enqueue(await MimeMessage.LoadAsync(bytes, cancellationToken));
        if (Arrived is not null) await Arrived(context, cancellationToken);
        return SmtpResponse.Ok;
    }

    public Task<bool> CanAcceptFromAsync(ISessionContext context, IMailbox @from, int size, CancellationToken cancellationToken) => Task.FromResult(true);

    public Task<bool> CanDeliverToAsync(ISessionContext context, IMailbox to, IMailbox @from, CancellationToken cancellationToken) => ToAddress is { } no ? throw new SmtpResponseException(no) : Task.FromResult(true);

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        try
        {
#pragma warning disable VSTHRD003 // begun by this class itself
            await running;
#pragma warning restore VSTHRD003
        }
        catch (OperationCanceledException)
        {
            // As asked.
        }

        stop.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
