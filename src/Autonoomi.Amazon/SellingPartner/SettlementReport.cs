using System.Collections.Immutable;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit.Ledger;

namespace Autonoomi.Amazon.SellingPartner;

/// <summary>One settlement as its file tells it; in Europe a file may hold several marketplaces of one currency.</summary>
/// <param name="Id">Amazon's number.</param>
/// <param name="Days">Which days of the marketplace it covers; a neighbouring settlement may share its first or last.</param>
/// <param name="Deposited">When the bank gets it.</param>
/// <param name="Total">What is paid out; negative when the seller owes.</param>
/// <param name="Parts">Its rows by the name of their marketplace; they add up to the total.</param>
/// <param name="Payout">LedgerDay: one row, what the bank got of all parts.</param>
/// <param name="UnknownWords">Amazon's names for movements that no kind is known for, and how often they came.</param>
public sealed record SettlementReport(
    string Id, DateSpan Days, DateOnly Deposited, Money Total, ImmutableArray<SettlementPart> Parts, FactTable Payout, IReadOnlyDictionary<string, int> UnknownWords)
{
    /// <summary>LedgerDay, with the payout: all of them add up to zero.</summary>
    public FactTable Rows => FactTable.Concat(Dataset.LedgerDay, [.. Parts.Select(part => part.Rows), Payout]);

    /// <summary>
    /// Whose money it is. A row belongs to the storefront of the marketplace that it names. Rows that name none (transfers, fees of the account) belong to one storefront alone: that which
    /// most rows of the file name, of equal ones the first in the order of marketplaces; where no storefront of the seller is named, the first for which Amazon lists the file, and that for
    /// which it was fetched where Amazon does not say.
    /// Each share has a payout of its own; shares and what is elsewhere add up to the file.
    /// </summary>
    /// <param name="fetched">For which storefront the file was fetched; it has a share, if only one of zero, because the file covers its days.</param>
    /// <param name="here">Marketplaces of the seller's storefronts, <paramref name="fetched"/> among them; those of another currency have no share.</param>
    /// <param name="listedFor">Ids of the marketplaces that Amazon lists the file for: its days are covered there too.</param>
    public SettlementShares Divide(Marketplace fetched, IReadOnlyCollection<Marketplace> here, IReadOnlyCollection<string> listedFor)
    {
        var mine = Marketplace.All.Where(one => one.Currency == Total.Currency && here.Any(other => other.Id == one.Id)).ToList();
        var named = Parts.Where(part => mine.Contains(part.Marketplace!)).ToDictionary(part => part.Marketplace!.Id, StringComparer.Ordinal);
        var home = mine.Where(one => named.ContainsKey(one.Id)).OrderByDescending(one => named[one.Id].Rows.Rows).FirstOrDefault()?.Id ?? mine.FirstOrDefault(one => listedFor.Contains(one.Id))?.Id ?? fetched.Id;
        var shares = from one in mine
                     where one.Id == fetched.Id || one.Id == home || named.ContainsKey(one.Id) || listedFor.Contains(one.Id)
                     select Share(one, [.. Parts.Where(part => part.Marketplace?.Id == one.Id || (part.Name.Length == 0 && one.Id == home))]);
        return new([.. shares], [.. Parts.Where(part => part.Name.Length > 0 && !mine.Contains(part.Marketplace!))]);
    }

    private SettlementShare Share(Marketplace marketplace, SettlementPart[] parts)
    {
        var total = parts.Aggregate(Money.Zero(Total.Currency), (sum, part) => sum + part.Total);
        var payout = new FactTableBuilder(TableSchema.Of(Dataset.LedgerDay))
            .Int(Payout.Ints("day")[0]).Long(0).Text("").Int((int)LedgerKind.Payout).Int((int)LedgerSource.Settlement).Long(Payout.Longs("line")[0])
            .Int(Payout.Ints("state")[0]).Long(Payout.Longs("quantity")[0]).Long(-total.ToMicros()).Long(Payout.Longs("settlement")[0]);
        return new(marketplace, total, FactTable.Concat(Dataset.LedgerDay, [.. parts.Select(part => part.Rows), payout.Build()]));
    }
}

/// <param name="Name">Amazon's name of the marketplace; empty for rows that name none.</param>
/// <param name="Marketplace">Which one it is; null for none, and for one that we do not know.</param>
/// <param name="Total">What its rows add up to.</param>
/// <param name="Rows">LedgerDay, without a payout.</param>
public sealed record SettlementPart(string Name, Marketplace? Marketplace, Money Total, FactTable Rows);

/// <param name="Shares">Of the seller's storefronts.</param>
/// <param name="Elsewhere">Rows of marketplaces in which the seller has no storefront here: they are in nobody's figures.</param>
public sealed record SettlementShares(ImmutableArray<SettlementShare> Shares, ImmutableArray<SettlementPart> Elsewhere);

/// <param name="Marketplace">Of which storefront.</param>
/// <param name="Total">What was paid out for it.</param>
/// <param name="Rows">LedgerDay, with a payout of its own: all of them add up to zero.</param>
public sealed record SettlementShare(Marketplace Marketplace, Money Total, FactTable Rows);

/// <summary>Marketplaces by the names that settlement files call them: the address of the shop.</summary>
public static class MarketplaceNames
{
    private static readonly (string Name, string Country)[] Names =
    [
        ("Amazon.com", "US"), ("Amazon.ca", "CA"), ("Amazon.com.mx", "MX"), ("Amazon.com.br", "BR"),
        ("Amazon.co.uk", "UK"), ("Amazon.de", "DE"), ("Amazon.fr", "FR"), ("Amazon.it", "IT"), ("Amazon.es", "ES"), ("Amazon.nl", "NL"), ("Amazon.com.be", "BE"), ("Amazon.ie", "IE"), ("Amazon.se", "SE"),
        ("Amazon.pl", "PL"), ("Amazon.com.tr", "TR"), ("Amazon.ae", "AE"), ("Amazon.sa", "SA"), ("Amazon.co.za", "ZA"), ("Amazon.in", "IN"),
        ("Amazon.co.jp", "JP"), ("Amazon.com.au", "AU"), ("Amazon.sg", "SG"), ("Amazon.jp", "JP"),
    ];

    private static readonly Dictionary<string, Marketplace> ByName =
        Names.ToDictionary(one => one.Name, one => Marketplace.All.Single(marketplace => marketplace.Country == one.Country), StringComparer.OrdinalIgnoreCase);

    /// <returns>The marketplace of that name; null for a name that we do not know.</returns>
    public static Marketplace? Find(string name) => ByName.GetValueOrDefault(name.Trim());

    /// <summary>
    /// The name by which rows of a file are kept apart, in one spelling. Names that are no shop of Amazon's (orders from other shops that Amazon delivers are "Non-Amazon") tell of the account.
    /// </summary>
    /// <returns>Empty for rows of no marketplace.</returns>
    internal static string Place(string name)
    {
        if (Find(name) is { } known) return Names.First(one => one.Country == known.Country).Name;
        return name.Trim().StartsWith("Amazon.", StringComparison.OrdinalIgnoreCase) ? name.Trim() : "";
    }
}
