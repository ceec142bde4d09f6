using Autonoomi.Core.Advertising;

namespace Autonoomi.Marketplace.World;

/// <summary>A campaign as the auction sees it.</summary>
internal sealed class CampaignLane(long id)
{
    public long Id { get; } = id;

    /// <summary>Enabled and between its dates.</summary>
    public bool Runs { get; set; }

    /// <summary>Its purse was dry at the last full hour.</summary>
    public bool IsOut { get; set; }

    public BiddingStrategy Strategy { get; set; }

    /// <summary>1 + placement percentage, by placement.</summary>
    public double[] Raised { get; } = new double[3];

    public Purse Purse { get; } = new();
    public List<GroupLane> Groups { get; } = [];
    public List<Block> Blocks { get; } = [];
}

/// <summary>An ad group as the auction sees it.</summary>
internal sealed class GroupLane(CampaignLane campaign)
{
    public CampaignLane Campaign { get; } = campaign;
    public bool IsEnabled { get; set; }
    public List<Route> Routes { get; } = [];
    public List<AdLane> Ads { get; } = [];
    public List<Block> Blocks { get; } = [];
}

/// <summary>A product ad.</summary>
internal sealed class AdLane(int place, int product, GroupLane group)
{
    /// <summary>Place among the account's ads.</summary>
    public int Place { get; } = place;

    public int Product { get; } = product;
    public GroupLane Group { get; } = group;
    public bool IsEnabled { get; set; }
}

/// <summary>A target and the pairs it reaches.</summary>
internal sealed class Route(int place, GroupLane group, MatchText text)
{
    /// <summary>Place among the account's targets; the older one wins a tie.</summary>
    public int Place { get; } = place;

    public GroupLane Group { get; } = group;
    public MatchText Text { get; } = text;
    public bool IsEnabled { get; set; }

    /// <summary>Bid in force.</summary>
    public double Bid { get; set; }

    /// <summary>Enabled itself and by its parents.</summary>
    public bool Serves { get; set; }

    public List<AdLine> Lines { get; } = [];
    public List<Pair> Pairs { get; } = [];
}

/// <summary>One target with one ad of its group.</summary>
internal sealed class AdLine(int index, Route route, AdLane ad)
{
    public int Index { get; } = index;
    public Route Route { get; } = route;
    public AdLane Ad { get; } = ad;
    public CampaignLane Campaign => Route.Group.Campaign;
}

/// <summary>One line that may answer one query, unless negatives forbid it.</summary>
/// <param name="Line">Who.</param>
/// <param name="Blocks">Negatives in force against it here.</param>
internal record struct Candidate(AdLine Line, int Blocks);

/// <summary>A negative.</summary>
internal sealed class Block(WorldNegative negative)
{
    public NegativeMatch Match { get; } = negative.Match;
    public string Text { get; } = negative.Text;
    public string[] Words { get; } = negative.Match == NegativeMatch.Product ? [] : World.Words.Fold(negative.Text);
    public bool IsEnabled { get; set; }

    public bool Stops(Query query) => Match == NegativeMatch.Product
        ? query.IsPage && string.Equals(query.Text, Text, StringComparison.OrdinalIgnoreCase)
        : !query.IsPage && World.Words.Blocks(Match, Words, query.Words);
}
