using System.Security.Cryptography;
using Autonoomi.Core.Primitives;
using Autonoomi.Testing;

namespace Autonoomi.Vault.Tests;

public sealed class SealedBytesTests
{
    [Fact]
    [Promise("P-3-b")]
    public void Of_ten_thousand_tamperings_with_sealed_bytes_or_their_place_none_opens()
    {
        var random = new Random(64);
        var dataKey = RandomNumberGenerator.GetBytes(32);
        var seller = new SellerId(Guid.NewGuid());
        var keys = new SellerKeys(seller, dataKey, 1, "production", sealingOff: false);
        SellerKeys[] foreign =
        [
            new(seller, dataKey, 1, "demo", sealingOff: false), new(seller, dataKey, 2, "production", sealingOff: false),
            new(new(Guid.NewGuid()), dataKey, 1, "production", sealingOff: false), new(seller, RandomNumberGenerator.GetBytes(32), 1, "production", sealingOff: false),
        ];
        var accepted = 0;
        for (var time = 0; time < 10_000; time++)
        {
            var segment = new SegmentStamp("TargetDay", random.Next(1, 9), 20261101 + random.Next(9), random.Next(3), random.Next(1, 99), random.Next(50));
            var record = new RecordStamp("score", "id" + random.Next(9), random.Next(1, 99), "open", random.Next(2) == 0 ? null : random.Next(99));
            var plain = new byte[random.Next(1, 300)];
            random.NextBytes(plain);
            var (cipher, recordCipher) = (keys.Seal(segment, plain), keys.Seal(record, plain));
            var opened = new byte[plain.Length + 64];
            Assert.True(keys.TryOpen(segment, cipher, opened) && opened.AsSpan(0, plain.Length).SequenceEqual(plain));
            Assert.True(keys.TryOpen(record, recordCipher, out var same) && same!.SequenceEqual(plain));
            accepted += random.Next(19) switch
            {
                0 => Opens(keys, segment, Flipped(cipher, random)),
                1 => Opens(keys, segment, cipher[..random.Next(cipher.Length)]),
                2 => Opens(keys, segment, [.. cipher, (byte)random.Next(256)]),
                3 => Opens(keys, segment, [0, .. cipher[1..]]),
                4 => Opens(keys, segment with { Dataset = "SearchTermDay" }, cipher),
                5 => Opens(keys, segment with { Storefront = segment.Storefront + 1 }, cipher),
                6 => Opens(keys, segment with { Partition = segment.Partition + 1 }, cipher),
                7 => Opens(keys, segment with { Revision = segment.Revision - 1 }, cipher),
                8 => Opens(keys, segment with { Rows = segment.Rows + 1 }, cipher),
                9 => Opens(keys, segment, recordCipher),
                17 => Opens(keys, segment with { Part = segment.Part + 1 }, cipher),
                10 => Opens(foreign[random.Next(foreign.Length)], segment, cipher),
                11 => Opens(keys, record, Flipped(recordCipher, random)),
                12 => Opens(keys, record with { Kind = "cost" }, recordCipher),
                13 => Opens(keys, record with { Id = record.Id + "0" }, recordCipher),
                14 => Opens(keys, record with { Revision = record.Revision + 1 }, recordCipher),
                15 => Opens(keys, record with { State = "done" }, recordCipher),
                16 => Opens(keys, record with { DueAt = record.DueAt is null ? 0 : null }, recordCipher),
                _ => Opens(foreign[random.Next(foreign.Length)], record, recordCipher),
            };
        }

        Assert.Equal(0, accepted);
    }

    [Fact]
    public void Sealing_the_same_bytes_twice_shows_nothing_in_common()
    {
        var keys = new SellerKeys(new(Guid.NewGuid()), new byte[32], 1, "test", sealingOff: false);
        var stamp = new RecordStamp("score", "1", 1, "open", null);

        var (one, two) = (keys.Seal(stamp, "same"u8), keys.Seal(stamp, "same"u8));

        Assert.NotEqual(one[5..17], two[5..17]);
        Assert.NotEqual(one[33..], two[33..]);
    }

    private static int Opens(SellerKeys keys, SegmentStamp stamp, byte[] cipher) => keys.TryOpen(stamp, cipher, new byte[cipher.Length]) ? 1 : 0;

    private static int Opens(SellerKeys keys, RecordStamp stamp, byte[] cipher) => keys.TryOpen(stamp, cipher, out _) ? 1 : 0;

    private static byte[] Flipped(byte[] bytes, Random random)
    {
        var changed = (byte[])bytes.Clone();
        changed[random.Next(changed.Length)] ^= (byte)(1 << random.Next(8));
        return changed;
    }
}
