using Autonoomi.Core.Signals;

namespace Autonoomi.Core.Tests;

/// <summary>Words that tell something, words that do not, and the worked numbers of docs/maths/words.md.</summary>
public class TokenModelTests
{
    private static readonly string[] Nouns = ["board", "tray", "bowl", "rack", "stand", "mat"];
    private static readonly string[] Kinds = ["bamboo", "large", "small", "round", "cheap", "toy", "steel", "oak"];

    [Fact]
    public void Plurals_small_words_and_case_make_no_difference() =>
        Assert.Equal(["cutting", "board", "kitchen"], Tokens.Of("Cutting Boards for the Kitchen"));

    [Fact]
    public void Digits_and_sizes_stay_and_apostrophes_belong_to_their_word() =>
        Assert.Equal(["men", "16x24", "glass", "2.5"], Tokens.Of("men's 16x24 glass 2.5"));

    [Fact]
    public void A_word_that_halves_conversion_is_found_and_told_of_texts_never_seen()
    {
        var model = Fit(text => text.Contains("toy", StringComparison.Ordinal) ? 0.3 : 1, clicks: 40);

        Assert.True(model.IsAdopted);
        Assert.InRange(model.Multiplier(0, "toy clock"), 0.2, 0.6);
        Assert.InRange(model.Multiplier(0, "oak clock"), 0.85, 1.35);
        Assert.Equal(1, model.Multiplier(0, "entirely other"));
    }

    [Fact]
    public void Where_words_tell_nothing_the_model_is_not_adopted() => Assert.False(Fit(_ => 1, clicks: 40).IsAdopted);

    [Fact]
    public void A_word_may_be_right_for_one_product_and_wrong_for_another()
    {
        var data = Texts().SelectMany(text => new[] { (Text: text, Product: 0), (Text: text, Product: 1) }).ToArray();
        var orders = data.Select((cell, index) => Draw(index, 60 * 0.1 * (cell.Text.Contains("oak", StringComparison.Ordinal) ? (cell.Product == 0 ? 1.8 : 0.4) : 1))).ToArray();
        var model = TokenModel.Fit([.. data.Select(cell => cell.Text)], [.. data.Select(cell => cell.Product)], orders, Filled(data.Length, 60), Filled(data.Length, 0.1));

        Assert.True(model.Multiplier(0, "oak clock") > 1.2);
        Assert.True(model.Multiplier(1, "oak clock") < 0.8);
    }

    [Fact]
    public void The_order_of_texts_makes_no_difference()
    {
        var texts = Texts();
        var orders = texts.Select((text, index) => Draw(index, 4 * (text.Contains("toy", StringComparison.Ordinal) ? 0.3 : 1))).ToArray();
        var backwards = Enumerable.Range(0, texts.Length).Reverse().ToArray();
        var one = TokenModel.Fit(texts, new int[texts.Length], orders, Filled(texts.Length, 40), Filled(texts.Length, 0.1));
        var other = TokenModel.Fit([.. backwards.Select(index => texts[index])], new int[texts.Length], [.. backwards.Select(index => orders[index])], Filled(texts.Length, 40), Filled(texts.Length, 0.1));

        Assert.True(one.IsAdopted);
        foreach (var text in texts) Assert.Equal(one.Multiplier(0, text), other.Multiplier(0, text));
    }

    [Fact]
    public void Nothing_clicked_teaches_nothing() => Assert.Same(TokenModel.None, TokenModel.Fit(["oak board", "oak tray"], [0, 0], [0, 0], [0.1, 0.2], [0.1, 0.1]));

    private static TokenModel Fit(Func<string, double> factor, double clicks)
    {
        var texts = Texts();
        var orders = texts.Select((text, index) => Draw(index, clicks * 0.1 * factor(text))).ToArray();
        return TokenModel.Fit(texts, new int[texts.Length], orders, Filled(texts.Length, clicks), Filled(texts.Length, 0.1));
    }

    // Every pair of kinds before every noun: 336 texts.
    private static string[] Texts() => [.. from noun in Nouns from one in Kinds from two in Kinds where one != two select $"{one} {two} {noun}"];

    private static double[] Filled(int length, double value) => Enumerable.Repeat(value, length).ToArray();

    // A Poisson count by the quantile of an even sequence: the same on every machine.
    private static double Draw(int index, double mean)
    {
        var rest = (((index + 1) * 0.6180339887498949) % 1) - Math.Exp(-mean);
        var (count, chance) = (0, Math.Exp(-mean));
        while (rest > 0 && count < 100)
        {
            chance *= mean / ++count;
            rest -= chance;
        }

        return count;
    }
}
