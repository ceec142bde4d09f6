using System.Net;

namespace Autonoomi.Amazon;

/// <summary>A call failed as a whole after the pipeline's retries. The message holds Amazon's own words, never a token and never a body.</summary>
/// <param name="operation">Which operation, for example <c>GET /v2/profiles</c>.</param>
/// <param name="status">HTTP status; null when no answer came.</param>
/// <param name="code">Amazon's code, where it gave one.</param>
/// <param name="message">Amazon's words, shortened; or ours when it gave none.</param>
/// <param name="requestId">What Amazon's support asks for.</param>
/// <param name="inner">The transport's failure, where there was one.</param>
public class AmazonApiException(string operation, HttpStatusCode? status, string? code, string message, string? requestId, Exception? inner = null)
    : Exception($"{operation}: {(status is { } known ? $"{(int)known} " : "")}{(code is null ? "" : $"{code}: ")}{message}{(requestId is null ? "" : $" (request {requestId})")}", inner)
{
    public string Operation { get; } = operation;

    public HttpStatusCode? Status { get; } = status;

    public string? Code { get; } = code;

    public string? RequestId { get; } = requestId;

    /// <summary>Of which consent's call; null where there was none.</summary>
    public Login.GrantKind? Grant { get; init; }

    /// <summary>The consent is good and this operation is not in it: a role is missing, or a person's right to one profile was taken away. Asked again with a new token already.</summary>
    public bool IsForbidden => Grant is not null && Status is HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized;

    /// <summary>Later may be better: throttling, an outage, no answer.</summary>
    public bool IsTransient => Status is null or HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError;
}

/// <summary>The seller withdrew the consent, or its year is over: the account waits until somebody connects it again.</summary>
public sealed class GrantRevokedException(Login.GrantKind kind, string? requestId)
    : Exception($"Amazon no longer accepts the {(kind == Login.GrantKind.Ads ? "Ads" : "Selling Partner")} consent (withdrawn or older than 365 days): connect the account again.{(requestId is null ? "" : $" (request {requestId})")}")
{
    public Login.GrantKind Kind { get; } = kind;

    public string? RequestId { get; } = requestId;
}

/// <summary>Amazon does not take a login client's id and secret: the matter of who runs that client, no seller's consent is at fault.</summary>
/// <param name="kind">Which API.</param>
/// <param name="code">Amazon's code.</param>
/// <param name="requestId">What Amazon's support asks for.</param>
/// <param name="ownClient">True for the client of one account (<see cref="Login.LoginClient"/>), false for the installation's.</param>
public sealed class OperatorCredentialsException(Login.GrantKind kind, string? code, string? requestId, bool ownClient = false)
    : Exception($"Login with Amazon refused {(ownClient ? "the account's own" : "this installation's")} {(kind == Login.GrantKind.Ads ? "Ads" : "Selling Partner")} client id and secret ({code ?? "no code"}): they are wrong, rotated or expired. {(ownClient ? "Type in the current secret on the connection page." : "Put the current ones into the configuration.")}{(requestId is null ? "" : $" (request {requestId})")}")
{
    public Login.GrantKind Kind { get; } = kind;

    public string? Code { get; } = code;

    public string? RequestId { get; } = requestId;

    public bool OwnClient { get; } = ownClient;
}

/// <summary>A document is not what was asked for; nothing of it is kept.</summary>
/// <param name="document">Which document, for example <c>SearchTermDay report</c>.</param>
/// <param name="row">Row from 1; 0 for the document as a whole.</param>
/// <param name="field">Amazon's name of the field; null for the document as a whole.</param>
/// <param name="rule">What was expected, and what was found instead.</param>
public sealed class AmazonDocumentException(string document, long row, string? field, string rule, Exception? inner = null)
    : Exception($"{document}{(row > 0 ? $", row {row}" : "")}{(field is null ? "" : $", field '{field}'")}: {rule}", inner)
{
    public string Document { get; } = document;

    public long Row { get; } = row;

    public string? Field { get; } = field;

    public string Rule { get; } = rule;
}
