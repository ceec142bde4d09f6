using System.Net;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace Autonoomi.Marketplace.Http.Login;

/// <summary>
/// The two consent screens: <c>GET</c> shows who asks for what, and the form posts the decision to the same address with the same query,
/// so a simple client needs nothing but <c>POST</c> with <c>decision=allow</c> or <c>decision=deny</c>.
/// </summary>
internal sealed class ConsentPages(WorldGate gate)
{
    public Answer ShowAds(Call call) => AdsProblem(call) ?? Page(call, "Autonoomi (advertising)", "Advertising console",
        "view and change the campaigns, bids and budgets of your Sponsored Products, and read their reports", Logins);

    public Answer DecideAds(Call call)
    {
        if (AdsProblem(call) is { } problem) return problem;
        var redirect = call.Query("redirect_uri")!;
        var state = call.Query("state");
        if (!IsAllowed(call)) return Back(redirect, ("error", "access_denied"), ("error_description", "Access not permitted."), ("state", state));

        if (Chosen(call, Logins) is not { } login) return Refusal("This login is not known.");
        var code = gate.Grants.IssueCode(GrantKind.Ads, call.Query("client_id")!, login, redirect, call.Query("code_challenge"), gate.Now);
        return Back(redirect, ("code", code), ("scope", PretendApps.AdsScope), ("state", state));
    }

    public Answer ShowSeller(Call call) => SellerProblem(call) ?? Page(call, "Autonoomi (selling partner)", "Seller Central",
        "read your listings, stock, orders without anything about buyers, and your economics", Accounts);

    public Answer DecideSeller(Call call)
    {
        if (SellerProblem(call) is { } problem) return problem;
        var redirect = call.Query("redirect_uri")!;
        var state = call.Query("state");
        if (!IsAllowed(call)) return Back(redirect, ("error", "access_denied"), ("error_description", "Access not permitted."), ("state", state));

        if (Chosen(call, Accounts) is not { } account) return Refusal("This account is not known.");
        if (gate.Faults.IsSecondaryUser) return Refusal("SPDC8143: only the primary user of the selling account can authorise an application.");
        if (gate.Faults.IsConsentLimitReached) return Refusal("CONSENT_LIMIT_REACHED: an application that is not listed takes 25 authorisations.");
        var code = gate.Grants.IssueCode(GrantKind.SellingPartner, PretendApps.SellingPartnerClientId, account, redirect, challenge: null, gate.Now);
        return Back(redirect, ("spapi_oauth_code", code), ("state", state), ("selling_partner_id", account));
    }

    /// <summary>The Appstore's page of the application: a seller agrees, and Amazon opens the application's log-in address.</summary>
    public Answer ShowAppstore(Call call) => AppstoreProblem(call) ?? Page(call, "Autonoomi (selling partner)", "Selling Partner Appstore",
        "connect your account: you go on to the application's own log-in page", Accounts);

    public Answer DecideAppstore(Call call)
    {
        if (AppstoreProblem(call) is { } problem) return problem;
        if (!IsAllowed(call)) return Refusal("Nothing was authorised.");
        if (Chosen(call, Accounts) is not { } account) return Refusal("This account is not known.");
        return Back(call.Query("login_uri")!,
            ("amazon_callback_uri", $"{call.BaseAddress}/apps/authorize/confirm/{call.Query("application_id")}"), ("amazon_state", gate.Grants.BeginAppstore(account, gate.Now)),
            ("selling_partner_id", account), ("version", IsDraft(call) ? "beta" : null));
    }

    /// <summary>Where the application sends the seller back to, with Amazon's mark and its own.</summary>
    public Answer Confirm(Call call)
    {
        if (ApplicationProblem(call, call.Route("applicationId")) is { } problem) return problem;
        if (gate.Grants.TakeAppstore(call.Query("amazon_state") ?? "", gate.Now) is not { } owner) return Refusal("MD5102: amazon_state is missing, used or older than ten minutes.");
        var code = gate.Grants.IssueCode(GrantKind.SellingPartner, PretendApps.SellingPartnerClientId, owner, call.Query("redirect_uri"), challenge: null, gate.Now);
        return Back(call.Query("redirect_uri")!, ("spapi_oauth_code", code), ("state", call.Query("state")), ("selling_partner_id", owner));
    }

    private static Answer? AppstoreProblem(Call call)
    {
        if (call.Query("application_id") is not (PretendApps.SellingPartnerApplicationId or PretendApps.DraftApplicationId)) return Refusal("This application is not in the Appstore.");
        return IsAcceptable(call.Query("login_uri")) ? null : Refusal("The application's log-in address is not registered.");
    }

    private static bool IsDraft(Call call) => call.Query("application_id") == PretendApps.DraftApplicationId;

    private static Answer? AdsProblem(Call call)
    {
        if (call.Query("client_id") is not (PretendApps.AdsClientId or PretendApps.OwnAdsClientId)) return Refusal("An unknown client_id was passed.");
        if (!IsAcceptable(call.Query("redirect_uri"))) return Refusal("The redirect URI you provided has not been whitelisted for your application.");
        var redirect = call.Query("redirect_uri")!;
        var state = call.Query("state");
        if (call.Query("response_type") != "code") return Back(redirect, ("error", "unsupported_response_type"), ("error_description", "An unsupported response type was requested."), ("state", state));
        if (call.Query("scope") != PretendApps.AdsScope) return Back(redirect, ("error", "invalid_scope"), ("error_description", "An unknown scope was requested."), ("state", state));
        if (call.Query("code_challenge") is not null && call.Query("code_challenge_method") != "S256")
            return Back(redirect, ("error", "invalid_request"), ("error_description", "The code challenge method is not supported."), ("state", state));
        return null;
    }

    private static Answer? SellerProblem(Call call) => ApplicationProblem(call, call.Query("application_id"));

    private static Answer? ApplicationProblem(Call call, string? application)
    {
        var draft = application == PretendApps.DraftApplicationId;
        if (!draft && application != PretendApps.SellingPartnerApplicationId) return Refusal("MD1000: this application is not known.");
        if (draft && call.Query("version") != "beta") return Refusal("MD1000: the application is a draft; send version=beta.");
        if (!draft && call.Query("version") is not null) return Refusal("MD1000: the application is published; version=beta is for drafts.");
        if (string.IsNullOrEmpty(call.Query("state"))) return Refusal("MD5100: state is missing.");
        if (call.Query("redirect_uri") is not { } redirect) return Refusal("MD9100: no redirect URI is registered; send redirect_uri.");
        if (redirect.Contains('#', StringComparison.Ordinal)) return Refusal("MD5110: the redirect URI has a fragment.");
        return IsAcceptable(redirect) ? null : Refusal("MD5101: the redirect URI is not registered.");
    }

    // Every loopback address counts as registered: the product under test picks its own port.
    private static bool IsAcceptable(string? redirect) =>
        Uri.TryCreate(redirect, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" && address.IsLoopback && address.Fragment.Length == 0;

    private static bool IsAllowed(Call call) => Form(call, "decision") == "allow";

    private static string? Form(Call call, string name) => QueryHelpers.ParseQuery(Encoding.UTF8.GetString(call.Body.Span)).TryGetValue(name, out var value) ? value.ToString() : null;

    /// <summary>Who may sign in at the advertising console: a login sees all storefronts of its seller.</summary>
    private IEnumerable<(string Value, string Label)> Logins => gate.Memory.Sellers.Select(seller => (seller.StoreName, seller.StoreName));

    /// <summary>Who may sign in at Seller Central: an account a region.</summary>
    private IEnumerable<(string Value, string Label)> Accounts => gate.Memory.Sellers.SelectMany(seller => seller.Worlds.Select(world => world.Marketplace.Region).Distinct()
        .Select(region => (seller.SellingPartnerId(region), $"{seller.StoreName} ({string.Join(", ", seller.Worlds.Where(world => world.Marketplace.Region == region).Select(world => world.Marketplace.Country))})")));

    /// <returns>The value that the form chose, the first one without a choice, null for one that is not offered.</returns>
    private static string? Chosen(Call call, IEnumerable<(string Value, string Label)> offered)
    {
        var values = offered.Select(each => each.Value).ToList();
        return Form(call, "account") is not { } wanted ? values[0] : values.Contains(wanted, StringComparer.Ordinal) ? wanted : null;
    }

    private static string Choice(IReadOnlyCollection<(string Value, string Label)> offered) => offered.Count == 1
        ? $"<strong>{WebUtility.HtmlEncode(offered.First().Label)}</strong>"
        : $"<select name=\"account\" form=\"decision\" aria-label=\"Account\">{string.Concat(offered.Select(each => $"<option value=\"{WebUtility.HtmlEncode(each.Value)}\">{WebUtility.HtmlEncode(each.Label)}</option>"))}</select>";

    private static Answer Back(string redirect, params (string Name, string? Value)[] parameters)
    {
        var address = new StringBuilder(redirect).Append(redirect.Contains('?', StringComparison.Ordinal) ? '&' : '?');
        address.AppendJoin('&', parameters.Where(each => each.Value is not null).Select(each => $"{each.Name}={Uri.EscapeDataString(each.Value!)}"));
        return Answer.Redirect(address.ToString()).With("Referrer-Policy", "no-referrer").With("Cache-Control", "no-store");
    }

    private static Answer Refusal(string message) => Framed(400, "We're sorry", $"<h1>We cannot show this consent</h1><p>{WebUtility.HtmlEncode(message)}</p>");

    private static Answer Page(Call call, string app, string where, string what, IEnumerable<(string Value, string Label)> offered) => Framed(200, "Allow access?", $"""
        <h1>Allow {WebUtility.HtmlEncode(app)} to work with your account?</h1>
        <p>{WebUtility.HtmlEncode(where)} of the simulated seller {Choice([.. offered])}</p>
        <p>It asks to {WebUtility.HtmlEncode(what)}.</p>
        <form id="decision" method="post" action="{WebUtility.HtmlEncode(call.Path + call.Http.QueryString.Value)}">
        <button id="allow" name="decision" value="allow" type="submit">Allow</button>
        <button id="deny" name="decision" value="deny" type="submit" class="quiet">Deny</button>
        </form>
        """);

    private static Answer Framed(int status, string title, string content) => Answer.Html(status, $$"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>{{title}} (pretend Amazon)</title>
        <style>
        body { font: 16px/1.5 system-ui, sans-serif; margin: 0; color: #1b1f24; background: #f4f5f7; }
        .note { background: #fff3c4; border-bottom: 1px solid #d9b400; padding: .6rem 1rem; text-align: center; }
        main { max-width: 34rem; margin: 3rem auto; background: #fff; border: 1px solid #d5d9de; border-radius: 8px; padding: 1.5rem 2rem; }
        h1 { font-size: 1.25rem; }
        button { font: inherit; padding: .55rem 1.4rem; border-radius: 6px; border: 1px solid #1f4fd8; background: #1f4fd8; color: #fff; cursor: pointer; }
        button.quiet { background: #fff; color: #1b1f24; border-color: #8a929c; margin-left: .5rem; }
        </style>
        </head>
        <body>
        <p class="note">This is a <strong>pretend Amazon</strong> on your own machine. It is not Amazon and asks for no password.</p>
        <main>{{content}}</main>
        </body>
        </html>
        """).With("Referrer-Policy", "no-referrer").With("Cache-Control", "no-store").With("X-Frame-Options", "DENY")
        .With("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'");
}
