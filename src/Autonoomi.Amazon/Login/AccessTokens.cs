using System.Collections.Concurrent;
using Autonoomi.Privacy;
using Microsoft.Extensions.Options;

namespace Autonoomi.Amazon.Login;

/// <summary>Access tokens by grant: one renewal at a time per grant, made a little early; everybody else waits for it.</summary>
public sealed class AccessTokens
{
    private static readonly TimeSpan Early = TimeSpan.FromSeconds(90);
    private readonly ConcurrentDictionary<string, Entry> entries = new(StringComparer.Ordinal);
    private readonly TokenService service;
    private readonly AmazonOptions options;
    private readonly TimeProvider clock;

    internal AccessTokens(TokenService service, IOptions<AmazonOptions> options, TimeProvider clock) => (this.service, this.options, this.clock) = (service, options.Value, clock);

    /// <exception cref="GrantRevokedException">Amazon no longer accepts the refresh token.</exception>
    /// <exception cref="OperatorCredentialsException">Amazon does not know this installation.</exception>
    public Task<Secret> GetAsync(GrantHandle grant, CancellationToken cancellationToken) => GetAsync(grant, refused: null, cancellationToken);

    /// <summary>Asks Amazon once whether it still takes a grant, whatever is cached: for the daily look, which decides itself when to ask again.</summary>
    internal async Task<GrantAnswer> AskAsync(GrantHandle grant, CancellationToken cancellationToken)
    {
        var entry = entries.GetOrAdd(grant.Key, static _ => new Entry());
        await entry.Gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var tokens = await service.RefreshAsync(grant, cancellationToken).ConfigureAwait(false);
            entry.Current = new(grant.RefreshToken, grant.Client, tokens.AccessToken, tokens.ExpiresAt);
            return GrantAnswer.Accepted;
        }
        catch (TokenService.InvalidGrantException)
        {
            entry.Current = null;
            return GrantAnswer.Refused;
        }
        catch (OperatorCredentialsException)
        {
            return GrantAnswer.ClientRefused;
        }
        catch (AmazonApiException)
        {
            // An outage, a time-out, an answer that nobody understands: no reason to believe anything about the grant.
            return GrantAnswer.Silent;
        }
        finally
        {
            entry.Gate.Release();
        }
    }

    /// <summary>Drops what is cached for a grant: after a new consent, or when an account goes.</summary>
    public void Forget(string grantKey) => entries.TryRemove(grantKey, out _);

    /// <param name="grant">The consent.</param>
    /// <param name="refused">A token that the API did not take: another one is fetched unless somebody did so already.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    internal async Task<Secret> GetAsync(GrantHandle grant, Secret? refused, CancellationToken cancellationToken)
    {
        var entry = entries.GetOrAdd(grant.Key, static _ => new Entry());
        if (Usable(entry.Current, grant, refused) is { } ready) return ready;
        await entry.Gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (Usable(entry.Current, grant, refused) is { } renewed) return renewed;
            entry.Current = null;
            var tokens = await RefreshAsync(grant, cancellationToken).ConfigureAwait(false);
            entry.Current = new(grant.RefreshToken, grant.Client, tokens.AccessToken, tokens.ExpiresAt);
            return tokens.AccessToken;
        }
        finally
        {
            entry.Gate.Release();
        }
    }

    private async Task<GrantTokens> RefreshAsync(GrantHandle grant, CancellationToken cancellationToken)
    {
        try
        {
            return await service.RefreshAsync(grant, cancellationToken).ConfigureAwait(false);
        }
        catch (TokenService.InvalidGrantException)
        {
            // Single wrong answers are reported by integrators (amzn/selling-partner-api-models 2798, 2997): ask once more before the seller is troubled.
            await Task.Delay(options.RevocationRecheck, clock, cancellationToken).ConfigureAwait(false);
        }

        try
        {
            return await service.RefreshAsync(grant, cancellationToken).ConfigureAwait(false);
        }
        catch (TokenService.InvalidGrantException revoked)
        {
            throw new GrantRevokedException(grant.Kind, revoked.RequestId);
        }
    }

    private Secret? Usable(Cached? cached, GrantHandle grant, Secret? refused) =>
        cached is not null && !ReferenceEquals(cached.Access, refused) && cached.ExpiresAt - Early > clock.GetUtcNow() && cached.Refresh.Equals(grant.RefreshToken) && cached.Client == grant.Client
            ? cached.Access
            : null;

    private sealed class Entry
    {
        public SemaphoreSlim Gate { get; } = new(1);

        public Cached? Current { get; set; }
    }

    private sealed record Cached(Secret Refresh, LoginClient? Client, Secret Access, DateTimeOffset ExpiresAt);
}
