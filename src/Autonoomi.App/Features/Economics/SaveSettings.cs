using System.Collections.Immutable;
using System.Globalization;
using Autonoomi.App.Platform;
using Autonoomi.App.Platform.AmazonLink;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;
using Autonoomi.Vault;

namespace Autonoomi.App.Features.Economics;

/// <summary>Stores mode, budget, limits and the kill switch of one storefront.</summary>
public sealed record SaveSettings(SellerId Seller, StorefrontId Storefront, StorefrontSettings Settings);

public sealed record WrongSetting(string Text) : Error(Text);

public sealed record SettingsInTheWay() : Error("Somebody else, or a run, kept writing at the same moment. Nothing was stored; try again.");

public sealed partial class SaveSettingsHandler(SellerVaults vaults, SellerLink link, Workspaces workspaces, ILogger<SaveSettingsHandler> log)
{
    private const int MostTerms = 500;
    private const int LongestTerm = 80;

    public async Task<Result<Done>> Handle(SaveSettings request, CancellationToken cancellationToken)
    {
        var marketplace = await link.MarketplaceAsync(request.Seller, request.Storefront, cancellationToken);
        if (Wrong(request.Settings, marketplace) is { } wrong) return wrong;
        var settings = request.Settings with { ProtectedTerms = Tidy(request.Settings.ProtectedTerms) };
        for (var attempt = 1; attempt <= 5; attempt++)
        {
            try
            {
                var vault = await vaults.OpenAsync(request.Seller, "settings", cancellationToken);
                await vault.CommitAsync(new VaultWrite().Put(RecordKind.Settings, RecordKind.RecordId(request.Storefront, "all"), settings, StoredJson.Default.StorefrontSettings, "set"), cancellationToken);
                workspaces.RecordsChanged(request.Seller, request.Storefront);
                LogStored(request.Seller, settings.Mode, settings.Frozen);
                return new Done();
            }
            catch (VaultConflictException) when (attempt < 5)
            {
                // A run committed in between; settings do not depend on what it wrote.
            }
            catch (VaultConflictException)
            {
                return new SettingsInTheWay();
            }
        }

        return new SettingsInTheWay();
    }

    private static WrongSetting? Wrong(StorefrontSettings settings, Marketplace marketplace)
    {
        var currency = marketplace.Currency;
        if (settings.MonthlyBudget.Currency != currency || settings.MaximumBid.Currency != currency) return new($"Amounts of this storefront are in {currency}.");
        if (settings.MonthlyBudget.Amount < marketplace.MinimumBudget || settings.MonthlyBudget.Amount > marketplace.MaximumBudget * 31)
            return new(string.Create(CultureInfo.InvariantCulture, $"The monthly budget is an amount of at least {marketplace.MinimumBudget} {currency}, which is Amazon's lowest daily budget of one campaign."));
        if (settings.MaximumBid.Amount < marketplace.MinimumBid || settings.MaximumBid.Amount > marketplace.MaximumBid)
            return new(string.Create(CultureInfo.InvariantCulture, $"The highest bid lies between {marketplace.MinimumBid} and {marketplace.MaximumBid} {currency}: Amazon takes no other bids."));
        if (settings.ProtectedTerms.Length > MostTerms) return new($"At most {MostTerms} protected terms can be kept.");
        return settings.ProtectedTerms.FirstOrDefault(term => term.Trim().Length > LongestTerm) is { } term
            ? new($"The protected term that begins with '{term.Trim()[..30]}' has more than {LongestTerm} characters, which no search term has. Write one term per line.")
            : null;
    }

    private static ImmutableArray<string> Tidy(ImmutableArray<string> terms) =>
        [.. terms.Select(term => string.Join(' ', term.ToLowerInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))).Where(term => term.Length > 0).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    [LoggerMessage(LogLevel.Information, "Stored settings of seller {Seller}: mode {Mode}, frozen {Frozen}")]
    private partial void LogStored(SellerId seller, AutomationMode mode, bool frozen);
}
