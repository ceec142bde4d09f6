namespace Autonoomi;

/// <summary>Compiled into every project of the scratch copy: which break is switched on in this process.</summary>
internal static class Broken
{
    private static readonly string? Name = System.Environment.GetEnvironmentVariable("AUTONOOMI_BROKEN");
    private static readonly string? Reached = System.Environment.GetEnvironmentVariable("AUTONOOMI_BROKEN_REACHED");
    private static int told;

    public static bool Is(string name)
    {
        if (!string.Equals(Name, name, System.StringComparison.Ordinal)) return false;
        if (Reached is not null && System.Threading.Interlocked.Exchange(ref told, 1) == 0)
        {
            try
            {
                System.IO.File.WriteAllText(Reached, name);
            }
            catch (System.IO.IOException)
            {
                // Another process of the same run says it too.
            }
        }

        return true;
    }
}
