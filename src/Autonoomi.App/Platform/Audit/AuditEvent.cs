using Autonoomi.App.Platform.Tenancy;
using Autonoomi.Core.Primitives;

namespace Autonoomi.App.Platform.Audit;

public enum ActorKind
{
    /// <summary>The product by itself, because of what it found.</summary>
    Product,

    /// <summary>Somebody who is signed in.</summary>
    Person,

    /// <summary>Whoever runs the installation, by a command.</summary>
    Operator,

    /// <summary>Amazon's answers.</summary>
    Amazon,

    /// <summary>Nobody who was known at that moment.</summary>
    Stranger,
}

/// <summary>Who did it.</summary>
/// <param name="Kind">What kind of somebody.</param>
/// <param name="User">Of a person; the log keeps a pseudonym only.</param>
public readonly record struct Actor(ActorKind Kind, Guid User = default)
{
    public static Actor Product => new(ActorKind.Product);
    public static Actor Operator => new(ActorKind.Operator);
    public static Actor Amazon => new(ActorKind.Amazon);
    public static Actor Stranger => new(ActorKind.Stranger);

    public static Actor Person(Guid user) => new(ActorKind.Person, user);

    /// <summary>The person on whose screen it happened.</summary>
    public static Actor Of(CurrentStorefront current) => Person(current.User);
}

public enum AuditOutcome { Done, Refused, Failed }

/// <summary>What is written down. Object and reason are the product's own words, ids and counts: never a name, never anything that came from Amazon.</summary>
/// <param name="Action">One of <see cref="AuditAction"/>.</param>
/// <param name="By">Who.</param>
/// <param name="Seller">About which seller account; null for none.</param>
/// <param name="Object">What it was done to, for example <c>consent Ads</c>; sealed.</param>
/// <param name="Reason">Why, in a few words; sealed.</param>
/// <param name="Outcome">How it ended.</param>
public sealed record AuditEvent(string Action, Actor By, SellerId? Seller = null, string? Object = null, string? Reason = null, AuditOutcome Outcome = AuditOutcome.Done);

/// <summary>What can stand in the log, in clear.</summary>
public static class AuditAction
{
    public const string SignedUp = "account.created";
    public const string SignIn = "session.sign-in";
    public const string SecondFactor = "session.second-factor";
    public const string Locked = "session.locked";
    public const string SignOut = "session.sign-out";
    public const string Invited = "member.invited";
    public const string InvitationTakenBack = "member.invitation-taken-back";
    public const string Joined = "member.joined";
    public const string RoleChanged = "member.role-changed";
    public const string MemberRemoved = "member.removed";
    public const string StaffAdded = "staff.added";
    public const string StaffRemoved = "staff.removed";
    public const string StaffAsked = "staff.asked";
    public const string StaffApproved = "staff.approved";
    public const string StaffAllowed = "staff.allowed";
    public const string StaffEnded = "staff.ended";
    public const string StaffLooked = "staff.looked";
    public const string AccessReviewed = "access.reviewed";
    public const string SessionEnded = "session.ended";
    public const string PasswordChanged = "password.changed";
    public const string ResetAsked = "password.reset-asked";
    public const string PasswordReset = "password.reset";
    public const string AuthenticatorOn = "authenticator.on";
    public const string AuthenticatorOff = "authenticator.off";
    public const string PasskeyAdded = "passkey.added";
    public const string PasskeyRemoved = "passkey.removed";
    public const string SignOnLinked = "sign-on.linked";
    public const string SignOnUnlinked = "sign-on.unlinked";
    public const string Proven = "session.proven";
    public const string Corrected = "account.corrected";
    public const string CaseOpened = "request.opened";
    public const string CaseAnswered = "request.answered";
    public const string CaseClosed = "request.closed";
    public const string CaseRejected = "request.rejected";
    public const string PersonFrozen = "person.frozen";
    public const string PersonErased = "person.erased";
    public const string DemandRequested = "demand.requested";
    public const string DemandApproved = "demand.approved";
    public const string DemandDisclosed = "demand.disclosed";
    public const string Connected = "consent.given";
    public const string Withdrawn = "consent.withdrawn";
    public const string Agreed = "agreement.given";
    public const string AgreementEnded = "agreement.taken-back";
    public const string Announced = "announcement.made";
    public const string AnnouncementEnded = "announcement.taken-back";
    public const string SecretRenewed = "client-secret.renewed";
    public const string Settings = "settings.changed";
    public const string Automation = "automation.changed";
    public const string Costs = "costs.changed";
    public const string Exchange = "exchange.changed";
    public const string Approved = "proposals.approved";
    public const string Rejected = "proposals.rejected";
    public const string Reopened = "proposals.reopened";
    public const string Snoozed = "proposals.snoozed";
    public const string Woken = "proposals.woken";
    public const string OwnValue = "proposals.own-value";
    public const string ApplyNow = "proposals.apply-now";
    public const string RunNow = "run.asked-for";
    public const string Edit = "change.edited";
    public const string Launch = "launch.begun";
    public const string Undo = "change.undo";
    public const string Exported = "export.downloaded";
    public const string ReadIn = "copy.read-in";
    public const string DeletionStarted = "deletion.started";
    public const string DeletionTakenBack = "deletion.taken-back";
    public const string DeletionStopped = "deletion.stopped";
    public const string DeletionRowsGone = "deletion.rows-gone";
    public const string DeletionKeyGone = "deletion.key-gone";
    public const string DeletionClosed = "deletion.closed";
    public const string HoldRequested = "hold.requested";
    public const string HoldApproved = "hold.approved";
    public const string HoldReleased = "hold.released";
    public const string HeadMadeAnew = "audit.head-made-anew";
    public const string EntriesLeft = "audit.entries-left";
    public const string Read = "audit.read";
    public const string Incident = "incident.entry";
    public const string DutyDone = "duty.done";
}
