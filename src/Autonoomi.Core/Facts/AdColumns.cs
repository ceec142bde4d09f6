namespace Autonoomi.Core.Facts;

/// <summary>The columns that every advertising fact table shares.</summary>
internal readonly ref struct AdColumns(FactTable table)
{
    public readonly ReadOnlySpan<int> Days = table.Ints("day");
    public readonly ReadOnlySpan<long> Impressions = table.Longs("impressions");
    public readonly ReadOnlySpan<long> Clicks = table.Longs("clicks");
    public readonly ReadOnlySpan<long> Cost = table.Longs("cost");
    public readonly ReadOnlySpan<long> Orders = table.Longs("orders");
    public readonly ReadOnlySpan<long> Units = table.Longs("units");
    public readonly ReadOnlySpan<long> Sales = table.Longs("sales");
}
