using System.Collections.Immutable;
using Microsoft.AspNetCore.Identity;

namespace Autonoomi.App.Platform.Identity;

/// <summary>Words that are guessed first: a password may hold them, but they do not count.</summary>
internal sealed class PasswordWords : IPasswordValidator<AppUser>
{
    /// <summary>Characters that a password needs besides such words.</summary>
    public const int Besides = 8;

    private const int ShortestOwnWord = 4;

    public static ImmutableArray<string> Listed { get; } =
    [
        "autonoomi", "amazon", "seller", "sponsored", "advertising", "campaign", "keyword", "profit", "marketplace", "admin", "administrator",
        "owner", "manager", "analyst", "viewer", "password", "passwort", "welcome", "letmein", "qwerty", "qwertz", "azerty", "asdfgh", "123456",
    ];

    public Task<IdentityResult> ValidateAsync(UserManager<AppUser> manager, AppUser user, string? password) => Task.FromResult(Rest(password ?? "", user) >= Besides
        ? IdentityResult.Success
        : IdentityResult.Failed(new IdentityError
        {
            Code = "PasswordOfWords",
            Description = $"The password needs at least {Besides} characters besides words that are guessed first: the product's and the trade's (autonoomi, amazon, seller), usual ones (password, 123456), your name and your e-mail address.",
        }));

    /// <returns>How many characters are left when the listed words, the parts of the name and of the e-mail address are taken out.</returns>
    internal static int Rest(string password, AppUser user)
    {
        var own = user.Name.Split(' ').Concat(user.Email.Split('@', '.', '-', '_', '+')).Append(user.Email).Where(word => word.Length >= ShortestOwnWord);
        var rest = password;
        foreach (var word in Listed.Concat(own).OrderByDescending(word => word.Length)) rest = rest.Replace(word, "", StringComparison.OrdinalIgnoreCase);
        return rest.Length;
    }
}
