using Autonoomi.Testing;

namespace Autonoomi.Privacy.Tests;

/// <summary>The clocks of incidents at every edge, against an oracle that counts ticks.</summary>
public sealed class IncidentClockTests
{
    private static readonly DateTimeOffset Detected = new(2026, 11, 30, 14, 5, 0, TimeSpan.Zero);
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    private static readonly TimeSpan[] Edges =
    [
        TimeSpan.Zero, Tick, TimeSpan.FromHours(1), TimeSpan.FromHours(12), TimeSpan.FromHours(20), new(23, 59, 0), TimeSpan.FromHours(24) - Tick, TimeSpan.FromHours(24), TimeSpan.FromHours(24) + Tick,
        TimeSpan.FromHours(25), TimeSpan.FromHours(48), new(71, 59, 0), TimeSpan.FromHours(72) - Tick, TimeSpan.FromHours(72), TimeSpan.FromHours(72) + Tick, TimeSpan.FromDays(30),
    ];

    /// <summary>To whom, hours of the limit, ticks after the detection, and whether it was told at that moment (else it is looked at untold).</summary>
    public static TheoryData<IncidentNotice, int, long, bool> Boundaries
    {
        get
        {
            var rows = new TheoryData<IncidentNotice, int, long, bool>();
            foreach (var (to, hours) in ((IncidentNotice, int)[])[(IncidentNotice.Amazon, 24), (IncidentNotice.Sellers, 72), (IncidentNotice.Authority, 72)])
                foreach (var edge in Edges)
                    foreach (var told in (bool[])[false, true]) rows.Add(to, hours, edge.Ticks, told);
            return rows;
        }
    }

    [Theory, MemberData(nameof(Boundaries))]
    [Promise("P-8-i")]
    public void A_clock_stands_as_the_ticks_say(IncidentNotice to, int hours, long after, bool told)
    {
        var limit = TimeSpan.FromHours(hours).Ticks;
        var at = Detected.AddTicks(after);
        foreach (var drill in (bool[])[false, true])
        {
            var incident = Opened(drill);
            if (told) incident = incident with { Entries = incident.Entries.Add(Told(to, at)) };

            var clock = IncidentClock.Of(incident, to, told ? at.AddDays(400) : at);

            Assert.Equal(Detected.AddTicks(limit), clock.Deadline);
            Assert.Equal(Math.Abs(limit - after), clock.Distance.Ticks);
            Assert.Equal(told ? after <= limit ? ClockStanding.InTime : ClockStanding.TooLate : after < limit ? ClockStanding.Running : ClockStanding.Late, clock.Standing);
            Assert.Equal(told ? after > limit : after >= limit, clock.IsBroken);
        }
    }

    [Fact]
    public void There_are_at_least_sixty_edges() => Assert.True(Boundaries.Count >= 60, $"{Boundaries.Count}");

    [Theory]
    [InlineData("2026-03-29T00:30:00Z")] // clocks leap in Europe
    [InlineData("2026-10-25T00:30:00Z")]
    [InlineData("2026-11-01T05:30:00Z")] // and in America
    [InlineData("2028-02-28T23:59:59Z")] // a day that most years lack
    [InlineData("2026-12-31T23:59:59Z")]
    public void An_hour_is_an_hour_whatever_the_calendar_does(string detected)
    {
        var start = DateTimeOffset.Parse(detected, System.Globalization.CultureInfo.InvariantCulture);
        foreach (var zone in (string[])["Europe/Berlin", "America/New_York", "Pacific/Chatham"])
        {
            var local = TimeZoneInfo.ConvertTime(start, TimeZoneInfo.FindSystemTimeZoneById(zone));
            var incident = Opened(false) with { DetectedAt = local };

            Assert.Equal(start.AddHours(24).UtcTicks, IncidentClock.Of(incident, IncidentNotice.Amazon, start).Deadline.UtcTicks);
            Assert.Equal(start.AddHours(72).UtcTicks, IncidentClock.Of(incident, IncidentNotice.Sellers, start).Deadline.UtcTicks);
        }
    }

    [Fact]
    public void The_first_notice_stops_a_clock_and_later_ones_do_not_move_it()
    {
        var incident = Opened(false);
        incident = incident with { Entries = [.. incident.Entries, Told(IncidentNotice.Amazon, Detected.AddHours(3)), Told(IncidentNotice.Amazon, Detected.AddHours(90))] };

        Assert.Equal((ClockStanding.InTime, TimeSpan.FromHours(21)), Both(IncidentClock.Of(incident, IncidentNotice.Amazon, Detected.AddHours(99))));
        Assert.Equal(ClockStanding.Late, IncidentClock.Of(incident, IncidentNotice.Sellers, Detected.AddHours(99)).Standing);
    }

    [Fact]
    public void Who_need_not_be_told_has_no_clock_until_told_all_the_same()
    {
        var incident = Opened(false);
        incident = incident with { Entries = incident.Entries.Add(new(IncidentStep.NotOwed, Detected.AddHours(1), "Ada", "Nothing of Amazon's was on that machine.", To: IncidentNotice.Amazon)) };
        Assert.Equal((ClockStanding.NotOwed, false), (IncidentClock.Of(incident, IncidentNotice.Amazon, Detected.AddDays(9)).Standing, IncidentClock.Of(incident, IncidentNotice.Amazon, Detected.AddDays(9)).IsBroken));

        incident = incident with { Entries = incident.Entries.Add(Told(IncidentNotice.Amazon, Detected.AddHours(30))) };
        Assert.Equal(ClockStanding.TooLate, IncidentClock.Of(incident, IncidentNotice.Amazon, Detected.AddDays(9)).Standing);
    }

    [Theory]
    [InlineData(0, "24 h 0 min left")]
    [InlineData(2 * 60 + 20, "21 h 40 min left")]
    [InlineData(24 * 60 - 1, "0 h 1 min left")]
    [InlineData(24 * 60, "LATE by 0 h 0 min")]
    [InlineData(26 * 60 + 5, "LATE by 2 h 5 min")]
    [InlineData(5 * 24 * 60, "LATE by 96 h 0 min")]
    public void Time_left_is_said_in_hours_and_minutes(int minutes, string words) =>
        Assert.Equal(words, IncidentClock.InWords(IncidentClock.Of(Opened(false), IncidentNotice.Amazon, Detected.AddMinutes(minutes))));

    [Fact]
    public void Seconds_are_cut_off_so_that_no_minute_is_shown_that_is_not_there() =>
        Assert.Equal("0 h 0 min left", IncidentClock.InWords(IncidentClock.Of(Opened(false), IncidentNotice.Amazon, Detected.AddHours(24).AddSeconds(-59))));

    [Fact]
    public void The_first_hours_have_goals_that_are_met_by_the_entries()
    {
        var incident = Opened(false);
        Assert.Equal([1, 4, 12], IncidentClock.Targets(incident).Select(target => (int)(target.Due - Detected).TotalHours));
        Assert.All(IncidentClock.Targets(incident), target => Assert.Null(target.DoneAt));

        incident = incident with
        {
            Entries =
            [
                .. incident.Entries, new(IncidentStep.Contained, Detected.AddMinutes(30), "Ada", "Sessions were ended."),
                new(IncidentStep.Assessed, Detected.AddHours(2), "Ada", "Judged.", new(IncidentKind.Access, IncidentSeverity.High, [TouchedData.Identity], null)),
                new(IncidentStep.Assessed, Detected.AddHours(3), "Ada", "Judged.", new(IncidentKind.Access, IncidentSeverity.High, [TouchedData.Identity], [])),
                Told(IncidentNotice.Amazon, Detected.AddHours(4)), Told(IncidentNotice.Authority, Detected.AddHours(6)),
                new(IncidentStep.NotOwed, Detected.AddHours(5), "Ada", "No seller is touched by this.", To: IncidentNotice.Sellers),
            ],
        };
        Assert.Equal([0.5, 3, 6], IncidentClock.Targets(incident).Select(target => (target.DoneAt!.Value - Detected).TotalHours));
    }

    private static (ClockStanding, TimeSpan) Both(IncidentDeadline clock) => (clock.Standing, clock.Distance);

    private static Incident Opened(bool drill) => new(1, Detected, drill, [new(IncidentStep.Opened, Detected, "Ada", "A laptop was lost.", new(IncidentKind.Loss, IncidentSeverity.Suspected, null, null))]);

    private static IncidentEntry Told(IncidentNotice to, DateTimeOffset at) => new(IncidentStep.Told, at, "Ada", "What was sent.", To: to, Proof: "id 1");
}

/// <summary>What the register takes and what it refuses, and what its drafts say.</summary>
public sealed class IncidentRegisterTests
{
    private static readonly DateTimeOffset Detected = new(2026, 11, 30, 14, 5, 0, TimeSpan.Zero);
    private static readonly Guid Seller = new("5e11e200-0000-4000-8000-000000000001");
    private static readonly IncidentContacts Contacts = new("Test Operator", "2 Test Street", "Test Contact, +00 000", "incidents@amazon.test", "Authority of Testland, form 9");

    private static Incident Open(params ReadOnlySpan<IncidentEntry> more) => new(7, Detected, false, [new(IncidentStep.Opened, Detected, "Ada", "A backup disk is missing.", new(IncidentKind.Loss, IncidentSeverity.Suspected, null, null)), .. more]);

    private static IncidentEntry Entry(IncidentStep step, string text = "Long enough to be a reason.", IncidentNotice? to = null, string? proof = null, IncidentFacts? facts = null) => new(step, Detected.AddHours(2), "Ada", text, facts, to, proof);

    private static IncidentFacts Facts(params Guid[] sellers) => new(IncidentKind.Loss, IncidentSeverity.High, [TouchedData.Amazon, TouchedData.Economics], sellers);

    [Fact]
    public void An_incident_runs_from_opening_to_closing_and_takes_nothing_afterwards()
    {
        var incident = Open();
        foreach (var next in (IncidentEntry[])[
            Entry(IncidentStep.Noted), Entry(IncidentStep.Contained), Entry(IncidentStep.Assessed, facts: Facts(Seller)), Entry(IncidentStep.Told, to: IncidentNotice.Amazon, proof: "id 1"),
            Entry(IncidentStep.Told, to: IncidentNotice.Sellers), Entry(IncidentStep.NotOwed, to: IncidentNotice.Authority), Entry(IncidentStep.Closed)])
        {
            Assert.Null(incident.Refusal(next));
            incident = incident with { Entries = incident.Entries.Add(next) };
        }

        Assert.True(incident.IsClosed);
        foreach (var step in Enum.GetValues<IncidentStep>()) Assert.Contains("is closed", incident.Refusal(Entry(step, facts: Facts(), to: IncidentNotice.Amazon, proof: "id")), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_whole_is_refused_with_rule_and_fix()
    {
        Refused("open already", Entry(IncidentStep.Opened));
        Refused("By:", Entry(IncidentStep.Noted) with { By = " " });
        Refused("Text:", Entry(IncidentStep.Noted, ""));
        Refused("at most 8000", Entry(IncidentStep.Noted, new string('x', 8001)));
        Refused("A judgement says", Entry(IncidentStep.Assessed));
        Refused("Say who was told", Entry(IncidentStep.Told, proof: "id"));
        Refused("Proof:", Entry(IncidentStep.Told, to: IncidentNotice.Amazon));
        Refused("Proof:", Entry(IncidentStep.Told, to: IncidentNotice.Authority, proof: " "));
        Refused("does not know whom it touches", Entry(IncidentStep.Told, to: IncidentNotice.Sellers));
        Refused("at least 20 characters", Entry(IncidentStep.NotOwed, "no need", IncidentNotice.Amazon));
        Refused("told already", Entry(IncidentStep.NotOwed, to: IncidentNotice.Amazon), Entry(IncidentStep.Told, to: IncidentNotice.Amazon, proof: "id"));
        Refused("not contained yet", Entry(IncidentStep.Closed));
        Refused("Amazon, the sellers, the authority", Entry(IncidentStep.Closed), Entry(IncidentStep.Contained));
        IncidentEntry[] decided = [Entry(IncidentStep.Contained), Entry(IncidentStep.NotOwed, to: IncidentNotice.Amazon), Entry(IncidentStep.NotOwed, to: IncidentNotice.Sellers), Entry(IncidentStep.NotOwed, to: IncidentNotice.Authority)];
        Refused("Lessons:", Entry(IncidentStep.Closed, "All well."), decided);
        Assert.Null(Open(decided).Refusal(Entry(IncidentStep.Closed)));

        static void Refused(string words, IncidentEntry next, params IncidentEntry[] before) => Assert.Contains(words, Open(before).Refusal(next), StringComparison.Ordinal);
    }

    [Fact]
    public void A_detection_lies_in_the_past()
    {
        var first = Open().Entries[0];

        Assert.Null(Incident.Refusal(first, Detected));
        Assert.Null(Incident.Refusal(first, Detected.AddDays(-3)));
        Assert.Contains("future", Incident.Refusal(first, Detected.AddTicks(1)), StringComparison.Ordinal);
        Assert.Contains("begins with its opening", Incident.Refusal(Entry(IncidentStep.Noted), Detected), StringComparison.Ordinal);
    }

    [Fact]
    public void The_newest_judgement_holds()
    {
        var incident = Open(Entry(IncidentStep.Assessed, facts: Facts(Seller)), Entry(IncidentStep.Noted), Entry(IncidentStep.Assessed, facts: Facts() with { Severity = IncidentSeverity.Low }));

        Assert.Equal((IncidentSeverity.Low, 0), (incident.Facts.Severity, incident.Facts.Sellers!.Count));
    }

    [Fact]
    [Promise("P-8-i")]
    public void Drafts_are_filled_from_the_register_and_the_configuration_and_name_no_seller()
    {
        var incident = Open(Entry(IncidentStep.Contained, "The key was rotated."), Entry(IncidentStep.Assessed, facts: Facts(Seller)));
        foreach (var to in Enum.GetValues<IncidentNotice>())
        {
            var draft = IncidentWords.Draft(incident, to, Contacts, Detected.AddHours(3));

            foreach (var needed in (string[])["A backup disk is missing.", "2026-11-30 14:05 UTC", "The key was rotated.", "Amazon Information", "costs, goals and budgets", "Test Operator, 2 Test Street", "Contact for this incident: Test Contact, +00 000", "2026-11-30 17:05 UTC"])
                Assert.Contains(needed, draft, StringComparison.Ordinal);
            Assert.DoesNotContain(Seller.ToString(), draft, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(Seller.ToString("N"), draft, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("DRILL", draft, StringComparison.Ordinal);
            Assert.Equal(to != IncidentNotice.Sellers, draft.Contains("Seller accounts concerned: 1\n", StringComparison.Ordinal)); // a seller need not know how many others
            Assert.StartsWith("*** DRILL", IncidentWords.Draft(incident with { IsDrill = true }, to, Contacts, Detected), StringComparison.Ordinal);
        }

        Assert.Contains("To: incidents@amazon.test\n", IncidentWords.Draft(incident, IncidentNotice.Amazon, Contacts, Detected), StringComparison.Ordinal);
        Assert.Contains("To: Authority of Testland, form 9\n", IncidentWords.Draft(incident, IncidentNotice.Authority, Contacts, Detected), StringComparison.Ordinal);
        Assert.Contains("AmazonIncidentMail is not set", IncidentWords.Draft(incident, IncidentNotice.Amazon, Contacts with { AmazonMail = "" }, Detected), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_known_yet_is_said()
    {
        var draft = IncidentWords.Draft(Open(), IncidentNotice.Amazon, Contacts, Detected);

        foreach (var needed in (string[])["Data concerned: not known yet", "Seller accounts concerned: not known yet", "not confirmed yet", "we are working on it", "we write again"]) Assert.Contains(needed, draft, StringComparison.Ordinal);
    }
}
