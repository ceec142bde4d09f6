using System.Buffers;
using System.Collections.Frozen;
using System.Text;

namespace Autonoomi.Privacy.Scrubbing;

/// <summary>Tells in one look whether a term can hold anything personal at all: reports have millions, and nearly none does.</summary>
/// <remarks>Words in plain letters are sought all at once, which is what makes it quick; words with other letters only where a term has such.</remarks>
internal static class Suspicion
{
    // Fewer digits than any number that tells who somebody is without a word beside it.
    private const int FewestDigits = 6;

    // Wide forms and invisible signs, which may stand for any other.
    private static readonly SearchValues<char> Disguises = SearchValues.Create("０１２３４５６７８９＠．（）\u00AD\u200B\u200C\u200D\u200E\u200F\u202A\u202B\u202C\u202D\u202E\u2060\u2066\u2067\u2068\u2069\uFEFF");

    private static readonly SearchValues<string> Cues = SearchValues.Create(
        ["(at)", "[at]", " at ", " arroba ", "www.", "name is", "attn", "attention:", "c/o ", "ship to", "deliver to", "addressed to", "mein name", "ich hei", "z.hd", "z. hd", "appelle ", "mon nom", "me llamo", "mi nombre", "a la atenci", "mi chiamo", "mio nome", "attenzione", "l'attention", "meu nome", "me chamo", "cuidados de", "mijn naam", "ik heet", "t.a.v", "mitt namn", "jag heter", "mam na imi", "nazywam"],
        StringComparison.OrdinalIgnoreCase);

    // Beside a digit.
    private static readonly SearchValues<string> Places = SearchValues.Create(
        ["street", "avenue", "road", "boulevard", "blvd", "terrace", "crescent", "lane", "drive", "court", "close", "square", "highway", "hwy ", "parkway", "pkwy", "circle", "trail", "place", " st ", " ave ", " rd ", " ln ", " dr ", " ct ", " pl ", " way ", "strasse", "str. ", "allee", "gasse", "platz", "weg ", "damm ", "ufer ", "straat", "laan ", "gracht", "kade ", "plein ", "dreef ", "gata", "veien ",
         "rue ", " bd ", "chemin", "impasse", "quai", "cours", "faubourg", "via ", "viale", "piazza", "corso", "vicolo", "largo", "calle", "c/ ", "aven", "av. ", "paseo", "plaza", "carrer", "camino", "rua ", "travessa", "alameda", "estrada", "ulica", "ul. ", "aleja", "plac ", " box ", "postfach", "postal", "apartado", "postbus"],
        StringComparison.OrdinalIgnoreCase);

    private static readonly SearchValues<string> Numbered = SearchValues.Create(
        ["zip", "postcode", "plz", "cap ", "cep ", "code", "ssn", "security", "passport", "passeport", "pasaport", "passaport", "reisepass", "paspoort", "licence", "license", "hrerschein", "nhs", "insurance", "tin ", "tax ", "steuer", "nif", "nie", "dni", "cpf", "rfc", "curp", "aadha", "bsn", "pesel", "personnummer", "fiscale", "medicare", "account", "konto", "iban", "dob", "birth", "born", "geboren"],
        StringComparison.OrdinalIgnoreCase);

    private static readonly SearchValues<string> Abroad = SearchValues.Create(["straße", "allée", "vägen", "gränd", "praça", "番", "丁目", "〒"], StringComparison.Ordinal);

    // Streets that end the term.
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Last =
        new[] { "st", "ave", "rd", "ln", "dr", "ct", "cres", "pl", "way", "st.", "ave.", "rd.", "dr.", "hwy", "str." }.ToFrozenSet(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    public static bool Has(ReadOnlySpan<char> term)
    {
        var (digits, dot, slash) = (0, false, false);
        foreach (var letter in term)
        {
            if (char.IsAsciiDigit(letter)) digits++;
            else if (letter == '@') return true;
            else if (letter == '.') dot = true;
            else if (letter == '/') slash = true;
        }

        if (digits >= FewestDigits || (dot && slash) || term.ContainsAny(Cues)) return true;
        if (!Ascii.IsValid(term) && (term.ContainsAny(Disguises) || (digits > 0 && term.ContainsAny(Abroad)))) return true;
        if (digits == 0) return false;
        return term.ContainsAny(Places) || HasCode(term) || Last.Contains(term[(term.LastIndexOf(' ') + 1)..]) || (digits >= 4 && term.ContainsAny(Numbered));
    }

    // il 62704; sw1a 1aa; k1a 0b1.
    private static bool HasCode(ReadOnlySpan<char> term)
    {
        for (var at = 2; at + 3 <= term.Length; at++)
        {
            if (term[at - 1] != ' ' || !char.IsAsciiDigit(term[at])) continue;
            if (char.IsAsciiLetter(term[at + 1]) && (char.IsAsciiDigit(term[at - 2]) || (at > 2 && char.IsAsciiDigit(term[at - 3])))) return true;
            if (at + 5 <= term.Length && char.IsAsciiDigit(term[at + 4]) && char.IsAsciiLetter(term[at - 2]) && at > 2 && char.IsAsciiLetter(term[at - 3]) && (at == 3 || term[at - 4] == ' ')) return true;
        }

        return false;
    }
}
