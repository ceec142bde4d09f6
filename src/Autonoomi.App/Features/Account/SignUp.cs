using Autonoomi.App.Platform;

namespace Autonoomi.App.Features.Account;

/// <summary>A new organisation with its owner.</summary>
/// <param name="Organisation">Shown in the shell.</param>
/// <param name="Name">The person's own name.</param>
/// <param name="Email">Signs in with it.</param>
/// <param name="Password">At least 12 characters.</param>
/// <param name="Adult">Attests to be 18 or older.</param>
/// <param name="MayAct">Attests authority to act for the organisation.</param>
public sealed record SignUp(string Organisation, string Name, string Email, string Password, bool Adult, bool MayAct);

/// <param name="User">Key of the user row.</param>
/// <param name="Organisation">Key of the organisation row.</param>
public sealed record SignedUp(Guid User, Guid Organisation);

public sealed class SignUpHandler
{
    public Task<Result<SignedUp>> Handle(SignUp request, CancellationToken cancellationToken) => throw new NotSupportedException("Waits for the vault.");
}
