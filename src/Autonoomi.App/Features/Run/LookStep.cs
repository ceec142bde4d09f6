using Autonoomi.Amazon;
using Autonoomi.App.Platform.AmazonLink;
using Autonoomi.App.Platform.Jobs;
using Microsoft.Extensions.Options;

namespace Autonoomi.App.Features.Run;

/// <summary>The daily look at a seller's consents, for the days on which no run proved them: withdrawals, missing permissions, ends that come near.</summary>
internal sealed class LookStep(GrantBook grants, IOptions<AmazonOptions> amazon) : IStep
{
    public string Kind => StepNames.Look;

    public async Task<StepResult> RunAsync(StepContext step, CancellationToken cancellationToken) =>
        await grants.LookAsync(step.Seller, cancellationToken) ? new StepResult.Again(amazon.Value.RevocationRecheck) : new StepResult.Finished(0);
}
