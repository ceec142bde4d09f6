namespace Autonoomi.Marketplace.World;

/// <summary>In which manner a seller lays out campaigns.</summary>
internal sealed record Habits
{
    /// <summary>Bids over what rivals bid.</summary>
    public double Level { get; init; } = 0.82;

    /// <summary>σ of the level between products.</summary>
    public double FeelingSpread { get; init; } = 0.30;

    public double AutoLevel { get; init; } = 0.9;

    /// <summary>Phrase and broad bids over exact ones.</summary>
    public double LooseLevel { get; init; } = 1;

    public double ExactSpread { get; init; } = 0.55;
    public double PhraseSpread { get; init; } = 0.5;
    public double BroadSpread { get; init; } = 0.45;

    /// <summary>Share of the keywords that are exact, and phrase.</summary>
    public double ExactShare { get; init; } = 15d / 34;

    public double PhraseShare { get; init; } = 10d / 34;

    /// <summary>Campaigns whose budget is less than they would spend.</summary>
    public double PinchedShare { get; init; } = 0.3;

    /// <summary>Some campaigns raise bids at the top of search.</summary>
    public bool RaisesTop { get; init; } = true;

    /// <summary>Loose words that bring strangers.</summary>
    public bool LooseWords { get; init; } = true;

    /// <summary>Exact keywords for the searches with the most volume, whatever a keyword tool shows; otherwise half of twice as many.</summary>
    public bool TakesTop { get; init; }

    /// <summary>Negatives for the strays.</summary>
    public bool HasNegatives { get; init; }

    /// <summary>A second manual campaign with the same words.</summary>
    public bool Duplicates { get; init; }

    /// <summary>Exact bids are a share of what a click is worth, known with noise.</summary>
    public bool KnowsValue { get; init; }

    public double ValueShare { get; init; }

    /// <summary>Phrase and broad keywords are whole searches, not their common words.</summary>
    public bool WholeSearches { get; init; }

    public static Habits Of(SellerPast past) => past switch
    {
        SellerPast.Usual or SellerPast.Launch => new Habits(),
        SellerPast.Messy => new Habits { FeelingSpread = 0.4, ExactSpread = 0.85, PhraseSpread = 0.8, BroadSpread = 0.8, Duplicates = true },
        SellerPast.LongTail => new Habits
        {
            Level = 0.85, AutoLevel = 0.4, LooseLevel = 0.5, ExactShare = 0.8, PhraseShare = 0.15, PinchedShare = 0.1, RaisesTop = false, LooseWords = false, TakesTop = true, WholeSearches = true,
        },
        SellerPast.Mature => new Habits
        {
            Level = 0.75, FeelingSpread = 0.2, AutoLevel = 0.6, LooseLevel = 0.9, ExactSpread = 0.35, PhraseSpread = 0.3, BroadSpread = 0.3, ExactShare = 24d / 34, PhraseShare = 6d / 34,
            PinchedShare = 0, RaisesTop = false, LooseWords = false, TakesTop = true, HasNegatives = true, KnowsValue = true, ValueShare = 1.2,
        },
    };
}
