using Autonoomi.App.Features.AdGroups;
using Autonoomi.App.Features.Campaigns;
using Autonoomi.App.Features.Placements;
using Autonoomi.App.Features.Targets;
using Autonoomi.App.Platform.Grid;
using Autonoomi.Core.Advertising;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;
using Autonoomi.Core.Proposals;

namespace Autonoomi.App.Tests.Screens;

/// <summary>Values typed over and rows changed together: which change each asks for.</summary>
public sealed class GridEditsTests
{
    [Theory]
    [InlineData("1.25", 1.25), InlineData("$1.25", 1.25), InlineData("+10%", 2.2), InlineData("-5%", 1.9), InlineData("+0.05", 2.05), InlineData("-0.05", 1.95)]
    [InlineData("=x*0.9", 1.8), InlineData("= X / 4", 0.5), InlineData("=x+0.1", 2.1), InlineData("=x-10%", 1.8), InlineData("=x*150%", 3)]
    public void A_formula_gives_what_it_says(string typed, double wanted) => Assert.Equal((decimal)wanted, EditFormula.Parse(typed)!(2m));

    [Theory]
    [InlineData(""), InlineData("abc"), InlineData("=x"), InlineData("=y*2"), InlineData("*2"), InlineData("/2"), InlineData("10%"), InlineData("=x/0"), InlineData("1.2.3"), InlineData("99999999999999999999"), InlineData("=x*"), InlineData("+")]
    public void What_is_no_formula_is_refused(string typed) => Assert.Null(EditFormula.Parse(typed));

    [Theory]
    [InlineData(BulkHow.Set, "1.5", 1.5), InlineData(BulkHow.Raise, "10", 2.2), InlineData(BulkHow.Raise, "10%", 2.2), InlineData(BulkHow.Lower, "25", 1.5), InlineData(BulkHow.Cap, "1.8", 1.8), InlineData(BulkHow.Cap, "3", 2), InlineData(BulkHow.Floor, "3", 3), InlineData(BulkHow.Floor, "1", 2)]
    public void Many_rows_are_set_raised_lowered_capped_or_lifted(BulkHow how, string typed, double wanted) => Assert.Equal((decimal)wanted, EditFormula.Parse(how, typed)!(2m));

    [Theory]
    [InlineData(BulkHow.Raise, "much"), InlineData(BulkHow.Cap, ""), InlineData(BulkHow.Floor, "-1"), InlineData(BulkHow.Set, "x")]
    public void What_is_no_amount_is_refused(BulkHow how, string typed) => Assert.Null(EditFormula.Parse(how, typed));

    [Fact]
    public void Every_grid_asks_for_its_own_change_rounded_to_the_step_and_for_none_where_it_stands_so()
    {
        var shop = AgreementTests.Shop("usual");
        var workspace = shop with { Campaigns = [shop.Campaigns[0] with { TopOfSearchPercent = 50 }, shop.Campaigns[1] with { State = EntityState.Archived }, .. shop.Campaigns.Skip(2)] };
        var books = new ProfitBooks(workspace);
        var table = books.Table(AgreementTests.Month);
        var targets = new TargetBoard(workspace, books.Figures(AgreementTests.Month)).Sheet.Edits!;
        var campaigns = CampaignSheet.Of(workspace, AgreementTests.Month, 30, table, []).Edits!;
        var places = PlacementSheet.Of(workspace, AgreementTests.Month, 30, table).Edits!;
        var groups = AdGroupSheet.Of(workspace, AgreementTests.Month, 30, table).Edits!;
        Money Euro(decimal amount) => new(amount, AgreementTests.Germany.Currency);

        Assert.Equal(new SetBid(new(1), new(2), new(3), TargetKind.Keyword, Euro(0.5m), Euro(0.57m)), targets.Values.Single().Asked(0, EditFormula.Parse("+13%")!));
        Assert.Null(targets.Values.Single().Asked(0, EditFormula.Parse("0.5")!));
        Assert.Null(targets.Values.Single().Asked(0, EditFormula.Parse("+0.001")!));
        Assert.Equal(new SetTargetState(new(1), new(2), new(3), TargetKind.Keyword, EntityState.Enabled, EntityState.Paused), targets.Switch!(0, EntityState.Paused));
        Assert.Null(targets.Switch(0, EntityState.Enabled));

        Assert.Equal(new SetBudget(new(1), Euro(10), Euro(12.5m)), campaigns.Values.Single().Asked(0, EditFormula.Parse("+25%")!));
        Assert.Null(campaigns.Values.Single().Asked(1, EditFormula.Parse("12")!));
        Assert.Equal(new SetCampaignState(new(1), EntityState.Enabled, EntityState.Paused), campaigns.Switch!(0, EntityState.Paused));
        Assert.Null(campaigns.Switch(1, EntityState.Enabled));

        Assert.Equal(new SetPlacement(new(1), Placement.TopOfSearch, 50, 55), places.Values.Single().Asked(0, EditFormula.Parse("+10%")!));
        Assert.Null(places.Switch);
        Assert.Equal(new SetAdGroupState(new(1), new(2), EntityState.Enabled, EntityState.Paused), groups.Switch!(0, EntityState.Paused));
        Assert.Empty(groups.Values);
    }
}
