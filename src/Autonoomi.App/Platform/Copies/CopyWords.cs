using System.Globalization;

namespace Autonoomi.App.Platform.Copies;

/// <summary>The file <c>README.txt</c>.</summary>
internal static class CopyWords
{
    public static string Readme(CopyWhat what, DateTimeOffset at) => string.Create(CultureInfo.InvariantCulture, $"""
        A copy of {Of(what)}, made on {at.UtcDateTime:yyyy-MM-dd HH:mm} UTC by Autonoomi.

        Files
          manifest.json    every file with its rows, size and SHA-256, the format's version, the privacy policy that held, and what is kept but not in
                           here, with the reason. It is written last: a copy without it is not whole, so ask for another one.
          schema.json      names and meanings of all columns.
          categories       what is collected: categories, sources, purposes, for how long, how many rows.
          tables/          the organisation, people, accounts, consents (without their tokens), notices, runs, deletions, the audit log.
          sellers/ID/given     what people typed in: settings with goals, limits, brand words and events; costs; exchange rates. Another account can read it in
                               again, on the page Your data.
          sellers/ID/records   what the product worked out and did: proposals with their evidence, the change log, health, marks of readings.
          sellers/ID/facts     what Amazon told, by storefront (number of the Ads profile).

        Every set of rows is there twice. The .jsonl file is exact: one JSON object a line. The .csv file is for spreadsheets: a text that a spreadsheet would
        calculate has an apostrophe before it, nested values are columns with dots, lists are JSON in their cell.

        Sessions are not stored and so are not in here; signing in and out stands in the audit log.
        Whoever has this file can read all of it: keep it as you would keep the data itself.

        """).ReplaceLineEndings("\r\n");

    private static string Of(CopyWhat what) => what switch
    {
        CopyWhat.Organisation => "everything that is kept of an organisation",
        CopyWhat.Account => "everything that is kept of a seller account",
        CopyWhat.Given => "what people typed in for a seller account",
        CopyWhat.Person => "what is kept about a person",
        CopyWhat.Named => "named data of a seller account",
    };
}
