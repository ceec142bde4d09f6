using System.Collections.Immutable;
using Autonoomi.App.Platform;
using Autonoomi.App.Platform.Audit;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.App.Platform.Tenancy;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Profit;
using Autonoomi.Privacy;
using Autonoomi.Vault;

namespace Autonoomi.App.Features.Economics;

/// <summary>Stores what the seller decided for one storefront, whole.</summary>
public sealed record SaveSettings(SellerId Seller, StorefrontId Storefront, StorefrontSettings Settings, Actor By);

public sealed record WrongSetting(string Text) : Error(Text);

public sealed record SettingsInTheWay() : Error("Somebody else, or a run, kept writing at the same moment. Nothing was stored; try again.");

public sealed partial class SaveSettingsHandler(SellerVaults vaults, Workspaces workspaces, AuditLog audit, Rights rights, ILogger<SaveSettingsHandler> log)
{
    public async Task<Result<Done>> Handle(SaveSettings request, CancellationToken cancellationToken)
    {
        if (await rights.RefusalAsync(request.By, Right.Decide, request.Seller, AuditAction.Settings, cancellationToken) is { } refusal) return refusal;
        var workspace = await workspaces.GetAsync(request.Seller, request.Storefront, cancellationToken);
        var faults = SettingRules.Faults(request.Settings, workspace).ToList();
        if (faults.Count > 0) return new WrongSetting(string.Join(' ', faults));
        var settings = Tidy(request.Settings);
        var before = workspace.Settings;
        var told = settings.Mode != before.Mode || settings.Frozen != before.Frozen
            ? new AuditEvent(AuditAction.Automation, request.By, request.Seller, $"mode {settings.Mode}, {(settings.Frozen ? "stopped" : "running")}", $"before: mode {before.Mode}, {(before.Frozen ? "stopped" : "running")}")
            : new AuditEvent(AuditAction.Settings, request.By, request.Seller, "settings of a storefront");
        for (var attempt = 1; attempt <= 5; attempt++)
        {
            try
            {
                var vault = await vaults.OpenAsync(request.Seller, Purpose.Instruct, cancellationToken);
                await vault.CommitAsync(new VaultWrite().Put(RecordKind.Settings, RecordKind.RecordId(request.Storefront, "all"), settings, StoredJson.Default.StorefrontSettings, "set")
                    .Also((db, stop) => audit.AppendAsync((AppDb)db, told, stop)), cancellationToken);
                workspaces.RecordsChanged(request.Seller, request.Storefront);
                LogStored(request.Seller, settings.Mode, settings.Frozen);
                return new Done();
            }
            catch (VaultConflictException) when (attempt < 5)
            {
                // A run committed in between; settings do not depend on what it wrote.
            }
            catch (VaultConflictException)
            {
                return new SettingsInTheWay();
            }
        }

        return new SettingsInTheWay();
    }

    /// <returns>The same with terms as they are compared: lower case, single blanks, each once, in order.</returns>
    internal static StorefrontSettings Tidy(StorefrontSettings settings) => settings with { ProtectedTerms = Tidy(settings.ProtectedTerms), BrandTerms = Tidy(settings.BrandTerms) };

    private static ImmutableArray<string> Tidy(ImmutableArray<string> terms) =>
        [.. terms.Select(term => string.Join(' ', term.ToLowerInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))).Where(term => term.Length > 0).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    [LoggerMessage(LogLevel.Information, "Stored settings of seller {Seller}: mode {Mode}, frozen {Frozen}")]
    private partial void LogStored(SellerId seller, AutomationMode mode, bool frozen);
}
