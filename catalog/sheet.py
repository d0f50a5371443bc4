"""The specification sheet of a product: the lines that a contract about it starts from."""

from dataclasses import dataclass, fields

from django.utils.translation import get_language

from contracts.clarity import Line, assess

WRITTEN = {field.name for field in fields(Line)} - {"number", "choices"}


@dataclass(frozen=True)
class SheetLine:
    """One measurable thing the supplier states, and how clear it is (0 to 100)."""

    line: Line
    score: int

    @property
    def tolerance(self) -> str:
        """ "± 5 %", "+ 1 / − 2", or nothing."""
        plus, minus = self.line.tolerance_plus, self.line.tolerance_minus
        if plus == minus:
            return f"± {plus}" if plus else ""
        return " / ".join(f"{sign} {value}" for sign, value in (("+", plus), ("−", minus)) if value)


def sheet(product) -> list[SheetLine]:
    """The product's sheet, line by line; what is not a line of the sheet's form is left out."""
    rows = [row for row in product.specification if isinstance(row, dict)]
    lines = [_line(number, row) for number, row in enumerate(rows, start=1)]
    language = get_language() or "en"
    return [SheetLine(line, assess(line, language).score) for line in lines]


def _line(number: int, row: dict) -> Line:
    given = {name: str(row[name]) for name in WRITTEN & row.keys()}
    return Line(number=number, choices=tuple(row.get("choices", ())), **given)
