using Autonoomi.Core.Health;

namespace Autonoomi.Core;

/// <summary>One look at a storefront: what to do, and what a seller sees of it.</summary>
/// <param name="Decision">What may be written.</param>
/// <param name="Health">How well the advertising is run.</param>
public sealed record Review(Decision Decision, HealthReport Health);
