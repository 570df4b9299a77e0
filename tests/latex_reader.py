"""Reads the formulas with numbers that the walkthrough prints, and calculates them again from what is printed.

Every printed number stands for all numbers that would be printed so: 0.5826 for 0.58255 to 0.58265. The value of a
formula is then an interval too. The reader knows a small grammar and refuses everything else:

    line    := symbol ("=" choice)+
    choice  := sum [\\text{ if } sum (<|>) sum \\text{ else } choice]
    sum     := [-] product ((+|-) product)*
    product := power (\\cdot power)*
    power   := atom [^{sum}]
    atom    := number | (choice) | \\frac{..}{..} | e^{..} | \\ln(..) | |sum| | [sum < sum] | ...

A negative number must stand in brackets unless it opens a sum, and within a product always.
"""

import functools
import math
import re

NUMBER = re.compile(r"-?\d+(\.\d+)?(\\times 10\^\{-?\d+\})?|-?\\text\{(infinity|minus infinity|not a number)\}")
ROUNDED_FROM = 4  # significant digits; with fewer a number is exact


class Interval:
    """All numbers from low to high. Monotone functions go end by end; a division by an interval around 0 gives all."""

    def __init__(self, low, high=None):
        self.low, self.high = float(low), float(low if high is None else high)
        assert self.low <= self.high, (low, high)

    def __add__(self, other):
        return Interval(self.low + other.low, self.high + other.high)

    def __neg__(self):
        return Interval(-self.high, -self.low)

    def __mul__(self, other):
        ends = [0.0 if 0 in (a, b) else a * b for a in (self.low, self.high) for b in (other.low, other.high)]
        return Interval(min(ends), max(ends))

    def __truediv__(self, other):
        if other.low <= 0 <= other.high:
            assert other.low < other.high, "divided by 0"
            return Interval(-math.inf, math.inf)
        ends = [a / b for a in (self.low, self.high) for b in (other.low, other.high)]
        return Interval(min(ends), max(ends))

    def power(self, exponent):
        if exponent.low == exponent.high == 2:
            ends = (self.low**2, self.high**2)
            return Interval(0.0 if self.low <= 0 <= self.high else min(ends), max(ends))
        assert self.low > 0, "a power of a number that is not positive"
        ends = [base**e for base in (self.low, self.high) for e in (exponent.low, exponent.high)]
        return Interval(min(ends), max(ends))

    def map(self, rising):
        return Interval(rising(self.low), rising(self.high))

    def join(self, other):
        return Interval(min(self.low, other.low), max(self.high, other.high))

    def contains(self, value, slack=1e-9):
        if self.low == value == self.high:  # infinity
            return True
        room = slack * max(1e-6, abs(value))
        return self.low - room <= value <= self.high + room

    def meets(self, other, slack=1e-9):
        room = slack * max(abs(other.low), abs(other.high))
        return self.low - room <= other.high and other.low - room <= self.high


def _exp(v):
    return math.exp(v) if v < 709 else math.inf


def _log(v):
    return -math.inf if v <= 0 else math.log(v)


def _cdf(v):
    return 0.5 * math.erfc(-v / math.sqrt(2))


def _density(v):
    return math.exp(-0.5 * v * v) / math.sqrt(2 * math.pi)


def _sigmoid(v):
    return 1 / (1 + math.exp(-v)) if v > -700 else 0.0


def _bell(interval):
    ends = (_density(interval.low), _density(interval.high))
    return Interval(min(ends), _density(0.0) if interval.low <= 0 <= interval.high else max(ends))


RISING = {r"\ln": _log, r"\tanh": math.tanh, r"\Phi": _cdf, r"\sigma": _sigmoid}


@functools.cache  # the same numbers stand in thousands of formulas
def printed(text):
    """The numbers that would be printed as this text: an Interval."""
    assert NUMBER.fullmatch(text), f"not a number: {text!r}"
    if "text" in text:
        value = {"infinity": math.inf, "minus infinity": -math.inf}[re.search(r"\{(.*)\}", text)[1]]
        return Interval(value)
    mantissa, _, exponent = text.partition(r"\times 10^{")
    value = float(f"{mantissa}e{exponent.rstrip('}') or 0}")
    decimals = len(mantissa.partition(".")[2])
    digits = len(mantissa.lstrip("-").replace(".", "").lstrip("0"))
    if digits < ROUNDED_FROM:
        half = 1e-12 * abs(value)
    else:
        half = 0.5 * 10.0 ** (int(exponent.rstrip("}") or 0) - decimals) * (1 + 1e-12)
    return Interval(value - half, value + half)


@functools.lru_cache(10_000)  # two choices of what is shown have most lines in common
def sides(line):
    """Every side of a Line after its symbol, from what is printed: a tuple of Intervals; the last is the result."""
    return tuple(_Reader(line, lambda text, value: printed(text)).sides())


@functools.lru_cache(10_000)
def exact_sides(line):
    """The same from the exact values behind the printed numbers: floats."""
    return tuple(side.low for side in _Reader(line, lambda text, value: Interval(value)).sides())


class _Reader:
    def __init__(self, line, number):
        self.text, self.at, self.number = line.latex, 0, number
        self.places = {start: (stop, value) for start, stop, value in line.numbers}

    def sides(self):
        depth, start = 0, None
        for i, letter in enumerate(self.text):
            depth += {"{": 1, "}": -1}.get(letter, 0)
            if letter == "=" and depth == 0:
                start = i
                break
        assert start is not None, self.text
        self.at, found = start, []
        while self.at < len(self.text):
            self.take("=")
            found.append(self.choice())
        return found

    def peek(self, text):
        return self.text.startswith(text, self.at)

    def accept(self, text):
        if self.peek(text):
            self.at += len(text)
            while self.peek(" ") and text.startswith("\\") and not text.startswith("\\text"):
                self.at += 1
            return True
        return False

    def take(self, text):
        assert self.accept(text), f"expected {text!r} at {self.text[self.at :]!r} of {self.text!r}"

    def choice(self):
        yes = self.sum()
        if not self.accept(r"\text{ if }"):
            return yes
        truth = self.comparison()
        self.take(r"\text{ else }")
        no = self.choice()
        return {1: yes, 0: no}.get(truth) or yes.join(no)

    def comparison(self):
        """1, 0, or None where the intervals overlap."""
        left = self.sum()
        less = self.accept("<")
        if not less:
            self.take(">")
        right = self.sum()
        small, large = (left, right) if less else (right, left)
        if small.high < large.low:
            return 1
        return 0 if small.low >= large.high else None

    def sum(self):
        total = (
            -self.product(opens=False)
            if self.peek("-") and self.at not in self.places and self.accept("-")
            else self.product(opens=True)
        )
        while self.peek("+") or self.peek("-"):
            sign = self.text[self.at]
            self.at += 1
            term = self.product(opens=False)
            total = total + (term if sign == "+" else -term)
        return total

    def product(self, opens):
        start = self.at
        total, factors = self.power(opens), 1
        while self.accept(r"\cdot"):
            total, factors = total * self.power(False), factors + 1
        assert factors == 1 or start not in self.places or self.text[start] != "-", f"brackets missing: {self.text!r}"
        return total

    def power(self, opens):
        start = self.at
        base = self.atom(opens)
        if not self.accept("^{"):
            return base
        bare = start in self.places and (
            self.text[start] == "-" or r"\times" in self.text[start : self.places[start][0]]
        )
        assert not bare, f"brackets missing under a power: {self.text!r}"
        exponent = self.sum()
        self.take("}")
        return base.power(exponent)

    def braced(self):
        self.take("{")
        value = self.choice()
        self.take("}")
        return value

    def atom(self, opens):
        if self.at in self.places:
            stop, value = self.places[self.at]
            text, self.at = self.text[self.at : stop], stop
            assert opens or not text.startswith("-"), f"brackets missing: {self.text!r}"
            assert printed(text).contains(value, 1e-11), f"{text} is printed for {value!r}"
            return self.number(text, value)
        constant = re.compile(r"\d+(\.\d+)?").match(self.text, self.at)
        if constant:
            self.at = constant.end()
            return Interval(float(constant[0]))
        if self.accept("("):
            value = self.choice()
            self.take(")")
            return value
        if self.accept("["):
            truth = self.comparison()
            self.take("]")
            return Interval(0, 1) if truth is None else Interval(truth)
        if self.accept("|"):
            value = self.sum()
            self.take("|")
            ends = (abs(value.low), abs(value.high))
            return Interval(0.0 if value.low <= 0 <= value.high else min(ends), max(ends))
        if self.accept(r"\frac"):
            return self.braced() / self.braced()
        if self.accept(r"\sqrt"):
            return self.braced().map(lambda v: math.sqrt(max(v, 0.0)))
        if self.accept(r"\cancel"):
            return self.braced()
        if self.accept(r"\underbrace"):
            value = self.braced()
            label = re.compile(r"_\{\\text\{\d+ (more|with y=0)\}\}").match(self.text, self.at)
            assert label, self.text[self.at :]
            self.at = label.end()
            return value
        if self.accept("e^{"):
            value = self.sum()
            self.take("}")
            return value.map(_exp)
        for name, rising in RISING.items():
            if self.accept(name + "("):
                return self.arguments(1)[0].map(rising)
        if self.accept(r"\varphi("):
            return _bell(self.arguments(1)[0])
        if self.accept(r"\operatorname{sign}("):
            return self.arguments(1)[0].map(lambda v: (v > 0) - (v < 0))
        if self.accept(r"\operatorname{clip}("):
            value, low, high = self.arguments(3)
            return value.map(lambda v: min(max(v, low.low), high.low))
        for name, pick in ((r"\max(", max), (r"\min(", min)):
            if self.accept(name):
                first, second = self.arguments(2)
                return Interval(pick(first.low, second.low), pick(first.high, second.high))
        raise AssertionError(f"cannot read {self.text[self.at :]!r} of {self.text!r}")

    def arguments(self, count):
        values = [self.choice()]
        while self.accept(","):
            values.append(self.choice())
        self.take(")")
        assert len(values) == count
        return values
