"""Luck: one experiment from many seeds: how much of what came out was the seed, and how does yours stand among them?"""

import math
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import streamlit as st

import scratchnet as sn
from scratchnet.cell import Result
from scratchnet.spread import fan, middle, ranked
from scratchnet.sweep import Sweep
from ui.kit.numbers import PRINTF
from ui.kit.typed import LONGEST_TEXT
from ui.lesson import LESSONS
from ui.sweeps import choices
from ui.sweeps import spread_pictures as pictures
from ui.sweeps.job import Job
from ui.sweeps.onward import cell_link, download
from ui.sweeps.progress import ask, results
from ui.sweeps.spread_pictures import Score
from ui.sweeps.table import table
from ui.terms import TERMS

LESSON = Path(__file__).resolve().parent.parent / "learn" / "luck.py"
OWN = 0  # the visitor's own seed among those of the sweep: the first, and so it is there soonest
COUNTS = {str(count): str(count) for count in (10, 20, 50, 100)}
LOSSES = {"test_loss": "Test loss", "train_loss": "Training loss"}


def chosen(label: str, names: Mapping[str, str], key: str, default: str | None = None, help: str | None = None) -> str:
    """One of the names, the first where nobody has chosen and no other is the default."""
    default = default or next(iter(names))
    choice = st.segmented_control(
        label,
        list(names),
        default=default,
        format_func=names.__getitem__,
        key=key,
        required=True,
        persist_state="session",
        help=help,
    )
    return str(choice or default)  # a browser may say that it is none of them, whatever is required


def asked(base: sn.Experiment) -> tuple[Sweep, str]:
    """The visitor's own seed and as many others as the widgets ask for, and how much that is. ValueError with one
    sentence."""
    of = chosen(
        "What the seeds draw anew",
        choices.SEED_WORDS,
        "seeds_of",
        help="All else stays as it is. With other data the test points are others as well.",
    )
    count = int(chosen("Seeds beside your own", COUNTS, "seeds_count", default="20"))
    typed = st.text_input("Epochs", "300", key="seeds_epochs", persist_state="session", max_chars=LONGEST_TEXT)
    epochs = choices.at_most("Epochs", typed, choices.MOST_EPOCHS)
    if why := sn.why_idle(base, len(base.start().x_train), of):
        raise ValueError(f"{choices.SEED_WORDS[of]}: all seeds would give the same run. {why}")
    own = getattr(base, of)
    others = [seed for seed in range(count + 1) if seed != own][:count]
    sweep = choices.checked(base, {}, seeds=(own, *others), seed_of=of, epochs=epochs, history=True)
    return sweep, f"{len(sweep.seeds)} runs, your own with them"


def show(finished: Job) -> None:
    """How one's own stands among the others, fan, distribution, and the way to each seed."""
    sweep = finished.sweep
    known = {index: one for index, one in enumerate(finished.outcomes) if isinstance(one, Result)}
    if not known:
        return
    results, own = list(known.values()), known.get(OWN)
    score = pictures.score_of(sweep.base, results)
    if own is not None and len(known) > 1:
        others = [one for index, one in known.items() if index != OWN]
        st.markdown(f"**{unbroken_percent(pictures.standing_in_words(sweep.seeds[OWN], own, others, score))}**")
    said = [pictures.scores_in_words(results, score), pictures.uncounted_in_words(results, score)]
    st.text(unbroken_percent(" ".join(filter(None, said))))
    fan_of_losses(results, own, score)
    distribution(sweep, results, own, score)
    order = [list(known)[place] for place in ranked(results, score.part)]
    ways(sweep, known, order, score)
    all_seeds(finished, known, order, score)


def unbroken_percent(words: str) -> str:
    """Words in which no line begins with the sign of a percentage."""
    return words.replace(" %", "\N{NO-BREAK SPACE}%")


def fan_of_losses(results: list[Result], own: Result | None, score: Score) -> None:
    losses = {name: words for name, words in LOSSES.items() if score.part in ("test", name.removesuffix("_loss"))}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        loss = chosen("Loss over the epochs", losses, f"seeds_loss_{score.part}")
        of = fan(results, loss)
        wants_log = pictures.fan_wants_log(of)
        log = st.toggle(
            "Logarithmic loss axis",
            wants_log,
            key=f"seeds_log_{loss}_{wants_log}",
            persist_state="session",
            help=TERMS["log loss"],
        )
    st.plotly_chart(
        pictures.fan_figure(of, None if own is None else own.history, loss, LOSSES[loss], log),
        key="seeds_fan",
        config={"displaylogo": False},
        alt=pictures.fan_in_words(of, LOSSES[loss]),
    )
    if of.diverged.any():
        st.caption("Where seeds have diverged, a band that holds them reaches the top.")


def distribution(sweep: Sweep, results: list[Result], own: Result | None, score: Score) -> None:
    values = np.array([score.of(one) for one in results])
    if not np.isfinite(values).any():
        return
    end = sweep.base.start().evaluate()
    st.plotly_chart(
        pictures.scores_figure(
            values[np.isfinite(values)],
            -math.inf if own is None else score.of(own),
            score,
            f"{score.label} after {sweep.epochs:,} epochs",
            end.test_total if score.part == "test" else end.train_total,
        ),
        key="seeds_scores",
        config={"displaylogo": False},
        alt=f"How many seeds have which {score.label}. {pictures.scores_in_words(results, score)}",
    )


def ways(sweep: Sweep, known: dict[int, Result], order: list[int], score: Score) -> None:
    """To the playground: the best, the middle and the worst seed, and whichever is chosen, at their last update."""

    def titled(index: int) -> str:
        own = " (yours)" if index == OWN else ""
        return f"seed {sweep.seeds[index]}{own}, {score.written(score.of(known[index]))}"

    def way(index: int, words: str) -> None:
        cell_link(sweep, index, known[index].update, words, "On the playground")

    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        for word, index in {"Best": order[0], "Median": middle(order), "Worst": order[-1]}.items():
            way(index, f"{word}: {titled(index)}")
    st.caption(
        "The best seed is no better experiment: on other points another may be the best. Tell of the median and the "
        "spread."
    )
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        index = st.selectbox("A seed, the best first", order, format_func=titled, key="seeds_chosen")
        way(order[0] if index is None else index, "Open in the playground")


def all_seeds(finished: Job, known: dict[int, Result], order: list[int], score: Score) -> None:
    word = "accuracy" if score.is_share else "R²"
    measures = {"test_score": f"Test {word}", "test_loss": "Test loss"}
    measures |= {"train_score": f"Training {word}", "train_loss": "Training loss"}
    shown: dict[str, list] = {"Seed": [finished.sweep.seeds[index] for index in order]}
    shown |= {words: [getattr(known[index], name) for index in order] for name, words in measures.items()}
    shown |= {"Update": [known[index].update for index in order]}
    shown |= {"Diverged": ["yes" if known[index].diverged else "" for index in order]}
    with st.expander("All seeds as a table"):
        st.dataframe(
            shown,
            hide_index=True,
            column_config={words: st.column_config.NumberColumn(format=PRINTF) for words in measures.values()},
        )
        download("seeds", table(finished.sweep, finished.outcomes), "seeds")


st.title("Luck", anchor=False)
st.markdown(
    "Train one experiment from many seeds and see how much of a result is the seed: the band in which the losses lie, "
    "and how yours stands among the others."
)
left, right = st.columns([2, 3], gap="large")
with left:
    ask("seeds", asked)
    st.page_link(
        st.Page(LESSON, title=LESSONS["luck"].title),
        label="Lesson: how many seeds does a claim need?",
        icon=":material/arrow_forward:",
    )
with right:
    before = "The results will be here: the losses of all seeds as a fan, their scores, and each seed to open."
    results("seeds", "runs", show, before)
