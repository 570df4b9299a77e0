"""Plant faults in scratchnet, one at a time, and see that a test finds each (mutation testing, with Cosmic Ray).

    python -m tools.mutants [--seed 1] [--places 300]

What is planted: Cosmic Ray's operators, at so many places drawn by the seed, one fault a place: another arithmetic or
comparison operator, a number one larger or smaller, `and` for `or`, True for False, a condition turned round, a loop
that never runs, a decorator less. Left out is what no reader of a number could notice or no test could miss: strings
(docstrings and formulas are none of Cosmic Ray's), type hints, the sentence of a `raise`, operators of another family
(`a | b` for `a + b` of floats), `is` for `==`.

Which tests look: every file that imports scratchnet and nothing of `ui`, and those of the modules' own names; of these
the tests that run the mutated statement, as coverage.py saw, the module's own first and the fast before the slow. A
fault is found when one fails, or when they take many times their processor time.

A place is drawn by a hash of its line, so a change elsewhere leaves the sample as it is. Faults that change nothing are
listed with their reasons in tests/mutants_that_change_nothing.toml; the exit code is 0 when no other is alive. All
happens in a copy of the checkout.
"""

import argparse
import ast
import contextlib
import difflib
import importlib
import io
import multiprocessing
import os
import re
import resource
import shutil
import sys
import tempfile
import time
import tomllib
from collections import Counter, defaultdict
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import coverage
import pytest
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names

CHECKOUT = Path(__file__).parent.parent
HARMLESS = Path("tests/mutants_that_change_nothing.toml")
NOT_COPIED = (".git", ".venv*", "node_modules", "__pycache__", ".*_cache", "test-artefacts")
ARITHMETIC = "Add|Sub|Mul|Div|FloorDiv|Mod|Pow"
OPERATORS = re.compile(
    rf"core/(AddNot|ExceptionReplacer|NumberReplacer|RemoveDecorator|Replace(And|Or|True|False|Break|Continue)With\w+"
    rf"|ReplaceBinaryOperator_({ARITHMETIC})_({ARITHMETIC})|ReplaceBinaryOperator_Bit\w+_Bit\w+"
    rf"|ReplaceComparisonOperator_(?!Is)[^_]+_(?!Is)[^_]+|ReplaceComparisonOperator_Is(Not)?_Is(Not)?"
    rf"|ReplaceUnaryOperator_(Delete_\w+|USub_UAdd)|ZeroIterationForLoop)"
)
FORKED = multiprocessing.get_context("fork")
# What the tests import besides scratchnet and ui: imported once, every fork has it.
IMPORTED_ONCE = ("hypothesis", "numpy", "pandas", "plotly.graph_objects", "streamlit.components.v2.manifest_scanner")
MEMORY = 8 * 2**30  # bytes that a mutant may ask for: a wrong size must not take the machine with it


@dataclass(frozen=True)
class Mutant:
    """One fault: the `occurrence`-th of an operator in a file; its place is where in the file, (line, column)."""

    path: str
    place: tuple[int, int]
    operator: str
    occurrence: int


@dataclass(frozen=True)
class Baseline:
    """What the tests do without a fault. `running[path, line]`: the tests, as `file::function`, that run a line of
    scratchnet; `seconds[test]`: processor time, all cases of a parametrized test together."""

    running: dict[tuple[str, int], set[str]]
    seconds: dict[str, float]


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--places", type=int, default=300)
    options = arguments.parse_args()
    with a_copy():
        harmless = tomllib.loads(HARMLESS.read_text())["mutant"]
        faults = [f"{HARMLESS} has a line that is no longer there: {m['file']}: {m['was']}" for m in outdated(harmless)]
        found = all_mutants()
        places = sorted({(m.path, m.place) for m in found})
        drawn = sample(found, options.seed, options.places)
        print(f"seed {options.seed}: {len(drawn)} of {len(places)} places, one of {len(found)} faults at each")
        began = time.monotonic()
        baseline = look_without_a_fault()
        verdicts: Counter[str] = Counter()
        for number, mutant in enumerate(drawn, 1):
            was, becomes, code = planted(mutant)
            if any((m["file"], m["was"], m["becomes"]) == (mutant.path, was, becomes) for m in harmless):
                verdict = "changes nothing"
            else:
                verdict = look(mutant, code, baseline)
            if verdict == "alive":
                faults.append(f"alive: {mutant.path}:{mutant.place[0]}: {was}  ->  {becomes}")
            verdicts[verdict] += 1
            print(f"{number:4} {verdict:15} {mutant.path}:{mutant.place[0]}: {was}  ->  {becomes}", flush=True)
    print(f"{dict(verdicts)} in {(time.monotonic() - began) / 60:.0f} minutes")
    print("\n".join(faults) or "Every fault that changes something is found.")
    return 1 if faults else 0


@contextlib.contextmanager
def a_copy():
    """Work in a copy of the checkout, where faults may be planted and from where the tests import."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "checkout"
        shutil.copytree(CHECKOUT, copy, ignore=shutil.ignore_patterns(*NOT_COPIED))
        os.chdir(copy)
        sys.path[0] = str(copy)  # here was the checkout that this program was started from
        for module in IMPORTED_ONCE:
            importlib.import_module(module)
        yield


def outdated(harmless: list[dict]) -> list[dict]:
    """The entries whose line their file does not have any more."""
    return [m for m in harmless if m["was"].splitlines()[0] not in map(str.strip, read_lines(m["file"]))]


def read_lines(path: str) -> list[str]:
    return Path(path).read_text().splitlines()


# ---- the faults


def all_mutants() -> list[Mutant]:
    found = []
    for path in sorted(map(str, Path("scratchnet").glob("**/*.py"))):
        source = Path(path).read_text()
        nodes, left_out = list(ast_nodes(get_ast(source))), unseen(source)
        for name in filter(OPERATORS.fullmatch, sorted(operator_names())):
            operator = get_operator(name)()
            places = [start for node in nodes for start, _ in operator.mutation_positions(node)]
            found += [
                Mutant(path, place, name, occurrence)
                for occurrence, place in enumerate(places)
                if not any(start <= place < end for start, end in left_out)
            ]
    return found


def unseen(source: str) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """From where to where there are type hints and the sentences of exceptions, each as two (line, column)."""
    nodes = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.AnnAssign | ast.arg):
            nodes.append(node.annotation)
        elif isinstance(node, ast.FunctionDef):
            nodes.append(node.returns)
        elif isinstance(node, ast.Raise):
            nodes.append(node.exc)
        elif isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            nodes.append(node.test)
    return [
        ((node.lineno, node.col_offset), (node.end_lineno or 0, node.end_col_offset or 0)) for node in nodes if node
    ]


def sample(mutants: list[Mutant], seed: int, places: int) -> list[Mutant]:
    """One mutant at each of so many places, in the order of the files."""
    lines = {path: read_lines(path) for path in {m.path for m in mutants}}

    def chance(mutant, *more):
        line, column = lines[mutant.path][mutant.place[0] - 1], mutant.place[1]
        return sha256(f"{seed} {mutant.path} {line.strip()} {column} {more}".encode()).digest()

    at = defaultdict(list)
    for mutant in mutants:
        at[mutant.path, mutant.place].append(mutant)
    drawn = sorted(at.values(), key=lambda there: chance(there[0]))[:places]
    chosen = [min(there, key=lambda m: chance(m, m.operator, m.occurrence - there[0].occurrence)) for there in drawn]
    return sorted(chosen, key=lambda m: (m.path, m.place))


def planted(mutant: Mutant) -> tuple[str, str, str]:
    """The lines that differ, before and after, and the whole file with the fault."""
    source = Path(mutant.path).read_text()
    code = mutate_code(source, get_operator(mutant.operator)(), mutant.occurrence)
    changes = list(difflib.unified_diff(source.splitlines(), code.splitlines(), n=0, lineterm=""))[2:]
    was, becomes = ("\n".join(line[1:].strip() for line in changes if line[0] == sign) for sign in "-+")
    return was, becomes, code


# ---- the tests


def files_that_look() -> list[str]:
    """The test files that import scratchnet and nothing of ui, and those of the modules' own names."""
    own = {f"tests/test_{module.stem}.py" for module in Path("scratchnet").glob("**/*.py")}
    return [
        str(test)
        for test in sorted(Path("tests").glob("test_*.py"))
        if str(test) in own or ({"scratchnet"} <= imported(test) and not {"ui", "streamlit"} & imported(test))
    ]


def imported(test: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(test.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names


def run_tests(tests: list[str], *plugins) -> bool:
    quiet = ["-q", "--no-header", "-p", "no:cacheprovider", "-W", "ignore::pytest.PytestAssertRewriteWarning"]
    return pytest.main([*quiet, "--exitfirst", *tests], plugins=plugins) == 0


def look_without_a_fault() -> Baseline:
    """Run every test file in a fork of its own, as the mutants will be, and note what it runs and how long it takes."""
    running: dict[tuple[str, int], set[str]] = defaultdict(set)
    seconds: dict[str, float] = {}
    for file in files_that_look():
        here, there = FORKED.Pipe()
        FORKED.Process(target=_note, args=(file, there)).start()
        passed, said, lines, times = here.recv()
        if not passed:
            sys.exit(f"{said}{file} fails without a fault.")
        for line, tests in lines.items():
            running[line] |= tests
        seconds |= times
    return Baseline(running, seconds)


def _note(file: str, answer) -> None:
    """Send whether the tests of a file pass, what they said, what they run, and their processor time."""
    seconds: defaultdict[str, float] = defaultdict(float)

    class Stopwatch:
        @pytest.hookimpl(wrapper=True)
        def pytest_runtest_protocol(self, item):
            began = time.process_time()
            try:
                return (yield)
            finally:
                seconds[item.nodeid.split("[")[0]] += time.process_time() - began

    watch = coverage.Coverage(data_file=None, source=["scratchnet"])
    watch.set_option("run:dynamic_context", "test_function")
    with contextlib.redirect_stdout(io.StringIO()) as said:
        watch.start()
        passed = run_tests([file], Stopwatch())
        watch.stop()
    data, lines = watch.get_data(), {}
    for path in data.measured_files():
        for line, contexts in data.contexts_by_lineno(path).items():
            tests = {f"{file}::{context.split('.')[-1]}" for context in contexts if context}
            # Without a name are imports, fixtures and cases: they concern every test of the file.
            everybody = "" in contexts or not tests <= set(seconds)
            lines[os.path.relpath(path), line] = set(seconds) if everybody else tests
    answer.send((passed, said.getvalue(), lines, dict(seconds)))


def lines_of_the_statement(path: str, line: int) -> range:
    """The lines of the smallest statement around a line, of a statement with a body those of its head."""
    around = []
    for node in ast.walk(ast.parse(Path(path).read_text())):
        if isinstance(node, ast.stmt | ast.ExceptHandler):
            first = min([node.lineno, *(decorator.lineno for decorator in getattr(node, "decorator_list", ()))])
            last = max(first, node.body[0].lineno - 1) if hasattr(node, "body") else node.end_lineno or first
            if first <= line <= last:
                around.append(range(first, last + 1))
    return min(around, key=len)


def look(mutant: Mutant, code: str, baseline: Baseline) -> str:
    """Plant the fault, run the tests, mend it; "found", "too long" or "alive"."""
    lines = lines_of_the_statement(mutant.path, mutant.place[0])
    running = set().union(*(baseline.running.get((mutant.path, line), ()) for line in lines))
    tests = sorted(running, key=baseline.seconds.__getitem__)
    own = f"tests/test_{Path(mutant.path).stem}.py::"
    file = Path(mutant.path)
    source, date = file.read_text(), file.stat().st_mtime_ns
    file.write_text(code)
    try:
        for some in ([t for t in tests if t.startswith(own)], [t for t in tests if not t.startswith(own)]):
            if some:
                limit = 10 + 3 * int(sum(baseline.seconds[test] for test in some))
                process = FORKED.Process(target=_run_quietly, args=(some, limit))
                process.start()
                process.join()
                if process.exitcode:
                    return "found" if process.exitcode == 1 else "too long"
        return "alive"
    finally:
        file.write_text(source)
        os.utime(file, ns=(date, date))  # by which Python knows what it compiled


def _run_quietly(tests: list[str], processor_seconds: int) -> None:
    sys.dont_write_bytecode = True  # a fault of the same length in the same second would be taken for its successor
    resource.setrlimit(resource.RLIMIT_CPU, (processor_seconds, processor_seconds + 5))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    with open(os.devnull, "w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
    sys.exit(0 if run_tests(tests) else 1)


if __name__ == "__main__":
    sys.exit(main())
