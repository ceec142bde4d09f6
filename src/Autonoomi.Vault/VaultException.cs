namespace Autonoomi.Vault;

/// <summary>The vault refused. The message names what it met, the rule, and the fix; it never holds a value.</summary>
public abstract class VaultException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The master key does not open the key ledger or the database: another key, or another environment's.</summary>
public sealed class WrongMasterKeyException(string message, Exception? inner = null) : VaultException(message, inner);

/// <summary>Data or a ledger says that a master key existed, and it is not there.</summary>
public sealed class MasterKeyMissingException(string message) : VaultException(message);

/// <summary>A key file is readable by others, or its text is damaged.</summary>
public sealed class KeyFileException(string message, Exception? inner = null) : VaultException(message, inner);

/// <summary>The seller has no data key (any more).</summary>
public sealed class SellerKeyMissingException(string message) : VaultException(message);

/// <summary>Something at rest is not what was sealed: flipped, moved, rolled back, removed, or from another environment.</summary>
public sealed class SealBrokenException(string message, Exception? inner = null) : VaultException(message, inner);

/// <summary>The seller has a newer owner; this one must stop.</summary>
public sealed class StaleOwnerException(string message) : VaultException(message);

/// <summary>Somebody else committed first; open the vault again, decide again, commit again.</summary>
public sealed class VaultConflictException(string message) : VaultException(message);

/// <summary>A backup set is damaged, incomplete, too old, or of another environment.</summary>
public sealed class BackupException(string message, Exception? inner = null) : VaultException(message, inner);
