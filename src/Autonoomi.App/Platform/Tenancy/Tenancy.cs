namespace Autonoomi.App.Platform.Tenancy;

/// <summary>A control row that belongs to one organisation: hidden from every other, and not to be written by it.</summary>
public interface IOrganisationOwned
{
    Guid Organisation { get; }
}

/// <summary>For whom this scope (request, circuit, job) acts. Without an organisation and outside <see cref="ActAsSystem"/> every owned row is hidden.</summary>
public sealed class Tenant
{
    public Guid? Organisation { get; private set; }

    public bool IsSystem { get; private set; }

    public void ActFor(Guid organisation) => (Organisation, IsSystem) = (organisation, false);

    /// <summary>For jobs, sign-in and commands, which serve all organisations one after the other.</summary>
    public void ActAsSystem() => (Organisation, IsSystem) = (null, true);
}
