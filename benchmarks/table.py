"""What every benchmark does with its figures: arguments, the printed table, JSON."""

import argparse
import json
import statistics
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Row:
    """One line of the table. at_least: more is better; otherwise less is."""

    measure: str
    value: float
    unit: str
    asked: float
    at_least: bool
    runs: tuple[float, ...] = ()

    @property
    def holds(self) -> bool:
        return self.value >= self.asked if self.at_least else self.value <= self.asked

    def line(self) -> str:
        span = f" ({min(self.runs):.4g} to {max(self.runs):.4g})" if len(self.runs) > 1 else ""
        relation = "at least" if self.at_least else "at most"
        asked = f"{relation} {self.asked:g} {self.unit}"
        return (
            f"| {self.measure} | {self.value:.4g} {self.unit}{span} | {asked} | {'yes' if self.holds else '**no**'} |"
        )


def row_of(measure: str, runs: list[float], unit: str, asked: float, at_least: bool = False) -> Row:
    return Row(measure, statistics.median(runs), unit, asked, at_least, tuple(runs))


def arguments(description: str, *whole_numbers: tuple[str, int, str | None]) -> argparse.Namespace:
    """The command line of a benchmark: its own whole numbers, each (name, default, help), and --json."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default, words in whole_numbers:
        parser.add_argument(name, type=int, default=default, help=words)
    parser.add_argument("--json", type=Path, help="also write the figures there")
    return parser.parse_args()


def printed(rows: Iterable[Row]) -> list[dict]:
    """Prints the table, each row as soon as it is measured; the rows as they go into the JSON."""
    print("| measure | median (least to most) | asked | holds |\n|---|---|---|---|", flush=True)
    kept = []
    for row in rows:
        print(row.line(), flush=True)
        kept.append(asdict(row))
    return kept


def write(file: Path | None, **figures) -> None:
    """The figures as JSON; nothing without a file."""
    if file:
        file.write_text(json.dumps(figures, indent=1))
