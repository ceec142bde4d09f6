using System.Globalization;
using Autonoomi.App.Platform.Data;
using Autonoomi.Privacy;

namespace Autonoomi.App.Features.Account;

/// <summary>A recorded agreement in words.</summary>
internal static class AgreementWords
{
    public static string What(AgreementRow row)
    {
        var what = row.What switch
        {
            AgreedTo.Policy => "Privacy policy",
            AgreedTo.Adult => "Age",
            AgreedTo.Authority => "Authority",
            AgreedTo.SellingPartner => "Seller account at Amazon",
            AgreedTo.Ads => "Advertising account at Amazon",
            AgreedTo.NoSale => "No sale or sharing",
            AgreedTo.NoAddressInProbes => "Address left out of checks",
            AgreedTo.WeeklySummary => "Weekly summary by mail",
            AgreedTo.Alerts => "Alerts by mail",
            AgreedTo.Tips => "Tips by mail",
        };
        return row.Given ? what : $"{what}: taken back";
    }

    public static string Version(AgreementRow row) => string.Create(CultureInfo.InvariantCulture, $"Version {row.Version}, SHA-256 {row.TextHash[..12]}…");

    public static string By(AgreementRow row, Guid me) => row.Channel switch
    {
        AgreedBy.Page => row.User == me ? "You" : "A colleague",
        AgreedBy.Signal => "Your browser's signal",
        AgreedBy.Amazon => "Amazon",
        AgreedBy.Mail => "The link in a mail",
        AgreedBy.Command => "Whoever runs this installation",
    };
}
