namespace Autonoomi.App.Platform;

/// <summary>An expected refusal in the user's words: what was wrong, which rule, what to do.</summary>
/// <param name="Message">Shown as it stands; never holds a secret.</param>
public abstract record Error(string Message);

/// <summary>Nothing to tell but that it went well.</summary>
public readonly record struct Done;

/// <summary>Either a value or the refusal that took its place.</summary>
public readonly record struct Result<T>
{
    private readonly T? value;

    private Result(T? value, Error? error) => (this.value, Error) = (value, error);

    /// <summary>Null when it went well.</summary>
    public Error? Error { get; }

    public bool IsOk => Error is null;

    /// <exception cref="InvalidOperationException">It was refused; look at <see cref="Error"/> first.</exception>
    public T Value => Error is null ? value! : throw new InvalidOperationException($"Refused: {Error.Message}");

    public static implicit operator Result<T>(T value) => new(value, null);
    public static implicit operator Result<T>(Error error) => new(default, error);
}
