using System.Diagnostics;

namespace Autonoomi.Privacy;

/// <summary>A token or key on its way through memory. Its text form is a placeholder, it cannot be serialised, and the value leaves only through <see cref="Reveal"/>.</summary>
[DebuggerDisplay("[secret]")]
[System.Text.Json.Serialization.JsonConverter(typeof(RefusesToSerialise))]
public sealed class Secret
{
    private readonly string value;

    public Secret(string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(value);
        this.value = value;
    }

    /// <returns>The value itself: for the one line that sends or seals it, never for a log, a message or a page.</returns>
    public string Reveal() => value;

    public override string ToString() => "[secret]";

    private sealed class RefusesToSerialise : System.Text.Json.Serialization.JsonConverter<Secret>
    {
        public override Secret Read(ref System.Text.Json.Utf8JsonReader reader, Type typeToConvert, System.Text.Json.JsonSerializerOptions options) => throw Refusal();

        public override void Write(System.Text.Json.Utf8JsonWriter writer, Secret value, System.Text.Json.JsonSerializerOptions options) => throw Refusal();

        private static NotSupportedException Refusal() => new("A Secret is never written to or read from JSON: seal it, or leave it out.");
    }
}
