namespace Autonoomi.Marketplace.World;

/// <summary>One product before one query in one placement: whoever of the account's targets bids highest competes here.</summary>
internal sealed class Cell
{
    public required int Placement { get; init; }

    /// <summary>Views per day at average demand.</summary>
    public required double Views { get; init; }

    /// <summary>Key of the shoppers' draws; the same whoever competes.</summary>
    public required long Key { get; init; }

    /// <summary>Who competes now; null when nobody does.</summary>
    public AdLine? Line { get; set; }

    /// <summary>Effective bid.</summary>
    public double Bid { get; set; }

    /// <summary>Logarithm of the own score over <see cref="Query.RivalMedian"/>.</summary>
    public double LogScore { get; set; }

    /// <summary>The campaign's paid share of today up to which this cell is accounted for.</summary>
    public double Settled { get; set; }

    /// <summary>Expected impressions without a click that today's competing line had here.</summary>
    public double ShownToday { get; set; }

    /// <summary>Whether today's competing line was clicked here.</summary>
    public bool ClickedToday { get; set; }
}

/// <summary>One product before one query.</summary>
internal sealed class Pair
{
    public required int Product { get; init; }
    public required Query Query { get; init; }

    public required long Key { get; init; }

    /// <summary>Odds of an order per click, rest of search, before hour, price and season.</summary>
    public required double Odds { get; init; }

    /// <summary>Click-through over a slot's usual.</summary>
    public required double Relevance { get; init; }

    /// <summary>Weight of a bid in the auction's score.</summary>
    public required double Quality { get; init; }

    /// <summary>Amazon's noisy idea of this pair's conversion over the product's; moves bids under dynamic bidding.</summary>
    public required double Guess { get; init; }

    /// <summary>Clicks per day at average demand if every view showed the best slot: no bid gets more.</summary>
    public required double MostClicks { get; init; }

    /// <summary>One for a page, three for a search.</summary>
    public required Cell[] Cells { get; init; }

    /// <summary>Start of this pair's draws: <see cref="Dice.Begin"/>.</summary>
    public required ulong Draws { get; init; }

    /// <summary>Ads that may show here.</summary>
    public List<Candidate> Candidates { get; } = [];

    /// <summary>Waits to be looked at again.</summary>
    public bool IsDirty { get; set; }

    /// <summary>Day whose shoppers were drawn last.</summary>
    public int DrawnOn { get; set; } = -1;
}
