"""Code beside a frame: the running source of its function, the line marked in it, and where it stands."""

import functools
import inspect
from pathlib import Path


def source_code(frame):
    """The running source of a frame's function: (file name, first line number, source, marked line numbers)."""
    name, found, first = _source(frame.code.function)
    mark = frame.code.mark
    marked = tuple(first + i for i, text in enumerate(found) if mark and mark in text)
    return name, first, "".join(found), marked


def place_of_code(frame):
    """Where the code beside a frame stands, and what it is to the numbers of the frame, in words."""
    code = frame.code
    place = f"{_source(code.function)[0]}, {code.function.__qualname__}"
    if frame.stage == "start":
        return f"{place}: the code of the whole update"  # it has not run yet in the story that the frames tell
    if code.engine is None:
        return f"{place}: the code that has just run"
    file = _source(code.engine)[0]
    return f"{place}: the textbook form. Training runs it on arrays kept for speed: {file}, {_name(code.engine)}"


def _name(function):
    return function.__qualname__.removesuffix(".__call__")


@functools.cache  # Python reads the whole file again for every question, and the source does not change while it runs
def _source(function):
    function = inspect.unwrap(function)
    return Path(inspect.getfile(function)).name, *inspect.getsourcelines(function)
