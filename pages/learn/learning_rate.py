"""A further lesson: the learning rate. Where does training begin to diverge, and how could one know before?"""

import numpy as np
import streamlit as st

import scratchnet as sn
from scratchnet import curvature
from scratchnet.curvature import edge, factor, largest_curvature
from scratchnet.full_batch import Way
from ui import errors, lesson
from ui.checks import learning_rate as checks
from ui.drawings import learning_rate as drawings
from ui.drawings.ways import Landscape, loss_figure, map_figure
from ui.gate import gate
from ui.kit.numbers import latex, text, text_beside
from ui.kit.typed import written
from ui.lesson import bracketed
from ui.present import Frame, is_projected, shows

DECADES = (-10, 6)  # of the chart of losses
MOST_TRIED = 300  # runs that are remembered

FRAMES = (
    Frame("The idea", "idea"),
    Frame("A small rate", "run", {"data": "raw", "rate": 0.01}),
    Frame("A larger one", "run", {"rate": 0.11}),
    Frame("Too large", "run", {"rate": 0.121}),
    Frame("One update in numbers", "step", {"rate": 0.11, "update": 0}),
    Frame("The prediction", "predict"),
    Frame("The curvature sets the edge", "curvature", {"update": checks.SHOWN}),
    Frame("A larger network", "net", {"net_rate": 0.3}),
    Frame("Its curvature grows past the line", "net", {"net_rate": 1.0}),
    Frame("Curvature without the Hessian", "product"),
    Frame("How it is measured", "code"),
)
values = lesson.kept("learning_rate", checks.START, checks.IN_ADDRESS)


@st.cache_resource(show_spinner=False)
def landscape_of(data: str) -> Landscape:
    with gate().turn("lessons"):
        return drawings.landscape_of(data)


@st.cache_resource(show_spinner=False)
def net_run(rate: float) -> checks.NetRun:
    return checks.net_run(rate, lambda: gate().turn("lessons"))


@st.cache_resource(show_spinner=False)
def tutorials_curvature() -> float:
    """The largest curvature of the tutorial's own network at its start, seed 0, over its three samples."""
    data = sn.load_dataset("tutorial")
    net = sn.Network.build((3, 2, 1), hidden="sigmoid", output="sigmoid", initializer="standard_normal", rng=0)
    return largest_curvature(net, data.x_train, data.y_train, "bce").value


def run_now() -> Way:
    """Her run with the rate that is set; how it ends is remembered."""
    with gate().turn("lessons"):
        way = checks.run_with(values["data"], values["rate"])
    seen = (values["data"], values["rate"], checks.how_it_ends(way))
    if seen not in values["tried"]:
        values["tried"] = (*values["tried"], seen)[-MOST_TRIED:]
    return way


lesson.begin(
    "learning_rate",
    "An update goes against the slope, and the **learning rate** $\\eta$ (eta) says how far. A run **converges** when"
    " its steps fade away, and **diverges** when they grow without end. The **edge** is the rate between the two.",
    FRAMES,
)


@st.fragment
@errors.caught()
def the_bowl() -> None:
    """Predict, a run of the linear unit, an update of it, and its curvature; alone, so that a rate draws no network."""
    way = run_now()
    data, rate, seen = values["data"], values["rate"], {end for _, _, end in values["tried"]}
    ending = checks.how_it_ends(way)
    lesson.predict(
        "learning_rate.1",
        "You raise the learning rate, run by run. What does training do before it explodes?",
        ("it only gets faster", "it swings from side to side", "it slows down"),
        "it swings from side to side",
        acted=bool(seen & {checks.SWINGS, checks.DIVERGES}),
        do="with x as measured, raise the rate to 0.1 and beyond.",
        because="One update lands on the other side of the lowest point, and the next one comes back.",
    )
    if shows("run"):
        lesson.part("Do", "One linear unit, $a = wx + b$, and gradient descent on four samples")
        with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
            lesson.choose("learning_rate", values, "data", checks.DATA, "Inputs", checks.DATA.get)
            lesson.quantity(
                "learning_rate", values, "rate", checks.LOWEST, checks.HIGHEST, 0.001, "learning rate", width=330
            )
            lesson.quantity("learning_rate", values, "update", 0, checks.SHOWN, 1.0, "update", width=300, whole=True)
    update = min(int(values["update"]), way.updates)
    bowl, shown = checks.bowl_of(data), drawings.drawn(rate, way, update)
    landscape = landscape_of(data)
    outside = [
        k
        for k, (w, b) in enumerate(shown.theta)
        if not (drawings.FIRST[0] <= w <= drawings.FIRST[-1] and drawings.SECOND[0] <= b <= drawings.SECOND[-1])
    ]
    left, right = st.columns([10, 11], gap="medium")
    if shows("run"):
        with left:
            st.markdown("**Loss over weight and bias**, × where it is lowest")
            lesson.chart(
                map_figure(landscape, [shown], 262 if is_projected() else 370),
                key="learning_rate_map",
                alt=f"The first {update} updates at the rate {written(rate)}, from w = {text(shown.theta[0, 0])}, b ="
                f" {text(shown.theta[0, 1])} to w = {text(shown.theta[-1, 0])}, b = {text(shown.theta[-1, 1])}; lowest"
                f" is w = {text(bowl.lowest[0])}, b = {text(bowl.lowest[1])}.",
            )
        with right:
            colour = "red" if ending == checks.DIVERGES else "green"
            st.markdown(
                f"At the rate **{written(rate)}** the run :{colour}[**{ending}**]; loss after {update} updates:"
                f" {text(way.loss[update])}" + (f"; it left the map at update {outside[0]}." if outside else ".")
            )
            lesson.chart(
                loss_figure([shown], bowl.least, checks.SHOWN, DECADES, 230 if is_projected() else 240),
                key="learning_rate_losses",
                alt=f"Loss above the lowest by update, from {text(way.loss[0] - bowl.least)} to"
                f" {text(way.loss[update] - bowl.least)}.",
            )
            if not is_projected():
                lesson.table(drawings.tried_table(values["tried"], data))
        lesson.note(
            "Grey lines join places of equal loss, two for each factor of ten above the lowest; axes keep their"
            f" ranges, and what is beyond is drawn at the end. Mean squared error, every update with all four"
            f" samples. How a run ends is judged after {checks.LONG:,} updates: do its steps fade or grow? The"
            " table has the runs of yours that are nearest to the edge."
        )
    known = is_projected() or checks.is_bracketed(values, data)
    one, two = st.columns([10, 11], gap="medium")
    with one:
        if shows("step"):
            one_update(way, update, known)
        lesson.part_ends("bowl")
    if shows("curvature"):
        with one if is_projected() else two:
            the_hessian()
        with two:
            the_edge(known)


def one_update(way: Way, update: int, known: bool) -> None:
    """The next update in numbers: both parameters, and what becomes of the distance along the steepest direction."""
    lesson.part("See", f"Update {update + 1} in numbers")
    bowl, rate = checks.bowl_of(values["data"]), values["rate"]
    net = checks.unit().replace(way.theta[update])
    x, y = checks.samples(values["data"])
    step = sn.Trainer(loss="mse", optimizer=sn.SGD(rate)).step(net, x, y)
    for name, old, slope, new in zip("wb", step.before.theta, step.gradient, step.after.theta, strict=True):
        lesson.formula(
            rf"{name}_{{\text{{new}}}}",
            rf"{name} - \eta\,\frac{{\partial L}}{{\partial {name}}}",
            rf"{latex(old)} - {latex(rate)}\cdot {bracketed(slope)}",
            latex(new),
        )
    if known:
        high = bowl.curvatures[1]
        before, after = (bowl.steepest @ (theta - bowl.lowest) for theta in (step.before.theta, step.after.theta))
        st.markdown("The distance $e$ from the lowest point, along the direction that curves most:")
        lesson.formula(
            r"e_{\text{new}}",
            r"(1 - \eta\,\lambda_{\max})\,e",
            rf"(1 - {latex(rate)}\cdot {latex(high)})\cdot {bracketed(before)}",
            rf"{latex(factor(rate, high))}\cdot {bracketed(before)}",
            latex(after),
        )
        st.caption("λ (lambda) is that curvature. The distance shrinks while the factor lies between −1 and 1.")


def the_hessian() -> None:
    lesson.part("Explain", "The curvature sets the edge")
    (ww, wb), (_, bb) = checks.bowl_of(values["data"]).hessian
    x, _ = checks.samples(values["data"])
    st.markdown(
        "**Curvature** is how fast the slope changes. For this unit it is the same everywhere, so the loss is a bowl."
        " The **Hessian** $H$ holds all second derivatives; with $n = 4$ samples:"
    )
    n = len(x)
    lesson.formula(
        "H",
        r"\frac{2}{n}\begin{pmatrix} \sum x^2 & \sum x \\ \sum x & n \end{pmatrix}",
        rf"\frac{{2}}{{{n}}}\begin{{pmatrix}} {latex((x**2).sum())} & {latex(x.sum())} \\ {latex(x.sum())} & {n}"
        r" \end{pmatrix}",
        rf"\begin{{pmatrix}} {latex(ww)} & {latex(wb)} \\ {latex(wb)} & {latex(bb)} \end{{pmatrix}}",
    )


def the_edge(known: bool) -> None:
    """The curvatures that belong to the Hessian, and the edge; only once her own runs have found that."""
    data = values["data"]
    bowl = checks.bowl_of(data)
    if not known:
        st.caption(
            f"What follows from it is told when two of your runs with these inputs, at most {text(100 * checks.NEAR)} %"
            " apart, have the edge between them."
            + (
                " Off the diagonal there are zeros here: then the diagonal holds the curvatures."
                if bowl.hessian[0, 1] == 0
                else ""
            )
        )
        return
    low, high = bowl.curvatures
    lesson.formula(
        r"\lambda",
        r"\frac{H_{11}+H_{22}}{2} \pm \sqrt{\Big(\frac{H_{11}-H_{22}}{2}\Big)^2 + H_{12}^2}",
        rf"{latex(high)} \text{{ and }} {latex(low)}",
    )
    lesson.formula(
        r"\eta_{\text{edge}}", r"\frac{2}{\lambda_{\max}}", rf"\frac{{2}}{{{latex(high)}}}", latex(bowl.edge, 6)
    )
    held, broke = checks.bracket(values, data)
    if held is not None and broke is not None:
        st.markdown(f"Your runs: **{written(held)}** converges, **{written(broke)}** diverges.")
    st.caption(
        "λ (lambda): the curvatures along the two directions that H only stretches, its eigenvalues."
        if is_projected()
        else "λ (lambda): the curvatures along the two directions in which H only stretches, its eigenvalues. At the"
        " edge the factor 1 − ηλ is −1. The smallest λ sets how slow the rest is. Centring x makes both alike, so the"
        " same run may take far larger steps (LeCun, Bottou, Orr and Müller 1998, section 5)."
    )


@st.fragment
@errors.caught()
def larger_network() -> None:
    """The largest curvature along the run of a network whose loss is no bowl."""
    layers = "-".join(map(str, checks.SIZES))
    if shows("net"):
        lesson.part("See", f"A larger network, {layers}: the curvature changes on the way")
        with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
            lesson.choose(
                "learning_rate", values, "net_rate", checks.NET_RATES, f"Learning rate of the {layers} network", written
            )
        run = net_run(values["net_rate"])
        if run.summary not in values["net_tried"]:
            values["net_tried"] = (*values["net_tried"], run.summary)
        found = [measured.value for measured in run.curvatures]
        peak = int(np.argmax(found))
        chart, words = st.columns([13, 8], gap="medium")
        with chart:
            lesson.chart(
                drawings.curvature_figure(run),
                key="learning_rate_curvature",
                on_wall=300,
                alt=f"Largest curvature by update at the rate {written(run.rate)}: {text(found[0])} at update 0, at"
                f" most {text(found[peak])} at update {run.at[peak]}, {text(found[-1])} at the end; the loss rose after"
                f" {len(run.rises)} updates and ended at {text(run.way.loss[-1])}.",
            )
        with words:
            over = text_beside(found[peak], edge(run.rate))
            st.markdown(
                f"Largest curvature at update 0: **{text(found[0])}**, so the edge there is **{text(edge(found[0]))}**."
                f"  \nHighest, at update {run.at[peak]}: **{over}**.  \nThe line 2 / rate: **{text(edge(run.rate))}**."
                f"  \nThe loss rose after **{len(run.rises)} of {run.way.updates}** updates"
                + (f", first after update {run.rises[0]}." if run.rises else ".")
            )
            lesson.note(
                "Above the line the present bowl is too steep for the rate: steps along its steepest direction"
                " grow. But the network is no bowl; as it is thrown out the curvature changes, often back below"
                " the line. So it swings and goes on learning, which the bowl above never does. That the curvature"
                " rises in training up to 2 / rate was described by Cohen et al. (2021)."
            )
        lesson.note(
            "Two moons, 100 training samples, all in every update; tanh, sigmoid output, cross-entropy, seeds 0."
            f" Measured at every {checks.NET_EVERY}th update by power iteration, to {text(curvature.ENOUGH)} of its"
            " value or better. The edge is exact for a bowl only; here it is that of the bowl that fits best there."
        )
    words, code = st.columns(2, gap="medium")
    if shows("product"):
        with words:
            lesson.part("Explain", "Curvature without the Hessian")
            st.markdown(
                "With 105 parameters $H$ has 11,025 numbers. Its product with one direction $v$ needs two gradients:"
            )
            lesson.formula(r"H v", r"\frac{g(\theta + h v) - g(\theta - h v)}{2h}")
            st.markdown(
                "**Power iteration** takes the product again and again; what is stretched most wins. Theta, $\\theta$,"
                " is all parameters and $g$ the gradient."
            )
    if shows("code"):
        with st.container() if is_projected() else code:
            lesson.source(curvature._power_iteration, "stretched = hessian_times")
    lesson.part_ends("net")


if shows("idea", "predict", "run", "step", "curvature"):
    the_bowl()
first, second = st.columns(2, gap="small")
with first:
    lesson.task(
        "learning_rate.1",
        "**Find the edge** with x as measured: a rate that converges and one that diverges, at most 2 % apart.",
        checks.edge_found,
        values,
    )
with second:
    lesson.task(
        "learning_rate.2",
        "**Predict the edge** for “x minus its mean, times three” from its Hessian, then run just below and just above "
        "it.",
        checks.edge_predicted,
        values,
        "Edge of the learning rate",
    )
if shows("net", "product", "code"):
    larger_network()
lesson.task(
    "learning_rate.3",
    "**Find a rate** of the larger network that is below the edge of update 0, and at which the loss still rises.",
    checks.rises_below_the_edge,
    values,
)

if not is_projected():
    with lesson.tutorial():
        steepest = tutorials_curvature()
        lesson.good(
            "Its rate of 0.01 is safe: with its own 3-2-1 network, all its samples and seed 0 the largest curvature at"
            f" the start is {text(steepest)}, so the edge there is {text(edge(steepest))}."
        )
        lesson.bad(
            f"It names 0.01 without a reason. That is {text(edge(steepest) / 0.01, 3)} times below the edge of its"
            " start, and 1000 epochs are too few for so small a rate: step 5 has measured that."
        )
lesson.end("learning_rate")
