using System.IO;
using Microsoft.Extensions.Options;

namespace Autonoomi.Amazon.Throttling;

/// <summary>Innermost handler: waits for the turn, limits the time of one attempt, and reads the answer whole, so that a body that breaks off is retried like any other failure.</summary>
internal sealed class PaceHandler(Pacer pacer, IOptions<AmazonOptions> options, TimeProvider clock) : DelegatingHandler
{
    private const int LargestAnswer = 64 << 20;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var plan = CallPlan.Of(request) ?? throw new InvalidOperationException("A call without a plan reached the pipeline.");
        using var turn = await pacer.EnterAsync(plan, request.RequestUri!.Host, cancellationToken).ConfigureAwait(false);
        using var limit = new CancellationTokenSource(options.Value.CallTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        HttpResponseMessage? response = null;
        try
        {
            response = await base.SendAsync(request, either.Token).ConfigureAwait(false);
            await response.Content.LoadIntoBufferAsync(LargestAnswer, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            response?.Dispose();
            turn.Lost();
            throw new HttpRequestException($"no answer within {options.Value.CallTimeout}", late);
        }
        catch (IOException cut)
        {
            response?.Dispose();
            turn.Lost();
            throw new HttpRequestException("the answer broke off", cut);
        }
        catch (HttpRequestException)
        {
            response?.Dispose();
            turn.Lost();
            throw;
        }
        catch
        {
            response?.Dispose();
            throw;
        }

        turn.Answered(response);
        return response;
    }
}
