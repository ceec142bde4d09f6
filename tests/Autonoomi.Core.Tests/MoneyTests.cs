using Autonoomi.Core.Primitives;

namespace Autonoomi.Core.Tests;

public sealed class MoneyTests
{
    private static readonly Currency Usd = new("USD");

    [Fact]
    public void Two_currencies_never_meet() =>
        Assert.Throws<InvalidOperationException>(() => new Money(1, Usd) + new Money(1, new Currency("EUR")));

    [Fact]
    public void Micros_are_exact() => Assert.Equal(new Money(12.34m, Usd), Money.FromMicros(new Money(12.34m, Usd).ToMicros(), Usd));

    [Theory]
    [InlineData("ATVPDKIKX0DER", 0.999, 0.99)]
    [InlineData("ATVPDKIKX0DER", 0.001, 0.02)]
    [InlineData("A1VC38T7YXB528", 99.9, 99)]
    public void A_bid_is_rounded_down_to_the_step_and_into_the_limits(string marketplace, double bid, double expected) =>
        Assert.Equal((decimal)expected, Marketplace.Find(marketplace).RoundBid(bid).Amount);
}
