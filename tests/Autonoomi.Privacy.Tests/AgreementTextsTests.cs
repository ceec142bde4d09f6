using Autonoomi.Testing;

namespace Autonoomi.Privacy.Tests;

/// <summary>The words that people agree to: changed words are a new version.</summary>
public sealed class AgreementTextsTests
{
    [Fact]
    [Promise("P-9.1-a")]
    public void Words_do_not_change_under_their_version() => Assert.Equal(
        [
            "Policy 1 ea72b5a2bdef", "Adult 1 e94c9496c680", "Authority 1 aed03093dc81", "SellingPartner 1 383fb397e6ab", "Ads 1 270d0f2e48d4", "NoSale 1 66fb9bd1d1fb", "NoAddressInProbes 1 0564dba0e05b",
            "WeeklySummary 1 7c678fc30f43", "Alerts 1 51c147e9d7a9", "Tips 1 bf72ef4e366c",
        ],
        AgreementTexts.All.Select(text => $"{text.What} {text.Version} {text.Sha256[..12]}"));

    [Fact]
    public void Each_thing_has_its_versions_in_a_row_from_1() => Assert.All(Enum.GetValues<AgreedTo>(), what =>
    {
        var versions = AgreementTexts.All.Where(text => text.What == what).Select(text => text.Version).ToList();
        Assert.Equal(Enumerable.Range(1, Math.Max(1, versions.Count)), versions);
        Assert.Equal(versions[^1], AgreementTexts.Of(what).Version);
    });
}
