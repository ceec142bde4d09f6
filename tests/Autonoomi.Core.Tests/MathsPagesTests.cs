using System.IO;
using System.Runtime.CompilerServices;

namespace Autonoomi.Core.Tests;

/// <summary>The pages of docs/maths that stand for a part of the optimiser say where it comes from and work a number that a test repeats.</summary>
public sealed class MathsPagesTests
{
    public static TheoryData<string> Pages =>
    [
        "bidding", "budgeting", "dayparting", "effects", "goals", "graduation", "guardrails", "health", "hygiene", "incrementality", "intraday", "inventory", "launches", "negation", "other-ads", "placements", "recommendations", "rollback", "seasons",
        "signals", "strategies", "words", "worth",
    ];

    [Theory, MemberData(nameof(Pages))]
    public void A_page_names_its_source_and_works_a_number(string page)
    {
        var text = File.ReadAllText(Path.Combine(Folder(), "..", "..", "docs", "maths", page + ".md"));

        Assert.Contains("Source: ", text, StringComparison.Ordinal);
        Assert.True(page == "guardrails" || text.Contains("Worked", StringComparison.Ordinal), $"{page}.md works no number");
    }

    private static string Folder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
