using System.Text.Json;
using Autonoomi.App.Platform.Copies;
using Autonoomi.App.Platform.Data;
using Autonoomi.App.Platform.Environments;
using Autonoomi.Core.Facts;
using Autonoomi.Privacy;
using Autonoomi.Testing;

namespace Autonoomi.App.Tests.Copies;

/// <summary>Whatever can be kept is in a copy, or somebody said why it is not.</summary>
public sealed class CopyMapTests
{
    [Fact]
    [Promise("P-7-a")]
    public void Every_kind_of_record_and_every_table_is_in_a_copy_or_has_a_reason_not_to_be()
    {
        Assert.Equal(Rules(RetainedAs.Record), CopyMap.Given.Concat(CopyMap.Worked).Concat(Left(RetainedAs.Record)).Order(StringComparer.Ordinal));
        Assert.Equal(Rules(RetainedAs.Table), CopyTables.All.Select(table => table.Name).Append("audit_entry").Concat(Left(RetainedAs.Table)).Order(StringComparer.Ordinal));
        Assert.Empty(Left(RetainedAs.Dataset));
        Assert.All(CopyMap.NotCopied, left => Assert.True(left.Why.Length > 15, left.Name));
    }

    [Fact]
    [Promise("P-7-a")]
    public void Every_column_of_a_copied_table_is_written_or_has_a_reason_not_to_be()
    {
        using var db = DataServices.Open(new StorageSettings { DataFolder = "." }, new());
        foreach (var table in CopyTables.All)
        {
            var type = db.Model.GetEntityTypes().Single(entity => entity.ClrType == table.Row);

            Assert.Equal(table.Name, (string?)type.FindAnnotation("Relational:TableName")?.Value);
            Assert.Equal(type.GetProperties().Select(property => property.Name).Order(StringComparer.Ordinal), table.Written.Concat(table.Omitted.Select(omitted => omitted.Property)).Order(StringComparer.Ordinal));
            Assert.All(table.Omitted, omitted => Assert.True(omitted.Why.Length > 15, $"{table.Name}.{omitted.Property}"));
        }
    }

    [Fact]
    [Promise("P-7-e")]
    public void The_schema_names_every_table_kind_and_column()
    {
        using var schema = JsonDocument.Parse(CopySchema.Text());
        foreach (var dataset in Enum.GetValues<Dataset>())
        {
            var columns = schema.RootElement.GetProperty("facts").GetProperty(dataset.ToString()).GetProperty("columns").EnumerateArray().ToList();
            Assert.Equal(TableSchema.Of(dataset).Columns.Select(column => column.Name), columns.Select(column => column.GetProperty("name").GetString()));
            Assert.All(columns, column => Assert.Equal(column.GetProperty("form").GetString() == "Word", column.TryGetProperty("words", out _)));
        }

        foreach (var table in CopyTables.All) Assert.NotEqual(0, schema.RootElement.GetProperty("tables").GetProperty(table.Name).GetProperty("columns").GetArrayLength());
        foreach (var kind in CopyMap.Given) Assert.Equal(JsonValueKind.Object, schema.RootElement.GetProperty("given").GetProperty(kind).GetProperty("value").ValueKind);
        foreach (var kind in CopyMap.Worked) Assert.NotEmpty(schema.RootElement.GetProperty("records").GetProperty(kind).GetProperty("holds").GetString()!);
    }

    [Fact]
    [Promise("P-9.2-a")]
    public void The_categories_cover_all_that_can_be_kept()
    {
        var told = DataCategories.All.Select(row => row.Rule).ToHashSet();

        Assert.Equal(["record", "segment"], RetentionTable.Rules.Where(rule => !told.Contains(rule)).Select(rule => rule.Name).Order(StringComparer.Ordinal));
        Assert.All(DataCategories.All, row => Assert.Contains(row.Category, DataCategories.Order));
        Assert.All(DataCategories.Order, category => Assert.Contains(DataCategories.All, row => row.Category == category));
        Assert.All(DataCategories.All.SelectMany(DataCategories.Cells), cell => Assert.NotEmpty(cell.Value));
    }

    private static IEnumerable<string> Rules(RetainedAs kind) => RetentionTable.Rules.Where(rule => rule.As == kind).Select(rule => rule.Name).Order(StringComparer.Ordinal);

    private static IEnumerable<string> Left(RetainedAs kind) => CopyMap.NotCopied.Where(left => left.As == kind).Select(left => left.Name);
}
