#pragma warning disable MA0025, IDE0005, IDE0052, CA1823, S4487, CS0414 // signatures first; bodies follow today
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Primitives;
using MarketplaceLimits = Autonoomi.Core.Primitives.Marketplace; // the name alone would mean our own namespace

namespace Autonoomi.Marketplace.World;

/// <summary>
/// A seeded market with one seller in it. Deterministic: the same seed, writes and advances give the same rows. Not thread-safe: callers hold a lock.
/// </summary>
public sealed class MarketWorld
{
    /// <summary>Builds the market and simulates the history.</summary>
    public MarketWorld(ulong seed, WorldSettings? settings = null)
    {
        Seed = seed;
        Settings = settings ?? new WorldSettings();
        Marketplace = MarketplaceLimits.Find(Settings.MarketplaceId);
        Now = Settings.HistoryEnd;
        Ads = new AdAccount(this);
    }

    public ulong Seed { get; }
    public WorldSettings Settings { get; }
    public MarketplaceLimits Marketplace { get; }

    /// <summary>The Ads profile of the one storefront.</summary>
    public long ProfileId => throw new NotImplementedException();

    /// <summary>The seller's merchant id.</summary>
    public string SellingPartnerId => throw new NotImplementedException();

    public string StoreName => throw new NotImplementedException();

    /// <summary>World time, UTC.</summary>
    public DateTimeOffset Now { get; private set; }

    /// <summary>The reporting day that <see cref="Now"/> falls into.</summary>
    public DateOnly Today => DayOf(Now);

    /// <summary>First simulated day.</summary>
    public DateOnly FirstDay => throw new NotImplementedException();

    /// <summary>Entities and writes.</summary>
    public AdAccount Ads { get; }

    /// <returns>The reporting day of an instant.</returns>
    public DateOnly DayOf(DateTimeOffset instant) => throw new NotImplementedException();

    /// <param name="hours">At least 1.</param>
    public void AdvanceHours(int hours) => throw new NotImplementedException();

    /// <param name="days">At least 1; to the same local hour of a later day.</param>
    public void AdvanceDays(int days) => throw new NotImplementedException();

    // Report rows exist for days up to today, as visible now, in a fixed order (day, then ids).
    public IReadOnlyList<CampaignRow> CampaignRows(DateSpan days) => throw new NotImplementedException();
    public IReadOnlyList<TargetRow> TargetRows(DateSpan days) => throw new NotImplementedException();
    public IReadOnlyList<SearchTermRow> SearchTermRows(DateSpan days) => throw new NotImplementedException();
    public IReadOnlyList<PlacementRow> PlacementRows(DateSpan days) => throw new NotImplementedException();
    public IReadOnlyList<ProductRow> ProductRows(DateSpan days) => throw new NotImplementedException();

    public IReadOnlyList<EconomicsRow> EconomicsRows(DateSpan days) => throw new NotImplementedException();
    public IReadOnlyList<StockLevel> Stock() => throw new NotImplementedException();
    public IReadOnlyList<Listing> Listings() => throw new NotImplementedException();

    /// <returns>Orders whose status last changed in [from, until), oldest purchase first.</returns>
    public IReadOnlyList<OrderRecord> OrdersUpdated(DateTimeOffset from, DateTimeOffset until) => throw new NotImplementedException();

    /// <returns>Orders purchased in [from, until), oldest first.</returns>
    public IReadOnlyList<OrderRecord> OrdersPurchased(DateTimeOffset from, DateTimeOffset until) => throw new NotImplementedException();

    public SellerKnowledge Knowledge => throw new NotImplementedException();

    /// <returns>One row per simulated whole day in the span.</returns>
    public IReadOnlyList<DayTruth> Truth(DateSpan days) => throw new NotImplementedException();

    /// <returns>The first day with truth to the last whole day.</returns>
    public DateSpan TruthDays => throw new NotImplementedException();
}
