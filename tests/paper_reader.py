"""What a browser makes of a document of `ui/paper`: elements and texts, read by the standard library's HTML parser."""

import re
from html.parser import HTMLParser
from xml.etree.ElementTree import Element, TreeBuilder

WITHOUT_END = ("meta",)
TAGS = {
    *("html", "head", "meta", "title", "style", "body", "div", "section", "footer", "h1", "h2", "p", "span", "i"),
    *("sub", "sup", "table", "caption", "thead", "tbody", "tr", "th", "td"),
    *("svg", "line", "text", "circle", "path", "polyline", "image"),
    *("math", "mrow", "mi", "mo", "mn", "mtext", "mfrac", "msup", "msub", "munder"),
}
NUMBER = re.compile(r"−?\d+(?:\.\d+)?(?:e-?\d+)?")


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tree = TreeBuilder()

    def handle_starttag(self, tag, attrs):
        self.tree.start(tag, dict(attrs))
        if tag in WITHOUT_END:
            self.tree.end(tag)

    def handle_endtag(self, tag):
        self.tree.end(tag)

    def handle_data(self, data):
        self.tree.data(data)


def read(document: str) -> Element:
    """The root; an element that is not closed where it should be is an error."""
    assert document.startswith("<!doctype html>\n")
    reader = _Reader()
    reader.feed(document.removeprefix("<!doctype html>\n").rstrip("\n"))
    reader.close()
    return reader.tree.close()


def words(element: Element) -> str:
    """All text in an element, as it is read."""
    return "".join(element.itertext())


def value(printed: str) -> float:
    """The number that is printed: with a real minus sign, and no other one in front."""
    assert NUMBER.fullmatch(printed), printed
    return float(printed.replace("−", "-"))


def is_rounded(printed: str, exact: float) -> bool:
    """Whether four printed significant digits are those of a number: half a unit of the fourth away at most."""
    found = value(printed)
    if exact == 0 or found == 0:
        return abs(found - exact) < 1e-12
    unit = 10.0 ** (int(f"{abs(exact):e}".split("e")[1]) - 3)
    return abs(found - exact) <= 0.5 * unit * (1 + 1e-6)


def loads_nothing(document: str, link: str) -> list[str]:
    """What in a document a browser would fetch or run; `link` stands in it as text."""
    found = [f"<{element.tag}>" for element in read(document).iter() if element.tag not in TAGS]
    for element in read(document).iter():
        for name, text in element.attrib.items():
            if name.startswith("on") or (
                name in ("src", "href", "style", "srcset") and not text.startswith("data:image/png;")
            ):
                found.append(f"{name}={text}")
    rest = words(read(document)).replace(link, "")
    found += re.findall(r"https?:|url\(|@import|javascript:", rest)
    return found
