using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Autonoomi.Amazon.Login;
using Autonoomi.Amazon.Throttling;
using Autonoomi.Core.Primitives;

namespace Autonoomi.Amazon.Ads;

/// <summary>What every operation of the Ads API shares for one profile of one consent: the grant, the marketplace's host, the scope and the lane.</summary>
internal sealed class AdsSession(AmazonCalls calls, GrantHandle grant, StorefrontId? storefront, Marketplace? marketplace)
{
    public AmazonCalls Calls { get; } = calls;

    public GrantHandle Grant { get; } = grant;

    public StorefrontId? Storefront { get; } = storefront;

    public AmazonOptions Options => Calls.Options;

    public bool HasMarketplace => marketplace is not null;

    public Marketplace Marketplace => marketplace ?? throw new InvalidOperationException("This client was made without a marketplace: it can only list profiles.");

    public string Scope => Storefront?.ToString() ?? throw new InvalidOperationException("This client was made without a profile: it can only list profiles.");

    public string Lane => $"ads:{Grant.Key}:{Storefront}";

    public Uri Address(string path) => new(Options.Regions[Marketplace.Region].Ads, path);

    /// <summary>One operation with one media type, as Sponsored Products v3 and Sponsored Brands v4 have it.</summary>
    public AmazonCalls.Call Call<T>(HttpMethod method, string path, string mediaType, bool repeatable, T body, JsonTypeInfo<T> type) =>
        new(method, Address(path), new CallPlan($"{method} {path}", Lane, Rate: null, repeatable), Scope, mediaType, JsonSerializer.SerializeToUtf8Bytes(body, type));

    public Task<T> ReadAsync<T>(AmazonCalls.Call call, JsonTypeInfo<T> type, CancellationToken cancellationToken) => Calls.ReadAsync(Grant, call, type, cancellationToken);
}
