#pragma warning disable RS0030 // the command-line edge

using System.CommandLine;
using System.IO;
using Autonoomi.Breaks;

var root = new DirectoryInfo(AppContext.BaseDirectory);
while (root is not null && !File.Exists(Path.Combine(root.FullName, "Autonoomi.slnx"))) root = root.Parent;
if (root is null)
{
    await Console.Error.WriteLineAsync("breaks: it runs from a checkout only.");
    return 1;
}

var command = BreaksCommand.Create(root.FullName, Console.Out, Console.Error, Environment.GetEnvironmentVariable("AUTONOOMI_SPECS"));
var parsed = command.Parse(args);
var code = await parsed.InvokeAsync(new InvocationConfiguration { Output = Console.Out, Error = Console.Error, ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });
return parsed.Errors.Count == 0 ? code : 2;
