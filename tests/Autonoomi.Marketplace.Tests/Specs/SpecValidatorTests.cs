using Autonoomi.Testing;
using Autonoomi.Testing.Specs;

namespace Autonoomi.Marketplace.Tests.Specs;

/// <summary>The kit itself must bite: a check that cannot fail proves nothing.</summary>
public sealed class SpecValidatorTests
{
    private const string KeywordMedia = "application/vnd.spKeyword.v3+json";
    private const string GoodKeyword = """{"keywords":[{"campaignId":"1","adGroupId":"2","keywordText":"oak board","matchType":"EXACT","state":"ENABLED","bid":0.5}]}""";

    private static readonly KeyValuePair<string, string>[] AdsHeaders =
        [new("Authorization", "Bearer Atza|x"), new("Amazon-Advertising-API-ClientId", "c"), new("Amazon-Advertising-API-Scope", "1")];

    private static readonly KeyValuePair<string, string>[] SellerHeaders = [new("x-amz-access-token", "Atza|x"), new("User-Agent", "Autonoomi/1.0 (Language=C#/14)")];

    [Fact]
    public void A_right_keyword_creation_passes() => Assert.Empty(Keyword(GoodKeyword));

    [Theory]
    [InlineData("\"bid\":0.5", "\"bit\":0.5", "bit")]
    [InlineData("\"campaignId\":\"1\"", "\"campaignId\":1", "not a string")]
    [InlineData("\"state\":\"ENABLED\"", "\"state\":\"ARCHIVED\"", "not one of")]
    [InlineData("\"matchType\":\"EXACT\",", "", "missing")]
    [InlineData("\"keywords\"", "\"keyword\"", "keyword")]
    public void A_wrong_field_of_a_request_is_found(string right, string wrong, string said) =>
        Assert.Contains(Keyword(GoodKeyword.Replace(right, wrong, StringComparison.Ordinal)), violation => violation.Contains(said, StringComparison.Ordinal));

    [Fact]
    public void A_missing_scope_a_wrong_media_type_and_an_unknown_query_parameter_are_found()
    {
        Assert.SkipWhen(Repository.Specs is null, Repository.SpecsMissing);

        Assert.Single(SpecValidator.Amazon.ValidateRequest("POST", "/sp/keywords", AdsHeaders[..2], KeywordMedia, GoodKeyword));
        Assert.Single(SpecValidator.Amazon.ValidateRequest("POST", "/sp/keywords", AdsHeaders, "application/json", GoodKeyword));
        Assert.Single(SpecValidator.Amazon.ValidateRequest("GET", "/orders/2026-01-01/orders?createdAfter=2026-01-01T00:00:00Z&includedata=PROCEEDS", SellerHeaders, null, null));
        Assert.Empty(SpecValidator.Amazon.ValidateRequest("GET", "/orders/2026-01-01/orders?createdAfter=2026-01-01T00:00:00Z&includedData=PROCEEDS", SellerHeaders, null, null));
        Assert.Single(SpecValidator.Amazon.ValidateRequest("GET", "/orders/2026-01-01/orders?includedData=PROCEEDS,BYER", SellerHeaders, null, null));
    }

    [Fact]
    public void A_wrong_field_of_a_response_is_found()
    {
        Assert.SkipWhen(Repository.Specs is null, Repository.SpecsMissing);

        Assert.Empty(Response("""{"keywords":{"success":[{"index":0,"keywordId":"5"}],"error":[]}}"""));
        Assert.NotEmpty(Response("""{"keywords":{"success":[{"index":0,"keywordId":5}],"error":[]}}"""));
        Assert.NotEmpty(Response("""{"keywords":{"succes":[{"index":0,"keywordId":"5"}]}}"""));
        Assert.NotEmpty(Response("""{"keywords":{"error":[{"index":0,"errors":[{"errorType":"biddingError","errorValue":{"biddingError":{"reason":"TOO_DEAR","message":"x"}}}]}]}}"""));
        Assert.NotEmpty(Response("<html></html>"));
        Assert.NotEmpty(SpecValidator.Amazon.ValidateResponse("POST", "/sp/keywords", 404, "application/json", "{}"));
    }

    [Fact]
    public void The_profile_fields_that_only_the_guide_documents_are_tolerated_and_no_others()
    {
        Assert.SkipWhen(Repository.Specs is null, Repository.SpecsMissing);

        Assert.Empty(SpecValidator.Amazon.ValidateResponse("GET", "/v2/profiles", 200, "application/json", """[{"profileId":1,"currencyCode":"USD","timezone":"America/Los_Angeles"}]"""));
        Assert.NotEmpty(SpecValidator.Amazon.ValidateResponse("GET", "/v2/profiles", 200, "application/json", """[{"profileId":1,"currency":"USD"}]"""));
    }

    [Theory]
    [InlineData("query { analytics_economics_2024_03_15 { economics(startDate:\"2026-09-01\", endDate:\"2026-09-02\", marketplaceIds:[\"ATVPDKIKX0DER\"], aggregateBy:{date:DAY, productId:MSKU}) { msku sales { unitsOrdered } } } }", true)]
    [InlineData("query { analytics_economics_2024_03_15 { economics(startDate:\"2026-09-01\", endDate:\"2026-09-02\", marketplaceIds:[\"ATVPDKIKX0DER\"], aggregateBy:{date:HOUR}) { msku } } }", false)]
    [InlineData("query { analytics_economics_2024_03_15 { economics(startDate:\"2026-09-01\", endDate:\"2026-09-02\", marketplaceIds:[\"ATVPDKIKX0DER\"]) { mskus } } }", false)]
    [InlineData("query { analytics_economics_2024_03_15 { economics(startDate:\"2026-09-01\", marketplaceIds:[\"ATVPDKIKX0DER\"]) { msku } } }", false)]
    [InlineData("query { analytics_economics_2024_03_15 { economics(startDate:\"2026-09-01\", endDate:\"2026-09-02\", marketplaceIds:[\"ATVPDKIKX0DER\"]) { msku sales } } }", false)]
    [InlineData("query { analytics_economics_2024_03_15 {", false)]
    public void An_economics_query_is_held_against_the_published_schema(string query, bool fits)
    {
        Assert.SkipWhen(Repository.Specs is null, Repository.SpecsMissing);

        Assert.Equal(fits, GraphQlSchemaCheck.Economics.Validate(query).Count == 0);
    }

    private static IReadOnlyList<string> Keyword(string body)
    {
        Assert.SkipWhen(Repository.Specs is null, Repository.SpecsMissing);
        return SpecValidator.Amazon.ValidateRequest("POST", "/sp/keywords", AdsHeaders, KeywordMedia, body);
    }

    private static IReadOnlyList<string> Response(string body) => SpecValidator.Amazon.ValidateResponse("POST", "/sp/keywords", 207, KeywordMedia, body);
}
