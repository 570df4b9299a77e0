"""A further lesson: luck. Two settings, a few seeds each: when does a claim about the better one hold?"""

import time

import numpy as np
import streamlit as st

from scratchnet import luck
from scratchnet.luck import Claims
from ui import lesson
from ui.board import YIELD_SECONDS
from ui.checks import luck as checks
from ui.drawings import luck as drawings
from ui.gate import gate
from ui.kit.numbers import percent
from ui.present import Frame, is_projected, shows
from ui.rerun import rerun_page

FRAMES = (
    Frame("The idea", "idea"),
    Frame("One seed", "runs", {"pair": "units", "wanted": 1}),
    Frame("Three seeds", "runs", {"wanted": 3}),
    Frame("Thirty seeds", "runs", {"wanted": 30}),
    Frame("Seed by seed", "differences", {"wanted": checks.SEEDS}),
    Frame("The prediction", "predict"),
    Frame("How often a claim is wrong", "claims", {"wanted": checks.SEEDS}),
    Frame("A difference that is larger than the spread", "differences", {"pair": "rate"}),
    Frame("Could it be chance?", "test", {"pair": "units"}),
    Frame("The claims, counted", "code"),
)
values = lesson.kept("luck", checks.START, checks.IN_ADDRESS)


@st.cache_resource(show_spinner=False)
def right_answers(pair: str, side: int, seed: int) -> tuple[int, int]:
    with gate().turn("lessons"):
        return checks.right_answers(pair, side, seed)


@st.cache_resource(show_spinner=False, max_entries=20)
def claims_of(measured: checks.Measured) -> tuple[Claims, ...]:
    with gate().turn("lessons"):
        return checks.claims_of(measured)


def measure(seeds: int) -> None:
    """Run both settings from the next seeds up to so many; what has run is kept, whenever somebody presses Cancel."""
    measured = checks.measured_of(values, values["pair"])
    progress = None if is_projected() else st.progress(0.0, "Running")
    for seed in range(measured.seeds, seeds):
        (first, total), (second, _) = (right_answers(measured.pair, side, seed) for side in (0, 1))
        if progress:  # Cancel ends it here: the next run may be drawn already, and knows of all that is kept
            progress.progress((seed + 1) / seeds, f"Seed {seed}: {seed + 1} of {seeds}")
        measured = checks.Measured(measured.pair, (*measured.right, (first, second)), total)
        values["measured"] = (*(m for m in values["measured"] if m.pair != measured.pair), measured)
        if progress:
            time.sleep(YIELD_SECONDS)
    if progress:
        progress.empty()


lesson.begin(
    "luck",
    "Two settings, one run each, and the better accuracy wins? Each run also has a **seed**, which draws its start"
    " weights and the order of its samples. Another seed, another accuracy: how many does a claim need?",
    FRAMES,
)


def the_seeds() -> None:
    """Predict, run seeds, see accuracies and differences, and how often claims from a few of them are wrong.

    No fragment: only a run of the whole page breaks off another one, as Cancel has to.
    """
    if is_projected() and checks.measured_of(values, values["pair"]).seeds < values["wanted"]:
        measure(values["wanted"])
    start = checks.PAIRS[checks.START["pair"]]
    lesson.predict(
        "luck.1",
        f"{start.words[0]} against {start.words[1]} in one hidden layer, one seed each. Whichever has the better test"
        " accuracy is claimed to be the better setting. How often is that right?",
        ("almost always", "about half of the time", "almost never"),
        "about half of the time",
        acted=checks.measured_of(values, checks.START["pair"]).is_whole,
        do=f"run all {checks.SEEDS} seeds of {start.title}.",
        because="The spread of the seeds is larger than the difference, and many seeds show no difference at all.",
    )
    pair = checks.PAIRS[values["pair"]]
    if shows("runs"):
        lesson.part("Do", "The same two settings, from many seeds")
        if not is_projected():
            with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
                lesson.choose(
                    "luck", values, "pair", checks.PAIRS, "Settings to compare", lambda name: checks.PAIRS[name].title
                )
                have = checks.measured_of(values, values["pair"]).seeds
                more = [
                    (label, seeds)
                    for label, seeds, key in (
                        ("Run 1 seed", have + 1, "luck_one"),
                        ("Run 10 seeds", have + 10, "luck_ten"),
                        (f"Run all {checks.SEEDS}", checks.SEEDS, "luck_all"),
                    )
                    if st.button(label, key=key, disabled=have >= checks.SEEDS, icon=":material/grid_view:")
                ]
            if more:
                # Pressed while this runs it ends the run here, as every press does; what has run is kept.
                st.button("Cancel", key="luck_cancel", icon=":material/close:")
                measure(min(more[0][1], checks.SEEDS))
                rerun_page()  # the tasks know of it now
    measured = checks.measured_of(values, values["pair"])
    better, alike, worse = measured.counts
    left, right = st.columns([10, 11], gap="medium")
    if shows("runs"):
        with left:
            st.markdown(f"**Test accuracy after {checks.EPOCHS} epochs**, a mark for each seed; dashed: the median")
            lesson.chart(
                drawings.seeds_figure(measured),
                key="luck_seeds",
                on_wall=275,
                alt=f"Test accuracy of {measured.seeds} seeds with {pair.words[0]} and with {pair.words[1]}. "
                + spread_in_words(measured),
            )
        with right if is_projected() else left:
            st.markdown(spread_in_words(measured) or ":gray[No seed has run yet with these settings.]")
    if shows("differences"):
        with st.container() if is_projected() else right:
            st.markdown("**Seed by seed**: which of the two does each seed name?")
            ran = (
                f"Of {measured.seeds} seed{'' if measured.seeds == 1 else 's'}, **{better}** name {pair.words[1]},"
                f" **{worse}** name {pair.words[0]}, and at **{alike}** both are alike."
            )
            press = (
                f":gray[Press Run 1 seed, Run 10 seeds or Run all {checks.SEEDS}: each seed that runs is a dot here.]"
            )
            wall = ":gray[No seed has run yet with these settings.]"
            st.markdown(ran if measured.seeds else wall if is_projected() else press)
            lesson.chart(
                drawings.differences_figure(measured),
                key="luck_differences",
                on_wall=275,
                alt=f"Differences of {measured.seeds} seeds: {pair.words[1]} better in {better}, alike in {alike},"
                f" {pair.words[0]} better in {worse}.",
            )
    if shows("runs") and not is_projected():
        st.caption(
            "The xor data, 60 training and 60 test samples, seed 0; 4 tanh units, Adam at 0.03, batches of 10,"
            f" cross-entropy where the pair does not say otherwise. Seed k draws weights and order of both settings, k"
            f" = 0 to {checks.SEEDS - 1}; the data are the same throughout."
        )
    one, two = st.columns([10, 11], gap="medium")
    with one:
        if shows("claims"):
            the_claims(measured)
    with st.container() if is_projected() else two:
        if shows("test"):
            the_test(measured)


def spread_in_words(measured: checks.Measured) -> str:
    """Median and range of both settings, with counts."""
    said = []
    for side, name in enumerate(checks.PAIRS[measured.pair].words):
        right = [pair[side] for pair in measured.right]
        if right:
            said.append(
                f"**{name}**: median {percent(float(np.median(right)) / measured.total)}, from"
                f" {min(right)}/{measured.total} to {max(right)}/{measured.total}."
            )
    return " ".join(said)


def the_claims(measured: checks.Measured) -> None:
    lesson.part("See", "Claims from 1, 3, 10 and 30 seeds")
    if not measured.is_whole:
        st.caption(f"This follows when all {checks.SEEDS} seeds have run with these settings.")
        return
    tells_single = is_projected() or measured.pair != checks.START["pair"] or "luck.1" in lesson.done()
    lesson.table(drawings.claims_table(claims_of(measured), tells_single))
    st.caption(
        f"A claim names the setting with the better mean over its seeds. It is right when the mean of all"
        f" {checks.SEEDS} names the same one. Groups are drawn from these runs, each seed at most once in a group."
        + ("" if tells_single else " The row of one seed follows when task 1 is done.")
    )
    lesson.note(
        f"The mean of {checks.SEEDS} seeds is no certainty either: it stands for what is true, and a group of 30"
        " shares seeds with it, so its share of wrong claims is too kind."
    )


def the_test(measured: checks.Measured) -> None:
    lesson.part("Explain", "Could it be chance?")
    st.markdown(
        "Were both settings alike, each difference could as well have the other sign. The **sign-flip test** tries all"
        " choices of signs: $p$ is the share of them whose sum is at least as far from 0 as the one seen. $d_k$ is the"
        " difference at seed $k$, and $s_k$ is +1 or −1."
    )
    lesson.formula(
        "p",
        r"\text{share of}\,s\,\text{with}\,\Big|\sum_k s_k d_k\Big| \ge \Big|\sum_k d_k\Big|",
    )
    if measured.seeds >= 3:
        lesson.table(drawings.tests_table(measured))
        lesson.note(
            "A small p says that chance alone seldom does this; it is not the chance that the claim is wrong. Up"
            " to 14 seeds all choices are tried, from then on 20,000 are drawn (Fisher 1935, chapter III)."
        )
    else:
        st.caption("The table follows when 3 seeds have run.")


if shows("idea", "predict", "runs", "differences", "claims", "test"):
    the_seeds()
first, second = st.columns(2, gap="small")
with first:
    lesson.task(
        "luck.1",
        f"**Count**, over all {checks.SEEDS} seeds of {checks.PAIRS['units'].title}: in how many percent of them does a"
        " single seed name the setting that is worse in the mean?",
        checks.wrong_claims,
        values,
        "wrong claims in percent",
        precision="to a whole percent",
    )
with second:
    lesson.task(
        "luck.2",
        "**Find a pair** of settings for which one seed is nearly enough: at most 5 % of the single seeds name the"
        " worse one.",
        checks.sure_from_one,
        values,
    )
lesson.task(
    "luck.3",
    "**By hand**: six seeds, and all six name the same setting. Were both alike (and no seed a tie), how often would"
    " chance alone do that, for either of the two?",
    checks.six_by_hand,
    values,
    "Share of all ways the six can fall",
)
if shows("code"):
    words, code = st.columns([8, 13], gap="medium")
    if not is_projected():
        with words:
            lesson.part("Explain", "How claims are counted")
            st.markdown(
                "Up to 20,000 groups all are looked at; where there are more, so many are drawn. **Three habits**:"
                " name the number of seeds with every comparison, show all of them and not the best, and decide how"
                " many before you look."
            )
    with st.container() if is_projected() else code:
        lesson.source(luck._claimed)

if not is_projected():
    with lesson.tutorial():
        lesson.good("It looks at the accuracy of a whole run, and not at the loss of one sample.")
        lesson.bad(
            "It judges by a single run without a seed: step 5 has measured that this run prints 1.0 or 0.667 by luck."
            " Whoever compares two settings that way claims something about the seeds."
        )
lesson.end("luck")
