namespace Autonoomi.Marketplace.World;

/// <summary>One thing the seller sells: what everybody sees, what the seller knows, and what only the market knows.</summary>
internal sealed class Product
{
    public required int Index { get; init; }
    public required int Type { get; init; }
    public required string Sku { get; init; }
    public required string Asin { get; init; }
    public required string Title { get; init; }
    public required HashSet<string> Traits { get; init; }
    public required string[] TitleWords { get; init; }

    public required decimal Price { get; init; }
    public required decimal CostOfGoods { get; init; }
    public required decimal Inbound { get; init; }
    public required decimal ReferralFee { get; init; }
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

    /// <summary>Contribution of one unit sold, before ads: refunded units lose their price and keep their costs.</summary>
    public double UnitContribution => ((double)Price * (1 - RefundRate))
        - (double)(CostOfGoods + Inbound + ReferralFee + FulfilmentFee + (StoragePerUnitDay * StorageDays));

    public double OrderContribution => UnitContribution / (1 - OneMoreUnit);

    public static Product Make(Dice dice, int index)
    {
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
        var margin = (decimal)dice.Uniform(Draw.Product, index, 0.22, 0.48, 5);
        var goods = (price * (1 - (decimal)refunds - margin)) - referral - fulfilment - inbound - (storage * StorageDays);
        var head = kind.Heads[0];
        var title = string.Join(' ', new[] { Catalogue.OwnBrand }.Concat(traits.Take(4).Select(Capital)).Append(string.Join(' ', head.Split(' ').Select(Capital)))
            .Append("for").Append(string.Join(" and ", traits.Skip(4).Select(Capital))));
        var letters = string.Concat(head.Split(' ').Select(word => word[..Math.Min(4, word.Length)].ToUpperInvariant()));
        return new Product
        {
            Index = index,
            Type = type,
            Sku = $"HL-{letters}-{index + 1:00}",
            Asin = Shoppers.AsinOf(dice, index),
            Title = title,
            Traits = [.. traits],
            TitleWords = Words.Fold(title),
            Price = price,
            CostOfGoods = Math.Max(0.8m, decimal.Round(goods, 2)),
            Inbound = inbound,
            ReferralFee = referral,
            FulfilmentFee = fulfilment,
            StoragePerUnitDay = storage,
            LeadTimeDays = 14 + dice.Pick(22, Draw.Product, index, 6),
            Conversion = Math.Clamp(0.08 * dice.LogNormal(0.30, Draw.Product, index, 7), 0.04, 0.18),
            RefundRate = refunds,
            OrganicPerDay = 2.8 * dice.LogNormal(0.6, Draw.Product, index, 8),
        };
    }

    private static string Capital(string word) => char.ToUpperInvariant(word[0]) + word[1..];
}
