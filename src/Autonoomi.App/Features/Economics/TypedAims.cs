using System.Collections.Immutable;
using System.Globalization;
using Autonoomi.Core.Goals;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;

namespace Autonoomi.App.Features.Economics;

/// <summary>One goal as typed: of the storefront where the SKU is empty.</summary>
public sealed record TypedGoal(string Sku, string Kind, string Acos, string Growth, string Rank, string Loss, string Keeping, string From, string Until)
{
    /// <summary>What a row says that names no goal.</summary>
    public const string NoGoal = "None";

    /// <summary>A further row of the form that nobody filled in.</summary>
    public bool IsBlank => Kind == NoGoal && (Sku + Acos + Growth + Rank + Loss + Keeping + From + Until).Length == 0;

    public static TypedGoal Of(string sku, Goal goal) => new(
        sku, goal.Kind.ToString(), CostText.Percent(goal.TargetAcos), goal.GrowthShare == 0 ? "" : CostText.Percent(goal.GrowthShare), Amount(goal.RankWorth), Amount(goal.LossBudget),
        Amount(goal.KeepingCost), Day(goal.From), Day(goal.Until));

    internal static string Amount(Money? money) => money is { } amount ? CostText.Of(amount.Amount) : "";

    internal static string Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "";
}

/// <summary>One event as typed.</summary>
public sealed record TypedEvent(string Name, string First, string Last, string Demand, string Conversion)
{
    public bool IsBlank => (Name + First + Last + Demand + Conversion).Length == 0;

    public static TypedEvent Of(PlannedEvent planned) => new(planned.Name, TypedGoal.Day(planned.FirstDay), TypedGoal.Day(planned.LastDay), Factor(planned.Demand), Factor(planned.Conversion));

    private static string Factor(double factor) => factor.ToString("0.####", CultureInfo.InvariantCulture);
}

/// <summary>The second form of the page as typed: what the software strives for, and what only the seller knows.</summary>
public sealed record TypedAims(
    TypedGoal Goal, ImmutableArray<TypedGoal> Goals, string BrandTerms, ImmutableArray<TypedEvent> Events, string ClickCost, string DailyCap, string PortfolioCap, string HoldOut, bool CountIncrementality)
{
    /// <summary>Value added tax in all prices from the beginning, in percent of the net price; empty for the storefront's standard rate.</summary>
    public string Vat { get; init; } = "";

    public static TypedAims Of(StorefrontSettings settings) => new(
        TypedGoal.Of("", settings.Goal), [.. settings.Goals.Select(own => TypedGoal.Of(own.Sku.Value, own.Goal))], string.Join('\n', settings.BrandTerms), [.. settings.Events.Select(TypedEvent.Of)],
        TypedGoal.Amount(settings.MaximumClickCost), TypedGoal.Amount(settings.DailyCap), TypedGoal.Amount(settings.PortfolioCap), settings.HoldOutShare == 0 ? "" : CostText.Percent(settings.HoldOutShare), settings.CountIncrementality)
    {
        Vat = settings.VatRates.FirstOrDefault(IsOfAll) is { } rate ? CostText.Percent((double)rate.InPrices) : "",
    };

    /// <param name="settings">What was stored before; everything that this form does not show stays.</param>
    /// <param name="currency">Of the storefront.</param>
    /// <param name="problems">One sentence each: field, rule, fix. Ranges are judged when it is stored.</param>
    public StorefrontSettings Apply(StorefrontSettings settings, Currency currency, out IReadOnlyList<string> problems)
    {
        var reader = new Reader(currency);
        var aims = settings with
        {
            Goal = reader.Goal("Storefront", Goal),
            Goals = [.. Goals.Where(goal => !goal.IsBlank && !IsTakenAway(goal, settings)).Select(goal => new ProductGoal(new Sku(goal.Sku.Trim()), reader.Goal(goal.Sku.Length == 0 ? "Product without SKU" : goal.Sku, goal)))],
            BrandTerms = [.. BrandTerms.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)],
            Events = [.. Events.Where(planned => !planned.IsBlank).Select(reader.Event)],
            MaximumClickCost = reader.Money("Highest cost of a click", ClickCost),
            DailyCap = reader.Money("Daily cap", DailyCap),
            PortfolioCap = reader.Money("Monthly budget of your portfolio at Amazon", PortfolioCap),
            HoldOutShare = reader.Percent("Products left alone", HoldOut) ?? 0,
            CountIncrementality = CountIncrementality,
            VatRates = [.. settings.VatRates.Where(rate => !IsOfAll(rate)), .. reader.Share("Value added tax in your prices", Vat) is { } share ? new[] { new VatRate(DateOnly.MinValue, null, share) } : []],
        };
        problems = reader.Problems;
        return aims;
    }

    // A product that had a goal of its own and now follows the storefront's.
    private static bool IsTakenAway(TypedGoal goal, StorefrontSettings settings) => goal.Kind == TypedGoal.NoGoal && settings.Goals.Any(own => own.Sku.Value == goal.Sku.Trim());

    private static bool IsOfAll(VatRate rate) => rate is { Sku: null } && rate.From == DateOnly.MinValue;

    private sealed class Reader(Currency currency)
    {
        public List<string> Problems { get; } = [];

        public Goal Goal(string where, TypedGoal typed)
        {
            if (!Enum.TryParse<GoalKind>(typed.Kind, out var kind) || !Enum.IsDefined(kind)) Problems.Add($"{where}, goal: none is chosen. Choose one from the list, or empty the row.");
            return new Goal(kind)
            {
                TargetAcos = Percent($"{where}, target ACoS", typed.Acos),
                GrowthShare = Percent($"{where}, extra worth of a sale", typed.Growth) ?? 0,
                RankWorth = Money($"{where}, worth of an order for rank", typed.Rank),
                LossBudget = Money($"{where}, loss budget", typed.Loss),
                KeepingCost = Money($"{where}, cost of keeping a unit", typed.Keeping),
                From = Day($"{where}, first day", typed.From),
                Until = Day($"{where}, last day", typed.Until),
            };
        }

        public PlannedEvent Event(TypedEvent typed)
        {
            var where = typed.Name.Trim().Length == 0 ? "Event without name" : typed.Name.Trim();
            var (first, last) = (Day($"{where}, first day", typed.First), Day($"{where}, last day", typed.Last));
            if (first is null && typed.First.Trim().Length == 0) Problems.Add($"{where}, first day: an event needs its days. Choose a date.");
            return new PlannedEvent(typed.Name.Trim(), first ?? DateOnly.MinValue, last ?? first ?? DateOnly.MinValue, Factor($"{where}, shoppers", typed.Demand), Factor($"{where}, readiness to buy", typed.Conversion));
        }

        public Money? Money(string field, string text) => Number(field, text, "12.50, without currency sign") is { } amount ? new Money(amount, currency) : null;

        public double? Percent(string field, string text) => (double?)Share(field, text);

        public decimal? Share(string field, string text) => Number(field, text.TrimEnd().TrimEnd('%'), "25 for 25%") is { } number ? number / 100 : null;

        // Empty means as usual.
        private double Factor(string field, string text) => (double)(Number(field, text, "1.8 for 80% more than usual") ?? 1);

        private DateOnly? Day(string field, string text)
        {
            if (text.Trim().Length == 0) return null;
            if (DateOnly.TryParseExact(text.Trim(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)) return day;
            Problems.Add($"{field}: '{Short(text)}' is no date. Write it like 2026-11-27.");
            return null;
        }

        private decimal? Number(string field, string text, string example)
        {
            if (text.Trim().Length == 0) return null;
            if (CostNumber.TryParseTyped(text, out var number)) return number;
            Problems.Add($"{field}: '{Short(text)}' is not a number. Write it like {example}.");
            return null;
        }

        private static string Short(string text) => text.Trim() is { Length: > 30 } trimmed ? trimmed[..30] + "…" : text.Trim();
    }
}
