using System.Collections.Concurrent;

namespace Autonoomi.Testing.Specs;

/// <summary>Put into an HTTP client's pipeline: checks every exchange with a specified operation and keeps what does not fit.</summary>
public sealed class SpecCheckingHandler : DelegatingHandler
{
    private readonly SpecValidator validator;
    private readonly ConcurrentQueue<string> violations = new();
    private readonly ConcurrentDictionary<(string Operation, int Status), int> exchanges = new();

    /// <param name="validator">The specifications.</param>
    /// <param name="inner">The next handler; null when a factory sets it.</param>
    public SpecCheckingHandler(SpecValidator validator, HttpMessageHandler? inner = null)
    {
        this.validator = validator;
        if (inner is not null) InnerHandler = inner;
    }

    public IReadOnlyCollection<string> Violations => violations;

    /// <summary>How often each operation was seen with each status: what the check has really covered.</summary>
    public IReadOnlyDictionary<(string Operation, int Status), int> Exchanges => exchanges;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var target = request.RequestUri!.PathAndQuery;
        if (!SpecValidator.Covers(request.RequestUri.AbsolutePath)) return await base.SendAsync(request, cancellationToken);

        var requestBody = request.Content is null ? null : await request.Content.ReadAsStringAsync(cancellationToken);
        var headers = request.Headers.SelectMany(header => header.Value.Select(value => KeyValuePair.Create(header.Key, value))).ToList();
        var requestViolations = validator.ValidateRequest(request.Method.Method, target, headers, request.Content?.Headers.ContentType?.MediaType, requestBody);

        var response = await base.SendAsync(request, cancellationToken);
        await response.Content.LoadIntoBufferAsync(cancellationToken);
        var body = await response.Content.ReadAsStringAsync(cancellationToken);
        var status = (int)response.StatusCode;

        // A request that was refused as malformed may be malformed: that is what the refusal is for.
        if (status is not (400 or 401 or 403 or 404 or 406 or 415)) foreach (var violation in requestViolations) violations.Enqueue(violation);
        foreach (var violation in validator.ValidateResponse(request.Method.Method, target, status, response.Content.Headers.ContentType?.MediaType, body)) violations.Enqueue(violation);
        exchanges.AddOrUpdate((validator.OperationOf(request.Method.Method, target) ?? target, status), 1, (_, count) => count + 1);
        return response;
    }
}
