using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Autonoomi.Privacy.Scrubbing;

/// <summary>
/// Takes what may tell who a shopper is out of a search term before it is stored: mail and postal addresses, telephone, card, account and identity numbers, orders, links, places, names beside a cue.
/// Sizes, model numbers, bar codes and book numbers stay. See docs/privacy/search-terms.md.
/// </summary>
public static partial class TermScrubber
{
    /// <summary>What stands in a term in place of something taken out.</summary>
    public const string Mask = "⟦x⟧";

    /// <param name="term">As Amazon reports it.</param>
    /// <returns>The same instance where nothing was found; otherwise the term in compatibility form (NFKC) with <see cref="Mask"/> in place of each find.</returns>
    public static string Scrub(string term)
    {
        if (!Suspicion.Has(term)) return term;
        var plain = Plain(term);
        var masked = Links().Replace(plain, Mask);
        masked = Mails().Replace(masked, Mask);
        masked = SpelledMails().Replace(masked, Mask);
        masked = Numbers.Mask(masked);
        masked = Coordinates().Replace(masked, Mask);
        masked = Identities().Replace(masked, Mask);
        masked = CuedIdentities().Replace(masked, match => match.Groups["cue"].Value + Mask);
        masked = Addresses.Mask(masked);
        masked = Names().Replace(masked, match => match.Groups["cue"].Value + Mask);
        return masked == plain ? term : masked;
    }

    // What looks the same is the same: wide digits, invisible characters between letters.
    private static string Plain(string term)
    {
        var text = IsWellFormed(term) ? term.Normalize(NormalizationForm.FormKC) : term;
        var kept = new StringBuilder(text.Length);
        foreach (var letter in text)
        {
            if (CharUnicodeInfo.GetUnicodeCategory(letter) is not UnicodeCategory.Format) kept.Append(letter);
        }

        return kept.Length == text.Length ? text : kept.ToString();
    }

    // A lone surrogate has no normal form.
    private static bool IsWellFormed(string text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            if (char.IsHighSurrogate(text[at]) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1])) at++;
            else if (char.IsSurrogate(text[at])) return false;
        }

        return true;
    }

    private const RegexOptions Usual = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;

    [GeneratedRegex(@"(https?://|www\.)\S+|\b[\p{L}\p{N}-]{1,63}(\.[\p{L}\p{N}-]{1,63}){0,3}\.(com|net|org|info|io|me|co|de|fr|it|es|nl|uk|ca|au|jp|in|br|mx|pl|se)/[\p{L}\p{N}?=_%.-]\S*", Usual)]
    private static partial Regex Links();

    [GeneratedRegex(@"[\p{L}\p{N}._%+'&-]{1,64}\s?(@|\(at\)|\[at\])\s?([\p{L}\p{N}-]{1,63}\s?(\.|\(dot\)|\[dot\])\s?){1,4}[\p{L}]{2,24}\b|[\p{L}\p{N}._%+-]{1,64}@(gmail|googlemail|yahoo|hotmail|outlook|icloud|aol|gmx|web|live|msn|proton|qq|163|orange|libero|uol|wp)\b", Usual)]
    private static partial Regex Mails();

    [GeneratedRegex(@"[\p{L}\p{N}._+-]{2,64}\s+(at|arroba)\s+[\p{L}\p{N}-]{2,63}\s+(dot|punkt|point|punto|ponto|punt)\s+(com|net|org|de|fr|it|es|nl|pl|se|uk|co|ca|br|mx|jp|in)\b|[\p{L}\p{N}._+-]{2,64}\s+(at|arroba)\s+[\p{L}\p{N}-]{2,63}\.(com|net|org|de|fr|it|es|nl|pl|se|co\.uk|ca|com\.br)\b", Usual)]
    private static partial Regex SpelledMails();

    [GeneratedRegex(@"(?<![\p{N}.])-?\d{1,3}\.\d{4,}°?\s*[ns]?\s*[, ]\s*-?\d{1,3}\.\d{4,}°?\s*[ewo]?\b", Usual)]
    private static partial Regex Coordinates();

    // Shapes that nothing else has: United States, Brazil, Italy, United Kingdom with its blanks, Mexico.
    [GeneratedRegex(@"(?<![\p{N}-])\d{3}-\d{2}-\d{4}(?![\p{N}-])|(?<!\p{N})\d{3}\.\d{3}\.\d{3}-\d{2}(?!\p{N})|\b[a-z]{6}\d{2}[a-ehlmprst]\d{2}[a-z]\d{3}[a-z]\b|\b[a-ceghj-pr-tw-z][a-ceghj-npr-tw-z] \d{2} \d{2} \d{2} [a-d]\b|\b[a-z]{4}\d{6}[hm][a-z]{5}[a-z\d]\d\b", Usual)]
    private static partial Regex Identities();

    [GeneratedRegex(@"\b(?<cue>(ssn|social security|passport|passeport|pasaporte|passaporto|reisepass|paspoort|driver'?s? licen[sc]e|führerschein|nhs|national insurance|tax id|tin|steuer-?id|steuernummer|nif|nie|dni|cpf|rfc|curp|aadhaar|aadhar|bsn|pesel|personnummer|sozialversicherungsnummer|codice fiscale|medicare|account|konto|iban|dob|date of birth|born|geboren)( (number|no|nr|num|nummer|numero|número|numéro))?[.:# ]{1,3})(?=[a-z]{0,4}[ -]?\d)[a-z]{0,4}(([ ./-]?\d){5,16})[a-z]{0,3}\b", Usual)]
    private static partial Regex CuedIdentities();

    // Two or three words behind a cue that nothing but a name follows.
    [GeneratedRegex(@"\b(?<cue>(my name is|name is|attn:?|attention:|c/o|ship to|deliver to|addressed to|mein name ist|ich heiße|ich heisse|z\.? ?hd\.?|je m'appelle|mon nom est|à l'attention de|me llamo|mi nombre es|a la atención de|mi chiamo|il mio nome è|all'attenzione di|meu nome é|me chamo|aos cuidados de|mijn naam is|ik heet|t\.a\.v\.|mitt namn är|jag heter|mam na imię|nazywam się) )[\p{L}][\p{L}'’-]+( [\p{L}][\p{L}'’.-]*){0,2}", Usual)]
    private static partial Regex Names();
}
