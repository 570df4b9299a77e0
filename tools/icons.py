"""Make ui/icons/icons.woff2: those icons of Streamlit's font that somebody names, a thirtieth of its size.

    make icons

That font has 4300 icons and would be the largest file of a first visit. Run it after an update of Streamlit and with an
icon new to us: tests/test_icons.py says so.
"""

import re
from pathlib import Path

import streamlit

CHECKOUT = Path(__file__).resolve().parent.parent
STREAMLIT = Path(streamlit.__file__).parent
FONT, LIST = CHECKOUT / "ui" / "icons" / "icons.woff2", CHECKOUT / "ui" / "icons" / "icons.txt"
NAMED = re.compile(r":material/([a-z0-9_]+)")
OURS = ("ui", "pages")


def named(*folders: Path) -> set[str]:
    """All icons that scripts in these folders name, Python's and the browser's."""
    scripts = [path for folder in folders for kind in ("*.py", "*.js") for path in folder.rglob(kind)]
    return {name for script in scripts for name in NAMED.findall(script.read_text("utf-8"))}


def streamlits_font() -> Path:
    (font,) = (STREAMLIT / "static" / "static" / "media").glob("MaterialSymbols-Rounded.*.woff2")
    return font


def main() -> None:
    from fontTools import subset, ttLib  # the app and its tests do without it

    font = ttLib.TTFont(streamlits_font(), recalcTimestamp=False)
    letters = {glyph: chr(code) for code, glyph in font.getBestCmap().items() if code < 128}
    icons = {}  # name -> glyph that stands for its letters
    for lookup in font["GSUB"].table.LookupList.Lookup:
        for table in lookup.SubTable:
            for first, ligatures in table.ExtSubTable.ligatures.items():
                for each in ligatures:
                    icons["".join(letters.get(glyph, " ") for glyph in (first, *each.Component))] = each.LigGlyph
    kept = sorted(named(STREAMLIT, *(CHECKOUT / folder for folder in OURS)) & icons.keys())

    options = subset.Options(layout_features=["*"], layout_closure=False, flavor="woff2", name_IDs=["*"])
    maker = subset.Subsetter(options)
    maker.populate(glyphs=[icons[name] for name in kept], unicodes=map(ord, set("".join(kept))))
    maker.subset(font)
    subset.save_font(font, FONT, options)
    LIST.write_text("\n".join(kept) + "\n", "utf-8")
    print(f"{len(kept)} icons, {FONT.stat().st_size} bytes")


if __name__ == "__main__":
    main()
