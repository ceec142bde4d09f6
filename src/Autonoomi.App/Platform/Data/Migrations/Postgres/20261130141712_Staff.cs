using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Autonoomi.App.Platform.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class Staff : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "access_review",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Organisation = table.Column<Guid>(type: "uuid", nullable: false),
                    User = table.Column<Guid>(type: "uuid", nullable: false),
                    Role = table.Column<int>(type: "integer", nullable: false),
                    Kept = table.Column<bool>(type: "boolean", nullable: false),
                    By = table.Column<Guid>(type: "uuid", nullable: false),
                    At = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_access_review", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "staff_account",
                columns: table => new
                {
                    User = table.Column<Guid>(type: "uuid", nullable: false),
                    Role = table.Column<int>(type: "integer", nullable: false),
                    AddedAt = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_staff_account", x => x.User);
                });

            migrationBuilder.CreateTable(
                name: "staff_grant",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Organisation = table.Column<Guid>(type: "uuid", nullable: false),
                    Seller = table.Column<Guid>(type: "uuid", nullable: false),
                    Staff = table.Column<Guid>(type: "uuid", nullable: false),
                    Minutes = table.Column<int>(type: "integer", nullable: false),
                    RequestedAt = table.Column<long>(type: "bigint", nullable: false),
                    SealedReason = table.Column<byte[]>(type: "bytea", nullable: false),
                    SealedCase = table.Column<byte[]>(type: "bytea", nullable: false),
                    ApprovedBy = table.Column<Guid>(type: "uuid", nullable: true),
                    ApprovedAt = table.Column<long>(type: "bigint", nullable: true),
                    AllowedBy = table.Column<Guid>(type: "uuid", nullable: true),
                    AllowedAt = table.Column<long>(type: "bigint", nullable: true),
                    EndsAt = table.Column<long>(type: "bigint", nullable: true),
                    EndedAt = table.Column<long>(type: "bigint", nullable: true),
                    EndedBy = table.Column<int>(type: "integer", nullable: true),
                    Mac = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_staff_grant", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "staff_use",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Organisation = table.Column<Guid>(type: "uuid", nullable: false),
                    Seller = table.Column<Guid>(type: "uuid", nullable: false),
                    Grant = table.Column<Guid>(type: "uuid", nullable: false),
                    At = table.Column<long>(type: "bigint", nullable: false),
                    SealedWhat = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_staff_use", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_access_review_User",
                table: "access_review",
                column: "User");

            migrationBuilder.CreateIndex(
                name: "IX_staff_grant_Seller",
                table: "staff_grant",
                column: "Seller");

            migrationBuilder.CreateIndex(
                name: "IX_staff_grant_Staff",
                table: "staff_grant",
                column: "Staff");

            migrationBuilder.CreateIndex(
                name: "IX_staff_use_Grant",
                table: "staff_use",
                column: "Grant");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "access_review");

            migrationBuilder.DropTable(
                name: "staff_account");

            migrationBuilder.DropTable(
                name: "staff_grant");

            migrationBuilder.DropTable(
                name: "staff_use");
        }
    }
}
