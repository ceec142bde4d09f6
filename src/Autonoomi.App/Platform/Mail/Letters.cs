using System.Globalization;
using Autonoomi.App.Platform.Shell;

namespace Autonoomi.App.Platform.Mail;

/// <summary>The words of every mail. None holds a name of a person, a figure, or anything that Amazon told.</summary>
internal static class Letters
{
    /// <param name="organisation">Its name, as its owner wrote it.</param>
    /// <param name="path">With the value that opens it.</param>
    /// <param name="until">Good until then.</param>
    public static Letter Invitation(string organisation, string path, DateTimeOffset until) => new(
        "An invitation to Autonoomi",
        [
            $"You are invited to join {Harmless(organisation)} in Autonoomi, which runs ads on Amazon.",
            $"The link works once, until {At(until)}. Whoever has it can join, so do not pass it on.",
            "If you expect no invitation, you need do nothing: without the link nothing happens, and this address is not kept.",
        ], "Look at the invitation", path);

    /// <param name="change">What changed, as the list of versions says it.</param>
    /// <param name="material">Somebody has to agree.</param>
    /// <param name="holds">From when it holds.</param>
    public static Letter NewPolicy(string change, bool material, DateTimeOffset holds) => new(
        "The privacy policy changes",
        [
            $"{(material ? "From" : "Since")} {Day(holds)} a new version of the privacy policy holds. What changes: {change}",
            material
                ? "An owner of your organisation has to agree to it; from that day on nothing is written to Amazon until one did. You may leave instead, and take a copy of your data with you."
                : "It changes no promise, and you need do nothing.",
        ], "See what changes", ShellAddresses.Changes);

    /// <param name="to">Who takes the service over.</param>
    /// <param name="holds">The day.</param>
    public static Letter Handover(string to, DateTimeOffset holds) => new(
        "Somebody else will run this service",
        [$"From {Day(holds)} this service is run by {to}. Until then you can leave and take a copy of your data with you."], "See what changes", ShellAddresses.Changes);

    public static Letter AnnouncementTakenBack() => new(
        "A change was taken back",
        ["A change that we told you about does not come. What holds now goes on holding."], "See what is announced", ShellAddresses.Changes);

    /// <param name="path">With the value that opens it.</param>
    /// <param name="minutes">Good for so long.</param>
    public static Letter Reset(string path, int minutes) => new(
        "A new password for Autonoomi",
        [
            string.Create(CultureInfo.InvariantCulture, $"Somebody, we hope you, asked for a new password. The link works once, for {minutes} minutes."),
            "If it was not you, do nothing: your password stays as it is.",
        ], "Choose a new password", path);

    public static Letter ResetByPasskey() => new(
        "A new password for Autonoomi",
        [
            "Somebody, we hope you, asked for a new password. Your account has a passkey, and a link by mail alone does not open such an account.",
            "Sign in with the passkey. If you want a new password too, set up an authenticator app on the page Security, and ask again: the link then asks for its code.",
            "If it was not you, do nothing: your password stays as it is.",
        ], "Go to sign-in", ShellAddresses.SignIn);

    /// <param name="what">A whole sentence.</param>
    public static Letter SignInChanged(string what) => new(
        "How you sign in has changed",
        [what, "If it was you, you need do nothing. If not, choose a new password at once, look at where you are signed in, and write to the address below."], "Look at Security", ShellAddresses.Security);

    /// <param name="organisation">The whole organisation; else one seller account.</param>
    /// <param name="what">What of it goes.</param>
    /// <param name="rows">When the rows go.</param>
    public static Letter DeletionBegun(bool organisation, string what, DateTimeOffset rows) => new(
        "A deletion has begun",
        [
            organisation ? "The deletion of your organisation, its seller accounts and its people has begun." : $"The deletion of a seller account has begun: {what}.",
            $"Until {Day(rows)} you can read and download it, and take the deletion back. Then it is gone for good.",
        ], "Look at Your data", ShellAddresses.YourData);

    public static Letter DeletionTakenBack(bool organisation) => new(
        "A deletion was taken back",
        [$"The deletion of {(organisation ? "your organisation" : "a seller account")} was taken back; work goes on."], "Look at Your data", ShellAddresses.YourData);

    /// <param name="what">What went.</param>
    public static Letter DeletionDone(string what) => new(
        "A deletion is done",
        [$"The deletion of a seller account is done: {what} was deleted, and no backup holds it any more. The signed certificate stands on the page Your data."], "Look at Your data", ShellAddresses.YourData);

    // A name that looks like an address would be made a link by the reader's program, in a mail that comes from us.
    private static string Harmless(string name) => name.IndexOfAny(['/', '@', ':']) >= 0 || name.Contains("www.", StringComparison.OrdinalIgnoreCase) || HasDomain(name) ? "an organisation" : name;

    private static bool HasDomain(string name) => Enumerable.Range(1, Math.Max(0, name.Length - 2)).Any(at => name[at] == '.' && char.IsLetterOrDigit(name[at - 1]) && char.IsLetter(name[at + 1]));

    private static string Day(DateTimeOffset instant) => instant.UtcDateTime.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);

    private static string At(DateTimeOffset instant) => instant.UtcDateTime.ToString("d MMMM yyyy, HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
