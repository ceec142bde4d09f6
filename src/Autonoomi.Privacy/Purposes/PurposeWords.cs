using Microsoft.Extensions.Compliance.Classification;

namespace Autonoomi.Privacy;

/// <summary>Bases and classes in a reader's words.</summary>
public static class PurposeWords
{
    public static string Of(LegalBasis basis) => basis switch
    {
        LegalBasis.Contract => "contract",
        LegalBasis.Consent => "consent",
        LegalBasis.LegalDuty => "duty by law",
        LegalBasis.Interest => "legitimate interest",
    };

    /// <exception cref="ArgumentException">It is none of <see cref="DataClasses"/>.</exception>
    public static string Of(DataClassification seen)
    {
        if (seen == DataClasses.Secrets) return "keys and tokens";
        if (seen == DataClasses.Buyers) return "what was found about a shopper";
        if (seen == DataClasses.SellerEconomics) return "what you typed in";
        if (seen == DataClasses.AmazonInformation) return "what Amazon told";
        if (seen == DataClasses.Identity) return "who you are";
        if (seen == DataClasses.Operational) return "notes about the work";
        throw new ArgumentException($"'{seen}' is no class of data here.", nameof(seen));
    }
}
