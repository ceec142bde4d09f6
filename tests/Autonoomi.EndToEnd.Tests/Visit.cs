using System.IO;
using Autonoomi.Testing;
using Microsoft.Playwright;

namespace Autonoomi.EndToEnd.Tests;

/// <summary>Which rules of axe-core.</summary>
public enum AxeRules { All, Contrast, AllButContrast }

/// <summary>One browser tab. Complaints (script errors, blocked styles, failed requests) are collected and must be none at the end.</summary>
public sealed class Visit : IAsyncDisposable
{
    private static readonly string Axe = File.ReadAllText(Path.Combine(Repository.Root, "tests", "Autonoomi.EndToEnd.Tests", "node_modules", "axe-core", "axe.min.js"));
    private readonly IBrowserContext context;
    private readonly List<string> complaints = [];

    public Visit(IBrowserContext context, IPage page)
    {
        this.context = context;
        Page = page;
        page.Console += (_, message) => { if (message.Type == "error") complaints.Add(message.Text); };
        page.PageError += (_, error) => complaints.Add(error);
    }

    public IPage Page { get; }

    public IReadOnlyList<string> Complaints => complaints;

    /// <summary>Goes there and waits until the page answers to clicks.</summary>
    public async Task GoAsync(string path)
    {
        await Page.GotoAsync(path);
        await ReadyAsync();
    }

    /// <summary>Pages with a circuit are drawn twice: on the server, then live. Only the second answers to clicks.</summary>
    public async Task ReadyAsync()
    {
        await Page.WaitForFunctionAsync("() => !document.documentElement.dataset.circuit || !document.querySelector('.shell') || document.querySelector('.shell[data-live]')");
        await Page.WaitForLoadStateAsync(LoadState.NetworkIdle);
    }

    /// <summary>Rules of axe-core that the page breaks, with the elements that break them.</summary>
    /// <param name="rules">All; or contrast alone, which is all that a theme changes; or all but contrast, which no width changes.</param>
    public async Task<IReadOnlyList<string>> AccessibilityAsync(AxeRules rules = AxeRules.All)
    {
        // A page that streams gets its title with a later part, and one that is on its way loses the last one's: it has to stand still.
        await Page.WaitForFunctionAsync("""
            () => {
                const title = document.title, now = performance.now();
                if (window.lastTitle !== title) { window.lastTitle = title; window.lastTitleSince = now; }
                return title !== '' && now - window.lastTitleSince > 300;
            }
            """);

        // The content security policy keeps injected tags out; evaluating is the driver's own door.
        await Page.EvaluateAsync(Axe);
        return await Page.EvaluateAsync<string[]>("""
            async only => (await axe.run(document, { resultTypes: ['violations'], ...(only === 'Contrast' ? { runOnly: ['color-contrast'] } : only === 'AllButContrast' ? { rules: { 'color-contrast': { enabled: false } } } : {}) })).violations
                .map(rule => `${rule.id}: ${rule.help} [${rule.nodes.slice(0, 4).map(node => node.target.join(' ')).join(' | ')}]`)
            """, rules.ToString());
    }

    /// <summary>As the switch in the top bar does, and once colours have stopped fading.</summary>
    /// <param name="theme">light or dark.</param>
    public async Task ThemeAsync(string theme)
    {
        await Page.EvaluateAsync("theme => { document.documentElement.dataset.theme = theme; }", theme);
        await Page.WaitForFunctionAsync("() => document.getAnimations().length === 0");
    }

    /// <summary>True when the page itself scrolls sideways.</summary>
    public Task<bool> OverflowsAsync() => Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth > document.documentElement.clientWidth + 1 || document.querySelector('main').scrollWidth > document.querySelector('main').clientWidth + 1");

    public ValueTask DisposeAsync() => new(context.CloseAsync());
}
