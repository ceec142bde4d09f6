using System.Reflection;
using Autonoomi.Privacy;
using Autonoomi.Testing;
using Microsoft.Extensions.Compliance.Classification;
using Microsoft.Extensions.Logging;

namespace Autonoomi.Architecture.Tests;

/// <summary>What log lines take: ids, counts, instants, words of ours. A text of anybody else's carries its class, and is erased.</summary>
public sealed class LogLineTests
{
    /// <summary>Texts that are ours, by the parameter's name, with what stands in them.</summary>
    private static readonly Dictionary<string, string> Ours = new(StringComparer.Ordinal)
    {
        ["kind"] = "kind of a step, or of a refused single sign-on", ["result"] = "type of a step's result", ["failure"] = "type of a failure", ["operation"] = "operation of Amazon's as its pattern", ["requestId"] = "Amazon's id of a request",
        ["route"] = "route as it stands in the code", ["purpose"] = "purpose of an opened vault", ["probe"] = "id of a probe", ["report"] = "Amazon's id of a report", ["what"] = "words of ours", ["whose"] = "words of ours", ["fault"] = "words of ours on the audit log",
        ["problem"] = "the framework's words on a passkey", ["left"] = "time left in words of ours", ["duty"] = "id of a duty", ["standing"] = "how a duty stands, in words of ours", ["why"] = "number of a mail server's answer, or type of a failure",
    };

    [Fact]
    [Promise("P-3-g")]
    public void A_text_in_a_log_line_is_ours_or_carries_its_class()
    {
        var lines = Lines().ToList();

        Assert.Empty(lines.SelectMany(Faults));
        Assert.True(lines.Count >= 40, $"only {lines.Count} lines were seen");
        Assert.Contains(lines, line => line.GetParameters().Any(parameter => parameter.GetCustomAttribute<AmazonDataAttribute>() is not null));
        Figures.Tell($"log lines: {lines.Count}, with {lines.Sum(line => line.GetParameters().Length)} parameters");
    }

    [Fact]
    public void A_text_without_a_class_is_found() => Assert.Equal(["Unclassed.LogWord takes the text 'word' of nobody knows whom"], Faults(typeof(Unclassed).GetMethod(nameof(Unclassed.LogWord))!));

    private static IEnumerable<MethodInfo> Lines() =>
        from name in (string[])["App", "Vault", "Amazon", "Privacy", "Core"]
        from type in Assembly.Load($"Autonoomi.{name}").GetTypes()
        from method in type.GetMethods(BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
        where method.GetCustomAttribute<LoggerMessageAttribute>() is not null
        select method;

    private static IEnumerable<string> Faults(MethodInfo line) =>
        from parameter in line.GetParameters()
        where (parameter.ParameterType == typeof(string) || parameter.ParameterType == typeof(object)) && !Ours.ContainsKey(parameter.Name!) && parameter.GetCustomAttribute<DataClassificationAttribute>() is null
        select $"{line.DeclaringType!.Name}.{line.Name} takes the text '{parameter.Name}' of nobody knows whom";
}

internal static class Unclassed
{
    public static void LogWord(ILogger log, [IdentityData] string name, string word, int count) => Assert.True(log is not null && name.Length + word.Length + count > 0);
}
