using System.Diagnostics;
using System.IO;
using System.Text.RegularExpressions;
using Autonoomi.Testing;
using Microsoft.Playwright;
using Xunit.Sdk;

[assembly: AssemblyFixture(typeof(Autonoomi.EndToEnd.Tests.Demo))]
[assembly: Xunit.v3.Parallelization(Mode = ParallelMode.None)]

namespace Autonoomi.EndToEnd.Tests;

/// <summary>One demo for all journeys: the product and its pretend Amazon as child processes, a real browser, one signed-in person.</summary>
public partial class Demo : IAsyncLifetime
{
    private static readonly string[] Browsers = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
    private readonly List<string> said = [];
    private Process? product;
    private IPlaywright? playwright;
    private IBrowser? browser;
    private string? signedIn;

    public const string BrowserMissing = "No Chromium is installed on this machine (apt-get install chromium).";

    public static string? BrowserPath { get; } = Browsers.FirstOrDefault(File.Exists);

    public Uri Address { get; private set; } = default!;
    public string User { get; private set; } = "";
    public string Password { get; private set; } = "";

    /// <summary>Its data and keys.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("autonoomi-journeys-").FullName;

    /// <summary>One storefront is enough for most journeys, and quicker.</summary>
    protected virtual string[] Arguments => ["--sellers", "US"];

    public async ValueTask InitializeAsync()
    {
        if (BrowserPath is null) return;
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        var start = new ProcessStartInfo("dotnet")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = Repository.Root,
            ArgumentList =
            {
                Built("Autonoomi.App", configuration), "demo", "--marketplace", Built("Autonoomi.Marketplace", configuration), "--port", "0", "--data", Folder,
            },
        };
        foreach (var argument in Arguments) start.ArgumentList.Add(argument);

        // Tests type faster than people.
        start.Environment["Autonoomi__RateLimits__SignInPerAccount"] = "100";
        start.Environment["Autonoomi__RateLimits__SignInPerAddress"] = "1000";
        start.Environment["Autonoomi__RateLimits__Uploads"] = "1000";
        start.Environment["Autonoomi__RateLimits__ConsentStarts"] = "1000";
        product = Process.Start(start)!;
        product.StandardInput.Close();
        product.ErrorDataReceived += (_, line) => Heard(line.Data);
        product.BeginErrorReadLine();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(4));
        while (Password.Length == 0)
        {
            var line = await product.StandardOutput.ReadLineAsync(patience.Token)
                ?? throw new InvalidOperationException($"The demo ended before it was ready:{Environment.NewLine}{string.Join(Environment.NewLine, said)}");
            Heard(line);
            if (AddressLine().Match(line) is { Success: true } address) Address = new Uri(address.Groups["value"].Value);
            if (UserLine().Match(line) is { Success: true } user) User = user.Groups["value"].Value;
            if (PasswordLine().Match(line) is { Success: true } password) Password = password.Groups["value"].Value;
        }

        _ = product.StandardOutput.ReadToEndAsync(CancellationToken.None);
        playwright = await Playwright.CreateAsync();

        // As long as every other wait: what a page shows is judged here, not how busy the machine is.
        Assertions.SetDefaultExpectTimeout(15_000);
        browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = BrowserPath,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
    }

    /// <summary>A page of its own, signed in unless <paramref name="anonymous"/>; anything that the browser complains about is collected.</summary>
    public async Task<Visit> OpenAsync(string path, bool anonymous = false, bool dark = false, int width = 1440, int height = 900)
    {
        Assert.SkipWhen(BrowserPath is null, BrowserMissing);
        if (!anonymous && signedIn is null) await SignInOnceAsync();
        var context = await browser!.NewContextAsync(new()
        {
            BaseURL = Local(Address).ToString(),
            ViewportSize = new() { Width = width, Height = height },
            ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light,
            ReducedMotion = ReducedMotion.Reduce,
            StorageState = anonymous ? null : signedIn,
            AcceptDownloads = true,
        });
        context.SetDefaultTimeout(15_000);
        var visit = new Visit(context, await context.NewPageAsync());
        await visit.GoAsync(path);
        return visit;
    }

    private async Task SignInOnceAsync()
    {
        await using var visit = await OpenAsync("/account/sign-in", anonymous: true);
        await SignIn.WithPasswordAsync(visit.Page, User, Password);
        await visit.GoAsync("/");
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Name = "Overview", Level = 1 })).ToBeVisibleAsync();
        signedIn = await visit.Page.Context.StorageStateAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null) await browser.DisposeAsync();
        playwright?.Dispose();
        if (product is not null)
        {
            if (!product.HasExited) product.Kill(entireProcessTree: true);
            await product.WaitForExitAsync();
            product.Dispose();
        }

        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    private void Heard(string? line)
    {
        if (line is null) return;
        lock (said) said.Add(line);
    }

    // Passkeys need a host name, and a demo listens on loopback only.
    private static Uri Local(Uri address) => new UriBuilder(address) { Host = "localhost" }.Uri;

    private static string Built(string project, string configuration) =>
        Path.Combine(Repository.Root, "src", project, "bin", configuration, "net10.0", project + ".dll");

    [GeneratedRegex(@"^\s*Address\s+(?<value>\S+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex AddressLine();

    [GeneratedRegex(@"^\s*User\s+(?<value>\S+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex UserLine();

    [GeneratedRegex(@"^\s*Password\s+(?<value>\S+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex PasswordLine();
}
