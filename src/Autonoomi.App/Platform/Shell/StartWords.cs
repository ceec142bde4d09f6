using Autonoomi.App.Platform.Storefronts;

namespace Autonoomi.App.Platform.Shell;

/// <summary>The first steps in words.</summary>
public static class StartWords
{
    public static string Title(StartStep step) => step switch
    {
        StartStep.Connect => "Connect your Amazon account",
        StartStep.Costs => "What your products cost",
        StartStep.Goals => "Goal, budget and how far it may go",
        StartStep.Import => "First import",
    };

    /// <summary>To stand behind "Next: ".</summary>
    public static string Next(StartStep step) => step switch
    {
        StartStep.Connect => "connect your Amazon account.",
        StartStep.Costs => "say what your products cost, or begin with a guess.",
        StartStep.Goals => "choose a goal, a monthly budget and how far it may go.",
        StartStep.Import => "the first import.",
    };
}
