using System.Globalization;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Environments;
using Autonoomi.App.Platform.Mail;
using Autonoomi.App.Tests.Connect;
using Autonoomi.App.Tests.Identity;
using Autonoomi.App.Tests.Promises;
using Autonoomi.App.Tests.Web;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using MimeKit;

namespace Autonoomi.App.Tests.Mail;

/// <summary>The product with mail switched on and a mail server beside it. Nothing is sent by itself: tests send a round.</summary>
public sealed class MailHouse : IAsyncLifetime
{
    internal const string From = "notices@seller.test";
    private Probed probed = null!;

    internal Postbox Box { get; } = Postbox.Start();

    /// <summary>Every line of the log, in full.</summary>
    internal KeptLines Lines { get; } = new();

    internal IServiceProvider Services => probed.App.Services;

    public async ValueTask InitializeAsync() => probed = await Probed.StartAsync(postgres: false, services: services =>
    {
        services.RemoveAll<ILoggerProvider>();
        services.AddSingleton<ILoggerProvider>(Lines);
    }, more: Configuration(Box.Port));

    public async ValueTask DisposeAsync()
    {
        await probed.DisposeAsync();
        await Box.DisposeAsync();
    }

    internal static Dictionary<string, string?> Configuration(int port) => new()
    {
        ["Logging:LogLevel:Default"] = "Trace",
        ["Autonoomi:Mail:Host"] = "127.0.0.1",
        ["Autonoomi:Mail:Port"] = port.ToString(CultureInfo.InvariantCulture),
        ["Autonoomi:Mail:Tls"] = "None",
        ["Autonoomi:Mail:From"] = From,
        ["Autonoomi:Inquiries:Open"] = "true",
        ["Autonoomi:Web:PublicAddress"] = "http://localhost:5443",
    };

    internal T Get<T>() where T : notnull => Services.GetRequiredService<T>();

    internal AppDb Db() => Get<AppDbs>().System();

    internal Browser Open() => new(Address);

    internal Uri Address => new($"http://localhost:{new Uri(probed.App.Urls.First()).Port}");

    /// <summary>Somebody who is signed in, with their address; mails of before are forgotten.</summary>
    internal async Task<(Browser Browser, Guid User, Guid Organisation, string Email)> PersonAsync()
    {
        var (browser, who) = await RunningProduct.SignedInAsync(probed.App);
        await using var db = Db();
        var row = await db.Users.AsNoTracking().SingleAsync(user => user.Id == who.User);
        return (browser, who.User, who.Organisation, Get<Autonoomi.Vault.KeyChain>().Application.OpenText("user", "email", row.Id.ToString("N"), row.SealedEmail));
    }

    /// <summary>An empty outbox and an empty box.</summary>
    internal async Task ClearAsync()
    {
        Box.Clear();
        await using var db = Db();
        await db.Mails.ExecuteDeleteAsync();
    }

    internal Task<int> RoundAsync() => Get<Postman>().PassAsync(TestContext.Current.CancellationToken);

    internal async Task AddAsync(MailKind kind, Guid user, Letter letter)
    {
        await using var db = Db();
        await Get<Outbox>().AddForAsync(db, kind, user, letter, TestContext.Current.CancellationToken);
        await db.SaveChangesAsync();
    }

    internal async Task<IReadOnlyList<MailRow>> RowsAsync(Guid user)
    {
        await using var db = Db();
        return await db.Mails.AsNoTracking().Where(row => row.User == user).OrderBy(row => row.CreatedAt).ToListAsync();
    }

    /// <summary>Another process at the same outbox, which may be killed and whose clock may be ahead.</summary>
    internal Postman Another(FixedClock clock, Killer? killer = null)
    {
        var databases = killer?.Databases(Get<StorageSettings>()) ?? Get<AppDbs>();
        return new(databases, Get<Outbox>(), Get<MailPaper>(), Get<MailDoor>(), clock, NullLogger<Postman>.Instance);
    }

    /// <summary>The first address of the product that a mail's text holds, without the host.</summary>
    internal static string LinkIn(MimeMessage mail, string path)
    {
        var text = mail.TextBody!;
        var at = text.IndexOf($"http://localhost:5443{path}", StringComparison.Ordinal);
        Assert.True(at >= 0, text);
        return text[(at + "http://localhost:5443".Length)..].Split('\n', '\r')[0];
    }
}
