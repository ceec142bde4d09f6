#pragma warning disable RS0030 // the command-line edge

using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Environments;
using Autonoomi.App.Platform.Identity;
using Autonoomi.App.Platform.Staff;
using Autonoomi.Core.Primitives;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Autonoomi.App.Features.Staff;

/// <summary>The operator's own people, and their access to sellers' pages: none but by a grant. Works beside a running product.</summary>
internal static class StaffCommand
{
    private const string NobodyThere = "http://127.0.0.1:9";
    private const int PasswordLength = 24;
    private const string PasswordLetters = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    public static Command Create()
    {
        var data = new Option<string?>("--data") { Description = "Data folder, when it is not the configured one.", Recursive = true };
        var email = new Option<string>("--email") { Description = "E-mail address of the person.", Required = true };
        var name = new Option<string>("--name") { Description = "Name, where the account has to be made.", DefaultValueFactory = _ => "Staff" };
        var role = new Option<StaffRole>("--role") { Description = "Support asks and looks; Approver approves as well.", DefaultValueFactory = _ => StaffRole.Support };
        var command = new Command("staff", """
            The operator's own people. Nobody of them sees a seller's data without a grant: for one person, one account, with reason and
            case, approved by a second person and then by an owner of the seller, for at most eight hours, to look only. The seller can end it.
            request and approve ask for the person's password, and a code where an authenticator app is set up; from a pipe they are read line by line.
            """) { data };

        void Add(string word, string what, Func<ParseResult, IServiceProvider, CancellationToken, Task<int>> work, params Symbol[] symbols)
        {
            var sub = new Command(word, what);
            foreach (var symbol in symbols)
                if (symbol is Argument argument) sub.Arguments.Add(argument);
                else sub.Options.Add((Option)symbol);
            sub.SetAction((parsed, cancellationToken) => CommandEdge.GuardAsync(() => OnStoreAsync(parsed.GetValue(data), (services, stop) => work(parsed, services, stop), cancellationToken)));
            command.Subcommands.Add(sub);
        }

        Add("add", "Adds a person; without an account one is made and its password printed once.",
            (parsed, services, stop) => AddAsync(services, parsed.GetRequiredValue(email), parsed.GetValue(name)!, parsed.GetValue(role), stop), email, name, role);
        Add("remove", "Takes a person out: they look at nothing any more, at once.", async (parsed, services, stop) =>
        {
            var user = await FindAsync(services, parsed.GetRequiredValue(email));
            return user is not null && await services.GetRequiredService<StaffAccess>().RemoveAsync(user.Id, stop) ? Said("They are none of the operator's people any more.") : Wrong("There is no such person among the operator's people.");
        }, email);

        var seller = new Option<Guid>("--seller") { Description = "Seller account; 'delete --list' shows them.", Required = true };
        var reason = new Option<string>("--reason") { Description = "What has to be looked at, in at least 20 characters. The seller reads it.", Required = true };
        var number = new Option<string>("--case") { Description = "Number of the case.", Required = true };
        var minutes = new Option<int>("--minutes") { Description = $"How long, from the seller's yes on; at most {StaffAccess.LongestMinutes}.", DefaultValueFactory = _ => StaffAccess.UsualMinutes };
        Add("request", "Asks for a grant. It opens nothing until somebody else has approved it and an owner of the seller has said yes.", async (parsed, services, stop) =>
        {
            if (await ProvenAsync(services, parsed.GetRequiredValue(email)) is not { } user) return Wrong(NotProven);
            var asked = await services.GetRequiredService<StaffAccess>().RequestAsync(new(user.Id, new SellerId(parsed.GetRequiredValue(seller)), parsed.GetRequiredValue(reason), parsed.GetRequiredValue(number), parsed.GetValue(minutes)), stop);
            return asked.Error is { } wrong ? Wrong(wrong.Message) : Said($"Grant {asked.Value} waits for approval: staff approve {asked.Value} --email SOMEBODY-ELSE");
        }, email, seller, reason, number, minutes);

        var grant = new Argument<Guid>("id") { Description = "The grant." };
        Add("approve", "Approves what somebody else asked for.", async (parsed, services, stop) =>
        {
            if (await ProvenAsync(services, parsed.GetRequiredValue(email)) is not { } user) return Wrong(NotProven);
            var wrong = await services.GetRequiredService<StaffAccess>().ApproveAsync(parsed.GetRequiredValue(grant), user.Id, stop);
            return wrong is not null ? Wrong(wrong.Message) : Said("It waits for the yes of an owner of the seller, on the page Your data.");
        }, grant, email);
        Add("revoke", "Ends a grant, or refuses what was asked for. Needs no password.", async (parsed, services, stop) =>
        {
            var staff = services.GetRequiredService<StaffAccess>();
            var id = parsed.GetRequiredValue(grant);
            var known = (await staff.ListAsync(null, stop)).FirstOrDefault(one => one.Id == id);
            return await staff.EndAsync(id, known?.Organisation ?? Guid.Empty, Actor.Operator, stop) is { } wrong ? Wrong(wrong.Message) : Said("It opens nothing any more.");
        }, grant);
        Add("list", "The operator's people and all grants.", (_, services, stop) => ListAsync(services, stop));

        var confirm = new Option<string?>("--confirm") { Description = "E-mail address of a person whose access is still needed." };
        Add("review", "Who has access, and since when nobody looked whether it is needed. Exit code 1 when something is overdue.",
            (parsed, services, stop) => ReviewAsync(services, parsed.GetValue(confirm), stop), confirm);
        return command;
    }

    private const string NotProven = "This is not the password or code of one of the operator's people. Nothing was changed.";

    private static async Task<int> OnStoreAsync(string? data, Func<IServiceProvider, CancellationToken, Task<int>> work, CancellationToken cancellationToken)
    {
        var builder = Product.CreateBuilder(data);
        builder.Configuration["Logging:LogLevel:Default"] = "None"; // the answers are the output
        var storage = builder.ReadStorage();
        if (storage.Provider == StorageEngine.Sqlite && !StoreStart.HasData(storage)) throw new SetupException($"There is no database in '{storage.DataFolder}'. Choose the data folder with --data.");

        // Nothing here calls Amazon: outside Production, where Amazon's own addresses are refused, it needs none that answers.
        if (storage.Environment != DataEnvironment.Production) builder.Configuration["Autonoomi:Amazon:BaseAddress"] ??= NobodyThere;
        await using var app = Product.Build(builder, services => services.RemoveAll<IHostedService>());
        await OpenedStore.DemandCurrentAsync(app.Services.GetRequiredService<AppDbs>(), cancellationToken);
        await using var scope = app.Services.CreateAsyncScope();
        var done = await work(scope.ServiceProvider, cancellationToken);
        await app.Services.GetRequiredService<AuditLog>().MarkAsync(cancellationToken);
        return done;
    }

    private static async Task<int> AddAsync(IServiceProvider services, string email, string name, StaffRole role, CancellationToken cancellationToken)
    {
        var user = await FindAsync(services, email);
        if (user is not null)
        {
            await using var db = services.GetRequiredService<AppDbs>().System();
            if (await db.Memberships.AnyAsync(row => row.User == user.Id, cancellationToken)) return Wrong("This person belongs to a seller's organisation. The operator's people have accounts of their own.");
        }
        else
        {
            var password = RandomNumberGenerator.GetString(PasswordLetters, PasswordLength);
            user = new AppUser { Email = email.Trim(), Name = name.Trim(), CreatedAt = TimeProvider.System.GetUtcNow(), OneTimePassword = true };
            var made = await services.GetRequiredService<UserManager<AppUser>>().CreateAsync(user, password);
            if (!made.Succeeded) return Wrong(string.Join(' ', made.Errors.Select(error => error.Description)));
            Console.WriteLine($"Password, shown only now: {password}");
            Console.WriteLine("Sign in, choose one of your own, and set up a passkey or an authenticator app: without it no grant opens anything.");
        }

        await services.GetRequiredService<StaffAccess>().AddAsync(user.Id, role, cancellationToken);
        return Said($"{email.Trim()} is one of the operator's people now ({role}). That alone opens nothing.");
    }

    private static async Task<int> ListAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var staff = services.GetRequiredService<StaffAccess>();
        foreach (var person in await staff.PeopleAsync(cancellationToken)) Console.WriteLine($"person {await NameAsync(services, person.User)}  {person.Role}, since {At(person.AddedAt)}");
        foreach (var grant in await staff.ListAsync(null, cancellationToken))
            Console.WriteLine($"grant  {grant.Id}  {grant.Standing}  {grant.Staff}, account {grant.Seller.Value}, case {grant.Case}, {grant.Minutes} minutes, asked {At(grant.RequestedAt)}{(grant.Allowed.Length > 0 ? $", opened by {grant.Allowed}" : "")}{(grant.EndsAt is { } ends ? $", {(grant.Standing == GrantStanding.Live ? "ends" : "ended")} {At(ends)}" : "")}, {grant.Uses.Count} looks");
        return 0;
    }

    private static async Task<int> ReviewAsync(IServiceProvider services, string? confirm, CancellationToken cancellationToken)
    {
        var reviews = services.GetRequiredService<AccessReviews>();
        if (confirm is not null)
        {
            if (await FindAsync(services, confirm) is not { } user) return Wrong("There is no such person among the operator's people.");
            return await reviews.ConfirmAsync(AccessReviews.Operator, user.Id, Actor.Operator, cancellationToken) is { } wrong ? Wrong(wrong.Message) : Said("It is written down that the access is still needed.");
        }

        var now = TimeProvider.System.GetUtcNow();
        foreach (var access in await reviews.OfAsync(AccessReviews.Operator, cancellationToken))
            Console.WriteLine($"{(access.IsOverdue(now) ? "OVERDUE" : access.IsDue(now) ? "due    " : "ok     ")} {await NameAsync(services, access.User)}  {(StaffRole)access.Role}, {(access.LookedAt is { } at ? $"looked at {At(at)}" : $"never looked at, since {At(access.Since)}")}");
        var overdue = await reviews.OverdueAsync(cancellationToken);
        var members = overdue.Count(access => access.Organisation != AccessReviews.Operator);
        if (members > 0) Console.WriteLine($"OVERDUE {members} members of organisations: their owners look on the page People");
        return overdue.Count == 0 ? 0 : 1;
    }

    private static async Task<AppUser?> ProvenAsync(IServiceProvider services, string email)
    {
        var user = await FindAsync(services, email);
        var password = Ask("Password: ");
        var users = services.GetRequiredService<UserManager<AppUser>>();
        if (user is null || !(await services.GetRequiredService<SignInManager<AppUser>>().CheckPasswordSignInAsync(user, password, lockoutOnFailure: true)).Succeeded) return null;
        if (!user.TwoFactor) return user;
        return await users.VerifyTwoFactorTokenAsync(user, TokenOptions.DefaultAuthenticatorProvider, Ask("Code of your authenticator app: ").Replace(" ", "", StringComparison.Ordinal)) ? user : null;
    }

    private static string Ask(string what)
    {
        if (Console.IsInputRedirected) return Console.In.ReadLine() ?? "";
        Console.Error.Write(what);
        var typed = new System.Text.StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
            if (key.Key != ConsoleKey.Backspace) typed.Append(key.KeyChar);
            else if (typed.Length > 0) typed.Length--;
        Console.Error.WriteLine();
        return typed.ToString();
    }

    private static Task<AppUser?> FindAsync(IServiceProvider services, string email) => services.GetRequiredService<UserManager<AppUser>>().FindByEmailAsync(email.Trim());

    private static async Task<string> NameAsync(IServiceProvider services, Guid user) =>
        await services.GetRequiredService<UserManager<AppUser>>().FindByIdAsync(user.ToString()) is { } known ? $"{known.Name} <{known.Email}>" : $"{user}";

    private static int Said(string words) => CommandEdge.Told(null, words);

    private static int Wrong(string words) => CommandEdge.Told(new StaffRefused(words), "");

    private static string At(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
