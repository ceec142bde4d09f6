using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using Autonoomi.App.Platform;
using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.App.Platform.Tenancy;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;

namespace Autonoomi.App.Features.Economics;

/// <summary>Reads an uploaded file and says what storing it would change. Stores nothing.</summary>
/// <param name="User">Who uploaded it.</param>
/// <param name="Seller">Whose costs.</param>
/// <param name="Storefront">For which storefront.</param>
/// <param name="File">Its bytes.</param>
/// <param name="Mark">Decimal mark that the person declared.</param>
/// <param name="Columns">Which column each field is, as the person said; null: by the headings.</param>
public sealed record PreviewCosts(Guid User, SellerId Seller, StorefrontId Storefront, ReadOnlyMemory<byte> File, DecimalMark Mark, IReadOnlyDictionary<string, int>? Columns = null);

/// <param name="Cost">As the file says.</param>
/// <param name="Before">The entry in force; null when nothing was known.</param>
/// <param name="Title">Of the listing.</param>
/// <param name="Doubt">Worth a second look, not an error; null when there is none.</param>
public sealed record CostChange(ProductCost Cost, ProductCost? Before, string Title, string? Doubt);

/// <param name="File">What was read, or what is wrong.</param>
/// <param name="Changes">One per good row, doubtful ones first.</param>
/// <param name="Token">Confirms exactly these rows, once, within fifteen minutes; null when there is no good row.</param>
/// <param name="FileToken">Names the file itself for as long, where columns have to be said; null otherwise.</param>
public sealed record CostPreview(CostFile File, IReadOnlyList<CostChange> Changes, string? Token, string? FileToken = null);

public sealed class PreviewCostsHandler(Workspaces workspaces, PendingCosts pending, Rights rights)
{
    public async Task<Result<CostPreview>> Handle(PreviewCosts request, CancellationToken cancellationToken)
    {
        if (await rights.RefusalAsync(Actor.Person(request.User), Right.Decide, request.Seller, AuditAction.Costs, cancellationToken) is { } refusal) return refusal;
        var workspace = await workspaces.GetAsync(request.Seller, request.Storefront, cancellationToken);
        var current = KnownCosts.Current(workspace);
        var file = CostFile.Read(request.File, new CostFileContext(
            workspace.Marketplace.Currency, workspace.Today, request.Mark, workspace.Listings.Select(listing => listing.Sku.Value).ToHashSet(StringComparer.Ordinal), current), request.Columns);
        if (file.Good.Count == 0) return new CostPreview(file, [], null, file.NeedsColumns ? pending.Keep(request.User, request.Seller, request.Storefront, [], request.File) : null);

        var listings = workspace.Listings.GroupBy(listing => listing.Sku.Value, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal);
        var changes = file.Good.Select(cost =>
        {
            var listing = listings.GetValueOrDefault(cost.Sku.Value);
            var before = current.GetValueOrDefault(cost.Sku.Value);
            return new CostChange(cost, before, listing?.Title ?? "not listed yet", Doubt(cost, before, listing?.Price.Amount ?? 0));
        }).OrderBy(change => change.Doubt is null).ToList();
        return new CostPreview(file, changes, pending.Keep(request.User, request.Seller, request.Storefront, file.Good));
    }

    /// <summary>A wrong unit poisons every bid of the product, so what looks like one is pointed at.</summary>
    private static string? Doubt(ProductCost cost, ProductCost? before, decimal price) => (cost.CostOfGoods + cost.InboundPerUnit).Amount switch
    {
        var whole when price > 0 && whole >= price => string.Create(CultureInfo.InvariantCulture, $"Costs as much as it sells for ({price:0.00}). Is it the cost of one unit?"),
        _ when before is { CostOfGoods.Amount: > 0 } old && cost.CostOfGoods.Amount > old.CostOfGoods.Amount * 3 => "More than three times the cost before.",
        _ when before is { CostOfGoods.Amount: > 0 } old && cost.CostOfGoods.Amount < old.CostOfGoods.Amount / 3 => "Less than a third of the cost before.",
        _ => null,
    };
}

/// <summary>What a storefront's products cost today.</summary>
internal static class KnownCosts
{
    /// <returns>The entry in force per SKU; where all begin later, the first of them.</returns>
    public static IReadOnlyDictionary<string, ProductCost> Current(Workspace workspace) => workspace.Costs
        .GroupBy(cost => cost.Sku.Value, StringComparer.Ordinal)
        .ToDictionary(group => group.Key, group => group.Where(cost => cost.From <= workspace.Today).MaxBy(cost => cost.From) ?? group.MinBy(cost => cost.From)!, StringComparer.Ordinal);
}

/// <summary>Good rows that wait for a person's yes, and files that wait for their columns: in memory, the newest per person, for fifteen minutes.</summary>
public sealed class PendingCosts(TimeProvider clock)
{
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(15);

    private readonly ConcurrentDictionary<Guid, Waiting> waiting = new();

    public string Keep(Guid user, SellerId seller, StorefrontId storefront, IReadOnlyList<ProductCost> costs, ReadOnlyMemory<byte> file = default)
    {
        var now = clock.GetUtcNow();
        foreach (var (who, old) in waiting)
            if (old.Until < now) waiting.TryRemove(who, out _);
        var token = RandomNumberGenerator.GetHexString(32);
        waiting[user] = new(token, seller, storefront, costs, file, now + Life);
        return token;
    }

    /// <returns>The rows, once; null when the token is another's, used, late or of another storefront.</returns>
    public IReadOnlyList<ProductCost>? Take(Guid user, SellerId seller, StorefrontId storefront, string? token)
    {
        if (token is null || !waiting.TryGetValue(user, out var kept) || kept.Token != token || kept.Seller != seller || kept.Storefront != storefront) return null;
        if (kept.Costs.Count == 0) return null;
        return waiting.TryRemove(new(user, kept)) && kept.Until >= clock.GetUtcNow() ? kept.Costs : null;
    }

    /// <returns>The file's bytes, as often as its columns are said; null when the token is another's, late or of another storefront.</returns>
    public ReadOnlyMemory<byte>? File(Guid user, SellerId seller, StorefrontId storefront, string? token) =>
        token is not null && waiting.TryGetValue(user, out var kept) && kept.Token == token && kept.Seller == seller && kept.Storefront == storefront && kept.File.Length > 0 && kept.Until >= clock.GetUtcNow() ? kept.File : (ReadOnlyMemory<byte>?)null;

    private sealed record Waiting(string Token, SellerId Seller, StorefrontId Storefront, IReadOnlyList<ProductCost> Costs, ReadOnlyMemory<byte> File, DateTimeOffset Until);
}

/// <summary>A form with one row per product, as typed. Empty rows say nothing.</summary>
/// <param name="Sku">Which product.</param>
/// <param name="CostOfGoods">As typed.</param>
/// <param name="Inbound">As typed.</param>
/// <param name="Margin">As typed.</param>
/// <param name="LeadTime">As typed.</param>
public sealed record TypedCost(string Sku, string CostOfGoods, string Inbound, string Margin, string LeadTime);

public sealed record TypedCostsWrong(IReadOnlyList<(string Sku, string Field, string Text)> Problems) : Error("Some cells are not right; nothing was stored.");

/// <summary>Stores typed costs; the same rules as for a file, because they pass through the same reader.</summary>
public sealed class TypeCostsHandler(Workspaces workspaces, SaveCostsHandler save, Rights rights)
{
    /// <param name="seller">Whose.</param>
    /// <param name="storefront">For which storefront.</param>
    /// <param name="typed">Rows of the form.</param>
    /// <param name="from">First day of the changed rows, as typed; empty for today.</param>
    /// <param name="guess">What to take for products that have no cost afterwards; null leaves them without.</param>
    /// <param name="by">Whose word it is.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>How many products changed. Typed and guessed ones are stored together, or none.</returns>
    public async Task<Result<int>> Handle(SellerId seller, StorefrontId storefront, IReadOnlyList<TypedCost> typed, string from, CostGuess? guess, Actor by, CancellationToken cancellationToken)
    {
        if (await rights.RefusalAsync(by, Right.Decide, seller, AuditAction.Costs, cancellationToken) is { } refusal) return refusal;
        var workspace = await workspaces.GetAsync(seller, storefront, cancellationToken);
        var read = Read(workspace, typed, from);
        if (read.Error is { } wrong) return wrong;
        var guessed = guess?.Costs(workspace, read.Value.Select(cost => cost.Sku).ToHashSet()) ?? [];
        return await save.Handle(new SaveCosts(seller, storefront, [.. read.Value, .. guessed], by), cancellationToken);
    }

    private static Result<ImmutableArray<ProductCost>> Read(Workspace workspace, IReadOnlyList<TypedCost> typed, string from)
    {
        var current = KnownCosts.Current(workspace);
        var rows = typed.Where(row => (row.CostOfGoods + row.Inbound + row.Margin + row.LeadTime).Trim().Length > 0 && Differs(row, current.GetValueOrDefault(row.Sku))).ToList();
        if (rows.Count == 0) return ImmutableArray<ProductCost>.Empty;

        var text = "sku;cost_of_goods;inbound_per_unit;target_margin;lead_time_days;valid_from\n"
            + string.Concat(rows.Select(row => string.Join(';', Quoted(row.Sku), Amount(row.CostOfGoods), Amount(row.Inbound), Amount(row.Margin), Quoted(row.LeadTime), Quoted(from)) + "\n"));
        var file = CostFile.Read(System.Text.Encoding.UTF8.GetBytes(text), new CostFileContext(
            workspace.Marketplace.Currency, workspace.Today, DecimalMark.Point, workspace.Listings.Select(listing => listing.Sku.Value).ToHashSet(StringComparer.Ordinal), current));
        if (!file.IsValid)
            return new TypedCostsWrong([.. file.Problems.Select(problem => (problem.Row is { } row and > 1 ? rows[row - 2].Sku : "", problem.Field ?? "", $"{problem.Rule} {problem.Fix}"))]);
        return file.Costs.ToImmutableArray();
    }

    // A guess is never taken for something typed: whatever is typed beside it is the seller's word.
    private static bool Differs(TypedCost row, ProductCost? current) => current is null or { Guessed: true }
        || row.CostOfGoods.Trim() != CostText.Of(current.CostOfGoods.Amount) || row.Inbound.Trim() != CostText.Of(current.InboundPerUnit.Amount)
        || row.Margin.Trim() != CostText.Percent(current.TargetMargin) || row.LeadTime.Trim() != current.LeadTimeDays.ToString(CultureInfo.InvariantCulture);

    // In a single field a comma with fewer or more than three digits behind it can only be a decimal mark.
    private static string Amount(string cell) => Quoted(CostNumber.Shape(cell.Trim().TrimEnd('%').Trim()) == NumberShape.Comma ? cell.Replace(".", "", StringComparison.Ordinal).Replace(',', '.') : cell);

    private static string Quoted(string cell) => $"\"{cell.Trim(' ').Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}

/// <summary>Numbers as they stand in input fields and templates.</summary>
internal static class CostText
{
    public static string Of(decimal amount) => amount.ToString("0.00####", CultureInfo.InvariantCulture);

    public static string Percent(double? fraction) => fraction is { } share ? ((decimal)share * 100m).ToString("0.##", CultureInfo.InvariantCulture) + "%" : "";
}
