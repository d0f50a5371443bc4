"""Can this machine make PDFs? Asked before WeasyPrint is used, and by the launcher.

Without any font Pango does not raise an error: it ends the process. So the libraries and
the fonts are looked up first, by asking the dynamic linker and fontconfig. This module
uses the standard library only, because the launcher reads it before anything is installed.
"""

import ctypes
import sys

LIBRARIES = {
    "libpango-1.0-0": "libpango-1.0.so.0",
    "libpangoft2-1.0-0": "libpangoft2-1.0.so.0",
    "libharfbuzz-subset0": "libharfbuzz-subset.so.0",
}
FONTCONFIG = "libfontconfig.so.1"
# One language of each script that a contract may be written in.
FONTS = {"fonts-noto-core": ("en", "hi"), "fonts-noto-cjk": ("zh-cn",)}

_complete = False


class _FontSet(ctypes.Structure):
    """The head of fontconfig's FcFontSet: how many fonts it holds."""

    _fields_ = [("count", ctypes.c_int)]


def missing() -> list[str]:
    """The Debian packages that the PDFs need and this machine lacks; empty when ready.

    A complete machine is looked at once per process. An incomplete one is looked at again
    each time, so that installing the packages is enough and nothing need be restarted.
    """
    global _complete
    if _complete or sys.platform != "linux":
        return []
    lacking = [package for package, file in LIBRARIES.items() if _library(file) is None]
    lacking += _missing_fonts()
    _complete = not lacking
    return lacking


def _missing_fonts():
    fontconfig = _library(FONTCONFIG)
    if fontconfig is None or not fontconfig.FcInitReinitialize():
        return list(FONTS)
    return [
        package
        for package, languages in FONTS.items()
        if not all(_has_font(fontconfig, language) for language in languages)
    ]


def _has_font(fontconfig, language):
    """Whether fontconfig knows a scalable font that covers a language."""
    for name in ("FcNameParse", "FcObjectSetCreate"):
        getattr(fontconfig, name).restype = ctypes.c_void_p
    fontconfig.FcFontList.restype = ctypes.POINTER(_FontSet)
    pattern = ctypes.c_void_p(fontconfig.FcNameParse(f":lang={language}:scalable=True".encode()))
    wanted = ctypes.c_void_p(fontconfig.FcObjectSetCreate())
    fonts = fontconfig.FcFontList(None, pattern, wanted)
    found = bool(fonts) and fonts.contents.count > 0
    if fonts:
        fontconfig.FcFontSetDestroy(fonts)
    fontconfig.FcObjectSetDestroy(wanted)
    fontconfig.FcPatternDestroy(pattern)
    return found


def _library(file):
    try:
        return ctypes.CDLL(file)
    except OSError:
        return None
