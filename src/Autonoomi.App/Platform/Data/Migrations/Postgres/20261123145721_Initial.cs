using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Autonoomi.App.Platform.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "consent_state",
                columns: table => new
                {
                    StateHash = table.Column<string>(type: "text", nullable: false),
                    User = table.Column<Guid>(type: "uuid", nullable: false),
                    Organisation = table.Column<Guid>(type: "uuid", nullable: false),
                    Kind = table.Column<int>(type: "integer", nullable: false),
                    SealedVerifier = table.Column<byte[]>(type: "bytea", nullable: true),
                    ExpiresAt = table.Column<long>(type: "bigint", nullable: false),
                    UsedAt = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_consent_state", x => x.StateHash);
                });

            migrationBuilder.CreateTable(
                name: "grant",
                columns: table => new
                {
                    Seller = table.Column<Guid>(type: "uuid", nullable: false),
                    Kind = table.Column<int>(type: "integer", nullable: false),
                    Organisation = table.Column<Guid>(type: "uuid", nullable: false),
                    SealedToken = table.Column<byte[]>(type: "bytea", nullable: false),
                    ConsentedAt = table.Column<long>(type: "bigint", nullable: false),
                    State = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_grant", x => new { x.Seller, x.Kind });
                });

            migrationBuilder.CreateTable(
                name: "intent",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Seller = table.Column<Guid>(type: "uuid", nullable: false),
                    Run = table.Column<Guid>(type: "uuid", nullable: false),
                    Step = table.Column<int>(type: "integer", nullable: false),
                    State = table.Column<int>(type: "integer", nullable: false),
                    Deadline = table.Column<long>(type: "bigint", nullable: false),
                    SealedWrites = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_intent", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "membership",
                columns: table => new
                {
                    Organisation = table.Column<Guid>(type: "uuid", nullable: false),
                    User = table.Column<Guid>(type: "uuid", nullable: false),
                    Role = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_membership", x => new { x.Organisation, x.User });
                });

            migrationBuilder.CreateTable(
                name: "organisation",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    SealedName = table.Column<byte[]>(type: "bytea", nullable: false),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_organisation", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "passkey",
                columns: table => new
                {
                    Id = table.Column<string>(type: "text", nullable: false),
                    User = table.Column<Guid>(type: "uuid", nullable: false),
                    SealedPasskey = table.Column<byte[]>(type: "bytea", nullable: false),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_passkey", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "protection_key",
                columns: table => new
                {
                    Id = table.Column<string>(type: "text", nullable: false),
                    SealedXml = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_protection_key", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "record",
                columns: table => new
                {
                    seller = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    id = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: false),
                    revision = table.Column<long>(type: "bigint", nullable: false),
                    state = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    due_at = table.Column<long>(type: "bigint", nullable: true),
                    seal = table.Column<byte[]>(type: "bytea", maxLength: 16, nullable: false),
                    @sealed = table.Column<byte[]>(name: "sealed", type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_record", x => new { x.seller, x.kind, x.id });
                });

            migrationBuilder.CreateTable(
                name: "run",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Seller = table.Column<Guid>(type: "uuid", nullable: false),
                    Storefront = table.Column<long>(type: "bigint", nullable: false),
                    Kind = table.Column<int>(type: "integer", nullable: false),
                    State = table.Column<int>(type: "integer", nullable: false),
                    RequestedAt = table.Column<long>(type: "bigint", nullable: false),
                    FinishedAt = table.Column<long>(type: "bigint", nullable: true),
                    SealedError = table.Column<byte[]>(type: "bytea", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_run", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "segment",
                columns: table => new
                {
                    seller = table.Column<Guid>(type: "uuid", nullable: false),
                    dataset = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    storefront = table.Column<long>(type: "bigint", nullable: false),
                    partition = table.Column<int>(type: "integer", nullable: false),
                    part = table.Column<int>(type: "integer", nullable: false),
                    revision = table.Column<long>(type: "bigint", nullable: false),
                    row_count = table.Column<int>(type: "integer", nullable: false),
                    seal = table.Column<byte[]>(type: "bytea", maxLength: 16, nullable: false),
                    @sealed = table.Column<byte[]>(name: "sealed", type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_segment", x => new { x.seller, x.dataset, x.storefront, x.partition, x.part });
                });

            migrationBuilder.CreateTable(
                name: "seller",
                columns: table => new
                {
                    seller = table.Column<Guid>(type: "uuid", nullable: false),
                    epoch = table.Column<long>(type: "bigint", nullable: false),
                    revision = table.Column<long>(type: "bigint", nullable: false),
                    head = table.Column<byte[]>(type: "bytea", nullable: false),
                    due_at = table.Column<long>(type: "bigint", nullable: true),
                    owner = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_seller", x => x.seller);
                });

            migrationBuilder.CreateTable(
                name: "seller_account",
                columns: table => new
                {
                    Seller = table.Column<Guid>(type: "uuid", nullable: false),
                    Organisation = table.Column<Guid>(type: "uuid", nullable: false),
                    SealedName = table.Column<byte[]>(type: "bytea", nullable: false),
                    SealedSellingPartnerId = table.Column<byte[]>(type: "bytea", nullable: false),
                    SellingPartnerHash = table.Column<string>(type: "text", nullable: false),
                    Region = table.Column<int>(type: "integer", nullable: false),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_seller_account", x => x.Seller);
                });

            migrationBuilder.CreateTable(
                name: "step",
                columns: table => new
                {
                    Run = table.Column<Guid>(type: "uuid", nullable: false),
                    Ordinal = table.Column<int>(type: "integer", nullable: false),
                    Seller = table.Column<Guid>(type: "uuid", nullable: false),
                    Kind = table.Column<string>(type: "text", nullable: false),
                    State = table.Column<int>(type: "integer", nullable: false),
                    Attempts = table.Column<int>(type: "integer", nullable: false),
                    NotBefore = table.Column<long>(type: "bigint", nullable: true),
                    SealedNotes = table.Column<byte[]>(type: "bytea", nullable: true),
                    Count = table.Column<long>(type: "bigint", nullable: false),
                    FinishedAt = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_step", x => new { x.Run, x.Ordinal });
                });

            migrationBuilder.CreateTable(
                name: "storefront",
                columns: table => new
                {
                    Seller = table.Column<Guid>(type: "uuid", nullable: false),
                    MarketplaceId = table.Column<string>(type: "text", nullable: false),
                    Organisation = table.Column<Guid>(type: "uuid", nullable: false),
                    Storefront = table.Column<long>(type: "bigint", nullable: false),
                    Active = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_storefront", x => new { x.Seller, x.MarketplaceId });
                });

            migrationBuilder.CreateTable(
                name: "user",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    EmailHash = table.Column<string>(type: "text", nullable: false),
                    SealedEmail = table.Column<byte[]>(type: "bytea", nullable: false),
                    SealedName = table.Column<byte[]>(type: "bytea", nullable: false),
                    PasswordHash = table.Column<string>(type: "text", nullable: true),
                    SecurityStamp = table.Column<string>(type: "text", nullable: true),
                    ConcurrencyStamp = table.Column<string>(type: "text", nullable: true),
                    TwoFactorEnabled = table.Column<bool>(type: "boolean", nullable: false),
                    SealedAuthenticatorKey = table.Column<byte[]>(type: "bytea", nullable: true),
                    SealedRecoveryCodes = table.Column<byte[]>(type: "bytea", nullable: true),
                    AccessFailedCount = table.Column<int>(type: "integer", nullable: false),
                    LockedUntil = table.Column<long>(type: "bigint", nullable: true),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                    OneTimePassword = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_user", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "vault_stamp",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false),
                    environment = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    master_key_id = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    check = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_vault_stamp", x => x.id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_intent_Run_Step",
                table: "intent",
                columns: new[] { "Run", "Step" });

            migrationBuilder.CreateIndex(
                name: "IX_passkey_User",
                table: "passkey",
                column: "User");

            migrationBuilder.CreateIndex(
                name: "ix_record_stamp",
                table: "record",
                columns: new[] { "seller", "kind", "id", "revision", "state", "due_at", "seal" });

            migrationBuilder.CreateIndex(
                name: "IX_run_Seller_RequestedAt",
                table: "run",
                columns: new[] { "Seller", "RequestedAt" });

            migrationBuilder.CreateIndex(
                name: "ix_seller_due",
                table: "seller",
                column: "due_at");

            migrationBuilder.CreateIndex(
                name: "IX_seller_account_Organisation_SellingPartnerHash_Region",
                table: "seller_account",
                columns: new[] { "Organisation", "SellingPartnerHash", "Region" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_user_EmailHash",
                table: "user",
                column: "EmailHash",
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "consent_state");

            migrationBuilder.DropTable(
                name: "grant");

            migrationBuilder.DropTable(
                name: "intent");

            migrationBuilder.DropTable(
                name: "membership");

            migrationBuilder.DropTable(
                name: "organisation");

            migrationBuilder.DropTable(
                name: "passkey");

            migrationBuilder.DropTable(
                name: "protection_key");

            migrationBuilder.DropTable(
                name: "record");

            migrationBuilder.DropTable(
                name: "run");

            migrationBuilder.DropTable(
                name: "segment");

            migrationBuilder.DropTable(
                name: "seller");

            migrationBuilder.DropTable(
                name: "seller_account");

            migrationBuilder.DropTable(
                name: "step");

            migrationBuilder.DropTable(
                name: "storefront");

            migrationBuilder.DropTable(
                name: "user");

            migrationBuilder.DropTable(
                name: "vault_stamp");
        }
    }
}
