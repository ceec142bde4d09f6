namespace Autonoomi.Marketplace.World;

/// <summary>One thing the seller sells: what everybody sees, what the seller knows, and what only the market knows.</summary>
internal sealed class Product
{
    private readonly decimal scale;

    private Product(decimal scale) => this.scale = scale;

    public required int Index { get; init; }
    public required int Type { get; init; }
    public required string Sku { get; init; }
    public required string Asin { get; init; }
    public required string Title { get; init; }
    public required HashSet<string> Traits { get; init; }

    public required decimal Price { get; init; }
    public required decimal CostOfGoods { get; init; }
    public required decimal Inbound { get; init; }
    public required decimal FulfilmentFee { get; init; }
    public required decimal StoragePerUnitDay { get; init; }
    public required int LeadTimeDays { get; init; }

    /// <summary>Orders per click of an average shopper of its type, rest of search.</summary>
    public required double Conversion { get; init; }

    public required double RefundRate { get; init; }

    /// <summary>Organic orders per day at average demand and rank.</summary>
    public required double OrganicPerDay { get; init; }

    /// <summary>Days a unit usually waits in the warehouse; turns daily storage into a cost of a unit.</summary>
    public const int StorageDays = 30;

    /// <summary>Chance of one more unit in an order: 1.15 units on average.</summary>
    public const double OneMoreUnit = 0.15 / 1.15;

    public const double UnitsPerOrder = 1 / (1 - OneMoreUnit);

    /// <summary>Words of a search that the listing answers: its title's and their synonyms, folded.</summary>
    public required HashSet<string> KnownWords { get; init; }

    public double OrderContribution => ContributionAt(Price, CostOfGoods) * UnitsPerOrder;

    /// <returns>Contribution of one unit sold, before ads: refunded units lose their price and keep their costs.</returns>
    public double ContributionAt(decimal price, decimal costOfGoods) => ((double)price * (1 - RefundRate))
        - (double)(costOfGoods + Inbound + ReferralFeeAt(price) + FulfilmentFee + (StoragePerUnitDay * StorageDays));

    public decimal ReferralFeeAt(decimal price) => decimal.Round(price / scale * 0.15m, 2) * scale;

    public static Product Make(Dice dice, int index, WorldSettings? settings = null)
    {
        settings ??= new WorldSettings();
        var scale = settings.MoneyScale;
        var market = settings.Market;
        var type = index % Catalogue.Types.Length;
        var kind = Catalogue.Types[type];
        var traits = kind.Attributes.OrderBy(word => dice.Bits(Draw.Product, index, 1, Array.IndexOf(kind.Attributes, word))).Take(4)
            .Concat(kind.Uses.OrderBy(word => dice.Bits(Draw.Product, index, 2, Array.IndexOf(kind.Uses, word))).Take(2)).ToArray();
        var price = decimal.Floor((decimal)Math.Clamp(28 * dice.LogNormal(0.45, Draw.Product, index, 3), 13, 90)) + 0.99m;
        var referral = decimal.Round(price * 0.15m, 2);
        var fulfilment = decimal.Round(2.6m + (0.07m * price), 2);
        var storage = decimal.Round(0.003m + (0.0002m * price), 4);
        var inbound = decimal.Round(0.25m + (0.02m * price), 2);
        var refunds = dice.Uniform(Draw.Product, index, 0.03, 0.10, 4);
        var margin = (decimal)dice.Uniform(Draw.Product, index, market.LowestMargin, market.HighestMargin, 5);
        var goods = (price * (1 - (decimal)refunds - margin)) - referral - fulfilment - inbound - (storage * StorageDays);
        var head = kind.Heads[0];
        var title = string.Join(' ', new[] { Catalogue.OwnBrand }.Concat(traits.Take(4).Select(Capital)).Append(string.Join(' ', head.Split(' ').Select(Capital)))
            .Append("for").Append(string.Join(" and ", traits.Skip(4).Select(Capital))));
        var letters = string.Concat(head.Split(' ').Select(word => word[..Math.Min(4, word.Length)].ToUpperInvariant()));
        return new Product(scale)
        {
            Index = index,
            Type = type,
            Sku = $"HL-{letters}-{index + 1:00}",
            Asin = Shoppers.AsinOf(dice, index),
            Title = title,
            Traits = [.. traits],
            KnownWords = [.. Words.Fold(title).SelectMany(word => Catalogue.Synonyms.TryGetValue(word, out var other) ? new[] { word, other } : [word])],
            Price = price * scale,
            CostOfGoods = Math.Max(0.8m, decimal.Round(goods, 2)) * scale,
            Inbound = inbound * scale,
            FulfilmentFee = fulfilment * scale,
            StoragePerUnitDay = storage * scale,
            LeadTimeDays = 14 + dice.Pick(22, Draw.Product, index, 6),
            Conversion = Math.Clamp(market.Conversion * dice.LogNormal(market.ConversionSpread, Draw.Product, index, 7), 0.03, 0.25),
            RefundRate = refunds,
            OrganicPerDay = 2.8 * dice.LogNormal(0.6, Draw.Product, index, 8),
        };
    }

    private static string Capital(string word) => char.ToUpperInvariant(word[0]) + word[1..];
}
