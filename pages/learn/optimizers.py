"""A further lesson: optimizers. Five rules race over one landscape; what does each make of the same slopes?"""

from collections.abc import Callable

import numpy as np
import streamlit as st

import scratchnet as sn
from scratchnet import textbook
from scratchnet.full_batch import Way
from scratchnet.update_parts import parts
from ui import errors, lesson
from ui.checks import optimizers as checks
from ui.drawings import optimizers as drawings
from ui.drawings.ways import Landscape, loss_figure, map_figure
from ui.formulas import fill, typeset
from ui.gate import gate
from ui.kit.numbers import latex, text
from ui.kit.typed import written
from ui.present import Frame, is_projected, shows

MOST_ON_THE_WALL = 3  # lines of an update below each other
DECADES = (-10, 2)  # of the chart of losses
CODE: dict[str, Callable] = {
    "sgd": textbook.descend,
    "momentum": textbook.momentum,
    "nesterov": textbook.nesterov,
    "rmsprop": textbook.rmsprop,
    "adam": textbook.adam,
}
LETTERS = {
    "momentum": "μ (mu): the momentum. v: the velocity.",
    "nesterov": "μ (mu): the momentum. v: the velocity. d: the step before the learning rate.",
    "rmsprop": "α (alpha): the share of the old average that is kept. ε (epsilon): tiny, against a division by 0.",
    "adam": "β (beta): the shares of the old averages that are kept. ε (epsilon): tiny, against a division by 0.",
}
GOOD = {"rate_sgd": 0.9, "rate_momentum": 0.1, "rate_nesterov": 0.3, "rate_rmsprop": 0.1, "rate_adam": 0.1}

FRAMES = (
    Frame("The idea", "idea"),
    Frame("A long valley along an axis", "race", {"landscape": "along", "condition": 100, **GOOD}),
    *(Frame(f"{title}, one update", "step", {"rule": rule, "update": 2}) for rule, title in checks.RULES.items()),
    Frame("The prediction", "predict"),
    Frame("The same valley, turned", "race", {**GOOD, "landscape": "turned", "update": checks.SHOWN}),
    Frame("A plateau", "race", {"landscape": "plateau"}),
    Frame("Why turning matters", "why"),
    Frame("The rule as it is printed", "code", {"rule": "adam"}),
)
values = lesson.kept("optimizers", checks.START, checks.IN_ADDRESS)


@st.cache_resource(show_spinner=False)
def ground_of(landscape: str, condition: int) -> tuple[checks.Ground, Landscape]:
    with gate().turn("lessons"):
        ground = checks.ground_of(landscape, condition)
        return ground, drawings.landscape_of(ground)


@st.cache_resource(show_spinner=False)
def way_of(landscape: str, condition: int, rule: str, rate: float) -> Way:
    ground, _ = ground_of(landscape, condition)
    with gate().turn("lessons"):
        return checks.race(ground, rule, rate)


def race_now() -> dict[str, Way]:
    """The ways of all five rules with the rates that are set; when they arrive is remembered."""
    place = values["landscape"], values["condition"]
    least, ways = ground_of(*place)[0].least, {}
    for rule in checks.RULES:
        rate = values[f"rate_{rule}"]
        ways[rule] = way_of(*place, rule, rate)
        raced = (*place, rule, rate, checks.arrival(ways[rule], least))
        if raced not in values["raced"]:
            values["raced"] = (*values["raced"], raced)
    return ways


def has_turned() -> bool:
    """Whether she has seen RMSProp arrive quickly in the long valley, and then that valley turned."""
    before, after = (checks.seen(values, landscape, 100)["rmsprop"] for landscape in ("along", "turned"))
    return any(map(checks.is_quick, before.values())) and bool(after)


lesson.begin(
    "optimizers",
    "An **optimizer** is the rule that makes an update of a gradient. **SGD** goes straight against it; **momentum**"
    " and **Nesterov** remember earlier steps; **RMSProp** and **Adam** divide each slope by its usual size. Which is"
    " best?",
    FRAMES,
)


@st.fragment
@errors.caught()
def the_race() -> None:
    """Predict, the race of all five, and one update of the chosen rule; alone, so that nothing else is drawn anew."""
    ways = race_now()
    ground, landscape = ground_of(values["landscape"], values["condition"])
    update = min(int(values["update"]), checks.SHOWN)
    lesson.predict(
        "optimizers.1",
        "In a long valley along an axis RMSProp is fast. The same valley and the same start are turned by 45°. Which"
        " rules suffer, each at the rate it had?",
        ("all alike", "SGD and momentum", "RMSProp and Adam"),
        "RMSProp and Adam",
        acted=has_turned(),
        do="give RMSProp a rate at which it arrives within 150 updates, then choose the valley turned.",
        because="They size the step of each parameter alone; SGD and momentum take the slope as it is, from any side.",
    )
    if shows("race"):
        lesson.part("Do", "One start, all samples in every update, five rules")
        with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
            lesson.choose("optimizers", values, "landscape", checks.LANDSCAPES, "Landscape", checks.LANDSCAPES.get)
            if values["landscape"] != "plateau":
                lesson.choose("optimizers", values, "condition", checks.CONDITIONS, "Condition number")
        with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
            if not is_projected():
                lesson.choose("optimizers", values, "rule", checks.RULES, "Rule", checks.RULES.get)
                rule = values["rule"]
                lesson.choose(
                    "optimizers",
                    values,
                    f"rate_{rule}",
                    checks.RATES,
                    f"Learning rate of {checks.RULES[rule]}",
                    written,
                )
                lesson.quantity("optimizers", values, "update", 0, checks.SHOWN, 1.0, "update", width=280, whole=True)
        shown = drawings.drawn(ways, update)
        left, right = st.columns([10, 11], gap="medium")
        with left:
            lesson.chart(
                map_figure(landscape, shown, 262 if is_projected() else 430),
                key="optimizers_map",
                alt=f"The first {update} updates of five rules from {place_in_words(ground, ground.net.theta)}; lowest"
                f" is {place_in_words(ground, ground.lowest)}. "
                + "; ".join(f"{way.name} is at {text(way.theta[-1, 0])}, {text(way.theta[-1, 1])}" for way in shown)
                + ".",
            )
        with right:
            if not is_projected():
                lesson.chart(
                    loss_figure(shown, ground.least, checks.SHOWN, DECADES, 270),
                    key="optimizers_losses",
                    alt="Loss above the lowest by update. "
                    + "; ".join(f"{way.name} at {text(way.loss[-1] - ground.least)}" for way in shown)
                    + ".",
                )
            lesson.table(drawings.results_table(values, ways, ground.least))
        lesson.note(about_the_ground(ground))
    one, two = st.columns([11, 10], gap="medium")
    rule = values["rule"]
    with one:
        if shows("step"):
            one_update(ground, rule, update)
        lesson.part_ends("race")
    with st.container() if is_projected() else two:
        if shows("code"):
            lesson.part("Explain", f"{checks.RULES[rule]} as it is printed")
            lesson.source(CODE[rule], textbook=True)

    if shows("why"):
        lesson.part("Explain", "Why turning matters to some rules and not to others")
        if is_projected() or has_turned():
            st.markdown(
                "Turn the parameters, and the gradient turns with them. **SGD, momentum and Nesterov** only add"
                " gradients up and multiply them by numbers, so their whole way turns along: at the same rate they"
                " arrive after exactly as many updates as before. **RMSProp and Adam** divide each parameter’s slope by"
                " its own usual size: along an axis that makes a long valley round, but one across the axes stays as"
                " long as it was. Real networks have both kinds; no rule is best on every landscape, and a fair race"
                " gives each rule its own best rate."
            )
        else:
            st.caption("This follows when RMSProp has arrived in the long valley, and you have turned it.")


def place_in_words(ground: checks.Ground, theta: np.ndarray) -> str:
    return ", ".join(f"{name} = {text(value)}" for name, value in zip(ground.names, theta[:2], strict=True))


def about_the_ground(ground: checks.Ground) -> str:
    goal = (
        f"At the goal: from this update on, to the end of {checks.LONG}, the loss is at most {text(checks.GOAL)} above"
        " the lowest. × is where it is lowest; grey lines join places of equal loss, two for each factor of ten."
    )
    if ground.curvatures is None:
        return (
            "One sigmoid unit, six samples, mean squared error. At the start it is sure and wrong, so its slope is"
            f" nearly 0 over a wide plain. The lowest point was found by a long descent. {goal}"
        )
    low, high = ground.curvatures
    return (
        "One linear unit of two inputs, four samples, mean squared error: a bowl with the curvatures"
        f" {text(high)} and {text(low)}, turned or not. Their ratio is the **condition number**, the length of the"
        f" valley. The bias is right from the start and stays 0. {goal}"
    )


def one_update(ground: checks.Ground, rule: str, update: int) -> None:
    """The next update of the weight, line by line, as the rule makes it."""
    name = ground.names[0]
    lesson.part("See", f"{checks.RULES[rule]}: update {update + 1} of the {name}, line by line")
    trainer = sn.Trainer(loss="mse", optimizer=checks.optimizer_of(rule, values[f"rate_{rule}"]))
    net, state = ground.net, None
    for before in range(update + 1):
        step = trainer.step(net, ground.x, ground.y, state, before)
        net, state = step.after, step.optimizer_after
    lines = parts(
        trainer.optimizer,
        step.before.theta,
        step.gradient,
        step.optimizer_before,
        step.optimizer_after,
        step.learning_rate,
    )
    st.markdown(
        f"$w$ is the {name}. The slope of the loss by it is here $g$ = **{text(step.gradient[0])}**, and $\\eta$ (eta)"
        " is the learning rate."
    )
    half = len(lines) // 2 if is_projected() and len(lines) > MOST_ON_THE_WALL else len(lines)
    places = st.columns([13, 10]) if half < len(lines) else [st.container()]
    for number, line in enumerate(lines):
        symbols = {name: symbol for name, (symbol, _) in line.values.items()}
        numbers = {name: float(np.ravel(value)[0]) for name, (_, value) in line.values.items()}
        with places[number // half]:
            lesson.formula(
                line.symbol,
                typeset(fill(line.formula, symbols))[0],
                typeset(fill(line.formula, numbers))[0],
                latex(np.ravel(line.result)[0]),
            )
            lesson.note(line.sentence)
    if rule in LETTERS:
        st.caption(LETTERS[rule])


if shows("idea", "predict", "race", "step", "code", "why"):
    the_race()

first, second = st.columns(2, gap="small")
with first:
    lesson.task(
        "optimizers.1",
        f"**A fair race**: in the valley along an axis with the condition number {checks.QUICK_CONDITION}, find rates"
        f" at which all five rules arrive within {checks.QUICK} updates.",
        checks.all_quick,
        values,
    )
with second:
    lesson.task(
        "optimizers.2",
        f"**By hand**: Adam’s very first update, rate {written(checks.FIRST_RATE)}. The slope of a weight is"
        f" {text(checks.SMALL_SLOPE)}. What is added to the weight?",
        checks.first_step_by_hand,
        values,
        "Change of the weight",
    )
lesson.task(
    "optimizers.3",
    f"**Turn the valley** (condition number {checks.QUICK_CONDITION}) and try the rates: which rule arrives within"
    f" {checks.QUICK} updates at none of them?",
    checks.hurt_by_turning,
    values,
    tuple(checks.RULES.values()),
)

if not is_projected():
    with lesson.tutorial():
        lesson.good("Plain gradient descent, written in one line for each matrix: nothing is hidden.")
        lesson.bad(
            "It names no other rule, and its one rate has to serve every weight. On a valley as long as the one above"
            " that rate is bound by the steepest direction, and the flattest waits."
        )
lesson.end("optimizers")
