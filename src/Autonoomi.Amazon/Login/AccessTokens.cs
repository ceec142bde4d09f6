using Autonoomi.Privacy;

namespace Autonoomi.Amazon.Login;

/// <summary>Access tokens by grant: one renewal at a time per grant, made a little early; everybody else waits for it.</summary>
public sealed class AccessTokens
{
    /// <exception cref="GrantRevokedException">Amazon no longer accepts the refresh token.</exception>
    /// <exception cref="OperatorCredentialsException">Amazon does not know this installation.</exception>
    public Task<Secret> GetAsync(GrantHandle grant, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Drops what is cached for a grant: after a new consent, or when an account goes.</summary>
    public void Forget(string grantKey) => throw new NotSupportedException();
}
