using System.IO;
using System.Text;
using Autonoomi.App.Platform.Grid;

namespace Autonoomi.App.Tests.Screens;

/// <summary>Files of a sheet, read back.</summary>
internal static class SheetFiles
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<string> CsvAsync(Sheet sheet, GridQuery query)
    {
        using var file = new MemoryStream();
        await GridFiles.WriteCsvAsync(sheet, query, file, Stop);
        return Encoding.UTF8.GetString(file.ToArray());
    }

    public static async Task<string[]> LinesAsync(Sheet sheet, GridQuery query) => (await CsvAsync(sheet, query)).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);

    public static async Task<MemoryStream> XlsxAsync(Sheet sheet, GridQuery query)
    {
        var file = new MemoryStream();
        await GridFiles.WriteXlsxAsync(sheet, query, file, Stop);
        file.Position = 0;
        return file;
    }
}
