using Autonoomi.App.Platform;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Identity;
using Microsoft.AspNetCore.Identity;

namespace Autonoomi.App.Features.Account;

/// <param name="Field">Name of the form field.</param>
/// <param name="Text">What is wrong and what to do.</param>
public sealed record WrongField(string Field, string Text) : Error(Text);

/// <summary>The address has an account. A page must not tell: it answers as if all had gone well.</summary>
public sealed record EmailTaken() : Error("There is an account with this e-mail already.");

/// <summary>What belongs to a new account and is written with it: both are there, or neither.</summary>
/// <param name="db">In the transaction in which the account was written.</param>
/// <param name="user">Key of the user row.</param>
/// <returns>What is wrong; nothing is written then.</returns>
public delegate Task<Error?> WithAccount(AppDb db, Guid user);

/// <summary>The account of a person, by the rules that hold however somebody comes.</summary>
public sealed class NewPerson(UserManager<AppUser> users, SealedUserStore store, AppDbs databases, TimeProvider clock)
{
    /// <returns>The first field that is wrong; null when all are right.</returns>
    public static WrongField? Wrong(string name, string email, string password, bool adult)
    {
        (name, email) = (name.Trim(), email.Trim());
        if ((PersonRules.Name(name) ?? PersonRules.Email(email)) is { } wrong) return wrong;
        if (password.Length > 200) return new("password", "Passwords have at most 200 characters.");
        return adult ? null : new("adult", "An account can be made only by somebody who is 18 or older.");
    }

    /// <returns>Why a password is too weak, by all rules for passwords; null when it is good.</returns>
    internal static async Task<string?> WeakAsync(UserManager<AppUser> users, AppUser user, string password)
    {
        foreach (var validator in users.PasswordValidators)
            if ((await validator.ValidateAsync(users, user, password)).Errors.FirstOrDefault() is { } weak)
                return weak.Code == nameof(IdentityErrorDescriber.PasswordTooShort) ? "The password needs at least 12 characters." : weak.Description;
        return null;
    }

    /// <param name="name">Checked by <see cref="Wrong"/>, as are the next two.</param>
    /// <param name="email">Signs in with it.</param>
    /// <param name="password">Judged here once more, by all rules for passwords; null for a person whom a provider vouched for, who has none.</param>
    /// <param name="oneTime">True when a command made the password and printed it.</param>
    /// <param name="rest">The membership without which an account would be a dead end and its address taken for ever, and what goes with it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The account's key. On an error nothing is written.</returns>
    public async Task<Result<Guid>> MakeAsync(string name, string email, string? password, bool oneTime, WithAccount rest, CancellationToken cancellationToken)
    {
        var user = new AppUser { Email = email.Trim(), Name = name.Trim(), SecurityStamp = SealedUserStore.NewStamp(), CreatedAt = clock.GetUtcNow(), OneTimePassword = oneTime };
        if (password is not null)
        {
            if (await WeakAsync(users, user, password) is { } weak) return new WrongField("password", weak);
            if (password.Contains(user.Email, StringComparison.OrdinalIgnoreCase)) return new WrongField("password", "The password must not hold the e-mail address.");
            user.PasswordHash = users.PasswordHasher.HashPassword(user, password);
        }

        foreach (var validator in users.UserValidators)
        {
            var errors = (await validator.ValidateAsync(users, user)).Errors.ToList();
            if (errors.Any(error => error.Code is nameof(IdentityErrorDescriber.DuplicateEmail) or nameof(IdentityErrorDescriber.DuplicateUserName))) return new EmailTaken();
            if (errors.Count > 0) return new WrongField("email", errors[0].Description);
        }

        // The framework's own way of making a person would be a transaction of its own.
        await using var db = databases.System();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (!await store.TryAddAsync(db, user, cancellationToken)) return new EmailTaken();
        if (await rest(db, user.Id) is { } refused) return refused;
        await transaction.CommitAsync(cancellationToken);
        return user.Id;
    }
}
