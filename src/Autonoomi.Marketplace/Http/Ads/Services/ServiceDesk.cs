namespace Autonoomi.Marketplace.Http.Ads.Services;

/// <summary>What the small services around campaigns do alike: access, media types, the body as an object, and their family's refusal.</summary>
internal static class ServiceDesk
{
    /// <param name="gate">Whose world.</param>
    /// <param name="call">The call.</param>
    /// <param name="mediaType">Of the body; null where there is none.</param>
    /// <param name="handle">Gets the body; an empty one where there is none.</param>
    public static Answer Serve(WorldGate gate, Call call, string? mediaType, Func<Item, Answer> handle)
    {
        if (AdsAccess.Refuse(gate, call, needsScope: true) is { } refusal) return refusal;
        if (mediaType is not null && call.ContentType != mediaType) return Family.Error(call.Path, 415, "UNSUPPORTED_MEDIA_TYPE", $"Cannot consume content type; {mediaType} is expected.");
        if (call.Json() is not { } body) return Family.Error(call.Path, 400, "INVALID_ARGUMENT", "The body is not a JSON object.");
        try
        {
            return handle(new Item(body, "$"));
        }
        catch (MalformedBodyException problem)
        {
            return Family.Error(call.Path, 400, "INVALID_ARGUMENT", problem.Message);
        }
    }
}
