using System.Buffers.Binary;
using System.Buffers.Text;
using Autonoomi.App.Platform.Data;
using Autonoomi.Vault;

namespace Autonoomi.App.Platform.Mail;

/// <summary>
/// Addresses by which a person leaves one kind of optional mail. Each holds person and kind sealed under the application key: nobody can guess one, change
/// one into another's, or read in it whose it is, and no list of them is kept. They stay good as long as the account.
/// </summary>
public sealed class LeaveLinks(KeyChain keys)
{
    /// <summary>The address without the value.</summary>
    public const string Path = "/mail/leave";

    private const int Longest = 200;

    public string PathOf(Guid user, MailKind kind)
    {
        Span<byte> plain = stackalloc byte[20];
        user.TryWriteBytes(plain);
        BinaryPrimitives.WriteInt32LittleEndian(plain[16..], (int)kind);
        return $"{Path}?link={Base64Url.EncodeToString(keys.Application.Seal("mail", "leave", "link", plain))}";
    }

    /// <returns>Who leaves what; null for whatever was not made by <see cref="PathOf"/>.</returns>
    public (Guid User, MailKind Kind)? Read(string? value)
    {
        if (value is null || value.Length > Longest || !Base64Url.IsValid(value)) return null;
        try
        {
            var plain = keys.Application.Open("mail", "leave", "link", Base64Url.DecodeFromChars(value));
            var kind = (MailKind)BinaryPrimitives.ReadInt32LittleEndian(plain.AsSpan(16));
            return Enum.IsDefined(kind) && !MailRule.Of(kind).IsEssential ? (new Guid(plain.AsSpan(0, 16)), kind) : null;
        }
        catch (SealBrokenException)
        {
            return null;
        }
    }
}
