using System.Buffers;
using System.Collections.Frozen;
using System.Text;

namespace Autonoomi.Privacy.Scrubbing;

/// <summary>Tells in one look, word by word, whether a term can hold anything personal at all: reports have millions, and nearly none does.</summary>
internal static class Suspicion
{
    // Fewer digits than any number that tells who somebody is without a word beside it.
    private const int FewestDigits = 6;

    // Wide forms and invisible signs, which may stand for any other.
    private static readonly SearchValues<char> Disguises = SearchValues.Create("０１２３４５６７８９＠．（）\u00AD\u200B\u200C\u200D\u200E\u200F\u202A\u202B\u202C\u202D\u202E\u2060\u2066\u2067\u2068\u2069\uFEFF");

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Cues = Words(
        "at arroba name naam nombre nome namn imię nazywam attn attn: attention: c/o ship deliver addressed z.hd. z. hd. heiße heiss heisse appelle m'appelle nom llamo atención chiamo attenzione all'attenzione l'attention chamo cuidados heet heter t.a.v.");

    // Beside a digit.
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Places = Words(
        """
        street avenue road boulevard blvd terrace crescent lane drive court close square highway hwy parkway pkwy circle trail st ave rd ln dr ct cres pl place way st. ave. rd. blvd. dr. straße strasse allee gasse platz straat laan gracht
        rue bd chemin impasse allée quai cours route faubourg via viale piazza corso vicolo largo calle avenida av. paseo plaza carrer camino rua travessa alameda praça estrada ulica ul. aleja plac box box: postfach postale postal correos postbus
        zip zipcode postcode plz cap cep code código ssn security passport passeport pasaporte passaporto reisepass paspoort license licence führerschein nhs insurance tax tin steuer-id steuerid steuernummer nif nie dni cpf rfc curp aadhaar aadhar bsn pesel personnummer fiscale medicare account konto iban dob birth born geboren
        """);

    // Endings of streets in one word: hauptstraße, kerkstraat, storgatan.
    private static readonly string[] Endings = ["straße", "strasse", "str.", "allee", "gasse", "platz", "weg", "damm", "ufer", "straat", "laan", "gracht", "kade", "plein", "dreef", "gatan", "vägen", "gränd", "veien", "gata"];

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

        if (digits >= FewestDigits || (dot && slash) || (!Ascii.IsValid(term) && term.ContainsAny(Disguises))) return true;
        ReadOnlySpan<char> before = default, beforeThat = default;
        foreach (var range in term.Split(' '))
        {
            var word = term[range].TrimEnd(',');
            if (word.IsEmpty) continue;
            if (Cues.Contains(word) || word.Contains('(') || word.Contains('[') || word.StartsWith("www.", StringComparison.OrdinalIgnoreCase)) return true;
            if (digits > 0 && (Places.Contains(word) || IsStreet(word) || IsCode(before, word) || word.ContainsAny('番', '丁', '〒') || word.StartsWith("c/", StringComparison.OrdinalIgnoreCase) || beforeThat.Equals("p.", StringComparison.OrdinalIgnoreCase))) return true;
            beforeThat = before;
            before = word;
        }

        return false;
    }

    private static bool IsStreet(ReadOnlySpan<char> word)
    {
        if (word.Length < 6) return false;
        foreach (var ending in Endings)
        {
            if (word.EndsWith(ending, StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }

    // il 62704; sw1a 1aa; k1a 0b1.
    private static bool IsCode(ReadOnlySpan<char> before, ReadOnlySpan<char> word)
    {
        if (before.Length == 2 && word.Length is 5 or 10 && char.IsAsciiDigit(word[0]) && char.IsAsciiDigit(word[4])) return true;
        return word.Length == 3 && char.IsAsciiDigit(word[0]) && char.IsAsciiLetter(word[1]) && before.Length is >= 2 and <= 4 && char.IsAsciiLetter(before[0]) && before.ContainsAnyInRange('0', '9');
    }

    private static FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Words(string words) =>
        words.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToFrozenSet(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();
}
