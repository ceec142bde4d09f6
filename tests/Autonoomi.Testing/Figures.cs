namespace Autonoomi.Testing;

/// <summary>What a test counted: shown by ./test for projects that pass too, so that a proof over nothing is seen.</summary>
public static class Figures
{
    /// <summary>The beginning of such a line.</summary>
    public const string Mark = "  » ";

    /// <param name="figure">One sentence with its numbers; no line breaks.</param>
    // Test frameworks keep a passing test's own output to themselves; the console's reaches whoever runs the tests.
    public static void Tell(string figure) => Console.Out.WriteLine(Mark + figure.ReplaceLineEndings(" "));
}
