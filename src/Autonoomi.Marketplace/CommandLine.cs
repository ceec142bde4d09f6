using System.Globalization;

namespace Autonoomi.Marketplace;

/// <summary>What the pretend Amazon was started with.</summary>
internal sealed record CommandLine
{
    public const string Usage =
        "Autonoomi.Marketplace [--urls http://127.0.0.1:0] [--seed 7] [--history-days 60] [--products 20] [--world-key-file world.key] [--rate-factor 1000] [--exit-with-parent]";

    public string Urls { get; private set; } = "http://127.0.0.1:0";

    public ulong Seed { get; private set; } = 7;

    public int HistoryDays { get; private set; } = 60;

    public int Products { get; private set; } = 20;

    public string WorldKeyFile { get; private set; } = "world.key";

    public double RateFactor { get; private set; } = 1000;

    public bool ExitWithParent { get; private set; }

    public static bool TryParse(string[] arguments, out CommandLine command, out string problem)
    {
        command = new CommandLine();
        problem = "";
        for (var index = 0; index < arguments.Length && problem.Length == 0; index++)
        {
            var name = arguments[index];
            if (name == "--exit-with-parent")
            {
                command.ExitWithParent = true;
                continue;
            }

            if (name is not ("--urls" or "--seed" or "--history-days" or "--products" or "--world-key-file" or "--rate-factor")) problem = $"Unknown argument '{name}'.";
            else if (++index == arguments.Length) problem = $"{name} needs a value.";
            else if (!command.TrySet(name, arguments[index])) problem = $"{name} cannot be '{arguments[index]}'.";
        }

        return problem.Length == 0;
    }

    private bool TrySet(string name, string value)
    {
        switch (name)
        {
            case "--urls":
                Urls = value;
                return Uri.TryCreate(value, UriKind.Absolute, out var address) && address.Scheme == "http" && address.IsLoopback;
            case "--seed":
                var isSeed = ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seed);
                Seed = seed;
                return isSeed;
            case "--history-days":
                var isDays = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var days);
                HistoryDays = days;
                return isDays && days <= 400;
            case "--products":
                var isProducts = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var products);
                Products = products;
                return isProducts && products is >= 1 and <= 40;
            case "--rate-factor":
                var isFactor = double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var factor);
                RateFactor = factor;
                return isFactor && factor > 0 && double.IsFinite(factor);
            default:
                WorldKeyFile = value;
                return value.Length > 0;
        }
    }
}
