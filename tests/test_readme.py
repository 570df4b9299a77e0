"""What is written is so: README names files that are there, examples in docstrings give what they say."""

import doctest
import importlib
import re
from pathlib import Path

CHECKOUT = Path(__file__).parent.parent
README = (CHECKOUT / "README.md").read_text(encoding="utf-8")
ORDER = README.split("## Read the source in this order")[1].split("Then `app.py`")[0]


def test_the_reading_order_leads_through_every_file_of_scratchnet_once():
    named = re.findall(r"`(\w+\.py)`", ORDER)
    there = {path.name for path in (CHECKOUT / "scratchnet").glob("*.py")} - {"__init__.py"}
    assert sorted(named) == sorted(there)


def test_every_path_that_is_named_exists():
    named = re.findall(r"`([\w./]+/[\w./]*)`", README) + re.findall(r"\]\(([\w./-]+)\)", README)
    assert len(named) > 15
    assert [path for path in named if not (CHECKOUT / path).exists()] == []


def test_every_example_in_a_docstring_gives_what_it_says():
    found = [
        doctest.testmod(importlib.import_module(f"scratchnet.{path.stem}"))
        for path in (CHECKOUT / "scratchnet").glob("*.py")
    ]
    assert sum(result.attempted for result in found) >= 2
    assert sum(result.failed for result in found) == 0
