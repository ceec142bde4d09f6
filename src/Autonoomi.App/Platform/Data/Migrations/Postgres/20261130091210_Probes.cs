using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Autonoomi.App.Platform.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class Probes : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "probe",
                columns: table => new
                {
                    Probe = table.Column<string>(type: "text", nullable: false),
                    At = table.Column<long>(type: "bigint", nullable: false),
                    Holds = table.Column<bool>(type: "boolean", nullable: false),
                    SealedMeasured = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_probe", x => x.Probe);
                });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "probe");
        }
    }
}
