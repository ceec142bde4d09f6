using Autonoomi.App.Platform.Data;

namespace Autonoomi.App.Features.Account;

/// <summary>Roles in a person's words.</summary>
internal static class RoleWords
{
    public static string Of(MemberRole role) => role switch
    {
        MemberRole.Viewer => "Viewer",
        MemberRole.Analyst => "Analyst",
        MemberRole.Manager => "Manager",
        MemberRole.Owner => "Owner",
    };

    public static string May(MemberRole role) => role switch
    {
        MemberRole.Viewer or MemberRole.Analyst => "looks at everything and downloads files",
        MemberRole.Manager => "decides, undoes, stops, writes costs and goals, connects accounts",
        MemberRole.Owner => "the same, has data deleted and looks after people",
    };
}
