using Autonoomi.Core.Primitives;

namespace Autonoomi.Lab.Play;

internal static class Amounts
{
    /// <returns>Millionths of a currency unit, as fact columns hold money.</returns>
    public static long Micros(decimal amount) => (long)decimal.Round(amount * Money.MicrosPerUnit, 0, MidpointRounding.ToEven);
}
