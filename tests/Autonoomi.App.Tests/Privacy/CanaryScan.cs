using System.IO;
using System.Text;

namespace Autonoomi.App.Tests.Privacy;

/// <summary>Looks for canaries where they must not be.</summary>
internal static class CanaryScan
{
    /// <returns>Canaries in any file, by whatever encoding of text may be used.</returns>
    public static List<string> InFiles(IEnumerable<string> folders, IReadOnlyCollection<string> canaries)
    {
        // An empty file (the lock that a running product holds) has nothing to tell.
        var files = folders.SelectMany(folder => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)).Where(file => new FileInfo(file).Length > 0).Select(ReadShared).ToList();
        Assert.NotEmpty(files);
        return [.. canaries.Where(canary => files.Exists(bytes => bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(canary)) >= 0 || bytes.AsSpan().IndexOf(Encoding.Unicode.GetBytes(canary)) >= 0))];
    }

    /// <returns>Canaries in a text, each with what stands around it.</returns>
    public static IEnumerable<string> InText(string place, string text, IEnumerable<string> canaries) =>
        from canary in canaries
        let at = text.IndexOf(canary, StringComparison.OrdinalIgnoreCase)
        where at >= 0
        select $"{place}: {text[Math.Max(0, at - 120)..Math.Min(text.Length, at + canary.Length + 20)].ReplaceLineEndings(" ")}";

    private static byte[] ReadShared(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
