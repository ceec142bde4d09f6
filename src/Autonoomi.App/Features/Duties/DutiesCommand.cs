#pragma warning disable RS0030 // the command-line edge

using System.CommandLine;
using System.Globalization;
using Autonoomi.App.Platform.Duties;
using Autonoomi.App.Platform.Environments;
using Autonoomi.Privacy;

namespace Autonoomi.App.Features.Duties;

/// <summary>What people must do by hand: when it is due, and that it was done. Works beside a running product.</summary>
internal static class DutiesCommand
{
    public static Command Create()
    {
        var data = new Option<string?>("--data") { Description = "Data folder, when it is not the configured one.", Recursive = true };
        var which = new Argument<string?>("duty") { Description = "One of them: when it was done, by whom, what shows it.", Arity = ArgumentArity.ZeroOrOne };
        var list = new Command("list", "What is due when. Exit code 1 when something is overdue.") { which };
        list.SetAction((parsed, cancellationToken) => CommandEdge.GuardAsync(() => OperatorStore.OnAsync(parsed.GetValue(data), (store, stop) => ListAsync(store, parsed.GetValue(which), stop), cancellationToken)));

        var duty = new Argument<string>("duty") { Description = "Its word, as list shows it." };
        var by = new Option<string>("--by") { Description = "Who did it.", Required = true };
        var note = new Option<string>("--note") { Description = "What shows it: where the report is, its SHA-256, names, numbers.", Required = true };
        var when = new Option<string?>("--when") { Description = "Day on which it was done, 2026-11-30; today when left out." };
        var done = new Command("done", "Writes down that something was done. What was written stays.") { duty, by, note, when };
        done.SetAction((parsed, cancellationToken) => CommandEdge.GuardAsync(() => OperatorStore.OnAsync(parsed.GetValue(data), (store, stop) => DoneAsync(store, parsed.GetRequiredValue(duty), parsed.GetValue(when), parsed.GetRequiredValue(by), parsed.GetRequiredValue(note), stop), cancellationToken)));
        return new Command("duties", "What whoever runs the installation must do by hand, and when it was done.") { data, list, done };
    }

    private static async Task<int> ListAsync(OperatorStore store, string? which, CancellationToken cancellationToken)
    {
        var now = TimeProvider.System.GetUtcNow();
        var standing = await store.Duties.StandingAsync(cancellationToken);
        if (which is not null)
        {
            if (standing.FirstOrDefault(one => one.Duty.Id == which) is not { } one) return CommandEdge.Told(new WrongDuty($"Duty: there is no '{which}'. There are: {string.Join(", ", DutyTable.All.Select(each => each.Id))}."), "");
            Console.WriteLine($"{one.Duty.Id}: {one.Duty.What}\nEvery {one.Duty.EveryDays} days ({one.Duty.Source}); {one.InWords(now)}. A note names: {one.Duty.Evidence}.");
            foreach (var time in await store.Duties.DoneAsync(which, cancellationToken)) Console.WriteLine($"{time.At.UtcDateTime:yyyy-MM-dd}  {time.By}: {time.Note}");
            return one.IsOverdue ? 1 : 0;
        }

        foreach (var one in standing) Console.WriteLine($"{one.Duty.Id,-20} {one.InWords(now)}\n{"",-20} {one.Duty.What}");
        var overdue = standing.Count(one => one.IsOverdue);
        Console.WriteLine($"{standing.Count} duties, {overdue} overdue. Done: duties done WORD --by NAME --note TEXT");
        return overdue == 0 ? 0 : 1;
    }

    private static async Task<int> DoneAsync(OperatorStore store, string duty, string? when, string by, string note, CancellationToken cancellationToken)
    {
        DateTimeOffset? at = null;
        if (when is not null)
        {
            if (!DateOnly.TryParseExact(when, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)) return CommandEdge.Told(new WrongDuty("When: write the day as 2026-11-30."), "");
            at = new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
        }

        var written = await store.Duties.WriteAsync(duty, at, by, note, cancellationToken);
        return CommandEdge.Told(written.Error, written.IsOk ? $"{duty} is done; due again on {written.Value.AddDays(DutyTable.Find(duty)!.EveryDays).UtcDateTime:yyyy-MM-dd}." : "");
    }
}
