"""What is sold in the demo: seven categories, and products made from their sheets."""

from dataclasses import dataclass, field

from accounts.models import Company
from catalog.models import Category, Product
from contracts.templates_data import TEMPLATES
from dashboard.demo import papers, wares

CATEGORIES = {
    "childrens-clothing": ("Children's clothing", "childrens_clothing"),
    "power-banks": ("Power banks and chargers", "power_banks"),
    "bottles": ("Stainless steel bottles", "stainless_bottles"),
    "tiles": ("Ceramic tiles", "ceramic_tiles"),
    "lamps": ("LED lamps", "led_lamps"),
    "packaging": ("Packaging", "packaging"),
    "furniture": ("Furniture and mats", "furniture"),
}
FIELDS = (
    "template_key", "characteristic", "kind", "requirement", "tolerance_minus", "tolerance_plus",
    "unit", "how_checked", "severity",
)  # fmt: skip


@dataclass(frozen=True)
class Ware:
    """A product of a supplier: `sheet` changes lines of its category's template.

    A value of `sheet` is a requirement, or (requirement, tolerance), or None for a line that
    does not belong to these goods. `more` are lines of their own; `own_sheet` leaves the
    template out altogether.
    """

    slug: str
    name: str
    summary: str
    price: str
    least: int
    days: int
    hs_code: str
    unit: str = "pcs"
    sheet: dict = field(default_factory=dict)
    more: tuple = ()
    own_sheet: bool = False

    @property
    def price_minor(self):
        whole, _point, cents = self.price.partition(".")
        return int(whole) * 100 + int(cents or 0)


def stock() -> dict[str, Product]:
    """Make the categories and the products; each product by its slug."""
    categories = {
        slug: Category.objects.create(slug=slug, name=name, template_key=template)
        for slug, (name, template) in CATEGORIES.items()
    }
    suppliers = {company.slug: company for company in Company.objects.filter(sells=True)}
    made = {}
    for supplier, category, rows in wares.WARES:
        for row in rows:
            ware = Ware(**row)
            made[ware.slug] = _product(ware, suppliers[supplier], categories[category])
    return made


def _product(ware, supplier, category) -> Product:
    return Product.objects.create(
        supplier=supplier,
        category=category,
        slug=ware.slug,
        name=ware.name,
        summary=ware.summary,
        price_minor=ware.price_minor,
        unit=ware.unit,
        least_quantity=ware.least,
        lead_days=ware.days,
        hs_code=ware.hs_code,
        specification=_sheet(ware, category.template_key),
    )


def _sheet(ware, template_key) -> list[dict]:
    """The specification sheet: contract lines as plain dicts, files with their fingerprint."""
    rows = []
    if not ware.own_sheet:
        expected = TEMPLATES[template_key].lines
        rows = [_of_template(line, ware.sheet) for line in expected]
    return [row for row in rows if row] + [_own_line(*line) for line in ware.more]


def _of_template(line, changes):
    change = changes.get(line.key, line.requirement)
    if change is None:
        return None
    requirement, tolerance = change if isinstance(change, tuple) else (change, line.tolerance)
    row = {name: getattr(line, name) for name in FIELDS} | {"choices": list(line.choices)}
    row |= {"requirement": requirement, "tolerance_minus": tolerance, "tolerance_plus": tolerance}
    if line.attachment_name:
        row |= {
            "requirement": line.attachment_name,
            "attachment_name": line.attachment_name,
            "attachment_sha256": papers.fingerprint(line.attachment_name),
        }
    return row


def _own_line(characteristic, kind, requirement, how_checked, tolerance="", unit=""):
    return {
        "template_key": "",
        "characteristic": characteristic,
        "kind": kind,
        "requirement": requirement,
        "tolerance_minus": tolerance,
        "tolerance_plus": tolerance,
        "unit": unit,
        "how_checked": how_checked,
        "severity": "major",
        "choices": ["yes", "no"] if kind == "compliance" else [],
    }
