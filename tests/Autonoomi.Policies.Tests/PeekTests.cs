using System.IO;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Autonoomi.Policies.Tests;

/// <summary>A policy cannot look at the market: the compiler refuses it, and nothing that it is given leads there.</summary>
public sealed class PeekTests
{
    private const string Honest = """
        using System.Collections.Generic;
        using Autonoomi.Core.Proposals;
        using Autonoomi.Policies;

        public sealed class Idle : IPolicy
        {
            public IReadOnlyList<Change> Decide(PolicyView view) => view.Workspace.Targets.Length > 0 ? [] : [];
        }
        """;

    private const string Peeking = """
        using System.Collections.Generic;
        using Autonoomi.Core.Proposals;
        using Autonoomi.Marketplace.World;
        using Autonoomi.Policies;

        public sealed class Peek : IPolicy
        {
            private readonly MarketWorld world = new MarketWorld(1);
            public IReadOnlyList<Change> Decide(PolicyView view) => world.Seed > 0 ? [] : [];
        }
        """;

    // Stands for the missing reference: with it the very same source compiles.
    private const string Market = """
        namespace Autonoomi.Marketplace.World
        {
            public sealed class MarketWorld(ulong seed) { public ulong Seed => seed; }
        }
        """;

    [Fact]
    public void An_honest_policy_compiles_with_the_projects_references() => Assert.Empty(Errors(Honest));

    [Fact]
    public void A_policy_that_uses_the_market_does_not_compile()
    {
        var errors = Errors(Peeking);
        Assert.Contains(errors, error => error is { Id: "CS0234" } && error.GetMessage(System.Globalization.CultureInfo.InvariantCulture).Contains("'Marketplace'", StringComparison.Ordinal));
        Assert.Contains(errors, error => error is { Id: "CS0246" } && error.GetMessage(System.Globalization.CultureInfo.InvariantCulture).Contains("'MarketWorld'", StringComparison.Ordinal));
        Assert.Empty(Errors(Peeking, Market));
    }

    [Fact]
    public void Nothing_that_a_policy_is_given_leads_out_of_core_and_policies()
    {
        var seen = new HashSet<Type>();
        Reach(typeof(PolicyView), seen);

        Assert.Contains(typeof(Core.Facts.Workspace), seen);
        Assert.Contains(typeof(Core.Facts.FactTable), seen);
        Assert.Contains(typeof(SuggestedBid), seen);
        var homes = new HashSet<Assembly> { typeof(Core.Facts.Workspace).Assembly, typeof(PolicyView).Assembly };
        Assert.DoesNotContain(seen, type => !homes.Contains(type.Assembly) && !IsFramework(type.Assembly));
    }

    [Fact]
    public void The_assembly_refers_to_core_and_the_framework_alone() =>
        Assert.Equal(["Autonoomi.Core"], typeof(PolicyView).Assembly.GetReferencedAssemblies().Select(name => Assembly.Load(name)).Where(assembly => !IsFramework(assembly)).Select(assembly => assembly.GetName().Name));

    private static Diagnostic[] Errors(params string[] sources)
    {
        var policies = typeof(PolicyView).Assembly;
        var files = Directory.GetFiles(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "*.dll").Where(IsManaged)
            .Concat(policies.GetReferencedAssemblies().Select(name => Assembly.Load(name).Location)).Append(policies.Location).DistinctBy(Path.GetFileName, StringComparer.Ordinal);
        return [.. CSharpCompilation.Create(
            "SomePolicy", sources.Select(source => CSharpSyntaxTree.ParseText(source, cancellationToken: TestContext.Current.CancellationToken)), files.Select(file => MetadataReference.CreateFromFile(file)),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary))
            .GetDiagnostics(TestContext.Current.CancellationToken).Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)];
    }

    // Native libraries lie in the same folder.
    private static bool IsManaged(string file)
    {
        using var stream = File.OpenRead(file);
        using var reader = new System.Reflection.PortableExecutable.PEReader(stream);
        return reader.HasMetadata;
    }

    private static bool IsFramework(Assembly assembly) => Path.GetDirectoryName(assembly.Location) == Path.GetDirectoryName(typeof(object).Assembly.Location);

    // Every type that public members lead to; the framework's own are not entered, their arguments are.
    private static void Reach(Type type, HashSet<Type> seen)
    {
        if (type.IsByRef || type.IsArray || type.IsPointer)
        {
            Reach(type.GetElementType()!, seen);
            return;
        }

        if (type.IsGenericParameter || !seen.Add(type)) return;
        foreach (var argument in type.GetGenericArguments()) Reach(argument, seen);
        if (IsFramework(type.Assembly)) return;

        const BindingFlags Public = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static;
        if (type.BaseType is { } parent) Reach(parent, seen);
        foreach (var face in type.GetInterfaces()) Reach(face, seen);
        foreach (var property in type.GetProperties(Public)) Reach(property.PropertyType, seen);
        foreach (var field in type.GetFields(Public)) Reach(field.FieldType, seen);
        foreach (var method in type.GetMethods(Public))
        {
            Reach(method.ReturnType, seen);
            foreach (var parameter in method.GetParameters()) Reach(parameter.ParameterType, seen);
        }

        foreach (var constructor in type.GetConstructors(Public))
        {
            foreach (var parameter in constructor.GetParameters()) Reach(parameter.ParameterType, seen);
        }

        // A member may declare less than it holds: heirs are reached as well.
        foreach (var heir in type.Assembly.GetExportedTypes().Where(other => other != type && type.IsAssignableFrom(other))) Reach(heir, seen);
    }
}
