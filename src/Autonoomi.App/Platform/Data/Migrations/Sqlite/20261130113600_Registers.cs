using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Autonoomi.App.Platform.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Registers : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "duty",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    Duty = table.Column<string>(type: "TEXT", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    Done = table.Column<bool>(type: "INTEGER", nullable: false),
                    SealedBy = table.Column<byte[]>(type: "BLOB", nullable: true),
                    SealedNote = table.Column<byte[]>(type: "BLOB", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_duty", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "incident",
                columns: table => new
                {
                    Number = table.Column<int>(type: "INTEGER", nullable: false),
                    DetectedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Drill = table.Column<bool>(type: "INTEGER", nullable: false),
                    Cause = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_incident", x => x.Number);
                });

            migrationBuilder.CreateTable(
                name: "incident_entry",
                columns: table => new
                {
                    Incident = table.Column<int>(type: "INTEGER", nullable: false),
                    Ordinal = table.Column<int>(type: "INTEGER", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    Step = table.Column<int>(type: "INTEGER", nullable: false),
                    SealedEntry = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_incident_entry", x => new { x.Incident, x.Ordinal });
                });

            migrationBuilder.CreateIndex(
                name: "IX_duty_Duty_At",
                table: "duty",
                columns: new[] { "Duty", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_incident_Cause",
                table: "incident",
                column: "Cause",
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "duty");

            migrationBuilder.DropTable(
                name: "incident");

            migrationBuilder.DropTable(
                name: "incident_entry");
        }
    }
}
