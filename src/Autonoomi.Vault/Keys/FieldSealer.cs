using System.Text;

namespace Autonoomi.Vault;

/// <summary>Seals single columns of control tables. Table, column and row id are bound in: a value moved elsewhere does not open.</summary>
public sealed class FieldSealer
{
    internal FieldSealer() { }

    public byte[] Seal(string table, string column, string rowId, ReadOnlySpan<byte> plain) => throw new NotImplementedException();

    /// <exception cref="SealBrokenException">Flipped, moved, or from another environment.</exception>
    public byte[] Open(string table, string column, string rowId, ReadOnlySpan<byte> cipher) => throw new NotImplementedException();

    public byte[] SealText(string table, string column, string rowId, string plain) => Seal(table, column, rowId, Encoding.UTF8.GetBytes(plain));

    /// <exception cref="SealBrokenException">Flipped, moved, or from another environment.</exception>
    public string OpenText(string table, string column, string rowId, ReadOnlySpan<byte> cipher) => Encoding.UTF8.GetString(Open(table, column, rowId, cipher));

    /// <summary>A keyed hash by which an equal value is found again (an e-mail at sign-in). Normalise the value first.</summary>
    /// <returns>43 characters, URL-safe.</returns>
    public string LookupHash(string purpose, string value) => throw new NotImplementedException();
}
