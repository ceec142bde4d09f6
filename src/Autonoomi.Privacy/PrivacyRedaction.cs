using Microsoft.Extensions.Compliance.Redaction;
using Microsoft.Extensions.DependencyInjection;

namespace Autonoomi.Privacy;

public static class PrivacyRedaction
{
    /// <summary>Every data class, and every class we forgot, is erased before it reaches a log.</summary>
    public static IServiceCollection AddPrivacyRedaction(this IServiceCollection services) => services.AddRedaction(redaction => redaction
        .SetRedactor<ErasingRedactor>(DataClasses.Secrets, DataClasses.Buyers, DataClasses.SellerEconomics, DataClasses.AmazonInformation, DataClasses.Identity)
        .SetFallbackRedactor<ErasingRedactor>());
}
