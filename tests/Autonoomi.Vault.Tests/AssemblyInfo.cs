[assembly: AssemblyFixture(typeof(Autonoomi.Vault.Tests.PostgresFixture))]
