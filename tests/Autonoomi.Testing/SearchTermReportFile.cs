using System.Globalization;
using System.IO;
using System.IO.Compression;
using System.Text;

namespace Autonoomi.Testing;

/// <summary>A search-term report as Amazon delivers it (gzip, one JSON array), of any size, the same for the same seed.</summary>
public static class SearchTermReportFile
{
    private static readonly string[] Words = ["oak", "board", "large", "kitchen", "gift", "organic", "set", "wooden", "for", "women", "travel", "xl", "handmade", "blue", "steel", "küche"];

    /// <param name="target">Where the compressed bytes go; left open.</param>
    /// <param name="rows">Rows of the report.</param>
    /// <param name="seed">Seed of the figures.</param>
    /// <param name="allColumns">Every column that Amazon can give (about 670 bytes a row) instead of the eleven that are asked for (about 240).</param>
    /// <returns>Bytes before compression.</returns>
    public static long Write(Stream target, int rows, int seed, bool allColumns)
    {
        var random = new Random(seed);
        var first = new DateOnly(2026, 9, 1);
        using var gzip = new GZipStream(target, CompressionLevel.Fastest, leaveOpen: true);
        var line = new StringBuilder();

        // Shoppers repeat themselves: about four rows share a term.
        var terms = new string[Math.Max(1, rows / 4)];
        for (var term = 0; term < terms.Length; term++) terms[term] = $"{Term(random)} {term % 1000}";
        long bytes = 0;
        for (var row = 0; row < rows; row++)
        {
            line.Clear().Append(row == 0 ? '[' : ',');
            var campaign = 330_011_223_344_000 + (row % 200);
            var clicks = 1 + random.Next(30);
            var cost = clicks * random.Next(20, 250) / 100m;
            var orders = random.Next(8) == 0 ? random.Next(1, 4) : 0;
            var sales = orders * random.Next(1000, 6000) / 100m;
            line.Append(CultureInfo.InvariantCulture, $$"""{"date":"{{first.AddDays((int)(row * 31L / rows)):yyyy-MM-dd}}","campaignId":{{campaign}},"adGroupId":{{campaign * 3}},"keywordId":{{880_112_233_445_000 + (row % 5_000)}},"searchTerm":"{{terms[random.Next(terms.Length)]}}","impressions":{{clicks * random.Next(5, 300)}},"clicks":{{clicks}},"cost":{{cost}},"purchases7d":{{orders}},"unitsSoldClicks7d":{{orders}},"sales7d":{{sales}}""");
            if (allColumns)
            {
                line.Append(CultureInfo.InvariantCulture, $$""","campaignName":"SP | manual | product {{row % 200}} | exact","campaignStatus":"ENABLED","campaignBudgetType":"DAILY_BUDGET","campaignBudgetAmount":25.0,"campaignBudgetCurrencyCode":"USD","adGroupName":"ad group {{row % 200}}","keyword":"oak cutting board","keywordType":"EXACT","matchType":"EXACT","targeting":"oak cutting board","keywordBid":0.85,"adKeywordStatus":"ENABLED","costPerClick":{{cost / clicks:0.####}},"clickThroughRate":1.25,"purchases1d":{{orders}},"purchases14d":{{orders}},"purchases30d":{{orders}},"sales1d":{{sales}},"sales14d":{{sales}},"unitsSoldClicks14d":{{orders}},"portfolioId":null""");
            }

            line.Append('}');
            bytes += Flush(gzip, line);
        }

        line.Clear().Append(rows == 0 ? "[]" : "]");
        return bytes + Flush(gzip, line);
    }

    private static string Term(Random random)
    {
        var words = new string[random.Next(2, 6)];
        for (var word = 0; word < words.Length; word++) words[word] = Words[random.Next(Words.Length)];
        return string.Join(' ', words);
    }

    private static int Flush(GZipStream gzip, StringBuilder line)
    {
        var bytes = Encoding.UTF8.GetBytes(line.ToString());
        gzip.Write(bytes);
        return bytes.Length;
    }
}
