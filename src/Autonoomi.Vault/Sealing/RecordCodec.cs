using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Autonoomi.Vault;

/// <summary>A record in the clear, as it goes into the cipher: a JSON array of the caller's id and the value.</summary>
internal static class RecordCodec
{
    public static byte[] Encode<T>(string id, T value, JsonTypeInfo<T> type)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartArray();
            writer.WriteStringValue(id);
            JsonSerializer.Serialize(writer, value, type);
            writer.WriteEndArray();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The caller's id alone, whatever the value is.</summary>
    public static string IdOf(ReadOnlySpan<byte> plain)
    {
        var reader = new Utf8JsonReader(plain);
        reader.Read();
        reader.Read();
        return reader.GetString()!;
    }

    public static (string Id, T Value) Decode<T>(ReadOnlySpan<byte> plain, JsonTypeInfo<T> type)
    {
        var reader = new Utf8JsonReader(plain);
        reader.Read();
        reader.Read();
        var id = reader.GetString()!;
        reader.Read();
        return (id, JsonSerializer.Deserialize(ref reader, type)!);
    }
}
