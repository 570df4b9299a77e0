"""Architecture: who may import whom, and what nobody may do. Read from the sources, so it also sees code no test runs.

numpy  <-  scratchnet  <-  ui  <-  pages, app.py        (an arrow points at what is imported)
"""

import ast
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parent.parent
STANDARD_LIBRARY = sys.stdlib_module_names - {"pickle", "marshal", "shelve", "random"}  # unsafe files; unseeded chance
CLOCKS_AND_WATCHERS = {"time", "datetime", "logging", "threading", "asyncio", "multiprocessing", "tkinter"}
MAY_IMPORT = {
    "scratchnet": STANDARD_LIBRARY - CLOCKS_AND_WATCHERS | {"numpy", "scratchnet"},
    "ui": STANDARD_LIBRARY | {"numpy", "pandas", "plotly", "streamlit", "scratchnet", "ui"},
    "ui/data": STANDARD_LIBRARY | {"clevercsv", "numpy", "pandas", "scratchnet", "ui"},
    "ui/classroom/qr.py": STANDARD_LIBRARY | {"segno", "ui"},
    "ui/kit/assets.py": STANDARD_LIBRARY | {"starlette", "streamlit"},  # what talks to the web server
    "ui/sweeps/cluster.py": STANDARD_LIBRARY | {"distributed"},  # optional: read when somebody names a cluster
    "ui/web": STANDARD_LIBRARY | {"google", "starlette", "streamlit", "ui"},  # the protocol's messages are google's
    "pages": STANDARD_LIBRARY | {"numpy", "pandas", "plotly", "streamlit", "scratchnet", "ui"},
    "app.py": STANDARD_LIBRARY | {"starlette", "streamlit", "ui"},
}
SEEDED_RANDOMNESS = {"default_rng", "Generator", "SeedSequence", "BitGenerator", "PCG64", "Philox"}
NAMELESS = {"utils", "util", "helpers", "helper", "common", "base", "misc", "tools", "lib"}
UNSAFE_CALLS = {"eval", "exec", "compile", "__import__"}
UNSAFE_SETTINGS = {"unsafe_allow_html", "unsafe_allow_javascript", "allow_pickle"}
# What time of day it is changes when a clock is set; how long something takes says another clock. The check of a device
# compares its clock with the server's, so it asks.
MAY_ASK_THE_TIME = "ui/network_check/"
TIMES_OF_DAY = {
    *("time.time", "time.time_ns", "time.localtime", "time.gmtime", "time.ctime", "time.strftime"),
    *("datetime.datetime.now", "datetime.datetime.utcnow", "datetime.datetime.today", "datetime.date.today"),
}
TIME_OF_DAY_IN_JAVASCRIPT = re.compile(r"\bDate\b|\bperformance\.timeOrigin\b")
UNSAFE_JAVASCRIPT = re.compile(
    r"\b(innerHTML|outerHTML|insertAdjacentHTML|createContextualFragment|setHTMLUnsafe"
    r"|document\.write|eval|new Function)\b"
)


ANOTHER_MACHINE = re.compile(r"(https?:)?//(?!www\.w3\.org/)[a-z0-9-]+(\.[a-z0-9-]+)+(?=[/\"'`\s:)]|$)")


def folder_of(path: str) -> str:
    """The longest name under which MAY_IMPORT has the file; path is relative to the checkout, with slashes."""
    parts = path.split("/")
    names = ["/".join(parts[:count]) for count in range(len(parts), 0, -1)]
    return next((name for name in names if name in MAY_IMPORT), parts[0])


def python_faults(path: str, source: str) -> list[str]:
    """One sentence for each rule that a file of the product breaks."""
    tree = ast.parse(source)
    faults = []
    for module, line in imported_modules(path, tree):
        if module.split(".")[0] not in MAY_IMPORT[folder_of(path)]:
            faults.append(f"{path}:{line} imports {module}, which {folder_of(path)} may not")
    for name, line in dotted_names(tree):
        if name.startswith("numpy.random.") and name.split(".")[2] not in SEEDED_RANDOMNESS:
            faults.append(f"{path}:{line} uses {name}: take a Generator from a visible seed")
        if name in TIMES_OF_DAY and not path.startswith(MAY_ASK_THE_TIME):
            faults.append(f"{path}:{line} asks {name}, which jumps when the clock is set: take time.monotonic")
    seeders = SEEDED_RANDOMNESS - {"Generator", "BitGenerator"}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            last_name = ast.unparse(node.func).split(".")[-1]
            if last_name in seeders and not node.args and not node.keywords:
                faults.append(f"{path}:{node.lineno} calls {last_name} without a seed")
            called = node.func.id if isinstance(node.func, ast.Name) else ""
            if called in UNSAFE_CALLS:
                faults.append(f"{path}:{node.lineno} calls {called}")
            if called in ("print", "input") and path.startswith("scratchnet/"):
                faults.append(f"{path}:{node.lineno} calls {called}: the maths does not know that anybody is watching")
            for setting in node.keywords:
                if setting.arg in UNSAFE_SETTINGS and not (
                    isinstance(setting.value, ast.Constant) and setting.value.value is False
                ):
                    faults.append(f"{path}:{node.lineno} sets {setting.arg}")
        elif isinstance(node, ast.Assign | ast.AnnAssign) and node in tree.body and is_empty(node.value):
            faults.append(f"{path}:{node.lineno} has an empty list, dict or set at the top: a store for all visitors")
        elif isinstance(node, ast.Global):
            faults.append(f"{path}:{node.lineno} changes a global")
    return faults


def is_empty(value: ast.expr | None) -> bool:
    """Whether it makes an empty list, dict or set, of any kind."""
    if isinstance(value, ast.Call):
        makes = ast.unparse(value.func).split(".")[-1]
        return makes in ("list", "dict", "set", "defaultdict", "OrderedDict", "deque", "Counter")
    return (isinstance(value, ast.List) and not value.elts) or (isinstance(value, ast.Dict) and not value.keys)


def imported_modules(path: str, tree: ast.AST) -> list[tuple[str, int]]:
    """Every imported module with its line; relative imports are resolved from the file's own folder."""
    modules = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules += [(alias.name, node.lineno) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            start = path.split("/")[: -node.level] if node.level else []
            parts = start + ([node.module] if node.module else [])
            if parts:
                modules.append((".".join(parts), node.lineno))
            else:  # from .. import ui: the imported names are the modules
                modules += [(alias.name, node.lineno) for alias in node.names]
    return modules


def dotted_names(tree: ast.AST) -> list[tuple[str, int]]:
    """Names like numpy.random.seed with their line, whatever numpy or its parts are called in the file."""
    full_names = {}
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                full_names[alias.asname or alias.name.split(".")[0]] = (
                    alias.name if alias.asname else alias.name.split(".")[0]
                )
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                full_names[alias.asname or alias.name] = f"{node.module}.{alias.name}"
                found.append((f"{node.module}.{alias.name}", node.lineno))
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            parts, inner = [node.attr], node.value
            while isinstance(inner, ast.Attribute):
                parts.append(inner.attr)
                inner = inner.value
            if isinstance(inner, ast.Name) and inner.id in full_names:
                found.append((".".join([full_names[inner.id], *reversed(parts)]), node.lineno))
    return found


def javascript_faults(path: str, source: str) -> list[str]:
    lines = source.splitlines()
    return [
        f"{path}:{number} uses {match[1]}: build with createElement and textContent"
        for number, line in enumerate(lines, start=1)
        for match in UNSAFE_JAVASCRIPT.finditer(line)
    ] + [
        f"{path}:{number} {words}"
        for words, wrong in (
            ("names another machine", ANOTHER_MACHINE),
            (
                "asks for the time of day, which jumps when the clock is set: take performance.now",
                TIME_OF_DAY_IN_JAVASCRIPT,
            ),
        )
        for number, line in enumerate(lines, start=1)
        if wrong.search(line) and not (wrong is TIME_OF_DAY_IN_JAVASCRIPT and path.startswith(MAY_ASK_THE_TIME))
    ]


def name_faults(path: str) -> list[str]:
    stem = Path(path).stem.lower()
    return [f"{path}: a thing without a name has no file"] if stem in NAMELESS else []


def files(*patterns: str) -> list[tuple[str, str]]:
    """(path relative to the checkout, source) of every file of the project that a pattern names."""
    paths = sorted(path for pattern in patterns for path in CHECKOUT.glob(pattern) if ".venv" not in path.parts)
    return [(path.relative_to(CHECKOUT).as_posix(), path.read_text(encoding="utf-8")) for path in paths]


PRODUCT = files("app.py", "scratchnet/**/*.py", "ui/**/*.py", "pages/**/*.py")
SCRIPTS = files("ui/**/*.js", "ui/**/*.mjs")


def test_every_arrow_points_the_right_way_and_nothing_forbidden_is_used():
    assert [fault for path, source in PRODUCT for fault in python_faults(path, source)] == []


@pytest.mark.parametrize("folder", ["ui/play", "ui/checks", "ui/paper"])
def test_each_file_of_a_folder_can_be_read_alone_and_brings_along_no_streamlit(folder):
    """Each in a process of its own: which one is imported first decides whether a circle is noticed."""
    modules = [f"{folder.replace('/', '.')}.{path.stem}" for path in sorted((CHECKOUT / folder).glob("[!_]*.py"))]
    assert len(modules) > 3
    for module in modules:
        code = (
            f"import sys, {module}; print([name for name in ('streamlit', 'plotly', 'pandas') if name in sys.modules])"
        )
        said = subprocess.run([sys.executable, "-c", code], cwd=CHECKOUT, capture_output=True, text=True)
        assert (said.stdout.strip(), said.stderr) == ("[]", "")


def test_the_product_was_found():
    assert {folder_of(path) for path, _ in PRODUCT} >= {"app.py", "ui", "pages", "scratchnet"}


def test_what_serves_every_page_imports_nothing_of_one_lesson():
    of_lessons = re.compile(r"ui\.(checks|drawings)(?!\.answers)")
    faults = []
    for path, source in PRODUCT:
        if not path.startswith(("ui/checks/", "ui/drawings/", "pages/")):
            for node in ast.walk(ast.parse(source)):
                names = [f"{node.module}.{one.name}" for one in node.names] if isinstance(node, ast.ImportFrom) else []
                names += [one.name for one in node.names] if isinstance(node, ast.Import) else []
                faults += [f"{path} imports {name}" for name in names if of_lessons.match(name)]
    assert faults == []


def test_javascript_never_makes_elements_out_of_text():
    assert [fault for path, source in SCRIPTS for fault in javascript_faults(path, source)] == []


def test_every_file_is_named_after_what_it_holds():
    everything = files("*.py", "*/**/*.py", "ui/**/*.js", "ui/**/*.css")
    assert [fault for path, _ in everything for fault in name_faults(path)] == []


def test_every_module_of_the_product_begins_by_saying_what_it_is_for():
    assert [path for path, source in PRODUCT if not ast.get_docstring(ast.parse(source))] == []


@pytest.mark.parametrize(
    ("path", "source", "told"),
    [
        ("scratchnet/network.py", "import streamlit", "imports streamlit"),
        ("scratchnet/network.py", "from ui.charts import loss_curve", "imports ui.charts"),
        ("scratchnet/network.py", "from ..ui import charts", "imports ui"),
        ("scratchnet/network.py", "from .. import pages", "imports pages"),
        ("scratchnet/network.py", "def late():\n    import pandas", "imports pandas"),
        ("scratchnet/run.py", "import time", "imports time"),
        ("scratchnet/run.py", "print('epoch')", "calls print"),
        ("scratchnet/run.py", "import random", "imports random"),
        ("scratchnet/run.py", "import numpy as np\nnp.random.seed(0)", "numpy.random.seed"),
        ("scratchnet/run.py", "from numpy import random as r\nr.normal()", "numpy.random.normal"),
        ("scratchnet/run.py", "from numpy.random import rand", "numpy.random.rand"),
        ("scratchnet/run.py", "import numpy.random as nr\nnr.shuffle([])", "numpy.random.shuffle"),
        ("scratchnet/run.py", "import numpy as np\nrng = np.random.default_rng()", "calls default_rng without a seed"),
        ("ui/state.py", "from numpy.random import Philox\nPhilox()", "calls Philox without a seed"),
        ("scratchnet/run.py", "count = 0\ndef f():\n    global count\n    count += 1", "changes a global"),
        ("scratchnet/run.py", "SEEN: dict = {}", "an empty list, dict or set"),
        ("ui/state.py", "import collections\nSEEN = collections.defaultdict(int)", "an empty list, dict or set"),
        ("ui/state.py", "SEEN = []", "an empty list, dict or set"),
        ("ui/state.py", "import pickle", "imports pickle"),
        ("ui/state.py", "from pages.play import playground", "imports pages.play"),
        ("ui/state.py", "from torch import nn", "imports torch"),
        ("ui/state.py", "from starlette.routing import Mount", "imports starlette.routing"),
        ("ui/state.py", "eval('1')", "calls eval"),
        ("ui/state.py", "import streamlit as st\nst.markdown('x', unsafe_allow_html=True)", "sets unsafe_allow_html"),
        ("pages/play/playground.py", "import tests.menu_pages", "imports tests.menu_pages"),
        ("pages/play/playground.py", "import numpy as np\nnp.load('x', allow_pickle=flag)", "sets allow_pickle"),
        ("app.py", "import scratchnet", "imports scratchnet"),
        ("ui/gate.py", "import time\nstart = time.time()", "asks time.time"),
        ("ui/gate.py", "from time import time as now\nstart = now()", "asks time.time"),
        ("ui/gate.py", "from datetime import datetime\nstart = datetime.now()", "asks datetime.datetime.now"),
    ],
)
def test_a_planted_fault_is_found(path, source, told):
    faults = python_faults(path, source)
    assert len(faults) == 1 or told.startswith("numpy"), faults
    assert any(told in fault for fault in faults), faults


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("scratchnet/network.py", "import numpy as np\nfrom . import losses\nrng = np.random.default_rng(0)"),
        ("scratchnet/run.py", "import numpy as np\nnp.random.Generator(np.random.Philox(key=7))"),
        ("scratchnet/network.py", "from scratchnet.losses import LOSSES\nfrom numpy.random import Generator"),
        ("ui/board/__init__.py", "import streamlit as st\nimport scratchnet as sn\nfrom ui import assets"),
        ("ui/gate.py", "import time\nbegan = time.monotonic()\ntime.sleep(1)\ntook = time.perf_counter()"),
        ("ui/state.py", "import numpy as np\nnp.load('x', allow_pickle=False)"),
        ("pages/play/playground.py", "import streamlit as st\nfrom ui import board\nimport time"),
    ],
)
def test_code_as_it_should_be_is_left_alone(path, source):
    assert python_faults(path, source) == []


@pytest.mark.parametrize(
    "line",
    [
        "fetch('https://example.org/x.js')",
        "import('//cdn.example.org/x.js')",
        "node.innerHTML = name;",
        "node.insertAdjacentHTML('x', t)",
        "eval(text)",
        "new Function(text)",
        "const began = Date.now();",
        "const began = new Date();",
    ],
)
def test_a_planted_fault_in_javascript_is_found(line):
    assert len(javascript_faults("ui/board/board.js", f"const a = 1;\n{line}\n")) == 1


def test_javascript_as_it_should_be_is_left_alone():
    assert (
        javascript_faults("ui/board/board.js", "node.textContent = name; evaluate(name); // a // b.c is no address")
        == []
    )
    assert javascript_faults("ui/kit/elements.js", 'const SVG = "http://www.w3.org/2000/svg";') == []


@pytest.mark.parametrize("path", ["ui/utils.py", "scratchnet/base.py", "tests/helpers.py", "ui/board/common.js"])
def test_a_file_without_a_real_name_is_found(path):
    assert len(name_faults(path)) == 1
    assert name_faults("scratchnet/losses.py") == []


NUMBER_FORMATS = re.compile(
    r":[,+]?\.?[0-9]*[gfe]\}|:,?\.[0-9]+[gfe%]|%\.[0-9]+[gfe]|\.to(Fixed|Precision|Exponential|LocaleString)\("
)
NOT_READ_AS_NUMBERS = {  # places in a picture, and values that are rounded before they are written
    **{"ui/board/draw.js": 1, "ui/board/input.js": 1, "ui/graph/graph.js": 1, "ui/sketch/sketch.js": 1},
    **{"ui/lesson/controls.py": 1, "ui/thumbnails.py": 1},
    **{"ui/moment.py": 1, "ui/play/playground.py": 1},  # a million with its commas
}


def test_numbers_have_their_form_from_one_place():
    """ui/kit/numbers says how a number is written; every other line that formats one by itself is counted here."""
    found = Counter(
        path
        for path, source in [*PRODUCT, *SCRIPTS]
        if path.startswith(("ui/", "pages/")) and not path.startswith("ui/kit/numbers")
        for line in source.split("\n")
        if NUMBER_FORMATS.search(line)
    )
    assert found == NOT_READ_AS_NUMBERS
    for planted in (
        'f"{loss:.4g}"',
        "f'{x:g}'",
        '"%{y:.3g}"',
        'format="%.2f"',
        "loss.toFixed(3)",
        'f"{100 * s:.1f} %"',
    ):
        assert NUMBER_FORMATS.search(planted), planted


PICTURES = (
    "ui/*charts.py",
    "ui/landscapes/pictures.py",
    "ui/study.py",
    "ui/mistakes.py",
    "ui/layers.py",
    "ui/microscope.py",
    "ui/film/*",
    "ui/drawings/*.py",
    "ui/paper/*.py",
)


def decisions(line):
    """Whether a line decides a class by itself: the largest of several, or a comparison with a middle."""
    return bool(re.search(r"argmax|[<>]=? *0?\.5\b|\bmiddle *[<>]|[<>]=? *middle\b|min\(\) *<", line))


def test_no_picture_decides_a_class_by_itself_but_asks_the_one_decision():
    files = [file for pattern in PICTURES for file in CHECKOUT.glob(pattern) if file.suffix in (".py", ".js")]
    assert len(files) > 9
    found = [(file.name, line) for file in files for line in file.read_text("utf-8").split("\n") if decisions(line)]
    assert not found
    for planted in ("z = outputs.argmax(axis=1)", "const right = output > 0.5;", "signed = y.min() < 0", "a >= .5"):
        assert decisions(planted)


def forward_passes(source):
    """The lines that apply an activation by themselves, where a forward pass would be made a second time."""
    return [node.lineno for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Attribute) and node.attr == "f"]


def test_there_is_one_forward_pass_for_training_evaluation_predictions_and_maps():
    engine = [(path, source) for path, source in PRODUCT if path.startswith("scratchnet/")]
    found = [path for path, source in engine if forward_passes(source)]
    assert found == ["scratchnet/network.py", "scratchnet/neuron.py"]  # a neuron is the first page's one unit
    assert forward_passes("a = ACTIVATIONS[name].f(W.dot(a) + b)") == [1]


def test_what_counts_as_a_number_is_said_once():
    words = re.compile(r"\b(Integral|Real|np\.integer|np\.floating)\b")
    assert [path for path, source in PRODUCT if path.startswith("scratchnet/") and words.search(source)] == [
        "scratchnet/values.py"
    ]


def test_an_error_in_any_part_of_a_page_that_runs_alone_becomes_a_sentence():
    parts, bare = [], []
    for path, source in files("ui/**/*.py", "pages/**/*.py"):
        for function in (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)):
            decorators = [ast.unparse(one) for one in function.decorator_list]
            if any(one.startswith("st.fragment") for one in decorators):
                parts.append(function.name)
                withs = [one for one in function.body if isinstance(one, ast.With)]
                entered = [ast.unparse(item.context_expr) for one in withs[:1] for item in one.items]
                if "errors.caught()" not in entered + decorators:
                    bare.append(f"{path}: {function.name}")
    assert len(parts) > 6
    assert bare == []


def test_no_type_is_passed_over():
    assert [path for path, source in PRODUCT if "type: ignore" in source or "# mypy:" in source] == []
