"""Hand-ins: a run as a short text, run again by the teacher; honest ones pass from any computer, others are named."""

import base64
import dataclasses
import json
import textwrap
import time
import zlib

import pytest

import scratchnet as sn
from scratchnet.goals import Condition, Goal
from ui.classroom import hand_in, register, words
from ui.classroom.assignment import Assignment

START = sn.Experiment(dataset="circle", samples=60, hidden=(2,), init_seed=3)
TASK = Assignment("Solve it.", Goal((Condition("train_loss", 0.4),)), ("dataset", "edit weights"), (), START)


def run_to(update: int, experiment: sn.Experiment = START, **changes) -> sn.Run:
    """A run that was changed at update 40, as a pupil does."""
    run = experiment.start()
    run.advance(updates=min(40, update))
    if changes:
        run.change(**changes)
    run.advance(updates=update - run.update)
    return run


def handed(name: str = "Ada", update: int = 300, reached: int | None = None, **changes) -> hand_in.HandIn:
    return hand_in.of_run(name, run_to(update, **({"learning_rate": 0.1} | changes)), TASK, reached)


def found(*texts: str, task: Assignment = TASK) -> list[hand_in.Found]:
    return list(hand_in.look_through("\n".join(texts), task))


def packed(document: object) -> str:
    data = zlib.compress(document if isinstance(document, bytes) else json.dumps(document).encode())
    return f"N1.{base64.urlsafe_b64encode(data).decode().rstrip('=')}"


def test_a_hand_in_is_a_short_text_that_comes_back_as_it_was():
    sent = handed("  Ada \n Lovelace ", reached=200)
    assert len(sent.text) < 600
    assert hand_in.read(sent.text) == sent
    assert sent.name == "Ada Lovelace"
    assert sent.update == 300
    assert sent.experiment.events == ((40, {"learning_rate": 0.1}),)
    updates = [update for update, _ in sent.losses]
    assert updates[0] == 0 and updates[1] == 3 and updates[-1] == 300 and len(updates) == hand_in.LOSSES
    for update, loss in sent.losses:
        again = run_to(update, learning_rate=0.1) if update > 40 else run_to(update)
        assert loss == again.evaluate().train_loss


def test_an_honest_one_is_the_same_all_the_way_and_reached_where_it_is():
    (one,) = found(handed().text)
    assert one.complaint == ""
    assert (one.name, one.update, one.is_same, one.same_up_to) == ("Ada", 300, True, 300)
    loss = run_to(300, learning_rate=0.1).evaluate().train_loss
    assert one.measured[0].now == loss
    assert one.reached == (300 if loss <= 0.4 else None) == 300
    assert one.differs == ("learning_rate",)
    assert one.broken == () and not one.is_another_task
    assert found(handed(update=41).text)[0].reached is None


def test_a_goal_that_was_met_on_the_way_counts_though_the_run_went_on():
    task = dataclasses.replace(TASK, goal=Goal((Condition("updates", 200), Condition("train_loss", 0.6))))
    sent = hand_in.of_run("Bo", run_to(300, learning_rate=0.1), task, reached=180)
    assert run_to(180, learning_rate=0.1).evaluate().train_loss <= 0.6
    assert found(sent.text, task=task)[0].reached == 180
    assert found(dataclasses.replace(sent, reached=210).text, task=task)[0].reached is None


@pytest.mark.parametrize(("factor", "is_same"), [(1 + 1e-11, True), (1 - 1e-11, True), (1 + 1e-6, False)])
def test_one_from_a_computer_that_adds_in_another_order_passes_and_says_up_to_where(factor, is_same):
    sent = handed()
    losses = (*sent.losses[:-2], *((update, loss * factor) for update, loss in sent.losses[-2:]))
    (one,) = found(dataclasses.replace(sent, losses=losses, made_with="elsewhere").text)
    assert one.complaint == ""
    assert one.is_same is is_same
    assert one.same_up_to == (300 if is_same else sent.losses[-3][0])
    assert one.reached == 300
    assert one.made_with == "elsewhere"


def test_a_loss_of_0_is_the_same_as_a_loss_of_0():
    start = START.replace(dataset="and_gate", samples=4, hidden=(), output="identity", loss="hinge", noise=0.0)
    run = start.start()
    for source, value in ((0, 1000.0), (1, 1000.0), (None, -1500.0)):
        run.edit(0, 0, source, value)
    assert run.evaluate().train_loss == 0.0
    (one,) = found(hand_in.of_run("Flo", run, TASK).text)
    assert (one.is_same, one.same_up_to) == (True, 0)


def test_losses_of_another_run_are_the_same_at_no_update():
    sent = handed()
    other = hand_in.of_run("Cy", run_to(300, START.replace(init_seed=4)), TASK)
    (one,) = found(dataclasses.replace(sent, losses=other.losses).text)
    assert (one.is_same, one.same_up_to) == (False, None)


def test_what_the_task_fixes_and_was_changed_is_named_and_so_is_another_task():
    cheat = hand_in.of_run("Di", run_to(50, START.replace(dataset="xor", output="sigmoid")), TASK)
    (one,) = found(cheat.text)
    assert "dataset" in one.broken
    edited = START.start()
    edited.edit(0, 0, 0, 5.0)
    (one,) = found(hand_in.of_run("Di", edited, TASK).text)
    assert one.broken == ("edits",)
    eased = dataclasses.replace(TASK, goal=Goal((Condition("train_loss", 9.0),)))
    (one,) = found(hand_in.of_run("Di", run_to(50), eased).text)
    assert one.is_another_task
    assert one.reached is None, "the teacher's goal counts"


def test_a_run_that_ended_because_it_diverged_is_found_diverged():
    task = dataclasses.replace(TASK, goal=Goal((Condition("diverges", True),)))
    run = START.replace(optimizer="sgd", learning_rate=1e9, activation="relu").start()
    run.advance(updates=200)
    assert run.status == "diverged"
    (one,) = found(hand_in.of_run("Ed", run, task).text, task=task)
    assert one.complaint == ""
    assert one.reached == run.update + 1


def test_hand_ins_are_found_in_a_table_or_a_mail_in_their_order_and_a_repeated_one_is_told():
    one, two = handed("Ada").text, handed("Bo", 50).text
    pasted = f'Time;"Your text"\n12:01;"{one}"\n12:02;"Hello, here it is: {two} Bye"\n12:03;{one}\n'
    seen = []
    answers = list(hand_in.look_through(pasted, TASK, said=lambda done, of: seen.append((done, of))))
    assert [answer.name for answer in answers] == ["Ada", "Bo", ""]
    assert answers[2].complaint == "This hand-in cannot be used: it is the same text as number 1."
    assert seen == [(1, 3), (2, 3), (3, 3)]


@pytest.mark.parametrize("width", [60, 72, 76])
@pytest.mark.parametrize("mark", ["", "> ", ">", "| ", "> > "])
@pytest.mark.parametrize("end", ["\n", "\r\n", "=\r\n", "\n\n"])
def test_a_text_that_mail_wrapped_or_quoted_is_the_text_that_was_sent(width, mark, end):
    one, two = handed("Ada").text, handed("Bo", 50).text
    mails = [f"{end}{mark}".join([*textwrap.wrap(text, width), "Bye", "Ada B"]) for text in (one, two)]
    pasted = f"On Monday Ada wrote:{end}{mark}{mails[0]}{end}{end}Hello{end}{mark}{mails[1]}"
    assert hand_in.texts_in(pasted) == [one, two]


def test_words_behind_a_text_are_not_taken_for_it_and_a_text_cut_short_takes_nothing_from_the_next():
    one, two = handed("Ada").text, handed("Bo", 50).text
    for between in (" Bye", "\nBye", "\n> Regards\nAda", "\n\n--\nAda", "\n", " "):
        assert hand_in.texts_in(f"{one}{between}\n{two}") == [one, two], between
    assert hand_in.texts_in(f"{one[:-9]}\n{two}") == [one[:-9], two]
    assert hand_in.texts_in(f"{one[:70]}\n{two[:70]}\n{two[70:]}") == [one[:70], two]


def test_a_long_paste_of_heads_alone_is_looked_through_at_once():
    pasted = ("N1.A " * (hand_in.MAX_PASTED // 5), "N1.A" + " a" * (hand_in.MAX_PASTED // 2), "N1.A\n> " * 50_000)
    for one in pasted:
        begun = time.thread_time()  # what others do on the machine does not count
        hand_in.texts_in(one)
        assert time.thread_time() - begun < 2


def test_the_conditions_say_at_which_update_they_were_measured():
    task = dataclasses.replace(TASK, goal=Goal((Condition("updates", 200), Condition("train_loss", 0.6))))
    sent = hand_in.of_run("Bo", run_to(300, learning_rate=0.1), task, reached=180)
    (one,) = found(sent.text, task=task)
    loss = run_to(180, learning_rate=0.1).evaluate().train_loss
    assert (one.measured_at, one.measured[0].now) == (180, loss)
    said = register.row(one, task)["Conditions"]
    assert said.startswith("at update 180: ") and "now" not in said and words.so_far(one.measured[0])[4:] in said
    (late,) = found(dataclasses.replace(sent, reached=210).text, task=task)
    assert late.measured_at == 300, "where it was not met, what is on the pupil's screen counts"


GOOD = json.loads(zlib.decompress(base64.urlsafe_b64decode(handed().text[3:] + "==")))


@pytest.mark.parametrize(
    "text",
    [
        "N1.x",
        "N1.",
        handed().text[:-5],
        handed().text[:40] + "A" + handed().text[41:],
        handed().text.replace("N1.", "N2."),
        "N1." + "A" * 7000,
        packed(b"[" * 5000),
        packed(json.dumps(GOOD).encode() + b" " * 1_000_000),
        packed({}),
        packed([1] * 7),
        *(packed([*GOOD[:place], bad, *GOOD[place + 1 :]]) for place, bad in enumerate((3, None, 5, -1, 301, "x", 7))),
        packed([*GOOD[:2], "dataset=nonsense", *GOOD[3:]]),
        packed([*GOOD[:3], 10**12, *GOOD[4:]]),
        packed([*GOOD[:3], 1.5, *GOOD[4:]]),
        packed([*GOOD[:5], [], GOOD[6]]),
        packed([*GOOD[:5], [[3, 0.5]], GOOD[6]]),
        packed([*GOOD[:5], [[0, 0.5], [0, 0.5]], GOOD[6]]),
        packed([*GOOD[:5], [[0, float("nan")]], GOOD[6]]),
        packed([*GOOD[:5], [[k, 0.5] for k in range(9)], GOOD[6]]),
    ],
)
def test_damaged_and_foreign_ones_get_one_sentence_and_others_are_looked_at(text):
    with pytest.raises(ValueError, match=r"^(expected|it|its) .+\.$") as error:
        hand_in.read(text)
    assert len(str(error.value)) < 400
    answers = found(text, handed().text)
    assert answers[-1].reached == 300
    assert all(answer.complaint.startswith("This hand-in cannot be used: ") for answer in answers[:-1])


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "a\x00b"])
def test_a_name_that_is_none_gets_one_sentence(name):
    with pytest.raises(ValueError, match=r"^Name: expected 1 to 60 letters"):
        hand_in.of_run(name, run_to(0), TASK)


def test_one_that_takes_too_long_is_given_up_with_a_sentence(monkeypatch):
    monkeypatch.setattr(hand_in, "PATIENCE", 0.0)
    (one,) = found(handed().text)
    assert "takes longer than 0 seconds; open its link" in one.complaint


def test_training_waits_for_its_turn():
    turns = []

    class Turn:
        def __enter__(self):
            turns.append(1)

        def __exit__(self, *error):
            pass

    list(hand_in.look_through(handed().text, TASK, turn=Turn))
    assert len(turns) >= 300 / hand_in.SLICE
