"""How long a hostile file keeps the reader busy and what it takes of memory: python -m benchmarks.reading

Each file is read, its columns found and a choice made as the page does, or refused. Every one has a process of its own,
so that the largest size of that process tells what the reading took; what Python's own objects take says tracemalloc.
"""

import os
import random
import resource
import sys
import time
import tracemalloc
from collections.abc import Callable

from ui.data.choosing import choose, usual_inputs, usual_target, usual_task
from ui.data.columns import columns_of
from ui.data.decoding import MAX_BYTES
from ui.data.reading import read

MOST_SECONDS, MOST_MB = 1.0, 50.0


def _rows(row: str, header: str = "a,b,c\n") -> str:
    return header + row * ((MAX_BYTES - len(header)) // len(row.encode()))


def _noise(characters: str, seed: int = 0) -> str:
    return "".join(random.Random(seed).choices(characters, k=MAX_BYTES // 2))


FILES: dict[str, Callable[[], bytes]] = {
    "usual: 20,000 rows, 4 columns": lambda: ("a,b,c,d\n" + "1.25,-3.5,17,red\n" * 20_000).encode(),
    "widest: 20,000 rows, 50 columns of a digit": lambda: (
        ("".join(f"c{i}," for i in range(50))[:-1] + "\n").encode() + (",".join("1" * 50) + "\n").encode() * 19_990
    ),
    "6,000 rows, 50 columns of 5 letters": lambda: (
        (
            (",".join(f"c{i}" for i in range(50)) + "\n")
            + "".join(",".join(f"{(i * 50 + j) % 99999:05}" for j in range(50)) + "\n" for i in range(6_600))
        )
        .encode()[:MAX_BYTES]
        .rpartition(b"\n")[0]
    ),
    "the same in cp1252": lambda: (
        (
            (",".join(f"c{i}" for i in range(50)) + "\n")
            + "".join(",".join(f"ä{(i * 50 + j) % 9999:04}" for j in range(50)) + "\n" for i in range(6_600))
        )
        .encode("cp1252")[:MAX_BYTES]
        .rpartition(b"\n")[0]
    ),
    "a million equal names": lambda: (",".join("a" * (MAX_BYTES // 2)) + "\n").encode(),
    "a million different names": lambda: _noise("abcdefghi,").encode(),
    "a line of 2 MB": lambda: b"a" * MAX_BYTES,
    "a line of 2 MB of digits": lambda: b"1" * MAX_BYTES,
    "a quoted cell of 2 MB": lambda: b'"' + b"a" * (MAX_BYTES - 1),
    "only quotes": lambda: b'"' * MAX_BYTES,
    "only separators": lambda: b"," * MAX_BYTES,
    "only line ends": lambda: b"a,b\n" + b"\n" * (MAX_BYTES - 4),
    "a million short lines": lambda: b"a\n" * (MAX_BYTES // 2),
    "half a million rows of two": lambda: b"1,2\n" * (MAX_BYTES // 4),
    "20,001 rows": lambda: b"a,b\n" + b"1,2\n" * 20_001,
    "2 MB and 1 byte": lambda: b"a" * (MAX_BYTES + 1),
    "200 MB": lambda: b"a," * 100_000_000,
    "an open quote at the end": lambda: _rows("1,2,3\n").encode()[:100_000] + b'4,"5,6\n',
    "open quotes in all lines": lambda: _rows('1,"2,3\n').encode(),
    "ragged at the end": lambda: b"a,b,c\n" + b"1,2,3\n" * 19_000 + b"1,2\n1,2,3\n",
    "numbers of 5,000 digits": lambda: _rows("1" * 5_000 + ",2," + "3" * 5_000 + "\n").encode(),
    "1e999 everywhere": lambda: ("a,b\n" + "1e999,-1e999\n" * 20_000).encode(),
    "deep JSON in the sample": lambda: ('a;b,"' + '{""a"":' + "[" * 12_000 + "\n").encode(),
    "dates and texts": lambda: (
        "d,t\n" + "".join(f"2026-01-{i % 28 + 1:02},word {i}\n" for i in range(20_000))
    ).encode(),
    "noise of separators": lambda: _noise(',;|\t"1.\n').encode(),
    "noise of bytes": lambda: random.Random(1).randbytes(MAX_BYTES),
    "emoji": lambda: ("a,b\n" + "😀,1\n" * 20_000).encode(),
    "UTF-16": lambda: ("a\tb\n" + "1,5\t2,5\n" * 20_000).encode("utf-16"),
    "spaces": lambda: b"a,b\n" + b" " * (MAX_BYTES - 4),
    "url-like": lambda: _rows("a-" * 2_000 + ",b;c\n", "a,b;c\n").encode(),
}


def outcome(data: bytes) -> str:
    try:
        table = read(data)
        columns = columns_of(table.cells, table.decimal, table.decimal_is_said)
        target = usual_target(columns)
        task = usual_task(next(one for one in columns if one.name == target))
        choice = choose("table", columns, target, usual_inputs(columns, target), task)
        return repr(choice.points)
    except ValueError as error:
        return str(error)


def measured(data: bytes) -> None:
    """In a child process: prints seconds of the processor, MB that it grew by, MB of Python objects, what came out."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.process_time()
    what = outcome(data)
    took = time.process_time() - began
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    tracemalloc.start()
    outcome(data)
    traced = tracemalloc.get_traced_memory()[1] / 1e6
    fault = " !" if took > MOST_SECONDS or max(grown, traced) > MOST_MB else ""
    print(f"{took:6.3f} s {grown:6.1f} MB {traced:6.1f} MB{fault}  {what[:150]}", flush=True)


def main() -> None:
    outcome(b"a,b\n1,2\n3,4\n5,7\n")  # what is made once, such as pyarrow's functions, is no file's
    for name, make in FILES.items():
        if len(sys.argv) > 1 and sys.argv[1] not in name:
            continue
        print(f"{name}:", flush=True)
        if child := os.fork():
            os.waitpid(child, 0)
        else:
            measured(make())
            os._exit(0)


if __name__ == "__main__":
    main()
