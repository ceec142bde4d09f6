#pragma warning disable RS0030 // the command-line edge

using System.CommandLine;
using System.IO;
using Autonoomi.App.Platform.AmazonLink;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Duties;
using Autonoomi.App.Platform.Environments;
using Autonoomi.App.Platform.Policy;
using Autonoomi.Vault;
using Microsoft.EntityFrameworkCore;

namespace Autonoomi.App.Features.Doctor;

/// <summary>Looks at folders, keys, storage and configuration and says what must be put right. Changes nothing.</summary>
internal static class DoctorCommand
{
    private const long LowSpace = 1L << 30;

    public static Command Create()
    {
        var data = new Option<string?>("--data") { Description = "Data folder, when it is not the configured one." };
        var command = new Command("doctor", "Checks folders, keys, storage and configuration. Exit code 1 when something must be put right.") { data };
        command.SetAction((parsed, cancellationToken) => CommandEdge.GuardAsync(() => RunAsync(parsed.GetValue(data), cancellationToken)));
        return command;
    }

    private static async Task<int> RunAsync(string? data, CancellationToken cancellationToken)
    {
        var builder = Product.CreateBuilder(data);
        var storage = builder.ReadStorage();
        var failed = 0;
        var now = TimeProvider.System.GetUtcNow();

        void Say(bool good, string what)
        {
            if (!good) failed++;
            Console.WriteLine($"{(good ? "ok    " : "WRONG ")} {what}");
        }

        void Tell(SecretLife life)
        {
            if (life.Ended) failed++;
            Console.WriteLine($"{(life.Ended ? "WRONG " : life.Soon ? "note  " : "ok    ")} {life.Words}");
        }

        Say(true, $"environment {storage.Tag}, storage {storage.Provider}, data {storage.DataFolder}, keys {storage.KeyFolder}");
        try
        {
            var mismatch = EnvironmentMatch.Refusal(storage, builder.Environment.IsDevelopment(), AmazonLinkServices.Configure(new(), builder.Configuration.GetSection("Autonoomi:Amazon")));
            Say(mismatch is null, mismatch ?? "storage, keys, database and Amazon addresses are of one environment");
        }
        catch (KeyFileException unreadable)
        {
            Say(false, unreadable.Message);
        }

        var hasData = StoreStart.HasData(storage);
        if (!Directory.Exists(storage.DataFolder))
        {
            Say(true, "the data folder does not exist yet: `serve` makes it");
        }
        else
        {
            var free = new DriveInfo(storage.DataFolder).AvailableFreeSpace;
            Say(free >= LowSpace, $"{free / (1 << 20)} MiB are free in the data folder{(free >= LowSpace ? "" : ": below 1024 MiB imports may stop; free some space")}");
        }

        if (!Directory.Exists(storage.KeyFolder) && !hasData)
        {
            Say(true, "there is no key yet: the first start makes one, back it up then");
        }
        else
        {
            try
            {
                using var keys = KeyChain.OpenOrCreate(storage.KeyFolder, storage.Tag, dataExists: true);
                Say(true, $"the master key opens its ledger ({keys.MasterKeyFile})");
                if (hasData || storage.Provider == StorageEngine.Postgres)
                {
                    var open = new AppDbs(tenant => DataServices.Open(storage, tenant));
                    await using var db = open.System();
                    var pending = (await db.Database.GetPendingMigrationsAsync(cancellationToken)).Count();
                    Say(true, pending == 0 ? "the database is up to date" : $"{pending} migrations are waiting: the next start applies them");
                    if (pending == 0) await new SellerVaults(open.System, keys).VerifyStoreAsync(cancellationToken);
                    if (pending == 0) Say(true, "key and database belong together");
                    if (pending == 0)
                    {
                        var audit = new Platform.Audit.AuditLog(open, keys, storage, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<Platform.Audit.AuditLog>.Instance);
                        var overdue = (await new Platform.Staff.AccessReviews(open, audit, new(open, audit), TimeProvider.System).OverdueAsync(cancellationToken)).Count;
                        Say(overdue == 0, overdue == 0 ? "every access was looked at within a quarter" : $"{overdue} accesses were not looked at within a quarter: run `staff review`, owners look on the page People");
                    }

                    if (pending == 0)
                        foreach (var ends in await db.LoginClients.AsNoTracking().Where(client => client.SealedClient != null && client.SecretEndsAt != null).OrderBy(client => client.SecretEndsAt).Select(client => client.SecretEndsAt!.Value).ToListAsync(cancellationToken))
                            Tell(SecretLife.Of("the secret of a login client that a seller typed in", ends, now));
                    if (pending == 0)
                        foreach (var (good, words) in await OperatorStore.Of(open, keys, new(open, keys, storage, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<Platform.Audit.AuditLog>.Instance), builder).LookAsync(now, cancellationToken)) Say(good, words);
                }
            }
            catch (Exception failure) when (failure is VaultException or System.Data.Common.DbException)
            {
                Say(false, failure.Message);
            }
        }

        var amazon = builder.Configuration.GetSection("Autonoomi:Amazon");
        foreach (var name in new[] { "AdsClientId", "AdsClientSecret", "SellingPartnerClientId", "SellingPartnerClientSecret", "SellingPartnerApplicationId" })
            if (string.IsNullOrEmpty(amazon[name]))
                Say(false, $"Autonoomi:Amazon:{name} is not set: no account can be connected (see docs/operating/configuration.md)");

        if (storage.Environment == DataEnvironment.Production)
            foreach (var fault in builder.ReadOperator().Faults()) Say(false, fault);

        foreach (var (good, words) in MailWords.Of(builder.Configuration, storage.Environment)) Say(good, words);
        Tell(SecretLife.OfInstallation(amazon["SellingPartnerClientSecretMade"], now));

        Console.WriteLine(failed == 0 ? "All is well." : $"{failed} things must be put right.");
        return failed == 0 ? 0 : 1;
    }
}
