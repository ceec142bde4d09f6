using System.IO;
using Autonoomi.Core.Primitives;
using Autonoomi.Testing;

namespace Autonoomi.Vault.Tests;

public sealed class KeyChainTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("autonoomi-keys-").FullName;

    private string Folder => Path.Combine(root, "keys");
    private string Master => Path.Combine(Folder, "master.key");
    private string Ledger => Path.Combine(Folder, "ledger.json");

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public void The_first_start_makes_a_master_key_that_only_its_owner_may_read()
    {
        using (var first = KeyChain.OpenOrCreate(Folder, "test")) Assert.True(first.Created);

        Assert.StartsWith("anm1|test|", File.ReadAllText(Master), StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Master));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Ledger));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Folder));
        }

        using var second = KeyChain.OpenOrCreate(Folder, "test", dataExists: true);
        Assert.False(second.Created);
    }

    [Fact]
    public void What_one_start_seals_the_next_one_opens()
    {
        var seller = new SellerId(Guid.NewGuid());
        byte[] application, token;
        string hash;
        using (var keys = KeyChain.OpenOrCreate(Folder, "test"))
        {
            keys.CreateSeller(seller);
            application = keys.Application.SealText("user", "email", "1", "somebody");
            token = keys.ForSeller(seller).SealText("grant", "token", "1", "refresh");
            hash = keys.Application.LookupHash("email", "somebody");
        }

        using var next = KeyChain.OpenOrCreate(Folder, "test");
        Assert.Equal("somebody", next.Application.OpenText("user", "email", "1", application));
        Assert.Equal("refresh", next.ForSeller(seller).OpenText("grant", "token", "1", token));
        Assert.Equal(hash, next.Application.LookupHash("email", "somebody"));
        Assert.NotEqual(hash, next.Application.LookupHash("phone", "somebody"));
    }

    [Fact]
    [Promise("P-3-f")]
    public void A_field_moved_to_another_row_column_table_or_seller_does_not_open()
    {
        using var keys = KeyChain.OpenOrCreate(Folder, "test");
        SellerId mine = new(Guid.NewGuid()), other = new(Guid.NewGuid());
        keys.CreateSeller(mine);
        keys.CreateSeller(other);
        var cipher = keys.ForSeller(mine).SealText("grant", "token", "1", "refresh");

        Assert.Equal("refresh", keys.ForSeller(mine).OpenText("grant", "token", "1", cipher));
        foreach (var open in (Func<string>[])[
            () => keys.ForSeller(mine).OpenText("grant", "token", "2", cipher), () => keys.ForSeller(mine).OpenText("grant", "name", "1", cipher),
            () => keys.ForSeller(mine).OpenText("grants", "token", "1", cipher), () => keys.ForSeller(other).OpenText("grant", "token", "1", cipher),
            () => keys.Application.OpenText("grant", "token", "1", cipher), () => keys.ForSeller(mine).OpenText("gran", "ttoken", "1", cipher)])
            Assert.Throws<SealBrokenException>(open);
    }

    [Fact]
    public void A_missing_master_key_is_reported_and_never_replaced()
    {
        KeyChain.OpenOrCreate(Folder, "test").Dispose();
        File.Delete(Master);

        var missing = Assert.Throws<MasterKeyMissingException>(() => KeyChain.OpenOrCreate(Folder, "test"));

        Assert.Contains("backup", missing.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Master));
    }

    [Fact]
    public void An_empty_key_folder_beside_existing_data_makes_no_key()
    {
        Assert.Throws<MasterKeyMissingException>(() => KeyChain.OpenOrCreate(Folder, "test", dataExists: true));
        Assert.False(File.Exists(Master));
    }

    [Fact]
    public void Another_master_key_is_refused_by_name()
    {
        KeyChain.OpenOrCreate(Folder, "test").Dispose();
        KeyChain.OpenOrCreate(Path.Combine(root, "other"), "test").Dispose();
        var before = File.ReadAllText(Master).Split('|')[2];
        File.Copy(Path.Combine(root, "other", "master.key"), Master, overwrite: true);

        var wrong = Assert.Throws<WrongMasterKeyException>(() => KeyChain.OpenOrCreate(Folder, "test"));

        Assert.Contains(before, wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Promise("P-3-i")]
    public void Keys_of_one_environment_do_not_open_another_even_when_the_tag_is_rewritten()
    {
        KeyChain.OpenOrCreate(Folder, "demo").Dispose();
        Assert.Contains("'demo'", Assert.Throws<WrongMasterKeyException>(() => KeyChain.OpenOrCreate(Folder, "production")).Message, StringComparison.Ordinal);

        Rewrite(Master, text => text.Replace("|demo|", "|production|", StringComparison.Ordinal));
        Assert.Throws<WrongMasterKeyException>(() => KeyChain.OpenOrCreate(Folder, "production"));

        Rewrite(Ledger, text => text.Replace("\"demo\"", "\"production\"", StringComparison.Ordinal));
        Assert.Throws<WrongMasterKeyException>(() => KeyChain.OpenOrCreate(Folder, "production"));
    }

    [Fact]
    public void A_key_file_that_others_may_read_is_refused_with_the_command_that_mends_it()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "File modes are a Unix matter.");
        if (OperatingSystem.IsWindows()) return;
        KeyChain.OpenOrCreate(Folder, "test").Dispose();
        File.SetUnixFileMode(Master, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);

        Assert.Contains($"chmod 600 '{Master}'", Assert.Throws<KeyFileException>(() => KeyChain.OpenOrCreate(Folder, "test")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_ledger_cut_off_at_any_byte_is_refused()
    {
        using (var keys = KeyChain.OpenOrCreate(Folder, "test")) keys.CreateSeller(new(Guid.NewGuid()));
        var whole = File.ReadAllBytes(Ledger);

        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(Ledger, whole[..length]);
            Assert.ThrowsAny<VaultException>(() => KeyChain.OpenOrCreate(Folder, "test"));
        }

        File.WriteAllBytes(Ledger, whole);
        KeyChain.OpenOrCreate(Folder, "test").Dispose();
    }

    [Fact]
    public void A_ledger_with_any_changed_character_is_refused()
    {
        using (var keys = KeyChain.OpenOrCreate(Folder, "test")) keys.CreateSeller(new(Guid.NewGuid()));
        var whole = File.ReadAllBytes(Ledger);

        for (var at = 0; at < whole.Length; at++)
        {
            // White space between the values carries nothing.
            if (char.IsWhiteSpace((char)whole[at])) continue;
            var changed = (byte[])whole.Clone();
            changed[at] ^= 1;
            File.WriteAllBytes(Ledger, changed);
            Assert.ThrowsAny<VaultException>(() => KeyChain.OpenOrCreate(Folder, "test"));
        }
    }

    [Fact]
    public void A_first_start_that_died_half_way_is_finished_by_the_next()
    {
        KeyChain.OpenOrCreate(Folder, "test").Dispose();

        File.Move(Master, Master + ".new");
        KeyChain.OpenOrCreate(Folder, "test").Dispose();
        Assert.True(File.Exists(Master));

        File.Move(Master, Master + ".new");
        File.Delete(Ledger);
        using var anew = KeyChain.OpenOrCreate(Folder, "test");
        Assert.True(anew.Created);
    }

    [Fact]
    public void A_master_key_without_its_ledger_is_a_loss_and_not_a_beginning()
    {
        KeyChain.OpenOrCreate(Folder, "test").Dispose();
        File.Delete(Ledger);

        Assert.Contains("ledger", Assert.Throws<KeyFileException>(() => KeyChain.OpenOrCreate(Folder, "test")).Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Ledger));
    }

    [Fact]
    public void A_damaged_master_key_file_is_named()
    {
        KeyChain.OpenOrCreate(Folder, "test").Dispose();
        Rewrite(Master, text => text.Replace('A', 'B').Replace('a', 'b'));

        Assert.Contains(Master, Assert.Throws<KeyFileException>(() => KeyChain.OpenOrCreate(Folder, "test")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_processes_see_each_others_sellers_and_destructions()
    {
        using var one = KeyChain.OpenOrCreate(Folder, "test");
        using var two = KeyChain.OpenOrCreate(Folder, "test");
        var seller = new SellerId(Guid.NewGuid());

        one.CreateSeller(seller);
        Assert.True(two.HasSeller(seller));
        var cipher = one.ForSeller(seller).SealText("t", "c", "1", "x");
        Assert.Equal("x", two.ForSeller(seller).OpenText("t", "c", "1", cipher));

        two.DestroySeller(seller);
        Assert.Throws<SellerKeyMissingException>(() => one.ForSeller(seller));
        Assert.Contains("destroyed", Assert.Throws<SellerKeyMissingException>(() => one.CreateSeller(seller)).Message, StringComparison.Ordinal);
    }

    private static void Rewrite(string file, Func<string, string> change) => File.WriteAllText(file, change(File.ReadAllText(file)));
}
