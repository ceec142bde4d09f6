using System.Globalization;
using System.Net;

namespace Autonoomi.Amazon.Tests.Egress;

/// <summary>Addresses that a hostile or broken answer could name, by class: each leads somewhere else than to Amazon's storage over https, or is written so that two readers could differ.</summary>
internal static class HostileAddresses
{
    public static readonly string[] Good = ["bucket.s3.amazonaws.com", "tortuga-prod-eu.s3-eu-west-1.amazonaws.com", "d34o8swod1owfl.cloudfront.net"];

    private static readonly string[] Machines = ["127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1", "255.255.255.255", "8.8.8.8"];

    public static IEnumerable<(string Class, string Address)> All()
    {
        foreach (var good in Good)
        {
            foreach (var text in (string[])[$"https://{good}@evil.example/", $"https://user:pass@{good}/", $"https://@{good}/", $"https://:@{good}/", $"https://{good}:443@evil.example/", $"https://evil.example%40{good}/", $"https://{good}%40evil.example/", $"https://user%3Apass@{good}/", $"https://a@b@{good}/"])
                yield return ("user information", text);
            foreach (var dot in "\u3002\uFF0E\uFF61\u2024\u00B7") yield return ("dots of other scripts", $"https://{good.Replace('.', dot)}/");
            foreach (var (from, to) in ((char, char)[])[('a', '\u0430'), ('o', '\u043E'), ('c', '\u0441'), ('e', '\u0435'), ('s', '\uFF53'), ('m', '\uFF4D'), ('n', '\u0578'), ('d', '\u0501')])
                if (good.Contains(from, StringComparison.Ordinal)) yield return ("letters that look alike", $"https://{good.Replace(from, to)}/");
            foreach (var hidden in "\u200B\u200D\u00AD\u202E\u2060\uFEFF") yield return ("letters that are not seen", $"https://{good.Insert(3, hidden.ToString())}/");
            foreach (var port in (string[])["80", "8443", "22", "0", "65535", "444", "0443", "", "00000443", "443443", "-443", "4٤3"]) yield return ("ports", $"https://{good}:{port}/");
            foreach (var scheme in (string[])["http", "ftp", "file", "gopher", "ws", "wss", "ldap", "dict", "jar", "blob", "ssh", "smb", "s3", "tftp", "https+unix", "net.tcp", "view-source", "feed"]) yield return ("schemes", $"{scheme}://{good}/");
            foreach (var text in (string[])[$"//{good}/", $"/{good}/", $"{good}/x", $"https:{good}/", $"https:/{good}/", $"https:///{good}/", $"https:////{good}/", $"javascript:fetch('https://{good}/')", $"data:text/html,https://{good}/", $"mailto:a@{good}", $"about:{good}", $"urn:{good}"])
                yield return ("shapes", text);
            foreach (var text in (string[])[$"https://{good}.evil.example/", $"https://{good}.evil.example:443/", $"https://evil-{good.Split('.', 2)[1].Replace('.', '-')}.example/", $"https://evil.example/{good}/", $"https://evil.example?{good}", $"https://evil.example#{good}", $"https://{good[..^1]}/", $"https://{good}m/", $"https://{good}.cn/", $"https://{good.Replace(".com", ".co", StringComparison.Ordinal).Replace(".net", ".ne", StringComparison.Ordinal)}/"])
                yield return ("names that begin or end alike", text);
            foreach (var control in "\r\n\t\0\u000B\u007F\u0085\u00A0\u2028 ")
            {
                yield return ("control characters", $"https://{good}{control}.evil.example/");
                yield return ("control characters", $"https://{good}/x{control}Host: evil.example");
                yield return ("control characters", $"{control}https://{good}/");
            }

            foreach (var text in (string[])[$"https://{good}./", $"https://{good}../", $"https://.{good}/", $"https://..{good}/", $"https://{good.Replace(".", "..", StringComparison.Ordinal)}/", $"https://{good}.:443/"]) yield return ("empty labels", text);
            foreach (var text in (string[])[$"https://{new string('a', 64)}.{good}/", $"https://{string.Concat(Enumerable.Repeat("a.", 127))}{good}/", $"https://{new string('a', 250)}.{good}/", $"https://{good}/{new string('x', 9_000)}"]) yield return ("length", text);
            foreach (var text in (string[])[$"https://{good.Replace(".", "%2e", StringComparison.Ordinal)}/", $"https://%61{good[1..]}/", $"https://{good}%00.evil.example/", $"https://{good}%2fevil.example/", $"https://{good}%23.evil.example/", $"https://{good}%0d%0a.evil.example/"]) yield return ("escapes in the host", text);
            foreach (var text in (string[])[$"https:\\\\{good}\\", $"https://{good}\\@evil.example/", $"https://evil.example\\{good}/", $"https:/\\{good}/", $"\\\\{good}\\share"]) yield return ("backslashes", text);
            foreach (var odd in "_*$'\"<>{}|^`,;!()&=+~") yield return ("letters that no host has", $"https://x{odd}x.{good}/");
            yield return ("punycode", $"https://xn--mazon-wqa.{good}/");
            yield return ("punycode", $"https://{good.Split('.')[0]}.xn--s3-abc.amazonaws.com/");
        }

        foreach (var text in (string[])["xn--amazonaws-3fg.com", "bucket.s3.xn--mazonaws-66g.com", "xn--cloudfrnt-37a.net", "x.xn--cloudfront-.net"]) yield return ("punycode", $"https://{text}/");
        foreach (var text in (string[])[
            "amazonaws.com", "s3.amazonaws.com.evil.example", "cloudfront.net", "evilamazonaws.com", "evilcloudfront.net", "bucket.s3.amazonaws.com.cn", "ec2-203-0-113-7.compute-1.amazonaws.com", "ec2-203-0-113-7.eu-west-1.compute.amazonaws.com",
            "evil-123.us-east-1.elb.amazonaws.com", "s3-evil-123.us-east-1.elb.amazonaws.com", "s3.us-east-1.elb.amazonaws.com", "abc.execute-api.us-east-1.amazonaws.com", "sqs.us-east-1.amazonaws.com", "s3.evil.amazonaws.com", "bucket.s3evil.amazonaws.com",
            "bucket.s3-evil.amazonaws.com", "evil.rds.amazonaws.com", "evil.lambda-url.us-east-1.on.aws", "ip-10-0-0-1.ec2.internal", "instance-data", "metadata.google.internal", "localhost", "localhost.localdomain", "localtest.me", "bucket.s3.amazonaws.com.localhost",
            "www.amazon.com", "sellercentral.amazon.com", "api.amazon.com", "amazon.com", "evil.example", "127.0.0.1.nip.io", "s3.amazonaws.com.127.0.0.1.nip.io"])
            yield return ("hosts that are not on the list", $"https://{text}/");
        foreach (var machine in Machines)
        {
            var bytes = IPAddress.Parse(machine).GetAddressBytes();
            var number = ((uint)bytes[0] << 24) | ((uint)bytes[1] << 16) | ((uint)bytes[2] << 8) | bytes[3];
            foreach (var text in (string[])[
                machine, string.Create(CultureInfo.InvariantCulture, $"{number}"), $"0x{number:x8}", $"0{Convert.ToString(number, 8)}", string.Join('.', bytes.Select(part => $"0x{part:x2}")), string.Join('.', bytes.Select(part => "0" + Convert.ToString(part, 8))),
                string.Create(CultureInfo.InvariantCulture, $"{bytes[0]}.{number & 0xFFFFFF}"), string.Create(CultureInfo.InvariantCulture, $"{bytes[0]}.{bytes[1]}.{number & 0xFFFF}"), $"{machine}.", $"[::ffff:{machine}]", $"[64:ff9b::{machine}]", $"[::{machine}]", $"{machine}:443"])
                yield return ("numbers instead of names", $"https://{text}/");
        }

        foreach (var address in (string[])["::1", "::", "fe80::1", "fe80::1%25eth0", "fc00::1", "fd12:3456::1", "ff02::1", "2002:7f00:1::", "2001:db8::1", "2001::1", "::ffff:7f00:1", "64:ff9b:1::7f00:1", "2600:9000::1", "0:0:0:0:0:0:0:1"])
        {
            yield return ("IPv6", $"https://[{address}]/");
            yield return ("IPv6", $"https://[{address}]:443/");
        }
    }
}
