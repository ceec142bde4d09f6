using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Autonoomi.App.Platform.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class SignOn : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "ProvenAt",
                table: "session",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "sign_on",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", nullable: false),
                    User = table.Column<Guid>(type: "TEXT", nullable: false),
                    SealedProvider = table.Column<byte[]>(type: "BLOB", nullable: false),
                    LinkedAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_sign_on", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_sign_on_User",
                table: "sign_on",
                column: "User");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "sign_on");

            migrationBuilder.DropColumn(
                name: "ProvenAt",
                table: "session");
        }
    }
}
