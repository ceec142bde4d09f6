using System.IO;

namespace Autonoomi.Lab.Protocol;

/// <summary>Writes a file so that a reader finds the old one or the new one, never half of it.</summary>
internal static class WholeFile
{
    public static void Write(string path, string text)
    {
        var beside = path + ".new";
        File.WriteAllText(beside, text);
        File.Move(beside, path, overwrite: true);
    }
}
