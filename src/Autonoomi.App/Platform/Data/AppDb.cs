using Autonoomi.App.Platform.Tenancy;
using Autonoomi.Vault;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Autonoomi.App.Platform.Data;

/// <summary>All tables: the vault's and the control tables. One model, two engines (<see cref="SqliteAppDb"/>, <see cref="PostgresAppDb"/>).</summary>
public abstract class AppDb(DbContextOptions options, Tenant tenant) : VaultDb(options)
{
    public DbSet<UserRow> Users => Set<UserRow>();
    public DbSet<PasskeyRow> Passkeys => Set<PasskeyRow>();
    public DbSet<OrganisationRow> Organisations => Set<OrganisationRow>();
    public DbSet<MembershipRow> Memberships => Set<MembershipRow>();
    public DbSet<SellerAccountRow> SellerAccounts => Set<SellerAccountRow>();
    public DbSet<StorefrontRow> Storefronts => Set<StorefrontRow>();
    public DbSet<GrantRow> Grants => Set<GrantRow>();
    public DbSet<LoginClientRow> LoginClients => Set<LoginClientRow>();
    public DbSet<MissingPermissionRow> MissingPermissions => Set<MissingPermissionRow>();
    public DbSet<NoticeRow> Notices => Set<NoticeRow>();
    public DbSet<NoticeSeenRow> NoticesSeen => Set<NoticeSeenRow>();
    public DbSet<ConsentStateRow> ConsentStates => Set<ConsentStateRow>();
    public DbSet<ProtectionKeyRow> ProtectionKeys => Set<ProtectionKeyRow>();
    public DbSet<RunRow> Runs => Set<RunRow>();
    public DbSet<StepRow> Steps => Set<StepRow>();
    public DbSet<IntentRow> Intents => Set<IntentRow>();
    public DbSet<RateBucketRow> RateBuckets => Set<RateBucketRow>();
    public DbSet<ProbeRow> Probes => Set<ProbeRow>();
    public DbSet<EgressDayRow> EgressDays => Set<EgressDayRow>();
    public DbSet<AnnouncementRow> Announcements => Set<AnnouncementRow>();
    public DbSet<AgreementRow> Agreements => Set<AgreementRow>();

    public DbSet<AuditRow> Audit => Set<AuditRow>();
    public DbSet<AuditHeadRow> AuditHeads => Set<AuditHeadRow>();
    public DbSet<AuditCheckpointRow> AuditCheckpoints => Set<AuditCheckpointRow>();
    public DbSet<AuditKeyRow> AuditKeys => Set<AuditKeyRow>();

    public DbSet<SessionRow> Sessions => Set<SessionRow>();
    public DbSet<SignOnRow> SignOns => Set<SignOnRow>();
    public DbSet<InvitationRow> Invitations => Set<InvitationRow>();
    public DbSet<StaffAccountRow> StaffAccounts => Set<StaffAccountRow>();
    public DbSet<StaffGrantRow> StaffGrants => Set<StaffGrantRow>();
    public DbSet<StaffUseRow> StaffUses => Set<StaffUseRow>();
    public DbSet<AccessReviewRow> AccessReviews => Set<AccessReviewRow>();

    public DbSet<DeletionRow> Deletions => Set<DeletionRow>();
    public DbSet<LegalHoldRow> LegalHolds => Set<LegalHoldRow>();
    public DbSet<SigningKeyRow> SigningKeys => Set<SigningKeyRow>();

    public DbSet<IncidentRow> Incidents => Set<IncidentRow>();
    public DbSet<IncidentEntryRow> IncidentEntries => Set<IncidentEntryRow>();
    public DbSet<DutyRow> Duties => Set<DutyRow>();

    public DbSet<CorrectionRow> Corrections => Set<CorrectionRow>();

    public DbSet<CaseRow> Cases => Set<CaseRow>();
    public DbSet<CaseMessageRow> CaseMessages => Set<CaseMessageRow>();
    public DbSet<DemandRow> Demands => Set<DemandRow>();

    public DbSet<InquiryRow> Inquiries => Set<InquiryRow>();
    public DbSet<MailRow> Mails => Set<MailRow>();
    public DbSet<PasswordResetRow> PasswordResets => Set<PasswordResetRow>();

    private bool SeesAll => tenant.IsSystem;
    private Guid Mine => tenant.Organisation ?? Guid.Empty;

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.Entity<UserRow>(row =>
        {
            row.ToTable("user").HasKey(user => user.Id);
            row.HasIndex(user => user.EmailHash).IsUnique();
        });
        modelBuilder.Entity<PasskeyRow>(row =>
        {
            row.ToTable("passkey").HasKey(passkey => passkey.Id);
            row.HasIndex(passkey => passkey.User);
        });
        modelBuilder.Entity<OrganisationRow>().ToTable("organisation").HasKey(organisation => organisation.Id);
        Owned<MembershipRow>(modelBuilder, "membership").HasKey(membership => new { membership.Organisation, membership.User });
        Owned<SellerAccountRow>(modelBuilder, "seller_account").HasKey(account => account.Seller);
        modelBuilder.Entity<SellerAccountRow>().HasIndex(account => new { account.Organisation, account.SellingPartnerHash, account.Region }).IsUnique();
        Owned<StorefrontRow>(modelBuilder, "storefront").HasKey(storefront => new { storefront.Seller, storefront.MarketplaceId });
        Owned<GrantRow>(modelBuilder, "grant").HasKey(grant => new { grant.Seller, grant.Kind });
        Owned<LoginClientRow>(modelBuilder, "login_client").HasKey(client => client.Id);
        modelBuilder.Entity<LoginClientRow>().HasIndex(client => new { client.Organisation, client.Kind, client.ClientHash }).IsUnique();
        Owned<MissingPermissionRow>(modelBuilder, "missing_permission").HasKey(missing => new { missing.Seller, missing.Kind, missing.Operation });
        Owned<NoticeRow>(modelBuilder, "notice").HasKey(notice => notice.Key);
        Owned<NoticeSeenRow>(modelBuilder, "notice_seen").HasKey(seen => new { seen.Notice, seen.User });
        Owned<ConsentStateRow>(modelBuilder, "consent_state").HasKey(consent => consent.StateHash);
        modelBuilder.Entity<ProtectionKeyRow>().ToTable("protection_key").HasKey(key => key.Id);
        modelBuilder.Entity<RunRow>(row =>
        {
            row.ToTable("run").HasKey(run => run.Id);
            row.HasIndex(run => new { run.Seller, run.RequestedAt });
        });
        modelBuilder.Entity<StepRow>().ToTable("step").HasKey(step => new { step.Run, step.Ordinal });
        modelBuilder.Entity<IntentRow>(row =>
        {
            row.ToTable("intent").HasKey(intent => intent.Id);
            row.HasIndex(intent => new { intent.Run, intent.Step });
        });
        ProbeRow.Map(modelBuilder);
        EgressDayRow.Map(modelBuilder);
        AnnouncementRow.Map(modelBuilder);
        AgreementRow.Map(Owned<AgreementRow>(modelBuilder, "agreement"));
        modelBuilder.Entity<RateBucketRow>().ToTable("rate_bucket").HasKey(bucket => new { bucket.Seller, bucket.Operation });
        AuditModel.Configure(modelBuilder);
        Owned<DeletionRow>(modelBuilder, "deletion").HasKey(deletion => deletion.Id);
        modelBuilder.Entity<DeletionRow>().HasIndex(deletion => deletion.SellerId);
        DeletionModel.Configure(modelBuilder);
        IncidentModel.Configure(modelBuilder);
        DutyModel.Configure(modelBuilder);
        Owned<CorrectionRow>(modelBuilder, "correction");
        CorrectionRow.Map(modelBuilder);
        Owned<CaseRow>(modelBuilder, "request");
        Owned<CaseMessageRow>(modelBuilder, "request_message");
        Owned<DemandRow>(modelBuilder, "demand");
        CaseModel.Configure(modelBuilder);
        SessionModel.Configure(modelBuilder);
        SignOnModel.Configure(modelBuilder);
        Owned<InvitationRow>(modelBuilder, "invitation").HasKey(invitation => invitation.Id);
        InvitationModel.Configure(modelBuilder);
        Owned<StaffGrantRow>(modelBuilder, "staff_grant").HasKey(grant => grant.Id);
        Owned<StaffUseRow>(modelBuilder, "staff_use").HasKey(use => use.Id);
        Owned<AccessReviewRow>(modelBuilder, "access_review").HasKey(review => review.Id);
        StaffModel.Configure(modelBuilder);
        Owned<MailRow>(modelBuilder, "mail");
        MailModel.Configure(modelBuilder);
        PasswordResetModel.Configure(modelBuilder);
        InquiryModel.Configure(modelBuilder);
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        base.ConfigureConventions(configurationBuilder);
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UtcMicroseconds>();
    }

    public override int SaveChanges(bool acceptAllChangesOnSuccess)
    {
        RefuseForeignRows();
        return base.SaveChanges(acceptAllChangesOnSuccess);
    }

    public override Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        RefuseForeignRows();
        return base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
    }

    private void RefuseForeignRows()
    {
        if (SeesAll) return;
        foreach (var entry in ChangeTracker.Entries<IOrganisationOwned>())
        {
            if (entry.State is EntityState.Unchanged or EntityState.Detached || entry.Entity.Organisation == tenant.Organisation) continue;
            throw new InvalidOperationException($"A {entry.Metadata.ShortName()} of another organisation was about to be written; nothing was saved.");
        }
    }

    private Microsoft.EntityFrameworkCore.Metadata.Builders.EntityTypeBuilder<T> Owned<T>(ModelBuilder model, string table) where T : class, IOrganisationOwned
    {
        var entity = model.Entity<T>().ToTable(table);
        entity.HasQueryFilter("Organisation", row => SeesAll || row.Organisation == Mine);
        return entity;
    }

    /// <summary>Instants rest as microseconds since 1970 on both engines: exact, ordered, without a zone to misread.</summary>
    private sealed class UtcMicroseconds() : ValueConverter<DateTimeOffset, long>(
        instant => (instant.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond,
        micros => new DateTimeOffset(DateTimeOffset.UnixEpoch.Ticks + (micros * TimeSpan.TicksPerMicrosecond), TimeSpan.Zero));
}

public sealed class SqliteAppDb(DbContextOptions<SqliteAppDb> options, Tenant tenant) : AppDb(options, tenant);

public sealed class PostgresAppDb(DbContextOptions<PostgresAppDb> options, Tenant tenant) : AppDb(options, tenant);
