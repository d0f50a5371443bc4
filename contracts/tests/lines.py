"""Forty lines as people write them: browser and server must agree on every one."""

from contracts.clarity import Line

SHA = "c" * 64


def _line(characteristic="", kind="text", requirement="", **fields):
    tolerance = fields.pop("tolerance", "")
    fields = {"tolerance_minus": tolerance, "tolerance_plus": tolerance} | fields
    return Line(
        number=1, characteristic=characteristic, kind=kind, requirement=requirement, **fields
    )


LINES = [
    _line(),
    _line("Fabric"),
    _line("Fabric", "number", "Organic cotton, 200", tolerance="5 %", unit="g/m²"),
    _line("Fabric", "number", "Organic cotton, 200", tolerance="5%", unit="g/m²", how_checked="x"),
    _line("Fabric", "number", "about 200", unit="g/m²", how_checked="ISO 3801"),
    _line("Fabric", "number", "200 ± 5 %", unit="g/m²", how_checked="ISO 3801"),
    _line("Fabric", "number", "approx. 1,250.5 g", how_checked="scale"),
    _line("Fabric", "number", "200", how_checked="scale"),
    _line("Fabric", "number", "２００ ｇ", tolerance="0", how_checked="scale"),
    _line("Weight", "number", "200", tolerance="some", unit="g"),
    _line("Weight", "number", "200", tolerance_minus="", tolerance_plus="0,5", unit="g"),
    _line("Hand feel", "text", "Good quality, soft"),
    _line("Hand feel", "text", "go\u200bod quality"),
    _line("Goods", "text", "Goods in 3 cartons of 20 kg at most", how_checked="counted"),
    _line("Seam", "text", "stitched around the neck, 12 stitches per inch", tolerance="1"),
    _line("Seam", "text", "around 12 stitches per inch"),
    _line("Height", "number", "30 cm high", tolerance="0.5", how_checked="ruler"),
    _line("Finish", "text", "high gloss"),
    _line("Film", "text", "high density polyethylene 40 µm", tolerance="2", how_checked="gauge"),
    _line("Colour", "colour", "Pantone 1935 D", how_checked="D65"),
    _line("Colour", "colour", "PANTONE 1935 C", how_checked="D65"),
    _line("Colour", "colour", "Pantone 19-1763 TCX, ΔE 1.5", how_checked="D65"),
    _line("Colour", "colour", "nice red"),
    _line("Colour", "colour", "RAL 5020", how_checked="D65"),
    _line("Colour", "colour", "#C63F29"),
    _line("Pilling", "standard", "standard ISO 12945-2, grade 4 or better", how_checked="lab"),
    _line("Pilling", "standard", "the usual standard"),
    _line("Safety", "standard", "EN 71-3", how_checked="lab"),
    _line("Safety", "text", "as 200 others is 300"),
    _line("Design", "file", "as design_draft_a.pdf"),
    _line("Design", "file", attachment_name="design_draft_a.pdf", attachment_sha256=SHA),
    _line("Slip", "choice", "r10", choices=("R9", "R10"), how_checked="ramp"),
    _line("Slip", "choice", "R13", choices=("R9", "R10")),
    _line("REACH", "compliance", "Yes", how_checked="lab"),
    _line("REACH", "compliance", "是", how_checked="lab"),
    _line("REACH", "compliance", "हाँ।", how_checked="lab"),
    _line("REACH", "compliance", "we hope so"),
    _line("Zipper", "brand", "YKK"),
    _line("Zipper", "brand", "YKK or similar", how_checked="mark"),
    _line("重量", "number", "200左右", unit="g"),
    _line("质量", "text", "优质面料，左右对称"),
    _line("标准", "standard", "符合 GB/T 18401 标准", how_checked="检测报告"),
    _line("颜色", "text", "同样品"),
    _line("वज़न", "number", "लगभग २०० ग्राम"),
    _line("कपड़ा", "text", "अच्छा कपड़ा, जैसा सैंपल"),
    _line("कपड़ा", "text", "अच्छाई 5 %", tolerance="1"),
    _line("Moisture", "range", "8 to 12", unit="%", how_checked="meter"),
    _line("Moisture", "range", "12", unit="%"),
    _line("Moisture", "range", "कम से कम 8 %"),
    _line("Absorption", "range", "≤ 0.5", unit="%", how_checked="ISO 10545-3"),
]
