using System.Security.Cryptography;
using System.Text;
using Autonoomi.Marketplace.Http.Ads;
using Autonoomi.Marketplace.Http.Ads.Services;
using Autonoomi.Marketplace.Http.Login;
using Autonoomi.Marketplace.Ledger;
using Autonoomi.Marketplace.OtherAds;
using Autonoomi.Marketplace.World;

namespace Autonoomi.Marketplace.Http;

/// <summary>What Amazon remembers of its callers whatever storefront they ask for. Read and written under <see cref="Gate"/> alone.</summary>
internal sealed class Memory(IReadOnlyList<PretendSeller> sellers)
{
    public Lock Gate { get; } = new();

    public IReadOnlyList<PretendSeller> Sellers => sellers;

    public Grants Grants { get; } = new();

    public FaultBoard Faults { get; } = new();

    /// <summary>All storefronts, in the order of their numbers.</summary>
    public List<WorldGate> Gates { get; } = [];
}

/// <summary>One storefront's world, with what Amazon remembers about its callers.</summary>
internal sealed class WorldGate
{
    private readonly MarketWorld world;
    private readonly PretendSeller seller;
    private readonly Memory memory;
    private readonly MoneyBook money;
    private long ids;

    public WorldGate(MarketWorld world, PretendSeller seller, Memory memory, bool hasOtherAds = false)
    {
        (this.world, this.seller, this.memory) = (world, seller, memory);
        Others = new OtherMarket(world, hasOtherAds);
        money = new MoneyBook(world, Others);
        Portfolios = new PortfolioBook(world);
        Clauses = new ClauseBook(world, hasOtherAds);
        memory.Gates.Add(this);
    }

    public MarketWorld World => world;

    /// <summary>Sponsored Brands and Sponsored Display; without campaigns unless they were switched on.</summary>
    public OtherMarket Others { get; }

    public PretendSeller Seller => seller;

    public Memory Memory => memory;

    public string SellingPartnerId => seller.SellingPartnerId(world.Marketplace.Region);

    public DateTimeOffset Now => world.Now;

    public Grants Grants => memory.Grants;

    public FaultBoard Faults => memory.Faults;

    public PortfolioBook Portfolios { get; }

    /// <summary>Rarer clauses of Sponsored Products; laid out together with the other ad products.</summary>
    public ClauseBook Clauses { get; }

    public BudgetRuleBook BudgetRules { get; } = new();

    /// <summary>What Amazon booked for this storefront, with the mistakes that were switched on.</summary>
    public MoneyBook Money
    {
        get
        {
            money.ErrorsPerMille = memory.Faults.LedgerErrors;
            money.KeptPerMille = memory.Faults.KeptGoods;
            return money;
        }
    }

    /// <summary>Storefronts whose money one settlement pays: this one, or with the switch <c>sharedSettlements</c> all of the seller's in its region and currency, the first of them first.</summary>
    public IReadOnlyList<WorldGate> SettledTogether => Faults.SharedSettlements
        ? [.. memory.Gates.Where(each => each.seller == seller && each.world.Marketplace.Region == world.Marketplace.Region && each.world.Marketplace.Currency == world.Marketplace.Currency)]
        : [this];

    /// <summary>Ids follow from the seed and the order of calls alone, so that two equal runs read alike.</summary>
    public Guid NewId() => new(SHA256.HashData(Encoding.UTF8.GetBytes($"{world.Seed}/{++ids}")).AsSpan(0, 16));
}
