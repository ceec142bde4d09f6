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

/// <summary>Amazon does not know this installation's client id and secret: the operator's matter, no seller's consent is at fault.</summary>
public sealed class OperatorCredentialsException(Login.GrantKind kind, string? code, string? requestId)
    : Exception($"Login with Amazon refused this installation's {(kind == Login.GrantKind.Ads ? "Ads" : "Selling Partner")} client id and secret ({code ?? "no code"}): they are wrong, rotated or expired. Put the current ones into the configuration.{(requestId is null ? "" : $" (request {requestId})")}")
{
    public Login.GrantKind Kind { get; } = kind;

    public string? Code { get; } = code;

    public string? RequestId { get; } = requestId;
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
