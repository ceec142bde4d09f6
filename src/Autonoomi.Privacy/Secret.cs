using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Autonoomi.Privacy;

/// <summary>A token, password or client secret. It prints as <c>[secret]</c>, refuses JSON, and gives its value only to <see cref="Reveal"/>.</summary>
[DebuggerDisplay("[secret]")]
[JsonConverter(typeof(SecretJsonRefusal))]
public sealed class Secret : IEquatable<Secret>
{
    private readonly string value;

    /// <exception cref="ArgumentException">The value is empty.</exception>
    public Secret(string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(value);
        this.value = value;
    }

    /// <summary>The value itself. Call it where the value leaves for its rightful place (a request header, a sealed column) and nowhere else.</summary>
    public string Reveal() => value;

    public override string ToString() => "[secret]";

    /// <remarks>Takes the same time whatever the values have in common.</remarks>
    public bool Equals(Secret? other) =>
        other is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(value), Encoding.UTF8.GetBytes(other.value));

    public override bool Equals(object? obj) => Equals(obj as Secret);

    public override int GetHashCode() => string.GetHashCode(value, StringComparison.Ordinal);
}

/// <summary>Makes every attempt to put a <see cref="Secret"/> into JSON, or to read one from JSON, fail.</summary>
public sealed class SecretJsonRefusal : JsonConverter<Secret>
{
    public override Secret Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("A Secret is never read from JSON: read the text in the wire type and wrap it at once.");

    public override void Write(Utf8JsonWriter writer, Secret value, JsonSerializerOptions options) =>
        throw new NotSupportedException("A Secret is never written to JSON: seal Reveal() in the vault, or leave the property out.");
}
