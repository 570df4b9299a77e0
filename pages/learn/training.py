"""Step 5: training. The same update a thousand times over, from many starts: what is skill, and what is luck?"""

import time

import numpy as np
import streamlit as st

import scratchnet as sn
from scratchnet.side_by_side import SideBySide
from scratchnet.trainer import BatchUpdate
from ui import errors, lesson
from ui.board import YIELD_SECONDS
from ui.checks import training as checks
from ui.drawings import training as drawings
from ui.film import film, record
from ui.following import follow, is_followed
from ui.gate import gate
from ui.kit.numbers import latex, text
from ui.kit.typed import written
from ui.present import Frame, is_projected, shows
from ui.rerun import rerun_page
from ui.terms import TERMS
from ui.unbroken import unbroken

EVERY = 5  # epochs between two pictures of the film
TOGETHER = 20  # starts that are trained side by side
PIECES = 4  # between two of them others have their turn, and a click may interrupt

FRAMES = (
    Frame("The idea", "idea"),
    Frame("One start", "film"),
    Frame("What flows back", "back", {"epoch": checks.EPOCHS}),
    Frame("Many starts", "starts"),
    Frame("The prediction", "predict"),
    Frame("The code of one update", "code"),
)
values = lesson.kept("training", checks.START, checks.IN_ADDRESS)


def rest_at(epoch: int) -> None:
    values["epoch"] = epoch


@unbroken
def set_seed(key: str) -> None:
    if is_followed(key):
        values["seed"] = int(st.session_state[key])


@unbroken
def choose_start() -> None:
    points = st.session_state["training_strip"].selection.points
    if points and "customdata" in points[0]:
        values.update(seed=int(points[0]["customdata"][0]), epoch=checks.EPOCHS)  # the square counts its end


def measure(starts: int) -> None:
    """Train the next so many starts with the page's rate and loss, and put what came of them beside the others."""
    rate, loss = values["learning_rate"], values["loss"]
    measured = checks.measured_with(values, rate, loss) or checks.Measured(rate, loss, ())
    goal = min(measured.starts + starts, checks.MOST)
    progress = st.progress(0.0, "Training")
    for first in range(measured.starts, goal, TOGETHER):
        seeds = range(first, min(first + TOGETHER, goal))
        nets = [checks.experiment_of(values | {"seed": seed}).start() for seed in seeds]
        trainer, x, y = nets[0].trainer, nets[0].x_train, nets[0].y_train
        side = SideBySide([run.network for run in nets], trainer, x, y)
        for _ in range(PIECES):
            with gate().turn("lessons"):
                side.advance(checks.EPOCHS // PIECES)
            share = (first + len(seeds) * side.epoch / checks.EPOCHS) / goal
            progress.progress(share, f"Starts {seeds[0]} to {seeds[-1]}, epoch {side.epoch}")
            time.sleep(YIELD_SECONDS)
        decide = sn.decision_of(nets[0].experiment).answers
        right = np.array([decide(outputs) == decide(y) for outputs in side.predict()])
        measured = checks.Measured(rate, loss, measured.right + tuple(tuple(map(bool, row)) for row in right))
        others = tuple(m for m in values["measured"] if (m.learning_rate, m.loss) != (rate, loss))
        values["measured"] = (*others, measured)
    progress.empty()


lesson.begin(
    "training",
    "Training repeats one update (forward, loss, backward, a small step) for one sample after the other. Once through"
    f" all samples is an **epoch**; here there are {checks.EPOCHS} of them. What comes of it depends on rate, loss and"
    " **the random start**.",
    FRAMES,
)
lesson.predict(
    "training.1",
    "Same data, same code, 1000 epochs; only the random start differs. How often are all three samples right then?",
    ("always", "about 3 times in 4", "about 1 time in 4"),
    "about 3 times in 4",
    acted=(found := checks.measured_with(values, checks.START["learning_rate"], checks.START["loss"])) is not None
    and found.starts >= checks.ENOUGH,
    do="play one start below, then run 20 of them with the tutorial’s settings.",
    because="And the tutorial sets no seed, so which of them you get is luck.",
)

if not is_projected():
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        lesson.choose("training", values, "learning_rate", checks.RATES, "Learning rate", written)
        lesson.choose("training", values, "loss", checks.LOSSES, "Gradient of", checks.LOSSES.get)
        seed_key = follow("training_seed", values["seed"])
        st.number_input(
            f"Seed of the start, 0 to {checks.HIGHEST_SEED}",
            0,
            checks.HIGHEST_SEED,
            values["seed"],
            key=seed_key,
            on_change=set_seed,
            args=(seed_key,),
            width=190,
            help=TERMS["seed"],
        )
        st.button(
            "The tutorial’s settings",
            on_click=lesson.put,
            args=(values, {name: checks.START[name] for name in ("learning_rate", "loss", "seed")}),
            icon=":material/restart_alt:",
        )
    st.caption(
        "The tutorial is the text that this course follows; step 1 names it. It teaches the MSE, but its code sends "
        "back a − y, the slope of cross-entropy."
    )

recorded = record(checks.experiment_of(values), checks.EPOCHS, EVERY)
x, y = recorded.run.x_train, recorded.run.y_train


@st.fragment
def one_run() -> None:
    """The film, and below it what each loss sends back at the epoch where it rests."""
    with errors.caught():
        if shows("film"):
            film(
                "training_film",
                recorded,
                [f"{i}: ({', '.join(map(text, row))})" for i, row in enumerate(x, 1)],
                values["epoch"],
                rest_at,
            )
            st.caption(
                "Dot: what the network answers, ring: the target, dashes: 0.5, where the class changes. Each epoch is "
                "three updates, one for each sample in this order; every picture is a true one, five epochs apart."
            )
        if is_projected():
            if shows("back"):
                what_flows_back()
            return
        with st.expander("Explain: what flows back from the output, with both losses, at the epoch above"):
            what_flows_back()
        lesson.part_ends("one_run")


def what_flows_back() -> None:
    run = recorded.run.fork()
    run.goto(len(x) * values["epoch"])
    net = run.network
    # Sample by sample, as the updates see them.
    forwards = [net.forward(x[i : i + 1]) for i in range(len(x))]
    deltas = {
        loss: [
            float(sn.backpropagate(net, fwd, y[i : i + 1], loss=loss).delta[-1][0, 0]) for i, fwd in enumerate(forwards)
        ]
        for loss in checks.LOSSES
    }
    outputs = [float(fwd.output[0, 0]) for fwd in forwards]
    left, right = st.columns([1, 1], gap="medium")
    with left:
        lesson.table(drawings.deltas_table(outputs, y[:, 0], deltas))
        st.caption(
            f"After {values['epoch']} epochs. δ is the slope of the loss by z of the output; all other gradients are"
            " products with it. With MSE each is smaller, by the factor 2a(1 − a): at most one half, and near 0 where"
            " the network is sure of its answer, also where it is surely wrong."
        )
    with right:
        z, a, target = forwards[1].z[-1], forwards[1].output, y[1, 0]
        slope = float(sn.ACTIVATIONS["sigmoid"].derivative(z, a)[0, 0])
        a = outputs[1]
        lesson.formula(
            r"\delta_{\text{cross-entropy}}",
            "a - y",
            f"{latex(a)} - {latex(target)}",
            latex(deltas["bce"][1]),
        )
        lesson.formula(
            r"\delta_{\text{MSE}}",
            r"2\,(a - y)\cdot f'(z)",
            rf"2\,({latex(a)} - {latex(target)})\cdot {latex(slope)}",
            latex(deltas["mse"][1]),
        )
        st.caption("Sample 2, the only one of class 0.")


if shows("film"):
    lesson.part("See", f"One start, seed {values['seed']}: its {checks.EPOCHS} epochs")
one_run()

if shows("starts"):
    lesson.part("Do", "Many starts with these settings: skill or luck?")
    measured = checks.measured_with(values, values["learning_rate"], values["loss"])
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        run_20 = st.button(
            f"Run {checks.ENOUGH} starts" if measured is None else f"Run {checks.ENOUGH} more",
            key="training_run_20",
            icon=":material/grid_view:",
            disabled=measured is not None and measured.starts >= checks.MOST,
        )
        run_all = st.button(
            f"Run up to {checks.MOST}",
            key="training_run_all",
            disabled=measured is not None and measured.starts >= checks.MOST,
        )
        st.markdown(
            f":gray[learning rate {written(values['learning_rate'])}, gradient of {checks.LOSSES[values['loss']]},"
            f" {checks.EPOCHS} epochs each, seeds from 0]",
            width="content",
        )
    if run_20 or run_all:
        measure(checks.ENOUGH if run_20 else checks.MOST)
        rerun_page()  # the prediction and the buttons above know of it now

    strip, table = st.columns([11, 10], gap="medium")
    with strip:
        found = measured or checks.Measured(values["learning_rate"], values["loss"], ())
        st.plotly_chart(
            drawings.strip_figure(found, values["seed"], checks.ENOUGH),
            key="training_strip",
            on_select=choose_start,
            selection_mode="points",
            config={"displayModeBar": False},
            alt=f"{found.successes} of {found.starts} starts got all three samples right.",
        )
    # On the wall a chart is larger than Streamlit knows: nothing stands below it.
    with table if is_projected() else strip:
        if measured is None:
            st.caption("No start was run with these settings yet. A square is filled when all three samples are right.")
        else:
            failing = ", ".join(map(str, measured.failing))
            wrong = f"Wrong was sample {failing}." if failing else "None was wrong."
            if len(measured.failing) > 1:
                wrong = f"Samples {failing} were each wrong in some of the others."
            st.markdown(
                f"**{measured.successes} of {measured.starts} starts** got all three right. {wrong} Click or tap a "
                "square to see how that start ended."
            )
    with table:
        if values["measured"]:
            lesson.table(drawings.measured_table(values["measured"], in_percent="training.1" in lesson.done()))
            st.caption("What you have measured in this session.")
        if {"training.1", "training.2"} <= set(lesson.done()):
            st.markdown(
                "For comparison, measured over 300 starts: **72 %** at rate 0.01, **100 %** at 0.1, and **31 %** at "
                "0.01 with the true gradient of the MSE. Run up to 300, and you get these very numbers."
            )
        elif not is_projected():
            st.caption("What 300 starts come to is told when both tasks are done.")

first, second = st.columns(2, gap="small")
with first:
    lesson.task(
        "training.1",
        "**Measure** the success rate with the tutorial’s settings over at least 20 starts: in how many percent of them"
        " are all three samples right?",
        checks.success_rate,
        values,
        "success rate in percent",
        precision="to a whole percent",
    )
with second:
    lesson.task(
        "training.2",
        "**Find a learning rate** at which 10 of 10 starts (or more, all of them) succeed within 1000 epochs.",
        checks.sure_rate,
        values,
    )

words, code = st.columns([11, 10], gap="medium")
if not is_projected():
    with words, lesson.tutorial():
        lesson.good("It updates after every sample, in a fixed order, and looks at the result on all samples.")
        lesson.bad(
            "It teaches the MSE but sends back a − y, the gradient of cross-entropy. **That accident is why it "
            "trains**: with the true gradient of what it taught, fewer than half as many starts succeed."
        )
        lesson.bad(
            "At rate 0.01 the loss is still falling after 1000 epochs. What is wrong then is always sample 2, the only "
            "one of class 0: two of three targets are 1, so to answer 1 is what it learns first."
        )
        lesson.bad(
            "It sets no seed: the same code prints accuracy 1.0 or 0.667, by luck. Here the seed is on the screen."
        )
        lesson.bad("It changes the weights in place, so a kept history shows the last array at every place:")
        in_place, steps, run = [], [], recorded.run.fork()
        run.goto(0)
        theta = np.array(run.network.theta)
        for _ in range(3):
            step = run.step()
            assert step is not None  # three updates of this network do not diverge
            steps.append(step)
            theta[:] = steps[-1].after.theta  # what `weights -= ...` does
            in_place.append(theta)
        lesson.table(
            drawings.histories_table(
                [kept[-1] for kept in in_place],
                [step.before.theta[-1] for step in steps],
                [step.after.theta[-1] for step in steps],
            )
        )
        st.caption(
            "The output bias in the first three updates. scratchnet’s Step holds the network before and the one after; "
            "an update makes a new array, so what was kept stays true."
        )
with code:
    if shows("code"):
        lesson.part("Explain", "The code of one update")
        lesson.source(BatchUpdate.__call__, "self._optimizer.apply")
    if not is_projected():
        with st.expander("Many starts, side by side as one network"):
            lesson.source(SideBySide.advance, "np.multiply(gradient")
lesson.end("training")
