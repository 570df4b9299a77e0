"""The live board as a test uses it: press, read what is on screen, and compute the same with scratchnet.

The address bar holds the Experiment and the board its update, so what is on screen can be computed again here, in
another process that knows nothing else of the run. Both must agree to the last bit.
"""

import re
import time
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, TimeoutError, expect

import scratchnet as sn
from ui import moment
from ui.kit import palette
from ui.play.playground import SPEEDS

PATIENCE = 20.0  # seconds; two busy cores may be slow, and a passing check does not wait
HANDLE = 3.0  # seconds to look at one element: Streamlit may build the board anew after a lost connection

# Everything the board says in numbers, read in one go: between two reads a playing board has gone on.
READ = """root => {
  const all = (selector) => [...root.querySelectorAll(selector)].map((node) => ({...node.dataset}));
  const [units, biases, links] = ['[data-kind=unit]', '[data-kind=bias]', 'button.link'].map(all);
  return {root: {...root.dataset}, units, biases, links};
}"""
# The colours of the map under given places (0 to 1 from the left and from the top), as [red, green, blue].
COLOURS = """(root, [places, left, top, bottom]) => {
  const canvas = root.querySelector('.mapBox canvas');
  const context = canvas.getContext('2d');
  const density = canvas.width / canvas.clientWidth;
  const size = Math.max(40, Math.min(canvas.clientWidth - left - 4, canvas.clientHeight - bottom));
  return places.map(([x, y]) =>
    [...context.getImageData((left + x * size) * density, (top + y * size) * density, 1, 1).data].slice(0, 3));
}"""
MAP_LEFT, MAP_TOP, MAP_AROUND = 30, 6, 28  # mapBox of ui/board/drawing.js


@dataclass(frozen=True)
class Numbers:
    """What is on screen at one moment: parameters by (layer, unit, source), source None for a bias; z and a by unit."""

    playing: bool
    status: str
    generation: int
    update: int
    epoch: int
    train_loss: float
    test_loss: float
    parameters: dict[tuple[int, int, int | None], float]
    z: dict[tuple[int, int], float]
    a: dict[tuple[int, int], float]


class LiveBoard:
    """The board of this name on a page, and the means to use it."""

    def __init__(self, page: Page, name: str = "playground"):
        self.page = page
        self.root: Locator = page.get_by_test_id("board").and_(page.locator(f'[data-board="{name}"]'))
        self.map = self.root.locator(".mapBox")

    # ---- what a visitor does ---------------------------------------------------------------------------------------

    def open(self, address: str, query: str = "") -> "LiveBoard":
        """Open a link at full speed: tests have less time than people."""
        if query:
            self.page.goto(f"{address}/?{query}{'' if 'speed=' in query else '&speed=max'}")
            self.wait("paints > 0")
        else:
            self.page.goto(address)
            self.wait("paints > 0")
            self.set_speed("Full speed")
        return self

    def press(self, name: str) -> None:
        """The board's button whose name begins so."""
        self.button(name).click()

    def button(self, name: str) -> Locator:
        return self.root.locator(f'button[aria-label^="{name}"]')

    def parameter(self, layer: int, unit: int, source: int | None) -> Locator:
        """The button of a link, or of a bias."""
        place = f'[data-layer="{layer}"][data-unit="{unit}"]'
        kind = "[data-kind=bias]" if source is None else f'.link[data-source="{source}"]'
        return self.root.locator(f"button{kind}{place}")

    def click_map(self, point: tuple[float, float], run: sn.Run) -> None:
        """At these coordinates of the data."""
        box = self.map.bounding_box()
        size = min(box["width"] - MAP_LEFT - 4, box["height"] - MAP_AROUND)
        (x_low, x_high), (y_low, y_high) = run.dataset.domain
        across, down = (point[0] - x_low) / (x_high - x_low), (y_high - point[1]) / (y_high - y_low)
        self.map.click(position={"x": MAP_LEFT + across * size, "y": MAP_TOP + down * size})

    def set_speed(self, label: str) -> None:
        self.root.get_by_label("Speed", exact=True).select_option(label=label)

    def play_until(self, condition: str) -> None:
        self.press("Play")
        self.wait(condition)

    def pause(self) -> None:
        """Press Pause and wait for Python's answer: it begins a new generation with the frame on screen."""
        generation = self.numbers().generation
        self.press("Pause")
        expect(self.root).to_have_attribute("data-playing", "false")
        self.wait(f"generation > {generation}")

    # ---- what is on screen -----------------------------------------------------------------------------------------

    def wait(self, condition: str) -> None:
        """Until a condition in JavaScript holds. In it, update, epoch, trainLoss, paints, playing, ... are known.

        It is asked again and again from here: the page's own policy forbids to make code of text.
        """
        latest = time.monotonic() + PATIENCE
        names = {name for name in re.findall(r"[A-Za-z]\w*", re.sub(r"'[^']*'", "", condition)) if name != "Math"}
        known = ", ".join(sorted(names - {"playing", "status"}))
        question = f"""root => {{
          if (!("generation" in root.dataset)) return false; // a board built anew shows nothing yet
          const status = root.dataset.status, playing = root.dataset.playing === "true";
          const numbers = Object.fromEntries(Object.entries(root.dataset).map(([name, text]) => [name, Number(text)]));
          const {{ {known} }} = numbers;
          return Boolean({condition});
        }}"""
        while True:
            self.root.wait_for()
            with suppress(TimeoutError):
                if self.root.evaluate(question, timeout=1000 * HANDLE):
                    return
            if time.monotonic() > latest:
                raise TimeoutError(
                    f"the board did not come to {condition}: {self.root.evaluate('r => ({...r.dataset})')}"
                )
            self.page.wait_for_timeout(20)

    def wait_until_nothing_is_painted(self, milliseconds: int = 600) -> None:
        """Until the canvas has been left alone for so long, and no script of the page runs that may still change it.

        A busy browser that did not come to look could not have painted, either: between two looks 50 ms count.
        """
        self.root.evaluate("root => { root.looked = null; }")
        self.page.wait_for_function(
            """([root, milliseconds]) => {
              const { testScriptState: state, testConnectionState: line } =
                document.querySelector("[data-testid=stApp]").dataset;
              const [{ paints }, at, seen] = [root.dataset, performance.now(), root.looked];
              const isStill = seen && seen.paints === paints && (state !== "running" || line !== "CONNECTED");
              root.looked = { paints, at, still: isStill ? seen.still + Math.min(at - seen.at, 50) : 0 };
              return root.looked.still > milliseconds;
            }""",
            arg=[self.root.element_handle(), milliseconds],
            timeout=1000 * PATIENCE,
        )

    def wait_until_python_knows_the_address(self) -> None:
        """Until the board has told which address the browser has: after that, Back is known from an echo of it."""
        latest = time.monotonic() + PATIENCE
        while self.root.evaluate("root => root.dataset.address !== window.location.search"):
            assert time.monotonic() < latest, "Python was not told which address the browser has"
            self.page.wait_for_timeout(20)

    def numbers(self) -> Numbers:
        read = self.root.evaluate(READ)
        if "generation" not in read["root"]:  # a board built anew after a lost connection shows nothing yet
            self.wait("paints > 0")
            read = self.root.evaluate(READ)
        root, units = read["root"], read["units"]
        parameters = {(int(p["layer"]), int(p["unit"]), int(p["source"])): float(p["weight"]) for p in read["links"]}
        parameters |= {(int(p["layer"]), int(p["unit"]), None): float(p["bias"]) for p in read["biases"]}
        return Numbers(
            playing=root["playing"] == "true",
            status=root["status"],
            generation=int(root["generation"]),
            update=int(root["update"]),
            epoch=int(root["epoch"]),
            train_loss=float(root["trainLoss"]),
            test_loss=float(root["testLoss"]),
            parameters=parameters,
            z={(int(u["layer"]), int(u["unit"])): float(u["z"]) for u in units if "z" in u},
            a={(int(u["layer"]), int(u["unit"])): float(u["a"]) for u in units if "a" in u},
        )

    def experiment(self) -> sn.Experiment:
        """The Experiment in the address bar."""
        return self.moment().experiment

    def moment(self) -> moment.Moment:
        """What the address bar opens; the lessons' progress stands behind it."""
        there, ignored = moment.read(urlsplit(self.page.url).query.partition("&done=")[0], SPEEDS)
        assert ignored == ()
        return there

    def colours(self, places: list[tuple[float, float]]) -> list[list[int]]:
        return self.root.evaluate(COLOURS, [places, MAP_LEFT, MAP_TOP, MAP_AROUND])

    # ---- the same, computed again ----------------------------------------------------------------------------------

    def check(self, probe: tuple[float, ...] | None = None) -> tuple[Numbers, sn.Run]:
        """At rest: every number on screen is the one scratchnet computes from the address and the update.

        The address bar follows the board within a second, so this waits until they agree, but no longer than PATIENCE.
        """
        latest, known = time.monotonic() + PATIENCE, None
        while True:
            shown, url = self.numbers(), self.page.url
            if (shown, url) != known:
                known = shown, url
                run = computed(self.experiment(), shown.update)
                same = difference(shown, run, probe) == ""
            if same or time.monotonic() > latest:
                break
            self.page.wait_for_timeout(100)
        assert difference(shown, run, probe) == ""
        return shown, run

    def check_map(self, run: sn.Run) -> None:
        """The map's colours are those of the run's answers: blue where they are high, orange where low."""
        latest = time.monotonic() + PATIENCE
        while (wrong := self.wrong_colours(run)) and time.monotonic() < latest:
            self.page.wait_for_timeout(100)
        assert wrong == []

    def wrong_colours(self, run: sn.Run) -> list[tuple]:
        places = [((i + 0.5) / 9, (j + 0.5) / 9) for i in range(9) for j in range(9)]
        (x_low, x_high), (y_low, y_high) = run.dataset.domain
        points = [(x_low + x * (x_high - x_low), y_high - y * (y_high - y_low)) for x, y in places]
        answers = run.network.predict(sn.apply_features(points, run.experiment.features))[:, 0]
        wrong = []
        for point, answer, (red, _, blue) in zip(points, answers, self.colours(places), strict=True):
            # From near-white to three quarters of the class's colour.
            # Near the middle a place may be hit by the line that marks it, or be just beyond it.
            strength = 2 * answer - 1
            color = palette.CLASSES[int(answer > 0.5)].color
            expected = [
                m + 0.75 * abs(strength) * (int(color[i : i + 2], 16) - m)
                for i in (1, 3, 5)
                for m in (int(palette.MIDDLE[i : i + 2], 16),)
            ]
            if abs(strength) < 0.5 or is_steep(run, point):
                continue
            if abs(red - expected[0]) > 20 or abs(blue - expected[2]) > 20:
                wrong.append((point, answer, red, blue))
        return wrong


def painted(page: Page) -> None:
    """Until the browser has painted what has just been done: a busy one takes longer for a frame."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def is_steep(run: sn.Run, point: tuple[float, float], reach: float = 0.12) -> bool:
    """Whether the answer changes much within a pixel of the map, so that its colour may be a neighbour's."""
    x, y = point
    around = [(x + dx, y + dy) for dx in (-reach, 0, reach) for dy in (-reach, 0, reach)]
    answers = run.network.predict(sn.apply_features(around, run.experiment.features))
    return float(answers.max() - answers.min()) > 0.05


def computed(experiment: sn.Experiment, update: int) -> sn.Run:
    """A new run of the experiment at this update."""
    run = experiment.start()
    run.goto(update)
    return run


def difference(shown: Numbers, run: sn.Run, probe: tuple[float, ...] | None = None) -> str:
    """The first number on screen that is not the run's, "" when all are the same to the last bit."""
    evaluation = run.evaluate()
    expected = {
        "update": run.update,
        "epoch": run.epoch,
        "train_loss": evaluation.train_loss,
        "test_loss": evaluation.test_loss,
    }
    for name, value in expected.items():
        if getattr(shown, name) != value:
            return f"{name} is {getattr(shown, name)} on screen and {value} in {run.experiment}"
    parameters = parameters_of(run.network)
    if shown.parameters != parameters:
        return f"other parameters than {run.experiment} at update {run.update}: {shown.parameters}, {parameters}"
    if probe is None:
        return "" if not shown.z and not shown.a else "values of units are shown, though no input was given"
    forward = run.network.forward(sn.apply_features([probe], run.experiment.features))
    for name in ("z", "a"):
        layers = getattr(forward, name)
        values = {
            (layer, unit): value for layer, row in enumerate(layers) for unit, value in enumerate(row[0].tolist())
        }
        if getattr(shown, name) != values:
            return f"{name} of {probe} is {getattr(shown, name)} on screen and {values} computed"
    return ""


def parameters_of(network: sn.Network) -> dict[tuple[int, int, int | None], float]:
    return {
        (layer, unit, source): value
        for layer, (weights, biases) in enumerate(zip(network.weights, network.biases, strict=True))
        for unit, (row, bias) in enumerate(zip(weights.tolist(), biases.tolist(), strict=True))
        for source, value in (*enumerate(row), (None, bias))
    }
