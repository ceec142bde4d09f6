using System.Globalization;

namespace Autonoomi.Core.Primitives;

/// <summary>An ISO 4217 currency.</summary>
/// <param name="Code">Three upper-case letters, for example <c>USD</c>.</param>
public readonly record struct Currency(string Code)
{
    /// <summary>Digits after the decimal point in everyday use: 0 for JPY, otherwise 2.</summary>
    public int Decimals => Code == "JPY" ? 0 : 2;

    public override string ToString() => Code;
}

/// <summary>An exact amount in one currency. Two currencies never meet: arithmetic across them throws.</summary>
/// <param name="Amount">Amount in whole currency units (12.34 is twelve dollars and 34 cents).</param>
/// <param name="Currency">The currency of the amount.</param>
public readonly record struct Money(decimal Amount, Currency Currency) : IComparable<Money>
{
    /// <summary>Millionths of a currency unit in one unit: the exact integer form that fact columns hold.</summary>
    public const long MicrosPerUnit = 1_000_000;

    public static Money Zero(Currency currency) => new(0m, currency);

    /// <param name="micros">Millionths of a currency unit.</param>
    /// <param name="currency">The currency of the amount.</param>
    public static Money FromMicros(long micros, Currency currency) => new((decimal)micros / MicrosPerUnit, currency);

    /// <returns>Millionths of a currency unit, rounded half to even.</returns>
    public long ToMicros() => (long)decimal.Round(Amount * MicrosPerUnit, 0, MidpointRounding.ToEven);

    public static Money operator +(Money left, Money right) => new(left.Amount + Same(left, right).Amount, left.Currency);
    public static Money operator -(Money left, Money right) => new(left.Amount - Same(left, right).Amount, left.Currency);
    public static Money operator -(Money value) => value with { Amount = -value.Amount };
    public static Money operator *(Money value, decimal factor) => value with { Amount = value.Amount * factor };
    public static bool operator <(Money left, Money right) => left.CompareTo(right) < 0;
    public static bool operator >(Money left, Money right) => left.CompareTo(right) > 0;
    public static bool operator <=(Money left, Money right) => left.CompareTo(right) <= 0;
    public static bool operator >=(Money left, Money right) => left.CompareTo(right) >= 0;

    public int CompareTo(Money other) => Amount.CompareTo(Same(this, other).Amount);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Amount} {Currency.Code}");

    private static Money Same(Money left, Money right) => left.Currency == right.Currency
        ? right
        : throw new InvalidOperationException($"{left.Currency} met {right.Currency}: amounts of two currencies are never combined.");
}

/// <summary>Advertising cost of sales: ad spend over attributed sales.</summary>
/// <param name="Fraction">0.25 is 25 %; never negative.</param>
public readonly record struct Acos(double Fraction);
