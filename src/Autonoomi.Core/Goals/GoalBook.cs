using Autonoomi.Core.Facts;

namespace Autonoomi.Core.Goals;

/// <summary>The goal in force today, product by product.</summary>
internal sealed class GoalBook
{
    /// <summary>Group of the products that follow the storefront's goal.</summary>
    public const int Storefront = 0;

    public GoalBook(Structure structure)
    {
        var (settings, today) = (structure.Workspace.Settings, structure.Workspace.Today);
        Of = new Goal[structure.Products.Length];
        Group = new int[Of.Length];
        Array.Fill(Of, InForce(settings.Goal));

        // An end of its own returns a product to profit, not to the storefront's goal: what is over is over.
        foreach (var own in settings.Goals.OrderBy(own => own.Sku.Value, StringComparer.Ordinal))
        {
            if (structure.Product(own.Sku) is not (>= 0 and var product)) continue;
            (Of[product], Group[product]) = (InForce(own.Goal), ++Groups);
        }

        Groups++;

        Goal InForce(Goal goal) => goal.Holds(today) ? goal : Goal.Profit;
    }

    /// <summary>Per product.</summary>
    public Goal[] Of { get; }

    /// <summary>Per product: those of one number share the ACoS of their goal. A product with a goal of its own stands alone.</summary>
    public int[] Group { get; }

    public int Groups { get; }
}
