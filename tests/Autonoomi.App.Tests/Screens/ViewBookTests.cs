using System.Collections.Immutable;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Grid;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.App.Platform.Tenancy;
using Autonoomi.App.Tests.Access;
using Autonoomi.App.Tests.Web;
using Microsoft.Extensions.DependencyInjection;

namespace Autonoomi.App.Tests.Screens;

[Collection<PeopleTests>]
public sealed class ViewBookTests(RunningProduct product)
{
    private const string Page = "/targets";

    private static readonly GridQuery Losing = GridQuery.All.With("profit", "<0") with { Columns = "spend,profit" };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private ViewBook Book => product.Services.GetRequiredService<ViewBook>();

    [Fact]
    public async Task A_view_is_saved_renamed_made_default_and_deleted_for_its_owner_alone()
    {
        var (_, who) = await product.SignedInAsync();
        var house = await FilledHouse.MakeAsync(product.Services, who.Organisation, who.User, Stop);
        var (_, other) = await product.SignedInAsync();
        await house.AdmitAsync(other.User, MemberRole.Viewer, Stop);
        Task<ImmutableArray<SavedView>> Of(Guid user, string page = Page) => Book.ListAsync(house.Seller, house.Storefront, user, page, Stop);

        Assert.True((await Book.SaveAsync(house.Seller, house.Storefront, who.User, Page, " Losing money ", Losing, Stop)).IsOk);
        Assert.True((await Book.SaveAsync(house.Seller, house.Storefront, other.User, Page, "Mine", GridQuery.All with { Days = 7 }, Stop)).IsOk);
        Assert.Equal(new SavedView(who.User, Page, "Losing money", "?profit=%3C0&cols=spend,profit", false), Assert.Single(await Of(who.User)));
        Assert.Equal("Mine", Assert.Single(await Of(other.User)).Name);
        Assert.Empty(await Of(who.User, "/campaigns"));

        // The same name again replaces; another cannot take it.
        Assert.Equal(7, GridQuery.Parse(Assert.Single((await Book.SaveAsync(house.Seller, house.Storefront, who.User, Page, "losing MONEY", Losing with { Days = 7 }, Stop)).Value).Query).Days);
        await Book.SaveAsync(house.Seller, house.Storefront, who.User, Page, "Second", GridQuery.All with { Days = 60 }, Stop);
        Assert.Contains("Another view is called", (await Book.RenameAsync(house.Seller, house.Storefront, who.User, Page, "Second", "Losing money", Stop)).Error!.Message, StringComparison.Ordinal);
        Assert.Equal(["losing MONEY", "Third"], (await Book.RenameAsync(house.Seller, house.Storefront, who.User, Page, "Second", "Third", Stop)).Value.Select(view => view.Name));
        Assert.NotNull((await Book.SaveAsync(house.Seller, house.Storefront, who.User, Page, " ", Losing, Stop)).Error);

        // One default at most.
        await Book.MakeDefaultAsync(house.Seller, house.Storefront, who.User, Page, "losing MONEY", Stop);
        Assert.Equal([false, true], (await Book.MakeDefaultAsync(house.Seller, house.Storefront, who.User, Page, "Third", Stop)).Value.Select(view => view.IsDefault));
        Assert.Equal(["losing MONEY"], (await Book.DeleteAsync(house.Seller, house.Storefront, who.User, Page, "Third", Stop)).Value.Select(view => view.Name));
        Assert.Equal("Mine", Assert.Single(await Of(other.User)).Name);
    }

    [Fact]
    public async Task Whoever_is_no_member_saves_nothing_and_the_views_of_those_who_left_go_with_the_next_one()
    {
        var (_, who) = await product.SignedInAsync();
        var house = await FilledHouse.MakeAsync(product.Services, who.Organisation, who.User, Stop);
        var (_, other) = await product.SignedInAsync();
        Assert.Equal(Rights.Words(Right.Look), (await Book.SaveAsync(house.Seller, house.Storefront, other.User, Page, "Mine", Losing, Stop)).Error!.Message);

        await house.AdmitAsync(other.User, MemberRole.Viewer, Stop);
        Assert.True((await Book.SaveAsync(house.Seller, house.Storefront, other.User, Page, "Mine", Losing, Stop)).IsOk);
        await using (var db = product.Services.GetRequiredService<AppDbs>().System())
        {
            db.Memberships.RemoveRange(db.Memberships.Where(row => row.User == other.User));
            await db.SaveChangesAsync(Stop);
        }

        Assert.Single(await Book.ListAsync(house.Seller, house.Storefront, other.User, Page, Stop));
        await Book.SaveAsync(house.Seller, house.Storefront, who.User, Page, "Another", Losing, Stop);
        Assert.Empty(await Book.ListAsync(house.Seller, house.Storefront, other.User, Page, Stop));
    }
}
