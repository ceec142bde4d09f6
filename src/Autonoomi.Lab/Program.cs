#pragma warning disable RS0030 // the command-line edge

using Autonoomi.Lab.Protocol.Commands;

return await LabCommands.InvokeAsync(new LabEdge(Console.Out, Console.Error, TimeProvider.System, LabEdge.FindRoot()), args);
