#pragma warning disable RS0030 // the command-line edge

using System.CommandLine;
using System.Globalization;
using System.IO;
using Autonoomi.App.Platform.Agreements;
using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Copies;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Deletion;
using Autonoomi.App.Platform.Environments;
using Autonoomi.App.Platform.Mail;
using Autonoomi.App.Platform.Policy;
using Autonoomi.App.Platform.Requests;
using Autonoomi.Core.Primitives;
using Autonoomi.Privacy;
using Autonoomi.Vault;
using Microsoft.EntityFrameworkCore;

namespace Autonoomi.App.Features.Cases;

/// <summary>Requests of people and demands of authorities, for whoever runs the installation. Works beside a running product; no figure of a seller is shown.</summary>
internal static class CasesCommand
{
    public static Command Create()
    {
        var data = new Option<string?>("--data") { Description = "Data folder, when it is not the configured one.", Recursive = true };
        var all = new Option<bool>("--all") { Description = "Ended ones too." };
        var command = new Command("cases", "Requests of people, those that are due first at the top. Exit code 1 when one is late.") { data, all };
        command.SetAction((parsed, cancellationToken) => OnStoreAsync(parsed.GetValue(data), (store, stop) => ListAsync(store, parsed.GetValue(all), stop), cancellationToken));

        var id = new Argument<Guid>("id") { Description = "The request." };
        var show = new Command("show", "What was written.") { id };
        show.SetAction((parsed, cancellationToken) => OnStoreAsync(parsed.GetValue(data), (store, stop) => ShowAsync(store, parsed.GetRequiredValue(id), stop), cancellationToken));
        var text = new Option<string>("--text") { Description = "The answer; the person reads it on the page Your data.", Required = true };
        var answer = new Command("answer", "Writes an answer; the request stays open.") { id, text };
        answer.SetAction((parsed, cancellationToken) => OnStoreAsync(parsed.GetValue(data), async (store, stop) => CommandEdge.Told(await store.Cases.AnswerAsync(parsed.GetRequiredValue(id), parsed.GetRequiredValue(text), stop), "The answer is stored."), cancellationToken));
        var close = new Command("close", "Ends a request that was answered.") { id };
        close.SetAction((parsed, cancellationToken) => OnStoreAsync(parsed.GetValue(data), async (store, stop) => CommandEdge.Told(await store.Cases.CloseAsync(parsed.GetRequiredValue(id), stop), "It is closed."), cancellationToken));
        var reason = new Option<string>("--reason") { Description = "Why; the person reads it on the page Your data.", Required = true };
        var reject = new Command("reject", "Ends a request without doing what it asks; a wrong report of a child gives the account back.") { id, reason };
        reject.SetAction((parsed, cancellationToken) => OnStoreAsync(parsed.GetValue(data), async (store, stop) => CommandEdge.Told(await store.Cases.RejectAsync(parsed.GetRequiredValue(id), parsed.GetRequiredValue(reason), stop), "It is rejected."), cancellationToken));
        var mail = new Option<string>("--mail") { Description = "Address with which the child signs in.", Required = true };
        var child = new Command("child", "Freezes an account that is a child's; it is deleted after six days, seven at the latest.") { mail };
        child.SetAction((parsed, cancellationToken) => OnStoreAsync(parsed.GetValue(data), (store, stop) => ChildAsync(store, parsed.GetRequiredValue(mail), stop), cancellationToken));
        var inquiries = new Command("inquiries", "What strangers wrote to ask for a demonstration, the newest first; it goes after 180 days.");
        inquiries.SetAction((parsed, cancellationToken) => OnStoreAsync(parsed.GetValue(data), async (store, stop) =>
        {
            foreach (var asked in await store.Inquiries.ListAsync(stop)) Console.WriteLine($"{asked.Id}  {Day(asked.At)}  {asked.Name} <{asked.Mail}>{Environment.NewLine}{asked.Text}{Environment.NewLine}");
            return 0;
        }, cancellationToken));
        var which = new Argument<Guid>("id") { Description = "The inquiry." };
        var forget = new Command("forget-inquiry", "Deletes one of them at once.") { which };
        forget.SetAction((parsed, cancellationToken) => OnStoreAsync(parsed.GetValue(data), async (store, stop) => CommandEdge.Told(await store.Inquiries.DeleteAsync(parsed.GetRequiredValue(which), stop) ? null : new WrongInquiry("There is no such inquiry."), "It is deleted."), cancellationToken));
        foreach (var sub in (Command[])[show, answer, close, reject, child, inquiries, forget, .. Demands(data)]) command.Subcommands.Add(sub);
        return command;
    }

    private static IEnumerable<Command> Demands(Option<string?> data)
    {
        var seller = new Option<Guid>("--seller") { Description = "Seller account; delete --list shows them.", Required = true };
        var scope = new Option<string[]>("--scope") { Description = "What the order names, for example Dataset:LedgerDay Record:change; names in docs/privacy/retention.md.", Required = true, AllowMultipleArgumentsPerToken = true };
        var basis = new Option<string>("--basis") { Description = "Statute or order, and who demands.", Required = true };
        var by = new Option<string>("--by") { Description = "Your name.", Required = true };
        var from = new Option<string?>("--from") { Description = "First day of data sets, 2026-01-31; without it all days." };
        var to = new Option<string?>("--to") { Description = "Last day." };
        var silent = new Option<string?>("--silent-until") { Description = "Day until which the law forbids to tell the seller, 2027-01-31; without it the seller is told with the disclosure." };
        var demand = new Command("demand", "Writes down a demand of an authority. Nothing leaves before somebody else has approved it.") { seller, scope, basis, by, from, to, silent };
        demand.SetAction((parsed, cancellationToken) => OnStoreAsync(parsed.GetValue(data), (store, stop) => DemandAsync(store, new(parsed.GetRequiredValue(seller)), parsed.GetRequiredValue(scope), parsed.GetRequiredValue(basis), parsed.GetRequiredValue(by),
            parsed.GetValue(from), parsed.GetValue(to), parsed.GetValue(silent), stop), cancellationToken));
        var id = new Argument<Guid>("id") { Description = "The demand." };
        var approver = new Option<string>("--by") { Description = "Your name: another than that of who wrote it down.", Required = true };
        var approve = new Command("approve", "Approves a demand that somebody else wrote down.") { id, approver };
        approve.SetAction((parsed, cancellationToken) => OnStoreAsync(parsed.GetValue(data), async (store, stop) => CommandEdge.Told(await store.Demands.ApproveAsync(parsed.GetRequiredValue(id), parsed.GetRequiredValue(approver), stop), "It may be disclosed."), cancellationToken));
        var target = new Option<string>("--out") { Description = "File that gets it; must not exist.", Required = true };
        var disclose = new Command("disclose", "Writes what an approved demand names into a ZIP, once.") { id, target };
        disclose.SetAction((parsed, cancellationToken) => OnStoreAsync(parsed.GetValue(data), (store, stop) => DiscloseAsync(store, parsed.GetRequiredValue(id), parsed.GetRequiredValue(target), stop), cancellationToken));
        return [demand, approve, disclose];
    }

    private sealed record Store(AppDbs Databases, KeyChain Keys, CaseBook Cases, LawDemands Demands, InquiryBook Inquiries);

    private static Task<int> OnStoreAsync(string? data, Func<Store, CancellationToken, Task<int>> work, CancellationToken cancellationToken) => CommandEdge.GuardAsync(() =>
    {
        var builder = Product.CreateBuilder(data);
        return OpenedStore.RunAsync(builder.ReadStorage(), opened =>
        {
            var (databases, keys, audit) = (opened.Databases, opened.Keys, opened.Audit);
            var outbox = new Outbox(MailSettings.Read(builder.Configuration), keys, TimeProvider.System);
            var policy = new PolicyBook(databases, keys, new PublishedPolicy(PrivacyPolicy.Versions), new AgreementBook(databases, audit, TimeProvider.System), outbox, audit, TimeProvider.System);
            var copies = new CopyMaker(databases, keys, new SellerVaults(databases.System, keys), audit, policy, TimeProvider.System);
            return work(new(databases, keys, new CaseBook(databases, keys, new DeletionBook(databases, keys, outbox, audit, TimeProvider.System), audit, TimeProvider.System), new LawDemands(databases, keys, copies, audit, TimeProvider.System), new InquiryBook(databases, keys, TimeProvider.System)), cancellationToken);
        }, cancellationToken);
    });

    private static async Task<int> ListAsync(Store store, bool all, CancellationToken cancellationToken)
    {
        var now = TimeProvider.System.GetUtcNow();
        var rows = await store.Cases.ListAsync(all, cancellationToken);
        foreach (var row in rows)
            Console.WriteLine($"request {row.Id}  {row.Kind}, {row.State}, came {Day(row.OpenedAt)}, {(row.State == CaseState.Open ? $"due {Day(row.DueAt)}" : $"ended {Day(row.EndedAt!.Value)}")}{(CaseClock.IsLate(row, now) ? "  LATE" : CaseClock.IsSoon(row, now) ? "  due soon" : "")}");
        foreach (var row in await store.Demands.ListAsync(cancellationToken))
            if (all || row.DisclosedAt is null) Console.WriteLine($"demand  {row.Id}  of account {row.SellerId}, {row.Scope}, {(row.DisclosedAt is { } at ? $"disclosed {Day(at)}" : row.SealedApprover is null ? "waits for approval" : "approved, not yet disclosed")}");
        if (rows.Count == 0) Console.WriteLine(all ? "No request." : "No open request.");
        var late = rows.Count(row => CaseClock.IsLate(row, now));
        if (late > 0) await Console.Error.WriteLineAsync($"autonoomi: {late} {(late == 1 ? "request is" : "requests are")} LATE. Every request is answered within 30 days.");
        return late > 0 ? 1 : 0;
    }

    private static async Task<int> ShowAsync(Store store, Guid id, CancellationToken cancellationToken)
    {
        if (await store.Cases.FindAsync(id, cancellationToken) is not { } found) return CommandEdge.Told(new WrongCase("There is no such request."), "");
        Console.WriteLine($"{found.Row.Kind}, {found.Row.State}, came {Day(found.Row.OpenedAt)}, due {Day(found.Row.DueAt)}");
        foreach (var message in found.Messages)
        {
            Console.WriteLine($"{Day(message.At)}  {(message.FromOperator ? "answer" : "asked")}");

            // Only letters and line breaks reach the terminal: what a stranger wrote must not move its cursor.
            Console.WriteLine(new string([.. message.Text.Select(letter => char.IsControl(letter) && letter != '\n' ? ' ' : letter)]));
        }

        return 0;
    }

    private static async Task<int> ChildAsync(Store store, string mail, CancellationToken cancellationToken)
    {
        using var users = new Platform.Identity.SealedUserStore(store.Databases, store.Keys, TimeProvider.System);
        await using var db = store.Databases.System();
        var found = await users.FindByEmailAsync(mail, cancellationToken);
        var organisation = found is null ? Guid.Empty : await db.Memberships.Where(row => row.User == found.Id).OrderBy(row => row.Organisation).Select(row => row.Organisation).FirstOrDefaultAsync(cancellationToken);
        if (found is null || organisation == Guid.Empty) return CommandEdge.Told(new WrongCase("There is no account with this address."), "");
        var opened = await store.Cases.FreezeChildAsync(organisation, found.Id, Actor.Operator, cancellationToken);
        return CommandEdge.Told(opened.Error, opened.IsOk ? $"Request {opened.Value.Id}: the account is frozen and is deleted by {Day(opened.Value.DueAt)}. Was it wrong? Within six days: cases reject {opened.Value.Id} --reason \"…\"" : "");
    }

    private static async Task<int> DemandAsync(Store store, SellerId seller, string[] scope, string basis, string by, string? from, string? to, string? silent, CancellationToken cancellationToken)
    {
        if (!TryDay(from, out var first) || !TryDay(to, out var last) || !TryDay(silent, out var quiet)) return CommandEdge.Told(new WrongDemand("Days: write them as 2027-12-31."), "");
        if (first.HasValue != last.HasValue || last < first) return CommandEdge.Told(new WrongDemand("From and to: give both days, the first before the last, or neither."), "");
        var asked = await store.Demands.RequestAsync(new(seller, scope, first is { } begin ? new DateSpan(begin, last!.Value) : null, basis, quiet is { } day ? new DateTimeOffset(day.AddDays(1).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero) : null, by), cancellationToken);
        return CommandEdge.Told(asked.Error, asked.IsOk ? $"Demand {asked.Value} waits for approval by somebody else: cases approve {asked.Value} --by NAME" : "");
    }

    private static async Task<int> DiscloseAsync(Store store, Guid demand, string target, CancellationToken cancellationToken)
    {
        if (File.Exists(target)) return CommandEdge.Told(new WrongDemand($"Out: '{target}' is there already. Choose another name."), "");
        CopyManifest manifest;
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using (var file = new FileStream(target, options))
        {
            var done = await store.Demands.DiscloseAsync(demand, file, cancellationToken);
            if (done.IsOk) manifest = done.Value;
            else
            {
                await file.DisposeAsync();
                File.Delete(target);
                return CommandEdge.Told(done.Error, "");
            }
        }

        return CommandEdge.Told(null, $"{manifest.Files.Length} files, {manifest.Files.Where(item => item.Name.EndsWith(CopyFormat.Lines, StringComparison.Ordinal)).Sum(item => item.Rows ?? 0)} rows in '{target}'. Whoever has it can read it.");
    }

    private static bool TryDay(string? text, out DateOnly? day)
    {
        day = DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var read) ? read : null;
        return text is null || day is not null;
    }

    private static string Day(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
