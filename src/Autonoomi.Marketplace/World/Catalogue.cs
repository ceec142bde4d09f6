using System.Collections.Frozen;

namespace Autonoomi.Marketplace.World;

/// <summary>What shoppers call one kind of product, and with which words they narrow it.</summary>
/// <param name="Category">Index of the category; products of one category are complements.</param>
/// <param name="Heads">Names of the thing, the usual one first.</param>
/// <param name="Attributes">Words before the name that a product may or may not live up to.</param>
/// <param name="Uses">Words after "for".</param>
internal sealed record ProductType(int Category, string[] Heads, string[] Attributes, string[] Uses);

/// <summary>The words of the market. Brands are invented.</summary>
internal static class Catalogue
{
    public const string OwnBrand = "Hearthlune";

    public static readonly string[] RivalBrands = ["Kavorla", "Nimbrex", "Tolvane"];

    /// <summary>Words that mean the shopper wants something else.</summary>
    public static readonly string[] Strays = ["toy", "rental", "diy", "replacement parts", "drawing"];

    /// <summary>Loose words that any category shares: what a hasty seller bids on by mistake.</summary>
    public static readonly string[] Occasions = ["gift", "cheap"];

    public static readonly string[] Categories = ["kitchen", "home", "pet", "fitness", "office"];

    public static readonly FrozenDictionary<string, string> Synonyms = Pairs(
        ("cutting", "chopping"), ("board", "block"), ("bottle", "flask"), ("lunch", "bento"), ("pillow", "cushion"), ("bin", "basket"), ("lamp", "light"),
        ("bed", "mattress"), ("leash", "lead"), ("brush", "comb"), ("mat", "pad"), ("band", "loop"), ("chair", "seat"), ("backpack", "rucksack"),
        ("organizer", "tidy"), ("notebook", "journal"), ("stand", "riser"), ("large", "big"), ("small", "mini"), ("knife", "cutlery"));

    public static readonly ProductType[] Types =
    [
        Of(0, "cutting board|chopping block", "bamboo large wooden small plastic acacia thick reversible dishwasher carving", "kitchen meat cheese camping"),
        Of(0, "knife set|kitchen cutlery", "steel sharp japanese ceramic chef professional black small steak colorful", "kitchen cooking meat beginners"),
        Of(0, "water bottle|drinking flask", "insulated steel large glass plastic leakproof motivational kids straw small", "gym school hiking office"),
        Of(0, "lunch box|bento container", "insulated leakproof kids adult large stackable glass small steel cute", "school work toddler microwave"),
        Of(1, "throw pillow covers|cushion cases", "velvet linen outdoor decorative boho black large knitted striped waterproof", "couch bed patio christmas"),
        Of(1, "storage bins|organizing baskets", "fabric plastic stackable large small woven clear foldable lidded wire", "closet toys shelves garage"),
        Of(1, "desk lamp|reading light", "led adjustable wireless small bright vintage clip dimmable black touch", "office bedroom studying crafts"),
        Of(1, "shower curtain|bath drape", "waterproof fabric clear extra white floral hookless heavy black boho", "bathroom hotel bathtub camper"),
        Of(2, "dog bed|puppy mattress", "orthopedic large washable small calming waterproof cooling elevated fluffy cheap", "crate car seniors outdoor"),
        Of(2, "cat toys|kitten playthings", "interactive feather electronic catnip squeaky small chew indoor automatic durable", "indoor kitten bored training"),
        Of(2, "dog leash|puppy lead", "retractable heavy reflective rope short leather padded bungee large pink", "running training walking hiking"),
        Of(2, "pet brush|grooming comb", "deshedding steam soft self steel gentle large long massage curly", "cats dogs shedding bath"),
        Of(3, "yoga mat|exercise pad", "thick extra nonslip cork large travel foldable foam pink reversible", "pilates women beginners home"),
        Of(3, "resistance bands|workout loops", "heavy fabric long latex light door set booty nonslip colorful", "legs physio pullups women"),
        Of(3, "camping chair|folding seat", "heavy lightweight portable padded large reclining small rocking kids low", "adults beach backpacking sports"),
        Of(3, "hiking backpack|trekking rucksack", "waterproof lightweight large small foldable women frame hydration black military", "travel camping school men"),
        Of(4, "desk organizer|office tidy", "wooden mesh large acrylic small rotating drawer black stackable cute", "office pens makeup school"),
        Of(4, "notebook|writing journal", "leather lined spiral dotted small hardcover large college black waterproof", "work school women travel"),
        Of(4, "laptop stand|computer riser", "adjustable aluminum portable foldable ergonomic wooden tall swivel cooling small", "desk bed travel sofa"),
        Of(4, "pen set|ballpoint collection", "gel fine black colorful luxury retractable erasable quick calligraphy cute", "nurses school journaling office"),
    ];

    private static ProductType Of(int category, string heads, string attributes, string uses) =>
        new(category, heads.Split('|'), attributes.Split(' '), uses.Split(' '));

    private static FrozenDictionary<string, string> Pairs(params ReadOnlySpan<(string One, string Other)> pairs)
    {
        var both = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (one, other) in pairs)
        {
            both[one] = other;
            both[other] = one;
        }

        return both.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
