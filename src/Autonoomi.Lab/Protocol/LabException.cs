namespace Autonoomi.Lab.Protocol;

/// <summary>A study cannot go on; the message says why and what to do.</summary>
internal sealed class LabException(string message) : Exception(message);
