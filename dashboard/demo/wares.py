"""The products of the demo as data: supplier, category, and what is on each sheet."""

GARMENT = (
    ("Body width, size 86", "number", "26.0", "Flat, 80 garments", "0.5", "cm"),
    ("Body length, size 86", "number", "42.0", "Flat, 80 garments", "0.8", "cm"),
)
MAT_TESTS = (
    ("Weight", "number", "900", "Calibrated scale, 10 pieces per lot", "5 %", "g"),
    ("Slip resistance", "standard", "EN 13893", "Laboratory report, 3 pieces"),
    ("REACH (EU) compliant", "compliance", "yes", "Report of an ISO/IEC 17025 laboratory"),
)


def _garment(slug, name, summary, price, fabric, colour, hs_code, least=500, days=30, more=()):
    return {
        "slug": slug, "name": name, "summary": summary, "price": price, "least": least,
        "days": days, "hs_code": hs_code, "sheet": {"fabric": fabric, "colour": colour},
        "more": more,
    }  # fmt: skip


def _mat(slug, name, summary, price, thickness, length, material):
    return {
        "slug": slug, "name": name, "summary": summary, "price": price, "least": 200, "days": 20,
        "hs_code": "391890", "own_sheet": True,
        "more": (
            ("Material", "brand", material, "Infrared spectrum, 2 pieces per lot"),
            ("Thickness", "number", thickness, "Caliper, 5 points, 10 pieces", "0.3", "mm"),
            ("Length", "number", length, "Steel tape, 10 pieces", "5", "mm"),
            *MAT_TESTS,
        ),
    }  # fmt: skip


CLOTHING = (
    _garment("organic-cotton-romper", "Organic cotton romper",
             "Short-sleeved romper for babies, sizes 62 to 92, with a zipper from ankle to chin.",
             "6.20", "Organic cotton, 200", "Pantone 1935 D", "611120"),
    _garment("kids-pyjamas", "Kids' pyjamas, two pieces",
             "Long pyjamas in interlock cotton, sizes 98 to 128.", "4.60",
             "Combed cotton, 180", "Pantone 14-4318 TCX", "610831", more=GARMENT),
    _garment("school-sweater", "School sweater",
             "Round-necked sweater for school, sizes 110 to 164.", "7.40",
             "Cotton and acrylic 60/40, 280", "Pantone 19-4024 TCX", "611120", 300, 35)
    | {"sheet": {"fabric": ("280", "5 %"), "colour": "Pantone 19-4024 TCX", "zipper": None}},
    _garment("muslin-sleepsuit", "Muslin sleepsuit", "Light sleepsuit for warm nights.", "5.10",
             "Muslin, 130", "Pantone 12-0804 TCX", "611120"),
)  # fmt: skip

POWER = (
    {"slug": "power-bank-20000", "name": "Power bank 20,000 mAh", "price": "11.80", "least": 200,
     "days": 25, "hs_code": "850760",
     "summary": "Two USB-C outputs, 22.5 W; cells with test summary UN 38.3."},
    {"slug": "power-bank-10000", "name": "Power bank 10,000 mAh", "price": "7.20", "least": 200,
     "days": 20, "hs_code": "850760", "summary": "Pocket size, one USB-C output.",
     "sheet": {"capacity": "10,000", "weight": "205", "size": "98"}},
    {"slug": "gan-charger-65", "name": "GaN charger 65 W", "price": "6.40", "least": 300,
     "days": 20, "hs_code": "850440", "own_sheet": True,
     "summary": "Two USB-C ports and one USB-A port, for laptops and phones.",
     "more": (
         ("Output", "range", "≥ 65", "Electronic load, 10 pieces per lot", "", "W"),
         ("Efficiency at full load", "range", "≥ 91", "Power meter at 230 V, 5 pieces", "", "%"),
         ("Weight", "number", "128", "Calibrated scale, 10 pieces per lot", "5", "g"),
         ("Surface temperature", "range", "≤ 65", "One hour at full load, 3 pieces", "", "°C"),
         ("Safety standard", "standard", "IEC 62368-1", "Report of an accredited laboratory"),
         ("RoHS (EU) compliant", "compliance", "yes", "Report of an accredited laboratory"),
     )},
    {"slug": "power-bank-wireless", "name": "Wireless power bank 5,000 mAh", "price": "9.10",
     "least": 200, "days": 25, "hs_code": "850760", "summary": "Magnetic, 15 W without a cable.",
     "sheet": {"capacity": "5,000", "output": "≥ 15", "weight": "125", "size": "96"}},
)  # fmt: skip

BOTTLES = (
    {"slug": "bottle-750", "name": "Steel bottle 750 ml", "price": "4.85", "least": 1000,
     "days": 30, "hs_code": "961700",
     "summary": "Double-walled bottle in 18/8 steel; 12 hours hot, 24 hours cold."},
    {"slug": "bottle-500", "name": "Steel bottle 500 ml", "price": "3.95", "least": 1000,
     "days": 30, "hs_code": "961700", "summary": "The smaller one, for bags.",
     "sheet": {"volume": "500", "weight": "260", "height": "215"}},
    {"slug": "kids-bottle", "name": "Kids' bottle 350 ml, BPA-free", "price": "3.60",
     "least": 800, "days": 28, "hs_code": "961700",
     "summary": "With a straw and a lid that children open by themselves.",
     "sheet": {"volume": "350", "weight": "190", "height": "165", "heat": "≥ 45"},
     "more": (("BPA-free lid", "compliance", "yes", "Report of an ISO/IEC 17025 laboratory"),)},
    {"slug": "travel-mug", "name": "Travel mug 400 ml", "price": "4.10", "least": 800,
     "days": 28, "hs_code": "961700", "summary": "Closes with one hand.",
     "sheet": {"volume": "400", "weight": "240", "height": "178", "heat": "≥ 50"}},
)  # fmt: skip

TILES = (
    {"slug": "porcelain-tile-600", "name": "Porcelain tile 600 × 600 mm", "price": "9.80",
     "least": 400, "days": 20, "hs_code": "690721", "unit": "m²",
     "summary": "Rectified floor tile, water absorption 0.5 % at most."},
    {"slug": "wall-tile-300", "name": "Wall tile 300 × 600 mm", "price": "7.10", "least": 400,
     "days": 20, "hs_code": "690723", "unit": "m²", "summary": "Glazed white wall tile.",
     "sheet": {"length": ("600", "0.9"), "thickness": "8.0", "water": "≤ 10", "strength": "≥ 600",
               "slip": None}},
    {"slug": "terrace-tile-20", "name": "Terrace tile 20 mm", "price": "18.40", "least": 200,
     "days": 25, "hs_code": "690721", "unit": "m²", "summary": "Thick tile for gravel beds.",
     "sheet": {"thickness": "20", "strength": "≥ 10000", "slip": "R11"}},
    {"slug": "mosaic-sheet", "name": "Mosaic sheet 300 × 300 mm", "price": "12.60", "least": 200,
     "days": 22, "hs_code": "690730", "unit": "m²", "summary": "Porcelain mosaic on mesh.",
     "sheet": {"length": "300", "thickness": "6.0"}},
)  # fmt: skip

LAMPS = (
    {"slug": "desk-lamp", "name": "LED desk lamp", "price": "5.20", "least": 500, "days": 25,
     "hs_code": "940521", "summary": "Dimmable, colour rendering index of 90 or more."},
    {"slug": "ceiling-lamp", "name": "LED ceiling lamp 24 W", "price": "4.90", "least": 600,
     "days": 25, "hs_code": "940511", "summary": "Flat round lamp for halls and bathrooms.",
     "sheet": {"power": "24", "flux": "≥ 2200", "temperature": "4000", "cable": None}},
    {"slug": "night-light", "name": "Night light with sensor", "price": "2.30", "least": 1000,
     "days": 20, "hs_code": "940521", "summary": "Switches itself on when somebody passes.",
     "sheet": {"power": ("1", "10 %"), "flux": "≥ 30", "temperature": "2700", "cri": "≥ 80 Ra",
               "cable": None}},
    {"slug": "floor-lamp", "name": "LED floor lamp", "price": "14.50", "least": 200, "days": 30,
     "hs_code": "940521", "summary": "Steel foot, linen shade, 150 cm high.",
     "sheet": {"power": "12", "flux": "≥ 1100", "cable": "220"}},
)  # fmt: skip

BOXES = (
    {"slug": "mailer-box", "name": "Mailer box, E-flute", "price": "0.62", "least": 3000,
     "days": 14, "hs_code": "481910", "summary": "Self-locking box, printed in one colour."},
    {"slug": "gift-box", "name": "Gift box with magnet", "price": "1.90", "least": 1000,
     "days": 18, "hs_code": "481920", "summary": "Rigid box wrapped in printed paper.",
     "sheet": {"board": "1200", "length": "240"}},
    {"slug": "shoe-box", "name": "Shoe box", "price": "0.48", "least": 3000, "days": 14,
     "hs_code": "481910", "summary": "Two parts, kraft outside.",
     "sheet": {"length": "330", "board": "420"}},
    {"slug": "export-carton", "name": "Export carton, BC-flute", "price": "1.15", "least": 2000,
     "days": 12, "hs_code": "481910", "summary": "For 20 kg, tested by dropping.",
     "sheet": {"flute": "BC", "board": "780", "length": "580", "crush": "≥ 9.5 kN/m"}},
)  # fmt: skip

MATS = (
    _mat("yoga-mat-6", "Yoga mat TPE, 6 mm", "Non-slip on both sides, 183 cm long.", "5.80",
         "6.0", "1830", "TPE"),
    _mat("play-mat-10", "Play mat, 10 mm", "Folding mat for the nursery.", "9.40", "10.0",
         "2000", "XPE"),
)  # fmt: skip
QUICK = (
    _mat("exercise-mat", "Exercise mat, 8 mm", "Simple mat in three colours.", "4.20", "8.0",
         "1800", "NBR"),
)  # fmt: skip
TABLES = (
    {"slug": "oak-table", "name": "Oak dining table", "price": "86.00", "least": 40, "days": 45,
     "hs_code": "940360", "summary": "Solid oak, 120 cm, for four people.",
     "sheet": {"load": "EN 12521"}},
)  # fmt: skip

WARES = (
    ("little-pine", "childrens-clothing", CLOTHING),
    ("voltmoor", "power-banks", POWER),
    ("tall-pine-cup", "bottles", BOTTLES),
    ("gold-kiln", "tiles", TILES),
    ("brightlane", "lamps", LAMPS),
    ("boxwell", "packaging", BOXES),
    ("softstep", "furniture", MATS),
    ("quicktrade", "furniture", QUICK),
    ("new-harbour", "furniture", TABLES),
)
