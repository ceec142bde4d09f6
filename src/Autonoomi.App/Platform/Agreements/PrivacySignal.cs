using System.Security.Claims;

namespace Autonoomi.App.Platform.Agreements;

/// <summary>
/// Global Privacy Control: a browser that sends <c>Sec-GPC: 1</c> objects to sale and sharing. Nothing is sold or shared; the objection is written down
/// all the same, for whoever is signed in.
/// </summary>
public static class PrivacySignal
{
    public const string Header = "Sec-GPC";

    public static bool IsSent(HttpContext context) => context.Request.Headers[Header] == "1";

    public static async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (IsSent(context) && Guid.TryParse(context.User.FindFirstValue(ClaimTypes.NameIdentifier), out var user))
            await context.RequestServices.GetRequiredService<AgreementBook>().HeardSignalAsync(user, context.RequestAborted);
        await next(context);
    }
}
