namespace Autonoomi.App.Platform.Environments;

/// <summary>
/// The framework tells of requests with their whole addresses: Amazon's codes, our states, words that were searched for. Whatever levels a configuration
/// asks for, what it says of a request, a query or a call stays out of the log from Information downwards; warnings and errors remain.
/// </summary>
internal static class LogRules
{
    /// <summary>Categories that speak of requests, queries and calls in detail.</summary>
    internal static readonly string[] Quiet = ["Microsoft.AspNetCore", "Microsoft.EntityFrameworkCore", "Microsoft.Extensions.Http", "System.Net.Http", "Npgsql"];

    /// <summary>Comes after all configuration; a level that is stricter already stays.</summary>
    public static void Demand(LoggerFilterOptions options)
    {
        var providers = options.Rules.Select(rule => rule.ProviderName).Append(null).Distinct(StringComparer.Ordinal).ToList();
        var rules = providers.SelectMany(provider => Quiet.Select(category => Rule(provider, category, LevelOf(options, provider, category)))).ToList();
        for (var number = 0; number < options.Rules.Count; number++)
        {
            // A longer name would win over the rules below.
            var rule = options.Rules[number];
            if (rule.CategoryName is { } name && Array.Exists(Quiet, category => name.StartsWith(category, StringComparison.OrdinalIgnoreCase))) options.Rules[number] = Rule(rule.ProviderName, name, rule.LogLevel ?? LogLevel.Trace);
        }

        foreach (var rule in rules) options.Rules.Add(rule);
    }

    private static LoggerFilterRule Rule(string? provider, string category, LogLevel level) => new(provider, category, level < LogLevel.Warning ? LogLevel.Warning : level, null);

    // As the framework chooses: the provider's own rule first, then the longest name, then the last.
    private static LogLevel LevelOf(LoggerFilterOptions options, string? provider, string category) => options.Rules
        .Where(rule => (rule.ProviderName is null || rule.ProviderName == provider) && (rule.CategoryName is null || category.StartsWith(rule.CategoryName, StringComparison.OrdinalIgnoreCase)))
        .Select((rule, number) => (rule, number))
        .OrderBy(item => item.rule.ProviderName is not null).ThenBy(item => item.rule.CategoryName?.Length ?? 0).ThenBy(item => item.number)
        .Select(item => item.rule.LogLevel).LastOrDefault() ?? options.MinLevel;
}
