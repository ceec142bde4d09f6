using Autonoomi.Core.Primitives;

namespace Autonoomi.Vault;

/// <summary>Master key → one key-encryption key of the environment → one data key per seller and one application key.</summary>
public sealed class KeyChain : IDisposable
{
    private KeyChain() { }

    /// <summary>True when the master key was made just now: tell the operator, loudly, to back it up.</summary>
    public bool Created { get; private init; }

    /// <summary>Where the master key rests.</summary>
    public string MasterKeyFile { get; private init; } = "";

    public string Environment { get; private init; } = "";

    /// <summary>Seals control tables that belong to no seller.</summary>
    public FieldSealer Application => throw new NotImplementedException();

    /// <param name="keyFolder">A folder apart from the data folder; made with mode 0700.</param>
    /// <param name="environment">For example <c>demo</c> or <c>production</c>; bound into every key.</param>
    /// <param name="dataExists">True when the data folder or database already holds something: then a missing key is an error and none is made.</param>
    /// <exception cref="VaultException">Missing, wrong, damaged or too openly readable key files.</exception>
    public static KeyChain OpenOrCreate(string keyFolder, string environment, bool dataExists = false) => throw new NotImplementedException();

    public bool HasSeller(SellerId seller) => throw new NotImplementedException();

    /// <summary>Makes a data key; nothing happens when the seller has one.</summary>
    /// <exception cref="SellerKeyMissingException">The seller's key was destroyed; an id is never used again.</exception>
    public void CreateSeller(SellerId seller) => throw new NotImplementedException();

    /// <summary>Destroys the data key: what was sealed with it stays sealed for ever.</summary>
    public void DestroySeller(SellerId seller) => throw new NotImplementedException();

    /// <summary>Seals columns of control tables that belong to a seller (tokens, names): shredding the seller shreds them too.</summary>
    /// <exception cref="SellerKeyMissingException">The seller has no key.</exception>
    public FieldSealer ForSeller(SellerId seller) => throw new NotImplementedException();

    public void Dispose() { }
}
