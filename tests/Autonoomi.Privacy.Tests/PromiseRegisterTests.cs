using System.IO;

namespace Autonoomi.Privacy.Tests;

public sealed class PromiseRegisterTests
{
    [Theory]
    [InlineData("= P-1-a | kept | seller | Part", "an entry has five parts")]
    [InlineData("= P-1 | kept | seller | Part |", "'P-1' is no id like P-3-b")]
    [InlineData("= P-1-a | done | seller | Part |", "'done' is none of kept, organisational, open")]
    [InlineData("= P-1-a | open | shopper | Part |", "'shopper' is none of seller, operator")]
    [InlineData("= P-1-a | open | seller | Part |\nwhy: x", "'why' is none of says, does, tests, shown, missing")]
    [InlineData("says: x", "a line stands below an entry and says something")]
    [InlineData("= P-1-a | open | seller | Part |\nsays: x", "an open promise says what is missing")]
    [InlineData("= P-1-a | open | seller | Part |\nsays: x\nmissing: y\ndoes: z", "an open promise has no tests and claims nothing")]
    [InlineData("= P-1-a | open | seller | Part |\nsays: x\nmissing: y\n= P-1-a | open | seller | Part |", "P-1-a is there twice")]
    [InlineData("= P-1-a | kept | seller | Part |\nsays: x\ndoes: y\nshown: z", "a kept promise says what keeps it, which tests hold it and where it is shown")]
    [InlineData("= P-1-a | kept | seller | Part |\nsays: x\ndoes: y\nshown: z\ntests: T\nmissing: q", "only an open promise lacks something")]
    [InlineData("= P-1-a | organisational | seller | Part |\nsays: x", "an organisational promise says what the software does for it and where it is shown")]
    [InlineData("= P-1-a | open | seller | Part |\nmissing: y", "it must say what is promised and who answers for it")]
    public void An_entry_that_claims_too_little_or_too_much_is_refused(string text, string rule) =>
        Assert.Contains(rule, Assert.Throws<FormatException>(() => PromiseRegister.Read(new StringReader(text))).Message, StringComparison.Ordinal);

    [Fact]
    public void Kinds_follow_state_and_probe()
    {
        var read = PromiseRegister.Read(new StringReader("""
            = P-1-a | kept | seller | Part | at-rest
            says: One.
            does: Something.
            tests: OneTests, OtherTests
            shown: Here
            = P-1.2-b | kept | operator | Part |
            says: Two.
            does: Something.
            tests: OneTests
            shown: Here
            """));

        Assert.Equal([PromiseKind.ProvenByProbe, PromiseKind.ProvenByTests], read.Select(promise => promise.Kind));
        Assert.Equal(["1", "1.2"], read.Select(promise => promise.Section));
        Assert.Equal(["OneTests", "OtherTests"], read[0].Tests);
    }

    [Fact]
    public void The_register_itself_reads() => Assert.NotEmpty(PromiseRegister.Promises);
}
