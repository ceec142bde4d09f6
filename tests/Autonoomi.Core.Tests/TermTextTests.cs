using Autonoomi.Core.Primitives;
using CsCheck;

namespace Autonoomi.Core.Tests;

public sealed class TermTextTests
{
    [Theory]
    [InlineData("blue mug", "blue mug")]
    [InlineData(" Blue  MUG\t", "blue mug")]
    [InlineData("b0CLOSED01", "b0closed01")]
    [InlineData("  ", "")]
    [InlineData("", "")]
    public void Case_and_spaces_do_not_count(string text, string plain) => Assert.Equal(plain, TermText.Plain(text));

    [Fact]
    public void A_plain_text_is_given_back_as_it_is() => Gen.String[Gen.Char["abÄß \t\u00a0Z7"], 0, 12].Sample(text =>
    {
        var plain = TermText.Plain(text);
        Assert.Equal(string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).ToLowerInvariant(), plain);
        Assert.Same(plain, TermText.Plain(plain));
    });
}
