using System.Text.Json.Serialization;
using Autonoomi.App.Platform.Incidents;
using Autonoomi.Core.Primitives;
using Autonoomi.Privacy;
using Autonoomi.Vault;

namespace Autonoomi.App.Platform.Retention;

/// <summary>Something about a shopper that was found where it should not be.</summary>
/// <param name="Place">Where it was found, in our words.</param>
/// <param name="Since">From when its days count.</param>
/// <param name="Text">What was found.</param>
internal sealed record Quarantined(string Place, DateTimeOffset Since, [property: BuyerData] string Text);

[JsonSerializable(typeof(Quarantined))]
internal sealed partial class QuarantineJson : JsonSerializerContext;

/// <summary>
/// The second wall: the product asks Amazon for nothing about shoppers and masks what they type. Whatever is found all the same is set apart here, sealed
/// and out of reach of every screen and run, until the daily job takes it away.
/// </summary>
public sealed class BuyerQuarantine(SellerVaults vaults, IncidentBook incidents, TimeProvider clock)
{
    /// <summary>From when the days count: from delivery; where that is unknown from dispatch, from the purchase, from the find; never later than any of them.</summary>
    public static DateTimeOffset Since(DateTimeOffset found, DateTimeOffset? delivered, DateTimeOffset? dispatched, DateTimeOffset? purchased) =>
        (delivered ?? dispatched ?? purchased ?? found) is var since && since < found ? since : found;

    /// <summary>Sets something apart, and opens an incident the first time that something is found in this place.</summary>
    /// <param name="seller">In whose data it was found.</param>
    /// <param name="place">Where, in our words.</param>
    /// <param name="text">What.</param>
    /// <param name="delivered">Of the order that it belongs to, as far as known.</param>
    /// <param name="dispatched">Of the order that it belongs to, as far as known.</param>
    /// <param name="purchased">Of the order that it belongs to, as far as known.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task PutAsync(SellerId seller, string place, string text, DateTimeOffset? delivered, DateTimeOffset? dispatched, DateTimeOffset? purchased, CancellationToken cancellationToken)
    {
        var since = Since(clock.GetUtcNow(), delivered, dispatched, purchased);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var vault = await vaults.OpenAsync(seller, Purpose.SetApart, cancellationToken);
                await vault.CommitAsync(new VaultWrite().Put(RetentionTable.Quarantine, Guid.NewGuid().ToString("N"), new Quarantined(place, since, text), QuarantineJson.Default.Quarantined, "held", since.AddDays(RetentionTable.BuyerDays)), cancellationToken);
                await incidents.SuspectAsync(new(IncidentBook.CauseOf($"shopper/{seller.Value:N}", place), IncidentKind.BuyerData, $"Something about a shopper was found in {place}; it was set apart, sealed.", [TouchedData.Buyers], seller), cancellationToken);
                return;
            }
            catch (VaultConflictException) when (attempt < 20)
            {
                // A run committed in between.
            }
        }
    }

    /// <returns>How many finds of this seller are held.</returns>
    public async Task<int> HeldAsync(SellerId seller, CancellationToken cancellationToken)
    {
        var vault = await vaults.OpenAsync(seller, Purpose.SetApart, cancellationToken);
        return (await vault.RecordsAsync(RetentionTable.Quarantine, QuarantineJson.Default.Quarantined, null, cancellationToken)).Count;
    }
}
