#pragma warning disable RS0030 // the command-line edge

using System.CommandLine;
using System.Globalization;
using Autonoomi.App.Platform;
using Autonoomi.App.Platform.Agreements;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Environments;
using Autonoomi.App.Platform.Mail;
using Autonoomi.App.Platform.Policy;
using Autonoomi.Privacy;

namespace Autonoomi.App.Features.Policy;

/// <summary>Versions of the policy and who takes the service over, for whoever runs the installation. Works beside a running product.</summary>
internal static class PolicyCommand
{
    public static Command Create()
    {
        var data = new Option<string?>("--data") { Description = "Data folder, when it is not the configured one.", Recursive = true };
        var number = new Option<int>("--version") { Description = "Number of the version.", Required = true };
        var by = new Option<string>("--by") { Description = "Who reviewed the text, or who announces.", Required = true };
        var reviewed = new Option<string>("--on") { Description = "Day of the review, 2026-12-01.", Required = true };
        var review = new Command("review", "Records that a new version of the policy was reviewed, and announces it: a material one holds 30 days later.") { number, by, reviewed };
        review.SetAction((parsed, cancellationToken) => CommandEdge.GuardAsync(() => OnStoreAsync(parsed.GetValue(data), async (book, stop) =>
            Told(await book.ReviewedAsync(parsed.GetRequiredValue(number), parsed.GetRequiredValue(by), Day(parsed.GetRequiredValue(reviewed)), stop), "It holds from"), cancellationToken)));

        var to = new Option<string>("--to") { Description = "Who takes the service over.", Required = true };
        var on = new Option<string>("--on") { Description = "Day of the change, at least 30 days ahead.", Required = true };
        var who = new Option<string>("--by") { Description = "Who announces it.", Required = true };
        var handover = new Command("handover", "Announces that the service gets another operator.") { to, on, who };
        handover.SetAction((parsed, cancellationToken) => CommandEdge.GuardAsync(() => OnStoreAsync(parsed.GetValue(data), async (book, stop) =>
            Told(await book.HandoverAsync(parsed.GetRequiredValue(to), Day(parsed.GetRequiredValue(on)), parsed.GetRequiredValue(who), stop), "Everybody is told from now on; the day is"), cancellationToken)));

        var which = new Argument<Guid>("id") { Description = "The announcement; list shows them." };
        var back = new Command("take-back", "Takes back an announcement that does not hold yet.") { which };
        back.SetAction((parsed, cancellationToken) => CommandEdge.GuardAsync(() => OnStoreAsync(parsed.GetValue(data), async (book, stop) =>
        {
            if (!await book.TakeBackAsync(parsed.GetRequiredValue(which), stop)) throw new SetupException("There is no such announcement, or it holds already.");
            Console.WriteLine("It is taken back.");
            return 0;
        }, cancellationToken)));

        var list = new Command("list", "Versions of the policy and announcements.");
        list.SetAction((parsed, cancellationToken) => CommandEdge.GuardAsync(() => OnStoreAsync(parsed.GetValue(data), ListAsync, cancellationToken)));
        return new Command("policy", "Versions of the privacy policy: their review and announcement; and the announcement of another operator.") { data, review, handover, back, list };
    }

    private static async Task<int> ListAsync(PolicyBook book, CancellationToken cancellationToken)
    {
        var holds = await book.InForceAsync(cancellationToken);
        var all = await book.AllAsync(cancellationToken);
        foreach (var version in PrivacyPolicy.Versions)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"version {version.Number} of {version.Date:yyyy-MM-dd}, {(version.Material ? "material" : "editorial")}: {(version.Number == holds.Number ? "holds" : version.Number < holds.Number ? "held" : all.Any(item => item.Row.Version == version.Number && item.Row.EndedAt is null) ? "announced" : "waits for its review")}"));
        foreach (var (row, words, by) in all)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{row.Id}  {row.Kind}{(row.Version is { } version ? $" {version}" : "")}  told {row.At:yyyy-MM-dd} by {by}, holds {row.HoldsAt:yyyy-MM-dd}{(row.EndedAt is null ? "" : ", taken back")}: {words}"));
        return 0;
    }

    private static int Told(Result<DateTimeOffset> result, string words)
    {
        if (result.Error is { } error) throw new SetupException(error.Message);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{words} {result.Value:yyyy-MM-dd}."));
        return 0;
    }

    private static DateOnly Day(string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : throw new SetupException($"'{text}' is no day like 2026-12-01.");

    private static Task<int> OnStoreAsync(string? data, Func<PolicyBook, CancellationToken, Task<int>> work, CancellationToken cancellationToken)
    {
        var builder = Product.CreateBuilder(data);
        return OpenedStore.RunAsync(builder.ReadStorage(), store =>
        {
            var agreements = new AgreementBook(store.Databases, store.Audit, TimeProvider.System);
            var outbox = new Outbox(MailSettings.Read(builder.Configuration), store.Keys, TimeProvider.System);
            return work(new PolicyBook(store.Databases, store.Keys, new PublishedPolicy(PrivacyPolicy.Versions), agreements, outbox, store.Audit, TimeProvider.System), cancellationToken);
        }, cancellationToken);
    }
}
