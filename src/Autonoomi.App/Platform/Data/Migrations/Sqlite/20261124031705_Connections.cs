using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Autonoomi.App.Platform.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Connections : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<Guid>(
                name: "Client",
                table: "grant",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "LookedAt",
                table: "grant",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "SelfAuthorised",
                table: "grant",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<long>(
                name: "SuspectedAt",
                table: "grant",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "login_client",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    Organisation = table.Column<Guid>(type: "TEXT", nullable: false),
                    Kind = table.Column<int>(type: "INTEGER", nullable: false),
                    ClientHash = table.Column<string>(type: "TEXT", nullable: false),
                    SealedClient = table.Column<byte[]>(type: "BLOB", nullable: true),
                    SecretEndsAt = table.Column<long>(type: "INTEGER", nullable: true),
                    RefusedAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_login_client", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "missing_permission",
                columns: table => new
                {
                    Seller = table.Column<Guid>(type: "TEXT", nullable: false),
                    Kind = table.Column<int>(type: "INTEGER", nullable: false),
                    Operation = table.Column<string>(type: "TEXT", nullable: false),
                    Organisation = table.Column<Guid>(type: "TEXT", nullable: false),
                    NotedAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_missing_permission", x => new { x.Seller, x.Kind, x.Operation });
                });

            migrationBuilder.CreateTable(
                name: "notice",
                columns: table => new
                {
                    Key = table.Column<string>(type: "TEXT", nullable: false),
                    Organisation = table.Column<Guid>(type: "TEXT", nullable: false),
                    Seller = table.Column<Guid>(type: "TEXT", nullable: true),
                    Kind = table.Column<int>(type: "INTEGER", nullable: false),
                    Grant = table.Column<int>(type: "INTEGER", nullable: false),
                    RaisedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    EndsAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Days = table.Column<int>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_notice", x => x.Key);
                });

            migrationBuilder.CreateIndex(
                name: "IX_login_client_Organisation_Kind_ClientHash",
                table: "login_client",
                columns: new[] { "Organisation", "Kind", "ClientHash" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "login_client");

            migrationBuilder.DropTable(
                name: "missing_permission");

            migrationBuilder.DropTable(
                name: "notice");

            migrationBuilder.DropColumn(
                name: "Client",
                table: "grant");

            migrationBuilder.DropColumn(
                name: "LookedAt",
                table: "grant");

            migrationBuilder.DropColumn(
                name: "SelfAuthorised",
                table: "grant");

            migrationBuilder.DropColumn(
                name: "SuspectedAt",
                table: "grant");
        }
    }
}
