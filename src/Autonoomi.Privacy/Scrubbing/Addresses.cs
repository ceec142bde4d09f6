using System.Text.RegularExpressions;

namespace Autonoomi.Privacy.Scrubbing;

/// <summary>Streets with a number, and postal codes with what makes them one.</summary>
internal static partial class Addresses
{
    public static string Mask(string text)
    {
        text = English().Replace(text, match => Units().IsMatch(match.Value) ? match.Value : TermScrubber.Mask);
        text = Streets().Replace(text, match => Units().IsMatch(match.Value) ? match.Value : TermScrubber.Mask);
        text = Germanic().Replace(text, TermScrubber.Mask);
        text = French().Replace(text, TermScrubber.Mask);
        text = Southern().Replace(text, TermScrubber.Mask);
        text = Japanese().Replace(text, TermScrubber.Mask);
        text = Boxes().Replace(text, TermScrubber.Mask);
        text = StateCodes().Replace(text, TermScrubber.Mask);
        return BritishCodes().Replace(text, TermScrubber.Mask);
    }

    private const RegexOptions Usual = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;

    // 742 evergreen terrace; 12 n main st apt 4b, springfield il 62704. Short words (st, way, court) count only where the street ends there.
    [GeneratedRegex(@"(?<![\p{L}\p{N}.,/-])\d{1,5}[a-d]? ((north|south|east|west|[nsew]\.?) )?(?!x )[\p{L}'’.]{2,20}( [\p{L}'’.]{2,20}){0,2} (street|avenue|road|boulevard|blvd|terrace|crescent|lane|drive|court|close|square|highway|hwy|parkway|pkwy|circle|trail|st|ave|rd|ln|dr|ct|cres|pl|place|way)\b\.?(,? ?(apt|apartment|unit|suite|ste|flat|#|no)\.? ?#?\d{1,5}[a-z]?)?(?=$|,| (in|near|for|to|at|apt|usa|uk|canada|australia|[a-z]{2} \d{5})\b|(, ?| )[\p{L}]+,? [a-z]{2} \d{5}| ⟦|;|\.$)(,? ?[\p{L}]+( [\p{L}]+)?,? [a-z]{2} \d{5}(-\d{4})?)?", Usual)]
    private static partial Regex English();

    // Long numbers and whole words, whatever follows but goods that are called after streets.
    [GeneratedRegex(@"(?<![\p{L}\p{N}.,/-])\d{3,5}[a-d]? ((north|south|east|west|[nsew]\.?) )?[\p{L}'’.]{3,20}( [\p{L}'’.]{2,20}){0,2} (street|avenue|road|boulevard|blvd|terrace|crescent|highway|parkway|drive|lane)\b(?! (light|lamp|bike|bicycle|cycling|sign|shoe|wear|tire|tyre|rac|map|atlas|fighter|glide|bob|hockey|style|legal|food|trip|trash|case|mat|shaft|belt|train|sport|flare|cone|safety))", Usual)]
    private static partial Regex Streets();

    // What counts things is no street: 12 inch way, 3 piece court.
    [GeneratedRegex(@"^\d+ (inch|inches|in|ft|feet|foot|mm|cm|ml|oz|lb|lbs|kg|pack|pk|pcs|pc|piece|pieces|count|ct|person|way|speed|gallon|volt|watt|amp|port|tier|light|drawer|door|shelf|panel|year|years|month|day|hour|hole|seat|zone|channel|gauge|gang|row|layer|level|set|pair|x)\b", Usual)]
    private static partial Regex Units();

    // hauptstraße 12a, 10115 berlin; kerkstraat 5; storgatan 3.
    [GeneratedRegex(@"\b([\p{L}.-]{3,30}(straße|strasse|str\.|allee|gasse|platz|weg|damm|ufer|straat|laan|gracht|kade|plein|dreef|gatan|vägen|gränd|veien|gata)|[\p{L}-]{3,30} (straße|strasse|str\.|allee|gasse|platz|straat|laan|gracht)) \d{1,4} ?[a-h]?\b(,? \d{4,5}( ?[a-z]{2})? [\p{L}-]+)?(?! ?(mm|cm|m|v|w|kg|l|stück|stuks|pack|set|er|x)\b)", Usual)]
    private static partial Regex Germanic();

    // 12 bis rue de la paix, 75002 paris.
    [GeneratedRegex(@"(?<![\p{L}\p{N}.,-])\d{1,4}( ?(bis|ter|[a-c]))?,? (rue|avenue|boulevard|bd|chemin|impasse|allée|quai|cours|route|faubourg) (de |du |des |de la |de l'|d'|la |le |les |l')?[\p{L}'’-]{2,25}( [\p{L}'’-]{2,20})?(,? \d{5} [\p{L}-]+)?", Usual)]
    private static partial Regex French();

    // via roma 15, 00184 roma; calle de alcalá 40; avenida paulista, 1578; rua augusta 100; ulica długa 5.
    [GeneratedRegex(@"\b(via|viale|piazza|corso|vicolo|largo|calle|c/|avenida|av\.|paseo|plaza|carrer|camino|rua|travessa|alameda|praça|estrada|ulica|ul\.|aleja|plac) ?([\p{L}.'’-]{1,20}[ ,]{1,2}){1,4}?(n[ºo°.]{0,2} ?)?\d{1,5}( ?[a-d])?\b(,? \d{2}-?\d{3}(-\d{3})? [\p{L}-]+)?(?! ?(mm|cm|ml|kg|pack|pcs|v|w|pezzi|piezas|peças)\b)", Usual)]
    private static partial Regex Southern();

    [GeneratedRegex(@"[\p{L}]{0,12}\d{1,3}(丁目|番地|番)[\p{L}\d-]{0,12}|〒? ?\d{3}-\d{4}(?= ?[\p{Lo}])", Usual)]
    private static partial Regex Japanese();

    [GeneratedRegex(@"\b(p\.? ?o\.? ?box|postfach|boîte postale|apartado( de correos)?|casella postale|caixa postal|postbus) \d{1,7}\b", Usual)]
    private static partial Regex Boxes();

    // springfield il 62704, k1a 0b1.
    [GeneratedRegex(@"\b[\p{L}]{3,20},? (al|ak|az|ar|ca|co|ct|de|fl|ga|hi|ia|id|il|in|ks|ky|la|ma|md|me|mi|mn|mo|ms|mt|nc|nd|ne|nh|nj|nm|nv|ny|oh|ok|or|pa|ri|sc|sd|tn|tx|ut|va|vt|wa|wi|wv|wy) \d{5}(-\d{4})?\b|\b(zip|zip code|zipcode|postcode|plz|code postal|cap|cep|código postal) ?:? \d{4,5}(-\d{3,4})?\b|\b[abceghj-nprstvxy]\d[abceghj-nprstv-z] \d[abceghj-nprstv-z]\d\b", Usual)]
    private static partial Regex StateCodes();

    // sw1a 1aa, m1 1ae; e14 4ft is a lamp.
    [GeneratedRegex(@"\b(ab|al|b|ba|bb|bd|bh|bl|bn|br|bs|bt|ca|cb|cf|ch|cm|co|cr|ct|cv|cw|da|dd|de|dg|dh|dl|dn|dt|dy|e|ec|eh|en|ex|fk|fy|g|gl|gu|ha|hd|hg|hp|hr|hs|hu|hx|ig|ip|iv|ka|kt|kw|ky|l|la|ld|le|ll|ln|ls|lu|m|me|mk|ml|n|ne|ng|nn|np|nr|nw|ol|ox|pa|pe|ph|pl|po|pr|rg|rh|rm|s|sa|se|sg|sk|sl|sm|sn|so|sp|sr|ss|st|sw|sy|ta|td|tf|tn|tq|tr|ts|tw|ub|w|wa|wc|wd|wf|wn|wr|ws|wv|yo|ze)\d[a-z\d]? \d(?!(ft|lb|gb|tb|ah|wh|hz|ed|st|nd|rd|th|xl|ways?)\b)[abd-hjlnp-uw-z]{2}\b", Usual)]
    private static partial Regex BritishCodes();
}
