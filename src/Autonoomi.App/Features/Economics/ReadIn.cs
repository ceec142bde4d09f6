using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Copies;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.App.Platform.Tenancy;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;
using Autonoomi.Privacy;
using Autonoomi.Vault;
using Microsoft.EntityFrameworkCore;

namespace Autonoomi.App.Features.Economics;

/// <summary>Takes over what people typed in, out of a copy of any account: all of it, or nothing.</summary>
/// <param name="Organisation">Whose account it goes to.</param>
/// <param name="Seller">Which.</param>
/// <param name="File">The archive as it was handed in.</param>
/// <param name="By">Whose word it is.</param>
public sealed record ReadIn(Guid Organisation, SellerId Seller, ReadOnlyMemory<byte> File, Actor By);

/// <param name="Problems">The first fifty; empty when it was stored.</param>
/// <param name="Total">How many there are.</param>
/// <param name="Settings">Storefronts whose settings were stored.</param>
/// <param name="Costs">Costs that were stored.</param>
/// <param name="Rates">Exchange rates that were stored.</param>
public sealed record ReadInOutcome(ImmutableArray<CopyProblem> Problems, int Total, int Settings, int Costs, int Rates);

public sealed partial class ReadInHandler(SellerVaults vaults, AppDbs databases, Workspaces workspaces, AuditLog audit, Rights rights, ILogger<ReadInHandler> log)
{
    public async Task<ReadInOutcome> Handle(ReadIn request, CancellationToken cancellationToken)
    {
        if (await rights.RefusalAsync(request.By, Right.Decide, request.Seller, AuditAction.ReadIn, cancellationToken) is { } refusal) return Refused([new(null, null, null, refusal.Message, "")], 1);
        var read = await Task.Run(() => CopyReader.Read(request.File), cancellationToken);
        if (read.Problem is { } broken) return Refused([broken], 1);
        await using var db = databases.System();
        var storefronts = await db.Storefronts.AsNoTracking().Where(row => row.Seller == request.Seller.Value && row.Organisation == request.Organisation && row.Storefront != 0).ToDictionaryAsync(row => row.MarketplaceId, row => new StorefrontId(row.Storefront), cancellationToken);
        var taken = new GivenLines(storefronts);
        taken.Take(read.Given);
        foreach (var marketplace in taken.Marketplaces)
            taken.Judge(marketplace, await workspaces.GetAsync(request.Seller, storefronts[marketplace], cancellationToken));
        if (taken.Total > 0) return Refused(taken.Problems, taken.Total);

        for (var attempt = 1; attempt <= 5; attempt++)
        {
            try
            {
                var vault = await vaults.OpenAsync(request.Seller, Purpose.Instruct, cancellationToken);
                await vault.CommitAsync(Written(taken, storefronts, request), cancellationToken);
                foreach (var storefront in storefronts.Values) workspaces.RecordsChanged(request.Seller, storefront);
                LogStored(request.Seller, taken.Settings.Count, taken.Costs.Count);
                return new([], 0, taken.Settings.Count, taken.Costs.Count, taken.Exchange?.Rates.Length ?? 0);
            }
            catch (VaultConflictException)
            {
                // A run committed in between; what was typed in does not depend on what it wrote.
            }
        }

        return Refused([new(null, null, null, "Somebody else, or a run, kept writing at the same moment. Nothing was stored.", "Try again.")], 1);
    }

    private VaultWrite Written(GivenLines taken, Dictionary<string, StorefrontId> storefronts, ReadIn request)
    {
        var write = new VaultWrite();
        foreach (var (marketplace, settings) in taken.Settings) write.Put(RecordKind.Settings, RecordKind.RecordId(storefronts[marketplace], "all"), SaveSettingsHandler.Tidy(settings), StoredJson.Default.StorefrontSettings, "set");
        foreach (var (marketplace, cost) in taken.Costs)
            write.Put(RecordKind.Cost, RecordKind.RecordId(storefronts[marketplace], string.Create(CultureInfo.InvariantCulture, $"{cost.From:yyyy-MM-dd}/{cost.Sku}")), cost, StoredJson.Default.ProductCost, "set");
        if (taken.Exchange is { } exchange) write.Put(RecordKind.Exchange, "all", exchange, StoredJson.Default.Reporting, "set");
        var told = string.Create(CultureInfo.InvariantCulture, $"settings of {taken.Settings.Count} storefronts, {taken.Costs.Count} costs, {taken.Exchange?.Rates.Length ?? 0} exchange rates");
        var modes = string.Join(", ", taken.Settings.Values.Select(settings => $"mode {settings.Mode}, {(settings.Frozen ? "stopped" : "running")}"));
        return write.Also((db, stop) => audit.AppendAsync((AppDb)db, new(AuditAction.ReadIn, request.By, request.Seller, told, modes), stop));
    }

    private static ReadInOutcome Refused(ImmutableArray<CopyProblem> problems, int total) => new(problems, total, 0, 0, 0);

    [LoggerMessage(LogLevel.Information, "Read a copy in for seller {Seller}: settings of {Settings} storefronts, {Costs} costs")]
    private partial void LogStored(SellerId seller, int settings, int costs);
}

/// <summary>The lines of a copy as values, each judged by the rules of the page on which people type them in.</summary>
/// <param name="storefronts">Of the account that takes them, by marketplace.</param>
internal sealed class GivenLines(IReadOnlyDictionary<string, StorefrontId> storefronts)
{
    private const int Shown = 50;
    private const string Again = "Take a new copy and hand it in as it is.";

    // What is not known, said twice, missing or nothing where something must be, is refused and not passed over.
    private static readonly JsonSerializerOptions Strict = new(StoredJson.Default.Options)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, AllowDuplicateProperties = false, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true,
    };

    private readonly ImmutableArray<CopyProblem>.Builder problems = ImmutableArray.CreateBuilder<CopyProblem>();
    private readonly Dictionary<string, (string File, long Line)> settingsAt = new(StringComparer.Ordinal);
    private readonly List<(string File, long Line)> costsAt = [];
    private readonly HashSet<(string, Sku, DateOnly)> entries = [];

    public int Total { get; private set; }
    public ImmutableArray<CopyProblem> Problems => problems.ToImmutable();
    public Dictionary<string, StorefrontSettings> Settings { get; } = new(StringComparer.Ordinal);
    public List<(string Marketplace, ProductCost Cost)> Costs { get; } = [];
    public Reporting? Exchange { get; private set; }

    /// <summary>Marketplaces that anything was taken for.</summary>
    public IReadOnlyList<string> Marketplaces => [.. Settings.Keys.Concat(Costs.Select(cost => cost.Marketplace)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    public void Take(ImmutableArray<GivenFile> files)
    {
        if (files.Select(file => file.Seller).Distinct().Count() is not 1 and var accounts)
        {
            Wrong(null, null, null, accounts == 0 ? "The copy holds nothing that people typed in." : string.Create(CultureInfo.InvariantCulture, $"The copy holds {accounts} seller accounts, and one can be read in at a time."), "Take a copy of what was typed in for one seller account.");
            return;
        }

        foreach (var file in files)
        {
            if (!CopyMap.Given.Contains(file.Kind)) Wrong(file.File, null, null, "This product does not know what this file holds.", "Read it in with the version of the product that made it.");
            else Lines(file);
        }

        if (Total == 0 && Settings.Count == 0 && Costs.Count == 0 && Exchange is null) Wrong(null, null, null, "The copy holds nothing that people typed in.", "Take a copy of an account for which something was typed in.");
    }

    /// <summary>Holds what was taken for a storefront against its rules, as if somebody had typed it.</summary>
    public void Judge(string marketplace, Workspace workspace)
    {
        var costs = Costs.Where(cost => cost.Marketplace == marketplace).Select(cost => cost.Cost).ToList();
        for (var index = 0; index < Costs.Count; index++)
            if (Costs[index].Marketplace == marketplace && SaveCostsHandler.Wrong(Costs[index].Cost, workspace.Marketplace.Currency) is { } wrong)
                Wrong(costsAt[index].File, costsAt[index].Line, "value", wrong.Text, "Correct it where the copy was taken, and take another one.");
        if (!Settings.TryGetValue(marketplace, out var settings)) return;

        // The account need not have been read from Amazon yet: products are known that the copy itself names.
        var named = settings.Goals.Select(goal => goal.Sku).Concat(settings.Batches.Select(batch => batch.Sku)).Concat(settings.OtherCosts.Select(cost => cost.Sku).OfType<Sku>()).Concat(settings.VatRates.Select(rate => rate.Sku).OfType<Sku>()).Concat(costs.Select(cost => cost.Sku)).Distinct();
        var known = workspace with
        {
            Listings = [.. workspace.Listings, .. named.Select(sku => new Listing(sku, new Asin("B000000000"), "", new Money(0, workspace.Marketplace.Currency), false))],
            Costs = [.. workspace.Costs, .. costs],
        };
        var (file, line) = settingsAt[marketplace];
        if (!Enum.IsDefined(settings.Mode)) Wrong(file, line, "value.mode", "It is Watch, Ask or Auto.", Again);
        if (!Enum.IsDefined(settings.Goal.Kind) || settings.Goals.Any(own => !Enum.IsDefined(own.Goal.Kind))) Wrong(file, line, "value.goal", "There is no such kind of goal.", Again);
        foreach (var fault in SettingRules.Faults(settings, known)) Wrong(file, line, "value", fault, "Correct it where the copy was taken, and take another one.");
    }

    private void Lines(GivenFile file)
    {
        var rest = file.Bytes;
        for (long line = 1; rest.Length > 0; line++)
        {
            var end = rest.Span.IndexOf((byte)'\n');
            var text = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
            if (line > CostFile.MaximumRows)
            {
                Wrong(file.File, line, null, string.Create(CultureInfo.InvariantCulture, $"At most {CostFile.MaximumRows} lines can be read in."), "Take old costs away where the copy was taken.");
                return;
            }

            Line(file, line, text);
        }
    }

    private void Line(GivenFile file, long line, ReadOnlyMemory<byte> text)
    {
        try
        {
            using var json = JsonDocument.Parse(text, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 32 });
            var root = json.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("marketplace", out var where) || !root.TryGetProperty("value", out var value) || root.EnumerateObject().Count() != 2)
            {
                Wrong(file.File, line, null, "A line is an object with marketplace and value, and nothing else.", Again);
                return;
            }

            var marketplace = where.ValueKind == JsonValueKind.String ? where.GetString() : null;
            if (file.Kind == RecordKind.Exchange) TakeExchange(file, line, marketplace, Read(value, StoredJson.Default.Reporting));
            else if (marketplace is null || !storefronts.ContainsKey(marketplace))
                Wrong(file.File, line, "marketplace", $"The account has no storefront '{(marketplace is { Length: <= 40 } ? marketplace : "")}' with both consents.", "Connect it first, or choose another account.");
            else if (file.Kind == RecordKind.Cost) TakeCost(file, line, marketplace, Read(value, StoredJson.Default.ProductCost));
            else if (Settings.TryAdd(marketplace, Read(value, StoredJson.Default.StorefrontSettings).Whole())) settingsAt[marketplace] = (file.File, line);
            else Wrong(file.File, line, "marketplace", "A storefront has its settings once.", Again);
        }
        catch (JsonException broken)
        {
            Wrong(file.File, line, broken.Path is { Length: > 2 } path ? $"value.{path[2..]}" : null, "It is no value that this field takes.", Again);
        }
        catch (ArgumentException)
        {
            Wrong(file.File, line, "value", "One of its texts is no currency, article number or day.", Again);
        }
    }

    private void TakeExchange(GivenFile file, long line, string? marketplace, Reporting reporting)
    {
        if (marketplace is not null || Exchange is not null) Wrong(file.File, line, "marketplace", "Exchange rates are of the account as a whole, and there once.", Again);
        Exchange = reporting with { Rates = reporting.Rates.IsDefault ? [] : reporting.Rates };
        foreach (var fault in Exchange.Faults()) Wrong(file.File, line, "value", fault, "Correct it where the copy was taken, and take another one.");
    }

    private void TakeCost(GivenFile file, long line, string marketplace, ProductCost cost)
    {
        if (!entries.Add((marketplace, cost.Sku, cost.From))) Wrong(file.File, line, "value.from", $"{cost.Sku}: two entries hold from the same day.", "Take one away.");
        Costs.Add((marketplace, cost));
        costsAt.Add((file.File, line));
    }

    private static T Read<T>(JsonElement value, JsonTypeInfo<T> type) where T : class =>
        value.Deserialize((JsonTypeInfo<T>)Strict.GetTypeInfo(type.Type)) ?? throw new JsonException("Nothing where a value must be.");

    private void Wrong(string? file, long? line, string? field, string rule, string fix)
    {
        if (++Total <= Shown) problems.Add(new(file, line, field, rule, fix));
    }
}
