using System.CommandLine;
using Autonoomi.App.Features.Audit;
using Autonoomi.App.Features.Backups;
using Autonoomi.App.Features.Cases;
using Autonoomi.App.Features.Deletion;
using Autonoomi.App.Features.Demo;
using Autonoomi.App.Features.Destinations;
using Autonoomi.App.Features.Doctor;
using Autonoomi.App.Features.Duties;
using Autonoomi.App.Features.Incidents;
using Autonoomi.App.Features.Keys;
using Autonoomi.App.Features.Policy;
using Autonoomi.App.Features.Promises;
using Autonoomi.App.Features.Serve;
using Autonoomi.App.Features.Staff;

var root = new RootCommand("Autonoomi runs a seller's Amazon ads for profit, on the seller's own machine.")
{
    ServeCommand.Create(),
    DemoCommand.Create(),
    DoctorCommand.Create(),
    AuditCommand.Create(),
    DeleteCommand.Create(),
    CasesCommand.Create(),
    BackupCommands.CreateBackup(),
    BackupCommands.CreateRestore(),
    RotateKeysCommand.Create(),
    PromisesCommand.Create(),
    DestinationsCommand.Create(),
    PolicyCommand.Create(),
    IncidentCommand.Create(),
    DutiesCommand.Create(),
    StaffCommand.Create(),
};
var parsed = root.Parse(args);
if (parsed.Errors.Count == 0) return await parsed.InvokeAsync();
await parsed.InvokeAsync();
return 2; // wrong usage: the parser has said what
