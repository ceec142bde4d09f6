using System.IO;
using System.Text;

namespace Autonoomi.Vault.Tests;

public sealed class SpoolTests
{
    [Fact]
    public void What_waits_on_disk_comes_back_and_leaves_no_name_behind()
    {
        var random = new Random(3);
        var blobs = Enumerable.Range(0, 20).Select(number => Encoding.UTF8.GetBytes($"canary {number} {new string('x', random.Next(3000))}")).ToArray();
        var before = Directory.GetFiles(Path.GetTempPath(), "autonoomi-*.spool");
        using var spool = new Spool(inMemory: 5_000);

        var sheets = blobs.Select(blob => spool.Add(blob)).ToArray();

        Assert.True(spool.HasFile);
        Assert.True(sheets[0].Bytes is not null && sheets[^1].Bytes is null);
        for (var number = blobs.Length - 1; number >= 0; number--) Assert.Equal(blobs[number], spool.Read(sheets[number], bytes => bytes.ToArray()));
        if (!OperatingSystem.IsWindows()) Assert.Empty(Directory.GetFiles(Path.GetTempPath(), "autonoomi-*.spool").Except(before));
        Assert.Throws<SealBrokenException>(() => spool.Read(sheets[^1] with { At = sheets[^2].At, Length = sheets[^2].Length - 1 }, bytes => bytes.Length));
    }
}
