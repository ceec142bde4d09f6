using Autonoomi.Amazon.Login;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Tests.Connect;
using Autonoomi.Core.Primitives;
using Autonoomi.Privacy;
using Autonoomi.Testing;
using Microsoft.EntityFrameworkCore;

namespace Autonoomi.App.Tests.Agreements;

/// <summary>What connecting Amazon, and withdrawing there, leave behind.</summary>
public sealed class ConsentedTests(Connected connected) : IClassFixture<Connected>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    [Promise("P-9.1-a")]
    public async Task Connecting_records_the_words_of_both_consents_and_a_withdrawal_at_Amazon_ends_one()
    {
        var organisation = Guid.NewGuid();
        var seller = await connected.ConnectAsync(Stop, organisation);

        var given = await RowsAsync(seller);
        Assert.Equal([AgreedTo.SellingPartner, AgreedTo.Ads], given.Select(row => row.What).Order());
        Assert.All(given, row =>
        {
            var text = AgreementTexts.Of(row.What);
            Assert.Equal((true, AgreedBy.Command, organisation, text.Words, text.Version, text.Sha256, connected.Now), (row.Given, row.Channel, row.Organisation, row.Words, row.Version, row.TextHash, row.At));
        });

        await connected.Amazon.SetFaultsAsync(new { revoke = new[] { "ads" } }, Stop);
        connected.Pass(TimeSpan.FromDays(1));
        while (await connected.Grants.LookAsync(seller, Stop)) connected.Pass(TimeSpan.FromSeconds(61));

        var ended = Assert.Single(await RowsAsync(seller), row => !row.Given);
        Assert.Equal((AgreedTo.Ads, AgreedBy.Amazon, (Guid?)null), (ended.What, ended.Channel, ended.User));
        Assert.Equal(GrantState.ReauthRequired, (await connected.ViewAsync(seller, GrantKind.Ads, Stop)).State);
    }

    private async Task<List<AgreementRow>> RowsAsync(SellerId seller)
    {
        await using var db = connected.Db();
        return await db.Agreements.AsNoTracking().Where(row => row.Seller == seller.Value).OrderBy(row => row.At).ThenBy(row => row.Id).ToListAsync(Stop);
    }
}
