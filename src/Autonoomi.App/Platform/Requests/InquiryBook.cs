using System.Net.Mail;
using Autonoomi.App.Platform.Data;
using Autonoomi.Vault;
using Microsoft.EntityFrameworkCore;

namespace Autonoomi.App.Platform.Requests;

/// <summary>Section <c>Autonoomi:Inquiries</c>.</summary>
public sealed class InquirySettings
{
    /// <summary>True: strangers may ask for a demonstration. False: there is no such page.</summary>
    public bool Open { get; set; }
}

/// <param name="Id">Names it.</param>
/// <param name="Name">Who asks.</param>
/// <param name="Mail">Where the answer goes.</param>
/// <param name="Text">What was written.</param>
/// <param name="At">When.</param>
public sealed record Inquiry(Guid Id, string Name, string Mail, string Text, DateTimeOffset At);

public sealed record WrongInquiry(string Text) : Error(Text);

/// <summary>What strangers write to ask for a demonstration: sealed, read by whoever runs the installation, and gone after 180 days.</summary>
public sealed class InquiryBook(AppDbs databases, KeyChain keys, TimeProvider clock)
{
    public const int LongestText = 2_000;

    /// <summary>So many are taken within a day: the store is not to be filled by strangers.</summary>
    public const int MostADay = 200;

    private const string Table = "inquiry";

    /// <param name="name">Who asks; on one line.</param>
    /// <param name="mail">One address.</param>
    /// <param name="text">10 to 2,000 characters.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What is wrong; null when it is stored.</returns>
    public async Task<Error?> AskAsync(string name, string mail, string text, CancellationToken cancellationToken)
    {
        (name, mail, text) = (name.Trim(), mail.Trim(), text.Trim());
        if (name.Length is 0 or > 100 || name.Any(char.IsControl)) return new WrongInquiry("Name: write it on one line, at most 100 characters.");
        if (mail.Length > 254 || !MailAddress.TryCreate(mail, out var address) || address.Address != mail || !address.Host.Contains('.', StringComparison.Ordinal)) return new WrongInquiry("E-mail: write an address like name@example.com.");
        if (text.Length is < 10 or > LongestText) return new WrongInquiry($"What you want to see: write 10 to {LongestText} characters.");
        var now = clock.GetUtcNow();
        var since = now.AddDays(-1);
        await using var db = databases.System();
        if (await db.Inquiries.CountAsync(row => row.At > since, cancellationToken) >= MostADay) return new WrongInquiry("Too many people asked today. Try again tomorrow, or write to the address in the privacy policy.");
        var id = Guid.CreateVersion7(now);
        byte[] Sealed(string column, string plain) => keys.Application.SealText(Table, column, id.ToString("N"), plain);
        db.Inquiries.Add(new() { Id = id, SealedName = Sealed("name", name), SealedMail = Sealed("mail", mail), SealedText = Sealed("text", text), At = now });
        await db.SaveChangesAsync(cancellationToken);
        return null;
    }

    /// <returns>All that are kept, the newest first.</returns>
    public async Task<IReadOnlyList<Inquiry>> ListAsync(CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        var rows = await db.Inquiries.AsNoTracking().OrderByDescending(row => row.At).ToListAsync(cancellationToken);
        return [.. rows.Select(row => new Inquiry(row.Id, Opened(row, "name", row.SealedName), Opened(row, "mail", row.SealedMail), Opened(row, "text", row.SealedText), row.At))];
    }

    /// <returns>False when there is none of that id.</returns>
    public async Task<bool> DeleteAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        return await db.Inquiries.Where(row => row.Id == id).ExecuteDeleteAsync(cancellationToken) == 1;
    }

    private string Opened(InquiryRow row, string column, byte[] value) => keys.Application.OpenText(Table, column, row.Id.ToString("N"), value);
}
