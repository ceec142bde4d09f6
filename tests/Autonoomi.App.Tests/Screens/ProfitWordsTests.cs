using Autonoomi.App.Features.Profit;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit.Ledger;

namespace Autonoomi.App.Tests.Screens;

public sealed class ProfitWordsTests
{
    private static readonly Currency Usd = new("USD");
    private static readonly DateOnly Day = new(2026, 8, 3);

    [Fact]
    public void Missing_goods_are_told_in_units_and_everything_else_in_money()
    {
        var goods = new Finding(FindingKind.GoodsNotReturned, LedgerKind.Reimbursement, 7, new Sku("S-1"), Day, 2, null, Money.Zero(Usd));
        var fee = new Finding(FindingKind.WrongFee, LedgerKind.ReferralFee, 7, new Sku("S-1"), Day, 0, new Money(-3, Usd), new Money(-4, Usd));

        Assert.Equal("2026-08-03 S-1, refunded: 2 of its units missing", ProfitWords.Of(goods));
        Assert.EndsWith(" reimbursed for others", ProfitWords.Of(goods with { Actual = new Money(12, Usd) }), StringComparison.Ordinal);
        Assert.StartsWith("2026-08-03 S-1, referral fee: ", ProfitWords.Of(fee), StringComparison.Ordinal);
    }

    [Fact]
    public void The_audit_says_since_when_goods_are_looked_for()
    {
        Assert.Contains("2026-08-03", ProfitWords.Of(new KnownReturns(new DateSpan(Day, Day.AddDays(90)), [])), StringComparison.Ordinal);
        Assert.Contains("not looked for", ProfitWords.Of((KnownReturns?)null), StringComparison.Ordinal);
    }
}
