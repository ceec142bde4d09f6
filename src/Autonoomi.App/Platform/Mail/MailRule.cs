using System.Collections.Immutable;
using Autonoomi.App.Platform.Data;
using Autonoomi.Privacy;

namespace Autonoomi.App.Platform.Mail;

/// <param name="Kind">Which.</param>
/// <param name="Name">In a sentence: "You get no more … by mail."</param>
/// <param name="Choice">What somebody said yes to before it is sent; null for what everybody must be told.</param>
public sealed record MailRule(MailKind Kind, string Name, AgreedTo? Choice = null)
{
    /// <summary>Security, policy, incidents, deletion, invitations and new passwords: nobody can leave them while the account exists.</summary>
    public bool IsEssential => Choice is null;

    /// <summary>One for each <see cref="MailKind"/>, in its order.</summary>
    public static ImmutableArray<MailRule> All { get; } =
    [
        new(MailKind.Invitation, "invitations"),
        new(MailKind.Policy, "notices of the policy"),
        new(MailKind.Reset, "links for a new password"),
        new(MailKind.Security, "notices about signing in"),
        new(MailKind.Deletion, "notices of deletions"),
        new(MailKind.Incident, "notices of incidents"),
        new(MailKind.WeeklySummary, "weekly summaries", AgreedTo.WeeklySummary),
        new(MailKind.Alert, "alerts", AgreedTo.Alerts),
        new(MailKind.Tip, "tips", AgreedTo.Tips),
    ];

    public static MailRule Of(MailKind kind) => All[(int)kind];
}
