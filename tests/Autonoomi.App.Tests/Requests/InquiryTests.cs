using System.Net;
using Autonoomi.App.Platform.Requests;
using Autonoomi.App.Platform.Retention;
using Autonoomi.App.Tests.Mail;
using Autonoomi.Testing;
using Microsoft.EntityFrameworkCore;

namespace Autonoomi.App.Tests.Requests;

/// <summary>Asking for a demonstration: a page only where it is switched on; what was written is sealed and goes after 180 days.</summary>
[Collection<MailTests>]
public sealed class InquiryTests(MailHouse house)
{
    private const string Page = "/demonstration";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private InquiryBook Book => house.Get<InquiryBook>();

    [Fact]
    [Promise("P-1.1-b")]
    public async Task What_a_stranger_writes_rests_sealed_and_is_deleted_after_180_days()
    {
        await EmptyAsync();
        using var stranger = house.Open();
        var fields = new Dictionary<string, string> { ["name"] = "Bea Asker", ["email"] = "bea@asker.example.com", ["text"] = "too short" };
        Assert.Contains("write 10 to 2000", await BodyAsync(await stranger.SubmitAsync(Page, "inquire", fields)), StringComparison.Ordinal);
        fields["text"] = "Please show me how bids are found.";
        Assert.Contains("It was sent", await BodyAsync(await stranger.SubmitAsync(Page, "inquire", fields)), StringComparison.Ordinal);

        var asked = Assert.Single(await Book.ListAsync(Stop));
        Assert.Equal(("Bea Asker", "bea@asker.example.com", "Please show me how bids are found."), (asked.Name, asked.Mail, asked.Text));
        await using (var db = house.Db())
        {
            var row = await db.Inquiries.AsNoTracking().SingleAsync(Stop);
            foreach (var (value, plain) in new[] { (row.SealedName, "Bea"), (row.SealedMail, "asker"), (row.SealedText, "bids") }) Assert.DoesNotContain(plain, System.Text.Encoding.UTF8.GetString(value), StringComparison.Ordinal);
        }

        await house.Get<RetentionKeeper>().PassAsync(asked.At.AddDays(180).AddSeconds(-1), Stop);
        Assert.Single(await Book.ListAsync(Stop));
        await house.Get<RetentionKeeper>().PassAsync(asked.At.AddDays(180), Stop);
        Assert.Empty(await Book.ListAsync(Stop));
    }

    [Theory]
    [InlineData("name", "Bea\nAsker")]
    [InlineData("name", "")]
    [InlineData("email", "bea@asker.example.com\r\nBcc: eve@evil.example.com")]
    [InlineData("email", "bea")]
    public async Task What_breaks_a_rule_is_refused_with_words_and_not_stored(string field, string value)
    {
        await EmptyAsync();
        using var stranger = house.Open();
        var answer = await BodyAsync(await stranger.SubmitAsync(Page, "inquire", new(new Dictionary<string, string> { ["name"] = "Bea", ["email"] = "bea@asker.example.com", ["text"] = "Please show me.", [field] = value })));

        Assert.Contains("role=\"alert\"", answer, StringComparison.Ordinal);
        Assert.Empty(await Book.ListAsync(Stop));
    }

    [Fact]
    public async Task Strangers_fill_no_store_and_one_is_deleted_on_demand()
    {
        await EmptyAsync();
        for (var number = 0; number < InquiryBook.MostADay; number++) Assert.Null(await Book.AskAsync("Bea", "bea@asker.example.com", "Please show me.", Stop));
        Assert.Contains("Too many people asked today", (await Book.AskAsync("Bea", "bea@asker.example.com", "Please show me.", Stop))!.Message, StringComparison.Ordinal);

        var first = (await Book.ListAsync(Stop))[0].Id;
        Assert.True(await Book.DeleteAsync(first, Stop));
        Assert.False(await Book.DeleteAsync(first, Stop));
        await EmptyAsync();
    }

    private async Task EmptyAsync()
    {
        await using var db = house.Db();
        await db.Inquiries.ExecuteDeleteAsync(Stop);
    }

    private static async Task<string> BodyAsync(System.Net.Http.HttpResponseMessage answer) => WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(Stop));
}
