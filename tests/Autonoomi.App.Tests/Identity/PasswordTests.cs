using Autonoomi.App.Platform.Identity;
using Autonoomi.App.Tests.Web;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace Autonoomi.App.Tests.Identity;

/// <summary>Passwords that many people have, alone or with little added.</summary>
[Collection<PeopleTests>]
public sealed class PasswordTests(RunningProduct product)
{
    private static readonly AppUser Somebody = new() { Name = "Ada Test", Email = "ada@example.com" };

    [Fact]
    public async Task Every_listed_password_that_is_long_enough_is_refused_alone_and_with_up_to_seven_more_characters()
    {
        Assert.InRange(PasswordWords.Common.Count, 40_000, 60_000);
        var dice = new Random(11);
        var tried = 0;
        foreach (var common in PasswordWords.Common)
        {
            var more = string.Concat(Enumerable.Range(0, Math.Max(0, 12 - common.Length)).Select(_ => (char)dice.Next('!', '0')));
            if (more.Length > 7) continue;
            foreach (var password in new[] { common + more, more + common, (common + more).ToUpperInvariant() })
            {
                tried++;
                Assert.True(PasswordWords.Rest(password, Somebody) < PasswordWords.Besides, password);
            }
        }

        Testing.Figures.Tell($"passwords: {PasswordWords.Common.Count} common ones, {tried} made of them refused");
        foreach (var known in new[] { "Password1234!", "qwertyuiop12", "1q2w3e4r5t6y", "unbelievable", "administrator1", "123456654321" }) Assert.False(await IsTakenAsync(known), known);
        foreach (var good in new[] { RunningProduct.Password, "correct horse battery staple", "Tr7#kkP0z!wq", "eleven green umbrellas" }) Assert.True(await IsTakenAsync(good), good);
    }

    [Fact]
    public async Task Random_passwords_of_a_generator_are_taken()
    {
        var dice = new Random(5);
        for (var round = 0; round < 500; round++)
        {
            var password = string.Concat(Enumerable.Range(0, 14).Select(_ => (char)dice.Next('!', '~')));
            Assert.True(await IsTakenAsync(password) || password.Distinct().Count() < 5, password);
        }
    }

    private async Task<bool> IsTakenAsync(string password)
    {
        await using var scope = product.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<AppUser>>();
        foreach (var validator in users.PasswordValidators)
            if (!(await validator.ValidateAsync(users, Somebody, password)).Succeeded) return false;
        return true;
    }
}
