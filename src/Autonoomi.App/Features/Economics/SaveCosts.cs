using Autonoomi.App.Platform;
using Autonoomi.App.Platform.AmazonLink;
using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.App.Platform.Tenancy;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;
using Autonoomi.Privacy;
using Autonoomi.Vault;

namespace Autonoomi.App.Features.Economics;

/// <summary>Stores what products cost; an entry with the same SKU and first day is replaced, all others stay.</summary>
/// <param name="Seller">Whose vault.</param>
/// <param name="Storefront">Costs are in this storefront's currency.</param>
/// <param name="Costs">All or nothing: one wrong entry and none is stored.</param>
/// <param name="By">Whose word they are.</param>
public sealed record SaveCosts(SellerId Seller, StorefrontId Storefront, IReadOnlyList<ProductCost> Costs, Actor By);

public sealed record WrongCost(string Text) : Error(Text);

public sealed record CostsInTheWay() : Error("Somebody else, or a run, kept writing at the same moment. Nothing was stored; try again.");

public sealed partial class SaveCostsHandler(SellerVaults vaults, SellerLink link, Workspaces workspaces, AuditLog audit, Rights rights, ILogger<SaveCostsHandler> log)
{
    /// <returns>How many entries were stored.</returns>
    public async Task<Result<int>> Handle(SaveCosts request, CancellationToken cancellationToken)
    {
        if (await rights.RefusalAsync(request.By, Right.Decide, request.Seller, AuditAction.Costs, cancellationToken) is { } refusal) return refusal;
        var currency = (await link.MarketplaceAsync(request.Seller, request.Storefront, cancellationToken)).Currency;
        foreach (var cost in request.Costs)
            if (Wrong(cost, currency) is { } wrong) return wrong;
        if (request.Costs.Count == 0) return 0;

        for (var attempt = 1; attempt <= 5; attempt++)
        {
            try
            {
                var vault = await vaults.OpenAsync(request.Seller, Purpose.Instruct, cancellationToken);
                var write = new VaultWrite();
                foreach (var cost in request.Costs)
                    write.Put(RecordKind.Cost, RecordKind.RecordId(request.Storefront, $"{cost.From:yyyy-MM-dd}/{cost.Sku}"), cost, StoredJson.Default.ProductCost, "set");
                write.Also((db, stop) => audit.AppendAsync((AppDb)db, new(AuditAction.Costs, request.By, request.Seller, $"{request.Costs.Count} costs of products"), stop));
                await vault.CommitAsync(write, cancellationToken);
                workspaces.RecordsChanged(request.Seller, request.Storefront);
                LogStored(request.Costs.Count, request.Seller);
                return request.Costs.Count;
            }
            catch (VaultConflictException) when (attempt < 5)
            {
                // A run committed in between; costs do not depend on what it wrote.
            }
            catch (VaultConflictException)
            {
                return new CostsInTheWay();
            }
        }

        return new CostsInTheWay();
    }

    /// <returns>What is wrong with one entry; null when it can be stored.</returns>
    internal static WrongCost? Wrong(ProductCost cost, Currency currency) => cost switch
    {
        { Sku.Value.Length: 0 or > 40 } => new("A SKU has 1 to 40 characters."),
        _ when cost.CostOfGoods.Currency != currency || cost.InboundPerUnit.Currency != currency => new($"{cost.Sku}: costs of this storefront are in {currency}."),
        _ when cost.CostOfGoods.Amount is < 0 or > CostFile.MaximumAmount => new($"{cost.Sku}: the cost of goods is an amount from 0 to {CostFile.MaximumAmount:N0} per unit."),
        _ when cost.InboundPerUnit.Amount is < 0 or > CostFile.MaximumAmount => new($"{cost.Sku}: the inbound cost is an amount from 0 to {CostFile.MaximumAmount:N0} per unit."),
        _ when cost.TargetMargin is { } margin && margin is not (>= 0 and <= 0.9) => new($"{cost.Sku}: the target margin lies between 0 and 0.9 (90%)."),
        _ when cost.LeadTimeDays is < 0 or > 365 => new($"{cost.Sku}: the lead time lies between 0 and 365 days."),
        _ => null,
    };

    [LoggerMessage(LogLevel.Information, "Stored {Count} product costs of seller {Seller}")]
    private partial void LogStored(int count, SellerId seller);
}
