"""Controls: everything a learner can choose outside the board, in one row; what is chosen less often waits in drawers.

A control shows what is in force (`Playground.settings`), whoever changed it, and hands a choice to `Playground.apply`.
Free numbers are typed as text, because people write 0,03 as well as 0.03; ui/kit/typed.py reads them.
"""

import dataclasses
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import streamlit as st

import scratchnet as sn
from scratchnet.experiment import MAX_SAMPLES
from scratchnet.features import features_of
from scratchnet.forks import Forks
from scratchnet.real_data import REAL_DATA, Card
from ui import branching, gallery, present, thumbnails
from ui.compare.comparison import LETTERS, Comparison
from ui.compare.comparison import link as comparison_link
from ui.following import follow, is_followed, unless_corrected
from ui.kit.typed import LONGEST_TEXT, NONE, number, whole_number, written
from ui.labels import LABELS, loss_title, setting_label, spoken, title
from ui.moment import MOST_EPOCHS
from ui.paper.settings import NAMES, SCALING_WORDS
from ui.play.payload import COLUMNS_WITH_FEATURES, feature_label
from ui.play.playground import EMPTY_MAP, Playground
from ui.share import share, share_all
from ui.terms import SCALED_LOSS, TERMS
from ui.unbroken import unbroken
from ui.ways import way

OWN_DATA = Path(__file__).resolve().parent.parent / "pages" / "lab" / "data.py"
COMPARE = Path(__file__).resolve().parent.parent / "pages" / "lab" / "compare.py"
EXERCISE = Path(__file__).resolve().parent.parent / "pages" / "learn" / "exercise.py"
LONGEST_LINE = 92  # characters of a notice that fit beside the heading
LEARNING_RATES = (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
PENALTIES = (0.0001, 0.001, 0.003, 0.01, 0.03, 0.1)
BATCH_SIZES = (1, 5, 10, 20, 50, 100)
SAMPLES = (50, 100, 200, 500, 1000, 2000)
# What is chosen in these drawers of a board that stands among others.
OF_A_NETWORK = ("features", "scaling", "hidden", "activation", "output", "loss", "initializer", "init_seed")
OF_TRAINING = ("optimizer", "batch_size", "l1", "l2", "schedule", "shuffle", "order_seed", "clip_norm")
HELD = {"Data": (), "Network": (), "Training": tuple(name for name in sn.LIVE_SETTINGS if name != "learning_rate")}
CLIP_NORMS = (0.1, 0.5, 1.0, 5.0)
STOP_EPOCHS = (10, 50, 100, 500, 1000)
LAYERS = LABELS["hidden"]
LOCKED = "Locked by the task."
OWN = "own"  # in the list of data sets, for what the visitor drew or loaded
LISTS_WIDTH = 466  # pixels of the three lists beside the drawers; a narrower screen is shared by them
ALL = MAX_SAMPLES  # a batch size that is all the training data, however much there is
# Streamlit draws a picture in a label as high as a letter, and a chosen button without contrast in the dark.
PICTURES_STYLE = """<style>
.st-key-PICTURES button { padding: 4px; }
.st-key-PICTURES button p { white-space: normal; }
.st-key-PICTURES button img { display: block; max-height: none; height: 48px; margin: 0 auto; }
.st-key-PICTURES button[kind="primary"] { background: transparent; color: inherit; border-width: 3px; }
</style>"""
# What is said has the same room whatever it is, so that the board below stays where it is.
SENTENCE_STYLE = """<style>
@media (min-width: 641px) { div:has(> .st-key-SENTENCE) { flex: 1 1 0; min-width: 20rem; } }
.st-key-SENTENCE { flex-wrap: nowrap; }
.st-key-SENTENCE > * { flex-shrink: 0; }
.st-key-SENTENCE > :has([data-testid="stText"]) { flex: 0 1 auto; min-width: 0; }
.st-key-SENTENCE [data-testid="stText"] { line-height: 1.25; }
@media (max-width: 640px) {
.st-key-SENTENCE { flex: none; flex-wrap: nowrap; width: 100%; height: 3.2rem; overflow: auto; }
.st-key-SENTENCE > * { min-width: 0; flex-shrink: 0; }
.st-key-SENTENCE > :has([data-testid="stText"]) { flex: 1 1 0; }
.st-key-SENTENCE [data-testid="stText"] { font-size: 0.8rem; line-height: 1.3; }
.st-key-SENTENCE [class*="dismiss"] p { position: absolute; clip-path: inset(50%); }
}</style>"""

# What a setting of an optimizer or a schedule does, in a few words.
MEANING = {
    "weight_decay": "Pulls every weight and bias towards 0 in each update.",
    "momentum": "The share of the last step that is kept; 0.9 is usual.",
    "dampening": "The share of the new gradient that momentum leaves out.",
    "nesterov": "Looks one step of momentum ahead. Needs momentum, and no dampening.",
    "lr_decay": "How fast the learning rate falls from update to update; 0 leaves it as it is.",
    "initial_accumulator_value": "Where the sum of the squared gradients begins, before the first update.",
    "eps": "A tiny number that prevents a division by 0.",
    "rho": "How long squared gradients are remembered, from 0 to 1.",
    "alpha": "How long squared gradients are remembered, from 0 to 1.",
    "centered": "Divides by the spread of the gradient instead of its size.",
    "betas": "How long gradients (beta 1) and squared gradients (beta 2) are remembered, from 0 to 1.",
    "momentum_decay": "How the momentum grows with time.",
    "step_size": "Updates between two changes of the learning rate.",
    "gamma": "What the learning rate is multiplied by.",
    "t_max": "Updates until the cosine ends.",
    "eta_min": "The learning rate at which the cosine ends.",
    "start_factor": "The share of the learning rate at the start.",
    "total_iters": "Updates until the full learning rate.",
}

# ---- reading what was typed ------------------------------------------------------------------------------------------


def layer_sizes(text: str) -> tuple[int, ...]:
    """Typed units of the hidden layers: "8, 8" is two layers, an empty text none."""
    if len(str(text)) > LONGEST_TEXT:
        raise ValueError(f"{LAYERS}: expected numbers such as 8, 8, got {len(str(text))} characters; type fewer.")
    parts = [part for part in re.split(r"[\s,;]+", str(text)) if part]
    if [part.lower() for part in parts] == [NONE]:
        return ()
    return tuple(whole_number(part, LAYERS, "8") for part in parts)


# ---- what a task leaves of a control ---------------------------------------------------------------------------------


def _locked(pg: Playground, *names: str) -> dict:
    """What all widgets for these have in common: where a task locks one of them it is seen, and cannot be used."""
    return {"disabled": True} if pg.locks(*names) else {}


def _help(pg: Playground, help: str | None, *names: str) -> str | None:
    said = [LOCKED if pg.locks(*names) else "", branching.explained(pg, *names), help or ""]
    return " ".join(filter(None, said)) or None


# ---- the forms of control --------------------------------------------------------------------------------------------


def _changes_nothing(pg: Playground, read: Callable, typed: str) -> bool:
    """Whether the text says what is in force already, or is refused."""
    settings = pg.run.settings
    try:
        return settings.replace(**read(typed)) == settings
    except ValueError:
        return True


@unbroken
def _chosen(pg: Playground, key: str, read: Callable) -> None:
    """A widget's value has changed: carry it out, or say in one sentence why not."""
    if not is_followed(key):
        return
    pg.is_used()
    try:
        changes = read(st.session_state[key])
    except ValueError as error:
        pg.notice = str(error)
        return
    pg.apply(**changes)


def _select(
    pg: Playground,
    label,
    field,
    value,
    options: Iterable[str],
    read=None,
    words=title,
    help=None,
    settings: tuple[str, ...] = (),
    **layout,
) -> None:
    """A list of known names. read: the chosen name -> changes of the experiment, by default of this field.

    settings: what a choice changes, for a task that locks or hides it.
    """
    names = settings or (field,)
    if pg.hides(*names):
        return
    key, options = follow(pg.key(f"choose_{field}"), value), list(options)
    st.selectbox(
        label + branching.mark(pg, *names),
        options,
        options.index(value),
        key=key,
        format_func=words,
        help=_help(pg, help, *names),
        on_change=_chosen,
        args=(pg, key, read or (lambda name: {field: name})),
        **layout | _locked(pg, *names),
    )


def _number_list(pg: Playground, label, field, value, scale, read, words=None, help=None, **layout) -> None:
    """A list of usual numbers where any other can be typed. words: number -> a word that stands for it."""
    if pg.hides(field):
        return
    words = words or {}
    by_word = {word: known for known, word in words.items()}
    numbers = sorted({*scale, *words, value}, key=lambda known: (known is not None, known or 0))

    def changes(text: str) -> dict:
        return {field: by_word[text] if text in by_word else read(text, label)}

    shown = words.get(value) or written(value)
    key = follow(pg.key(f"choose_{field}"), shown, lambda typed: _changes_nothing(pg, changes, typed))
    st.selectbox(
        label + branching.mark(pg, field),
        [words.get(known) or written(known) for known in numbers],
        unless_corrected(key, numbers.index(value), 0),
        key=key,
        help=_help(pg, help, field),
        accept_new_options=True,
        on_change=_chosen,
        args=(pg, key, changes),
        **layout | _locked(pg, field),
    )


def _text(pg: Playground, label, name, field, value: str, read, help=None, part="", **layout) -> None:
    """part: of the settings that are one field, the one that it is."""
    if pg.hides(field):
        return
    layout |= _locked(pg, field)
    key = follow(pg.key(name), value, lambda typed: _changes_nothing(pg, read, typed))
    shown = unless_corrected(key, value, "")
    help = _help(pg, help, part or field)
    label += branching.mark(pg, part or field)
    st.text_input(label, shown, key=key, help=help, on_change=_chosen, args=(pg, key, read), **layout)


def _switch(pg: Playground, label, name, field, value: bool, read, help=None, part="", **more) -> None:
    if pg.hides(field):
        return
    help, more = _help(pg, help, part or field), more | _locked(pg, field)
    key, label = follow(pg.key(name), value), label + branching.mark(pg, part or field)
    st.toggle(label, value, key=key, help=help, on_change=_chosen, args=(pg, key, read), **more)


def _percent(pg: Playground, label, field, share: float, low: int, high: int, help=None, **more) -> None:
    """A slider in percent for a share of 0 to 1."""
    if pg.hides(field):
        return
    percent = round(100 * share, 10)
    key = follow(pg.key(f"choose_{field}"), percent)
    st.slider(
        label,
        float(low),
        float(high),
        percent,
        step=1.0,
        format="%g %%",
        key=key,
        help=_help(pg, help, field),
        on_change=_chosen,
        args=(pg, key, lambda percent: {field: percent / 100}),
        **more | _locked(pg, field),
    )


def _seed(pg: Playground, label, field, seed: int, following: Callable) -> None:
    """A seed to type, and a button for the next one; where nothing is drawn from it both say why not."""
    if pg.hides(field):
        return
    idle = LOCKED if pg.locks(field) else pg.why_idle(field)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="xsmall"):
        _text(
            pg,
            label,
            f"choose_{field}",
            field,
            str(seed),
            lambda text: {field: whole_number(text, label, "7")},
            pg.why_idle(field) or TERMS["seed"],
            disabled=bool(idle),
        )
        st.button(
            "Next",
            key=pg.key(f"next_{field}"),
            on_click=unbroken(following),
            disabled=bool(idle),
            help=idle or "Take the next seed.",
        )


# ---- the row ---------------------------------------------------------------------------------------------------------


def controls(pg: Playground) -> None:
    """What stands above the board: the heading, where to begin and what is to be seen; then the controls.

    On a phone the lists share its width in one row, so that the board begins on the first screen.
    """
    with st.container(gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.title("Playground", anchor=False, width="content")
            with st.container(horizontal=True, gap="xsmall", width="content"):
                if pg.assignment is None:  # which has a start of its own
                    _start_from(pg)
                _drawer(pg, "Share", share)
                present.opener(present.BOARD, pg.link, pg.key("present"))
            key = pg.key("sentence")
            st.html(SENTENCE_STYLE.replace("SENTENCE", key))
            with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", width="content", key=key):
                _sentence(pg)
        _row(pg)


def _compare(pg: Playground) -> None:
    """The way to the page on which the run on screen learns beside its other branches, or beside a copy of it."""
    if pg.assignment is not None or pg.is_empty:
        return
    help = "Puts this run beside its other branches, or beside a copy of it that you can change."
    if st.button("Compare", key=pg.key("compare"), type="tertiary", help=help):
        there = pg.moment
        here, every = pg.forks.here, list(pg.forks.every)
        if len(every) == 1:
            every.append(dataclasses.replace(here, name=""))  # two of one name could not be told apart
        if here not in every[: len(LETTERS)]:  # else each has the letter that it has here
            every.remove(here)
            every.insert(0, here)
        futures = [Forks.of(fork.experiment, fork.furthest, there.update).renamed(0, fork.name) for fork in every]
        st.switch_page(st.Page(COMPARE), query_params=way(comparison_link(futures, there.update, there.speed)))


def of_one_board(pg: Playground, letter: str, differing: Collection[str]) -> None:
    """The controls of one board of several, which has a letter. differing: labels of the settings in which they differ:
    these are marked.
    """
    settings = pg.settings
    for name, label, content, fields in (
        ("Rate", f"Rate {letter}: {written(settings['learning_rate'])}", _rate, ("learning_rate",)),
        ("Network", f"Network {letter}", _network_and_scaling, OF_A_NETWORK),
        ("Training", f"Training {letter}", _training, OF_TRAINING),
    ):
        mark = f" {branching.MARK}" if any(NAMES[field] in differing for field in fields) else ""
        _drawer(pg, name, content, settings, label=label + mark)


def _network_and_scaling(pg: Playground, settings: dict) -> None:
    _inputs(pg, settings)
    _scaling(pg, settings)
    _network(pg, settings)


def data_of_all(pg: Playground) -> None:
    """The control for the data of several boards, by that of one of them."""
    _drawer(pg, "Data", _data, pg.settings, True, label=f"Data: {sn.spec_of(pg.settings['dataset']).title}")


def share_of_all(of: Comparison) -> None:
    """The drawer Share of several boards, by one of them."""
    _drawer(of.playgrounds[0], "Share", lambda _: share_all(of))


def _row(pg: Playground) -> None:
    settings = pg.settings
    # The drawers at the right end: opened, they leave Play free, so that one can see what a change does.
    rows = st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom", gap="xsmall")
    lists = [name for name in ("dataset", "activation", "learning_rate") if not pg.hides(name)]
    width = max(1, LISTS_WIDTH * len(lists) // 3)  # where a task hides them all, nothing stands in it
    with rows.container(horizontal=True, wrap=False, vertical_alignment="bottom", gap="xsmall", width=width):
        own = pg.own_points
        _select(
            pg,
            "Data set",
            "dataset",
            OWN if isinstance(settings["dataset"], sn.Points) else settings["dataset"],
            [*sn.DATASETS, *([OWN] if own else [])],
            read=lambda name: {"dataset": own if name == OWN else name},
            words=lambda name: own.name if own and name == OWN else sn.DATASETS[name].title,
            help="The points that the network is to learn, each with its right answer."
            + ("" if pg.hides("data") else " Data shows pictures of all."),
        )
        activation = settings["activation"] if isinstance(settings["activation"], str) else "mixed"
        _select(
            pg,
            "Activation",
            "activation",
            activation,
            [name for name in sn.ACTIVATIONS if name != "softmax"] + ["mixed"] * (activation == "mixed"),
            read=lambda name: {} if name == "mixed" else {"activation": name},
            help=pg.why_idle("activation") or TERMS["activation"],
            disabled=bool(pg.why_idle("activation")),
        )
        _rate(pg, settings)
    with rows.container(horizontal=True, gap="xsmall", width="content"):
        for name, content in (("Data", _data), ("Network", _network), ("Training", _training)):
            if not pg.hides(name.lower()):
                _drawer(pg, name, content, settings, label=name + branching.mark(pg, *HELD[name]))
        _compare(pg)


def _rate(pg: Playground, settings: dict) -> None:
    _number_list(
        pg,
        "Learning rate",
        "learning_rate",
        settings["learning_rate"],
        LEARNING_RATES,
        number,
        help=f"{TERMS['learning rate']} Choose or type a number.",
    )


def _drawer(pg: Playground, name: str, content: Callable[..., None], *given, label: str = "") -> None:
    """A popover. Only an open one has its controls: a closed one's would cost time in each run and show old values."""
    key = pg.key(f"drawer_{name.lower()}")
    drawer = st.popover(label or name, key=key, on_change=unbroken(pg.is_used), width="content")
    if drawer.open:
        with drawer:
            content(pg, *given)


def _start_from(pg: Playground) -> None:
    st.menu_button(
        "Start from",
        list(gallery.GALLERY),
        key=pg.key("start_from"),
        format_func=lambda name: gallery.GALLERY[name].title,
        on_click=_start,
        args=(pg,),
        help="Experiments to begin with.",
    )


@unbroken
def _start(pg: Playground) -> None:
    chosen = gallery.GALLERY.get(st.session_state[pg.key("start_from")])
    if chosen:
        pg.replace(chosen.experiment)


def _regularisation(pg: Playground, settings: dict) -> None:
    now = (settings["l1"], settings["l2"])
    pairs = [(0.0, 0.0), *((rate, 0.0) for rate in PENALTIES), *((0.0, rate) for rate in PENALTIES)]
    by_words = {_penalty_words(*pair): pair for pair in (*pairs, now)}

    def read(words):
        if words not in by_words:
            raise ValueError("Regularisation: expected one of the list; choose one, or type rates below it.")
        return dict(zip(("l1", "l2"), by_words[words], strict=True))

    _select(
        pg,
        "Regularisation",
        "regularisation",
        _penalty_words(*now),
        by_words,
        read=read,
        words=str,
        help="A price on large weights: L1 on their size, L2 on their square. Other rates below.",
        settings=("l1", "l2"),
        width=150,
    )


def _penalty_words(l1: float, l2: float) -> str:
    words = [f"{name} {written(rate)}" for name, rate in (("L1", l1), ("L2", l2)) if rate]
    return " + ".join(words) or NONE


def _data(pg: Playground, settings: dict, is_shared: bool = False) -> None:
    """is_shared: by several boards, of which each scales the numbers as it wants."""
    points, pictures = st.columns((3, 5), gap="medium")
    with points:
        if not (is_shared or pg.locks("dataset")):
            st.page_link(st.Page(OWN_DATA), label="Bring your own table", icon=":material/upload:")
        _points(pg, settings, is_shared)
    with pictures:
        _pictures(pg, settings)


def _pictures(pg: Playground, settings: dict) -> None:
    """Every data set as a button with its picture, in groups; the one in force is marked."""
    if pg.hides("dataset"):
        return
    pictures = pg.key("pictures")
    st.html(PICTURES_STYLE.replace("PICTURES", pictures))
    with st.container(key=pictures, gap="xsmall"):
        for group in thumbnails.GROUPS:
            st.caption(group)
            with st.container(horizontal=True, gap="xsmall"):
                for name, spec in sn.DATASETS.items():
                    if thumbnails.group_of(spec) == group:
                        _picture(pg, name, name == settings["dataset"])


def _picture(pg: Playground, name: str, chosen: bool) -> None:
    spec = sn.DATASETS[name]
    st.button(
        f"![{'Chosen:' * chosen}]({thumbnails.thumbnail(name)}) {spec.title}",
        key=pg.key(f"picture_{name}"),
        type="primary" if chosen else "secondary",
        help=_help(pg, spec.description, "dataset"),
        on_click=_choose_data,
        args=(pg, name),
        width=104,
        **_locked(pg, "dataset"),
    )


@unbroken
def _choose_data(pg: Playground, name: str) -> None:
    pg.is_used()
    pg.apply(dataset=name)


def _points(pg: Playground, settings: dict, is_shared: bool) -> None:
    spec = sn.spec_of(settings["dataset"])
    data = pg.run.dataset
    if isinstance(settings["dataset"], sn.Points):
        st.text(f"{spec.title}: {spec.description}.")
    else:
        st.markdown(f"**{spec.title}.** {spec.description}")
    if settings["dataset"] in REAL_DATA:
        _card(REAL_DATA[settings["dataset"]].card)
    if data.fixed:
        st.caption(f"These are {len(data.x_train)} given points, for training and test alike: nothing is drawn.")
    idle = {name: bool(pg.why_idle(name)) for name in ("samples", "train_fraction")}
    _percent(pg, "Noise", "noise", settings["noise"], 0, 50, TERMS["noise"], disabled=idle["samples"])
    _number_list(
        pg,
        "Samples",
        "samples",
        settings["samples"],
        SAMPLES,
        whole_number,
        help="Points in all, training points and test points. Choose or type a number.",
        disabled=idle["samples"],
    )
    _percent(
        pg,
        "Share for training",
        "train_fraction",
        settings["train_fraction"],
        10,
        90,
        f"How many of all points are training points; the others are for testing. {TERMS['test points']}",
        disabled=idle["train_fraction"],
    )
    _percent(
        pg,
        "Share for validation",
        "validation_fraction",
        settings["validation_fraction"],
        0,
        50,
        TERMS["validation points"],
        disabled=idle["train_fraction"],
    )
    if not is_shared:
        _inputs(pg, settings)
        _scaling(pg, settings)
    _seed(
        pg,
        "Seed of the data",
        "data_seed",
        settings["data_seed"],
        pg.new_data,
    )
    if not data.fixed and not pg.is_empty:
        validation = f", {len(data.x_validation)} validation points" if len(data.x_validation) else ""
        st.caption(f"{len(data.x_train)} training points{validation} and {len(data.x_test)} test points.")
    if data.filled:
        st.caption(
            f"{data.filled:,} missing values are the mean of the values that the training points have in their column."
        )
    if data.target_scale is not None:
        st.caption(SCALED_LOSS)


def _inputs(pg: Playground, settings: dict) -> None:
    """Which columns of a wide table the network is given; those of few columns are switched on the board."""
    spec = sn.spec_of(settings["dataset"])
    if len(spec.names) > COLUMNS_WITH_FEATURES and not pg.hides("features"):
        now = settings["features"]
        key = follow(pg.key("choose_features"), list(now))
        st.multiselect(
            "Inputs",
            features_of(len(spec.names)),
            list(now),
            key=key,
            format_func=lambda name: feature_label(name, spec.names),
            help=_help(
                pg, "The columns that the network is given. Squares and products are of the first two.", "features"
            ),
            on_change=_chosen,
            args=(pg, key, lambda names: {"features": tuple(names)}),
            **_locked(pg, "features"),
        )


def _scaling(pg: Playground, settings: dict) -> None:
    _select(
        pg,
        "Scaling",
        "scaling",
        settings["scaling"],
        sn.SCALINGS,
        words=lambda name: SCALING_WORDS[name],
        help=TERMS["scaling"],
    )


def _card(card: Card) -> None:
    """What a learner should know of a table before trusting a number that comes out of it."""
    st.markdown(f"{card.what}\n\n**Try:** {card.to_try}\n\n**Known faults:** {card.known_faults}")
    st.caption(f"Made by: {card.made_by} Source: {card.source}. Licence: {card.licence}.")


def _network(pg: Playground, settings: dict) -> None:
    now = pg.run.settings
    _text(
        pg,
        LAYERS,
        "choose_hidden",
        "hidden",
        ", ".join(map(str, now.hidden)),
        lambda text: _hidden(now, layer_sizes(text)),
        f"{TERMS['layer']} Type one number a layer, such as 8, 8; nothing for no hidden layer.",
        placeholder="no hidden layer",
    )
    if now.hidden:
        with st.container(horizontal=True, gap="xsmall"):
            for layer, name in enumerate(now.activations):
                _select(
                    pg,
                    f"Layer {layer + 1}",
                    f"activation_{layer}",
                    name,
                    [name for name in sn.ACTIVATIONS if name != "softmax"],
                    read=lambda name, layer=layer: {
                        "activation": (*now.activations[:layer], name, *now.activations[layer + 1 :])
                    },
                    help=f"The activation of hidden layer {layer + 1} alone. {TERMS['activation']}",
                    settings=("activation",),
                    width=120,
                )
    with st.container(horizontal=True, gap="xsmall"):
        for field, label, registry, words in (
            ("output", "Output", sn.ACTIVATIONS, title),
            ("loss", "Loss", sn.LOSSES, loss_title),
        ):
            _select(
                pg,
                label,
                field,
                settings[field],
                [name for name in registry if next(_pairs(now, field, name), None)],
                read=lambda name, field=field: pair_with(now, field, name),
                words=words,
                help=TERMS[field],
                width=180,
            )
    if sentence := sn.unusual(now):
        st.caption(spoken(sentence))
    _select(
        pg,
        "First weights",
        "initializer",
        settings["initializer"],
        sn.INITIALIZERS,
        words=lambda name: sn.INITIALIZERS[name].title if name in sn.INITIALIZERS else name,
        help="How the weights are drawn at random before the first update: how widely, and with which chances.",
    )
    _seed(
        pg,
        "Seed of the first weights",
        "init_seed",
        settings["init_seed"],
        pg.new_weights,
    )


def _hidden(now: sn.Experiment, hidden: tuple[int, ...]) -> dict:
    """Changes to these layers; where each layer has its own activation, new ones take the last."""
    if isinstance(now.activation, str):
        return {"hidden": hidden}
    return {"hidden": hidden, "activation": now.activation_for(len(hidden))}


def _pairs(now: sn.Experiment, field: str, name: str) -> Iterator[sn.Experiment]:
    """Experiments with this output or loss (field) and each of the other that goes with it, the present one first."""
    other, registry = ("loss", sn.LOSSES) if field == "output" else ("output", sn.ACTIVATIONS)
    for partner in (getattr(now, other), *registry):
        with suppress(ValueError):
            yield now.replace(events=(), **{field: name, other: partner})


def pair_with(now: sn.Experiment, field: str, name: str) -> dict:
    """This output or loss (field) with the other that is usual for it; where none is, the present one if it fits."""
    pairs = list(_pairs(now, field, name))
    if not pairs:
        return {field: name}  # nothing goes with it: the Experiment says why
    chosen = min(pairs, key=lambda pair: bool(sn.unusual(pair)))
    return {"output": chosen.output, "loss": chosen.loss}


def _training(pg: Playground, settings: dict) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="xsmall"):
        _select(
            pg,
            "Optimizer",
            "optimizer",
            settings["optimizer"],
            sn.OPTIMIZERS,
            help=f"How an update is made from the gradient. {TERMS['gradient']}",
            width=116,
        )
        batch_size = ALL if settings["batch_size"] >= len(pg.run.x_train) else settings["batch_size"]
        _number_list(
            pg,
            "Batch size",
            "batch_size",
            batch_size,
            BATCH_SIZES,
            whole_number,
            words={ALL: "all"},
            help=f"{TERMS['batch']} This is their number: choose or type it.",
            width=110,
        )
        _regularisation(pg, settings)
    steps, rate, limits = st.columns(3, gap="medium")
    with steps:
        _heading(pg, title(settings["optimizer"]), "optimizer_settings")
        _settings_of(pg, "optimizer", sn.OPTIMIZERS, settings)
    with rate:
        _heading(pg, "Learning rate over time", "schedule", "schedule_settings")
        _select(
            pg,
            "Schedule",
            "schedule",
            settings["schedule"],
            sn.SCHEDULES,
            help="How the learning rate changes from update to update; constant leaves it as it is.",
        )
        _settings_of(pg, "schedule", sn.SCHEDULES, settings)
        _heading(pg, "Order of the samples", "shuffle", "order_seed")
        _switch(
            pg,
            "Shuffle",
            "choose_shuffle",
            "shuffle",
            settings["shuffle"],
            lambda on: {"shuffle": on},
            pg.why_idle("shuffle") or "Go through the training points in another order in each epoch.",
            disabled=bool(pg.why_idle("shuffle")),
        )
        _seed(pg, "Seed", "order_seed", settings["order_seed"], pg.new_order)
    with limits:
        _heading(pg, "Limits", "l1", "l2", "clip_norm")
        with st.container(horizontal=True, gap="xsmall"):
            for name, on in (("l1", "size"), ("l2", "squares")):
                _number_list(
                    pg,
                    name.upper(),
                    name,
                    settings[name],
                    (0.0, *PENALTIES),
                    number,
                    help=f"A price on the {on} of the weights.",
                    width=94,
                )
        _number_list(
            pg,
            "Longest gradient",
            "clip_norm",
            settings["clip_norm"],
            CLIP_NORMS,
            number,
            words={None: NONE},
            help="Gradient clipping: a gradient that is longer, its numbers taken as one arrow, is shortened to this "
            f"length. {TERMS['gradient']}",
        )
        st.markdown("**Stop by itself**")
        _stop_rules(pg)


def _heading(pg: Playground, words: str, *names: str) -> None:
    """A heading above controls of which a task has left some."""
    if not pg.hides(*names):
        st.markdown(f"**{words}**")


def _settings_of(pg: Playground, kind: str, registry, settings: dict) -> None:
    """A field for every setting of the chosen optimizer or schedule, read off its dataclass."""
    whole = f"{kind}_settings"
    name, given = settings[kind], settings[whole]
    fields = [field for field in dataclasses.fields(registry[name]) if field.name != "learning_rate"]
    for field in fields:
        value = given.get(field.name, field.default)
        parts = value if isinstance(value, tuple) else (value,)
        for place, part in enumerate(parts):
            label = setting_label(field.name)
            label = f"{label.removesuffix('s')} {place + 1}" if len(parts) > 1 else label
            place_name = f"choose_{kind}_{name}_{field.name}_{place}"

            def read(new, field=field, parts=parts, place=place, label=label):
                if isinstance(field.default, float | tuple):
                    new = number(new, label)
                elif not isinstance(field.default, bool):
                    new = whole_number(new, label)
                if isinstance(field.default, tuple):
                    new = (*parts[:place], new, *parts[place + 1 :])
                changed = {**given, field.name: new}
                defaults = {field.name: field.default for field in fields}
                return {whole: {key: new for key, new in changed.items() if new != defaults[key]}}

            if isinstance(part, bool):
                _switch(pg, label, place_name, whole, part, read, MEANING.get(field.name), f"{whole}.{field.name}")
            else:
                shown = written(part)
                _text(pg, label, place_name, whole, shown, read, MEANING.get(field.name), f"{whole}.{field.name}")


def _stop_rules(pg: Playground) -> None:
    """When training stops by itself."""
    for rule, label, help in (
        ("solved", "When solved", "Test accuracy at least 95 % (regression: test R² at least 0.95) at an epoch end."),
        ("plateau", "On a plateau", "The training loss has stopped falling."),
    ):
        key = follow(pg.key(f"stop_{rule}"), pg.stop_rule[rule])
        st.toggle(label, bool(pg.stop_rule[rule]), key=key, help=help, on_change=_stop_chosen, args=(pg, rule, key))
    epochs = pg.stop_rule["epochs"]
    key = follow(pg.key("stop_epochs"), written(epochs))
    options = [NONE, *map(str, sorted({*STOP_EPOCHS, *([epochs] if epochs else [])}))]
    st.selectbox(
        "After so many epochs",
        options,
        options.index(written(epochs)),
        key=key,
        help=f"Training stops when it has come to this epoch; Play then goes on past it. {TERMS['epoch']}",
        accept_new_options=True,
        on_change=_stop_chosen,
        args=(pg, "epochs", key),
    )


@unbroken
def _stop_chosen(pg: Playground, rule: str, key: str) -> None:
    if not is_followed(key):
        return
    value = st.session_state[key]
    pg.is_used()
    if rule == "epochs" and value != NONE:
        try:
            value = whole_number(value, "After so many epochs", "100")
            if not 1 <= value <= MOST_EPOCHS:
                raise ValueError(
                    f"After so many epochs: expected a number from 1 to {MOST_EPOCHS:,}, got {value:,}; change it."
                )
        except ValueError as error:
            pg.notice = str(error)
            return
    pg.set_stop(**{rule: None if value == NONE else value})


def _sentence(pg: Playground) -> None:
    """What was just said, or what is to be seen here. Plain text: a link may be quoted.

    Always one line, so that the board stays where it is; the rest of a long notice waits in a drawer.
    """
    if not pg.notice:
        # What is to be seen in a starting point may be what a task has its pupil find.
        seen = "" if pg.assignment else gallery.sentence_about(pg.run.experiment)
        seen = EMPTY_MAP if pg.is_empty else seen
        if said := branching.sentence(pg):
            _line(said)
        else:
            st.text(seen or sn.spec_of(pg.settings["dataset"]).description)
        return
    st.markdown(":material/info:", width="content")
    _line(pg.notice)
    st.button(
        "Dismiss",
        icon=":material/close:",
        key=pg.key("dismiss"),
        type="tertiary",
        on_click=_dismiss,
        args=(pg,),
        help="Take this sentence away.",
    )


def _line(said: str) -> None:
    if len(said) <= LONGEST_LINE:
        st.text(said, width="content")
        return
    st.text(said[: LONGEST_LINE - 15].rsplit(" ", 1)[0] + " \u2026", width="content")
    with st.popover("Read all", type="tertiary", width="content"):
        st.text(said)


@unbroken
def _dismiss(pg: Playground) -> None:
    pg.is_used()
    pg.notice = ""
