using System.Reflection;
using Autonoomi.Core;

namespace Autonoomi.Policies;

/// <summary>Sets numbers of <see cref="DecisionSettings"/> by name: the property's name in lower camel case, for example <c>dailyStep</c>.</summary>
internal static class DecisionNumbers
{
    private static readonly SortedDictionary<string, PropertyInfo> ByName = Read();

    public static IReadOnlyCollection<string> Names => ByName.Keys;

    /// <returns>A copy of the settings with the numbers set.</returns>
    /// <exception cref="ArgumentException">A name is not one of <see cref="Names"/>, or a whole number was expected.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its documented range.</exception>
    public static DecisionSettings Apply(DecisionSettings settings, IReadOnlyDictionary<string, double> numbers)
    {
        var changed = settings with { };
        foreach (var (name, value) in numbers)
        {
            if (!ByName.TryGetValue(name, out var property)) throw new ArgumentException($"'{name}' is no number of our policy. It knows {string.Join(", ", Names)}.", nameof(numbers));
            if (property.PropertyType == typeof(double)) property.SetValue(changed, value);
            else if (value == Math.Floor(value) && Math.Abs(value) <= int.MaxValue) property.SetValue(changed, (int)value);
            else throw new ArgumentException($"{name} is a whole number, not {value.ToString(System.Globalization.CultureInfo.InvariantCulture)}.", nameof(numbers));
        }

        changed.Validate();
        return changed;
    }

    private static SortedDictionary<string, PropertyInfo> Read()
    {
        var found = new SortedDictionary<string, PropertyInfo>(StringComparer.Ordinal);
        foreach (var property in typeof(DecisionSettings).GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.PropertyType == typeof(double) || property.PropertyType == typeof(int)) found.Add(char.ToLowerInvariant(property.Name[0]) + property.Name[1..], property);
        }

        return found;
    }
}
