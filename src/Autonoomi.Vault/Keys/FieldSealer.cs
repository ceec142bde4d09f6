using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Autonoomi.Vault;

/// <summary>Seals single columns of control tables. Table, column and row id are bound in: a value moved elsewhere does not open.</summary>
public sealed class FieldSealer
{
    private readonly SubKey key;
    private readonly SubKey lookup;
    private readonly string environment;
    private readonly string owner;

    /// <summary>Of the version before, while a seller's key is rotated: opens what still rests under it, and seals nothing.</summary>
    private readonly FieldSealer? before;

    private FieldSealer(FieldSealer next, FieldSealer before) =>
        (key, lookup, environment, owner, this.before) = (next.key, next.lookup, next.environment, next.owner, before);

    internal FieldSealer(byte[] dataKey, int version, string environment, string owner, bool sealingOff)
    {
        key = SubKey.Derive(dataKey, "field", version, sealingOff);
        lookup = SubKey.Derive(dataKey, "lookup", version, sealingOff);
        (this.environment, this.owner) = (environment, owner);
    }

    internal FieldSealer After(FieldSealer before) => new(this, before);

    public byte[] Seal(string table, string column, string rowId, ReadOnlySpan<byte> plain) => Cipher.Seal(key, Context(table, column, rowId), plain);

    /// <exception cref="SealBrokenException">Flipped, moved, or from another environment.</exception>
    public byte[] Open(string table, string column, string rowId, ReadOnlySpan<byte> cipher) =>
        Cipher.TryOpen(before is not null && Cipher.VersionOf(cipher) == before.key.Version ? before.key : key, Context(table, column, rowId), cipher, out var plain)
            ? plain
            : throw new SealBrokenException($"Column {table}.{column} of row '{rowId}' does not open: it was changed, moved from another row, or sealed in another environment than '{environment}'. It is not used. Restore the database from a backup, or enter the value again.");

    public byte[] SealText(string table, string column, string rowId, string plain) => Seal(table, column, rowId, Encoding.UTF8.GetBytes(plain));

    /// <exception cref="SealBrokenException">Flipped, moved, or from another environment.</exception>
    public string OpenText(string table, string column, string rowId, ReadOnlySpan<byte> cipher) => Encoding.UTF8.GetString(Open(table, column, rowId, cipher));

    /// <summary>A keyed hash by which an equal value is found again (an e-mail at sign-in). Normalise the value first. A seller's hashes change with its key.</summary>
    /// <returns>43 characters, URL-safe.</returns>
    public string LookupHash(string purpose, string value) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(lookup.Bytes, Cipher.Context(environment, owner, purpose, value)));

    private byte[] Context(string table, string column, string rowId) => Cipher.Context(environment, owner, "field", table, column, rowId);
}
