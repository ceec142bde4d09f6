using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Autonoomi.Vault;

/// <summary>A hash of a set of rows that is kept up to date by adding and taking away single rows: the sum of keyed hashes, modulo 2^256.</summary>
/// <remarks>Only the key's holder can compute a summand and the sum rests sealed, so rows cannot be chosen to cancel out.</remarks>
internal readonly record struct MultisetHash(ulong A, ulong B, ulong C, ulong D)
{
    public const int Bytes = 32;

    public MultisetHash With(SubKey key, ReadOnlySpan<byte> row) => Plus(Of(key, row));

    public MultisetHash Without(SubKey key, ReadOnlySpan<byte> row)
    {
        var (a, b, c, d) = Of(key, row);
        unchecked
        {
            // Two's complement: minus x is not-x plus one.
            return Plus(new MultisetHash(~a, ~b, ~c, ~d)).Plus(new MultisetHash(1, 0, 0, 0));
        }
    }

    public void Write(Span<byte> to)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(to, A);
        BinaryPrimitives.WriteUInt64LittleEndian(to[8..], B);
        BinaryPrimitives.WriteUInt64LittleEndian(to[16..], C);
        BinaryPrimitives.WriteUInt64LittleEndian(to[24..], D);
    }

    public static MultisetHash Read(ReadOnlySpan<byte> from) => new(
        BinaryPrimitives.ReadUInt64LittleEndian(from), BinaryPrimitives.ReadUInt64LittleEndian(from[8..]),
        BinaryPrimitives.ReadUInt64LittleEndian(from[16..]), BinaryPrimitives.ReadUInt64LittleEndian(from[24..]));

    private static MultisetHash Of(SubKey key, ReadOnlySpan<byte> row)
    {
        Span<byte> hash = stackalloc byte[Bytes];
        HMACSHA256.HashData(key.Bytes, row, hash);
        return Read(hash);
    }

    private MultisetHash Plus(MultisetHash other)
    {
        unchecked
        {
            var a = A + other.A;
            var carry = a < A ? 1UL : 0UL;
            var b = Sum(B, other.B, ref carry);
            var c = Sum(C, other.C, ref carry);
            var d = Sum(D, other.D, ref carry);
            return new(a, b, c, d);
        }
    }

    private static ulong Sum(ulong left, ulong right, ref ulong carry)
    {
        unchecked
        {
            var sum = (UInt128)left + right + carry;
            carry = (ulong)(sum >> 64);
            return (ulong)sum;
        }
    }
}
