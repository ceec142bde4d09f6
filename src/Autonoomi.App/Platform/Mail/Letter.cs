using System.Text.Json.Serialization;

namespace Autonoomi.App.Platform.Mail;

/// <summary>What a mail says, before it is a mail.</summary>
/// <param name="Subject">One line, which others may see: no name, no figure, nothing of a seller.</param>
/// <param name="Lines">Paragraphs.</param>
/// <param name="Button">Words on its button; null for none.</param>
/// <param name="Path">Where the button leads, on our own site.</param>
internal sealed record Letter(string Subject, IReadOnlyList<string> Lines, string? Button = null, string? Path = null)
{
    /// <summary>The address; set when it is put into the outbox.</summary>
    public string To { get; init; } = "";
}

[JsonSerializable(typeof(Letter))]
internal sealed partial class LetterJson : JsonSerializerContext;
