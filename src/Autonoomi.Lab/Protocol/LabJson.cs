using System.Text.Json.Serialization;

namespace Autonoomi.Lab.Protocol;

/// <summary>One line per entry, as in journals and ledgers.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(StudyHeader))]
[JsonSerializable(typeof(Line))]
[JsonSerializable(typeof(SeedRead))]
internal sealed partial class LineJson : JsonSerializerContext;
