using System.Xml.Linq;
using Autonoomi.Vault;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.EntityFrameworkCore;

namespace Autonoomi.App.Platform.Data;

/// <summary>ASP.NET's data protection keys (cookies, anti-forgery) as rows sealed by the application key.</summary>
public sealed class SealedProtectionKeys(AppDbs databases, KeyChain keys) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var db = databases.System();
        return [.. db.ProtectionKeys.AsNoTracking().AsEnumerable().Select(row => XElement.Parse(keys.Application.OpenText("protection_key", "xml", row.Id, row.SealedXml)))];
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        using var db = databases.System();
        var id = Guid.NewGuid().ToString("N");
        db.ProtectionKeys.Add(new ProtectionKeyRow { Id = id, SealedXml = keys.Application.SealText("protection_key", "xml", id, element.ToString(SaveOptions.DisableFormatting)) });
        db.SaveChanges();
    }
}
