using System.Collections.Frozen;
using System.Collections.Immutable;
using System.IO;
using Microsoft.AspNetCore.Identity;

namespace Autonoomi.App.Platform.Identity;

/// <summary>Words that are guessed first, and passwords that many people have: a password may hold them, but they do not count.</summary>
internal sealed class PasswordWords : IPasswordValidator<AppUser>
{
    /// <summary>Characters that a password needs besides such words.</summary>
    public const int Besides = 8;

    private const int ShortestOwnWord = 4;

    // Shorter ones are not in the list.
    private const int ShortestCommon = 6;
    private const int LongestListed = 40;

    /// <summary>Some 44,000 passwords that leaked most often, in small letters; they are part of the program.</summary>
    public static FrozenSet<string> Common { get; } = ReadCommon();

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
            Description = $"The password needs at least {Besides} characters besides words that are guessed first: the product's and the trade's (autonoomi, amazon, seller), usual ones (password, 123456), your name and your e-mail address, and besides a password that many people have.",
        }));

    /// <returns>How many characters are left when the listed words, the parts of the name and of the e-mail address, and the longest common password in what remains are taken out.</returns>
    internal static int Rest(string password, AppUser user)
    {
        var own = user.Name.Split(' ').Concat(user.Email.Split('@', '.', '-', '_', '+')).Append(user.Email).Where(word => word.Length >= ShortestOwnWord);
        var rest = password;
        foreach (var word in Listed.Concat(own).OrderByDescending(word => word.Length)) rest = rest.Replace(word, "", StringComparison.OrdinalIgnoreCase);
        return Math.Min(rest.Length - LongestCommon(rest), password.Length - LongestCommon(password));
    }

    /// <returns>Length of the longest common password within the text; 0 for none.</returns>
    internal static int LongestCommon(string text)
    {
        var small = text.ToLowerInvariant().AsSpan();
        var known = Common.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var length = Math.Min(small.Length, LongestListed); length >= ShortestCommon; length--)
            for (var start = 0; start + length <= small.Length; start++)
                if (known.Contains(small.Slice(start, length))) return length;
        return 0;
    }

    private static FrozenSet<string> ReadCommon()
    {
        using var stream = typeof(PasswordWords).Assembly.GetManifestResourceStream("common-passwords.txt") ?? throw new InvalidOperationException("The list of common passwords is not part of this program: build it again.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);
    }
}
