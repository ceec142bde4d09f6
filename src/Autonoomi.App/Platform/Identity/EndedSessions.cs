using System.Collections.Concurrent;

namespace Autonoomi.App.Platform.Identity;

/// <summary>Sessions that ended before their time: a copy of their cookie is refused although it is genuine. Kept in memory, so a restart forgets them.</summary>
internal sealed class EndedSessions(TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, DateTimeOffset> ended = new(StringComparer.Ordinal);

    public void End(string session)
    {
        var now = clock.GetUtcNow();
        foreach (var (old, at) in ended)
            if (now - at > IdentitySetup.Absolute) ended.TryRemove(old, out _);
        ended[session] = now;
    }

    public bool Has(string session) => ended.ContainsKey(session);
}
