using Autonoomi.Core.Proposals;
using Autonoomi.Policies.Reports;
using Autonoomi.Policies.Writes;

namespace Autonoomi.Policies.Peers;

/// <summary>
/// B08, the value bid of BidX, Teikametrics and Advigator: conversion × price × target, the ad group's conversion where a target's own says too little, at
/// most 10 % a day, on 60 days without the latest 3.
/// </summary>
/// <remarks>
/// Source: help pages of BidX (ignores 72 hours; price × target × conversion; the parent's where missing), Teikametrics and Advigator (the same value).
/// Gaps filled (*): the own rate counts from 1 / group rate clicks on, if there is an order; after twice as many clicks without one a quarter of the
/// group's rate; an ad group without orders asks its product, then the account.
/// </remarks>
internal sealed class B08ValueBid : IBidRule
{
    public static PeerKind Kind { get; } = new("B08", "Value bid with parent fallback",
        "BidX, Teikametrics and Advigator help pages. *Own rate from 1/group rate clicks, a quarter of the group's after twice as many without an order, ±10 % a day.", _ => new B08ValueBid());

    private const int WindowDays = 60;
    private const int SkipDays = 3;
    private const double DailyStep = 0.10;
    private const double AfterTooMany = 0.25;

    /// <summary>Which conversion rate speaks for a target.</summary>
    /// <param name="clicks">Of the target.</param>
    /// <param name="orders">Of the target.</param>
    /// <param name="parent">Orders per click of its parent, above 0.</param>
    public static double Conversion(double clicks, double orders, double parent)
    {
        if (orders > 0) return clicks >= 1 / parent ? orders / clicks : parent;
        return clicks > 2 / parent ? AfterTooMany * parent : parent;
    }

    public void Decide(Account account, BidMoves bids, List<Change> changes)
    {
        var window = account.Window(WindowDays, SkipDays);
        var sums = window.Targets;
        for (var target = 0; target < account.Targets.Length; target++)
        {
            if (!account.IsOpen[target] || window.ParentConversion(target) is not { } parent) continue;
            var product = account.TargetProduct[target];
            var value = Conversion(sums.Clicks[target], sums.Orders[target], parent) * account.Price[product] * account.TargetAcos[product];
            var bid = bids.Current(target);
            bids.Set(target, Math.Clamp(value, bid * (1 - DailyStep), bid * (1 + DailyStep)));
        }
    }
}
