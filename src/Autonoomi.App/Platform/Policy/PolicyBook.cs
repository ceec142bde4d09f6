using System.Globalization;
using Autonoomi.App.Platform.Agreements;
using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Mail;
using Autonoomi.Core.Primitives;
using Autonoomi.Privacy;
using Autonoomi.Vault;
using Microsoft.EntityFrameworkCore;

namespace Autonoomi.App.Platform.Policy;

/// <summary>Something that an organisation is told, while it concerns it.</summary>
/// <param name="Id">Of the announcement.</param>
/// <param name="Kind">What it is about.</param>
/// <param name="Version">Of the policy.</param>
/// <param name="Material">Somebody has to agree.</param>
/// <param name="Words">What changed, or who comes.</param>
/// <param name="At">Since when it is told.</param>
/// <param name="HoldsAt">From when it holds.</param>
/// <param name="Holds">True once it does.</param>
public sealed record Announcement(Guid Id, AnnouncementKind Kind, int? Version, bool Material, string Words, DateTimeOffset At, DateTimeOffset HoldsAt, bool Holds);

/// <summary>An announcement that was refused.</summary>
public sealed record NotAnnounced(string Text) : Error(Text);

/// <summary>
/// Which version of the policy holds, what is announced, and who agreed. A version holds when its review is on record with the hash of its text; a
/// material one thirty days after that, and for an organisation it counts as agreed once an owner said yes. Until then nothing is written to Amazon for it.
/// </summary>
public sealed class PolicyBook(AppDbs databases, KeyChain keys, PublishedPolicy published, AgreementBook agreements, Outbox outbox, AuditLog audit, TimeProvider clock)
{
    /// <summary>From the announcement of a material change, or of another operator, until it holds.</summary>
    public static readonly TimeSpan Notice = TimeSpan.FromDays(30);

    private const string Table = "announcement";

    /// <returns>The newest version that holds. The first one needs no announcement: nobody was told another before.</returns>
    public async Task<PolicyVersion> InForceAsync(CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        return await InForceAsync(db, cancellationToken);
    }

    /// <returns>Versions that hold or held, and those that are announced; newest first.</returns>
    public async Task<IReadOnlyList<PolicyVersion>> ToldAsync(CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        var told = await ReviewsAsync(db, cancellationToken);
        return [.. published.Versions.Where(version => IsFirst(version) || told.Exists(row => IsOf(row, version)))];
    }

    /// <returns>What this organisation has to know now, the oldest first.</returns>
    public async Task<IReadOnlyList<Announcement>> OpenAsync(Guid organisation, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        var now = clock.GetUtcNow();
        var rows = await db.Announcements.AsNoTracking().Where(row => row.EndedAt == null).OrderBy(row => row.At).ThenBy(row => row.Version).ToListAsync(cancellationToken);
        if (rows.Count == 0) return [];
        var agreed = await AgreedAsync(db, organisation, cancellationToken);
        return
        [
            .. rows.Where(row => row.Kind == AnnouncementKind.Policy
                    ? published.Versions.Any(version => IsOf(row, version)) && (row.Material ? row.Version > agreed : row.Version > agreed && now < row.HoldsAt + Notice)
                    : now < row.HoldsAt + Notice)
                .Select(row => new Announcement(row.Id, row.Kind, row.Version, row.Material, keys.Application.OpenText(Table, "words", Row(row.Id), row.SealedWords), row.At, row.HoldsAt, now >= row.HoldsAt)),
        ];
    }

    /// <summary>Writing to Amazon rests for an account while a material change holds and nobody of it with authority agreed.</summary>
    public async Task<bool> MayWriteAsync(SellerId seller, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        var now = clock.GetUtcNow();
        var rows = (await ReviewsAsync(db, cancellationToken)).Where(row => row.Material && row.HoldsAt <= now && published.Versions.Any(version => IsOf(row, version))).ToList();
        if (rows.Count == 0) return true;
        if (await db.SellerAccounts.AsNoTracking().Where(row => row.Seller == seller.Value).Select(row => (Guid?)row.Organisation).SingleOrDefaultAsync(cancellationToken) is not { } organisation) return true;
        return await AgreedAsync(db, organisation, cancellationToken) >= rows.Max(row => row.Version);
    }

    /// <summary>An owner agrees for the organisation to a version that is announced or holds.</summary>
    /// <returns>Why not; null when it is written down.</returns>
    public async Task<NotAnnounced?> AgreeAsync(Guid organisation, Guid user, MemberRole role, int version, CancellationToken cancellationToken)
    {
        if (role != MemberRole.Owner) return new("Only an owner of the organisation can agree for it.");
        await using var db = databases.System();
        if (published.Versions.FirstOrDefault(known => known.Number == version) is not { } text || !(await ReviewsAsync(db, cancellationToken)).Exists(row => IsOf(row, text))) return new("There is no such version to agree to. Load the page again.");
        if (await AgreedAsync(db, organisation, cancellationToken) >= version) return null;
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await agreements.RecordAsync(db, organisation, Actor.Person(user), null, given: true, AgreedBy.Page, [Agreed.To(text)], null, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return null;
    }

    /// <summary>Records the review of a version, and thereby announces it: an editorial one holds at once, a material one after <see cref="Notice"/>.</summary>
    /// <param name="version">Its number.</param>
    /// <param name="reviewer">Who reviewed it.</param>
    /// <param name="reviewedOn">The day of the review.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<Result<DateTimeOffset>> ReviewedAsync(int version, string reviewer, DateOnly reviewedOn, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (published.Versions.FirstOrDefault(known => known.Number == version) is not { } text) return new NotAnnounced($"This installation has no version {version} of the policy: its text, and its line in versions.txt, come first.");
        if (IsFirst(text)) return new NotAnnounced("The first version holds from the start and is not announced.");
        if (text.Measured != text.Sha256) return new NotAnnounced($"The text of version {version} is not the one of its hash. A changed text is a new version.");
        if (published.Versions.FirstOrDefault(older => older.Number == version - 1) is { } former && PrivacyPolicy.Overreach(former, text) is { } overreach) return new NotAnnounced(overreach);
        if (string.IsNullOrWhiteSpace(reviewer)) return new NotAnnounced("Say who reviewed it (--by).");
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        if (reviewedOn > today || reviewedOn < today.AddDays(-90)) return new NotAnnounced($"The review was on {reviewedOn:yyyy-MM-dd}: it must be within the last 90 days. Review it anew.");
        await using var db = databases.System();
        var known = await ReviewsAsync(db, cancellationToken);
        if (known.Exists(row => IsOf(row, text))) return new NotAnnounced($"Version {version} was announced before.");
        if (published.Versions.FirstOrDefault(older => older.Number == version - 1) is { } before && !IsFirst(before) && !known.Exists(row => IsOf(row, before))) return new NotAnnounced($"Version {version - 1} comes first.");
        var holds = text.Material ? now + Notice : now;
        await AnnounceAsync(db, new() { Id = Guid.CreateVersion7(now), Kind = AnnouncementKind.Policy, Version = version, TextHash = text.Sha256, Material = text.Material, SealedWords = [], SealedBy = [], ReviewedOn = new(reviewedOn.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero), At = now, HoldsAt = holds },
            text.Change, reviewer.Trim(), string.Create(CultureInfo.InvariantCulture, $"privacy policy {version} {text.Sha256[..16]}"), cancellationToken);
        return holds;
    }

    /// <summary>Announces that the service gets another operator, at least <see cref="Notice"/> ahead.</summary>
    public async Task<Result<DateTimeOffset>> HandoverAsync(string to, DateOnly on, string by, CancellationToken cancellationToken)
    {
        var (now, holds) = (clock.GetUtcNow(), new DateTimeOffset(on.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero));
        if (string.IsNullOrWhiteSpace(to) || string.IsNullOrWhiteSpace(by)) return new NotAnnounced("Say who takes the service over (--to) and who announces it (--by).");
        if (holds < now + Notice) return new NotAnnounced($"People are told {Notice.TotalDays:0} days ahead: the first possible day is {(now + Notice).AddDays(1):yyyy-MM-dd}.");
        await using var db = databases.System();
        await AnnounceAsync(db, new() { Id = Guid.CreateVersion7(now), Kind = AnnouncementKind.Handover, Material = true, SealedWords = [], SealedBy = [], At = now, HoldsAt = holds }, to.Trim(), by.Trim(), "another operator", cancellationToken);
        return holds;
    }

    /// <summary>Takes back what does not hold yet.</summary>
    /// <returns>False when there is no such announcement, or it holds.</returns>
    public async Task<bool> TakeBackAsync(Guid id, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var db = databases.System();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await db.Announcements.Where(row => row.Id == id && row.EndedAt == null && row.HoldsAt > now).ExecuteUpdateAsync(set => set.SetProperty(row => row.EndedAt, now), cancellationToken) == 0) return false;
        await outbox.AddForAllAsync(db, MailKind.Policy, Letters.AnnouncementTakenBack(), cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await audit.AppendAsync(db, new(AuditAction.AnnouncementEnded, Actor.Operator, Object: $"announcement {id:N}"), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    /// <returns>All announcements with their words and who made them, for whoever runs the installation.</returns>
    internal async Task<IReadOnlyList<(AnnouncementRow Row, string Words, string By)>> AllAsync(CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        var rows = await db.Announcements.AsNoTracking().OrderBy(row => row.At).ToListAsync(cancellationToken);
        return [.. rows.Select(row => (row, keys.Application.OpenText(Table, "words", Row(row.Id), row.SealedWords), keys.Application.OpenText(Table, "by", Row(row.Id), row.SealedBy)))];
    }

    private async Task AnnounceAsync(AppDb db, AnnouncementRow made, string words, string by, string what, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        db.Announcements.Add(new()
        {
            Id = made.Id, Kind = made.Kind, Version = made.Version, TextHash = made.TextHash, Material = made.Material, ReviewedOn = made.ReviewedOn, At = made.At, HoldsAt = made.HoldsAt,
            SealedWords = keys.Application.SealText(Table, "words", Row(made.Id), words), SealedBy = keys.Application.SealText(Table, "by", Row(made.Id), by),
        });
        await outbox.AddForAllAsync(db, MailKind.Policy, made.Kind == AnnouncementKind.Policy ? Letters.NewPolicy(words, made.Material, made.HoldsAt) : Letters.Handover(words, made.HoldsAt), cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await audit.AppendAsync(db, new(AuditAction.Announced, Actor.Operator, Object: what, Reason: string.Create(CultureInfo.InvariantCulture, $"holds from {made.HoldsAt:yyyy-MM-dd}")), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private async Task<PolicyVersion> InForceAsync(AppDb db, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var told = await ReviewsAsync(db, cancellationToken);
        return published.Versions.FirstOrDefault(version => told.Exists(row => IsOf(row, version) && row.HoldsAt <= now)) ?? published.Versions[^1];
    }

    /// <returns>The newest version to which somebody who is an owner agreed; 0 when nobody did.</returns>
    private static async Task<int> AgreedAsync(AppDb db, Guid organisation, CancellationToken cancellationToken)
    {
        var owners = db.Memberships.Where(row => row.Organisation == organisation && row.Role == MemberRole.Owner).Select(row => (Guid?)row.User);
        return await db.Agreements.AsNoTracking().Where(row => row.Organisation == organisation && row.What == AgreedTo.Policy && row.Given && owners.Contains(row.User)).MaxAsync(row => (int?)row.Version, cancellationToken) ?? 0;
    }

    private static Task<List<AnnouncementRow>> ReviewsAsync(AppDb db, CancellationToken cancellationToken) =>
        db.Announcements.AsNoTracking().Where(row => row.Kind == AnnouncementKind.Policy && row.EndedAt == null).ToListAsync(cancellationToken);

    private static bool IsOf(AnnouncementRow row, PolicyVersion version) => row.Version == version.Number && row.TextHash == version.Sha256 && version.Measured == version.Sha256;

    private static bool IsFirst(PolicyVersion version) => version.Number == 1;

    private static string Row(Guid id) => id.ToString("N");
}
