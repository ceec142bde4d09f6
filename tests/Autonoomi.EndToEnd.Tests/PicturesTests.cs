using System.IO;
using System.Text.RegularExpressions;
using Autonoomi.Testing;
using Microsoft.Playwright;

namespace Autonoomi.EndToEnd.Tests;

/// <summary>
/// A picture of every page in both themes is kept in docs/screens/pictures, for people who want to see the product before they start it. After a change of a page,
/// run this class with <c>AUTONOOMI_RENEW=1</c>, look at the pictures and commit them.
/// </summary>
public sealed partial class PicturesTests(Demo demo)
{
    private const int Width = 1280;
    private const int Height = 800;
    private const int MostHeight = 2600;
    private static readonly string Folder = Path.Combine(Repository.Root, "docs", "screens", "pictures");
    private static readonly string Gallery = Path.Combine(Repository.Root, "docs", "screens", "pictures.md");
    private static readonly string[] Doors = ["/account/sign-in", "/account/sign-up", "/privacy", "/privacy/data"];

    private static IEnumerable<(string Path, bool Anonymous)> Pages => [.. EveryPageTests.Pages.Select(row => (row.Data, false)), .. Doors.Select(path => (path, true))];

    [Fact]
    public async Task Every_page_has_a_picture_in_both_themes_and_none_is_left_over()
    {
        if (Environment.GetEnvironmentVariable("AUTONOOMI_RENEW") == "1") await RenewAsync();

        var pictures = Directory.GetFiles(Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal);
        Assert.Equal(Pages.SelectMany(page => new[] { NameOf(page.Path, "light"), NameOf(page.Path, "dark") }).Order(StringComparer.Ordinal), pictures);
        Assert.All(Directory.GetFiles(Folder), picture => Assert.InRange(new FileInfo(picture).Length, 5_000, 600_000));
        Assert.Equal(Contents(), (await File.ReadAllTextAsync(Gallery, TestContext.Current.CancellationToken)).ReplaceLineEndings("\n"));
    }

    private async Task RenewAsync()
    {
        if (Directory.Exists(Folder)) Directory.Delete(Folder, recursive: true);
        Directory.CreateDirectory(Folder);
        foreach (var (path, anonymous) in Pages)
        {
            await using var visit = await demo.OpenAsync(path, anonymous, width: Width, height: Height);
            foreach (var theme in new[] { "light", "dark" })
            {
                await visit.ThemeAsync(theme);

                // Pages scroll within themselves: the window grows until all of it is in view.
                await visit.Page.SetViewportSizeAsync(Width, Height);
                var more = await visit.Page.EvaluateAsync<int>("() => { const main = document.querySelector('main') ?? document.documentElement; return Math.max(main.scrollHeight - main.clientHeight, document.documentElement.scrollHeight - document.documentElement.clientHeight, 0); }");
                await visit.Page.SetViewportSizeAsync(Width, Math.Min(Height + more, MostHeight));
                await visit.Page.WaitForTimeoutAsync(400);
                await visit.Page.ScreenshotAsync(new() { Path = Path.Combine(Folder, NameOf(path, theme)), Type = ScreenshotType.Jpeg, Quality = 60, Animations = ScreenshotAnimations.Disabled });
            }
        }

        await File.WriteAllTextAsync(Gallery, Contents(), TestContext.Current.CancellationToken);
    }

    private static string Contents() => "# The pages\n\nEvery page of the demo shop, light and dark, 1,280 pixels wide. Everything in them is invented by the pretend Amazon.\n\n"
        + string.Concat(Pages.Select(page => $"## {page.Path}\n\n![{page.Path} in the light](pictures/{NameOf(page.Path, "light")})\n![{page.Path} in the dark](pictures/{NameOf(page.Path, "dark")})\n\n"));

    private static string NameOf(string path, string theme) => $"{(path == "/" ? "overview" : NotInNames().Replace(path.Trim('/'), "-"))}-{theme}.jpg".TrimStart('-');

    [GeneratedRegex("[^A-Za-z0-9]+", RegexOptions.None, 1000)]
    private static partial Regex NotInNames();
}
