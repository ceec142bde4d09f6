using System.Collections.Immutable;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Identity.SignOn;
using Autonoomi.Vault;
using Microsoft.EntityFrameworkCore;

namespace Autonoomi.App.Platform.Copies;

/// <summary>Whose rows a copy takes.</summary>
/// <param name="Organisation">Of whom.</param>
/// <param name="Whole">The whole organisation, not one of its accounts or people.</param>
/// <param name="User">Who asked.</param>
/// <param name="People">Whose names and addresses are in it.</param>
/// <param name="Sellers">Accounts whose rows are in it.</param>
/// <param name="Now">When it is made: what may be told only later is not in it.</param>
public sealed record CopyScope(Guid Organisation, bool Whole, Guid User, IReadOnlyList<Guid> People, IReadOnlyList<Guid> Sellers, DateTimeOffset Now);

/// <summary>A control table in a copy.</summary>
/// <param name="Name">Of the table.</param>
/// <param name="Row">Type of its rows.</param>
/// <param name="Written">Properties that are written, in order.</param>
/// <param name="Omitted">Properties that are not, with the reason.</param>
/// <param name="Rows">Rows of a scope, in a fixed order.</param>
/// <param name="Open">Opens a sealed property of a row.</param>
/// <param name="Hides">True where this row's property is written as nothing: it is somebody else's.</param>
internal sealed record CopyTable(
    string Name, Type Row, ImmutableArray<string> Written, ImmutableArray<(string Property, string Why)> Omitted,
    Func<AppDb, CopyScope, IQueryable<object>> Rows, Func<FieldSealer, object, string, string?> Open, Func<CopyScope, object, string, bool> Hides)
{
    /// <summary>Name in the file: as the property, without the word for being sealed.</summary>
    public static string ColumnOf(string property)
    {
        var name = property.StartsWith("Sealed", StringComparison.Ordinal) ? property["Sealed".Length..] : property;
        return char.ToLowerInvariant(name[0]) + name[1..];
    }

    /// <returns>The value of a property in the open: text, number, truth, instant, id, or null.</returns>
    public object? Value(FieldSealer sealer, CopyScope scope, object row, string property)
    {
        if (Hides(scope, row, property)) return null;
        var value = Row.GetProperty(property)!.GetValue(row);
        return value switch
        {
            null => null,
            byte[] => Open(sealer, row, property),
            Enum word => word.ToString(),
            _ => value,
        };
    }
}

/// <summary>The control tables that copies hold: which columns, and why others are not in them.</summary>
internal static class CopyTables
{
    private const string Lookup = "A keyed hash by which the product finds the row; it says nothing that is not beside it.";
    private const string Operators = "Who it was, of those who work for the operator, is shown in the product by name.";
    private const string Secret = "A secret: whoever has it could act in your name.";

    private static readonly string[] OwnOnly = [nameof(UserRow.TwoFactorEnabled), nameof(UserRow.AccessFailedCount), nameof(UserRow.LockedUntil), nameof(UserRow.OneTimePassword)];

    public static ImmutableArray<CopyTable> All { get; } =
    [
        Of<OrganisationRow>("organisation", (db, scope) => db.Organisations.Where(row => row.Id == scope.Organisation && (scope.Whole || scope.People.Count > 0)),
            [nameof(OrganisationRow.Id), nameof(OrganisationRow.SealedName), nameof(OrganisationRow.CreatedAt)], [],
            (sealer, row, _) => sealer.OpenText("organisation", "name", Id(row.Id), row.SealedName)),
        Of<MembershipRow>("membership", (db, scope) => db.Memberships.Where(row => scope.People.Contains(row.User) && (row.Organisation == scope.Organisation || row.User == scope.User)).OrderBy(row => row.Organisation).ThenBy(row => row.User),
            [nameof(MembershipRow.Organisation), nameof(MembershipRow.User), nameof(MembershipRow.Role)], []),
        Of<UserRow>("user", (db, scope) => db.Users.Where(row => scope.People.Contains(row.Id)).OrderBy(row => row.CreatedAt).ThenBy(row => row.Id),
            [nameof(UserRow.Id), nameof(UserRow.SealedName), nameof(UserRow.SealedEmail), nameof(UserRow.CreatedAt), .. OwnOnly],
            [
                (nameof(UserRow.EmailHash), Lookup), (nameof(UserRow.PasswordHash), Secret), (nameof(UserRow.SecurityStamp), Secret), (nameof(UserRow.ConcurrencyStamp), "Changes with every write; it says nothing."),
                (nameof(UserRow.SealedAuthenticatorKey), Secret), (nameof(UserRow.SealedRecoveryCodes), Secret),
            ],
            (sealer, row, property) => property == nameof(UserRow.SealedName) ? sealer.OpenText("user", "name", Id(row.Id), row.SealedName) : sealer.OpenText("user", "email", Id(row.Id), row.SealedEmail),
            // How somebody else signs in is theirs.
            (scope, row, property) => row.Id != scope.User && OwnOnly.Contains(property)),
        Of<CorrectionRow>("correction", (db, scope) => db.Corrections.Where(row => row.Organisation == scope.Organisation && ((row.User == scope.User && scope.People.Contains(row.User)) || (scope.Whole && row.Field == CorrectedField.OrganisationName))).OrderBy(row => row.At).ThenBy(row => row.Id),
            [nameof(CorrectionRow.Id), nameof(CorrectionRow.Organisation), nameof(CorrectionRow.User), nameof(CorrectionRow.Field), nameof(CorrectionRow.SealedBefore), nameof(CorrectionRow.At)], [],
            (sealer, row, _) => sealer.OpenText("correction", "before", Id(row.Id), row.SealedBefore!)),
        Of<PasskeyRow>("passkey", (db, scope) => db.Passkeys.Where(row => row.User == scope.User && scope.People.Contains(row.User)).OrderBy(row => row.CreatedAt),
            [nameof(PasskeyRow.User), nameof(PasskeyRow.CreatedAt)], [(nameof(PasskeyRow.Id), "By it an authenticator is asked for the key."), (nameof(PasskeyRow.SealedPasskey), Secret)]),
        Of<SessionRow>("session", (db, scope) => db.Sessions.Where(row => row.User == scope.User && scope.People.Contains(row.User)).OrderBy(row => row.StartedAt).ThenBy(row => row.Id),
            [nameof(SessionRow.User), nameof(SessionRow.SealedDevice), nameof(SessionRow.StartedAt), nameof(SessionRow.SeenAt), nameof(SessionRow.ProvenAt)], [(nameof(SessionRow.Id), Lookup)],
            (sealer, row, _) => sealer.OpenText("session", "device", row.Id, row.SealedDevice)),
        Of<SignOnRow>("sign_on", (db, scope) => db.SignOns.Where(row => row.User == scope.User && scope.People.Contains(row.User)).OrderBy(row => row.LinkedAt).ThenBy(row => row.Id),
            [nameof(SignOnRow.User), nameof(SignOnRow.SealedProvider), nameof(SignOnRow.LinkedAt)], [(nameof(SignOnRow.Id), Lookup)],
            (sealer, row, _) => $"{SignOnBook.Open(sealer, row).Issuer} {SignOnBook.Open(sealer, row).Subject}"),
        Of<InvitationRow>("invitation", (db, scope) => db.Invitations.Where(row => row.Organisation == scope.Organisation && scope.Whole).OrderBy(row => row.CreatedAt).ThenBy(row => row.Id),
            [nameof(InvitationRow.Organisation), nameof(InvitationRow.Role), nameof(InvitationRow.By), nameof(InvitationRow.CreatedAt), nameof(InvitationRow.ExpiresAt)], [(nameof(InvitationRow.Id), Lookup)]),
        Of<StaffGrantRow>("staff_grant", (db, scope) => db.StaffGrants.Where(row => scope.Sellers.Contains(row.Seller)).OrderBy(row => row.RequestedAt).ThenBy(row => row.Id),
            [
                nameof(StaffGrantRow.Id), nameof(StaffGrantRow.Organisation), nameof(StaffGrantRow.Seller), nameof(StaffGrantRow.Minutes), nameof(StaffGrantRow.RequestedAt), nameof(StaffGrantRow.SealedReason), nameof(StaffGrantRow.SealedCase),
                nameof(StaffGrantRow.ApprovedAt), nameof(StaffGrantRow.AllowedBy), nameof(StaffGrantRow.AllowedAt), nameof(StaffGrantRow.EndsAt), nameof(StaffGrantRow.EndedAt), nameof(StaffGrantRow.EndedBy),
            ],
            [(nameof(StaffGrantRow.Staff), Operators), (nameof(StaffGrantRow.ApprovedBy), Operators), (nameof(StaffGrantRow.Mac), Lookup)],
            (sealer, row, property) => property == nameof(StaffGrantRow.SealedReason) ? sealer.OpenText("staff_grant", "reason", Id(row.Id), row.SealedReason) : sealer.OpenText("staff_grant", "case", Id(row.Id), row.SealedCase)),
        Of<StaffUseRow>("staff_use", (db, scope) => db.StaffUses.Where(row => scope.Sellers.Contains(row.Seller)).OrderBy(row => row.At).ThenBy(row => row.Id),
            [nameof(StaffUseRow.Id), nameof(StaffUseRow.Organisation), nameof(StaffUseRow.Seller), nameof(StaffUseRow.Grant), nameof(StaffUseRow.At), nameof(StaffUseRow.SealedWhat)], [],
            (sealer, row, _) => sealer.OpenText("staff_use", "what", Id(row.Id), row.SealedWhat)),
        Of<AccessReviewRow>("access_review", (db, scope) => db.AccessReviews.Where(row => row.Organisation == scope.Organisation && (scope.Whole || (row.User == scope.User && scope.People.Contains(row.User)))).OrderBy(row => row.At).ThenBy(row => row.Id),
            [nameof(AccessReviewRow.Id), nameof(AccessReviewRow.Organisation), nameof(AccessReviewRow.User), nameof(AccessReviewRow.Role), nameof(AccessReviewRow.Kept), nameof(AccessReviewRow.By), nameof(AccessReviewRow.At)], []),
        Of<MailRow>("mail", (db, scope) => db.Mails.Where(row => row.User == scope.User && scope.People.Contains(scope.User)).OrderBy(row => row.CreatedAt).ThenBy(row => row.Id),
            [
                nameof(MailRow.Id), nameof(MailRow.Organisation), nameof(MailRow.User), nameof(MailRow.Kind), nameof(MailRow.State), nameof(MailRow.CreatedAt), nameof(MailRow.DueAt), nameof(MailRow.GoodUntil), nameof(MailRow.ClaimedAt),
                nameof(MailRow.Attempts), nameof(MailRow.EndedAt),
            ],
            [(nameof(MailRow.SealedLetter), "What you are about to get by mail; it may hold a link that acts in your name, and goes from here once it was sent.")]),
        Of<SellerAccountRow>("seller_account", (db, scope) => db.SellerAccounts.Where(row => scope.Sellers.Contains(row.Seller)).OrderBy(row => row.CreatedAt).ThenBy(row => row.Seller),
            [nameof(SellerAccountRow.Seller), nameof(SellerAccountRow.Organisation), nameof(SellerAccountRow.SealedName), nameof(SellerAccountRow.SealedSellingPartnerId), nameof(SellerAccountRow.Region), nameof(SellerAccountRow.CreatedAt)],
            [(nameof(SellerAccountRow.SellingPartnerHash), Lookup)],
            (sealer, row, property) => property == nameof(SellerAccountRow.SealedName) ? sealer.OpenText("seller_account", "name", Id(row.Seller), row.SealedName) : sealer.OpenText("seller_account", "selling_partner_id", Id(row.Seller), row.SealedSellingPartnerId)),
        Of<StorefrontRow>("storefront", (db, scope) => db.Storefronts.Where(row => scope.Sellers.Contains(row.Seller)).OrderBy(row => row.Seller).ThenBy(row => row.MarketplaceId),
            [nameof(StorefrontRow.Seller), nameof(StorefrontRow.MarketplaceId), nameof(StorefrontRow.Organisation), nameof(StorefrontRow.Storefront), nameof(StorefrontRow.Active)], []),
        Of<GrantRow>("grant", (db, scope) => db.Grants.Where(row => scope.Sellers.Contains(row.Seller)).OrderBy(row => row.Seller).ThenBy(row => row.Kind),
            [nameof(GrantRow.Seller), nameof(GrantRow.Kind), nameof(GrantRow.Organisation), nameof(GrantRow.ConsentedAt), nameof(GrantRow.State), nameof(GrantRow.SuspectedAt), nameof(GrantRow.LookedAt), nameof(GrantRow.Client), nameof(GrantRow.SelfAuthorised)],
            [(nameof(GrantRow.SealedToken), Secret)]),
        Of<LoginClientRow>("login_client", (db, scope) => db.LoginClients.Where(row => row.Organisation == scope.Organisation && (scope.Whole || db.Grants.Any(grant => grant.Client == row.Id && scope.Sellers.Contains(grant.Seller)))).OrderBy(row => row.Id),
            [nameof(LoginClientRow.Id), nameof(LoginClientRow.Organisation), nameof(LoginClientRow.Kind), nameof(LoginClientRow.SecretEndsAt), nameof(LoginClientRow.RefusedAt)],
            [(nameof(LoginClientRow.ClientHash), Lookup), (nameof(LoginClientRow.SealedClient), Secret)]),
        Of<MissingPermissionRow>("missing_permission", (db, scope) => db.MissingPermissions.Where(row => scope.Sellers.Contains(row.Seller)).OrderBy(row => row.Seller).ThenBy(row => row.Kind).ThenBy(row => row.Operation),
            [nameof(MissingPermissionRow.Seller), nameof(MissingPermissionRow.Kind), nameof(MissingPermissionRow.Operation), nameof(MissingPermissionRow.Organisation), nameof(MissingPermissionRow.NotedAt)], []),
        Of<NoticeRow>("notice", (db, scope) => db.Notices.Where(row => row.Organisation == scope.Organisation && (scope.Whole || (row.Seller != null && scope.Sellers.Contains(row.Seller.Value)))).OrderBy(row => row.RaisedAt).ThenBy(row => row.Key),
            [nameof(NoticeRow.Key), nameof(NoticeRow.Organisation), nameof(NoticeRow.Seller), nameof(NoticeRow.Kind), nameof(NoticeRow.Grant), nameof(NoticeRow.RaisedAt), nameof(NoticeRow.EndsAt), nameof(NoticeRow.Days)], []),
        Of<NoticeSeenRow>("notice_seen", (db, scope) => db.NoticesSeen.Where(row => scope.People.Contains(row.User) && row.Organisation == scope.Organisation).OrderBy(row => row.At).ThenBy(row => row.Notice),
            [nameof(NoticeSeenRow.Notice), nameof(NoticeSeenRow.User), nameof(NoticeSeenRow.Organisation), nameof(NoticeSeenRow.At)], []),
        Of<RunRow>("run", (db, scope) => db.Runs.Where(row => scope.Sellers.Contains(row.Seller)).OrderBy(row => row.RequestedAt).ThenBy(row => row.Id),
            [nameof(RunRow.Id), nameof(RunRow.Seller), nameof(RunRow.Storefront), nameof(RunRow.Kind), nameof(RunRow.State), nameof(RunRow.RequestedAt), nameof(RunRow.FinishedAt), nameof(RunRow.SealedError)], [],
            (sealer, row, _) => sealer.OpenText("run", "error", Id(row.Id), row.SealedError!)),
        Of<StepRow>("step", (db, scope) => db.Steps.Where(row => scope.Sellers.Contains(row.Seller)).OrderBy(row => row.FinishedAt).ThenBy(row => row.Run).ThenBy(row => row.Ordinal),
            [nameof(StepRow.Run), nameof(StepRow.Ordinal), nameof(StepRow.Seller), nameof(StepRow.Kind), nameof(StepRow.State), nameof(StepRow.Attempts), nameof(StepRow.NotBefore), nameof(StepRow.Count), nameof(StepRow.FinishedAt)],
            [(nameof(StepRow.SealedNotes), "Names of reports at Amazon and of proposals under way, of use while the step runs.")]),
        Of<RateBucketRow>("rate_bucket", (db, scope) => db.RateBuckets.Where(row => scope.Sellers.Contains(row.Seller)).OrderBy(row => row.Seller).ThenBy(row => row.Operation),
            [nameof(RateBucketRow.Seller), nameof(RateBucketRow.Operation), nameof(RateBucketRow.Tokens), nameof(RateBucketRow.At)], []),
        Of<EgressDayRow>("egress_day", (db, scope) => db.Set<EgressDayRow>().Where(row => scope.Sellers.Contains(row.Seller)).OrderBy(row => row.Day).ThenBy(row => row.Seller).ThenBy(row => row.Purpose).ThenBy(row => row.Host),
            [nameof(EgressDayRow.Day), nameof(EgressDayRow.Seller), nameof(EgressDayRow.Purpose), nameof(EgressDayRow.Host), nameof(EgressDayRow.Requests)], []),
        Of<AgreementRow>("agreement", (db, scope) => db.Agreements.Where(row => row.Organisation == scope.Organisation && (scope.Whole || (row.User != null && scope.People.Contains(row.User.Value)) || (row.Seller != null && scope.Sellers.Contains(row.Seller.Value)))).OrderBy(row => row.At).ThenBy(row => row.Id),
            [
                nameof(AgreementRow.Id), nameof(AgreementRow.Organisation), nameof(AgreementRow.User), nameof(AgreementRow.Seller), nameof(AgreementRow.What), nameof(AgreementRow.Version), nameof(AgreementRow.TextHash),
                nameof(AgreementRow.Words), nameof(AgreementRow.Given), nameof(AgreementRow.Channel), nameof(AgreementRow.At),
            ], []),
        Of<CaseRow>("request", (db, scope) => db.Cases.Where(row => row.User == scope.User && scope.People.Contains(row.User)).OrderBy(row => row.OpenedAt).ThenBy(row => row.Id),
            [
                nameof(CaseRow.Id), nameof(CaseRow.Organisation), nameof(CaseRow.User), nameof(CaseRow.Kind), nameof(CaseRow.State), nameof(CaseRow.OpenedAt), nameof(CaseRow.DueAt), nameof(CaseRow.EndedAt), nameof(CaseRow.Subject),
                nameof(CaseRow.FrozenAt), nameof(CaseRow.ErasedAt),
            ], []),
        Of<CaseMessageRow>("request_message", (db, scope) => db.CaseMessages.Where(row => db.Cases.Any(item => item.Id == row.Case && item.User == scope.User && scope.People.Contains(item.User))).OrderBy(row => row.At).ThenBy(row => row.Id),
            [nameof(CaseMessageRow.Id), nameof(CaseMessageRow.Organisation), nameof(CaseMessageRow.Case), nameof(CaseMessageRow.FromOperator), nameof(CaseMessageRow.SealedText), nameof(CaseMessageRow.At)], [],
            (sealer, row, _) => sealer.OpenText("request_message", "text", Id(row.Id), row.SealedText)),
        Of<DemandRow>("demand", (db, scope) => db.Demands.Where(row => scope.Sellers.Contains(row.SellerId) && row.DisclosedAt != null && row.TellFrom <= scope.Now).OrderBy(row => row.RequestedAt).ThenBy(row => row.Id),
            [
                nameof(DemandRow.Id), nameof(DemandRow.Organisation), nameof(DemandRow.SellerId), nameof(DemandRow.Scope), nameof(DemandRow.FirstDay), nameof(DemandRow.LastDay), nameof(DemandRow.SealedBasis), nameof(DemandRow.RequestedAt),
                nameof(DemandRow.DisclosedAt), nameof(DemandRow.TellFrom),
            ],
            [(nameof(DemandRow.SealedRequester), "The name of somebody who works for the operator."), (nameof(DemandRow.SealedApprover), "The name of somebody who works for the operator.")],
            (sealer, row, _) => sealer.OpenText("demand", "basis", Id(row.Id), row.SealedBasis)),
        Of<DeletionRow>("deletion", (db, scope) => db.Deletions.Where(row => row.Organisation == scope.Organisation && (scope.Whole || (row.SellerId != null && scope.Sellers.Contains(row.SellerId.Value)))).OrderBy(row => row.StartedAt).ThenBy(row => row.Id),
            [
                nameof(DeletionRow.Id), nameof(DeletionRow.Organisation), nameof(DeletionRow.SellerId), nameof(DeletionRow.Scope), nameof(DeletionRow.Cause), nameof(DeletionRow.StartedAt), nameof(DeletionRow.State),
                nameof(DeletionRow.StoppedAt), nameof(DeletionRow.RowsGoneAt), nameof(DeletionRow.KeyGoneAt), nameof(DeletionRow.EndedAt), nameof(DeletionRow.Counts), nameof(DeletionRow.Certificate),
            ], []),
        Of<LegalHoldRow>("legal_hold", (db, scope) => db.LegalHolds.Where(row => scope.Sellers.Contains(row.SellerId)).OrderBy(row => row.RequestedAt).ThenBy(row => row.Id),
            [nameof(LegalHoldRow.Id), nameof(LegalHoldRow.SellerId), nameof(LegalHoldRow.Scope), nameof(LegalHoldRow.RequestedAt), nameof(LegalHoldRow.EndsAt), nameof(LegalHoldRow.ReleasedAt)],
            [
                (nameof(LegalHoldRow.SealedBasis), "The law may forbid to tell; ask, and you are told as far as it allows."),
                (nameof(LegalHoldRow.SealedRequester), "The name of somebody who works for the operator."), (nameof(LegalHoldRow.SealedApprover), "The name of somebody who works for the operator."),
            ]),
    ];

    private static CopyTable Of<T>(
        string name, Func<AppDb, CopyScope, IQueryable<T>> rows, ImmutableArray<string> written, ImmutableArray<(string Property, string Why)> omitted,
        Func<FieldSealer, T, string, string>? open = null, Func<CopyScope, T, string, bool>? hides = null) where T : class =>
        new(name, typeof(T), written, omitted, (db, scope) => rows(db, scope).AsNoTracking(),
            (sealer, row, property) => open is null ? throw new InvalidOperationException($"Column {property} of {name} is sealed and nobody said how it is opened for a copy.") : open(sealer, (T)row, property),
            (scope, row, property) => hides is not null && hides(scope, (T)row, property));

    private static string Id(Guid id) => id.ToString("N");
}
