using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Autonoomi.App.Platform.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class NoticesSeen : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "notice_seen",
                columns: table => new
                {
                    Notice = table.Column<string>(type: "TEXT", nullable: false),
                    User = table.Column<Guid>(type: "TEXT", nullable: false),
                    Organisation = table.Column<Guid>(type: "TEXT", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_notice_seen", x => new { x.Notice, x.User });
                });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "notice_seen");
        }
    }
}
