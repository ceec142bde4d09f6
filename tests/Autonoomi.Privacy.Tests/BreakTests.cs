using System.IO;
using Autonoomi.Breaks;
using Autonoomi.Testing;

namespace Autonoomi.Privacy.Tests;

/// <summary>The list of breaks against register and sources, so that it cannot rot; <c>./run breaks</c> is the study itself.</summary>
public sealed class BreakTests
{
    [Fact]
    public void Every_kept_promise_has_a_break() => Assert.Empty(BreakList.Unbroken(BreakList.Load(), PromiseRegister.Promises));

    [Fact]
    public void Every_break_names_promises_with_tests_and_words_that_stand_once_in_their_source() =>
        Assert.Empty(BreakList.Faults(BreakList.Load(), PromiseRegister.Promises, file => Path.Combine(Repository.Root, file) is var path && File.Exists(path) ? File.ReadAllText(path) : null));

    [Theory]
    [InlineData("= P-1-a\nwhy: w\nin: a.cs\n- limit\n+ limit * 2", null)]
    [InlineData("= P-9-z\nwhy: w\nin: a.cs\n- limit\n+ limit * 2", "P-9-z: the register has no promise P-9-z")]
    [InlineData("= P-1-b\nwhy: w\nin: a.cs\n- limit\n+ limit * 2", "P-1-b: the entry of P-1-b names no tests")]
    [InlineData("= P-1-a\nwhy: w\nin: b.cs\n- limit\n+ limit * 2", "P-1-a: there is no file b.cs")]
    [InlineData("= P-1-a\nwhy: w\nin: a.cs\n- twice\n+ once", "P-1-a: its snippet stands 2 times in a.cs, not once: twice")]
    [InlineData("= P-1-a\nwhy: w\nin: a.cs\n- gone\n+ once", "P-1-a: its snippet stands 0 times in a.cs, not once: gone")]
    [InlineData("= P-1-a\nwhy: w\nin: a.cs\n- limit\n+", "P-1-a: an expression becomes another expression, not nothing: limit")]
    [InlineData("= P-1-a\nwhy: w\nin: a.cs\n- Check(limit);\n+\n= P-1-a\nwhy: w\nin: a.cs\n- limit\n+ 2", "P-1-a and P-1-a/2 change the same words of a.cs; let one break name both promises")]
    public void A_break_that_cannot_be_used_is_found(string list, string? fault)
    {
        var register = PromiseRegister.Read(new StringReader("= P-1-a | kept | seller | Part |\nsays: S.\ndoes: D.\ntests: OneTests\nshown: Here\n\n= P-1-b | open | seller | Part |\nsays: S.\nmissing: All."));

        Assert.Equal(fault is null ? [] : [fault], BreakList.Faults(BreakList.Read(new StringReader(list)), register, file => file == "a.cs" ? "Check(limit); twice; twice;" : null));
    }

    [Theory]
    [InlineData("in: a.cs")]
    [InlineData("= P-1-a\nin: a.cs\n- a\n+ b")]
    [InlineData("= P-1-a\nwhy: w\nin: a.cs\n- a\n= P-1-b")]
    [InlineData("= P-1-a\nwhy: w\n- a\n+ b")]
    [InlineData("= P-1-a\nwhy: w\nin: a.cs\nsomething else")]
    public void A_list_that_is_written_wrongly_is_refused(string list) => Assert.Throws<FormatException>(() => BreakList.Read(new StringReader(list)));

    [Fact]
    public void A_kept_promise_without_a_break_is_found() => Assert.Equal(["P-0-a"], BreakList.Unbroken([], PromiseRegister.Promises.Where(promise => promise.Id is "P-0-a" or "P-0-c" or "P-2-g")).Take(1));

    [Fact]
    public void A_break_becomes_a_switch_and_leaves_the_rest_as_it_was()
    {
        var list = BreakList.Read(new StringReader("= P-1-a, P-1-b\nwhy: w\nin: a.cs\n- limit\n+ limit * 2\n- Seal();\n- Keep();\n+\n= P-1-a\nwhy: w\nin: a.cs\n- host\n+ other"));

        Assert.Equal(["P-1-a", "P-1-a/2"], list.Select(one => one.Key));
        Assert.Equal(
            "a < (global::Autonoomi.Broken.Is(\"P-1-a\") ? (limit * 2) : (limit)); if (global::Autonoomi.Broken.Is(\"P-1-a\")) { \n } else { Seal();\nKeep();\n } (global::Autonoomi.Broken.Is(\"P-1-a/2\") ? (other) : (host)).",
            BreakList.Switched("a < limit; Seal();\nKeep(); host.", from one in list from change in one.Changes select (one.Key, change)));
    }

    [Theory]
    [InlineData("AllowRedirects = «false»,", "true", "a.cs", "AllowRedirects = (global::Autonoomi.Broken.Is(\"P-1-a\") ? (true) : (false)),")]
    [InlineData("<Token />", "<Token /><Field />", "a.razor", "@if (global::Autonoomi.Broken.Is(\"P-1-a\")) { <Token /><Field />\n } else { <Token />\n }")]
    public void Marks_and_markup_are_switched_in_their_place(string old, string fresh, string file, string switched)
    {
        var change = Change.Of(file, old, fresh);

        Assert.Equal($"before {switched} after", BreakList.Switched($"before {change.Whole} after", [("P-1-a", change)]));
    }

    [Theory]
    [InlineData(1, "   A.Tests  Total: 5, Errors: 0, Failed: 1, Skipped: 0, Not Run: 0, Time: 1.2s", "Caught")]
    [InlineData(0, "   A.Tests  Total: 5, Errors: 0, Failed: 0, Skipped: 1, Not Run: 0, Time: 1.2s", "NotCaught")]
    [InlineData(0, "   A.Tests  Total: 2, Errors: 0, Failed: 0, Skipped: 2, Not Run: 0, Time: 1.2s", "NoProof")]
    [InlineData(0, "   A.Tests  Total: 0", "NoProof")]
    [InlineData(1, "   A.Tests  Total: 5, Errors: 1, Failed: 0, Skipped: 0, Not Run: 0, Time: 1.2s", "NoProof")]
    [InlineData(134, "Unhandled exception.", "NoProof")]
    [InlineData(null, "", "NoProof")]
    public void Only_a_test_that_failed_catches_a_break(int? code, string output, string outcome) => Assert.Equal(outcome, Study.Judge(new(code, output)).Outcome.ToString());
}
