using System.IO;
using System.Security.Cryptography;

namespace Autonoomi.Marketplace;

/// <summary>The key of the control routes, in a file that only its owner reads.</summary>
internal static class WorldKeyFile
{
    public static string ReadOrCreate(string path)
    {
        if (File.Exists(path) && File.ReadAllText(path).Trim() is { Length: > 0 } found) return found;

        var key = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var file = new StreamWriter(path, options);
        file.WriteLine(key);
        return key;
    }
}
