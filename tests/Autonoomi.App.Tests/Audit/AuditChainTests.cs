using System.Globalization;
using System.Security.Cryptography;
using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Data;
using Autonoomi.Vault;

namespace Autonoomi.App.Tests.Audit;

/// <summary>10,000 ways to lie about what happened, each made on a whole log; every one of them is found.</summary>
public sealed class AuditChainTests
{
    private const int Entries = 60;

    [Fact]
    public async Task A_log_as_it_was_written_is_whole()
    {
        var log = Written.New(seed: 1);

        var verdict = await log.VerifyAsync();

        Assert.Equal((true, (long)Entries, 1L, (long)Entries), (verdict.IsWhole, verdict.Entries, verdict.First, verdict.Last));
    }

    [Fact]
    public async Task Ten_thousand_mutations_are_all_found()
    {
        var missed = new List<string>();
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        for (var number = 0; number < 10_000; number++)
        {
#pragma warning disable RS0030 // seeded: a mutation that is missed can be made again
            var dice = new Random(number);
#pragma warning restore RS0030
            var log = Written.New(number % 7);
            var kind = Mutate(log, dice);
            counts[kind] = counts.GetValueOrDefault(kind) + 1;
            if ((await log.VerifyAsync()).IsWhole) missed.Add($"{kind} with seed {number}");
        }

        Assert.Empty(missed);
        Assert.Equal(9, counts.Count);
        Assert.All(counts.Values, count => Assert.True(count > 800, $"{count}"));
    }

    [Fact]
    public async Task The_file_may_be_behind_the_log_and_never_ahead_of_it()
    {
        var crashed = Written.New(3);
        crashed.Seen = crashed.MarkAt(Entries - 4);
        Assert.True((await crashed.VerifyAsync()).IsWhole);

        var ahead = Written.New(3);
        ahead.Rows.RemoveRange(Entries - 4, 4);
        ahead.Head = ahead.MarkAt(Entries - 4);
        Assert.Contains("end was cut off", Assert.Single((await ahead.VerifyAsync()).Faults), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_its_file_or_head_a_log_is_not_proven()
    {
        var noFile = Written.New(4);
        noFile.Seen = null;
        var noHead = Written.New(4);
        noHead.Head = null;

        Assert.False((await noFile.VerifyAsync()).IsWhole);
        Assert.False((await noHead.VerifyAsync()).IsWhole);
    }

    [Fact]
    public async Task Entries_that_left_leave_a_checkpoint_that_nobody_else_can_make()
    {
        var log = Written.New(5);
        var checkpoint = log.CheckpointAt(20);
        log.Rows.RemoveRange(0, 20);
        Assert.False((await log.VerifyAsync()).IsWhole);

        log.Checkpoint = checkpoint;
        var verdict = await log.VerifyAsync();
        Assert.Equal((true, 21L, 40L), (verdict.IsWhole, verdict.First, verdict.Entries));

        log.Checkpoint = log.CheckpointAt(25, new KeptKey(new byte[32]));
        log.Rows.RemoveRange(0, 5);
        Assert.False((await log.VerifyAsync()).IsWhole);
    }

    [Fact]
    public async Task Garbage_is_a_fault_and_no_exception()
    {
        var log = Written.New(6);
        log.Rows.Insert(10, new AuditRow { Seq = long.MinValue, At = long.MaxValue, ActorKind = -7, Outcome = 99, Action = null!, SealedText = null!, Mac = null! });
        log.Rows[20] = new AuditRow { Seq = 21, Action = "\uD800", SealedText = [], Mac = [1, 2, 3] };
        log.Head = new(long.MaxValue, []);
        log.Seen = new(-4, [9]);

        Assert.False((await log.VerifyAsync()).IsWhole);
        log.Breaks = true;
        Assert.Contains((await log.VerifyAsync()).Faults, fault => fault.Contains("cannot be read", StringComparison.Ordinal));
    }

    private static string Mutate(Written log, Random dice)
    {
        var at = dice.Next(log.Rows.Count);
        switch (dice.Next(9))
        {
            case 0:
                log.Rows[at] = Flipped(log.Rows[at], dice);
                return "flip";
            case 1:
                log.Rows.RemoveAt(at);
                return "drop";
            case 2:
                log.Rows.Insert(at, Copied(log.Rows[dice.Next(log.Rows.Count)], log.Rows[at].Seq));
                return "insert";
            case 3:
                var other = (at + 1 + dice.Next(log.Rows.Count - 1)) % log.Rows.Count;
                (log.Rows[at], log.Rows[other]) = (Copied(log.Rows[other], log.Rows[at].Seq), Copied(log.Rows[at], log.Rows[other].Seq));
                return "swap";
            case 4:
                var cut = 1 + dice.Next(log.Rows.Count - 1);
                log.Rows.RemoveRange(log.Rows.Count - cut, cut);
                log.Head = log.MarkAt(log.Rows.Count);
                return "cut the tail";
            case 5:
                // Another end, by the very key: somebody put back an old copy and went on from there.
                log.Continue(at, log.Rows.Count + dice.Next(5), dice.Next(1000, 2000));
                return "fork";
            case 6:
                // Everything computed anew, by whoever has the database and not the key.
                log.Continue(dice.Next(2) == 0 ? 0 : at, log.Rows.Count, dice.Next(1000, 2000), new KeptKey(Written.Bytes(dice.Next(100, 200))));
                return "recompute without the key";
            case 7:
                log.Rows.RemoveRange(0, 1 + at);
                return "cut the front";
            default:
                var head = log.Head!;
                log.Head = dice.Next(2) == 0 ? head with { Seq = head.Seq + 1 + dice.Next(5) } : head with { Mac = Written.Bytes(dice.Next(200, 300)) };
                return "move the head";
        }
    }

    private static AuditRow Copied(AuditRow row, long seq) => new()
    {
        Seq = seq, At = row.At, ActorKind = row.ActorKind, ActorPseudonym = row.ActorPseudonym, SellerPseudonym = row.SellerPseudonym, Action = row.Action, Outcome = row.Outcome, SealedText = row.SealedText, Mac = row.Mac,
    };

    private static AuditRow Flipped(AuditRow row, Random dice)
    {
        var (seq, at, kind, actor, seller, action, outcome, text, mac) = (row.Seq, row.At, row.ActorKind, row.ActorPseudonym, row.SellerPseudonym, row.Action, row.Outcome, row.SealedText.ToArray(), row.Mac.ToArray());
        switch (dice.Next(9))
        {
            case 0: seq ^= 1L << dice.Next(63); break;
            case 1: at ^= 1L << dice.Next(63); break;
            case 2: kind ^= 1 << dice.Next(31); break;
            case 3: actor = actor is null ? "" : actor + " "; break;
            case 4: seller = seller is null ? "" : null; break;
            case 5: action = action[..^1]; break;
            case 6: outcome ^= 1 << dice.Next(31); break;
            case 7: text[dice.Next(text.Length)] ^= (byte)(1 << dice.Next(8)); break;
            default: mac[dice.Next(mac.Length)] ^= (byte)(1 << dice.Next(8)); break;
        }

        return new() { Seq = seq, At = at, ActorKind = kind, ActorPseudonym = actor, SellerPseudonym = seller, Action = action, Outcome = outcome, SealedText = text, Mac = mac };
    }

    /// <summary>A log of 60 entries as it stands in a store, with its head and its file.</summary>
    private sealed class Written
    {
        private readonly KeptKey key = new(Bytes(42));

        public List<AuditRow> Rows { get; } = [];
        public AuditCheckpointRow? Checkpoint { get; set; }
        public AuditMark? Head { get; set; }
        public AuditMark? Seen { get; set; }
        public bool Breaks { get; set; }

        public static byte[] Bytes(int seed) => SHA256.HashData(BitConverter.GetBytes(seed));

        public static Written New(int seed)
        {
            var log = new Written();
            log.Continue(0, Entries, seed);
            log.Seen = log.Head;
            return log;
        }

        public void Continue(int from, int to, int seed, KeptKey? by = null)
        {
            Rows.RemoveRange(from, Rows.Count - from);
            while (Rows.Count < to)
            {
                var seq = Rows.Count + 1;
                var text = (by ?? key).Seal(seq.ToString(CultureInfo.InvariantCulture), $"text {seed} {seq}");
                var row = new AuditRow
                {
                    Seq = seq, At = 1_700_000_000_000_000 + seq, ActorKind = seq % 5, ActorPseudonym = seq % 3 == 0 ? null : $"actor{seq % 4}", SellerPseudonym = seq % 2 == 0 ? $"seller{seq % 3}" : null,
                    Action = seq % 2 == 0 ? AuditAction.Settings : AuditAction.SignIn, Outcome = seq % 3, SealedText = text, Mac = [],
                };
                var mac = AuditChain.MacOf(by ?? key, row, Rows.Count == 0 ? AuditMark.None.Mac : Rows[^1].Mac);
                Rows.Add(new() { Seq = row.Seq, At = row.At, ActorKind = row.ActorKind, ActorPseudonym = row.ActorPseudonym, SellerPseudonym = row.SellerPseudonym, Action = row.Action, Outcome = row.Outcome, SealedText = row.SealedText, Mac = mac });
            }

            Head = MarkAt(Rows.Count);
        }

        public AuditMark MarkAt(int count) => count == 0 ? AuditMark.None : new(Rows[count - 1].Seq, Rows[count - 1].Mac);

        public AuditCheckpointRow CheckpointAt(int count, KeptKey? by = null)
        {
            var row = Rows.First(item => item.Seq == count);
            var bare = new AuditCheckpointRow { Seq = row.Seq, LastMac = row.Mac, Left = count, At = 1, Mac = [] };
            return new() { Seq = bare.Seq, LastMac = bare.LastMac, Left = bare.Left, At = bare.At, Mac = AuditChain.MacOf(by ?? key, bare) };
        }

        public Task<AuditVerdict> VerifyAsync() => AuditChain.VerifyAsync(key, Checkpoint, AsRead(), Head, Seen);

        private async IAsyncEnumerable<AuditRow> AsRead()
        {
            foreach (var row in Rows) yield return row;
            await Task.CompletedTask;
            if (Breaks) throw new InvalidCastException("text where a number should be");
        }
    }
}
