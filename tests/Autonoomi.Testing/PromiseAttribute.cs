using Xunit.v3;

namespace Autonoomi.Testing;

/// <summary>This test fails when one of these promises of the register (<c>src/Autonoomi.Privacy/Promises</c>) is broken. Also a trait: <c>-trait "promise=P-3-b"</c> runs what holds it.</summary>
/// <param name="ids">For example <c>P-3-b</c>.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PromiseAttribute(params string[] ids) : Attribute, ITraitAttribute
{
    public IReadOnlyList<string> Ids => ids;

    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [.. ids.Select(id => KeyValuePair.Create("promise", id))];
}
