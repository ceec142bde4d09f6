using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Environments;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.App.Tests.Promises;
using Autonoomi.Core.Facts;
using Autonoomi.Core.Primitives;
using Autonoomi.Privacy;
using Autonoomi.Vault;

namespace Autonoomi.App.Tests.Data;

public sealed class WorkspacesTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateSpan Yesterday = new(new(2026, 3, 3), new(2026, 3, 3));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Facts_that_a_sync_replaces_while_a_page_opens_the_workspace_are_read_by_the_next_decision()
    {
        await using var house = await Probed.StartAsync(postgres: false);
        var vault = await house.Get<SellerVaults>().OpenAsync(house.Seller, Purpose.Run, Stop);
        var clock = new Asked();
        var workspaces = new Workspaces(house.Get<SellerVaults>(), house.Get<AppDbs>(), new BusinessClock(clock));

        // The last thing that opening asks for is the day, when all facts are read: in that moment a sync ends.
        clock.Then = () => workspaces.FactsReplaced(house.Seller, house.Storefront);
        var opened = await workspaces.GetAsync(house.Seller, house.Storefront, Stop);
        Assert.Equal(0, opened.InventoryDays.Rows);
        await vault.CommitAsync(new VaultWrite().ReplaceDays(Dataset.InventoryDay, house.Storefront, Yesterday, Units(7)), Stop);

        var decided = await workspaces.GetAsync(house.Seller, house.Storefront, Stop);

        Assert.Equal(1, decided.InventoryDays.Rows);
        Assert.Same(decided, await workspaces.GetAsync(house.Seller, house.Storefront, Stop));
    }

    private static FactTable Units(int units)
    {
        var builder = new FactTableBuilder(TableSchema.Of(Dataset.InventoryDay));
        foreach (var column in TableSchema.Of(Dataset.InventoryDay).Columns)
        {
            switch (column.Kind)
            {
                case ColumnKind.Day: builder.Day(Yesterday.First); break;
                case ColumnKind.Text: builder.Text("SKU-1"); break;
                case ColumnKind.Int: builder.Int(units); break;
                default: builder.Long(units); break;
            }
        }

        return builder.Build();
    }

    /// <summary>Does something at the last of the questions that an opening asks.</summary>
    private sealed class Asked : TimeProvider
    {
        private const int Last = 4;
        private int questions;

        public Action? Then { get; set; }

        public override DateTimeOffset GetUtcNow()
        {
            if (++questions == Last) Then?.Invoke();
            return Now;
        }
    }
}
