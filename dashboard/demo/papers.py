"""Small PDF files for the demo: a drawing, a label, a shipping document, each with its title."""

import hashlib

from django.core.files.base import ContentFile

PAGE = (
    "<</Type/Catalog/Pages 2 0 R>>",
    "<</Type/Pages/Kids[3 0 R]/Count 1>>",
    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
    "/Resources<</Font<</F1 5 0 R>>>>>>",
)
FONT = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"


def paper(name: str) -> ContentFile:
    """An uploaded one-page PDF of that name; the same name gives the same bytes."""
    return ContentFile(_pdf(name), name=name)


def fingerprint(name: str) -> str:
    """The SHA-256 of the file of that name."""
    return hashlib.sha256(_pdf(name)).hexdigest()


def _pdf(title: str) -> bytes:
    drawn = f"BT /F1 20 Tf 72 740 Td ({title}) Tj ET 72 320 451 360 re S"
    objects = [*PAGE, f"<</Length {len(drawn)}>>stream\n{drawn}\nendstream", FONT]
    out, places = "%PDF-1.4\n", []
    for n, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{n} 0 obj{body}endobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    head = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    trailer = f"trailer<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{len(out)}\n%%EOF\n"
    return f"{out}{head}{trailer}".encode("ascii")
