#pragma warning disable RS0030 // the command-line edge

using System.CommandLine;
using System.Globalization;
using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Deletion;
using Autonoomi.App.Platform.Environments;
using Autonoomi.App.Platform.Mail;
using Autonoomi.Core.Primitives;
using Autonoomi.Privacy;
using Autonoomi.Vault;
using Microsoft.EntityFrameworkCore;

namespace Autonoomi.App.Features.Deletion;

/// <summary>Deletions and legal holds, for whoever runs the installation. Works beside a running product, which takes the later steps.</summary>
internal static class DeleteCommand
{
    public static Command Create()
    {
        var data = new Option<string?>("--data") { Description = "Data folder, when it is not the configured one.", Recursive = true };
        var seller = new Option<Guid?>("--seller") { Description = "Seller account to delete; --list shows them." };
        var list = new Option<bool>("--list") { Description = "Seller accounts, deletions under way and holds." };
        var back = new Option<Guid?>("--take-back") { Description = "Id of a deletion whose rows have not gone." };
        var command = new Command("delete", "Begins the deletion of a seller account: stopped at once, rows and key gone after 13 days, backups after 27.") { data, seller, list, back };
        command.SetAction((parsed, cancellationToken) => CommandEdge.GuardAsync(() => OnStoreAsync(parsed.GetValue(data), (store, stop) =>
            parsed.GetValue(seller) is { } id ? StartAsync(store, new SellerId(id), stop) : parsed.GetValue(back) is { } deletion ? TakeBackAsync(store, deletion, stop) : parsed.GetValue(list) ? ListAsync(store, stop) : WrongAsync(), cancellationToken)));

        var whose = new Option<Guid>("--seller") { Description = "Seller account.", Required = true };
        var scope = new Option<string[]>("--scope") { Description = "What is kept, for example Dataset:LedgerDay Record:change; names in docs/privacy/retention.md.", Required = true, AllowMultipleArgumentsPerToken = true };
        var basis = new Option<string>("--basis") { Description = "Statute or order, and who asks.", Required = true };
        var until = new Option<string>("--until") { Description = "Last day, 2027-12-31.", Required = true };
        var by = new Option<string>("--by") { Description = "Your name.", Required = true };
        var hold = new Command("hold", "Asks for a legal hold. It holds nothing before somebody else has approved it.") { whose, scope, basis, until, by };
        hold.SetAction((parsed, cancellationToken) => CommandEdge.GuardAsync(() => OnStoreAsync(parsed.GetValue(data), (store, stop) => HoldAsync(store,
            new SellerId(parsed.GetRequiredValue(whose)), parsed.GetRequiredValue(scope), parsed.GetRequiredValue(basis), parsed.GetRequiredValue(until), parsed.GetRequiredValue(by), stop), cancellationToken)));

        var which = new Argument<Guid>("id") { Description = "The hold." };
        var approver = new Option<string>("--by") { Description = "Your name: another than that of who asked.", Required = true };
        var approve = new Command("approve-hold", "Approves a hold that somebody else asked for.") { which, approver };
        approve.SetAction((parsed, cancellationToken) => CommandEdge.GuardAsync(() => OnStoreAsync(parsed.GetValue(data), async (store, stop) => CommandEdge.Told(await store.Holds.ApproveAsync(parsed.GetRequiredValue(which), parsed.GetRequiredValue(approver), stop), "It holds from now on."), cancellationToken)));
        var ended = new Argument<Guid>("id") { Description = "The hold." };
        var release = new Command("release-hold", "Ends a hold before its day.") { ended };
        release.SetAction((parsed, cancellationToken) => CommandEdge.GuardAsync(() => OnStoreAsync(parsed.GetValue(data), async (store, stop) => CommandEdge.Told(await store.Holds.ReleaseAsync(parsed.GetRequiredValue(ended), stop), "It holds nothing any more."), cancellationToken)));
        command.Subcommands.Add(hold);
        command.Subcommands.Add(approve);
        command.Subcommands.Add(release);
        return command;
    }

    private sealed record Store(AppDbs Databases, KeyChain Keys, DeletionBook Book, LegalHolds Holds);

    private static Task<int> OnStoreAsync(string? data, Func<Store, CancellationToken, Task<int>> work, CancellationToken cancellationToken)
    {
        var builder = Product.CreateBuilder(data);
        return OpenedStore.RunAsync(builder.ReadStorage(), opened =>
        {
            var (databases, keys, audit) = (opened.Databases, opened.Keys, opened.Audit);
            var outbox = new Outbox(MailSettings.Read(builder.Configuration), keys, TimeProvider.System);
            return work(new(databases, keys, new DeletionBook(databases, keys, outbox, audit, TimeProvider.System), new LegalHolds(databases, keys, audit, TimeProvider.System)), cancellationToken);
        }, cancellationToken);
    }

    private static async Task<int> StartAsync(Store store, SellerId seller, CancellationToken cancellationToken)
    {
        Guid organisation;
        await using (var db = store.Databases.System())
            organisation = await db.SellerAccounts.Where(row => row.Seller == seller.Value).Select(row => row.Organisation).SingleOrDefaultAsync(cancellationToken);
        var started = await store.Book.StartAsync(organisation, seller, RetainedFrom.Both, DeletionCause.Operator, TimeProvider.System.GetUtcNow(), Actor.Operator, cancellationToken);
        if (started.Error is { } wrong) return CommandEdge.Told(wrong, "");
        var row = started.Value;
        return CommandEdge.Told(null, $"Deletion {row.Id} has begun. A running product stops all work within a minute. Rows and key go on {Day(DeletionClock.RowsGo(row.StartedAt))}, backups by {Day(row.StartedAt + DeletionClock.Everywhere)}; until the rows go: delete --take-back {row.Id}");
    }

    private static async Task<int> TakeBackAsync(Store store, Guid deletion, CancellationToken cancellationToken)
    {
        await using var db = store.Databases.System();
        var organisation = await db.Deletions.Where(row => row.Id == deletion).Select(row => row.Organisation).SingleOrDefaultAsync(cancellationToken);
        return CommandEdge.Told(await store.Book.TakeBackAsync(organisation, deletion, Actor.Operator, cancellationToken), "It was taken back; work goes on.");
    }

    private static async Task<int> ListAsync(Store store, CancellationToken cancellationToken)
    {
        await using var db = store.Databases.System();
        foreach (var account in await db.SellerAccounts.AsNoTracking().ToListAsync(cancellationToken))
            Console.WriteLine($"account  {account.Seller}  {store.Keys.Application.OpenText("seller_account", "name", account.Seller.ToString("N"), account.SealedName)}");
        foreach (var (row, late) in await store.Book.OpenAsync(cancellationToken))
            Console.WriteLine($"deletion {row.Id}  of {(row.SellerId is { } seller ? $"account {seller}" : $"organisation {row.Organisation}")}  {row.State}, {DeletionBook.Words(row.Scope)}, began {Day(row.StartedAt)}{(late is null ? "" : $"  LATE: {late}")}");
        foreach (var hold in await db.LegalHolds.AsNoTracking().Where(row => row.ReleasedAt == null).ToListAsync(cancellationToken))
            Console.WriteLine($"hold     {hold.Id}  of account {hold.SellerId}  {hold.Scope}, until {Day(hold.EndsAt)}{(hold.SealedApprover is null ? "  waits for approval" : "")}");
        return 0;
    }

    private static async Task<int> HoldAsync(Store store, SellerId seller, string[] scope, string basis, string until, string by, CancellationToken cancellationToken)
    {
        if (!DateOnly.TryParseExact(until, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)) return CommandEdge.Told(new WrongHold("Until: write the day as 2027-12-31."), "");
        var ends = new DateTimeOffset(day.AddDays(1).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
        var asked = await store.Holds.RequestAsync(new(seller, scope, basis, ends, by), cancellationToken);
        return CommandEdge.Told(asked.Error, asked.IsOk ? $"Hold {asked.Value} waits for approval by somebody else: delete approve-hold {asked.Value} --by NAME" : "");
    }

    private static async Task<int> WrongAsync()
    {
        await Console.Error.WriteLineAsync("autonoomi: Say what to do: --seller ID, --take-back ID, --list, or one of hold, approve-hold, release-hold.");
        return 2;
    }

    private static string Day(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
