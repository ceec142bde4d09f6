using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Jobs;
using Autonoomi.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Autonoomi.App.Tests.Run;

/// <summary>A first import that ends again and again in the middle of a request to Amazon, each time followed by a new process on the same data.</summary>
public sealed class ResumeTests
{
    // Each life is a little longer than the one before, so that the longest step is done in one of them.
    private const int LongerEachLife = 3;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_first_import_that_ends_in_every_kind_of_step_leaves_what_an_undisturbed_one_leaves()
    {
        await using var calmAmazon = await PretendAmazon.StartAsync(seed: 21, historyDays: 35, "--products", "5");
        await using var calm = await Workshop.AtPretendAmazonAsync(calmAmazon, null, null, Stop);
        Assert.Equal(RunState.Done, (await calm.RunAsync(RunKind.Full, [new(StepNames.Structure, null)], Stop)).State);

        var fate = new Fate();
        await using var amazon = await PretendAmazon.StartAsync(seed: 21, historyDays: 35, "--products", "5");
        await using var shop = await Workshop.AtPretendAmazonAsync(amazon, null, services =>
        {
            foreach (var name in new[] { "autonoomi-amazon-ads", "autonoomi-amazon-selling-partner", "autonoomi-amazon-documents" }) services.AddHttpClient(name).AddHttpMessageHandler(() => new Interrupting(fate));
        }, Stop);
        await shop.RequestAsync(RunKind.Full, [new(StepNames.Structure, null)], Stop);
        var lives = 0;
        while (true)
        {
            lives++;
            using var life = CancellationTokenSource.CreateLinkedTokenSource(Stop);
            fate.Begin(LongerEachLife * lives, life);
            try
            {
                await shop.PumpAsync(life.Token);
                break;
            }
            catch (OperationCanceledException) when (!Stop.IsCancellationRequested)
            {
                await shop.RestartAsync(Stop);
            }
        }

        Assert.InRange(lives, 6, 60);
        await using var db = shop.Services.GetRequiredService<AppDbs>().System();
        Assert.Equal(RunState.Done, (await db.Runs.SingleAsync(Stop)).State);
        Assert.Equal(await calm.ContentAsync(Stop), await shop.ContentAsync(Stop));
    }

    private sealed class Fate
    {
        private int left;
        private CancellationTokenSource? life;

        public void Begin(int requests, CancellationTokenSource source) => (left, life) = (requests, source);

        public void Request()
        {
            if (Interlocked.Decrement(ref left) == 0) life?.Cancel();
        }
    }

    /// <summary>The last request of a life is sent, and nobody is there for its answer.</summary>
    private sealed class Interrupting(Fate fate) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var answer = await base.SendAsync(request, CancellationToken.None);
            fate.Request();
            cancellationToken.ThrowIfCancellationRequested();
            return answer;
        }
    }
}
