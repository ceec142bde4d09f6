using Autonoomi.Core.Advertising;
using Autonoomi.Marketplace.World;

namespace Autonoomi.Marketplace.Tests.World;

public sealed class WordsTests
{
    // Keyword | search | what fits: E exact, P phrase, B broad, e negative exact, p negative phrase.
    public static TheoryData<string, string, string> Pairs => [.. """
        cutting board | cutting board | EPBep
        cutting board | Cutting Boards | EPBep
        CUTTING BOARDS | cutting board | EPBep
        cutting board | bamboo cutting board | PBp
        cutting board | cutting board large | PBp
        cutting board | cutting board for meat | PBp
        cutting board | board cutting | B
        cutting board | board for cutting | B
        cutting board | cutting bamboo board | B
        cutting board | cutting mat | -
        cutting board | cutting | -
        cutting board | chopping block | B
        cutting board | chopping board | B
        cutting board | wooden block for chopping | B
        cutting boards large | cutting board | -
        bamboo board | bamboo cutting board | B
        dog bed | beds for dogs | B
        dog bed | dog mattress | B
        dog bed | dogbed | -
        dog bed | dog-bed | EPBep
        dog bed | dog, bed | EPBep
        dog bed | dog/bed | EPBep
        dog bed | "dog bed" | EPBep
        dog bed | large dog's bed | PBp
        dogs beds | dog's bed | EPBep
        t-shirt | t shirt | EPBep
        t-shirt | tshirt | -
        pens & pencils | pen pencil | EPBep
        pens and pencils | pens & pencils | EPBep
        gift for women | gift women | EPBep
        gift for women | women gift | B
        gift women | gift for the women | EPBep
        gift for women | gifts for woman | EPBep
        the cutting board | cutting board | EPBep
        shoes for men | mens shoes | B
        mens shoes | men's shoe | EPBep
        mens shoes | men’s shoes | EPBep
        kids toy | kid toys box | PBp
        lunch box | lunch boxes | EPBep
        lunch box | bento boxes | B
        lunch box | lunch bo | -
        water bottle | water bottles 1.5 l | PBp
        1.5 l bottle | 1.5 l bottles | EPBep
        1.5 l bottle | 15 l bottle | -
        1.5 l bottle | 1 5 l bottle | -
        dress | dresses | EPBep
        dresses | red dress | PBp
        glass | glasses | EPBep
        bus | buses | EPBep
        bus | bu | -
        bus toy | toy buses | B
        gas grill | gases grill | EPBep
        lens | lenses | EPBep
        lens cap | len cap | -
        canvas | canvases | EPBep
        christmas | christmas gift | PBp
        brush | brushes | EPBep
        watch | watches | EPBep
        ache | aches | EPBep
        axe | axes | EPBep
        berry | berries | EPBep
        cookie | cookies | EPBep
        cookie jar | cookies jars | EPBep
        hoodie | hoodies | EPBep
        pie | pies | EPBep
        tie | ties | EPBep
        series | serie | -
        potato | potatoes | EPBep
        shoe | shoes | EPBep
        photo | photos | EPBep
        vase | vases | EPBep
        rose | roses | EPBep
        case | cases | EPBep
        nurse | nurses | EPBep
        size | sizes | EPBep
        quiz | quizzes | EPBep
        knife | knives | EPBep
        knife set | knives sets | EPBep
        bookshelf | bookshelves | EPBep
        glove | gloves | EPBep
        tree | trees | EPBep
        tennis | tenni | -
        bikini | bikinis | EPBep
        mouse | mice | EPBep
        child | children | EPBep
        foot | feet | EPBep
        cap | cape | -
        tap | tape | -
        kit | kite | -
        new | news | -
        pant | pants | EPBep
        yoga mat | exercise mats for yoga | B
        yoga mat | yoga pads | B
        yoga mat | yoga mats mat | PBp
        yoga yoga mat | yoga mat | B
        mat | mat | EPBep
        mat | yoga mat | PBp
        yoga mat extra thick | extra thick yoga mat | B
        leash | lead | B
        dog leash | lead for dogs | B
        laptop stand | laptop riser | B
        laptop stand | adjustable laptop stand for bed | PBp
        laptop stand bed | adjustable laptop stand for bed | PBp
        laptop bed | adjustable laptop stand for bed | B
        stand adjustable | adjustable stand | B
        """.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(line => line.Split('|', StringSplitOptions.TrimEntries))
        .Select(parts => new TheoryDataRow<string, string, string>(parts[0], parts[1], parts[2]))];

    [Theory]
    [MemberData(nameof(Pairs))]
    public void A_keyword_answers_a_search_as_its_match_type_says(string keyword, string search, string fits)
    {
        var (own, typed) = (Words.Fold(keyword), Words.Fold(search));
        var seen = string.Concat(
            Words.IsExact(own, typed) ? "E" : "", Words.IsPhrase(own, typed) ? "P" : "", Words.IsBroad(own, typed, synonymsCount: true) ? "B" : "",
            Words.Blocks(NegativeMatch.Exact, own, typed) ? "e" : "", Words.Blocks(NegativeMatch.Phrase, own, typed) ? "p" : "");

        Assert.Equal(fits, seen.Length == 0 ? "-" : seen);
        Assert.False(Words.Blocks(NegativeMatch.Product, own, typed));
    }

    [Fact]
    public void The_table_holds_at_least_120_cases_of_every_outcome_and_match_type()
    {
        var fits = Pairs.Select(row => row.Data.Item3).ToList();

        Assert.InRange(fits.Count * 5, 500, int.MaxValue);
        Assert.All("EPBep", type => Assert.InRange(fits.Count(text => text.Contains(type)), 40, fits.Count - 12));
    }

    [Fact]
    public void Synonyms_count_only_where_the_market_says_so() =>
        Assert.False(Words.IsBroad(Words.Fold("cutting board"), Words.Fold("chopping block"), synonymsCount: false));

    [Fact]
    public void A_keyword_without_words_answers_nothing()
    {
        Assert.Empty(Words.Fold(" - , "));
        Assert.False(Words.IsPhrase([], ["board"]) || Words.IsBroad([], ["board"], synonymsCount: true));
    }

    [Fact]
    public void Small_words_alone_are_kept() => Assert.Equal(["for", "the"], Words.Fold("for the"));

    [Fact]
    public void The_catalogues_synonyms_are_in_the_form_that_words_fold_to() =>
        Assert.All(Catalogue.Synonyms, pair => Assert.Equal([pair.Key, pair.Value], Words.Fold($"{pair.Key} {pair.Value}")));

    [Fact]
    public void Different_words_of_the_catalogue_stay_different()
    {
        var words = Catalogue.Types.SelectMany(kind => kind.Heads.SelectMany(head => head.Split(' ')).Concat(kind.Attributes).Concat(kind.Uses)).Distinct(StringComparer.Ordinal).ToList();
        var folded = words.GroupBy(word => Words.Fold(word)[0], StringComparer.Ordinal).Where(group => group.Count() > 1);

        Assert.All(folded, group => Assert.All(group, word => Assert.Equal(group.Min(other => other.Length), word.TrimEnd('s').Length, tolerance: 1)));
    }
}
