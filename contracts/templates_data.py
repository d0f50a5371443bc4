"""Category templates: the lines a contract of a trade should have, as data (S25, S31, S35-S43).

`requirement` is an example that the author replaces; unit, tolerance and test method are values
usual in the trade. The first template is the children's clothing of the brief, with the brief's
own samples. `example()` is a line filled in, `blank()` one that waits for its requirement.
"""

from dataclasses import dataclass

from contracts.clarity import Line
from contracts.sentences import noop as _


@dataclass(frozen=True)
class TemplateLine:
    """A line that a template expects; names and methods are English sources."""

    key: str
    characteristic: str
    kind: str
    requirement: str
    how_checked: str
    tolerance: str = ""
    unit: str = ""
    severity: str = "major"
    choices: tuple[str, ...] = ()
    attachment_name: str = ""

    @property
    def template_key(self) -> str:
        """The key that ties a contract line to this one."""
        return self.key

    @property
    def tolerance_minus(self) -> str:
        """The tolerance downwards: the same as upwards."""
        return self.tolerance

    @property
    def tolerance_plus(self) -> str:
        """The tolerance upwards."""
        return self.tolerance

    def blank(self, number: int) -> Line:
        """The line as a new draft shows it: everything usual is there but the requirement."""
        return self._line(number, "")

    def example(self, number: int, sha256: str = "") -> Line:
        """The line filled in with its example; `sha256` stands for the attached file."""
        return self._line(number, self.requirement, sha256 if self.attachment_name else "")

    def _line(self, number: int, requirement: str, sha256: str = "") -> Line:
        return Line(
            number=number,
            template_key=self.key,
            characteristic=self.characteristic,
            kind=self.kind,
            requirement=requirement,
            tolerance_minus=self.tolerance,
            tolerance_plus=self.tolerance,
            unit=self.unit,
            how_checked=self.how_checked,
            severity=self.severity,
            choices=self.choices,
            attachment_name=self.attachment_name if sha256 else "",
            attachment_sha256=sha256,
        )


@dataclass(frozen=True)
class Template:
    """A category with its lines and its sampling (ISO 2859-1 level, AQL per severity)."""

    key: str
    name: str
    lines: tuple[TemplateLine, ...] = ()
    inspection_level: str = "II"
    aql_critical: str = "0"
    aql_major: str = "2.5"
    aql_minor: str = "4.0"


_LAB = _("Report of an ISO/IEC 17025 laboratory, not older than 12 months")
_RULER = _("Steel ruler or tape, 5 pieces per size")
_CALIPER = _("Caliper, 5 pieces per lot")
_SCALE = _("Calibrated scale, 10 pieces per lot")
_YES_NO = ("yes", "no")
_T = TemplateLine

CLOTHING = Template(
    "childrens_clothing",
    _("Children’s clothing"),
    (
        _T("fabric", _("Fabric"), "number", "Organic cotton, 200",
           _("ISO 3801, 5 cuttings per lot"), "5 %", "g/m²"),
        _T("colour", _("Fabric colour"), "colour", "Pantone 1935 D",
           _("Spectrophotometer, D65, ΔE 1.5 at most"), "1.5"),
        _T("design", _("Design"), "file", "design_draft_a.pdf",
           _("Compared with the drawing, every carton opened"),
           attachment_name="design_draft_a.pdf"),
        _T("dimensions", _("Dimensions"), "file", "design_draft_dimensions.pdf", _RULER,
           attachment_name="design_draft_dimensions.pdf"),
        _T("care_label", _("Care label"), "file", "label_b.pdf",
           _("Compared with the drawing, 5 pieces per size"), attachment_name="label_b.pdf"),
        _T("zipper", _("Zipper"), "brand", "YKK", _("Mark on the slider, 10 pieces per lot")),
        _T("prop_65", _("California Proposition 65 compliant"), "compliance", "yes", _LAB,
           severity="critical", choices=_YES_NO),
        _T("reach", _("REACH (EU) compliant"), "compliance", "yes", _LAB,
           severity="critical", choices=_YES_NO),
        _T("cpsia", _("CPSIA (US) compliant"), "compliance", "yes", _LAB,
           severity="critical", choices=_YES_NO),
    ),
)  # fmt: skip

POWER_BANKS = Template(
    "power_banks",
    _("Power banks"),
    (
        _T("capacity", _("Rated capacity"), "number", "20,000",
           _("Discharge at 0.2 C, IEC 61960-3, 5 pieces per lot"), "3 %", "mAh", "critical"),
        _T("output", _("Output"), "range", "≥ 22.5", _("Electronic load, 10 pieces per lot"),
           unit="W"),
        _T("weight", _("Weight"), "number", "350", _SCALE, "10", "g", "minor"),
        _T("size", _("Length"), "number", "145", _CALIPER, "0.5", "mm", "minor"),
        _T("cell", _("Cell maker"), "brand", "EVE Energy", _("One piece opened per lot")),
        _T("transport", _("Battery transport test"), "standard", "UN 38.3",
           _("Test summary of the cell and the pack"), severity="critical"),
        _T("safety", _("Safety standard"), "standard", "IEC 62133-2", _LAB,
           severity="critical"),
        _T("self_discharge", _("Charge left after 28 days"), "range", "≥ 90",
           _("Stored at 20 °C, 5 pieces per lot"), unit="%"),
        _T("housing", _("Housing colour"), "colour", "Pantone 426 C",
           _("Spectrophotometer, D65"), "1.5", severity="minor"),
    ),
)  # fmt: skip

BOTTLES = Template(
    "stainless_bottles",
    _("Stainless steel bottles"),
    (
        _T("steel", _("Steel, inside wall"), "standard", "AISI 304",
           _("Handheld XRF analyser, 5 pieces per lot"), severity="critical"),
        _T("volume", _("Volume"), "number", "750", _("Filled with water, 10 pieces per lot"),
           "2 %", "ml"),
        _T("weight", _("Weight"), "number", "320", _SCALE, "10", "g", "minor"),
        _T("height", _("Height"), "number", "265", _CALIPER, "1", "mm", "minor"),
        _T("heat", _("Temperature after 12 hours, filled at 95 °C"), "range", "≥ 55",
           _("EN 12546-1, 3 pieces per lot"), unit="°C"),
        _T("leak", _("Leak test passed"), "compliance", "yes",
           _("Filled, upside down for 30 minutes, 80 pieces"), severity="critical",
           choices=_YES_NO),
        _T("coating", _("Coating adhesion"), "standard", "ISO 2409",
           _("Cross cut, class 1 or better, 5 pieces per lot")),
        _T("colour", _("Coating colour"), "colour", "RAL 5020", _("Spectrophotometer, D65"),
           "1.5", severity="minor"),
        _T("food", _("Food contact, Regulation (EC) 1935/2004"), "compliance", "yes", _LAB,
           severity="critical", choices=_YES_NO),
    ),
)  # fmt: skip

TILES = Template(
    "ceramic_tiles",
    _("Ceramic tiles"),
    (
        _T("length", _("Length of the side"), "number", "600", _("ISO 10545-2, 10 tiles"), "0.6",
           "mm"),
        _T("thickness", _("Thickness"), "number", "9.5", _("ISO 10545-2, 10 tiles"), "5 %", "mm"),
        _T("water", _("Water absorption"), "range", "≤ 0.5", _("ISO 10545-3, 10 tiles"),
           unit="%"),
        _T("strength", _("Breaking strength"), "range", "≥ 1300", _("ISO 10545-4, 7 tiles"),
           unit="N"),
        _T("flatness", _("Deviation from flatness"), "range", "≤ 0.5",
           _("ISO 10545-2, 10 tiles"), unit="%"),
        _T("slip", _("Slip resistance class"), "choice", "R10", _("DIN EN 16165, annex B"),
           choices=("R9", "R10", "R11", "R12")),
        _T("shade", _("Shade"), "file", "shade_panel.pdf",
           _("Laid out on 1 m² under D65 light"), severity="minor",
           attachment_name="shade_panel.pdf"),
        _T("breakage", _("Broken tiles on arrival at the port"), "range", "≤ 1",
           _("Counted in 10 cartons"), unit="%"),
    ),
)  # fmt: skip

FURNITURE = Template(
    "furniture",
    _("Furniture"),
    (
        _T("material", _("Material"), "choice", "solid oak", _("Cut edge examined, 3 pieces"),
           choices=("solid oak", "solid beech", "plywood", "MDF")),
        _T("drawing", _("Construction"), "file", "construction_drawing.pdf",
           _("Compared with the drawing, 3 pieces"), attachment_name="construction_drawing.pdf"),
        _T("width", _("Width"), "number", "1200", _RULER, "3", "mm"),
        _T("weight", _("Weight"), "number", "28", _SCALE, "5 %", "kg", "minor"),
        _T("moisture", _("Moisture of the wood"), "range", "8 to 12",
           _("Pin meter, 5 points, 10 pieces"), unit="%"),
        _T("load", _("Strength and durability"), "standard", "EN 12520", _LAB,
           severity="critical"),
        _T("finish", _("Finish colour"), "colour", "NCS S 2005-Y20R",
           _("Spectrophotometer, D65"), "2.0", severity="minor"),
        _T("formaldehyde", _("Formaldehyde"), "range", "≤ 0.05",
           _("EN 16516, laboratory report"), unit="ppm", severity="critical"),
    ),
)  # fmt: skip

PACKAGING = Template(
    "packaging",
    _("Packaging"),
    (
        _T("flute", _("Flute"), "choice", "E", _("Thickness gauge, 5 pieces per lot"),
           choices=("B", "C", "E", "BC")),
        _T("board", _("Board weight"), "number", "480", _("ISO 536, 5 cuttings per lot"), "5 %",
           "g/m²"),
        _T("length", _("Inside length"), "number", "320", _RULER, "2", "mm"),
        _T("crush", _("Edge crush resistance"), "range", "≥ 4.5 kN/m", _("ISO 3037, 10 cuttings")),
        _T("artwork", _("Artwork"), "file", "artwork.pdf", _("Compared with the artwork file"),
           attachment_name="artwork.pdf"),
        _T("colour", _("Print colour"), "colour", "Pantone 7462 U", _("Spectrophotometer, D50"),
           "3.0", severity="minor"),
        _T("drop", _("Drop test"), "standard", "ISTA 1A", _("3 packed cartons"),
           severity="critical"),
        _T("barcode", _("Barcode grade"), "standard", "ISO/IEC 15416",
           _("Verifier, grade C or better, 10 pieces")),
    ),
)  # fmt: skip

LAMPS = Template(
    "led_lamps",
    _("LED lamps"),
    (
        _T("power", _("Power"), "number", "10", _("Power meter at 230 V, 10 pieces per lot"),
           "5 %", "W"),
        _T("flux", _("Luminous flux"), "range", "≥ 900",
           _("Integrating sphere, 5 pieces per lot"), unit="lm"),
        _T("temperature", _("Colour temperature"), "number", "3000",
           _("Integrating sphere, 5 pieces per lot"), "100", "K"),
        _T("cri", _("Colour rendering index"), "range", "≥ 90 Ra",
           _("CIE 13.3, 5 pieces per lot")),
        _T("life", _("Life, L70B50"), "range", "≥ 25000", _("LM-80 and TM-21 report"), unit="h"),
        _T("safety", _("Safety standard"), "standard", "IEC 60598-1", _LAB,
           severity="critical"),
        _T("rohs", _("RoHS (EU) compliant"), "compliance", "yes", _LAB, severity="critical",
           choices=_YES_NO),
        _T("cable", _("Cable length"), "number", "150", _RULER, "2", "cm", "minor"),
    ),
)  # fmt: skip

EMPTY = Template("empty", _("Empty"))

TEMPLATES: dict[str, Template] = {
    template.key: template
    for template in (
        CLOTHING, POWER_BANKS, BOTTLES, TILES, FURNITURE, PACKAGING, LAMPS, EMPTY,
    )
}  # fmt: skip
