using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Environments;
using Autonoomi.App.Platform.Incidents;
using Autonoomi.App.Platform.Policy;
using Autonoomi.Privacy;
using Autonoomi.Vault;
using Microsoft.Extensions.Logging.Abstractions;

namespace Autonoomi.App.Platform.Duties;

/// <summary>The store as commands of whoever runs the installation open it, beside a running product or without one.</summary>
/// <param name="Databases">Every organisation's control rows.</param>
/// <param name="Audit">Who did what.</param>
/// <param name="Duties">What must be done by hand.</param>
/// <param name="Incidents">What happened.</param>
/// <param name="Contacts">From the configuration.</param>
internal sealed record OperatorStore(AppDbs Databases, AuditLog Audit, DutyBook Duties, IncidentBook Incidents, IncidentContacts Contacts)
{
    /// <exception cref="SetupException">There is no store, or it is of an older version.</exception>
    public static Task<int> OnAsync(string? data, Func<OperatorStore, CancellationToken, Task<int>> work, CancellationToken cancellationToken)
    {
        var builder = Product.CreateBuilder(data);
        return OpenedStore.RunAsync(builder.ReadStorage(), opened => work(Of(opened.Databases, opened.Keys, opened.Audit, builder), cancellationToken), cancellationToken);
    }

    public static OperatorStore Of(AppDbs databases, KeyChain keys, AuditLog audit, WebApplicationBuilder builder)
    {
        var duties = new DutyBook(databases, keys, audit, TimeProvider.System);
        return new(databases, audit, duties, new IncidentBook(databases, keys, audit, duties, TimeProvider.System, NullLogger<IncidentBook>.Instance), builder.ReadOperator().OrExample().Contacts());
    }

    /// <returns>What is overdue or open and what is not, one line each; false where something must be put right.</returns>
    public async Task<IReadOnlyList<(bool Good, string Words)>> LookAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var lines = new List<(bool, string)>();
        var standing = await Duties.StandingAsync(cancellationToken);
        foreach (var one in standing.Where(one => one.IsOverdue)) lines.Add((false, $"duty {one.Duty.Id} is {one.InWords(now)}: {one.Duty.What} Then: duties done {one.Duty.Id}"));
        if (lines.Count == 0) lines.Add((true, $"no duty is overdue; next: {standing[0].Duty.Id}, {standing[0].InWords(now)}"));
        foreach (var incident in (await Incidents.ListAsync(closed: false, cancellationToken)).Where(incident => !incident.IsDrill))
            foreach (var deadline in IncidentClock.Of(incident, now).Where(deadline => deadline.Standing is ClockStanding.Running or ClockStanding.Late))
                lines.Add((deadline.Standing == ClockStanding.Running, $"incident {incident.Number}: {IncidentWords.Of(deadline.To)} must be told, {IncidentClock.InWords(deadline)}"));
        return lines;
    }
}
