"""Document: the frame of what is printed. One file of HTML made of elements, so that no text in it can become markup.

Nothing is loaded, and the file says so itself: its content policy forbids a browser whatever is not in it.
"""

import re
from collections.abc import Iterable
from xml.etree.ElementTree import Element, tostring

from ui.kit.palette import GREY, MAP_INK, PAPER_FRAME, PAPER_INK, PAPER_RULE

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
COLOURS = {"QUIET": PAPER_INK, "FRAME": PAPER_FRAME, "RULE": PAPER_RULE, "INK": MAP_INK, "GREY": GREY}
STYLE = re.sub(
    "|".join(COLOURS),
    lambda name: COLOURS[name[0]],
    """
@page { margin: 13mm 14mm; }
* { box-sizing: border-box; }
:root { color-scheme: light; }
body { margin: 0 auto; padding: 8mm 5mm; max-width: 192mm; background: white; color: INK;
  font: 10.5pt/1.4 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
h1 { font-size: 17pt; line-height: 1.2; margin: 0; }
h2 { font-size: 11.5pt; margin: 4.5mm 0 1.5mm; break-after: avoid; }
p { margin: 1mm 0; }
p.hint { break-after: avoid; }
math { font-size: 11.5pt; font-family: "STIX Two Math", "Cambria Math", "Latin Modern Math",
  "DejaVu Math TeX Gyre", math; }
sub, sup { font-size: 72%; line-height: 0; }
svg { display: block; max-width: 100%; height: auto; }
section.page { break-before: page; }
.head { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: end; gap: 2mm 8mm; }
.line { display: inline-block; width: 42mm; border-bottom: 0.3mm solid INK; }
.line.short { width: 22mm; }
.row { display: flex; flex-wrap: wrap; gap: 2mm 6mm; align-items: flex-start; }
.row > * { break-inside: avoid; }
.columns { columns: 2; column-gap: 6mm; }
.whole, p { break-inside: avoid; }
.columns > * { margin-bottom: 3mm; }
.grow { flex: 1 1 58mm; }
.quiet, .hint { color: QUIET; font-size: 9pt; }
table { border-collapse: collapse; break-inside: avoid; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; font-size: 9.5pt; padding: 0 0 0.6mm; white-space: nowrap; }
th { font-weight: 500; font-size: 9pt; text-align: left; padding: 0 1.5mm 0.5mm 0; white-space: nowrap; }
td { padding: 0.4mm 1.5mm; white-space: nowrap; }
.cells td { height: 7.4mm; min-width: 21mm; border: 0.25mm solid FRAME; text-align: right; }
.cells th { padding-right: 2mm; }
.cells thead th { text-align: center; padding-right: 0; }
.page .cells td { height: 5.6mm; }
.cells td.given { border: 0; min-width: 15mm; }
.plain td, .plain th { border-bottom: 0.2mm solid RULE; padding: 0.5mm 0 0.5mm 4mm; }
.plain th:first-child { padding-left: 0; text-align: left; }
.plain td, .plain thead th { text-align: right; }
.plain { margin-bottom: 2.5mm; }
.plain td.words { text-align: left; white-space: normal; overflow-wrap: anywhere; }
footer { margin-top: 5mm; padding-top: 1.5mm; border-top: 0.2mm solid GREY; color: QUIET; font-size: 7.5pt;
  line-height: 1.35; overflow-wrap: anywhere; break-inside: avoid; }
@media print { body { padding: 0; max-width: none; } }
@media screen { section.page { margin-top: 12mm; border-top: 0.4mm dashed GREY; padding-top: 8mm; } }
@media screen and (max-width: 600px) { .columns { columns: 1; } .row > * { max-width: 100%; }
  table { display: block; max-width: 100%; overflow-x: auto; } }
""",
)


def element(tag: str, *children: "Element | str", **attributes: object) -> Element:
    """An element with these children, texts among them. In attributes' names a _ stands for a -; class_: class."""
    made = Element(tag, {name.rstrip("_").replace("_", "-"): str(value) for name, value in attributes.items()})
    add(made, children)
    return made


def add(parent: Element, children: Iterable["Element | str"]) -> None:
    """Put children at an element's end."""
    for child in children:
        if not isinstance(child, str):
            parent.append(child)
        elif len(parent):
            parent[-1].tail = (parent[-1].tail or "") + child
        else:
            parent.text = (parent.text or "") + child


def document(title: str, *body: Element) -> str:
    """The file: a page of HTML with this title and these elements one under the other."""
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=POLICY),
        element("meta", name="viewport", content="width=device-width"),
        element("title", title),
        element("style", STYLE),
    )
    html = element("html", head, element("body", *body), lang="en")
    return "<!doctype html>\n" + tostring(html, encoding="unicode", method="html") + "\n"


def symbol(letter: str, above: str = "", below: str = "", head: str = "") -> Element:
    """A letter of a formula in a line of text, such as w with its layer above and its units below. head: before it."""
    parts: list[Element | str] = [head, element("i", letter)]
    parts += [element("sup", above)] if above else []
    parts += [element("sub", below)] if below else []
    return element("span", *parts)
