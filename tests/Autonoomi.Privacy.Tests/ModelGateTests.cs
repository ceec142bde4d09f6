using Autonoomi.Testing;

namespace Autonoomi.Privacy.Tests;

/// <summary>The gate before language models: all 256 ways in which its eight reasons can be there or not.</summary>
public sealed class ModelGateTests
{
    private static readonly DateOnly Today = new(2026, 11, 30);
    private static readonly string Hash = new('a', 64);
    private static readonly ModelGate Gate = new([new("Provider", "model-1")], [new("explain-week", ["ratio", "band"])], 3);

    public static TheoryData<int> All => new(Enumerable.Range(0, 256));

    [Theory, MemberData(nameof(All))]
    [Promise("P-4-d", "P-4-f", "P-4-g", "P-4-h")]
    public void It_opens_only_when_every_reason_is_there_and_names_each_that_is_not(int bits)
    {
        bool Has(ModelRefusal reason) => (bits & (1 << (int)reason)) != 0;
        // A company that begins later is in the list with its evidence, so each reason can be missing alone.
        var company = Company(Has(ModelRefusal.Provider) ? Today : Today.AddDays(1),
            Has(ModelRefusal.Contract) ? SubProcessor.Needed : [EvidenceOf.Contract, EvidenceOf.EqualDuties], Has(ModelRefusal.Training), Has(ModelRefusal.Retention));
        var call = new ModelCall("Provider", Has(ModelRefusal.Model) ? "model-1" : "model-2", "explain-week", Has(ModelRefusal.Payload) ? ["ratio"] : ["ratio", "name"],
            Has(ModelRefusal.Consent) ? new(3, false) : bits % 3 == 0 ? null : bits % 3 == 1 ? new(2, false) : new(3, true), Has(ModelRefusal.Environment) ? "production" : "demo");

        var refusals = Gate.Refusals(call, Register(company), "production", Today);

        Assert.Equal(Enum.GetValues<ModelRefusal>().Where(reason => !Has(reason)), refusals.Order());
        Assert.Equal(bits == 255, refusals.IsEmpty);
        Assert.Equal(bits == 255, Gate.Refusals(call, Register(company), "production", Today).Length == 0);
    }

    [Fact]
    public void There_are_eight_reasons() => Assert.Equal(8, Enum.GetValues<ModelRefusal>().Length);

    [Theory, MemberData(nameof(All))]
    [Promise("P-4-d", "P-4-f", "P-4-g", "P-4-h")]
    public void In_this_version_it_is_closed_for_everything(int bits)
    {
        var whole = Company(Today, SubProcessor.Needed, true, true);
        var call = new ModelCall(bits % 2 == 0 ? "Provider" : "Other", $"model-{bits % 4}", bits % 8 < 4 ? "explain-week" : "", bits % 16 < 8 ? [] : ["ratio"], bits % 32 < 16 ? null : new(0, false), bits % 64 < 32 ? "production" : "demo");

        Assert.Contains(ModelRefusal.Model, ModelGate.InThisVersion.Refusals(call, Register(whole), "production", Today));
        Assert.Contains(ModelRefusal.Payload, ModelGate.InThisVersion.Refusals(call, Register(whole), "production", Today));
        Assert.Empty(ModelGate.InThisVersion.Hosts(Register(whole), Today));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(364, true)]
    [InlineData(365, false)]
    [InlineData(-1, false)] // of tomorrow
    public void Evidence_holds_for_a_year_to_the_day(int age, bool holds)
    {
        foreach (var what in Enum.GetValues<EvidenceOf>())
        {
            var company = Company(Today, SubProcessor.Needed, true, true);
            company = company with { Evidence = [.. company.Evidence.Select(evidence => evidence.What == what ? evidence with { On = Today.AddDays(-age) } : evidence)] };

            Assert.Equal(holds, Gate.Refusals(Call, Register(company), "production", Today).IsEmpty);
            Assert.Equal(holds, Gate.Hosts(Register(company), Today).Contains("api.provider.test"));
        }
    }

    [Fact]
    public void Who_is_in_no_list_is_refused_for_everything_that_the_list_would_show() =>
        Assert.Equal([ModelRefusal.Provider, ModelRefusal.Contract, ModelRefusal.Training, ModelRefusal.Retention], Gate.Refusals(Call, SubProcessorRegister.Empty, "production", Today));

    [Fact]
    public void A_task_takes_its_fields_and_no_others_and_a_strange_task_none()
    {
        var register = Register(Company(Today, SubProcessor.Needed, true, true));

        Assert.Empty(Gate.Refusals(Call with { Fields = ["ratio", "band"] }, register, "production", Today));
        foreach (var field in (string[])["Ratio", "", "ratio ", "searchTerm"]) Assert.Equal([ModelRefusal.Payload], Gate.Refusals(Call with { Fields = ["ratio", field] }, register, "production", Today));
        Assert.Equal([ModelRefusal.Payload], Gate.Refusals(Call with { Task = "anything", Fields = [] }, register, "production", Today));
    }

    private static ModelCall Call => new("Provider", "model-1", "explain-week", ["ratio"], new(3, false), "production");

    private static SubProcessorRegister Register(SubProcessor company) => new([new(1, new(2026, 1, 1), "First.")], [company]);

    private static SubProcessor Company(DateOnly since, IEnumerable<EvidenceOf> evidence, bool noTraining, bool zeroRetention) =>
        new("Provider", "Writing", "Ratios and bands", "Testland", since, 1, ["api.provider.test"],
            [.. evidence.Concat(noTraining ? [EvidenceOf.NoTraining] : (EvidenceOf[])[]).Concat(zeroRetention ? [EvidenceOf.ZeroRetention] : (EvidenceOf[])[]).Select(what => new SubProcessorEvidence(what, Today.AddDays(-10), Hash, "Ada"))]);
}
