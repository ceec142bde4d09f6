using System.Net.Mail;

namespace Autonoomi.App.Features.Account;

/// <summary>What names and addresses may be, wherever they are typed in.</summary>
internal static class PersonRules
{
    public static WrongField? Organisation(string name) =>
        name.Length is 0 or > 100 || name.Any(char.IsControl) ? new("organisation", "Write the organisation's name on one line, at most 100 characters.") : null;

    public static WrongField? Name(string name) =>
        name.Length is 0 or > 100 || name.Any(char.IsControl) ? new("name", "Write your name on one line, at most 100 characters.") : null;

    public static WrongField? Email(string email) =>
        email.Length > 254 || !MailAddress.TryCreate(email, out var address) || address.Address != email || !address.Host.Contains('.', StringComparison.Ordinal) ? new("email", "Write an e-mail address like name@example.com.") : null;
}
