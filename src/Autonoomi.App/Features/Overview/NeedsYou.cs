using Autonoomi.App.Platform.AmazonLink;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Jobs;
using Autonoomi.App.Platform.Shell;
using Autonoomi.App.Platform.Storefronts;
using Autonoomi.Core.Primitives;
using Autonoomi.Core.Recommendations;

namespace Autonoomi.App.Features.Overview;

/// <summary>One thing that waits for a person.</summary>
/// <param name="Id">Stable word.</param>
/// <param name="Icon">Drawing beside it.</param>
/// <param name="Title">What is so, in a few words.</param>
/// <param name="Detail">Why it matters.</param>
/// <param name="AtStake">Money over 30 days; null where all of it is.</param>
/// <param name="Address">Where it is solved.</param>
/// <param name="Door">What the link says.</param>
public sealed record Need(string Id, string Icon, string Title, string Detail, Money? AtStake, string Address, string Door);

/// <summary>What of a storefront needs its people, ranked by money; what stops everything comes first.</summary>
public static class NeedsYou
{
    /// <summary>More than this nobody looks at.</summary>
    public const int Most = 5;

    /// <param name="open">Proposals that wait.</param>
    /// <param name="review">The newest look; null before the first.</param>
    /// <param name="today">Reporting day.</param>
    /// <param name="pace">The month's spend; null before the first import.</param>
    /// <param name="run">The newest run; null when there never was one.</param>
    /// <param name="notices">What is open about consents.</param>
    /// <param name="names">Titles of products.</param>
    /// <param name="now">To count a consent's days.</param>
    /// <returns>At most <see cref="Most"/>, the dearest first.</returns>
    public static IReadOnlyList<Need> Of(
        IReadOnlyList<ListedProposal> open, StoredReview? review, DateOnly today, Pace? pace, RunView? run, IReadOnlyList<OpenNotice> notices, IReadOnlyDictionary<Sku, string> names, DateTimeOffset now)
    {
        var needs = new List<Need>();
        foreach (var notice in notices.Where(notice => notice.Kind is NoticeKind.ReauthRequired or NoticeKind.ConsentEnds))
        {
            var words = NoticeWords.Of(notice, null, now);
            needs.Add(new($"consent-{notice.Grant}", words.Icon, words.Title, words.Sentence, null, ShellAddresses.Connection, "Reconnect"));
        }

        if (run is { State: RunState.Failed }) needs.Add(new("run", "circle-alert", "The last run stopped", run.Error ?? "No reason was recorded; the server's log has it.", null, "/#fresh", "Read again"));
        if (open.Count > 0)
        {
            var worth = open.Select(item => item.Proposal.Effect.Mean).Aggregate((sum, next) => sum + next);
            needs.Add(new("approvals", "wand-sparkles", $"{Display.Count(open.Count, "proposal")} {(open.Count == 1 ? "waits" : "wait")} for your yes or no", "Together expected to earn this much more in 30 days.", worth, "/recommendations", "Decide"));
        }

        if (review is not null) needs.AddRange(OfReview(review, today, names));
        if (pace?.UsedUp is { } day)
            needs.Add(new("budget", "wallet", $"The month's budget is used up on {Display.Day(day)}", $"{Display.Rounded(pace.PerDay)} a day {(pace.IsPlanned ? "are planned" : "were spent in the last week")}; the month would cost {Display.Rounded(pace.Ends)} where {Display.Rounded(pace.Budget)} are allowed.", pace.Ends - pace.Budget, ShellAddresses.Economics, "Look at the budget"));
        return [.. needs.OrderByDescending(need => need.AtStake is null).ThenByDescending(need => need.AtStake?.Amount).ThenBy(need => need.Id, StringComparer.Ordinal).Take(Most)];
    }

    private static IEnumerable<Need> OfReview(StoredReview review, DateOnly today, IReadOnlyDictionary<Sku, string> names)
    {
        string Name(Sku sku) => names.GetValueOrDefault(sku) is { Length: > 0 } title ? title : sku.Value;
        var tasks = review.Recommendations.Where(item => item.IsTask && item.Expires >= today).ToArray();
        if (tasks.Where(task => task.Entry == "R22").ToArray() is { Length: > 0 } costs)
            yield return new("costs", "package", $"{Display.Count(costs.Length, "advertised product")} {(costs.Length == 1 ? "has" : "have")} no cost", "Ad money of 30 days that nobody can steer until it is entered.", Sum(costs), ShellAddresses.Economics, "Enter costs");
        if (tasks.Where(task => task.Entry == "R17").ToArray() is { Length: > 0 } offers)
            yield return new("offers", "store", offers is [{ Product: { } only }] ? $"{Name(only)} cannot be bought as it should" : $"{Display.Count(offers.Length, "offer")} cannot be bought as they should", "Hidden, sold out or behind another seller's, while ads run.", Sum(offers), "/recommendations#tasks", "See which");
        if (review.Stock.Where(cover => cover is { RunsShort: true, AdSpendPerDay.Amount: > 0 }).ToArray() is { Length: > 0 } shorts)
        {
            var first = shorts[0];
            yield return new("stock", "boxes", shorts.Length == 1 ? $"{Name(first.Product)} runs out in {Days(first.CoverDays)}" : $"{Display.Count(shorts.Length, "advertised product")} run out before more comes",
                $"{(shorts.Length == 1 ? "" : $"{Name(first.Product)} in {Days(first.CoverDays)}. ")}The next delivery is likely within {Days(first.DeliveryDays)}; bids slow down by themselves.",
                shorts.Select(cover => cover.AtStake).Aggregate((sum, next) => sum + next), "/recommendations?reason=LowStock", "See what slows down");
        }
    }

    private static string Days(double days) => Display.Count((long)Math.Floor(days), "day");

    private static Money Sum(IReadOnlyCollection<Recommendation> tasks) => tasks.Select(task => task.AtStake!.Value).Aggregate((sum, next) => sum + next);
}
