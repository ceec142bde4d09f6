using System.IO;
using System.Text.Json;
using Autonoomi.App.Tests.Run;
using Autonoomi.Testing;

namespace Autonoomi.App.Tests.Demo;

public sealed class DemoTests
{
    [Fact]
    public async Task The_same_seed_gives_the_same_figures_and_the_file_keeps_the_contract()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var folder = Directory.CreateTempSubdirectory("autonoomi-same-").FullName;
        try
        {
            var files = new[] { Path.Combine(folder, "one.json"), Path.Combine(folder, "two.json") };
            foreach (var file in files)
            {
                var (code, _, errors) = await DemoChild.RunAsync(["demo", "--headless", "--days", "2", "--seed", "9", "--json", file, "--marketplace", PretendAmazon.Executable()], cancellationToken);
                Assert.True(code == 0, errors);
            }

            using var one = JsonDocument.Parse(await File.ReadAllTextAsync(files[0], cancellationToken));
            using var two = JsonDocument.Parse(await File.ReadAllTextAsync(files[1], cancellationToken));
            Assert.Equal(["seed", "days", "rowsImported", "proposals", "changesApplied", "guardrailBreaches", "profitBefore", "profitAfter", "percentOfOracle", "seconds"], one.RootElement.EnumerateObject().Select(item => item.Name));
            Assert.Equal(["connect", "import", "decide", "total"], one.RootElement.GetProperty("seconds").EnumerateObject().Select(item => item.Name));
            Assert.Equal(["amount", "currency"], one.RootElement.GetProperty("profitBefore").EnumerateObject().Select(item => item.Name));
            foreach (var item in one.RootElement.EnumerateObject().Where(item => item.Name != "seconds"))
                Assert.Equal(item.Value.GetRawText(), two.RootElement.GetProperty(item.Name).GetRawText());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
