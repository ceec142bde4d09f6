using Autonoomi.Core.Health;

namespace Autonoomi.Core.Tests.Health;

public sealed class HealthTests
{
    [Fact]
    public void Print()
    {
        for (var seed = 1; seed < 6; seed++)
        {
            var review = Optimiser.Review(new SomeStorefront { Seed = seed, ClicksPerDay = 2 }.Build(), DecisionSettings.Default);
            var health = review.Health;
            TestContext.Current.TestOutputHelper!.WriteLine($"{health.Score} {health.Low}..{health.High} {health.Band} profit {health.Profit} lost {health.Lost} gates {string.Join(',', health.Gates.Select(g => g.Kind))}");
            foreach (var part in health.Parts) TestContext.Current.TestOutputHelper!.WriteLine($"   {part.Part} {part.Score} {part.Lost} {string.Join("; ", part.Figures.Select(f => $"{f.Name}={f.Value:0.##}"))}");
        }
        Assert.Fail();
    }
}
