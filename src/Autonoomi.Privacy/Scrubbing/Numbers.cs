using System.Text;
using System.Text.RegularExpressions;

namespace Autonoomi.Privacy.Scrubbing;

/// <summary>Runs of digits that belong to a person: orders, accounts, cards, telephones, identity numbers with a check digit. Bar codes and book numbers, which carry one too, stay.</summary>
internal static partial class Numbers
{
    public static string Mask(string text)
    {
        text = Orders().Replace(text, TermScrubber.Mask);
        text = Accounts(text);
        return Runs().Replace(text, match => IsPersonal(match.Value) ? TermScrubber.Mask : match.Value);
    }

    // Digits with the signs that people put between them.
    private static bool IsPersonal(string run)
    {
        var trimmed = run.TrimEnd('.', '-', '/', ' ', '(');
        Span<char> held = stackalloc char[trimmed.Length];
        var count = 0;
        foreach (var letter in trimmed)
        {
            if (char.IsAsciiDigit(letter)) held[count++] = letter;
        }

        var digits = held[..count];
        if (trimmed.StartsWith('+')) return count is >= 8 and <= 15;
        if (count == trimmed.Length) return IsBare(digits);
        var groups = trimmed.Split([' ', '-', '.', '/', '(', ')'], StringSplitOptions.RemoveEmptyEntries);
        return IsCard(digits, groups) || IsGrouped(digits, groups, trimmed.Contains('(', StringComparison.Ordinal));
    }

    private static bool IsBare(ReadOnlySpan<char> digits)
    {
        if (digits.StartsWith("00") && digits.Length is >= 11 and <= 17 && digits[2] is >= '1' and <= '9') return !IsTradeNumber(digits);
        if (IsMobileAbroad(digits)) return !IsTradeNumber(digits) || !IsGoodsPrefix(digits);
        return digits.Length switch
        {
            // Spain and Poland write mobile numbers without anything before them.
            9 => digits[0] is '6' or '7',

            // North America; India; trunk prefix and mobile code of France, the Netherlands, Australia, Sweden.
            10 => !IsBookNumber(digits) && (IsNorthAmerican(digits) || digits[0] is >= '6' and <= '9' || (digits[0] == '0' && digits[1] is '4' or '6' or '7')),
            11 => (digits[0] == '1' && IsNorthAmerican(digits[1..])) || digits.StartsWith("07") || digits.StartsWith("015") || digits.StartsWith("016") || digits.StartsWith("017")
                || digits.StartsWith("090") || digits.StartsWith("080") || digits.StartsWith("070") || (digits[2] == '9' && digits[0] is >= '1' and <= '9' && IsBrazilian(digits)),
            12 or 13 or 14 => !IsTradeNumber(digits),
            >= 15 => true,
            _ => false,
        };
    }

    // Groups of digits: what remains a number to call once a price list, a size or a fraction is ruled out.
    private static bool IsGrouped(ReadOnlySpan<char> digits, string[] groups, bool bracketed)
    {
        if (digits.Length is < 9 or > 15 || groups.Length is < 2 or > 8) return false;
        if (digits.Length is 12 or 13 && IsTradeNumber(digits) && !digits.StartsWith("00") && !IsMobileAbroad(digits)) return false;
        if (digits.StartsWith("00")) return true;
        if (groups.Length == 3 && groups[0].Length == 3 && groups[1].Length == 3 && groups[2].Length == 4 && groups[0][0] >= '2') return true;
        if (groups.Length == 2 && groups[0].Length == 3 && groups[1].Length == 7 && groups[0][0] >= '2') return true;
        if (groups.Length == 4 && groups[0] == "1" && groups[1].Length == 3 && groups[2].Length == 3 && groups[3].Length == 4) return true;
        if (bracketed && digits.Length is >= 9 and <= 12) return true;
        if (IsMobileAbroad(digits)) return true;

        // A trunk zero: 0171 2345678, 06 12 34 56 78, 020 7946 0958, 090-1234-5678.
        if (digits[0] == '0' && groups[0].Length is >= 2 and <= 5 && digits.Length is 9 or 10 or 11 or 12) return true;

        // Spain, Poland, India, Italy, Brazil, Mexico without one.
        if (digits.Length == 9 && digits[0] is >= '5' and <= '9' && groups.Length >= 3 && groups[0].Length == 3) return true;
        if (digits.Length == 10 && digits[0] is '3' or >= '5' and <= '9' && groups[0].Length is 2 or 3 or 5) return true;
        if (digits.Length == 11 && groups[0].Length == 2 && groups[1].Length is 5 or 1) return true;
        if (digits.Length == 12 && groups.Length == 3 && Array.TrueForAll(groups, group => group.Length == 4)) return digits[0] >= '2' && Verhoeff(digits);
        return digits.Length == 15 && groups[0].Length is 1 or 13 && digits[0] is '1' or '2';
    }

    private static bool IsCard(ReadOnlySpan<char> digits, string[] groups) =>
        digits.Length is >= 14 and <= 19 && ((groups.Length >= 4 && groups[0].Length == 4) || (groups.Length == 3 && groups[0].Length == 4 && groups[1].Length == 6)) && Luhn(digits);

    private static bool IsNorthAmerican(ReadOnlySpan<char> digits) => digits.Length == 10 && digits[0] is >= '2' and <= '9' && digits[3] is >= '2' and <= '9';

    // Area codes of Brazil run from 11 to 99 without a zero.
    private static bool IsBrazilian(ReadOnlySpan<char> digits) => digits[1] is >= '1' and <= '9';

    // Country and mobile code, as people type it who leave the plus out.
    private static bool IsMobileAbroad(ReadOnlySpan<char> digits) => digits.Length switch
    {
        11 => digits.StartsWith("336") || digits.StartsWith("337") || digits.StartsWith("346") || digits.StartsWith("347") || digits.StartsWith("316") || digits.StartsWith("614") || digits.StartsWith("467") || digits.StartsWith("485") || digits.StartsWith("486") || digits.StartsWith("487") || digits.StartsWith("488"),
        12 => digits.StartsWith("447") || digits.StartsWith("393") || digits.StartsWith("916") || digits.StartsWith("917") || digits.StartsWith("918") || digits.StartsWith("919") || digits.StartsWith("8190") || digits.StartsWith("8180") || digits.StartsWith("8170")
            || digits.StartsWith("4915") || digits.StartsWith("4916") || digits.StartsWith("4917") || (digits.StartsWith("52") && digits[2] is >= '2' and <= '9'),
        13 => digits.StartsWith("4915") || digits.StartsWith("4916") || digits.StartsWith("4917") || (digits.StartsWith("55") && digits[4] == '9') || digits.StartsWith("521"),
        _ => false,
    };

    // Bar codes that begin like a mobile number abroad: of twelve digits those of medicines (3) and of shops' own goods (5), of thirteen those of Greece and its neighbours (52).
    private static bool IsGoodsPrefix(ReadOnlySpan<char> digits) => digits.Length == 12 ? digits[0] is '3' or '5' or '8' : digits.StartsWith("52");

    // GTIN: bar codes of goods and books.
    private static bool IsTradeNumber(ReadOnlySpan<char> digits)
    {
        if (digits.Length is not (12 or 13 or 14)) return false;
        var sum = 0;
        for (var at = 0; at < digits.Length; at++) sum += (digits[at] - '0') * ((digits.Length - at) % 2 == 0 ? 3 : 1);
        return sum % 10 == 0;
    }

    // ISBN of ten digits; those that begin like a mobile number are taken for one.
    private static bool IsBookNumber(ReadOnlySpan<char> digits)
    {
        if (digits[0] is not ('0' or '1') || (digits[0] == '0' && digits[1] is '4' or '6' or '7')) return false;
        var sum = 0;
        for (var at = 0; at < 10; at++) sum += (digits[at] - '0') * (10 - at);
        return sum % 11 == 0;
    }

    private static bool Luhn(ReadOnlySpan<char> digits)
    {
        var sum = 0;
        for (var at = 0; at < digits.Length; at++)
        {
            var digit = digits[at] - '0';
            if ((digits.Length - at) % 2 == 0 && (digit *= 2) > 9) digit -= 9;
            sum += digit;
        }

        return sum % 10 == 0;
    }

    private static readonly string[] Turns = ["0123456789", "1576283094", "5803796142", "8916043527", "9453126870", "4286573901", "2793806415", "7046913258"];
    private static readonly string[] Products = ["0123456789", "1234067895", "2340178956", "3401289567", "4012395678", "5987604321", "6598710432", "7659821043", "8765932104", "9876543210"];

    // The check of India's identity number.
    private static bool Verhoeff(ReadOnlySpan<char> digits)
    {
        var check = 0;
        for (var at = 0; at < digits.Length; at++) check = Products[check][Turns[at % 8][digits[digits.Length - 1 - at] - '0'] - '0'] - '0';
        return check == 0;
    }

    // IBAN: as many signs as its country has, and a remainder of one.
    private static string Accounts(string text)
    {
        StringBuilder? masked = null;
        var copied = 0;
        for (var match = AccountStarts().Match(text); match.Success; match = match.NextMatch())
        {
            if (match.Index < copied || !Lengths.TryGetValue(match.Value[..2].ToUpperInvariant(), out var length)) continue;
            var signs = new StringBuilder(length);
            var at = match.Index;
            for (; at < text.Length && signs.Length < length; at++)
            {
                if (text[at] is ' ' or '-' && at > 0 && text[at - 1] is not (' ' or '-')) continue;
                if (!char.IsAsciiLetterOrDigit(text[at])) break;
                signs.Append(char.ToUpperInvariant(text[at]));
            }

            if (signs.Length < length || (at < text.Length && char.IsAsciiLetterOrDigit(text[at])) || Remainder(signs.ToString()) != 1) continue;
            (masked ??= new StringBuilder()).Append(text, copied, match.Index - copied).Append(TermScrubber.Mask);
            copied = at;
        }

        return masked is null ? text : masked.Append(text, copied, text.Length - copied).ToString();
    }

    private static readonly Dictionary<string, int> Lengths = new(StringComparer.Ordinal)
    {
        ["AT"] = 20, ["BE"] = 16, ["CH"] = 21, ["CZ"] = 24, ["DE"] = 22, ["DK"] = 18, ["ES"] = 24, ["FI"] = 18, ["FR"] = 27, ["GB"] = 22, ["IE"] = 22, ["IT"] = 27, ["LU"] = 20, ["NL"] = 18, ["NO"] = 15, ["PL"] = 28, ["PT"] = 25, ["SE"] = 24, ["TR"] = 26, ["BR"] = 29, ["AE"] = 23, ["SA"] = 24,
    };

    private static int Remainder(string account)
    {
        var rest = 0;
        foreach (var sign in account[4..] + account[..4])
        {
            rest = char.IsAsciiDigit(sign) ? ((rest * 10) + sign - '0') % 97 : ((rest * 100) + sign - 'A' + 10) % 97;
        }

        return rest;
    }

    [GeneratedRegex(@"(?<!\p{N})\d{3}[ -]?-?\d{7}[ -]?-?\d{7}(?!\p{N})", RegexOptions.CultureInvariant)]
    private static partial Regex Orders();

    [GeneratedRegex(@"\b[a-z]{2}\d{2}(?=[ -]?[a-z0-9])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex AccountStarts();

    // A run ends where letters or a decimal comma begin, and never starts inside a word.
    [GeneratedRegex(@"(?<![\p{L}\p{N}.,/x×-])(\+ ?|\()?\d(?:[ ./()-]{0,2}\d){7,24}\)?(?![\p{L}\p{N}×]|[.,/]\d)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Runs();
}
