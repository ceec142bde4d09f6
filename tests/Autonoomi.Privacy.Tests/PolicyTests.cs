using System.IO;
using Autonoomi.Testing;

namespace Autonoomi.Privacy.Tests;

/// <summary>The published text: every sentence that binds names its promise, and no text changes without its hash.</summary>
public sealed class PolicyTests
{
    [Fact]
    [Promise("P-0-a", "P-12-b")]
    public void Every_version_has_the_bytes_that_its_hash_says()
    {
        Assert.NotEmpty(PrivacyPolicy.Versions);
        Assert.All(PrivacyPolicy.Versions, version => Assert.True(version.Measured == version.Sha256, $"policy-{version.Number}.txt was changed: a changed text is a new version (its hash would be {version.Measured})"));
    }

    [Fact]
    public void A_changed_letter_changes_the_hash() =>
        Assert.All(PrivacyPolicy.Versions, version => Assert.NotEqual(version.Sha256, (version with { Text = version.Text.Replace("seller", "Seller", StringComparison.Ordinal) }).Measured));

    [Fact]
    public void Every_sentence_that_binds_names_a_promise_that_is_kept_or_left_to_people() =>
        Assert.All(PrivacyPolicy.Versions.Take(1), version => Assert.Empty(PrivacyPolicy.Faults(PrivacyPolicy.Parse(version.Text), PromiseRegister.Promises)));

    [Fact]
    public void The_policy_makes_many_promises()
    {
        var promised = PrivacyPolicy.Parse(PrivacyPolicy.Versions[0].Text).SelectMany(block => block.Sentences).SelectMany(sentence => sentence.Promises).Distinct().Count();

        Figures.Tell($"{promised} promises are in the published policy, of {PromiseRegister.Promises.Count(promise => promise.State != PromiseState.Open)} that are kept or left to people");
        Assert.True(promised >= 40, $"only {promised}");
    }

    [Theory]
    [InlineData("We never sell it. {-}", "'We never sell it.' says 'never' and names no promise")]
    [InlineData("It is gone within a week. {-}", "'It is gone within a week.' says 'within' and names no promise")]
    [InlineData("It is sealed. {P-99-z}", "'It is sealed.' names P-99-z, which the register does not know")]
    [InlineData("A model gets little. {P-4-e}", "'A model gets little.' promises P-4-e, which is not built yet")]
    [InlineData("It is sealed. {P-3-b}", null)]
    [InlineData("You may write to us. {-}", null)]
    public void A_sentence_that_binds_without_saying_to_what_is_found(string text, string? fault) =>
        Assert.Equal(fault is null ? [] : [fault], PrivacyPolicy.Faults(PrivacyPolicy.Parse(text), PromiseRegister.Promises));

    [Theory]
    [InlineData("We keep it.", "ends neither in a promise's id nor in {-}")]
    [InlineData("It is sealed. {P-3-b} And more.", "'And more.' ends neither")]
    [InlineData("It is sealed. Nobody reads it. {P-3-b}", "is more than one sentence")]
    public void A_sentence_without_an_anchor_is_refused(string text, string rule) =>
        Assert.Contains(rule, Assert.Throws<FormatException>(() => PrivacyPolicy.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Headings_sentences_lists_and_several_promises_are_read()
    {
        var blocks = PrivacyPolicy.Parse("# Title\n\n## 1. Part\n\n{{operator}} seals it. {P-3-b} {P-3-f} You may look. {-}\n\n{{cookies}}\n");

        Assert.Equal([PolicyPart.Title, PolicyPart.Heading, PolicyPart.Paragraph, PolicyPart.List], blocks.Select(block => block.Part));
        Assert.Equal(["{{operator}} seals it.", "You may look."], blocks[2].Sentences.Select(sentence => sentence.Text));
        Assert.Equal([["P-3-b", "P-3-f"], []], blocks[2].Sentences.Select(sentence => sentence.Promises.ToArray()));
    }

    [Fact]
    [Promise("P-0-a")]
    public void What_changed_is_told_sentence_by_sentence() => Assert.Equal(
        [(' ', "Title"), ('-', "One."), ('+', "One and a half."), (' ', "Two."), ('+', "Three.")],
        PrivacyPolicy.Difference("# Title\n\nOne. {-} Two. {-}", "# Title\n\nOne and a half. {-} Two. {-} Three. {-}"));

    [Theory]
    [InlineData("It is sealed. {P-3-b} You can write. {-}", false, null)]
    [InlineData("It is sealed well. {P-3-b} You may write. {-}", false, "changes what is promised: 'It is sealed well. P-3-b'")]
    [InlineData("It is sealed. {P-3-b} You may write. {-}\n\n{{purposes}}", false, "changes what is promised: 'purposes'")]
    [InlineData("You may write. {-}", false, "changes what is promised: 'It is sealed. P-3-b'")]
    [InlineData("You may write. {-}", true, null)]
    [Promise("P-12-c")]
    public void What_changes_a_promise_is_not_editorial(string newer, bool material, string? fault)
    {
        var first = new PolicyVersion(1, new(2026, 11, 30), "", Material: true, "First.", "It is sealed. {P-3-b} You may write. {-}");

        var found = PrivacyPolicy.Overreach(first, first with { Number = 2, Material = material, Text = newer });

        if (fault is null) Assert.Null(found);
        else Assert.Contains(fault, found, StringComparison.Ordinal);
    }

    [Fact]
    [Promise("P-12-c")]
    public void No_version_that_was_posted_overreaches() =>
        Assert.All(PrivacyPolicy.Versions.Zip(PrivacyPolicy.Versions.Skip(1)), pair => Assert.Null(PrivacyPolicy.Overreach(pair.Second, pair.First)));

    [Theory]
    [InlineData("2 | 2026-12-01 | HASH | material | More.\n1 | 2026-11-30 | HASH | material | First.", true)]
    [InlineData("2 | 2026-11-29 | HASH | material | More.\n1 | 2026-11-30 | HASH | material | First.", false)]
    [InlineData("3 | 2026-12-01 | HASH | material | More.\n1 | 2026-11-30 | HASH | material | First.", false)]
    [InlineData("1 | 30.11.2026 | HASH | material | First.", false)]
    [InlineData("1 | 2026-11-30 | HASH | First.", false)]
    [InlineData("1 | 2026-11-30 | HASH | slight | First.", false)]
    [InlineData("1 | 2026-11-30 | abc | material | First.", false)]
    public void The_list_of_versions_falls(string list, bool good)
    {
        var text = list.Replace("HASH", new string('0', 64), StringComparison.Ordinal);

        if (good) Assert.Equal([2, 1], PrivacyPolicy.Read(new StringReader(text), number => $"text {number}").Select(version => version.Number));
        else Assert.Throws<FormatException>(() => PrivacyPolicy.Read(new StringReader(text), _ => ""));
    }
}
