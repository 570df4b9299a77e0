"""Forks: whatever is changed, gone back to, named and taken back, each branch is a fresh run of its Experiment."""

import re
from urllib.parse import parse_qsl, urlencode

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import scratchnet as sn
from scratchnet import forks
from scratchnet.forks import LONGEST_NAME, LONGEST_TEXT, MOST_FORKS, Forks
from tests.test_time import alike, fresh
from ui import moment
from ui.labels import branch_name
from ui.play.playground import SPEEDS, Playground

SMALL = {"dataset": "circle", "hidden": (3,), "samples": 30, "batch_size": 5}
POINTS = sn.Points(
    "mine",
    np.array([[0.0, 1.0], [1.0, 0.0], [-1.0, 2.0], [2.0, -1.0], [0.5, 0.5], [-2.0, -2.0]]),
    np.array([0, 1, 0, 1, 0, 1]),
    ("x1", "x2"),
    classes=("no", "yes"),
    parts=np.array([0, 0, 0, 0, 2, 2]),
    domain=((-6.0, 6.0), (-6.0, 6.0)),
)
DRAWN = {"dataset": POINTS, "hidden": (3,), "batch_size": 3}


def learn(playground, updates):
    """Play for so many updates and see each of them."""
    playground.play()
    playground.train(updates)
    playground.sees(playground.run.update)
    playground.pause()


def tree_of(playground):
    """What the tree says, without numbers that are given in passing."""
    return [(fork.experiment, fork.at, fork.furthest, fork.name) for fork in playground.forks.every]


def one_past(tree):
    """Before a branch left its parent, both had the same fields and events; a parent stands first."""
    seen = set()
    for fork in tree.every:
        assert fork.shown <= fork.furthest and fork.at <= fork.furthest
        if fork.parent is None:
            assert not seen and fork.at == 0
        else:
            parent = tree[fork.parent]
            assert fork.parent in seen and fork.at <= parent.furthest
            cut = [[e for e in branch.experiment.events if e[0] < fork.at] for branch in (fork, parent)]
            assert cut[0] == cut[1]
            assert fork.experiment.replace(events=()) == parent.experiment.replace(events=())
        seen.add(fork.id)
    assert len(seen) == len(tree.every) <= MOST_FORKS and tree.present in seen


# ---- a tree of values ------------------------------------------------------------------------------------------------

START = sn.Experiment(**SMALL)


def forked(tree, update, **changes):
    return tree.changed(tree.here.experiment.with_event(update, **changes), update)


def test_a_change_before_the_furthest_update_begins_a_fork_and_one_there_does_not():
    tree = forked(Forks.of(START, 100, 100), 100, learning_rate=0.1)
    assert len(tree.every) == 1 and tree.here.experiment.events == ((100, {"learning_rate": 0.1}),)
    tree = forked(tree.stands(40, 100), 40, learning_rate=0.3)
    first, second = tree.every
    assert first.experiment.events == ((100, {"learning_rate": 0.1}),) and first.furthest == 100 and first.shown == 40
    assert second.experiment.events == ((40, {"learning_rate": 0.3}),)
    assert (second.parent, second.at, second.furthest, tree.present) == (first.id, 40, 40, second.id)
    one_past(tree)


def test_another_value_at_the_same_update_is_a_branch_beside_not_upon_the_first():
    tree = forked(Forks.of(START, 100, 40), 40, learning_rate=0.3).stands(40, 80)
    tree = forked(tree, 40, learning_rate=0.5)
    assert [fork.parent for fork in tree.every] == [None, 0, 0]
    tree = forked(tree.goto(1).stands(20, 80), 20, batch_size=7)  # before that fork it is the first run's past
    assert [fork.parent for fork in tree.every] == [None, 0, 0, 0]
    tree = forked(tree.goto(1).stands(60, 80), 60, batch_size=7)
    assert tree.here.parent == 1
    one_past(tree)


def test_a_change_that_leads_to_a_branch_that_is_there_goes_to_it():
    tree = forked(Forks.of(START, 100, 40), 40, learning_rate=0.3).stands(90, 90)
    again = forked(tree.goto(0).stands(40, 100), 40, learning_rate=0.3)
    assert again.present == tree.present and len(again.every) == 2 and again.here.furthest == 90
    back = forked(forked(Forks.of(START, 100, 40), 40, learning_rate=0.3), 40, learning_rate=START.learning_rate)
    assert [fork.experiment for fork in back.every] == [START] and back.here.furthest == 100


def test_children_of_a_deleted_branch_stay_whole():
    tree = forked(Forks.of(START, 100, 40), 40, learning_rate=0.3).stands(90, 90)
    tree = forked(tree.stands(60, 90), 60, batch_size=7)
    tree = forked(tree.goto(0).stands(70, 100), 70, l2=0.1)
    experiments = {fork.id: fork.experiment for fork in tree.every}
    less = tree.without(1)
    assert [(fork.id, fork.parent, fork.at) for fork in less.every] == [(0, None, 0), (2, 0, 40), (3, 0, 70)]
    heir = tree.without(0)
    assert [(fork.id, fork.parent, fork.at) for fork in heir.every] == [(1, None, 0), (2, 1, 60), (3, 1, 40)]
    for other in (less, heir, heir.without(2), less.without(3), less.without(0)):
        one_past(other)
        assert all(fork.experiment == experiments[fork.id] for fork in other.every)
    assert less.without(3).present == 0
    with pytest.raises(ValueError, match="only branch"):
        Forks.of(START).without(0)


def test_the_ninth_branch_takes_the_place_of_the_oldest_that_has_no_name():
    tree = Forks.of(START, 100, 10)
    for number in range(MOST_FORKS - 1):
        tree = forked(tree.goto(0).stands(10 + number, 100), 10 + number, l2=0.1)
    tree = tree.renamed(1, "kept").goto(0).stands(50, 100)
    more = forked(tree, 50, l2=0.2)
    assert [fork.id for fork in more.every] == [0, 1, 3, 4, 5, 6, 7, 8]
    for fork in tree.every:
        tree = tree.renamed(fork.id, f"name {fork.id}")
    with pytest.raises(ValueError, match="all have names; delete one first"):
        forked(tree, 50, l2=0.2)


def test_the_first_branch_stays_also_where_a_new_one_begins_elsewhere():
    tree = Forks.of(START, 100, 10)
    for number in range(MOST_FORKS - 1):
        tree = forked(tree.goto(0).stands(10 + number, 100), 10 + number, l2=0.1)
    tree = tree.goto(3).stands(60, 100)
    more = forked(tree, 60, l2=0.2)
    assert more.here.parent == 3
    assert [fork.id for fork in more.every] == [0, 2, 3, 4, 5, 6, 7, 8]


@pytest.mark.parametrize("name", ["a" * (LONGEST_NAME + 1), "two\nlines", "a\x00b", "\u202eabc", 3, None, ["a"]])
def test_a_name_that_cannot_be_shown_is_refused_in_one_sentence(name):
    with pytest.raises(ValueError, match=r"^Name: expected [^.]*\.$"):
        Forks.of(START).renamed(0, name)


def test_a_name_is_kept_as_it_was_typed_without_spaces_around_it():
    tree = Forks.of(START).renamed(0, "  **no** <b>Markdown</b> ~ _ 100 % ö  ")
    assert tree.here.name == "**no** <b>Markdown</b> ~ _ 100 % ö" == branch_name(tree, 0)


def test_a_branch_is_named_by_what_differs_in_words_of_the_screen():
    tree = Forks.of(START, 300, 250)
    for changes, expected in (
        ({"learning_rate": 0.1}, "rate 0.1 from update 250"),
        ({"batch_size": 1}, "batch size 1 from update 250"),
        ({"shuffle": False}, "shuffle off from update 250"),
        ({"clip_norm": 1.0}, "longest gradient 1 from update 250"),
        ({"l2": 0.001}, "L2 0.001 from update 250"),
        ({"optimizer": "sgd", "optimizer_settings": {}}, "optimizer SGD from update 250"),
        ({"optimizer_settings": {"weight_decay": 0.5}}, "weight decay 0.5 from update 250"),
        ({"learning_rate": 0.1, "l1": 1.0, "l2": 1.0}, "rate 0.1, L1 1, 1 more from update 250"),
    ):
        one = forked(tree, 250, **changes)
        assert branch_name(one, one.present) == expected
    assert branch_name(tree, 0) == "as it began"
    edited = tree.changed(START.with_edit(250, 0, 0, None, 0.5), 250)
    assert branch_name(edited, 1) == "weights set by hand from update 250"
    drawn = sn.Experiment(**DRAWN)
    moved = Forks.of(drawn, 9, 3).changed(drawn.with_points(3, POINTS.spliced(0, 1, [])), 3)
    assert branch_name(moved, 1) == "other points from update 3"
    late = forked(forked(tree, 300, l1=0.5).stands(250, 300), 250, l2=0.5)
    without = late.without(0)
    assert branch_name(without, 1) == "L2 0.5 from update 250"


# ---- in writing ------------------------------------------------------------------------------------------------------


def grown():
    tree = forked(Forks.of(START, 400, 250), 250, learning_rate=0.1).stands(300, 320)
    tree = tree.changed(tree.here.experiment.with_edit(310, 0, 1, None, -0.25), 310)
    tree = tree.renamed(2, "by ~ hand, 100 % & ö (a*b)").goto(0).stands(120, 400)
    return forked(tree, 120, optimizer="sgd", optimizer_settings={"momentum": 0.9}).stands(130, 150)


def test_a_tree_comes_back_from_its_text_whichever_branch_is_present():
    for present in range(4):
        tree = grown().goto(present)
        here = tree.here
        again, said = forks.read(tree.to_text(), here.experiment, here.furthest, here.shown)
        assert said == () and again.every == tree.every and again.present == present
        through = dict(parse_qsl(urlencode([("forks", tree.to_text())])))["forks"]
        assert through == tree.to_text()
    assert Forks.of(START, 5, 5).to_text() == ""


def test_a_tree_that_is_too_long_is_left_out_whole():
    tree = Forks.of(START, 100, 10)
    edits = [(update, {"edits": ((0, 0, None, 0.123456789 + update),)}) for update in range(20, 320)]
    for number in range(5):
        tree = forked(tree.goto(0).stands(10, 100), 10, l2=0.1 + number)
        long = tree.here.experiment.replace(events=(*tree.here.experiment.events, *edits))
        tree = tree.stands(320, 320).changed(long, 320)
    assert tree.to_text() == ""


@settings(max_examples=150)
@given(st.data())
def test_a_damaged_text_costs_what_was_damaged_and_one_sentence_each_never_more(data):
    tree = grown().goto(data.draw(st.integers(0, 3)))
    text = tree.to_text()
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(text)))
        put = data.draw(st.text("~_.019aé%&=-", max_size=4))
        text = text[:at] + put + text[at + data.draw(st.integers(0, 6)) :]
    here = tree.here
    read, said = forks.read(text, here.experiment, here.furthest, here.shown, 10**6)
    one_past(read)
    assert read.here.experiment == here.experiment and read.here.shown == here.shown
    assert all(re.fullmatch(r"In the link \([^)]*\), forks: .*\.", sentence, re.DOTALL) for sentence in said)
    lost = {fork.experiment for fork in tree.every} - {fork.experiment for fork in read.every}
    assert said or not lost or text.count("~~") < 3  # a text cut between two branches says of none that it is missing


@pytest.mark.parametrize("branch", ["0_9_8_8", "0_3_8_9", "0_3_1000001_9", "0_6_8_8", "1_3_8_8", "_3_8_8", "0_3_8_8~x"])
def test_a_branch_that_cannot_be_is_left_out_and_its_sentence_says_what_was_expected(branch):
    read, said = forks.read(f"_0~~{branch}~3.l1~0.5", START, 5, 5, 10**6)
    kept = 2 if "1000001" in branch else 1  # too far to be trained is nearer the end
    assert len(said) == 1 and "forks: " in said[0] and len(read.every) == kept
    assert all(fork.furthest <= 10**6 for fork in read.every)


@pytest.mark.parametrize("at", [3, 5, 8])
def test_a_branch_that_changes_later_than_it_parts_says_the_update_of_the_change(at):
    read, said = forks.read(f"_0~~0_3_8_8~{at}.edit.0.0.0~1", START, 5, 5)
    assert said == () and branch_name(read, 1) == f"weights set by hand from update {at}"


def test_a_branch_whose_change_lies_beyond_its_furthest_update_is_left_out_with_a_sentence():
    read, said = forks.read("_0~~0_3_8_8~9.edit.0.0.0~1", START, 5, 5)
    assert len(read.every) == 1
    assert said == (
        "In the link (this branch is left out), forks: expected a change up to the furthest update that was seen, 8, "
        "got one at update 9.",
    )


def test_the_first_branch_keeps_a_change_beyond_what_was_seen_of_it():
    read, said = forks.read("_0_8_8~9.l1~0.5~~0_3", START, 5, 5)
    assert said == () and [fork.experiment for fork in read.every] == [START.with_event(9, l1=0.5), START]


def test_weights_set_by_hand_later_are_no_difference_yet():
    other = START.with_edit(20, 0, 1, None, 0.5)
    assert [forks.differing(START, other, update) for update in (19, 20)] == [(), ("edits",)]


@pytest.mark.parametrize(
    ("text", "name", "rate"),
    [
        ("_0~name~a~name~b", "a", START.learning_rate),
        ("_0~~0_3_8_8~3.learning_rate~0.1~3.learning_rate~0.2", "rate 0.1 from update 3", 0.1),
        ("_0~~0_3_8_8~3.learning_rate~0.1~03.learning_rate~0.2", "rate 0.1 from update 3", 0.1),
    ],
)
def test_of_what_a_branch_says_twice_the_first_counts_and_a_sentence_says_so(text, name, rate):
    read, said = forks.read(text, START, 5, 5)
    last = read.every[-1]
    assert branch_name(read, last.id) == name and last.experiment.at(8).learning_rate == rate
    assert len(said) == 1 and "is given more than once" in said[0] and "is used" in said[0]


def test_what_a_text_says_of_the_branch_on_screen_beside_its_place_has_a_sentence():
    read, said = forks.read("_0~3.l1~0.5", START, 5, 5)
    assert read.here.experiment == START and len(said) == 1 and "'3.l1'" in said[0]


def test_a_branch_that_was_seen_too_far_to_be_trained_again_is_shown_where_it_ends_now():
    read, said = forks.read("_0~~0_3_1000001_1000001~3.l1~0.5", START, 5, 5, 10**6)
    assert [(fork.furthest, fork.shown) for fork in read.every] == [(5, 5), (10**6, 10**6)]
    assert len(said) == 1 and "too far to be trained again" in said[0]


def test_what_happened_before_a_branch_begins_is_no_part_of_it():
    read, said = forks.read("_0~~0_3_8_8~2.l1~0.25~3.l2~0.5", START, 5, 5)
    assert read.every[1].experiment.events == ((3, {"l2": 0.5}),)
    assert len(said) == 1 and "expected events from update 3 on, got one at update 2" in said[0]


@pytest.mark.parametrize(
    "text", ["", "~", "~~", "~~~~~~", "0_0", "_0", "_0~~0_5_9", "x" * (LONGEST_TEXT + 1), "_0~~" * 20]
)
def test_any_text_gives_the_run_alone_at_least(text):
    read, said = forks.read(text, START, 9, 5)
    assert read.here.experiment == START and (read.here.furthest, read.here.shown) == (9, 5)
    assert said or text in ("_0",)


@pytest.mark.parametrize("text", ["~~~~~", "~~" * 30, "x~~0_3_8_8~3.l1~0.5~~0_3_8_8~3.l1~0.25", "_0~~x~~x~~x"])
def test_what_is_no_tree_gets_one_sentence_however_long_it_is(text):
    read, said = forks.read(text, START, 5, 5)
    assert len(read.every) == 1 and len(said) == 1 and "expected where a branch begins" in said[0]


def test_the_link_holds_the_tree_and_the_furthest_update_and_a_bad_part_is_one_sentence():
    there = moment.Moment(START, 120, forks=Forks.of(START, 400, 120))
    assert there.query.endswith("&at=120&until=400")
    read, said = moment.read(there.query, SPEEDS)
    assert said == () and read == there and read.tree == there.tree
    tree = grown()
    here = moment.Moment(tree.here.experiment, tree.here.shown, forks=tree)
    read, said = moment.read(here.query, SPEEDS)
    assert said == () and read.tree.every == tree.every
    _, said = moment.read(here.query.replace("250.learning_rate~0.1", "250.learning_rate~fast"), SPEEDS)
    assert len(said) == 1 and "learning_rate" in said[0]
    for until, sentence in (("1000001", "until: update 1,000,001 is too far"), ("-3", "until: expected the number of")):
        read, said = moment.read(f"{START.to_query()}&at=3&until={until}", SPEEDS)
        assert len(said) == 1 and sentence in said[0] and read.update == 3


# ---- everything together ---------------------------------------------------------------------------------------------


@st.composite
def doings(draw):
    number = st.integers(-500, 500).map(lambda n: n / 100)
    one = st.one_of(
        st.tuples(st.sampled_from(["learn", "learn", "step", "goto", "goto"]), st.integers(0, 25)),
        st.tuples(st.just("set"), st.sampled_from(
            [{"learning_rate": 0.1}, {"learning_rate": 0.01}, {"batch_size": 2}, {"optimizer": "sgd"}, {"l2": 0.01},
             {"shuffle": False}, {"schedule": "step"}])),
        st.tuples(st.just("fork"), st.integers(0, 24), st.integers(1, 9), st.integers(0, 25)),
        st.tuples(st.just("edit"), number),
        st.tuples(st.just("draw"), st.tuples(number, number, st.integers(0, 1), st.just(0)).map(list)),
        st.tuples(st.just("branch"), st.integers(0, 9), st.one_of(st.none(), st.integers(0, 30))),
        st.tuples(st.just("delete"), st.integers(0, 9)),
        st.tuples(st.just("rename"), st.integers(0, 9), st.sampled_from(["", "mine", "other"])),
        st.tuples(st.sampled_from(["undo", "undo", "redo", "back", "reset"])),
    )  # fmt: skip
    return draw(st.lists(one, min_size=3, max_size=24))


def do(playground, kind, *what):
    """One thing that a visitor does. A refusal is a sentence."""
    try:
        match kind, what:
            case "learn", [updates]:
                learn(playground, updates)
            case "goto", [share]:
                playground.goto(playground.furthest * share // 25)
            case "fork", [share, tenths, updates]:
                playground.goto(playground.furthest * share // 25)
                playground.apply(l1=tenths / 1000)
                learn(playground, updates)
            case "step", _:
                playground.step()
            case "set", [changes]:
                playground.apply(**changes)
            case "edit", [value]:
                playground.edit(0, 0, 0, value)
            case "draw", [row]:
                if isinstance(playground.settings["dataset"], sn.Points):
                    playground.draw("add", {"rows": [row]})
            case "branch", [id, update]:
                playground.branch(id, update)
            case "delete", [id]:
                playground.delete(id)
            case "rename", [id, name]:
                playground.rename(id, name)
            case _:
                getattr(playground, kind)()
    except ValueError:
        pass


@settings(max_examples=60, deadline=None)
@given(doings(), st.sampled_from([SMALL, DRAWN]))
def test_every_branch_at_every_update_is_a_fresh_run_of_its_experiment_bit_for_bit(done, fields):
    playground = Playground(sn.Experiment(**fields))
    for one in done:
        do(playground, *one)
        one_past(playground.forks)
        here = playground.forks.here
        assert here.experiment == playground.run.experiment and here.shown == playground.shown == playground.run.update
        assert alike(playground.run, fresh(here.experiment, here.shown))
    before = tree_of(playground)
    for fork in playground.forks.every:
        for update in (fork.furthest, fork.furthest // 2, fork.at, max(fork.at - 1, 0)):
            playground.branch(fork.id, update)
            assert playground.forks.present == fork.id and playground.shown == update
            assert alike(playground.run, fresh(fork.experiment, update)), (fork, update)
        playground.branch(fork.id, 0)
        known, true = playground.run.at_hand, fresh(fork.experiment, fork.furthest).history
        assert set(true.update[:-1].tolist()) <= set(known.update.tolist())
        rows = np.isin(known.update, true.update)
        np.testing.assert_array_equal(known.train_loss[rows][: len(true.update)], true.train_loss[: rows.sum()])
    assert tree_of(playground) == before
    other = Playground()
    other.open(playground.link)
    assert tree_of(other) == before and other.notice == "" and other.moment == playground.moment
    assert other.furthest == playground.furthest and alike(other.run, playground.run)


@settings(max_examples=40, deadline=None)
@given(doings())
def test_undo_leads_back_through_every_tree_and_redo_forward_again(done):
    playground = Playground(sn.Experiment(**SMALL))
    for one in done:
        do(playground, *one)
    while playground.can_redo:
        playground.redo()
    last, trees = tree_of(playground), []
    while playground.can_undo:
        trees.append(tree_of(playground))
        playground.undo()
        assert alike(playground.run, fresh(playground.run.experiment, playground.shown))
    assert [experiment.events for experiment, *_ in tree_of(playground)] == [()] or not trees
    while playground.can_redo:
        playground.redo()
        assert tree_of(playground) == trees.pop()
    assert tree_of(playground) == last


def test_undo_leads_far_back_to_places_whose_runs_are_not_kept():
    playground = Playground(sn.Experiment(**SMALL))
    places = []
    for number in range(8):
        learn(playground, 7)
        places.append((playground.run.experiment, playground.shown))
        playground.apply(l1=(number + 1) / 1000)
    learn(playground, 30)
    playground.goto(60)
    for experiment, update in reversed(places):
        playground.undo()
        assert (playground.run.experiment, playground.shown, playground.furthest) == (experiment, update, update)
        assert alike(playground.run, fresh(experiment, update))


def test_a_run_follows_another_future_of_its_past_and_no_other():
    run = fresh(START.with_event(20, learning_rate=0.1), 60)
    other = START.with_event(30, learning_rate=0.3)
    with pytest.raises(ValueError, match="same past up to update 60"):
        run.follow(other)
    assert run.experiment == START.with_event(20, learning_rate=0.1) and run.been == 60
    run.goto(20)
    assert run.been == 60
    run.follow(other)
    assert run.been == 20 and run.at_hand.update.max() <= 20
    run.goto(45)
    assert alike(run, fresh(other, 45)) and run.been == 45
    run.approach(25)
    assert run.update <= 25 and alike(run, fresh(other, run.update))
