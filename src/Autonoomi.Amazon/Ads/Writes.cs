using System.Globalization;
using System.Net;
using System.Text.Json;

namespace Autonoomi.Amazon.Ads;

/// <summary>What every writer of the Ads API does alike: batches, one outcome per item in order, and what a failed call means for its items.</summary>
internal static class Writes
{
    /// <summary>No operation of Amazon's does this: refused before anything is sent.</summary>
    public static ChangeOutcome NoSuchOperation(string why) => new(OutcomeKind.Refused, Code: "NO_SUCH_OPERATION", Message: why);

    public static ChangeOutcome[] Same(int count, ChangeOutcome outcome) => [.. Enumerable.Repeat(outcome, count)];

    /// <summary>Nothing said, nothing known.</summary>
    public static ChangeOutcome[] NotMentioned(int count) => Same(count, new(OutcomeKind.Unknown, Code: "NOT_MENTIONED", Message: "Amazon's answer does not mention it."));

    /// <summary>Writes the items (changes, creations) of one kind that belong to one operation, in batches, and puts their outcomes where the items stand.</summary>
    public static async Task EachAsync<TItem, T>(
        IReadOnlyList<TItem> items, ChangeOutcome?[] outcomes, int batchSize, Func<T, bool> belongs, Func<IReadOnlyList<T>, CancellationToken, Task<IReadOnlyList<ChangeOutcome>>> write, CancellationToken cancellationToken)
        where TItem : class
        where T : class, TItem
    {
        foreach (var batch in Enumerable.Range(0, items.Count).Where(index => outcomes[index] is null && items[index] is T item && belongs(item)).Chunk(batchSize))
        {
            var answers = await write([.. batch.Select(index => (T)items[index])], cancellationToken).ConfigureAwait(false);
            for (var at = 0; at < batch.Length; at++) outcomes[batch[at]] = answers[at];
        }
    }

    /// <summary>Sends one batch. A call that fails as a whole says the same of each of its items.</summary>
    /// <param name="session">Profile and grant.</param>
    /// <param name="call">The write.</param>
    /// <param name="count">Items in it.</param>
    /// <param name="read">Reads the answer of a call that succeeded.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<IReadOnlyList<ChangeOutcome>> SendAsync(AdsSession session, AmazonCalls.Call call, int count, Func<byte[], IReadOnlyList<ChangeOutcome>> read, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await session.Calls.SendAsync(session.Grant, call, cancellationToken).ConfigureAwait(false);
            if (response.StatusCode is not (HttpStatusCode.MultiStatus or HttpStatusCode.OK)) return Same(count, new(OutcomeKind.Unknown, Code: Text((int)response.StatusCode)));
            return read(await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false));
        }
        catch (AmazonApiException throttled) when (throttled.Status == HttpStatusCode.TooManyRequests)
        {
            return Same(count, new(OutcomeKind.Retryable, Code: throttled.Code ?? "429", Message: "Amazon asked to slow down."));
        }
        catch (AmazonApiException outage) when (outage.IsTransient)
        {
            return Same(count, new(OutcomeKind.Unknown, Code: outage.Code ?? (outage.Status is { } status ? Text((int)status) : "NO_ANSWER"), Message: "No answer says whether Amazon took it."));
        }
        catch (AmazonApiException refused) when (refused.Status is HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.UnprocessableEntity)
        {
            // The request as a whole was wrong; the other batches are judged on their own.
            return Same(count, new(OutcomeKind.Refused, Code: refused.Code ?? "INVALID_ARGUMENT", Message: refused.Message));
        }
    }

    /// <summary>The two lists of a multi-status answer, brought back into the order of the request. An index in neither list is unknown.</summary>
    /// <param name="body">The answer.</param>
    /// <param name="payload">Key of the object that holds the lists.</param>
    /// <param name="count">Items in the request.</param>
    /// <param name="ids">The request's ids in order, for answers that name ids in place of indexes; null for creations.</param>
    public static IReadOnlyList<ChangeOutcome> Indexed(ReadOnlyMemory<byte> body, string payload, int count, IReadOnlyList<long>? ids)
    {
        var outcomes = NotMentioned(count);
        try
        {
            using var json = JsonDocument.Parse(body);
            if (json.RootElement.ValueKind != JsonValueKind.Object || !json.RootElement.TryGetProperty(payload, out var lists) || lists.ValueKind != JsonValueKind.Object) return outcomes;
            foreach (var item in Items(lists, "success"))
            {
                var number = AnyId(item);
                if (Position(item, number) is { } at) outcomes[at] = new(OutcomeKind.Accepted, number);
            }

            foreach (var item in Items(lists, "error"))
            {
                if (Position(item, null) is { } at) outcomes[at] = Refusal(item);
            }
        }
        catch (JsonException)
        {
            // An answer that cannot be read says nothing about any item.
        }

        return outcomes;

        static IEnumerable<JsonElement> Items(JsonElement lists, string name) =>
            lists.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.Object) : [];

        int? Position(JsonElement item, long? number)
        {
            if (item.TryGetProperty("index", out var index) && index.ValueKind == JsonValueKind.Number && index.TryGetInt32(out var at) && at >= 0 && at < count) return at;
            for (var place = 0; number is not null && ids is not null && place < ids.Count; place++)
                if (ids[place] == number) return place;
            return null;
        }
    }

    /// <summary>An answer that is a list in the order of the request, or a single object for a single item: each with an id and a code that is <c>SUCCESS</c> or a refusal.</summary>
    /// <param name="body">The answer.</param>
    /// <param name="idName">Property of the id.</param>
    /// <param name="count">Items in the request.</param>
    /// <param name="ids">The request's ids in order; they place the items when the answer is shorter than the request. Null for creations.</param>
    public static IReadOnlyList<ChangeOutcome> Ordered(ReadOnlyMemory<byte> body, string idName, int count, IReadOnlyList<long>? ids)
    {
        var outcomes = NotMentioned(count);
        try
        {
            using var json = JsonDocument.Parse(body);
            var items = json.RootElement.ValueKind == JsonValueKind.Array ? json.RootElement.EnumerateArray().ToList() : [json.RootElement];
            for (var at = 0; at < items.Count; at++)
            {
                var id = items[at].ValueKind == JsonValueKind.Object && items[at].TryGetProperty(idName, out var named) && named.ValueKind == JsonValueKind.Number && named.TryGetInt64(out var number) ? number : (long?)null;
                var place = items.Count == count ? at : id is not null && ids is not null ? Enumerable.Range(0, count).Where(index => ids[index] == id).Select(index => (int?)index).FirstOrDefault() : null;
                if (place is not { } found) continue;
                var code = Word(items[at], "code");
                outcomes[found] = code == "SUCCESS" ? new(OutcomeKind.Accepted, id) : Refused(code, Word(items[at], "description") ?? Word(items[at], "details"));
            }
        }
        catch (JsonException)
        {
            // As above.
        }

        return outcomes;
    }

    /// <summary>Two lists side by side whose items carry their index, a code and details.</summary>
    public static IReadOnlyList<ChangeOutcome> Listed(ReadOnlyMemory<byte> body, string successes, string errors, string indexName, int count)
    {
        var outcomes = NotMentioned(count);
        try
        {
            using var json = JsonDocument.Parse(body);
            foreach (var (name, wasTaken) in new[] { (successes, true), (errors, false) })
            {
                if (json.RootElement.ValueKind != JsonValueKind.Object || !json.RootElement.TryGetProperty(name, out var list) || list.ValueKind != JsonValueKind.Array) continue;
                foreach (var item in list.EnumerateArray())
                {
                    if (item.ValueKind != JsonValueKind.Object || !item.TryGetProperty(indexName, out var index) || index.ValueKind != JsonValueKind.Number || !index.TryGetInt32(out var at) || at < 0 || at >= count) continue;
                    outcomes[at] = wasTaken ? new(OutcomeKind.Accepted, AnyId(item)) : Refused(Word(item, "code"), Word(item, "details"));
                }
            }
        }
        catch (JsonException)
        {
            // As above.
        }

        return outcomes;
    }

    private static long? AnyId(JsonElement item)
    {
        var id = item.EnumerateObject().FirstOrDefault(property => property.Name.EndsWith("Id", StringComparison.Ordinal)).Value;
        return id.ValueKind switch
        {
            JsonValueKind.String when long.TryParse(id.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) => parsed,
            JsonValueKind.Number when id.TryGetInt64(out var number) => number,
            _ => null,
        };
    }

    private static ChangeOutcome Refused(string? code, string? message) => code is null
        ? new(OutcomeKind.Unknown, Code: "NO_CODE", Message: "Amazon's answer names no code for it.")
        : new(MayBeRepeated(code) ? OutcomeKind.Retryable : OutcomeKind.Refused, Code: AmazonError.Clean(code, 60), Message: AmazonError.Clean(message));

    // The families spell the same two things differently.
    private static bool MayBeRepeated(string? code) => code is "throttledError" or "internalServerError" or "THROTTLED" or "TOO_MANY_REQUESTS" or "429" or "INTERNAL_ERROR" or "SERVER_IS_BUSY" or "500";

    private static ChangeOutcome Refusal(JsonElement item)
    {
        if (item.TryGetProperty("errors", out var errors) && errors.ValueKind == JsonValueKind.Array)
        {
            foreach (var error in errors.EnumerateArray().Where(error => error.ValueKind == JsonValueKind.Object))
            {
                var type = error.TryGetProperty("errorType", out var name) && name.ValueKind == JsonValueKind.String ? name.GetString() : null;
                var selected = error.TryGetProperty("errorValue", out var value) && value.ValueKind == JsonValueKind.Object
                    ? value.EnumerateObject().FirstOrDefault(property => property.Value.ValueKind == JsonValueKind.Object).Value
                    : default;
                return new(MayBeRepeated(type) || MayBeRepeated(Word(selected, "reason")) ? OutcomeKind.Retryable : OutcomeKind.Refused, Code: AmazonError.Clean(Word(selected, "reason") ?? type, 60), Message: AmazonError.Clean(Word(selected, "message")));
            }
        }

        return new(OutcomeKind.Refused, Code: "NO_REASON");
    }

    private static string? Word(JsonElement json, string name) => json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static string Text(int status) => status.ToString(CultureInfo.InvariantCulture);
}
