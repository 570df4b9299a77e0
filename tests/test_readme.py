"""What is written is so: README names files that are there, examples in docstrings give what they say."""

import doctest
import importlib
import re
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parent.parent
README = (CHECKOUT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = {
    "README.md": 15,
    "CONTRIBUTING.md": 5,
    "docs/architecture.md": 30,
    "CHANGELOG.md": 1,
    "docs/hosting.md": 5,
}  # with paths they name
ORDER = README.split("## Read the source in this order")[1].split("Then `app.py`")[0]


def test_the_reading_order_leads_through_every_file_of_scratchnet_once():
    named = re.findall(r"`(\w+\.py)`", ORDER)
    there = {path.name for path in (CHECKOUT / "scratchnet").glob("*.py")} - {"__init__.py"}
    assert sorted(named) == sorted(there)


@pytest.mark.parametrize(("document", "fewest"), DOCUMENTS.items())
def test_every_path_that_is_named_exists(document, fewest):
    text = (CHECKOUT / document).read_text(encoding="utf-8")
    named = [CHECKOUT / path for path in re.findall(r"`([\w./]+/[\w./]*)`", text)]
    named += [(CHECKOUT / document).parent / link for link in re.findall(r"\]\(([\w./-]+)\)", text)]
    assert len(named) >= fewest
    assert [path for path in named if not path.exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_what_is_said_to_be_in_a_file_is_there(document):
    text = (CHECKOUT / document).read_text(encoding="utf-8")
    named = re.findall(r"`(\w+)`(?:,| in| of)\s+`([\w./]+/[\w.]+)`", text)
    assert [(name, path) for name, path in named if name not in (CHECKOUT / path).read_text(encoding="utf-8")] == []
    assert document != "docs/architecture.md" or len(named) >= 10


def test_the_words_of_the_protocol_are_those_that_the_browser_and_python_say():
    table = (CHECKOUT / "docs/architecture.md").read_text(encoding="utf-8").split("## The words of the protocol")[1]
    words = [
        word for row in re.findall(r"^\| ([\w, ]+) \|", table.split("## ")[0], re.MULTILINE) for word in row.split(", ")
    ]
    browser = ("board/board.js", "board/draw.js", "board/time.js")
    said, heard = (
        "".join((CHECKOUT / "ui" / file).read_text(encoding="utf-8") for file in files)
        for files in (browser, ("play/conversation.py", "play/playground.py"))
    )
    assert len(words) > 15
    assert words.pop(0) == "Word"
    assert [word for word in words if not re.search(rf"\b{word}\b", said)] == []
    assert [word for word in words if not re.search(rf"\b{word}\b", heard)] == ["barrier"]


def test_every_example_in_a_docstring_gives_what_it_says():
    found = [
        doctest.testmod(importlib.import_module(f"scratchnet.{path.stem}"))
        for path in (CHECKOUT / "scratchnet").glob("*.py")
    ]
    assert sum(result.attempted for result in found) >= 2
    assert sum(result.failed for result in found) == 0
