using System.Collections.Concurrent;
using System.IO;
using System.IO.Compression;
using Autonoomi.Amazon.Ads;
using Autonoomi.Amazon.Login;
using Autonoomi.Amazon.Reports;
using Autonoomi.Amazon.SellingPartner;
using Autonoomi.Core.Primitives;
using Autonoomi.Privacy;
using Autonoomi.Privacy.Egress;
using Autonoomi.Testing;
using Autonoomi.Testing.Specs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Autonoomi.Amazon.Tests;

/// <summary>The product's own registration of the clients, turned to one address and hurried up; every exchange is held against Amazon's specifications when they are at hand.</summary>
internal sealed class Clients : IAsyncDisposable
{
    public static readonly Marketplace Us = Marketplace.Find("ATVPDKIKX0DER");
    public static readonly GrantHandle AdsGrant = new("ads-1", GrantKind.Ads, new Secret("Atzr|refresh-canary-ads"));
    public static readonly GrantHandle SellerGrant = new("sp-1", GrantKind.SellingPartner, new Secret("Atzr|refresh-canary-seller"));
    private readonly ServiceProvider provider;
    private readonly SpecCheckingHandler? check;
    private readonly KeepingLogs logs = new();

    public Clients(Uri address, Action<AmazonOptions>? more = null, bool checkSpecs = false, EgressDoor? door = null)
    {
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(logs));
        if (door is not null) services.AddSingleton(door);
        services.AddAmazon(options =>
        {
            options.PointAt(address);
            options.AdsClientId = "amzn1.application-oa2-client.ads";
            options.AdsClientSecret = "client-secret-canary-ads";
            options.SellingPartnerClientId = "amzn1.application-oa2-client.sp";
            options.SellingPartnerClientSecret = "client-secret-canary-sp";
            options.SellingPartnerApplicationId = "amzn1.sp.solution.app";
            options.BackOffBase = TimeSpan.FromMilliseconds(2);
            options.BackOffLimit = TimeSpan.FromMilliseconds(20);
            options.RevocationRecheck = TimeSpan.FromMilliseconds(5);
            options.DuplicateWait = TimeSpan.FromMilliseconds(5);
            options.ExportPollFirst = TimeSpan.FromMilliseconds(2);
            options.ExportPollLimit = TimeSpan.FromMilliseconds(5);
            options.RateMultiplier = 10_000;
            options.JitterSeed = 1;
            more?.Invoke(options);
        });
        if (checkSpecs && Repository.Specs is not null)
        {
            check = new SpecCheckingHandler(SpecValidator.Amazon);
            foreach (var name in new[] { AmazonCalls.AdsClientName, AmazonCalls.SellingPartnerClientName })
                services.AddHttpClient(name).AddHttpMessageHandler(() => new SharedCheck(check));
            services.AddHttpClient(Documents.ClientName).AddHttpMessageHandler(() => new Keeper(this));
        }

        provider = services.BuildServiceProvider();
    }

    public LoginWithAmazon Login => provider.GetRequiredService<LoginWithAmazon>();

    public AccessTokens Tokens => provider.GetRequiredService<AccessTokens>();

    public AmazonConnections Connections => provider.GetRequiredService<AmazonConnections>();

    public AdsClient Ads => Connections.Ads(AdsGrant, new StorefrontId(3501), Us);

    public SellingPartnerClient Seller => SellerIn(Us);

    public SellingPartnerClient SellerIn(Marketplace marketplace) => Connections.SellingPartner(SellerGrant, "A1SELLER", marketplace);

    public AdsSession Session(GrantHandle grant, StorefrontId storefront, Marketplace marketplace) => new(provider.GetRequiredService<AmazonCalls>(), grant, storefront, marketplace);

    public IReadOnlyCollection<string> Violations => check?.Violations ?? [];

    public IReadOnlyDictionary<(string Operation, int Status), int> Exchanges => check?.Exchanges ?? new Dictionary<(string Operation, int Status), int>();

    /// <summary>Whether <see cref="LastDocument"/> is told, where exchanges are held against the specifications.</summary>
    public bool KeepsDocuments { get; set; }

    /// <summary>The newest downloaded document, unpacked.</summary>
    public string LastDocument { get; private set; } = "";

    public string Logs => string.Join('\n', logs.Lines);

    public ValueTask DisposeAsync() => provider.DisposeAsync();

    private sealed class Keeper(Clients clients) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            if (!clients.KeepsDocuments) return response;
            await response.Content.LoadIntoBufferAsync(cancellationToken);
            var bytes = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            using Stream plain = bytes is [0x1f, 0x8b, ..] ? new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress) : new MemoryStream(bytes);
            using var text = new StreamReader(plain);
            clients.LastDocument = await text.ReadToEndAsync(cancellationToken);
            return response;
        }
    }

    /// <summary>The factory builds one handler chain per client; the check behind both is one.</summary>
    private sealed class SharedCheck(SpecCheckingHandler check) : DelegatingHandler
    {
        private HttpMessageInvoker? inner;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            check.InnerHandler ??= new Hand();
            request.Options.Set(Hand.Next, InnerHandler!);
            inner ??= new HttpMessageInvoker(check, disposeHandler: false);
            return inner.SendAsync(request, cancellationToken);
        }
    }

    private sealed class Hand : HttpMessageHandler
    {
        public static readonly HttpRequestOptionsKey<HttpMessageHandler> Next = new("next");

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Options.TryGetValue(Next, out var next);
            return new HttpMessageInvoker(next!, disposeHandler: false).SendAsync(request, cancellationToken);
        }
    }

    private sealed class KeepingLogs : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            Lines.Enqueue($"scope {state}");
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Lines.Enqueue($"{logLevel} {formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
