using System.Globalization;
using System.Net;
using System.Text;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Policy;
using MimeKit;

namespace Autonoomi.App.Platform.Mail;

/// <summary>A letter as a mail: text and HTML from the same words. Nothing of it is fetched from anywhere, and every link leads to the product.</summary>
internal sealed class MailPaper(MailSettings settings, OperatorSettings by, LeaveLinks links)
{
    private const string Style =
        ":root{color-scheme:light dark}body{margin:0;padding:24px 12px;background:#f4f6f8;color:#17202b;font:16px/1.55 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif;-webkit-text-size-adjust:100%}" +
        ".card,.foot{box-sizing:border-box;max-width:560px;margin:0 auto}.card{background:#fff;border:1px solid #d8dee6;border-radius:12px;padding:24px}" +
        "h1{margin:0 0 12px;font-size:20px;line-height:1.3}p{margin:0 0 14px;overflow-wrap:anywhere}.brand{font-weight:600;margin:0 0 18px}" +
        ".btn{display:inline-block;background:#1f5fbf;color:#fff;text-decoration:none;font-weight:600;padding:12px 18px;border-radius:8px}.soft,.foot{color:#55616f;font-size:13px}.foot{padding:16px 4px}a{color:#1f5fbf}" +
        "@media (prefers-color-scheme:dark){body{background:#12171d;color:#e6ebf1}.card{background:#1a2129;border-color:#303a45}.btn{background:#8ab8ff;color:#0c1a2e}.soft,.foot{color:#a4b0bd}a{color:#8ab8ff}}";

    /// <param name="row">Which mail.</param>
    /// <param name="letter">What it says.</param>
    /// <param name="now">Its date.</param>
    public MimeMessage Write(MailRow row, Letter letter, DateTimeOffset now)
    {
        var rule = MailRule.Of(row.Kind);
        var leave = !rule.IsEssential && row.User is { } user ? new Uri(settings.Product!, links.PathOf(user, row.Kind)) : null;
        var mail = new MimeMessage { Subject = letter.Subject, Date = now, MessageId = IdOf(row) };
        mail.From.Add(new MailboxAddress("Autonoomi", settings.From));
        mail.To.Add(MailboxAddress.Parse(letter.To));
        mail.Headers.Add("Auto-Submitted", "auto-generated");
        if (leave is not null)
        {
            // RFC 8058: one POST without asking back, which needs no session.
            mail.Headers.Add(HeaderId.ListUnsubscribe, $"<{leave.AbsoluteUri}>");
            mail.Headers.Add("List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
        }

        mail.Body = new MultipartAlternative(Part("plain", Text(letter, rule, leave)), Part("html", Html(letter, rule, leave)));
        return mail;
    }

    /// <summary>The same however often a mail is tried, so that a server or reader that knows it drops a second copy.</summary>
    public string IdOf(MailRow row) => $"{row.Id:N}@{settings.From[(settings.From.IndexOf('@', StringComparison.Ordinal) + 1)..]}";

    private static TextPart Part(string subtype, string text)
    {
        var part = new TextPart(subtype) { ContentTransferEncoding = ContentEncoding.QuotedPrintable };
        part.SetText(Encoding.UTF8, text);
        return part;
    }

    private string Text(Letter letter, MailRule rule, Uri? leave)
    {
        var text = new StringBuilder().Append(letter.Subject).Append("\n\n");
        foreach (var line in letter.Lines) text.Append(line).Append("\n\n");
        if (Target(letter) is { } target) text.Append(letter.Button).Append(":\n").Append(target).Append("\n\n");
        text.Append("-- \n").Append(Why(rule)).Append('\n').Append(Sender).Append('\n');
        if (leave is not null) text.Append("No more ").Append(rule.Name).Append(":\n").Append(leave.AbsoluteUri).Append('\n');
        return text.ToString();
    }

    private string Html(Letter letter, MailRule rule, Uri? leave)
    {
        var html = new StringBuilder("<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><meta name=\"color-scheme\" content=\"light dark\"><title>")
            .Append(Encoded(letter.Subject)).Append("</title><style>").Append(Style).Append("</style></head><body><div class=\"card\"><p class=\"brand\">Autonoomi</p><h1>").Append(Encoded(letter.Subject)).Append("</h1>");
        foreach (var line in letter.Lines) html.Append("<p>").Append(Encoded(line)).Append("</p>");
        if (Target(letter) is { } target)
            html.Append("<p><a class=\"btn\" href=\"").Append(Encoded(target)).Append("\">").Append(Encoded(letter.Button!)).Append("</a></p><p class=\"soft\">If the button does nothing: ").Append(Encoded(target)).Append("</p>");
        html.Append("</div><div class=\"foot\"><p>").Append(Encoded(Why(rule))).Append("</p><p>").Append(Encoded(Sender)).Append("</p>");
        if (leave is not null) html.Append("<p><a href=\"").Append(Encoded(leave.AbsoluteUri)).Append("\">No more ").Append(Encoded(rule.Name)).Append("</a></p>");
        return html.Append("</div></body></html>").ToString();
    }

    private string? Target(Letter letter) => letter is { Button: not null, Path: { } path } ? new Uri(settings.Product!, path).AbsoluteUri : null;

    private string Sender => string.Create(CultureInfo.InvariantCulture, $"{by.Name}, {by.Address}. Questions: {by.PrivacyMail}");

    private static string Why(MailRule rule) => rule.IsEssential ? "You are told this because it concerns your account or one that you are asked to join." : "You get this because you chose it on the page Your data.";

    private static string Encoded(string text) => WebUtility.HtmlEncode(text);
}
