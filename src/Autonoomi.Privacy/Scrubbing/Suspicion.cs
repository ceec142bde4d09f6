using System.Buffers;
using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using System.Text;

namespace Autonoomi.Privacy.Scrubbing;

/// <summary>Tells in one look whether a term can hold anything personal at all: reports have millions, and nearly none does.</summary>
/// <remarks>A glance at each word says whether a close look is due: one of our words has its first and last letter and its length, or one of our endings its last three letters.</remarks>
internal static class Suspicion
{
    // Fewer digits than any number that tells who somebody is without a word beside it.
    private const int FewestDigits = 6;
    private const int LongestWord = 32;
    private const int ShortestStreet = 6;

    // Wide forms and invisible signs, which may stand for any other.
    private static readonly SearchValues<char> Disguises = SearchValues.Create("０１２３４５６７８９＠．（）\u00AD\u200B\u200C\u200D\u200E\u200F\u202A\u202B\u202C\u202D\u202E\u2060\u2066\u2067\u2068\u2069\uFEFF");

    private static readonly Vocabulary Cues = new(
        "at (at) [at] arroba name naam nombre nome namn imię nazywam attn attn: attention: c/o ship deliver addressed z.hd. z. hd. heiße heiss heisse appelle m'appelle nom llamo atención chiamo attenzione all'attenzione l'attention chamo cuidados heet heter t.a.v.");

    // Beside a digit.
    private static readonly Vocabulary Places = new(
        """
        street avenue road boulevard blvd terrace crescent lane drive court close square highway hwy parkway pkwy circle trail st ave rd ln dr ct cres pl place way st. ave. rd. blvd. dr. straße strasse allee gasse platz straat laan gracht
        rue bd chemin impasse allée quai cours route faubourg via viale piazza corso vicolo largo calle avenida av. paseo plaza carrer camino rua travessa alameda praça estrada ulica ul. aleja plac box box: postfach postale postal correos postbus
        zip zipcode postcode plz cap cep code código ssn security passport passeport pasaporte passaporto reisepass paspoort license licence führerschein nhs insurance tax tin steuer-id steuerid steuernummer nif nie dni cpf rfc curp aadhaar aadhar bsn pesel personnummer fiscale medicare account konto iban dob birth born geboren
        """);

    // Streets in one word: hauptstraße, kerkstraat, storgatan.
    private static readonly string[] Endings = ["straße", "strasse", "str.", "allee", "gasse", "platz", "weg", "damm", "ufer", "straat", "laan", "gracht", "kade", "plein", "dreef", "gatan", "vägen", "gränd", "veien", "gata"];
    private static readonly string[]?[] EndingsByLetters = ByLastThree(Endings);

    private static readonly SearchValues<char> Signs = SearchValues.Create("@([");

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool Has(ReadOnlySpan<char> term)
    {
        if (term.ContainsAny(Signs) || (term.Contains('.') && (term.Contains('/') || term.Contains("www.", StringComparison.OrdinalIgnoreCase)))) return true;
        var digits = Digits(term);
        if (digits >= FewestDigits || (!Ascii.IsValid(term) && (term.ContainsAny(Disguises) || (digits > 0 && term.ContainsAny('番', '丁', '〒'))))) return true;
        var before = default(Range);
        for (var start = 0; start < term.Length;)
        {
            var length = term[start..].IndexOfAny(' ', ',');
            var here = length < 0 ? start..term.Length : start..(start + length);
            var word = term[here];
            start += word.Length + 1;
            if (word.Length > 1 && (Cues.Has(word) || (digits > 0 && IsPlace(term[before], word)))) return true;
            if (word.Length > 0) before = here;
        }

        return false;
    }

    private static int Digits(ReadOnlySpan<char> term)
    {
        var count = 0;
        for (var at = term.IndexOfAnyInRange('0', '9'); at >= 0 && at < term.Length; at++)
        {
            if (char.IsAsciiDigit(term[at])) count++;
        }

        return count;
    }

    private static bool IsPlace(ReadOnlySpan<char> before, ReadOnlySpan<char> word) =>
        Places.Has(word) || IsStreet(word) || (char.IsAsciiDigit(word[0]) && IsCode(before, word)) || (word[1] == '/' && word[0] is 'c' or 'C');

    private static bool IsStreet(ReadOnlySpan<char> word)
    {
        if (word.Length < ShortestStreet || EndingsByLetters[LastThree(word)] is not { } endings) return false;
        foreach (var ending in endings)
        {
            if (word.EndsWith(ending, StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }

    // il 62704; sw1a 1aa; k1a 0b1.
    private static bool IsCode(ReadOnlySpan<char> before, ReadOnlySpan<char> word)
    {
        if (word.Length is not (3 or 5 or 10)) return false;
        return word.Length == 3
            ? char.IsAsciiLetter(word[1]) && before.Length is >= 2 and <= 4 && char.IsAsciiLetter(before[0]) && before.ContainsAnyInRange('0', '9')
            : before.Length == 2 && char.IsAsciiDigit(word[4]);
    }

    private static string[]?[] ByLastThree(string[] words)
    {
        var letters = new string[]?[1 << 15];
        foreach (var word in words) letters[LastThree(word)] = [.. letters[LastThree(word)] ?? [], word];
        return letters;
    }

    private static int LastThree(ReadOnlySpan<char> word) => ((word[^3] & 31) << 10) | ((word[^2] & 31) << 5) | (word[^1] & 31);

    /// <summary>Words of any letters, and the first and last letters and lengths that they have.</summary>
    private sealed class Vocabulary
    {
        private readonly uint[] shapes = new uint[32 * 32];
        private readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> words;

        public Vocabulary(string list)
        {
            var all = list.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            foreach (var word in all) shapes[Ends(word)] |= 1u << word.Length;
            words = all.ToFrozenSet(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();
        }

        public bool Has(ReadOnlySpan<char> word) => word.Length < LongestWord && (shapes[Ends(word)] >> word.Length & 1) != 0 && words.Contains(word);

        private static int Ends(ReadOnlySpan<char> word) => ((word[0] & 31) << 5) | (word[^1] & 31);
    }
}
