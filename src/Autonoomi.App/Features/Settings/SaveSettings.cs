using Autonoomi.App.Platform;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;

namespace Autonoomi.App.Features.Settings;

/// <summary>Stores mode, budget, limits and the kill switch of one storefront.</summary>
public sealed record SaveSettings(SellerId Seller, StorefrontId Storefront, StorefrontSettings Settings);

public sealed class SaveSettingsHandler
{
    public Task<Result<Done>> Handle(SaveSettings request, CancellationToken cancellationToken) => throw new NotSupportedException("Waits for the vault.");
}
