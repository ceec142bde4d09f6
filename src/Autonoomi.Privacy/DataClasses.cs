using Microsoft.Extensions.Compliance.Classification;

namespace Autonoomi.Privacy;

/// <summary>What kind of data a value is; decides where it may rest and that no log shows it.</summary>
public static class DataClasses
{
    public const string Taxonomy = "Autonoomi";

    /// <summary>K0: keys, tokens, client secrets, passwords.</summary>
    public static DataClassification Secrets => new(Taxonomy, "K0-secret");

    /// <summary>K1: anything about a shopper. We never ask for it; the class exists so that a find can be named.</summary>
    public static DataClassification Buyers => new(Taxonomy, "K1-buyer");

    /// <summary>K2: what a seller tells us: cost of goods, margins, budgets.</summary>
    public static DataClassification SellerEconomics => new(Taxonomy, "K2-seller");

    /// <summary>K3: what Amazon tells us about a seller: campaigns, terms, sales, stock.</summary>
    public static DataClassification AmazonInformation => new(Taxonomy, "K3-amazon");

    /// <summary>K4: who our users are: name, e-mail, company.</summary>
    public static DataClassification Identity => new(Taxonomy, "K4-identity");

    /// <summary>K5: what the product notes about its own work: ids, states, instants, counts, pseudonyms.</summary>
    public static DataClassification Operational => new(Taxonomy, "K5-operational");
}

/// <summary>K0.</summary>
public sealed class SecretDataAttribute() : DataClassificationAttribute(DataClasses.Secrets);

/// <summary>K1.</summary>
public sealed class BuyerDataAttribute() : DataClassificationAttribute(DataClasses.Buyers);

/// <summary>K2.</summary>
public sealed class SellerDataAttribute() : DataClassificationAttribute(DataClasses.SellerEconomics);

/// <summary>K3.</summary>
public sealed class AmazonDataAttribute() : DataClassificationAttribute(DataClasses.AmazonInformation);

/// <summary>K4.</summary>
public sealed class IdentityDataAttribute() : DataClassificationAttribute(DataClasses.Identity);
