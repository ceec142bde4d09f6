using Autonoomi.Testing;

namespace Autonoomi.Privacy.Tests;

/// <summary>The list of companies that help: what it takes, what it refuses, and to whom a seller's data may go.</summary>
public sealed class SubProcessorTests
{
    private static readonly DateOnly Today = new(2027, 3, 1);
    private static readonly string Hash = new('0', 64);

    private static readonly string Sound = $$"""
        {
          "versions": [ { "number": 2, "date": "2027-01-15", "change": "Mail is added." }, { "number": 1, "date": "2026-12-01", "change": "Hosting." } ],
          "subProcessors": [
            { "name": "Host Ltd", "task": "Hosting", "data": "everything, sealed", "place": "Testland", "since": "2026-12-01", "version": 1, "hosts": [], "evidence": [ { "what": "contract", "on": "2026-11-20", "document": "{{Hash}}", "by": "Ada" } ] },
            { "name": "Mail Ltd", "task": "Mail", "data": "names, addresses, totals", "place": "Testland", "since": "2027-02-14", "version": 2, "hosts": ["smtp.mail.test"], "evidence": [
              { "what": "contract", "on": "2027-01-10", "document": "{{Hash}}", "by": "Ada" }, { "what": "equalDuties", "on": "2027-01-10", "document": "{{Hash}}", "by": "Ada" }, { "what": "assessment", "on": "2027-01-11", "document": "{{Hash}}", "by": "Ada" } ] }
          ]
        }
        """;

    [Fact]
    [Promise("P-8-j")]
    public void A_host_gets_data_only_while_its_company_stands_there_with_evidence_of_the_last_year()
    {
        var register = SubProcessorRegister.Read(Sound);

        Assert.Null(register.Refusal("smtp.mail.test", Today));
        Assert.Null(register.Refusal("SMTP.mail.test", Today));
        Assert.Contains("belongs to no company", register.Refusal("smtp.other.test", Today), StringComparison.Ordinal);
        Assert.Contains("belongs to no company", register.Refusal("a.smtp.mail.test", Today), StringComparison.Ordinal);
        Assert.Contains("begins on 2027-02-14", register.Refusal("smtp.mail.test", new(2027, 2, 13)), StringComparison.Ordinal);
        Assert.Null(register.Refusal("smtp.mail.test", new(2027, 2, 14)));
        Assert.Null(register.Refusal("smtp.mail.test", new(2028, 1, 9)));
        Assert.Contains("no evidence of a contract", register.Refusal("smtp.mail.test", new(2028, 1, 10)), StringComparison.Ordinal);
        foreach (var what in SubProcessor.Needed)
        {
            var mail = register.Find("Mail Ltd")!;
            var without = register with { Companies = [mail with { Evidence = [.. mail.Evidence.Where(evidence => evidence.What != what)] }] };
            Assert.Contains($"no evidence of {SubProcessorRegister.Words(what)}", without.Refusal("smtp.mail.test", Today), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_list_is_empty_by_itself_and_lets_nothing_out()
    {
        Assert.Empty(SubProcessorRegister.Empty.Companies);
        Assert.NotNull(SubProcessorRegister.Empty.Refusal("smtp.mail.test", Today));
        Assert.Equal([2, 1], SubProcessorRegister.Read(Sound).Versions.Select(version => version.Number));
        Assert.Empty(SubProcessorRegister.Read("""{ "versions": [], "subProcessors": [] }""").Companies);
    }

    [Theory]
    [InlineData("\"number\": 2", "\"number\": 3", "without a gap")]
    [InlineData("\"date\": \"2027-01-15\"", "\"date\": \"2026-01-15\"", "later day")]
    [InlineData("\"change\": \"Hosting.\"", "\"change\": \" \"", "does not say what changed")]
    [InlineData("\"name\": \"Mail Ltd\"", "\"name\": \"Host Ltd\"", "stands twice")]
    [InlineData("\"place\": \"Testland\"", "\"place\": \"\"", "needs name, task, data and place")]
    [InlineData("\"since\": \"2027-02-14\"", "\"since\": \"2027-02-13\"", "less than 30 days")]
    [InlineData("\"version\": 2", "\"version\": 7", "which there is not")]
    [InlineData("smtp.mail.test", "https://smtp.mail.test", "no host name")]
    [InlineData("smtp.mail.test", "localhost", "no host name")]
    [InlineData("smtp.mail.test", "10.0.0.1", "no host name")]
    [InlineData("\"hosts\": []", "\"hosts\": [\"smtp.mail.test\"]", "belongs to two companies")]
    [InlineData("\"by\": \"Ada\"", "\"by\": \"\"", "needs who looked")]
    [InlineData("\"document\": \"0", "\"document\": \"x", "SHA-256")]
    [InlineData("\"task\": \"Mail\"", "\"Task\": \"Mail\"", "cannot be read")]
    [InlineData("\"what\": \"contract\"", "\"what\": \"promise\"", "cannot be read")]
    [InlineData("\"since\": \"2026-12-01\"", "\"since\": \"1.12.2026\"", "cannot be read")]
    [InlineData("\"subProcessors\"", "\"companies\"", "cannot be read")]
    [InlineData("\"place\": \"Testland\", ", "", "cannot be read")]
    public void What_breaks_a_rule_is_refused_with_its_field(string sound, string broken, string words) =>
        Assert.Contains(words, Assert.Throws<FormatException>(() => SubProcessorRegister.Read(Sound.Replace(sound, broken, StringComparison.Ordinal))).Message, StringComparison.Ordinal);
}
