"""Units of goods: one spelling, UN/ECE Recommendation 20 codes, exact conversion (S31, S35)."""

from decimal import Decimal
from functools import cache

from contracts.sentences import noop as _
from contracts.vague import fold

# spelling, UN/ECE Rec 20 code, name, what pint calls it (nothing: it converts to itself only)
_TABLE = (
    ("pcs", "C62", _("pieces"), ""),
    ("pairs", "PR", _("pairs"), ""),
    ("sets", "SET", _("sets"), ""),
    ("mm", "MMT", _("millimetres"), "millimeter"),
    ("cm", "CMT", _("centimetres"), "centimeter"),
    ("m", "MTR", _("metres"), "meter"),
    ("in", "INH", _("inches"), "inch"),
    ("ft", "FOT", _("feet"), "foot"),
    ("yd", "YRD", _("yards"), "yard"),
    ("µm", "4H", _("micrometres"), "micrometer"),
    ("cm²", "CMK", _("square centimetres"), "centimeter**2"),
    ("m²", "MTK", _("square metres"), "meter**2"),
    ("m³", "MTQ", _("cubic metres"), "meter**3"),
    ("ml", "MLT", _("millilitres"), "milliliter"),
    ("l", "LTR", _("litres"), "liter"),
    ("g", "GRM", _("grams"), "gram"),
    ("kg", "KGM", _("kilograms"), "kilogram"),
    ("t", "TNE", _("tonnes"), "metric_ton"),
    ("oz", "ONZ", _("ounces"), "ounce"),
    ("lb", "LBR", _("pounds"), "pound"),
    ("g/m²", "GM", _("grams per square metre"), "gram/meter**2"),
    ("oz/yd²", "ON", _("ounces per square yard"), "ounce/yard**2"),
    ("%", "P1", _("per cent"), "percent"),
    ("ppm", "59", _("parts per million"), "ppm"),
    ("°C", "CEL", _("degrees Celsius"), "degC"),
    ("K", "KEL", _("kelvin"), "kelvin"),
    ("h", "HUR", _("hours"), "hour"),
    ("min", "MIN", _("minutes"), "minute"),
    ("s", "SEC", _("seconds"), "second"),
    ("V", "VLT", _("volts"), "volt"),
    ("A", "AMP", _("amperes"), "ampere"),
    ("W", "WTT", _("watts"), "watt"),
    ("Wh", "WHR", _("watt hours"), "watt*hour"),
    ("mAh", "E09", _("milliampere hours"), "milliampere*hour"),
    ("lm", "LUM", _("lumens"), "lumen"),
    ("lx", "LUX", _("lux"), "lux"),
    ("N", "NEW", _("newtons"), "newton"),
    ("kPa", "KPA", _("kilopascals"), "kilopascal"),
    ("MPa", "MPA", _("megapascals"), "megapascal"),
    ("Hz", "HTZ", _("hertz"), "hertz"),
    ("dB", "2N", _("decibels"), ""),
)
UNITS: tuple[tuple[str, str], ...] = tuple((unit, name) for unit, _code, name, _pint in _TABLE)
REC20: dict[str, str] = {unit: code for unit, code, _name, _pint in _TABLE}
_PINT = {unit: expression for unit, _code, _name, expression in _TABLE}
_ALIASES = {
    "pcs": "pc piece pieces nos unit units c62 件 个 只 条 नग",
    "pairs": "pair prs 双 对 जोड़ी",
    "sets": "set 套 सेट",
    "mm": "millimetre millimetres millimeter millimeters 毫米 मिमी",
    "cm": "centimetre centimetres centimeter centimeters 厘米 公分 सेमी",
    "m": "metre metres meter meters 米 मीटर",
    "in": 'inch inches " ″ 英寸 इंच',
    "ft": "foot feet 英尺 फुट",
    "yd": "yard yards 码",
    "µm": "um micron microns micrometre micrometer 微米",
    "m²": "sqm sq.m. 平方米",
    "ml": "millilitre millilitres milliliter 毫升 मिली",
    "l": "litre litres liter liters 升 लीटर",
    "g": "gram grams gm gms 克 ग्राम",
    "kg": "kilogram kilograms kgs 千克 公斤 किग्रा",
    "t": "tonne tonnes ton 吨 टन",
    "oz": "ounce ounces 盎司",
    "lb": "pound pounds lbs 磅",
    "g/m²": "gsm g/sqm g/m^2 gm/m2 克/平方米 克/m2",
    "oz/yd²": "oz/sqyd osy oz/yd^2 oz/sq.yd.",
    "%": "percent pct",
    "°C": "c degc celsius 摄氏度",
    "K": "kelvin kelvins",
    "h": "hour hours hr hrs 小时 घंटा घंटे",
    "min": "minute minutes 分钟 मिनट",
    "s": "second seconds sec 秒",
    "lm": "lumen lumens 流明",
    "V": "volt volts 伏",
    "W": "watt watts 瓦",
}


class UnknownUnit(ValueError):
    """A unit that this list does not name."""


class NotComparable(ValueError):
    """Two units of different kinds, such as centimetres and grams."""


def normalise(text: str) -> str:
    """One spelling of a unit: "gsm" and "g/m2" are "g/m²". Raises UnknownUnit."""
    exact = fold(text)
    folded = exact.replace(" ", "")
    unit = _spellings().get(folded) or _spellings().get(folded.lower())
    if unit is None:
        raise UnknownUnit(f"“{text}” is not a unit on the list.")
    return unit


def comparable(one: str, other: str) -> bool:
    """Whether a value in one unit can be compared with a value in the other."""
    first, second = normalise(one), normalise(other)
    if first == second:
        return True
    if not (_PINT[first] and _PINT[second]):
        return False
    registry = _registry()
    return registry(_PINT[first]).dimensionality == registry(_PINT[second]).dimensionality


def convert(value: Decimal, unit: str, to: str) -> Decimal:
    """The same measure in another unit, exact to 28 digits. Raises NotComparable."""
    if not comparable(unit, to):
        raise NotComparable(f"{unit} cannot be compared with {to}.")
    source, target = normalise(unit), normalise(to)
    if source == target:
        return value
    registry = _registry()
    return registry.Quantity(value, _PINT[source]).to(_PINT[target]).magnitude


def rec20(unit: str) -> str:
    """The UN/ECE Recommendation 20 code of a unit, as invoices and customs want it."""
    return REC20[normalise(unit)]


@cache
def _spellings() -> dict[str, str]:
    rows = {fold(unit): unit for unit in REC20}
    lowered = {
        fold(unit).lower(): unit for unit in reversed(REC20) if fold(unit).lower() not in rows
    }
    aliases = {fold(alias): unit for unit, names in _ALIASES.items() for alias in names.split()}
    return lowered | aliases | rows


@cache
def _registry():
    """Pint takes half a second to load: only when something is really converted."""
    import pint

    return pint.UnitRegistry(non_int_type=Decimal, autoconvert_offset_to_baseunit=True)
