using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Autonoomi.Amazon.Reports;

/// <summary>Money from the digits on the wire to micros, never through a floating point number.</summary>
internal static class Utf8Amounts
{
    /// <param name="digits">A JSON number.</param>
    /// <param name="micros">Millionths, rounded half to even beyond the sixth decimal place.</param>
    public static bool TryMicros(ReadOnlySpan<byte> digits, out long micros)
    {
        micros = 0;
        var at = 0;
        var negative = digits.Length > 0 && digits[0] == '-';
        if (negative) at++;
        var begin = at;
        long whole = 0;
        while (at < digits.Length && digits[at] is >= (byte)'0' and <= (byte)'9')
        {
            // 12 digits of currency units leave room for six decimals in 63 bits.
            if (at - begin >= 12) return Slow(digits, out micros);
            whole = unchecked((whole * 10) + (digits[at++] - '0'));
        }

        if (at == begin) return false;
        var value = whole * 1_000_000;
        if (at < digits.Length && digits[at] == '.')
        {
            at++;
            var scale = 100_000L;
            var decimals = at;
            while (at < digits.Length && digits[at] is >= (byte)'0' and <= (byte)'9')
            {
                // 0.6100000000000001 and the like: rare enough for the exact slow way.
                if (scale == 0 && digits[at] != '0') return Slow(digits, out micros);
                value += (digits[at++] - '0') * scale;
                scale /= 10;
            }

            if (at == decimals) return false;
        }

        if (at != digits.Length) return Slow(digits, out micros);
        micros = negative ? -value : value;
        return true;
    }

    private static bool Slow(ReadOnlySpan<byte> digits, out long micros)
    {
        micros = 0;
        if (digits.Length > 64 || !decimal.TryParse(Encoding.ASCII.GetString(digits), NumberStyles.Float, CultureInfo.InvariantCulture, out var amount)) return false;
        if (Math.Abs(amount) > 9_000_000_000_000m) return false;
        micros = (long)decimal.Round(amount * 1_000_000m, 0, MidpointRounding.ToEven);
        return true;
    }

    /// <summary>1 to 18 digits and nothing else.</summary>
    public static bool TryPlain(ReadOnlySpan<byte> digits, out long value)
    {
        value = 0;
        if (digits.Length is 0 or > 18) return false;
        foreach (var digit in digits)
        {
            if (digit is < (byte)'0' or > (byte)'9') return false;
            value = unchecked((value * 10) + (digit - '0'));
        }

        return true;
    }

    /// <summary>A whole number; <c>3.0</c> is one.</summary>
    public static bool TryWhole(ReadOnlySpan<byte> digits, out long value)
    {
        if (Utf8Parser.TryParse(digits, out value, out var used) && used == digits.Length) return true;
        if (digits.Length > 40 || !decimal.TryParse(Encoding.ASCII.GetString(digits), NumberStyles.Float, CultureInfo.InvariantCulture, out var exact)) return false;
        if (decimal.Truncate(exact) != exact || Math.Abs(exact) > long.MaxValue) return false;
        value = (long)exact;
        return true;
    }
}
