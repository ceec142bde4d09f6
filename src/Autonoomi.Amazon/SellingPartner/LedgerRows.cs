using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Profit.Ledger;

namespace Autonoomi.Amazon.SellingPartner;

/// <summary>Order ids as keyed hashes: the same order has the same key in all sources of one seller, and without the secret a key leads to no order.</summary>
/// <param name="secret">At least 32 bytes, one per seller.</param>
public sealed class OrderKeys(ReadOnlyMemory<byte> secret)
{
    private readonly ReadOnlyMemory<byte> secret = secret.Length >= 32 ? secret : throw new ArgumentException("The secret of the order keys has at least 32 bytes.", nameof(secret));

    /// <returns>Never 0, which stands for no order; 0 for an empty id.</returns>
    public long Of(ReadOnlySpan<byte> orderId) => orderId.IsEmpty ? 0 : Hash("order/"u8, orderId);

    internal long Line(string movement) => Hash("line/"u8, Encoding.UTF8.GetBytes(movement));

    private long Hash(ReadOnlySpan<byte> purpose, ReadOnlySpan<byte> text)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret.Span);
        mac.AppendData(purpose);
        mac.AppendData(text);
        mac.GetHashAndReset(hash);
        var value = BinaryPrimitives.ReadInt64LittleEndian(hash);
        return value == 0 ? 1 : value;
    }
}

/// <summary>Movements of money on their way into LedgerDay.</summary>
internal sealed class LedgerRows(OrderKeys keys, LedgerSource source, long settlement)
{
    private readonly List<Movement> movements = [];

    public LedgerWords Words { get; } = new();

    public long Sum { get; private set; }

    /// <param name="Day">Day number.</param>
    /// <param name="Order">From <see cref="OrderKeys"/>.</param>
    /// <param name="Sku">Empty where the movement is about no product.</param>
    /// <param name="Kind">What for.</param>
    /// <param name="Line">Tells the movement from all others, at every reading the same; hashed here.</param>
    /// <param name="State">How far.</param>
    /// <param name="Quantity">Units; kept only where they belong.</param>
    /// <param name="Amount">Millionths; positive comes to the seller.</param>
    /// <param name="Place">Name of the marketplace that it is of, where the source tells several apart.</param>
    public void Add(int Day, long Order, string Sku, LedgerKind Kind, string Line, LedgerState State, long Quantity, long Amount, string Place = "")
    {
        Sum += Amount;
        var units = Kind is LedgerKind.ProductCharge or LedgerKind.RefundProduct or LedgerKind.FulfilmentFee or LedgerKind.ReturnedUnitFee or LedgerKind.Payout ? Quantity : 0;
        movements.Add(new(Place, Day, Order, Sku, (int)Kind, keys.Line(Line), (int)State, units, Amount));
    }

    public FactTable Build() => Build(movements);

    /// <returns>The same by place, names in their order: what they add up to and their rows.</returns>
    public IEnumerable<(string Place, long Sum, FactTable Rows)> Places() =>
        movements.GroupBy(row => row.Place, StringComparer.Ordinal).OrderBy(rows => rows.Key, StringComparer.Ordinal).Select(rows => (rows.Key, rows.Sum(row => row.Amount), Build([.. rows])));

    private FactTable Build(List<Movement> chosen)
    {
        var table = new FactTableBuilder(TableSchema.Of(Dataset.LedgerDay), Math.Max(1, chosen.Count));
        foreach (var row in chosen.OrderBy(row => row.Day).ThenBy(row => row.Order).ThenBy(row => row.Sku, StringComparer.Ordinal).ThenBy(row => row.Kind).ThenBy(row => row.Line))
            table.Int(row.Day).Long(row.Order).Text(row.Sku).Int(row.Kind).Int((int)source).Long(row.Line).Int(row.State).Long(row.Quantity).Long(row.Amount).Long(settlement);
        return table.Build();
    }

    private readonly record struct Movement(string Place, int Day, long Order, string Sku, int Kind, long Line, int State, long Quantity, long Amount);
}
