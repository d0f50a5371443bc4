"""The fonts of the documents: Debian's Noto families, and a small cut of the Chinese one.

Noto Sans CJK holds 65,000 glyphs. Embedding only those that a document uses keeps a contract
of three pages under 100 KB and its drawing process small. The cut depends on the document
alone, so the same document gives the same bytes in every process.
"""

import base64
import io
from functools import cache, lru_cache
from pathlib import Path

CUT = "Contract Han"
FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))
FILES = ("NotoSansCJK-Regular.ttc", "NotoSansCJKsc-Regular.otf", "NotoSansSC-Regular.otf")
FAMILY = "Noto Sans CJK SC"
# CJK symbols, kana, ideographs, compatibility and full-width forms.
RANGES = (
    (0x2E80, 0x9FFF),
    (0xF900, 0xFAFF),
    (0xFE30, 0xFE4F),
    (0xFF00, 0xFFEF),
    (0x20000, 0x3134F),
)
# A space between two Chinese words is set in the font of its neighbours.
SPACES = " \u00a0"
_UNNEEDED_TABLES = ["GSUB", "GPOS", "BASE", "VORG", "vhea", "vmtx"]


def face_for(text: str) -> str:
    """The @font-face rule with the Chinese characters of a text; nothing if it has none.

    Where the font file is not found the rule is left out, and the family's name in the style
    sheet finds it through fontconfig: the document only grows.
    """
    wanted = "".join(sorted({letter for letter in text if _is_han(letter)}))
    path = _file()
    if not wanted or path is None:
        return ""
    data = base64.b64encode(_cut(path, SPACES + wanted)).decode()
    return f'@font-face{{font-family:"{CUT}";src:url("data:font/otf;base64,{data}")}}'


def _is_han(letter: str) -> bool:
    return any(first <= ord(letter) <= last for first, last in RANGES)


@cache
def _file() -> Path | None:
    found = (path for folder in FOLDERS for name in FILES for path in folder.rglob(name))
    return next(found, None)


@lru_cache(maxsize=16)
def _cut(path: Path, letters: str) -> bytes:
    from fontTools.subset import Options, Subsetter

    options = Options()
    options.layout_features = []
    options.desubroutinize = True
    options.notdef_outline = True
    options.recalc_timestamp = False
    options.drop_tables += _UNNEEDED_TABLES
    font = _open(path)
    subsetter = Subsetter(options)
    subsetter.populate(text=letters)
    subsetter.subset(font)
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


def _open(path: Path):
    from fontTools.ttLib import TTFont

    if path.suffix != ".ttc":
        return TTFont(path, lazy=True, recalcTimestamp=False)
    for number in range(_fonts_in(path)):
        font = TTFont(path, fontNumber=number, lazy=True, recalcTimestamp=False)
        if font["name"].getDebugName(1) == FAMILY:
            return font
    raise LookupError(f"{path} holds no {FAMILY}.")


@cache
def _fonts_in(path: Path) -> int:
    from fontTools.ttLib import TTCollection

    with TTCollection(path, lazy=True) as collection:
        return len(collection.fonts)
