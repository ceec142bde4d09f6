using System.Net;
using System.Security.Cryptography;
using System.Text;
using Autonoomi.App.Platform.Policy;
using Autonoomi.App.Platform.Shell;
using Autonoomi.Privacy;

namespace Autonoomi.App.Platform.Promises;

/// <summary>Reads the policy as a stranger does: the bytes against their recorded hash, the page against version, date, operator and anchors.</summary>
internal sealed class PolicyProbe(OwnDoor door, PolicyBook policy, OperatorSettings settings) : IProbe
{
    public string Id => "policy";
    public string Asks => "Every version of the policy is served with the bytes of its recorded hash, and the page names version, date, operator and promises.";

    public async Task<Measurement> MeasureAsync(CancellationToken cancellationToken)
    {
        var faults = new List<string>();
        var told = await policy.ToldAsync(cancellationToken);
        foreach (var version in told)
        {
            var (answer, text) = await door.GetAsync(ShellAddresses.PolicyText(version.Number), cancellationToken);
            using var _ = answer;
            if (answer.StatusCode != HttpStatusCode.OK || Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))) != version.Sha256) faults.Add($"version {version.Number} is not served with the bytes of its hash");
        }

        var (shown, page) = await door.GetAsync(ShellAddresses.Policy, cancellationToken);
        using var __ = shown;
        var words = WebUtility.HtmlDecode(page);
        var current = await policy.InForceAsync(cancellationToken);
        foreach (var (what, needed) in ((string, string)[])[("hash", current.Sha256), ("date", Display.LongDay(current.Date)), ("operator", settings.Name), ("address", settings.Address), ("privacy mail", settings.PrivacyMail), ("security mail", settings.SecurityMail)])
            if (!words.Contains(needed, StringComparison.Ordinal)) faults.Add($"the page lacks the {what}");
        var promised = PrivacyPolicy.Parse(current.Text).SelectMany(block => block.Sentences).SelectMany(sentence => sentence.Promises).Distinct().ToList();
        var missing = promised.Count(id => !page.Contains($"id=\"{id}\"", StringComparison.Ordinal));
        if (missing > 0) faults.Add($"{missing} promises have no anchor on the page");
        return Measurement.Of(faults, $"{Display.Count(told.Count, "version")}, {Display.Count(promised.Count, "promise")} anchored");
    }
}
