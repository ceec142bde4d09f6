using System.Globalization;

namespace Autonoomi.Privacy.Tests;

/// <summary>What people type who are nobody: names, addresses and numbers in the forms of twelve countries, made up by a seed. It knows nothing of how they are found.</summary>
internal sealed class SomeShoppers(int seed)
{
    private static readonly string[] Locales = ["en-US", "en-GB", "en-CA", "en-AU", "en-IN", "de-DE", "fr-FR", "it-IT", "es-ES", "es-MX", "pt-BR", "nl-NL", "pl-PL", "sv-SE", "ja-JP"];

    private static readonly string[] First = ["john", "mary", "anna", "lukas", "sofie", "pierre", "élodie", "marco", "giulia", "carlos", "lucía", "joão", "beatriz", "daan", "sanne", "piotr", "zofia", "erik", "linnea", "priya", "arjun", "yuki", "haruto", "fatima", "oliver"];
    private static readonly string[] Last = ["smith", "johnson", "o'neill", "müller", "schneider", "dubois", "lefèvre", "rossi", "bianchi", "garcía", "fernández", "silva", "santos", "de vries", "jansen", "kowalski", "nowak", "svensson", "lindqvist", "sharma", "patel", "tanaka", "suzuki", "khan", "brown"];
    private static readonly string[] Goods = ["phone case", "water bottle", "garden hose", "usb cable", "coffee mug", "kids shoes", "gift", "book", "wall clock", "handyhülle", "trinkflasche", "coque iphone", "custodia", "funda", "garrafa térmica", "hoesje"];

    private readonly Random random = new(seed);

    /// <returns>What kind, and a term that holds it, alone or among goods.</returns>
    public (string Kind, string Term, string Secret) Next()
    {
        var locale = Locales[random.Next(Locales.Length)];
        var (kind, secret, cue) = random.Next(13) switch
        {
            0 or 1 => ("mail", Mail(), ""),
            2 or 3 or 4 => ("phone", Phone(locale), ""),
            5 => ("card", Card(), ""),
            6 => ("account", Account(), ""),
            7 => ("order", Order(), ""),
            8 or 9 => ("address", Address(locale), ""),
            10 => ("identity", Identity(locale), ""),
            11 => random.Next(2) == 0 ? ("link", Link(), "") : ("coordinates", Coordinates(), ""),
            _ => ("name", $"{Pick(First)} {Pick(Last)}", NameCue(locale)),
        };
        var term = cue + secret;
        term = random.Next(4) switch { 0 => term, 1 => $"{Pick(Goods)} {term}", 2 when kind is not "name" => $"{term} {Pick(Goods)}", _ => $"{Pick(Goods)} for {term}" };
        return (kind, kind == "address" && term.EndsWith(Goods[0], StringComparison.Ordinal) ? secret : term, secret);
    }

    private string Mail()
    {
        var user = random.Next(4) switch { 0 => Pick(First) + "." + Ascii(Pick(Last)), 1 => Ascii(Pick(First)) + random.Next(1, 9999), 2 => Ascii(Pick(First))[..1] + "_" + Ascii(Pick(Last)), _ => Ascii(Pick(Last)) + "+shop" };
        user = Ascii(user);
        var host = Pick(["gmail.com", "yahoo.co.uk", "gmx.de", "orange.fr", "libero.it", "hotmail.es", "uol.com.br", "ziggo.nl", "wp.pl", "telia.se", "example.org", "my-firm.co.jp"]);
        return random.Next(8) switch { 0 => $"{user} @ {host}", 1 => $"{user}(at){host}", 2 => $"{user} at gmail dot com", 3 => $"{user}@gmail", _ => $"{user}@{host}" };
    }

    private string Phone(string locale)
    {
        string Digits(int count) => string.Concat(Enumerable.Range(0, count).Select(_ => random.Next(10)));
        string NonZero(int count) => random.Next(2, 10) + Digits(count - 1);
        return locale switch
        {
            "en-US" or "en-CA" => Form(NonZero(3), NonZero(3), Digits(4)),
            "en-GB" => Pick([$"+44 7{Digits(3)} {Digits(6)}", $"07{Digits(9)}", $"07{Digits(3)} {Digits(6)}", $"020 {NonZero(4)} {Digits(4)}", $"447{Digits(9)}", $"(0161) {NonZero(3)} {Digits(4)}"]),
            "en-AU" => Pick([$"+61 4{Digits(2)} {Digits(3)} {Digits(3)}", $"04{Digits(2)} {Digits(3)} {Digits(3)}", $"04{Digits(8)}", $"(02) {NonZero(4)} {Digits(4)}"]),
            "en-IN" => Pick([$"+91 9{Digits(4)} {Digits(5)}", $"9{Digits(9)}", $"919{Digits(9)}", $"98{Digits(3)} {Digits(5)}"]),
            "de-DE" => Pick([$"+49 171 {Digits(7)}", $"0171 {Digits(7)}", $"0171/{Digits(7)}", $"01{5 + random.Next(3)}{Digits(9)}"[..11], $"030 {NonZero(4)} {Digits(4)}", $"0049 171 {Digits(7)}"]),
            "fr-FR" => Pick([$"+33 6 {Pairs(4)}", $"06 {Pairs(4)}", $"06{Digits(8)}", $"01.{Pairs(4, '.')}", $"336{Digits(8)}"]),
            "it-IT" => Pick([$"+39 34{Digits(1)} {Digits(7)}", $"34{Digits(1)} {Digits(7)}", $"+39 06 {NonZero(4)} {Digits(4)}", $"347 {Digits(3)} {Digits(4)}"]),
            "es-ES" => Pick([$"+34 6{Digits(2)} {Digits(3)} {Digits(3)}", $"6{Digits(8)}", $"6{Digits(2)} {Digits(3)} {Digits(3)}", $"91{Digits(1)} {Pairs(3)}"]),
            "es-MX" => Pick([$"+52 55 {NonZero(4)} {Digits(4)}", $"55 {NonZero(4)} {Digits(4)}", $"5255{NonZero(8)}"]),
            "pt-BR" => Pick([$"+55 11 9{Digits(4)}-{Digits(4)}", $"(11) 9{Digits(4)}-{Digits(4)}", $"11 9{Digits(4)} {Digits(4)}", $"119{Digits(8)}", $"55119{Digits(8)}"]),
            "nl-NL" => Pick([$"+31 6 {Digits(8)}", $"06-{Digits(8)}", $"06 {Digits(4)} {Digits(4)}", $"06{Digits(8)}"]),
            "pl-PL" => Pick([$"+48 6{Digits(2)} {Digits(3)} {Digits(3)}", $"6{Digits(2)} {Digits(3)} {Digits(3)}", $"6{Digits(2)}-{Digits(3)}-{Digits(3)}"]),
            "sv-SE" => Pick([$"+46 70 {Digits(3)} {Pairs(2)}", $"070-{Digits(3)} {Pairs(2)}", $"070{Digits(7)}"]),
            _ => Pick([$"+81 90 {Digits(4)} {Digits(4)}", $"090-{Digits(4)}-{Digits(4)}", $"090{Digits(8)}"]),
        };

        string Form(string area, string middle, string last) => Pick([$"({area}) {middle}-{last}", $"{area}-{middle}-{last}", $"{area}.{middle}.{last}", $"{area} {middle} {last}", $"{area}{middle}{last}", $"+1 {area} {middle} {last}", $"1-{area}-{middle}-{last}", $"1{area}{middle}{last}"]);
        string Pairs(int count, char between = ' ') => string.Join(between, Enumerable.Range(0, count).Select(_ => Digits(2)));
    }

    private string Card()
    {
        var start = Pick(["4", "51", "53", "6011", "37"]);
        var length = start == "37" ? 15 : 16;
        var digits = start;
        while (digits.Length < length - 1) digits += random.Next(10);
        digits += Enumerable.Range(0, 10).First(last => Luhn(digits + last));
        return random.Next(3) switch
        {
            0 => digits,
            1 when length == 16 => string.Join(' ', digits.Chunk(4).Select(part => new string(part))),
            2 when length == 16 => string.Join('-', digits.Chunk(4).Select(part => new string(part))),
            _ => length == 15 ? $"{digits[..4]} {digits[4..10]} {digits[10..]}" : digits,
        };
    }

    private string Account()
    {
        var (country, body) = random.Next(5) switch { 0 => ("DE", Digits(18)), 1 => ("NL", Pick(["ABNA", "INGB", "RABO"]) + Digits(10)), 2 => ("GB", "NWBK" + Digits(14)), 3 => ("FR", Digits(23)), _ => ("ES", Digits(20)) };
        var check = 98 - Remainder(body + country + "00");
        var account = $"{country}{check:00}{body}";
        return (random.Next(2) == 0 ? account : string.Join(' ', account.Chunk(4).Select(part => new string(part)))).ToLowerInvariant();
    }

    private string Order() => random.Next(3) == 0 ? $"{Digits(3)} {Digits(7)} {Digits(7)}" : $"{Digits(3)}-{Digits(7)}-{Digits(7)}";

    private string Address(string locale)
    {
        var number = random.Next(1, 999);
        return locale switch
        {
            "en-US" => Pick([$"{number} {Pick(["evergreen", "oak", "martin luther king", "n main", "washington"])} {Pick(["street", "avenue", "blvd", "road", "drive", "ln", "st"])}{Pick(["", " apt 4", ", springfield il 62704", " unit 12b"])}", $"springfield, il {random.Next(10000, 99999)}", $"po box {number}"]),
            "en-GB" => Pick([$"{number} {Pick(["baker", "high", "church", "queen victoria"])} {Pick(["street", "road", "lane", "close"])}", Pick(["sw1a 1aa", "m1 1ae", "eh12 9dn", "b33 8th", "cf10 3at"])]),
            "en-CA" => Pick([$"{number} {Pick(["maple", "king", "bloor"])} {Pick(["street", "avenue", "crescent"])}", "k1a 0b1", "m5v 2t6"]),
            "en-AU" or "en-IN" => $"{number} {Pick(["george", "collins", "mahatma gandhi", "park"])} {Pick(["street", "road", "highway"])}",
            "de-DE" => Pick([$"{Pick(["hauptstraße", "bahnhofstrasse", "lindenallee", "gartenweg", "berliner straße"])} {number}", $"schillerstr. {number}, 10115 berlin"]),
            "fr-FR" => Pick([$"{number} rue {Pick(["de la paix", "du moulin", "victor hugo", "des lilas"])}", $"{number} bis avenue de la république, 75011 paris"]),
            "it-IT" => Pick([$"via {Pick(["roma", "giuseppe garibaldi", "dante"])} {number}", $"piazza del duomo {number}, 20121 milano"]),
            "es-ES" or "es-MX" => Pick([$"calle {Pick(["de alcalá", "mayor", "del sol"])} {number}", $"avenida reforma {number}", $"calle luna nº {number}"]),
            "pt-BR" => Pick([$"rua {Pick(["augusta", "das flores", "sete de setembro"])} {number}", $"avenida paulista, {number}"]),
            "nl-NL" => $"{Pick(["kerkstraat", "dorpsstraat", "prinsengracht", "stationsweg"])} {number}{Pick(["", "a", ", 1012 ab amsterdam"])}",
            "pl-PL" => $"ul. {Pick(["długa", "polna", "lipowa"])} {number}",
            "sv-SE" => $"{Pick(["storgatan", "kungsgatan", "skolvägen"])} {number}",
            _ => $"東京都渋谷区神南{random.Next(1, 9)}丁目{random.Next(1, 30)}番{random.Next(1, 20)}号",
        };
    }

    private string Identity(string locale) => locale switch
    {
        "en-US" => Pick([$"{random.Next(100, 899)}-{random.Next(10, 99)}-{random.Next(1000, 9999)}", $"ssn {Digits(9)}", $"passport {random.Next(100000000, 999999999)}"]),
        "en-GB" => Pick(["qq 12 34 56 c".Replace("qq", "ab", StringComparison.Ordinal), $"nhs number {Digits(3)} {Digits(3)} {Digits(4)}", $"national insurance number ab{Digits(6)}c"]),
        "de-DE" => Pick([$"steuer-id {Digits(11)}", $"reisepass c{Digits(8)}"]),
        "fr-FR" => $"passeport {Digits(2)}ab{Digits(5)}"[..10] + $" numéro de passeport {Digits(9)}",
        "it-IT" => $"rssmra{random.Next(10, 99)}a{random.Next(10, 31)}h501z",
        "es-ES" => $"dni {Digits(8)}x",
        "pt-BR" => $"{Digits(3)}.{Digits(3)}.{Digits(3)}-{Digits(2)}",
        "nl-NL" => $"bsn {Digits(9)}",
        "pl-PL" => $"pesel {Digits(11)}",
        "sv-SE" => $"personnummer {random.Next(40, 99)}{random.Next(10, 12)}{random.Next(10, 28)}-{Digits(4)}",
        "en-IN" => $"aadhaar {random.Next(2000, 9999)} {Digits(4)} {Digits(4)}",
        _ => $"dob {random.Next(10, 28)}/{random.Next(10, 12)}/{random.Next(1940, 2009)}",
    };

    private string Link() => Pick([$"https://example.com/u/{Ascii(Pick(First))}?id={Digits(6)}", $"www.{Ascii(Pick(First))}-{Ascii(Pick(Last)).Replace(" ", "", StringComparison.Ordinal)}.de", $"facebook.com/{Ascii(Pick(First))}.{Digits(4)}"]);

    private string Coordinates() => string.Create(CultureInfo.InvariantCulture, $"{random.Next(30, 60)}.{random.Next(10000, 99999)}, -{random.Next(1, 120)}.{random.Next(10000, 99999)}");

    private string NameCue(string locale) => locale switch
    {
        "de-DE" => Pick(["mein name ist ", "z.hd. ", "ich heiße "]),
        "fr-FR" => Pick(["je m'appelle ", "à l'attention de "]),
        "it-IT" => Pick(["mi chiamo ", "all'attenzione di "]),
        "es-ES" or "es-MX" => Pick(["me llamo ", "a la atención de ", "mi nombre es "]),
        "pt-BR" => Pick(["meu nome é ", "aos cuidados de "]),
        "nl-NL" => Pick(["mijn naam is ", "t.a.v. "]),
        _ => Pick(["my name is ", "attn ", "c/o ", "ship to ", "deliver to "]),
    };

    private string Digits(int count) => string.Concat(Enumerable.Range(0, count).Select(_ => random.Next(10)));

    private T Pick<T>(T[] among) => among[random.Next(among.Length)];

    private static string Ascii(string text) => new([.. text.Where(char.IsAsciiLetterOrDigit)]);

    private static bool Luhn(string digits)
    {
        var sum = 0;
        for (var at = 0; at < digits.Length; at++)
        {
            var digit = digits[^(at + 1)] - '0';
            sum += at % 2 == 0 ? digit : (2 * digit / 10) + (2 * digit % 10);
        }

        return sum % 10 == 0;
    }

    private static int Remainder(string signs)
    {
        var rest = System.Numerics.BigInteger.Parse(string.Concat(signs.Select(sign => char.IsAsciiDigit(sign) ? sign.ToString() : (sign - 'A' + 10).ToString(CultureInfo.InvariantCulture))), CultureInfo.InvariantCulture);
        return (int)(rest % 97);
    }
}
