"""Expressions: a function or a comparison of x1 and x2 that somebody types, such as sin(x1) or x1^2 + x2^2 < 9.

    labelling  = ["inside" | "outside"] comparison | ("above" | "below") sum | sum
    comparison = sum ("<" | ">" | "<=" | ">=") sum
    sum        = product {("+" | "-") product}
    product    = signed {("*" | "/") signed}
    signed     = {"+" | "-"} power
    power      = atom ["²" | "³"] ["^" signed]      so -x1^2 is -(x1^2), and 2^3^2 is 2^(3^2)
    atom       = number | "x1" | "x2" | "(" sum ")" | function "(" sum ")"

`above f` is x2 > f, `below f` is x2 < f, `outside c` is where c does not hold. The text is read by this grammar and
never run as code; how long it is and how deep its parentheses go is bounded.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from .numerals import text as written
from .values import shown

MAX_LENGTH = 120  # characters
MAX_DEPTH = 20  # parentheses, powers and signs within one another
FUNCTIONS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "sin": np.sin,
    "cos": np.cos,
    "exp": np.exp,
    "sqrt": np.sqrt,
    "abs": np.abs,
}
OPERATIONS: dict[str, Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "^": np.power,
    "<": np.less,
    ">": np.greater,
    "<=": np.less_equal,
    ">=": np.greater_equal,
}
COMPARISONS = ("<", ">", "<=", ">=")
SIDES = {"above": ">", "below": "<"}
TOKEN = re.compile(
    r"\s*([0-9]+\.?[0-9]*(?:[eE][+-]?[0-9]+)?|\.[0-9]+(?:[eE][+-]?[0-9]+)?|[A-Za-z][A-Za-z0-9_]*|[<>]=|\S)"
)
RAISED = {"²": 2.0, "³": 3.0}  # as features are labelled
SAME = str.maketrans({"−": "-", "·": "*", "×": "*", "÷": "/", ",": "."})  # as people and their keyboards write them

Places = np.ndarray  # (n, columns)
Values = Callable[[Places], np.ndarray]  # (n, columns) -> (n,)


@dataclass(frozen=True, eq=False)
class Expression:
    """What was typed, read. is_comparison: whether its values are true and false instead of numbers."""

    text: str
    is_comparison: bool
    _values: Values

    def __call__(self, x: Places) -> np.ndarray:
        """Its value at each place x (n, columns): (n,) float64, or bool of a comparison.

        ValueError with one sentence where it has none, as sqrt(x1) for a negative x1, or an infinite one.
        """
        with np.errstate(all="ignore"):
            values = np.broadcast_to(self._values(x), len(x))
        wrong = np.isnan(values) if self.is_comparison else ~np.isfinite(values)
        if wrong.any():
            place = ", ".join(f"x{column + 1} = {written(value)}" for column, value in enumerate(x[wrong.argmax()]))
            raise ValueError(f"The function has no value at {place}: change it so that it has one at every point.")
        return values.astype(bool) if self.is_comparison else values.astype(np.float64)


def read_expression(text: object, columns: int = 2) -> Expression:
    """The expression that a text means, of data with so many columns. ValueError with one sentence that says where."""
    if not isinstance(text, str) or not text.strip():
        raise ValueError("The function is empty: type one such as x2 > sin(x1).")
    if len(text) > MAX_LENGTH:
        raise ValueError(f"The function is too long: expected at most {MAX_LENGTH} characters, got {len(text)}.")
    reader = _Reader(text.translate(SAME), columns)
    return reader.read(text)


class _Reader:
    """Reads the tokens of one text, from left to right."""

    def __init__(self, text: str, columns: int) -> None:
        self._tokens = [(found[1], found.start(1)) for found in TOKEN.finditer(text)]
        self._end = len(text.rstrip())
        self._at = self._depth = 0
        self._names = [f"x{column + 1}" for column in range(columns)]

    def read(self, text: str) -> Expression:
        word = self._peek().lower()
        if word in SIDES:
            self._at += 1
            if len(self._names) < 2:
                raise ValueError(f"{word.capitalize()} compares with x2, and this data has x1 alone.")
            values, is_comparison = _joined(SIDES[word], _column(1), self._sum()), True
        else:
            self._at += word in ("inside", "outside")
            values, is_comparison = self._labelling(word)
        if self._peek():
            raise self._wrong("the end" if is_comparison else "an operation or the end")
        return Expression(text, is_comparison, values)

    def _labelling(self, word: str) -> tuple[Values, bool]:
        left = self._sum()
        sign = self._peek()
        if sign not in COMPARISONS:
            if word in ("inside", "outside"):
                raise self._wrong("< or >")
            return left, False
        self._at += 1
        values = _joined(sign, left, self._sum())
        return (_negated(values) if word == "outside" else values), True

    def _sum(self) -> Values:
        return self._chain(("+", "-"), lambda: self._chain(("*", "/"), self._signed))

    def _chain(self, signs: Sequence[str], part: Callable[[], Values]) -> Values:
        values = part()
        while (sign := self._peek()) in signs:
            self._at += 1
            values = _joined(sign, values, part())
        return values

    def _signed(self) -> Values:
        sign = self._peek()
        if sign not in ("+", "-"):
            return self._power()
        self._at += 1
        values = self._deeper(self._signed)
        return _joined("*", _constant(-1.0), values) if sign == "-" else values

    def _power(self) -> Values:
        values = self._atom()
        if self._peek() in RAISED:
            values = _joined("^", values, _constant(RAISED[self._peek()]))
            self._at += 1
        if self._peek() != "^":
            return values
        self._at += 1
        return _joined("^", values, self._deeper(self._signed))

    def _atom(self) -> Values:
        token = self._peek()
        if re.match(r"\.?[0-9]", token):
            if not np.isfinite(float(token)):
                raise self._wrong("a number below 1e308")
            self._at += 1
            return _constant(float(token))
        if token.lower() in self._names:
            self._at += 1
            return _column(self._names.index(token.lower()))
        function = FUNCTIONS.get(token.lower())
        if function is None and token != "(":
            raise self._wrong(f"a number, {', '.join(self._names)}, a function ({', '.join(FUNCTIONS)}) or (")
        self._at += function is not None
        if self._peek() != "(":
            raise self._wrong(f"( after {token}")
        self._at += 1
        values = self._deeper(self._sum)
        if self._peek() != ")":
            raise self._wrong("an operation or )")
        self._at += 1
        return values if function is None else _applied(function, values)

    def _deeper(self, part: Callable[[], Values]) -> Values:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise ValueError(f"The function is too deep: expected at most {MAX_DEPTH} parts within one another.")
        values = part()
        self._depth -= 1
        return values

    def _peek(self) -> str:
        return self._tokens[self._at][0] if self._at < len(self._tokens) else ""

    def _wrong(self, expected: str) -> ValueError:
        token, place = self._tokens[self._at] if self._at < len(self._tokens) else ("", self._end)
        got = shown(token) if token else "the end"
        return ValueError(f"The function cannot be read at character {place + 1}: expected {expected}, got {got}.")


def _constant(value: float) -> Values:
    return lambda x: np.full(len(x), value)


def _column(column: int) -> Values:
    return lambda x: x[:, column]


def _applied(function: Callable[[np.ndarray], np.ndarray], values: Values) -> Values:
    return lambda x: function(values(x))


def _joined(sign: str, left: Values, right: Values) -> Values:
    """Both sides joined by an operation. A comparison with what is no number is none: nan."""
    operation = OPERATIONS[sign]
    if sign not in COMPARISONS:
        return lambda x: operation(left(x), right(x))

    def compared(x: Places) -> np.ndarray:
        one, other = left(x), right(x)
        return np.where(np.isnan(one) | np.isnan(other), np.nan, operation(one, other))

    return compared


def _negated(values: Values) -> Values:
    return lambda x: 1.0 - values(x)
