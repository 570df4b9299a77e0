"""A further lesson: the gradient check. Is the gradient right, at which step h can one tell, and which bug is it?"""

import numpy as np
import streamlit as st

import scratchnet as sn
from scratchnet.gradient_check import SlopeAcross, slope_across
from scratchnet.network import parameter_index
from scratchnet.planted_bugs import BUGS, drawn
from ui import errors, lesson
from ui.checks import gradient_check as checks
from ui.drawings import gradient_check as drawings
from ui.following import follow, is_followed
from ui.gate import gate
from ui.kit.numbers import apart, latex, text
from ui.present import Frame, is_projected, shows
from ui.unbroken import unbroken

FRAMES = (
    Frame("The idea", "idea"),
    Frame("A large step", "cells", {"h": checks.STEPS[-1]}),
    Frame("A smaller one", "cells", {"h": checks.STEPS[len(checks.STEPS) // 2]}),
    Frame("A tiny one", "cells", {"h": checks.STEPS[0]}),
    Frame("The prediction", "predict"),
    Frame("Every step", "steps"),
    Frame("One slope, digit by digit", "digits"),
    Frame("Two causes", "causes"),
    Frame("A bug is planted", "lab"),
    Frame("What it leaves behind", "evidence"),
    Frame("Which it was", "bug"),
    Frame("The right line", "right"),
)
values = lesson.kept("gradient_check", checks.START, checks.IN_ADDRESS)


@st.cache_resource(show_spinner=False)
def check_at(h: float, samples: int = checks.SAMPLES) -> sn.GradientCheck:
    with gate().turn("lessons"):
        return checks.check_at(h, samples)


@st.cache_resource(show_spinner=False)
def one_slope(h: float) -> SlopeAcross:
    """The weight from x1 to unit 1 of layer 1, moved by h up and down."""
    net, x, y = checks.network_and_data()
    return slope_across(net, x, y, parameter_index(checks.SIZES, 0, 0, 0), checks.LOSS, h)


@st.cache_resource(show_spinner=False)
def planted(name: str, samples: int) -> sn.GradientCheck:
    return checks.check_of(name, check_at(checks.LAB_STEP, samples), samples)


@st.cache_resource(show_spinner=False)
def tutorials_gradient() -> tuple[float, float]:
    """The relative errors of the tutorial's gradient, against cross-entropy and against the MSE that it has taught."""
    data = sn.load_dataset("tutorial")
    net = sn.Network.build((3, 2, 1), hidden="sigmoid", output="sigmoid", initializer="standard_normal", rng=0)
    bce, mse = (sn.gradient_check(net, data.x_train, data.y_train, loss) for loss in ("bce", "mse"))
    return bce.max_relative_error, sn.GradientCheck(bce.analytic, mse.numeric).max_relative_error


@unbroken
def measure(steps) -> None:
    measured = dict(values["errors"])
    for h in steps:
        measured[h] = check_at(h).max_relative_error
    values["errors"] = tuple(sorted(measured.items()))


@unbroken
def set_step(key: str) -> None:
    if is_followed(key):
        values["h"] = st.session_state[key]


@unbroken
def set_seed(key: str) -> None:
    if is_followed(key):
        values["seed"] = int(st.session_state[key])


@unbroken
def next_bug() -> None:
    values["seed"] = (values["seed"] + 1) % (checks.HIGHEST_SEED + 1)


@unbroken
def judge(seed: int) -> None:
    values["verdicts"] += ((seed, st.session_state[f"gradient_check_bug_{seed}"]),)


def agreeing(first: str, second: str) -> int:
    """How many characters two numbers have in common from the left."""
    return next((place for place, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), len(first))


lesson.begin(
    "gradient_check",
    "A network with a slightly wrong gradient often trains all the same. **Analytic** is the slope that backpropagation"
    " computes by formulas. **Numeric** is the slope measured: move one parameter by a small step $h$ up and down, and"
    " divide the change of the loss by $2h$. **Relative error** is their difference divided by the larger of the two.",
    FRAMES,
)


@st.fragment
@errors.caught()
def the_check() -> None:
    """Predict, and the check at one step h; a fragment, so that a step draws nothing of the bug lab."""
    measure(checks.STEPS if is_projected() and shows("steps", "causes") else [values["h"]])
    layers_in_words = "-".join(map(str, checks.SIZES))
    seen_small = min(h for h, _ in values["errors"]) <= checks.SMALL
    lesson.predict(
        "gradient_check.1",
        "The gradient is right. You make the step $h$ smaller and smaller, from 0.1 down to 1e-13."
        " What does the error of the check do?",
        ("it falls and falls", "it falls, then rises again", "it rises"),
        "it falls, then rises again",
        acted=seen_small,
        do="slide $h$ to the left as far as it goes, or measure every $h$.",
        because="Two causes pull against each other: the curve of the loss bends, and numbers have only 16 digits.",
    )

    check = check_at(values["h"])
    all_measured = checks.measured_all(values)
    fit = checks.two_errors(values["errors"]) if all_measured else None
    wrong = int((check.relative_errors > checks.WRONG).sum())
    matrices, curve = st.columns([10, 11], gap="medium")
    with matrices:
        if shows("cells"):
            st.markdown(
                f"**Relative error of each parameter** of a {layers_in_words} network, {checks.SAMPLES} samples"
            )
            lesson.chart(
                drawings.cells_figure(check, drawings.error_words(check), checks.SIZES),
                key="gradient_check_cells",
                on_wall=300,
                alt=f"Relative errors at h = {text(values['h'])}, a matrix a layer, the largest"
                f" {text(check.max_relative_error)}.",
            )
    with curve, st.container(gap="xsmall"):
        if shows("cells", "steps"):
            with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
                step_key = follow("gradient_check_h", values["h"])
                st.select_slider(
                    "Step $h$ of the check",
                    checks.STEPS,
                    values["h"],
                    format_func=text,
                    key=step_key,
                    on_change=set_step,
                    args=(step_key,),
                    width=330,
                )
                st.button(
                    "Measure every h",
                    on_click=measure,
                    args=(checks.STEPS,),
                    icon=":material/timeline:",
                    disabled=all_measured,
                )
            st.markdown(
                f"Largest relative error **{text(check.max_relative_error)}**: "
                + (
                    f":green[all {check.analytic.size} parameters agree]."
                    if not wrong
                    else f":red[{wrong} of {check.analytic.size} seem wrong], though the gradient is right."
                )
            )
            if shows("steps"):
                lesson.chart(
                    drawings.steps_figure(values["errors"], values["h"], fit),
                    key="gradient_check_curve",
                    on_wall=260,
                    alt=f"Largest relative error over h, measured at {len(values['errors'])} of {len(checks.STEPS)}"
                    " steps.",
                )
    lesson.note(
        "Colours and axes are logarithmic and keep their ranges; the colours reach from 1e-12 to 1. Point at a "
        f"cell or tap it for both slopes. tanh, tanh, sigmoid, mean squared error, seed {checks.SEED} for weights "
        "and samples."
        + (" Dashed and dotted: the two causes, their heights fitted to what was measured." if fit else "")
    )
    left, right = st.columns([11, 10], gap="medium")
    with left:
        if shows("digits"):
            lesson.part("See", "One numeric slope, digit by digit")
            slope = one_slope(values["h"])
            plus, minus = apart(slope.loss_plus, slope.loss_minus)
            same = agreeing(plus, minus)
            analytic = check.analytic[0]
            st.latex(
                r"\begin{aligned}"
                + r" \\ ".join(
                    rf"L(w {sign} h) &= {{{number[:same]}}}\mathbf{{{number[same:]}}}"
                    for sign, number in (("+", plus), ("-", minus))
                )
                + r"\end{aligned}"
            )
            lesson.formula(
                r"\frac{L(w+h) - L(w-h)}{2h}",
                rf"\frac{{{latex(slope.loss_plus - slope.loss_minus)}}}{{2\cdot {latex(values['h'])}}}",
                latex(slope.slope, 8),
            )
            lesson.formula(r"dW_1[1,1]", rf"{latex(analytic, 8)} \quad\text{{(analytic)}}")
            digits = max(same - 2, 0) if plus.startswith("0.") else same
            st.markdown(
                f"The first weight of all, $w = W_1[1,1]$. Both losses share their first {digits} decimals; only what"
                " is bold is left for the slope."
            )
        lesson.part_ends("check")
    with right:
        if shows("causes"):
            if seen_small:
                lesson.part("Explain", "Two causes, one best step")
                st.markdown(
                    "The quotient cuts across a curve that bends: its error is about a third derivative times $h^2/6$ "
                    "(**truncation**). And a loss is stored with 16 digits; the last is noise, which is divided by "
                    "$2h$ (**round-off**). Together, with two constants fitted to the points measured here:"
                )
                lesson.formula(
                    r"E(h)",
                    r"A\,h^2 + \frac{B}{h}",
                    *([rf"{latex(fit.truncation)}\,h^2 + \frac{{{latex(fit.round_off)}}}{{h}}"] if fit else []),
                )
                lesson.formula(
                    r"h_{\text{best}}",
                    r"\sqrt[3]{\frac{B}{2A}}",
                    *([latex(fit.best)] if fit and (is_projected() or "gradient_check.1" in lesson.done()) else []),
                )
                if not fit:
                    st.caption("Press “Measure every h”: then A and B are fitted.")
                elif not is_projected() and "gradient_check.1" not in lesson.done():
                    st.caption("The number follows when task 1 is done.")
            else:
                lesson.part("Explain", "What the error depends on")
                st.caption("This follows when you have made $h$ small.")

    if not is_projected():
        with st.expander("What “relative error” means here, honestly"):
            words, code = st.columns([10, 11], gap="medium")
            with words:
                floor = 1e-3 * max(np.abs(check.analytic).max(), np.abs(check.numeric).max())
                st.markdown(
                    "$|{\\rm analytic} - {\\rm numeric}|$ divided by the larger of the two sizes, **but never by less "
                    "than a thousandth of the largest slope of all**. Without that floor, a slope of nearly 0 would "
                    "fail for nothing but round-off. The price: a mistake in a parameter with a tiny slope is shown "
                    f"smaller than it is. At $h$ = {text(values['h'])} the floor is {text(floor)}, and "
                    f"{checks.below_the_floor(check)} of {check.analytic.size} parameters lie below it."
                )
                st.markdown(
                    "A check is no proof. It looks at these samples and these weights only; where ReLU has its corner "
                    "the quotient itself is wrong; and a check on one sample, one output or one layer misses what "
                    "hides there."
                )
            with code:
                lesson.source(vars(sn.GradientCheck)["relative_errors"].fget, "np.finfo(float).tiny")
                lesson.source(sn.gradient_check, "slope_across")


@st.fragment
@errors.caught()
def bug_lab() -> None:
    """A planted bug, what it leaves behind, and the choice."""
    seed = values["seed"]
    hidden = drawn(seed)
    bugged = planted(hidden, values["samples"])
    if shows("lab"):
        lesson.part("Do", "The bug lab: one mistake is planted in the gradient. Which?")
        with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
            if not is_projected():
                seed_key = follow("gradient_check_seed", seed)
                st.number_input(
                    f"Seed that draws the bug, 0 to {checks.HIGHEST_SEED}",
                    0,
                    checks.HIGHEST_SEED,
                    seed,
                    key=seed_key,
                    on_change=set_seed,
                    args=(seed_key,),
                    width=240,
                )
            st.button("Next bug", on_click=next_bug, icon=":material/skip_next:")
            lesson.choose("gradient_check", values, "samples", checks.SAMPLE_COUNTS, "Samples in the check")
            st.markdown(
                f"$h$ = {text(checks.LAB_STEP)}, largest relative error **{text(bugged.max_relative_error)}**; without "
                f"the bug {text(check_at(checks.LAB_STEP, values['samples']).max_relative_error)}.",
                width="stretch",
            )
    matrices, reading = st.columns([10, 11], gap="medium")
    with matrices:
        if shows("lab"):
            st.markdown("**analytic / numeric** in each cell: 1 is right. Colour: relative error, as above")
            lesson.chart(
                drawings.cells_figure(bugged, drawings.ratio_words(bugged), checks.SIZES),
                key="gradient_check_bugged",
                on_wall=265,
                alt="The ratio of the analytic to the numeric slope of each parameter, a matrix a layer.",
            )
    with reading:
        if shows("evidence"):
            lesson.table(drawings.evidence_table(checks.evidence(bugged)))
            st.caption(
                "The ratio is analytic / numeric. The last column is the length of the layer’s analytic gradient "
                "divided by that of the numeric one; a gradient’s length is the root of the sum of its squared slopes."
            )
        tried = [name for then, name in values["verdicts"] if then == seed]
        if not is_projected():
            with st.container(border=True, key="lab", gap="xsmall"), st.form("form_lab", border=False):
                st.radio(
                    "Which mistake leaves this behind?",
                    list(BUGS),
                    index=None,
                    format_func=lambda name: checks.WORDS[name].title,
                    key=f"gradient_check_bug_{seed}",
                    persist_state="session",
                )
                st.form_submit_button("Judge", on_click=judge, args=(seed,))
        if tried and not is_projected():
            right, why = checks.verdict(seed, tried[-1])
            if right:
                st.markdown(f":green[**✓**] {why} In a row: {checks.streak(values['verdicts'])}.")
            elif values["samples"] == checks.SAMPLES or tried[-1] is None:
                lesson.complain(why)
            else:  # what speaks against it may not be seen with so few
                lesson.complain(f"No; check all {checks.SAMPLES} samples to see it. {why}")
        lesson.part_ends("lab")
    if shows("bug", "right") if is_projected() else hidden in tried:
        words = checks.WORDS[hidden]
        did, should = st.columns([10, 11], gap="medium")
        with did:
            if shows("bug"):
                lesson.part("See", "What the bug did")
                st.markdown(f"{words.did} **Where it hides:** {words.hides}")
                lesson.source(BUGS[hidden])
        with should:
            if shows("right"):
                lesson.part("Explain", "The right line")
                code, place = lesson.marked_source(words.right, words.line)
                st.code(code, language=None, wrap_lines=True)  # the highlighter's colours are too pale on white
                st.caption(f"{place.split(':')[0]}: the right code, with which everything here trains.")


if shows("idea", "predict", "cells", "steps", "digits", "causes"):
    the_check()
lesson.task(
    "gradient_check.1",
    "**At which $h$ is the check best?** A factor of ten more or less does not matter.",
    checks.best_step,
    values,
    "h, such as 0.001 or 1e-3",
    precision="within a factor of ten",
)
if shows("lab", "evidence", "bug", "right"):
    bug_lab()
lesson.task(
    "gradient_check.2",
    "**Find the bug of two different seeds in a row**, each at the first try, from the check alone.",
    checks.two_in_a_row,
    values,
)

if not is_projected():
    with lesson.tutorial():
        against_bce, against_mse = tutorials_gradient()
        lesson.good(
            "What it sends back is a right gradient, that of cross-entropy; and its network is small enough for a check"
            " of every parameter."
        )
        lesson.bad(
            "It never checks its gradient. If it did, with its own 3-2-1 network and samples (seed 0): relative error "
            f"**{text(against_bce)}** against cross-entropy, **{text(against_mse)}** against the mean squared error "
            "that it teaches. Its output minus target is the bug “gradient of another loss”."
        )
lesson.end("gradient_check")
