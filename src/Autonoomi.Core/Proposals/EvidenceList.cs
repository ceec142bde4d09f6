using System.Collections.Immutable;

namespace Autonoomi.Core.Proposals;

/// <summary>Collects evidence. Entries that are the same for thousands of proposals of one decision are shared, not repeated.</summary>
internal sealed class EvidenceList(string currency)
{
    private readonly Dictionary<(string Name, double Value), EvidenceValue> shared = [];
    private readonly ImmutableArray<EvidenceValue>.Builder values = ImmutableArray.CreateBuilder<EvidenceValue>(32);

    public EvidenceList Money(string name, double value) => Add(new EvidenceValue(name, value, currency));
    public EvidenceList Fraction(string name, double value) => Add(new EvidenceValue(name, value, "fraction"));
    public EvidenceList Factor(string name, double value) => Add(new EvidenceValue(name, value, "factor"));
    public EvidenceList Clicks(string name, double value) => Add(new EvidenceValue(name, value, "clicks"));
    public EvidenceList Orders(string name, double value) => Add(new EvidenceValue(name, value, "orders"));
    public EvidenceList Days(string name, double value) => Add(new EvidenceValue(name, value, "days"));
    public EvidenceList Count(string name, double value) => Add(new EvidenceValue(name, value, "count"));
    public EvidenceList Word(string name, string text) => Add(new EvidenceValue(name, double.NaN, "text", text));
    public EvidenceList SharedMoney(string name, double value) => Shared(name, value, currency);
    public EvidenceList SharedFactor(string name, double value) => Shared(name, value, "factor");
    public EvidenceList SharedFraction(string name, double value) => Shared(name, value, "fraction");

    /// <summary>The evidence collected; the list starts anew.</summary>
    public Evidence Take()
    {
        var evidence = new Evidence(values.ToImmutable());
        values.Clear();
        return evidence;
    }

    private EvidenceList Shared(string name, double value, string unit)
    {
        if (!shared.TryGetValue((name, value), out var entry)) shared.Add((name, value), entry = new EvidenceValue(name, value, unit));
        return Add(entry);
    }

    private EvidenceList Add(EvidenceValue entry)
    {
        values.Add(entry);
        return this;
    }
}
