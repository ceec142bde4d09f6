using System.Collections.Immutable;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Inventory;
using Autonoomi.Core.Profit;
using Autonoomi.Core.Seasons;

namespace Autonoomi.Core.Signals;

/// <summary>What the facts say, target by target, in arrays parallel to the workspace's: the common ground of all modules.</summary>
internal sealed class Measurement
{
    /// <summary>From this share of its budget on, a campaign counts as having run out.</summary>
    public const double OutOfBudgetShare = 0.95;

    private const int SpendDays = 5;
    private const int ServedDays = 10;
    private const int PlacementWindowDays = 21;
    private const int MaturedAge = 3;
    private const double MatchPseudoOrders = 25;
    private const double ParentClicks = 60;
    private static readonly List<int> UsualSpendDays = [.. Enumerable.Range(0, SpendDays)];
    private readonly List<int>[] spendDays;

    private readonly Maturity[] maturities;
    private readonly double? parentMean;

    /// <param name="workspace">Facts.</param>
    /// <param name="settings">Tunable numbers.</param>
    /// <param name="parentMean">Orders per click that the account's own are pulled towards; null for a usual rate that few clicks outweigh.</param>
    public Measurement(Workspace workspace, DecisionSettings settings, double? parentMean = null)
    {
        this.parentMean = parentMean;
        Workspace = workspace;
        Structure = new Structure(workspace);
        History = new ChangeHistory(workspace);
        var economics = Economics.Of(workspace);
        Products = [.. Structure.Products.Select(sku => economics.GetValueOrDefault(sku))];
        maturities = [.. Enum.GetValues<AdProduct>().Select(product => Maturity.Of(workspace, product, settings))];
        Notes = DataQuality.Look(workspace, Structure, Products, maturities[(int)AdProduct.SponsoredProducts]);
        HoldAll = Notes.Any(note => note.Holds && note.Product is null && note.Issue != DataIssue.StaleFacts && note.Issue != DataIssue.NoBudget);
        HoldRaises = HoldAll || Notes.Any(note => note.Holds && note.Issue is DataIssue.StaleFacts or DataIssue.NoBudget);

        var (targets, campaigns, products) = (workspace.Targets.Length, workspace.Campaigns.Length, Structure.Products.Length);
        Exposure = new double[targets];
        Orders = new double[targets];
        Clicks30 = new double[targets];
        Cost30 = new double[targets];
        Cost7 = new double[targets];
        DailySpend = new double[targets];
        FirstSeen = new int[targets];
        RawOrders = new double[targets];
        RawUnits = new double[targets];
        RawSales = new double[targets];
        Array.Fill(FirstSeen, int.MaxValue);
        OutOfBudgetDays = new int[campaigns];
        MaturedClicks = new double[products];
        ProductExposure = new double[products];
        ProductOrders = new double[products];
        Shelves = new StockDays(workspace, Structure);
        Events = new EventDays(workspace, maturities[(int)AdProduct.SponsoredProducts]);
        spendDays = [.. Enumerable.Range(0, products).Select(product => Shelves.Served(product, SpendDays))];

        var served = FindServedShares(settings);
        AddFacts(settings, served);
        PriorMean = new double[targets];
        Suggested = new double[targets];
        Array.Fill(Suggested, double.NaN);
        foreach (var suggestion in workspace.Suggestions)
        {
            if (Structure.Target(suggestion.Target) is >= 0 and var target && suggestion.Median.Amount > 0) Suggested[target] = (double)suggestion.Median.Amount;
        }

        FindPriors(settings);
        PriorStrength = Signals.PriorStrength.Fit(Orders, Exposure, PriorMean);
        Contribution = new double[targets];
        for (var target = 0; target < targets; target++) Contribution[target] = FindContribution(target);
        MeanMultiplier = FindMultipliers();
        BidShift = new double[targets];
        PriceShare = FindPriceShares();
    }

    public Workspace Workspace { get; }
    public Structure Structure { get; }
    public ChangeHistory History { get; }
    public ImmutableArray<DataNote> Notes { get; }

    /// <summary>The facts are not fit to decide on.</summary>
    public bool HoldAll { get; }

    /// <summary>Nothing may be raised or added.</summary>
    public bool HoldRaises { get; }

    /// <summary>Economics per product of the structure; null where nothing is known.</summary>
    public ProductEconomics?[] Products { get; }

    /// <summary>Weighted clicks, corrected for orders still to come.</summary>
    public double[] Exposure { get; }

    /// <summary>Weighted orders.</summary>
    public double[] Orders { get; }
    public double[] Clicks30 { get; }
    public double[] Cost30 { get; }
    public double[] Cost7 { get; }

    /// <summary>Spend a day that the current bid would find if no budget cut it off.</summary>
    public double[] DailySpend { get; }

    /// <summary>Day number of the first fact; <see cref="int.MaxValue"/> without one.</summary>
    public int[] FirstSeen { get; }
    public double[] PriorMean { get; }

    /// <summary>Amazon's median suggested bid; NaN without one.</summary>
    public double[] Suggested { get; }
    public double PriorStrength { get; }

    /// <summary>Expected contribution per order before ads; NaN where economics are missing.</summary>
    public double[] Contribution { get; }

    /// <summary>Price per click over the bid with its placements, against the account's mean; shrunk to 1.</summary>
    public double[] PriceShare { get; }

    /// <summary>Logarithm of the bid in force over the mean one at which the clicks of the last 30 days came; 0 without clicks.</summary>
    public double[] BidShift { get; }

    /// <summary>Per campaign: click-weighted mean of the placement multipliers.</summary>
    public double[] MeanMultiplier { get; }

    /// <summary>Per campaign: days of the last seven on which it ran out of budget.</summary>
    public int[] OutOfBudgetDays { get; }

    /// <summary>Per product: clicks old enough to have shown most of their orders.</summary>
    public double[] MaturedClicks { get; }
    public double[] ProductExposure { get; }
    public double[] ProductOrders { get; }

    /// <summary>Days that were not like others; they count less for what is learned.</summary>
    public EventDays Events { get; }

    /// <summary>What stood on the shelves.</summary>
    public StockDays Shelves { get; }
    public double MonthToDate { get; private set; }

    /// <summary>Mean ad spend a day over the last seven.</summary>
    public double SpendPerDay7 { get; private set; }
    public double AccountMean { get; private set; }

    private double[] RawOrders { get; }
    private double[] RawUnits { get; }
    private double[] RawSales { get; }

    /// <returns>How orders arrive in a campaign's ad product; −1 for a campaign that is gone.</returns>
    public Maturity MaturityOf(int campaign) => maturities[campaign < 0 ? 0 : (int)Workspace.Campaigns[campaign].AdProduct];

    /// <returns>The same per number of a table's campaigns.</returns>
    public Maturity[] Maturities(KeyColumn campaigns) => [.. Structure.Campaigns(campaigns).Select(MaturityOf)];

    public Posterior Posterior(int target) => Signals.Posterior.Of(Orders[target], Math.Max(Exposure[target], Orders[target] / 3), PriorMean[target], PriorStrength);

    /// <returns>Expected orders per click.</returns>
    public double PosteriorMean(int target)
    {
        var clicks = Math.Max(Exposure[target], Orders[target] / 3);
        return (PriorStrength * PriorMean[target] + Orders[target]) / (PriorStrength + clicks);
    }

    /// <summary>Value of a click on the estimate alone, without learning premium.</summary>
    public double ClickValue(int target) => double.IsNaN(Contribution[target]) ? 0 : Math.Max(0, Contribution[target]) * PosteriorMean(target);

    /// <summary>Sales that an order through the target brings, pulled towards the product's with ten orders; 0 where the price is not known.</summary>
    public double OrderValue(int target) => Structure.TargetProduct[target] is >= 0 and var product && Products[product] is { Price: > 0 } economics
        ? (Math.Max(0, RawSales[target]) + 10 * economics.UnitsPerOrder * economics.Price) / (Math.Max(0, RawOrders[target]) + 10)
        : 0;

    /// <summary>Logarithm of the full bid in force over Amazon's suggestion; 0 without one.</summary>
    public double Level(int target) =>
        Workspace.Targets[target].Bid.Amount > 0 && !double.IsNaN(Suggested[target]) ? Math.Log((double)Workspace.Targets[target].Bid.Amount * MeanMultiplier[Structure.TargetCampaign[target]] / Suggested[target]) : 0;

    /// <summary>Clicks of 30 days; of a target that is younger, what it had brought to 30 days, from its third day on.</summary>
    public double MonthOfClicks(int target) => FirstSeen[target] == int.MaxValue ? 0 : Clicks30[target] * 30.0 / Math.Clamp(Workspace.Today.DayNumber - FirstSeen[target], 3, 30);

    /// <summary>Mean cost of a click in the last 30 days, or what the bid would usually cost where there were none.</summary>
    public double ClickPrice(int target) => Clicks30[target] > 0 ? Cost30[target] / Clicks30[target] : 0.75 * (double)Workspace.Targets[target].Bid.Amount;

    public bool IsManaged(int campaign) => campaign >= 0
        && Workspace.Campaigns[campaign].State == EntityState.Enabled
        && Workspace.Campaigns[campaign].BidsAreOurs;

    /// <summary>Enabled all the way up, with a product whose economics are known.</summary>
    public bool IsDecidable(int target)
    {
        var group = Structure.TargetGroup[target];
        return Workspace.Targets[target].State == EntityState.Enabled && IsManaged(Structure.TargetCampaign[target])
            && group >= 0 && Workspace.AdGroups[group].State == EntityState.Enabled && !double.IsNaN(Contribution[target]);
    }

    /// <returns>Highest multiple of the bid that one click may cost: best placement, and doubled where Amazon may raise.</returns>
    public static double WorstMultiplier(Campaign campaign)
    {
        // Sponsored Brands may lower a placement; elsewhere the bid is paid as it stands.
        var percent = Math.Max(0, Math.Max(campaign.TopOfSearchPercent, Math.Max(campaign.RestOfSearchPercent, campaign.ProductPagesPercent)));
        return (1 + percent / 100.0) * (campaign.Strategy == BiddingStrategy.UpAndDown ? 2 : 1);
    }

    // Per campaign and day of the last ten: 1, or less where the budget cut the day off.
    private double[] FindServedShares(DecisionSettings settings)
    {
        var today = Workspace.Today.DayNumber;
        var campaigns = Workspace.Campaigns;
        var cost = new double[campaigns.Length * ServedDays];
        var keys = Workspace.TargetDays.Keys("campaign_id");
        var positions = Structure.Campaigns(keys);
        var facts = new AdColumns(Workspace.TargetDays);
        for (var row = 0; row < facts.Days.Length; row++)
        {
            var age = today - facts.Days[row] - 1;
            if (age is < 0 or >= ServedDays || positions[keys.Codes[row]] < 0) continue;
            cost[positions[keys.Codes[row]] * ServedDays + age] += facts.Cost[row] / 1e6;
        }

        var served = new double[cost.Length];
        for (var campaign = 0; campaign < campaigns.Length; campaign++)
        {
            var budget = campaigns[campaign].DailyBudget.Amount;
            var history = History.Budget($"campaign:{campaigns[campaign].Id.Value}:budget", budget);
            for (var age = 0; age < ServedDays; age++)
            {
                var ranOut = cost[campaign * ServedDays + age] >= OutOfBudgetShare * (double)history.At(age + 0.5, budget);
                served[campaign * ServedDays + age] = ranOut ? settings.ServedShare : 1;
                if (ranOut && age < 7) OutOfBudgetDays[campaign]++;
            }
        }

        return served;
    }

    private void AddFacts(DecisionSettings settings, double[] served)
    {
        var today = Workspace.Today.DayNumber;
        var monthStart = new DateOnly(Workspace.Today.Year, Workspace.Today.Month, 1).DayNumber;
        var table = Workspace.TargetDays;
        var keys = table.Keys("target_id");
        var targetOf = Structure.Targets(keys);
        var groupKeys = table.Keys("ad_group_id");
        var productOf = Structure.Groups(groupKeys).Select(group => group < 0 ? -1 : Structure.GroupProduct[group]).ToArray();
        var maturityOf = Structure.Groups(groupKeys).Select(group => MaturityOf(group < 0 ? -1 : Structure.GroupCampaign[group])).ToArray();
        var weights = new double[400];
        for (var age = 0; age < weights.Length; age++) weights[age] = Math.Pow(0.5, age / settings.HalfLifeDays) * (settings.SeasonWeight > 0 ? Events.WeightAt(age) : 1);

        var isSpendDay = new bool[spendDays.Length * StockDays.Days];
        for (var product = 0; product < spendDays.Length; product++)
        {
            foreach (var age in SpendAges(product)) isSpendDay[product * StockDays.Days + age] = true;
        }

        var prices = new PriceHistory(Structure, settings.PriceHistoryWeight);
        var facts = new AdColumns(table);
        double total7 = 0;
        MonthToDate = (double)(Workspace.SpentElsewhere?.Amount ?? 0);
        for (var row = 0; row < facts.Days.Length; row++)
        {
            // The current day is not over, and its orders have hardly begun to arrive.
            var age = today - facts.Days[row] - 1;
            if (age < 0 || age >= weights.Length) continue;
            double clicks = facts.Clicks[row], orders = facts.Orders[row], cost = facts.Cost[row] / 1e6;
            var share = maturityOf[groupKeys.Codes[row]].VisibleShare(age);
            var product = productOf[groupKeys.Codes[row]];
            var weight = weights[age] * prices.Weight(product, age);
            var exposure = weight * share * clicks;
            if (facts.Days[row] >= monthStart) MonthToDate += cost;
            if (age < 7) total7 += cost;

            if (product >= 0)
            {
                ProductExposure[product] += exposure;
                ProductOrders[product] += weight * orders;
                if (age >= MaturedAge) MaturedClicks[product] += clicks;
            }

            var target = targetOf[keys.Codes[row]];
            if (target < 0) continue;
            Exposure[target] += exposure;
            Orders[target] += weight * orders;
            RawOrders[target] += orders;
            RawUnits[target] += facts.Units[row];
            RawSales[target] += facts.Sales[row] / 1e6 * prices.ToToday(product, age);
            if (facts.Impressions[row] > 0 && facts.Days[row] < FirstSeen[target]) FirstSeen[target] = facts.Days[row];
            if (age < 30)
            {
                Clicks30[target] += clicks;
                Cost30[target] += cost;
            }

            if (age < 7) Cost7[target] += cost;
            var campaign = Structure.TargetCampaign[target];
            if (product < 0 ? age < SpendDays : age < StockDays.Days && isSpendDay[product * StockDays.Days + age])
                DailySpend[target] += cost / (campaign < 0 || age >= ServedDays ? 1 : served[campaign * ServedDays + age]) / SpendAges(product).Count;
        }

        SpendPerDay7 = total7 / 7;
        MonthToDate = Math.Max(0, MonthToDate);
        for (var target = 0; target < Exposure.Length; target++)
        {
            // Corrections for invalid clicks arrive as negative amounts and may leave less than nothing.
            Exposure[target] = Math.Max(0, Exposure[target]);
            Orders[target] = Math.Max(0, Orders[target]);
            Cost30[target] = Math.Max(0, Cost30[target]);
            Cost7[target] = Math.Max(0, Cost7[target]);
            DailySpend[target] = Math.Max(0, DailySpend[target]) / MeanRatioToCurrentBid(target, settings);
        }
    }

    // Spend of the last days was found at other bids: brought to the bid in force.
    private double MeanRatioToCurrentBid(int target, DecisionSettings settings)
    {
        var bid = Workspace.Targets[target].Bid.Amount;
        if (bid <= 0) return 1;
        var changes = History.Of($"target:{Workspace.Targets[target].Id.Value}:bid");
        if (changes.Count == 0) return 1;
        var history = History.Bid($"target:{Workspace.Targets[target].Id.Value}:bid", bid);
        double sum = 0;
        var ages = SpendAges(Structure.TargetProduct[target]);
        foreach (var age in ages) sum += Math.Pow((double)(history.At(age + 0.5, bid) / bid), settings.ClickElasticity + settings.PriceElasticity);
        return Math.Clamp(sum / ages.Count, 0.05, 20);
    }

    // The last five days on which there was something to sell: an empty shelf says nothing about what a bid spends.
    private List<int> SpendAges(int product) => product >= 0 && spendDays[product].Count > 0 ? spendDays[product] : UsualSpendDays;

    private void FindPriors(DecisionSettings settings)
    {
        double orders = 0, clicks = 0;
        for (var product = 0; product < ProductOrders.Length; product++) (orders, clicks) = (orders + Math.Max(0, ProductOrders[product]), clicks + Math.Max(0, ProductExposure[product]));
        AccountMean = Math.Min(0.6, parentMean is { } parent ? (orders + (ParentClicks * parent)) / (clicks + ParentClicks) : (orders + 2) / (clicks + 20));
        var productMean = new double[ProductOrders.Length];
        for (var product = 0; product < productMean.Length; product++)
            productMean[product] = (Math.Max(0, ProductOrders[product]) + 60 * AccountMean) / (Math.Max(0, ProductExposure[product]) + 60);

        var wordFactor = settings.WordWeight > 0 ? ReadWords(settings, productMean) : null;
        var matches = Enum.GetValues<MatchType>().Length;
        var (seen, expected) = (new double[matches], new double[matches]);
        for (var target = 0; target < PriorMean.Length; target++)
        {
            var product = Structure.TargetProduct[target];
            PriorMean[target] = (product < 0 ? AccountMean : productMean[product]) * (wordFactor?[target] ?? 1);
            var match = (int)Workspace.Targets[target].Match;
            seen[match] += Orders[target];
            expected[match] += Exposure[target] * PriorMean[target];
        }

        for (var target = 0; target < PriorMean.Length; target++)
        {
            var match = (int)Workspace.Targets[target].Match;
            PriorMean[target] = Math.Clamp(PriorMean[target] * (seen[match] + MatchPseudoOrders) / (expected[match] + MatchPseudoOrders), 1e-4, 0.6);
        }
    }

    // Per target the factor on its prior rate: what words tell about conversion, learned from search terms of the last 90 days.
    private double[] ReadWords(DecisionSettings settings, double[] productMean)
    {
        var table = Workspace.SearchTermDays;
        var terms = table.Texts("search_term");
        var groupKeys = table.Keys("ad_group_id");
        var productOf = Structure.Groups(groupKeys).Select(group => group < 0 ? -1 : Structure.GroupProduct[group]).ToArray();
        var maturityOf = Structure.Groups(groupKeys).Select(group => MaturityOf(group < 0 ? -1 : Structure.GroupCampaign[group])).ToArray();
        var at = new Dictionary<(int Product, int Term), int>();
        var (texts, products, orders, exposure, means) = (new List<string>(), new List<int>(), new List<double>(), new List<double>(), new List<double>());
        var facts = new AdColumns(table);
        var today = Workspace.Today.DayNumber;
        for (var row = 0; row < facts.Days.Length; row++)
        {
            var age = today - facts.Days[row] - 1;
            var product = productOf[groupKeys.Codes[row]];
            if (age is < 0 or >= 90 || product < 0) continue;
            if (!at.TryGetValue((product, terms.Codes[row]), out var cell))
            {
                at.Add((product, terms.Codes[row]), cell = texts.Count);
                texts.Add(terms.Words[terms.Codes[row]]);
                products.Add(product);
                orders.Add(0);
                exposure.Add(0);
                means.Add(productMean[product]);
            }

            orders[cell] += facts.Orders[row];
            exposure[cell] += maturityOf[groupKeys.Codes[row]].VisibleShare(age) * facts.Clicks[row];
        }

        var words = TokenModel.Fit(texts.ToArray(), products.ToArray(), orders.ToArray(), exposure.ToArray(), means.ToArray());
        var factors = new double[PriorMean.Length];
        Array.Fill(factors, 1);
        for (var target = 0; target < PriorMean.Length; target++)
        {
            var entry = Workspace.Targets[target];
            if (entry.Kind == TargetKind.Keyword && Structure.TargetProduct[target] is >= 0 and var product)
                factors[target] = Math.Pow(words.Multiplier(product, entry.Text), settings.WordWeight);
        }

        return factors;
    }

    private double FindContribution(int target)
    {
        var product = Structure.TargetProduct[target];
        if (product < 0 || Products[product] is not { IsKnown: true } economics) return double.NaN;
        var units = (Math.Max(0, RawUnits[target]) + 10 * economics.UnitsPerOrder) / (Math.Max(0, RawOrders[target]) + 10);
        return Math.Clamp(units, 1, 5) * economics.ContributionPerUnit;
    }

    // Cost over what the same clicks would have cost at the full bid in force on their day.
    private double[] FindPriceShares()
    {
        const double PseudoClicks = 10;
        var shares = new double[Clicks30.Length];
        var (paid, full, clicks) = (new double[Clicks30.Length], new double[Clicks30.Length], new double[Clicks30.Length]);
        var histories = new BidHistory?[Clicks30.Length];
        var keys = Workspace.TargetDays.Keys("target_id");
        var targetOf = Structure.Targets(keys);
        var facts = new AdColumns(Workspace.TargetDays);
        double allPaid = 0, allFull = 0;
        for (var row = 0; row < facts.Days.Length; row++)
        {
            var age = Workspace.Today.DayNumber - facts.Days[row] - 1;
            if (age is < 0 or >= 30 || facts.Clicks[row] <= 0 || targetOf[keys.Codes[row]] is not (>= 0 and var target) || Structure.TargetCampaign[target] is not (>= 0 and var campaign)) continue;
            var bid = Workspace.Targets[target].Bid.Amount;
            var history = histories[target] ??= History.Bid($"target:{Workspace.Targets[target].Id.Value}:bid", bid);
            var then = (double)history.At(age + 0.5, bid) * MeanMultiplier[campaign] * facts.Clicks[row];
            paid[target] += facts.Cost[row] / 1e6;
            full[target] += then;
            clicks[target] += facts.Clicks[row];
            (allPaid, allFull) = (allPaid + facts.Cost[row] / 1e6, allFull + then);
        }

        var mean = allFull > 0 ? allPaid / allFull : 0.75;
        for (var target = 0; target < shares.Length; target++)
        {
            var pseudo = clicks[target] > 0 ? full[target] / clicks[target] * PseudoClicks : 1;
            if (full[target] > 0 && Workspace.Targets[target].Bid.Amount > 0) BidShift[target] = Math.Clamp(Math.Log((double)Workspace.Targets[target].Bid.Amount * MeanMultiplier[Structure.TargetCampaign[target]] * clicks[target] / full[target]), -3, 3);
            shares[target] = Math.Clamp((paid[target] + mean * pseudo) / (full[target] + pseudo) / mean, 0.3, 3);
        }

        return shares;
    }

    private double[] FindMultipliers()
    {
        var campaigns = Workspace.Campaigns;
        var clicks = new double[campaigns.Length * 3];
        Array.Fill(clicks, 1);
        var table = Workspace.PlacementDays;
        var keys = table.Keys("campaign_id");
        var positions = Structure.Campaigns(keys);
        var placements = table.Ints("placement");
        var facts = new AdColumns(table);
        for (var row = 0; row < facts.Days.Length; row++)
        {
            var age = Workspace.Today.DayNumber - facts.Days[row] - 1;
            var campaign = positions[keys.Codes[row]];
            if (age is >= 0 and < PlacementWindowDays && campaign >= 0) clicks[campaign * 3 + placements[row]] += Math.Max(0, facts.Clicks[row]);
        }

        var multipliers = new double[campaigns.Length];
        for (var campaign = 0; campaign < multipliers.Length; campaign++)
        {
            double weighted = 0, all = 0;
            foreach (var placement in Enum.GetValues<Placement>())
            {
                weighted += clicks[campaign * 3 + (int)placement] * (1 + campaigns[campaign].PercentAt(placement) / 100.0);
                all += clicks[campaign * 3 + (int)placement];
            }

            multipliers[campaign] = weighted / all;
        }

        return multipliers;
    }
}
