using System.Security.Cryptography;
using System.Text;
using Autonoomi.Marketplace.Http.Login;
using Autonoomi.Marketplace.World;

namespace Autonoomi.Marketplace.Http;

/// <summary>The world and everything Amazon remembers about its callers, behind one lock: every answer is computed on one consistent state.</summary>
internal sealed class WorldGate(MarketWorld world)
{
    private readonly Lock gate = new();
    private long ids;

    public MarketWorld World => world;

    public DateTimeOffset Now => world.Now;

    public Grants Grants { get; } = new();

    public FaultBoard Faults { get; } = new();

    public Answer Run(Call call, Func<Call, Answer> handle)
    {
        lock (gate) return handle(call);
    }

    public Fault? TakeFault(string method, string path)
    {
        lock (gate) return Faults.Take(method, path);
    }

    /// <summary>Ids follow from the seed and the order of calls alone, so that two equal runs read alike.</summary>
    public Guid NewId() => new(SHA256.HashData(Encoding.UTF8.GetBytes($"{world.Seed}/{++ids}")).AsSpan(0, 16));
}
