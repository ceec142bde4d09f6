using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Mail;
using Autonoomi.App.Platform.Shell;
using Autonoomi.App.Platform.Web;

namespace Autonoomi.App.Features.Mail;

/// <summary>
/// Leaving optional mail by the address in it (RFC 8058): one POST, by whoever has the address, without session or cookie. Looking at it does nothing,
/// because programs look at links before people do. Nothing here says whose address it is.
/// </summary>
public static class LeaveEndpoints
{
    public static void MapLeaving(this WebApplication app)
    {
        app.MapGet(LeaveLinks.Path, AskAsync).AllowAnonymous().RequireRateLimiting(RatePolicy.MailLink);
        app.MapPost(LeaveLinks.Path, LeaveAsync).AllowAnonymous().RequireRateLimiting(RatePolicy.MailLink).WithMetadata(new ProofInAddress()).DisableAntiforgery();
    }

    private static Task AskAsync(string? link, LeaveLinks links, HttpContext context) => links.Read(link) is { } found
        ? PlainPage.AskAsync(context, $"No more {MailRule.Of(found.Kind).Name}?", "Press the button, and none is sent from this moment on. Notices that concern the account itself still come.", $"No more {MailRule.Of(found.Kind).Name}", context.RequestAborted)
        : UnknownAsync(context);

    private static async Task LeaveAsync(string? link, LeaveLinks links, MailChoices choices, HttpContext context)
    {
        if (links.Read(link) is not { } found)
        {
            await UnknownAsync(context);
            return;
        }

        await choices.SayAsync(found.User, found.Kind, wanted: false, AgreedBy.Mail, context.RequestAborted);
        await PlainPage.WriteAsync(context, StatusCodes.Status200OK, $"No more {MailRule.Of(found.Kind).Name}", "None is sent from now on. You can choose them again on the page Your data.", ShellAddresses.YourData, "Go to Your data", context.RequestAborted);
    }

    private static Task UnknownAsync(HttpContext context) =>
        PlainPage.WriteAsync(context, StatusCodes.Status404NotFound, "This link leads nowhere", "It is not whole. Take it from the mail once more, or choose on the page Your data which mail you want.", ShellAddresses.YourData, "Go to Your data", context.RequestAborted);
}
