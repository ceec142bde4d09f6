using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Environments;
using Autonoomi.App.Platform.Promises;
using Autonoomi.App.Platform.Tenancy;
using Autonoomi.App.Tests.Web;
using Autonoomi.Testing;

namespace Autonoomi.App.Tests.Promises;

/// <summary>What the store may hold of people, column by column.</summary>
[Collection<PeopleTests>]
public sealed class StoredColumnsTests(RunningProduct product)
{
    [Fact]
    [Promise("P-1.1-a")]
    public async Task An_account_is_a_name_an_address_and_an_organisation()
    {
        Assert.Equal(
            ["Id", "AccessFailedCount", "ConcurrencyStamp", "CreatedAt", "EmailHash", "LockedUntil", "OneTimePassword", "PasswordHash", "SealedAuthenticatorKey", "SealedEmail", "SealedName", "SealedRecoveryCodes", "SecurityStamp", "TwoFactorEnabled"],
            Columns<UserRow>());
        Assert.Equal(["Id", "CreatedAt", "SealedName"], Columns<OrganisationRow>());

        using var browser = product.Open();
        var page = await browser.ReadAsync("/account/sign-up");
        Assert.Equal(["organisation", "name", "email", "password", "adult", "mayAct", "policy"],
            System.Text.RegularExpressions.Regex.Matches(page, "<input[^>]*? name=\"([^\"_][^\"]*)\"").Select(match => match.Groups[1].Value));
    }

    [Fact]
    public void A_text_in_clear_needs_a_reason()
    {
        using var db = DataServices.Open(new StorageSettings { DataFolder = "." }, new Tenant());

        Assert.Empty(StoredColumns.Faults([], db.Model));
        Assert.Equal(["user.device is stored and nobody declared it"], StoredColumns.Faults([new("user", "device", "TEXT"), new("user", "Id", "TEXT")], db.Model));
    }

    private static IEnumerable<string> Columns<T>()
    {
        using var db = DataServices.Open(new StorageSettings { DataFolder = "." }, new Tenant());
        return [.. db.Model.FindEntityType(typeof(T))!.GetProperties().Select(property => property.Name)];
    }
}
