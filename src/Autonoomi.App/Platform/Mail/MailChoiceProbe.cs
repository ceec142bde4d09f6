using System.Net;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Promises;
using Microsoft.EntityFrameworkCore;

namespace Autonoomi.App.Platform.Mail;

/// <summary>Optional mail against what people chose, and the way out of it as a mail provider takes it: one POST without session, cookie or form token.</summary>
internal sealed class MailChoiceProbe(AppDbs databases, LeaveLinks links, OwnDoor door) : IProbe
{
    public string Id => "mail";
    public string Asks => "Optional mail goes only to who chose it, and one click leaves it.";

    public async Task<Measurement> MeasureAsync(CancellationToken cancellationToken)
    {
        var faults = new List<string>();
        var kinds = MailRule.All.Where(rule => !rule.IsEssential).Select(rule => rule.Kind).ToList();
        await using var db = databases.System();
        var optional = await db.Mails.AsNoTracking().Where(row => kinds.Contains(row.Kind)).ToListAsync(cancellationToken);
        foreach (var mail in optional)
        {
            var choice = MailRule.Of(mail.Kind).Choice;
            var said = await db.Agreements.AsNoTracking().Where(row => row.User == mail.User && row.What == choice && row.At <= (mail.EndedAt ?? DateTimeOffset.MaxValue)).OrderByDescending(row => row.At).ThenByDescending(row => row.Id).FirstOrDefaultAsync(cancellationToken);
            if (mail.State is MailState.Waiting or MailState.Claimed or MailState.Sent && said is not { Given: true }) faults.Add($"mail {mail.Id:N} ({mail.Kind}) is for somebody who did not choose it");
        }

        var asked = 0;
        if (door.Address is not null)
            foreach (var kind in kinds)
            {
                // An address for nobody: it is answered as any other, and nothing is written.
                var path = links.PathOf(Guid.Empty, kind);
                if (await door.PostAsync(path, cancellationToken) is var posted && posted != HttpStatusCode.OK) faults.Add($"leaving {MailRule.Of(kind).Name} answers {(int)posted}");
                var (looked, text) = await door.GetAsync(path, cancellationToken);
                using (looked)
                    if (looked.StatusCode != HttpStatusCode.OK || !text.Contains("<form method=\"post\"", StringComparison.Ordinal)) faults.Add($"the page that leaves {MailRule.Of(kind).Name} has no button");
                asked++;
            }

        return Measurement.Of(faults, $"{optional.Count} optional mails held against what was chosen, {asked} ways out tried");
    }
}
