"""The site's typeface, cut down to the characters of its pages: 20 KB a weight instead of 90.

Connections in small towns are slow. The files come from a hash-pinned package and are cut once,
at install, because what is generated does not belong in the tree.
"""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

from fontpkg_sarabun import ROOT
from fontTools import subset
from fontTools.ttLib import TTFont

WEIGHTS = ("Regular", "SemiBold")
# Whatever people type beyond this falls back to the system's typeface.
CHARACTERS = (
    *range(0x20, 0x7F),  # Basic Latin
    *range(0xA0, 0x100),  # Latin-1: names of places and firms
    *range(0xE01, 0xE3B),  # Thai consonants, vowels and marks
    *range(0xE3F, 0xE5C),  # baht, Thai vowels, tones and digits
    *map(ord, "\u200b\u2010\u2013\u2014\u2018\u2019\u201c\u201d\u2022\u2026\u2032\u2212\u25cc"),
)
# Marks of Thai are stacked by these; without mark and mkmk a tone sinks into the vowel below it.
FEATURES = ("ccmp", "locl", "liga", "kern", "mark", "mkmk")


def build(folder: Path) -> list[Path]:
    """Write Sarabun-<weight>.woff2 of each weight into the folder, unless they are there already.

    Returns the files written. The same package gives the same bytes.
    """
    stamp = folder / "made-from"
    source = f"{version('fontpkg-sarabun')} {version('fonttools')} {CHARACTERS} {FEATURES}"
    wanted = [folder / f"Sarabun-{weight}.woff2" for weight in WEIGHTS]
    if stamp.exists() and stamp.read_text() == source and all(path.exists() for path in wanted):
        return []
    folder.mkdir(parents=True, exist_ok=True)
    for weight, target in zip(WEIGHTS, wanted, strict=True):
        cut(ROOT / "files" / f"Sarabun-{weight}.ttf", target)
    stamp.write_text(source)
    return wanted


def cut(source: Path, target: Path) -> None:
    options = subset.Options(
        flavor="woff2", layout_features=list(FEATURES), hinting=False, notdef_outline=True
    )
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=CHARACTERS)
    with TTFont(source, recalcTimestamp=False) as font:
        subsetter.subset(font)
        subset.save_font(font, target, options)
