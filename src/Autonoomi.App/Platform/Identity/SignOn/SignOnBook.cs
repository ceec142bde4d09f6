using System.Text.Json;
using System.Text.Json.Serialization;
using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Data;
using Autonoomi.Vault;
using Microsoft.EntityFrameworkCore;

namespace Autonoomi.App.Platform.Identity.SignOn;

/// <param name="Id">Names it in forms.</param>
/// <param name="Issuer">Which provider.</param>
/// <param name="LinkedAt">Since when.</param>
public sealed record LinkedSignOn(string Id, string Issuer, DateTimeOffset LinkedAt);

/// <summary>Which account of a provider is whose here. Issuer and subject together are the identity; no address ever is.</summary>
public sealed class SignOnBook(AppDbs databases, KeyChain keys, AuditLog audit, TimeProvider clock)
{
    private const string Table = "sign_on";

    /// <returns>Whose it is; null for nobody's.</returns>
    public async Task<Guid?> FindAsync(string issuer, string subject, CancellationToken cancellationToken)
    {
        var id = IdOf(issuer, subject);
        await using var db = databases.System();
        return await db.SignOns.Where(row => row.Id == id).Select(row => (Guid?)row.User).SingleOrDefaultAsync(cancellationToken);
    }

    /// <returns>False when it is somebody else's.</returns>
    public async Task<bool> LinkAsync(Guid user, string issuer, string subject, CancellationToken cancellationToken)
    {
        await using (var db = databases.System())
        {
            await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            if (await TryLinkAsync(db, user, issuer, subject, cancellationToken))
            {
                await transaction.CommitAsync(cancellationToken);
                return true;
            }
        }

        return await FindAsync(issuer, subject, cancellationToken) == user;
    }

    /// <summary>Links in the caller's transaction, which is of no more use where it fails.</summary>
    /// <returns>False when it is linked already, with whomever.</returns>
    internal async Task<bool> TryLinkAsync(AppDb db, Guid user, string issuer, string subject, CancellationToken cancellationToken)
    {
        var id = IdOf(issuer, subject);
        if (await db.SignOns.AnyAsync(row => row.Id == id, cancellationToken)) return false;
        db.SignOns.Add(new SignOnRow { Id = id, User = user, SealedProvider = keys.Application.Seal(Table, "provider", id, JsonSerializer.SerializeToUtf8Bytes(new ProviderAccount(issuer, subject), SignOnJson.Default.ProviderAccount)), LinkedAt = clock.GetUtcNow() });
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException failure) when (failure.IsTaken)
        {
            return false; // another took it in the same moment
        }

        await audit.AppendAsync(db, new(AuditAction.SignOnLinked, Actor.Person(user)), cancellationToken);
        return true;
    }

    /// <returns>False when the person has no such one.</returns>
    public async Task<bool> UnlinkAsync(Guid user, string id, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await db.SignOns.Where(row => row.Id == id && row.User == user).ExecuteDeleteAsync(cancellationToken) == 0) return false;
        await audit.AppendAsync(db, new(AuditAction.SignOnUnlinked, Actor.Person(user)), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    public async Task<IReadOnlyList<LinkedSignOn>> OfAsync(Guid user, CancellationToken cancellationToken)
    {
        await using var db = databases.System();
        return [.. (await db.SignOns.AsNoTracking().Where(row => row.User == user).OrderBy(row => row.LinkedAt).ToListAsync(cancellationToken)).Select(row => new LinkedSignOn(row.Id, Open(keys.Application, row).Issuer, row.LinkedAt))];
    }

    /// <summary>What a row says in clear: the provider, and how it names the person.</summary>
    internal static ProviderAccount Open(FieldSealer sealer, SignOnRow row) => JsonSerializer.Deserialize(sealer.Open(Table, "provider", row.Id, row.SealedProvider), SignOnJson.Default.ProviderAccount)!;

    // A line end stands in no address, so that no two pairs are written alike.
    private string IdOf(string issuer, string subject) => keys.Application.LookupHash(Table, $"{issuer}\n{subject}");
}

/// <summary>A person as a provider knows them.</summary>
internal sealed record ProviderAccount(string Issuer, string Subject);

[JsonSerializable(typeof(ProviderAccount))]
internal sealed partial class SignOnJson : JsonSerializerContext;
