using System.Globalization;

namespace Autonoomi.Privacy.Tests;

/// <summary>Ordinary searches: goods with colours, sizes, amounts, model numbers, bar codes, book numbers, years, in several languages, made up by a seed.</summary>
internal sealed class SomeSearches(int seed)
{
    /// <summary>Searches that look like something else.</summary>
    public static readonly string[] Tricky =
    [
        "90210 dvd box set", "5th avenue perfume for women", "24/7 open sign", "2 way radio long range", "3 way light switch", "e27 9w led bulb", "e14 4 pack", "192.168.1.1 router login", "10.0.0.1 gateway", "dr pepper 12 pack", "mrs meyers hand soap", "mr coffee 12 cup",
        "1/4-20 x 3/4 bolt", "m8 1.25 x 40mm", "205/55r16 91v", "20x25x1 air filter 6 pack", "cr2032 battery 10 pack", "wh-1000xm5 case", "iphone 15 pro max 256gb", "windows 11 pro 64 bit", "5w30 full synthetic 5 quart", "1080p 60fps webcam", "tp-link ax1800 wifi 6", "18 inch court light",
        "street fighter 6 ps5", "abbey road vinyl", "rodeo drive sign", "sesame street 123 plush", "elm street 5 movie collection", "monopoly 1935 edition", "call of duty mw3", "name tags 100 pack", "attention deficit book", "call me by your name dvd", "12 volt 100ah lifepo4", "sd card 128gb u3 v30",
        "size 7-8 years dress", "0-3 months onesie", "8.5x11 paper 5000 sheets", "11x17 cardstock 250 count", "3-in-1 charger", "4k 120hz hdmi 2.1 cable 10 ft", "1000 piece puzzle", "10000mah power bank", "20000 btu air conditioner", "100% cotton t shirt", "vitamin d3 5000 iu 360 softgels", "omega 3 1200mg 180",
        "ipad 10th generation 10.9 2022", "galaxy s24 ultra s928b", "makita 18v xph14z", "bosch gsr 12v-35", "lego 75192", "lego 10300 delorean", "dell xps 13 9310", "canon 5d mark iv", "sony a7iii 28-70", "rtx 4070 ti super 16gb", "ddr5 6000 32gb 2x16", "ssd 2tb 7300 mb/s", "1:64 diecast", "1/18 scale model", "n95 mask 3m 8210",
        "2000 2500 3000 grit sandpaper", "400 600 800 1000 1200 grit", "3000 psi pressure washer 2.5 gpm", "12 x 18 x 3 box 25 pack", "24 x 36 poster frame", "2024 2025 planner", "2023-2024 calendar", "60 x 120 tablecloth 6 pack", "78 x 36 door", "us 8.5 eu 39 uk 6", "34b 36c bra", "32x30 jeans", "xxl 2xl 3xl hoodie", "t5 4 foot bulb",
        "h11 9005 combo led", "9006 hb4", "2157 bulb", "1157 amber", "ford f150 2015-2020", "toyota camry 2018 2019 2020 2021", "bmw e90 325i 2006", "11427566327 oil filter", "06l115562a", "0986af1041", "amazon.com gift card 50", "chewy.com", "shoes.com women", "schnürsenkel 120 cm", "bettwäsche 135x200 80x80", "luftfilter 35x35", "leinwand 60x80",
        "via 5 pack", "calle 13 cd", "rue du bac tome 2", "plaza suite dvd", "platz da 3", "weg 2 gehen", "gasse 5", "main street 3 board game", "2 drive bay enclosure", "1/2 drive socket set 24 piece", "3/8 drive torque wrench", "4 place setting dinnerware", "12 lane pool", "6 ft x 8 ft rug", "10 person tent", "50 ft garden hose 5/8",
    ];

    private static readonly string[] Colours = ["black", "white", "navy blue", "rose gold", "schwarz", "rouge", "azul", "nero"];
    private static readonly string[] Goods = ["phone case", "water bottle", "garden hose", "usb c cable", "coffee mug", "running shoes", "office chair", "led strip", "cutting board", "dog bed", "yoga mat", "handyhülle", "trinkflasche", "bettwäsche", "coque iphone", "lampe solaire", "zapatillas mujer", "custodia samsung", "garrafa térmica", "hoesje", "plecak szkolny", "barnvagn", "スマホケース", "水筒"];
    private static readonly string[] For = ["for women", "for kids", "für kinder", "pour homme", "para hombre", "per bambini", "with lid", "waterproof", "heavy duty", "gift", "organic"];
    private static readonly string[] Units = ["inch", "ft", "cm", "mm", "oz", "ml", "l", "lb", "kg", "mah", "watt", "w", "v", "pack", "count", "pcs", "gb", "tb", "piece", "mg", "iu", "lumens", "psi", "btu", "sheets", "gallon", "quart", "gauge"];

    private readonly Random random = new(seed);

    public string Next() => random.Next(14) switch
    {
        0 => Pick(Tricky),
        1 => $"{Pick(Colours)} {Pick(Goods)} {Pick(For)}",
        2 => $"{Pick(Goods)} {Amount()} {Pick(Units)}",
        3 => $"{Amount()}{Pick(Units)} {Pick(Goods)}",
        4 => $"{Pick(Goods)} {random.Next(1, 99)} x {random.Next(1, 99)}{(random.Next(2) == 0 ? $" x {random.Next(1, 99)}" : "")} {Pick(["inch", "cm", "mm", "ft"])}",
        5 => "b0" + new string([.. Enumerable.Range(0, 8).Select(_ => "0123456789abcdefghijklmnopqrstuvwxyz"[random.Next(36)])]),
        6 => Barcode(random.Next(2) == 0 ? 12 : 13),
        7 => random.Next(2) == 0 ? "978" + BarcodeOf(string.Concat(Enumerable.Range(0, 9).Select(_ => random.Next(10))), "978") : Book(),
        8 => $"{Letters(random.Next(1, 4))}{Pick(["", "-"])}{random.Next(1, 99999)}{Letters(random.Next(0, 3))} {Pick(Goods)}",
        9 => $"{Pick(Goods)} {random.Next(1990, 2027)}{(random.Next(2) == 0 ? $"-{random.Next(2000, 2027)}" : "")}",
        10 => $"{Pick(Goods)} {random.Next(1, 12)}/{random.Next(2, 16)} {Pick(["inch", "drive", "thread"])}",
        11 => $"{Pick(Goods)} {random.Next(1, 9)}.{random.Next(1, 99)} {Pick(Units)} {random.Next(1, 48)} pack",
        12 => $"{random.Next(1, 500)} {Pick(Units)} {Pick(Goods)} {Pick(Colours)}",
        _ => $"{Pick(Goods)} {random.Next(100, 99999)}",
    };

    private string Amount() => random.Next(3) switch { 0 => random.Next(1, 100).ToString(CultureInfo.InvariantCulture), 1 => random.Next(100, 50000).ToString(CultureInfo.InvariantCulture), _ => string.Create(CultureInfo.InvariantCulture, $"{random.NextDouble() * 20:0.0}") };

    private string Letters(int count) => new([.. Enumerable.Range(0, count).Select(_ => (char)('a' + random.Next(26)))]);

    // Twelve digits begin with a number system, thirteen with a country, as they are given out for goods.
    private string Barcode(int length)
    {
        var start = length == 12 ? Pick(["0", "1", "3", "6", "7", "8"]) : Pick(["00", "30", "35", "37", "400", "402", "426", "4902", "4971", "500", "505", "520", "540", "570", "590", "640", "690", "695", "700", "730", "750", "760", "789", "800", "842", "871", "880", "890", "900", "930"]);
        return start + BarcodeOf(string.Concat(Enumerable.Range(0, length - 1 - start.Length).Select(_ => random.Next(10))), start);
    }

    private static string BarcodeOf(string body, string before)
    {
        var whole = before + body;
        var sum = 0;
        for (var at = 0; at < whole.Length; at++) sum += (whole[at] - '0') * ((whole.Length - at) % 2 == 1 ? 3 : 1);
        return body + ((10 - (sum % 10)) % 10);
    }

    private string Book()
    {
        var body = Pick(["00", "01", "02", "03", "14", "05"]) + string.Concat(Enumerable.Range(0, 7).Select(_ => random.Next(10)));
        var sum = 0;
        for (var at = 0; at < 9; at++) sum += (body[at] - '0') * (10 - at);
        var check = (11 - (sum % 11)) % 11;
        return body + (check == 10 ? "x" : check.ToString(CultureInfo.InvariantCulture));
    }

    private T Pick<T>(T[] among) => among[random.Next(among.Length)];
}
