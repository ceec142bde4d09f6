using System.Security.Claims;
using System.Text.Json;
using System.Text.Json.Serialization;
using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Identity;
using Autonoomi.App.Platform.Shell;
using Autonoomi.App.Platform.Web;
using Microsoft.AspNetCore.Identity;

namespace Autonoomi.App.Features.Account;

public static partial class AccountEndpoints
{
    public static WebApplicationBuilder AddAccount(this WebApplicationBuilder builder)
    {
        builder.Services.AddScoped<NewPerson>();
        builder.Services.AddScoped<SignUpHandler>();
        builder.Services.AddScoped<JoinHandler>();
        builder.Services.AddScoped<SignInHandler>();
        builder.Services.AddScoped<SignOnHandler>();
        builder.Services.AddScoped<FreshProof>();
        builder.Services.AddScoped<CorrectHandler>();
        builder.Services.AddScoped<AskResetHandler>();
        builder.Services.AddScoped<ResetHandler>();
        builder.Services.AddSingleton<SignInNotices>();
        return builder;
    }

    /// <summary>What pages cannot do as forms: sign-out from anywhere, and the passkey dialogue that a script leads.</summary>
    public static void MapAccount(this WebApplication app)
    {
        app.MapPost(ShellAddresses.SignOut, async (SignInManager<AppUser> signIn, AuditLog audit, HttpContext context) =>
        {
            if (Guid.TryParse(context.User.FindFirstValue(ClaimTypes.NameIdentifier), out var who)) await audit.WriteAsync(new(AuditAction.SignOut, Actor.Person(who)), context.RequestAborted);
            await signIn.SignOutAsync();
            return TypedResults.LocalRedirect($"{ShellAddresses.SignIn}?from=sign-out");
        });
        app.MapPost("/account/passkey/request-options", async (SignInManager<AppUser> signIn) =>
            TypedResults.Content(await signIn.MakePasskeyRequestOptionsAsync(null!), "application/json")).RequireRateLimiting(RatePolicy.SignIn);
        app.MapPost("/account/passkey/sign-in", SignInAsync).RequireRateLimiting(RatePolicy.SignIn);
        app.MapPost("/account/passkey/prove", ProveAsync).RequireAuthorization().RequireRateLimiting(RatePolicy.SignIn);
        app.MapPost("/account/passkey/creation-options", CreationOptionsAsync).RequireAuthorization();
        app.MapPost("/account/passkey/add", AddPasskeyAsync).RequireAuthorization();
    }

    /// <summary>An address on this site, whatever was asked for.</summary>
    public static string LocalAddress(string? wanted) =>
        wanted is { Length: > 0 } && wanted[0] == '/' && (wanted.Length == 1 || wanted[1] is not ('/' or '\\')) && !wanted.Any(char.IsControl) ? wanted : "/";

    private static async Task<IResult> SignInAsync(PasskeyAnswer answer, AppSignIn signIn, UserManager<AppUser> users, KnownDevices devices, AuditLog audit, HttpContext context)
    {
        // The dialogue demands that the device checks its user: possession and knowledge (or body) in one, so no second code follows. Nobody guesses a key.
        signIn.PassesRest = true;
        var result = await signIn.PasskeySignInAsync(answer.Credential);
        var by = result.Succeeded && Guid.TryParse(context.User.FindFirstValue(ClaimTypes.NameIdentifier), out var who) ? Actor.Person(who) : Actor.Stranger;
        await audit.WriteAsync(new(result.IsLockedOut ? AuditAction.Locked : AuditAction.SignIn, by, Reason: "passkey", Outcome: result.Succeeded ? AuditOutcome.Done : AuditOutcome.Refused), context.RequestAborted);
        if (result.Succeeded && await users.GetUserAsync(context.User) is { } user) devices.Remember(context, user);
        return result.Succeeded
            ? (IResult)TypedResults.Json(new PasskeyDone(LocalAddress(answer.ReturnUrl)), PasskeyJson.Default.PasskeyDone)
            : Refused("This passkey did not sign you in. Try again, or use your password.");
    }

    /// <summary>A fresh proof by a passkey of the person who is signed in.</summary>
    private static async Task<IResult> ProveAsync(PasskeyAnswer answer, SignInManager<AppUser> signIn, UserManager<AppUser> users, FreshProof proof, AuditLog audit, HttpContext context)
    {
        if (await users.GetUserAsync(context.User) is not { } user) return TypedResults.Unauthorized();
        var proven = false;
        try
        {
            var asserted = await signIn.PerformPasskeyAssertionAsync(answer.Credential);
            proven = asserted.Succeeded && asserted.User.Id == user.Id && (await users.AddOrUpdatePasskeyAsync(user, asserted.Passkey)).Succeeded;
        }
        catch (Exception garbage) when (garbage is InvalidOperationException or JsonException or FormatException)
        {
            // No dialogue was begun, or this is no credential.
        }

        await audit.WriteAsync(new(AuditAction.Proven, Actor.Person(user.Id), Reason: "passkey", Outcome: proven ? AuditOutcome.Done : AuditOutcome.Refused), context.RequestAborted);
        if (!proven) return Refused("This passkey did not prove it. Try again, or choose another way.");
        await proof.NoteAsync();
        return TypedResults.Json(new PasskeyDone(LocalAddress(answer.ReturnUrl)), PasskeyJson.Default.PasskeyDone);
    }

    /// <summary>Begins the dialogue for a new passkey, after a fresh proof, which then counts for its end too.</summary>
    private static async Task<IResult> CreationOptionsAsync(PasskeyWanted wanted, SignInManager<AppUser> signIn, UserManager<AppUser> users, FreshProof proof, AuditLog audit, HttpContext context)
    {
        if (await users.GetUserAsync(context.User) is not { } user) return TypedResults.Unauthorized();
        if (await proof.WrongAsync(user, wanted.Proof ?? "") is { } wrong)
        {
            await audit.WriteAsync(new(AuditAction.PasskeyAdded, Actor.Person(user.Id), Reason: "not proven", Outcome: AuditOutcome.Refused), context.RequestAborted);
            return Refused(wrong);
        }

        await proof.NoteAsync();
        var options = await signIn.MakePasskeyCreationOptionsAsync(new PasskeyUserEntity { Id = user.Id.ToString(), Name = user.Email, DisplayName = user.Name });
        return TypedResults.Content(options, "application/json");
    }

    private static async Task<IResult> AddPasskeyAsync(PasskeyAnswer answer, SignInManager<AppUser> signIn, UserManager<AppUser> users, FreshProof proof, AuditLog audit, SignInNotices notices, ILogger<PasskeyAnswer> log, HttpContext context)
    {
        if (await users.GetUserAsync(context.User) is not { } user) return TypedResults.Unauthorized();
        if (!await proof.StandsAsync()) return Refused("The passkey could not be added: the proof of who you are is older than five minutes. Begin again.");
        PasskeyAttestationResult attested;
        try
        {
            attested = await signIn.PerformPasskeyAttestationAsync(answer.Credential);
        }
        catch (Exception garbage) when (garbage is InvalidOperationException or JsonException or FormatException)
        {
            // No dialogue was begun, or this is no credential.
            LogRefused(log, garbage.GetType().Name);
            return Refused("The passkey could not be added: the dialogue ended or took too long. Try again.");
        }

        if (!attested.Succeeded) LogRefused(log, attested.Failure.Message);
        if (!attested.Succeeded || attested.UserEntity.Id != user.Id.ToString()) return Refused("The passkey could not be added: the dialogue ended or took too long. Try again.");
        var name = string.Concat((answer.Name ?? "").Where(letter => !char.IsControl(letter))).Trim();
        attested.Passkey.Name = name.Length > 0 ? name[..Math.Min(name.Length, 60)] : "Passkey";
        var added = await users.AddOrUpdatePasskeyAsync(user, attested.Passkey);
        if (added.Succeeded)
        {
            await audit.WriteAsync(new(AuditAction.PasskeyAdded, Actor.Person(user.Id)), context.RequestAborted);
            await notices.TellAsync(user.Id, SignInNotices.PasskeyAdded, CancellationToken.None);
        }

        return added.Succeeded
            ? (IResult)TypedResults.Json(new PasskeyDone($"{ShellAddresses.Security}?from=passkey"), PasskeyJson.Default.PasskeyDone)
            : Refused("The passkey could not be kept. Load the page again and try once more.");
    }

    // The framework's reasons are fixed sentences about the protocol; they name nobody.
    [LoggerMessage(LogLevel.Warning, "A passkey was not added: {Problem}")]
    private static partial void LogRefused(ILogger log, string problem);

    private static Microsoft.AspNetCore.Http.HttpResults.JsonHttpResult<PasskeyRefused> Refused(string text) => TypedResults.Json(new PasskeyRefused(text), PasskeyJson.Default.PasskeyRefused, statusCode: StatusCodes.Status400BadRequest);
}

/// <param name="Credential">JSON of the browser's credential.</param>
/// <param name="Name">What the person calls the passkey.</param>
/// <param name="ReturnUrl">Where the person wanted to go.</param>
internal sealed record PasskeyAnswer(string Credential, string? Name, string? ReturnUrl);

/// <param name="Proof">Password or code; null where the person proved it on another way.</param>
internal sealed record PasskeyWanted(string? Proof);

internal sealed record PasskeyDone(string Location);

internal sealed record PasskeyRefused(string Text);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(PasskeyDone))]
[JsonSerializable(typeof(PasskeyRefused))]
internal sealed partial class PasskeyJson : JsonSerializerContext;
