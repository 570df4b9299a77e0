"""Step 3: losses. One number says how far the outputs are from the targets."""

from functools import partial

import numpy as np
import streamlit as st

import scratchnet as sn
from scratchnet import textbook
from ui import lesson
from ui.checks import losses as checks
from ui.drawings import losses as drawings
from ui.formulas import with_numbers
from ui.kit.numbers import latex, text
from ui.present import Frame, is_projected, shows
from ui.sketch import sketch

FRAMES = (
    Frame("The idea", "idea"),
    Frame("Close to the target", "curve", {"output": "probability", "target": 1, "a": 0.9}),
    Frame("Half way", "curve", {"a": 0.5}),
    Frame("Surely wrong", "curve", {"a": 0.01}),
    Frame("The prediction", "predict"),
    Frame("The same with these numbers", "formulas"),
    Frame("The code that computed it", "code"),
    Frame("Many samples", "samples", checks.PRESETS["The tutorial’s example"]),
    Frame("One of them surely wrong", "samples", checks.PRESETS["One surely wrong"]),
    Frame("Computed from z", "from_z", {"z": checks.START["z"]}),
)
values = lesson.kept("losses", checks.START, checks.IN_ADDRESS)

lesson.begin(
    "losses",
    "A loss is one number that says how far the outputs $a$ are from the targets $y$. Training lowers it and nothing "
    "else, so it decides what is learned from a mistake. Two of them, for an output that is a probability and a target "
    "of 0 or 1: the **squared error** $(a - y)^2$, and the **binary cross-entropy**, minus the natural logarithm of "
    "the probability that was given to the truth: $-\\ln a$ where $y = 1$, and $-\\ln(1 - a)$ where $y = 0$.",
    FRAMES,
)
answered = lesson.predict(
    "losses.1",
    "The target is 1, and the output falls from 0.5 to 0.01. Which of the two grows more?",
    ("the squared error", "the binary cross-entropy", "both about the same"),
    "the binary cross-entropy",
    acted=values["output"] == "probability" and abs(values["a"] - values["target"]) > 0.95,
    do="slide the output $a$ to the far end, away from its target.",
    because="A squared error of probabilities ends at 1; minus the logarithm of something close to 0 has no end.",
)

do, see = st.columns([9, 11], gap="medium")
with do:
    if shows("curve"):
        with st.container(horizontal=True, gap="medium"):
            lesson.choose("losses", values, "output", ("probability", "any number"), "The output is")
            if values["output"] == "probability":
                lesson.choose("losses", values, "target", (0, 1), "Target y")
            else:
                lesson.choose("losses", values, "signed_target", (-1, 1), "Target y")
    if values["output"] == "probability":
        known, y, a = drawings.OF_PROBABILITIES, values["target"], values["a"]
        if shows("curve"):
            lesson.quantity("losses", values, "a", checks.LEAST, checks.MOST, 0.001, "$a$", width=420)
        loss_of, picture = checks.losses_of, partial(drawings.probability_picture, whole=answered)
    else:
        known, y, a = drawings.OF_NUMBERS, values["signed_target"], values["number"]
        if shows("curve"):
            lesson.quantity("losses", values, "number", -checks.FARTHEST, checks.FARTHEST, 0.1, "$a$", width=420)
        loss_of, picture = checks.losses_of_numbers, drawings.number_picture
    chosen: list[str] = list(known[:2])
    if shows("curve"):
        chosen = st.pills(
            "Losses to draw",
            known,
            selection_mode="multi",
            default=known[:2],
            format_func=drawings.title,
            key=f"losses_drawn_{values['output']}",
            persist_state="session",
            wrap=True,
        )
    if shows("curve"):
        st.markdown(
            "  \n".join(
                f"{drawings.title(name).capitalize()}: **{text(loss_of(name, [y], [a]).item())}**" for name in chosen
            )
        )
with see:
    if shows("curve"):
        if not chosen:
            st.info("Choose a loss to see its curve.")
        else:
            sketch("losses_curves", **picture(chosen, y, a))
            if values["output"] == "probability" and not answered and not is_projected():
                st.caption("Drawn as far as the output has come from its target; slide it, and the curves go on.")

first, second = st.columns(2, gap="small")
with first:
    numbers = [", ".join(map(text, checks.BY_HAND[name])) for name in ("y", "a")]
    lesson.task(
        "losses.1",
        f"By hand: targets ({numbers[0]}), outputs ({numbers[1]}). What is the mean squared error?",
        checks.mean_by_hand,
        values,
        "Mean squared error",
    )
with second:
    lesson.task(
        "losses.2",
        "Above, set a probability whose **binary cross-entropy is above 2** while its **squared error is below 1**.",
        checks.surely_wrong,
        values,
    )

calculated, code = st.columns([9, 11], gap="medium")
with calculated:
    if shows("formulas"):
        lesson.part("Explain", "The same with these numbers")
        for name in chosen:
            loss = sn.LOSSES[name]
            pairs = [(y, a)] if name != "cross_entropy" else [(y, a), (1 - y, 1 - a)]
            in_numbers = "+".join(with_numbers(loss.term, y=y, a=a) for y, a in pairs)
            in_numbers = f"({in_numbers})" if len(pairs) > 1 else in_numbers
            in_numbers = with_numbers(loss.factor, m=1) + in_numbers
            st.markdown(f"**{loss.title.capitalize()}**" + (" of two classes" if name == "cross_entropy" else ""))
            lesson.formula("L", loss.formula, in_numbers, latex(loss_of(name, [y], [a]).item()))
        if "cross_entropy" in chosen:
            st.caption("m is the number of outputs and k counts them: one output, but for the cross-entropy two.")
        else:
            st.caption("m is the number of outputs, here 1, and k counts them.")
    if not is_projected() and values["output"] == "probability":
        st.markdown(
            "**Two cross-entropies.** The *binary* one is for one sigmoid output: $a$ is the probability of class 1, "
            "and $1 - a$ is left for class 0. The other, called *cross-entropy* or softmax cross-entropy, is for a "
            "softmax, which has an output for each of two or more classes; together they make 1. Of these only the "
            "output of the true class counts: $L = -\\ln a_{\\text{true}}$. For two classes both are the same number"
            + (
                ", so above one curve lies on the other."
                if {"bce", "cross_entropy"} <= set(chosen)
                else ": draw both above, and one curve lies on the other."
            )
        )
with code:
    if shows("code"):
        lesson.part("Explain", "The code that computed it")
        for name in chosen[:1] if is_projected() else chosen:  # on the wall there is room for one
            heading = drawings.title(name).capitalize()
            with st.container() if is_projected() else st.expander(heading, expanded=name == chosen[0]):
                lesson.source(sn.LOSSES[name].per_sample)

if shows("samples"):
    lesson.part("See", "Many samples: the loss is the mean of their terms")
targets = [values[f"y{sample}"] for sample in (1, 2, 3)]
outputs = [values[f"a{sample}"] for sample in (1, 2, 3)]
terms = {name: checks.losses_of(name, targets, outputs) for name in ("mse", "bce")}
rows = [
    {"sample": str(sample), "target y": text(y), "output a": text(a)}
    | {drawings.title(name): text(values[sample - 1]) for name, values in terms.items()}
    for sample, y, a in zip((1, 2, 3), targets, outputs, strict=True)
]
mean = {"sample": "**mean**", "target y": "", "output a": ""}
mean |= {drawings.title(name): f"**{text(column.mean())}**" for name, column in terms.items()}
do, see = st.columns([9, 11], gap="medium")
if shows("samples"):
    with do:
        with st.container(horizontal=True, gap="small"):
            for words, new in checks.PRESETS.items():
                st.button(words, on_click=lesson.put, args=(values, new))
        for sample in (1, 2, 3):
            with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
                lesson.choose("losses", values, f"y{sample}", (0, 1), f"Target {sample}")
                lesson.quantity(
                    "losses", values, f"a{sample}", checks.LEAST, checks.MOST, 0.001, f"$a_{sample}$", width=340
                )
    with see:
        lesson.table([*rows, mean])
        lesson.chart(
            drawings.share_figure(terms),
            key="losses_shares",
            on_wall=130,
            alt="How much of each loss each of the three samples makes.",
        )
        worst = int(terms["bce"].argmax())
        shares = {name: text(100 * column[worst] / column.sum(), 3) for name, column in terms.items()}
        lesson.note(
            f"Sample {worst + 1} is farthest off. It makes {shares['mse']} % of the squared error and "
            f"{shares['bce']} % of the cross-entropy. Its squared error, {text(terms['mse'][worst])}, can never "
            f"pass 1; its cross-entropy, {text(terms['bce'][worst])}, has no upper end."
        )

if shows("from_z"):
    lesson.part("See", "Cross-entropy is computed from z, not from a")
do, see = st.columns([9, 11], gap="medium")
printed, said = lesson.what_numpy_says(lambda z: textbook.binary_cross_entropy(0.0, textbook.sigmoid(z)), values["z"])
from_z = checks.from_z(0.0, values["z"])
lowest, highest = checks.printed_ends()
if shows("from_z"):
    with do:
        if not is_projected():
            st.markdown(
                "Let the target be 0 and the output a sigmoid that is ever surer of 1. “As printed” is the formula as "
                "books print it, $-\\ln(1 - a)$ with $a = 1/(1+e^{-z})$, computed step by step. From $z = "
                f"{latex(highest)}$ on its $a$ rounds to exactly 1, and $\\ln(1-a)$ is the logarithm of 0; from $z = "
                f"{latex(lowest)}$ down $e^{{-z}}$ is more than a number can hold, so $a$ is 0, and $y \\ln a$, which "
                "the whole formula has too, is 0 times the logarithm of 0. The form from $z$ is the same number, "
                "without the detour over $a$."
            )
        lesson.quantity("losses", values, "z", -checks.FARTHEST_Z, checks.FARTHEST_Z, 1.0, "$z$", width=420)
        lesson.table(
            [
                {"form": "as printed, from a", "loss": text(printed), "NumPy says": said or "nothing"},
                {"form": "**from z**", "loss": f"**{text(from_z)}**", "NumPy says": "nothing"},
            ]
        )
        formula = sn.LOSSES["bce"].formula_from_z or ""
        lesson.formula("L", formula, with_numbers(formula, z=values["z"], y=0), latex(from_z))
    with see:
        sketch("losses_stable", **drawings.stable_picture(values["z"]))
        if not is_projected():
            with st.expander("The code that computed it"):
                lesson.source(sn.LOSSES["bce"].per_sample)

column, flat = np.array([[1.0], [0.0], [1.0]]), np.array([0.9, 0.1, 0.8])
stretched = sn.LOSSES["mse"].per_sample(column, flat, None).mean()
if not is_projected():
    with lesson.tutorial():
        words, picture = st.columns([11, 9], gap="medium")
        with words:
            lesson.good(
                "Its example, targets (1, 0, 1) and outputs (0.9, 0.1, 0.8), has a mean squared error of"
                f" {text(sn.mse(column[:, 0], flat))}; it is the first preset above."
            )
            lesson.bad(
                "It takes any two arrays. A column of targets, shape (3, 1), and a list of outputs, shape (3,), hold "
                "the same three samples. But NumPy stretches both to (3, 3), every output against every target, and "
                f"the mean of nine differences is {text(stretched)} instead of {text(sn.mse(column[:, 0], flat))}, "
                "without a word. Only the framed cells were meant."
            )
            st.markdown("Ours refuses. `sn.mse(column, flat)` says:")
            lesson.complain(lesson.refusal(sn.mse, column, flat))
            lesson.bad(
                "It teaches the mean squared error, but the backward pass of its step 4 is that of the cross-entropy. "
                "That accident is why it trains: see step 4."
            )
        with picture:
            lesson.chart(
                drawings.broadcast_figure(
                    flat - column,
                    [f"{name} = {text(y)}" for name, y in zip(["y₁", "y₂", "y₃"], column[:, 0], strict=True)],
                    [f"{name} = {text(a)}" for name, a in zip(["a₁", "a₂", "a₃"], flat, strict=True)],
                ),
                key="losses_broadcast",
                alt="The nine differences of three outputs and three targets; only the diagonal was meant.",
            )
lesson.end("losses")
