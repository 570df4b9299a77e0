"""Step 6: evaluation. How good is the network on points it has not trained on, at which threshold, by how much luck?"""

import itertools
from dataclasses import replace

import numpy as np
import streamlit as st

import scratchnet as sn
from ui import lesson
from ui.checks import evaluation as checks
from ui.drawings import evaluation as drawings
from ui.gate import gate
from ui.kit.numbers import latex, text
from ui.present import Frame, is_projected, shows
from ui.sketch import sketch

FRAMES = (
    Frame("The idea", "idea"),
    Frame("At epoch 20", "curves", {"epoch": checks.FIRST}),
    Frame("At epoch 200", "curves", {"epoch": checks.LAST}),
    Frame("The prediction", "predict"),
    Frame("Each point, and the threshold", "counts"),
    Frame("What the four counts say", "formulas"),
    Frame("The code that counted", "code"),
    Frame("Luck", "luck"),
    Frame("A count that goes wrong", "trap", {"shape": "flat"}),
    Frame("The same with equal shapes", "trap", {"shape": "column"}),
)
values = lesson.kept("evaluation", checks.START, checks.IN_ADDRESS)
values["epoch"] = int(values["epoch"])  # a slider gives 20.0
values["farthest"] = max(values["farthest"], values["epoch"])


@st.cache_resource(show_spinner=False)
def trained() -> sn.Run:
    """The run of this page at its end; fork it to go anywhere."""
    with gate().turn("lessons"):
        run = checks.EXPERIMENT.start()
        run.advance(epochs=checks.EPOCHS)
    return run


@st.cache_resource(show_spinner=False)
def learned_by_one_neuron() -> tuple[list, list]:
    """All labelings of the tutorial's points, and how many of the points one neuron gets right after training."""
    x = sn.load_dataset("tutorial").x_train
    trainer = sn.Trainer(loss="bce", optimizer=sn.SGD(learning_rate=5.0))
    labelings, correct = list(itertools.product((0, 1), repeat=len(x))), []
    for labels in labelings:
        y = np.array(labels, dtype=float)[:, None]
        net, state = sn.Network.build((x.shape[1], 1), output="sigmoid", initializer="zeros", rng=0), None
        for update in range(100):
            step = trainer.step(net, x, y, state, update)
            net, state = step.after, step.optimizer_after
        correct.append(sn.accuracy_counts(y, net.predict(x))[0])
    return labelings, correct


lesson.begin(
    "evaluation",
    "Training makes the network right on the **training points**. Evaluation asks how it does on points that it has"
    " **not** trained on, the **test points**: counted, and always apart from the training points. The share of points"
    " that are right is the **accuracy**; 80 % and 70 % differ by 10 **percentage points**.",
    FRAMES,
)
lesson.predict(
    "evaluation.1",
    "At epoch 20 all 40 noisy training points are right. Training goes on to epoch 200. What does the loss on the 160"
    " test points do?",
    ("it falls too", "it stays", "it rises"),
    "it rises",
    acted=values["farthest"] >= checks.WELL_TRAINED,
    do="slide the epoch to 200 and compare the two curves.",
    because="The network learns the noise of its 40 points by heart and grows sure of it; that is overfitting.",
)

run = trained().fork()
run.goto(values["epoch"] * -(-len(run.x_train) // run.settings.batch_size))
of_test = values["rows"] == "test"
x, y = (run.x_test, run.y_test) if of_test else (run.x_train, run.y_train)
outputs, threshold = run.network.predict(x), values["threshold"]
matrix = sn.confusion_matrix(y, outputs, threshold)
scores = {
    name: sn.accuracy_counts(targets, run.network.predict(inputs), threshold)
    for name, inputs, targets in (("train", run.x_train, run.y_train), ("test", run.x_test, run.y_test))
}
evaluation = run.evaluate()

left, right = st.columns([10, 11], gap="medium")
with right if is_projected() else left:
    if shows("curves"):
        lesson.quantity("evaluation", values, "epoch", 0, checks.EPOCHS, 1.0, "epoch", width=400, whole=True)
        with st.container(horizontal=True, gap="large"):
            for name, title, loss in (
                ("train", "Training points right", evaluation.train_loss),
                ("test", "Test points right", evaluation.test_loss),
            ):
                st.metric(
                    title,
                    "/".join(map(str, scores[name])),
                    f"loss {text(loss)}",
                    delta_color="off",
                    delta_arrow="off",
                    width="content",
                )
with left:
    if shows("curves"):
        picture = drawings.curves_picture(trained().history, values["epoch"], values["farthest"], evaluation)
        sketch("evaluation_curves", **picture)
with right:
    if shows("counts"):
        with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
            lesson.choose("evaluation", values, "rows", checks.ROWS, "Evaluate", checks.ROWS.get)
            lesson.quantity("evaluation", values, "threshold", 0, 1, 0.01, "threshold", width=300)
        decision = replace(sn.decision_of(checks.EXPERIMENT), cut=threshold)
        lesson.chart(
            drawings.counts_figure(y, outputs, decision, of_test, matrix),
            key="evaluation_counts",
            on_wall=280,
            alt="Each point by its output, in the row of its true class; crosses are wrong. Confusion matrix, rows "
            f"true, columns predicted: {matrix.tolist()}.",
        )
lesson.note(
    "The losses are drawn as far as you have trained. Each point stands at its output, and is predicted to be "
    "class 1 where that is above the **threshold**, the dashed line. Crosses are wrong, test points hollow. The "
    "same points are counted in the **confusion matrix**, true classes as rows, predicted ones as columns. The "
    "points are the moons of the playground, drawn with noise 0.4 and seed 0; the network is a 2-8-8-1, trained "
    "with Adam, an optimizer that suits each parameter's steps to its past gradients."
)
first, second = st.columns(2, gap="small")
with first:
    lesson.task(
        "evaluation.4",
        f"**The gap.** At epoch {checks.LAST}: by how many percentage points is the accuracy on the training points"
        " higher than the accuracy on the test points?",
        checks.gap,
        values,
        "gap in percentage points",
    )
with second:
    before, after = checks.STEADY
    lesson.task(
        "evaluation.5",
        f"**Loss against accuracy.** At epoch {after} as many test points are right as at epoch {before}, but the test"
        " loss is not the same: compare. **How can that be?**",
        checks.loss_and_accuracy,
        values,
        checks.CAUSES,
    )

calculated, code = st.columns([11, 10], gap="medium")
with calculated:
    if shows("formulas"):
        lesson.part("Explain", "What the four counts say")
        st.markdown(
            "**Positive** means predicted to be of class 1, **negative** of class 0; **true** means rightly so, "
            "**false** wrongly. **Precision**: of the points predicted to be 1, the share that are. **Recall**: of the "
            "points that are 1, the share that were found."
        )
        (tn, fp), (fn, tp) = matrix.tolist()
        for name, words, above, below, share in (
            ("accuracy", r"\frac{\text{right}}{\text{all}}", f"{tn} + {tp}", f"{tn + fp + fn + tp}", sn.accuracy),
            ("precision", r"\frac{\text{true positive}}{\text{predicted 1}}", f"{tp}", f"{fp} + {tp}", sn.precision),
            ("recall", r"\frac{\text{true positive}}{\text{true 1}}", f"{tp}", f"{fn} + {tp}", sn.recall),
        ):
            result = latex(share(y, outputs, threshold))
            st.latex(rf"\small\text{{{name}}} = {words} = \frac{{{above}}}{{{below}}} = {result}")
        st.caption(
            "A lower threshold finds more of class 1 (recall) and lets more of class 0 in (precision). The loss knows "
            "of no threshold, and the accuracy hides which class pays. By convention 0/0 counts as 0."
        )
with code:
    if shows("code"):
        lesson.part("Explain", "The code that counted")
        lesson.source(sn.recall)
        if not is_projected():
            with st.expander("The confusion matrix"):
                lesson.source(sn.confusion_matrix, "np.bincount")

first, second = st.columns(2, gap="small")
with first:
    rows = "\n".join(f"| **true {i}** | {a} | {b} |" for i, (a, b) in enumerate(checks.COUNTS))
    lesson.task(
        "evaluation.3",
        "**Read this matrix.** What is the recall of class 1, as a share from 0 to 1?"
        f"\n\n| | predicted 0 | predicted 1 |\n|---|---:|---:|\n{rows}\n",
        checks.read_recall,
        values,
        "recall of class 1",
    )
with second:
    lesson.task(
        "evaluation.6",
        f"**Move the threshold** above, for the test points at epoch {checks.FIRST}: miss at most {checks.MISSED} of"
        f" class 1 (false negatives), and let in at most {checks.LET_IN} of class 0 (false positives).",
        checks.find_threshold,
        values,
    )

if shows("luck"):
    lesson.part("See", f"Luck: {checks.TESTERS} testers with {checks.OWN} test points each")
tried, asked = st.columns([11, 10], gap="medium")
with tried:
    if shows("luck"):
        st.markdown(
            f"The {checks.TESTERS * checks.OWN} test points are dealt out to {checks.TESTERS} testers. Each measures "
            f"the **same** network, at epoch {values['epoch']} and threshold {text(threshold)}. Right are:"
        )
        right_each = checks.right_of_testers(run.y_test, run.network.predict(run.x_test), threshold)
        lesson.table(drawings.testers_table(right_each, checks.OWN))
        st.caption(
            f"All together: {sum(right_each)}/{checks.TESTERS * checks.OWN}. They differ by nothing but the luck of "
            "which points they were given."
        )
with asked:
    lesson.task(
        "evaluation.7",
        "**How much is luck?** How many percentage points of accuracy lie between the luckiest and the unluckiest of"
        f" these {checks.TESTERS} testers?",
        checks.luck,
        values,
        "difference in percentage points",
    )

targets, predictions = np.array(checks.PERFECT["targets"])[:, None], np.array(checks.PERFECT["predictions"])
if shows("trap"):
    lesson.part("See", "A count that goes wrong: perfect predictions, scored 0.556")
    trap, ours = st.columns([11, 10], gap="medium")
    with trap:
        st.markdown(
            "Targets 1, 0, 1 in a column of shape (3, 1); predictions 0.9, 0.1, 0.8, all on the right side of 0.5. The"
            " tutorial’s accuracy is `((predictions > 0.5) == targets).mean()`."
        )
        lesson.choose("evaluation", values, "shape", checks.SHAPES, "Shape of the predictions", checks.SHAPES.get)
        given = predictions if values["shape"] == "flat" else predictions[:, None]
        agree = (given > 0.5) == targets  # what NumPy makes of these two shapes, without a word
        lesson.table(drawings.comparisons_table(checks.PERFECT["targets"], checks.PERFECT["predictions"], agree))
        st.markdown(
            f"{agree.size} comparisons of shape {agree.shape}, {int(agree.sum())} agree: it prints"
            f" **{text(float(agree.mean()))}**."
        )
    with ours:
        st.markdown("scratchnet’s `accuracy`, given the same two arrays:")
        if given.shape == targets.shape:
            correct, total = sn.accuracy_counts(targets, given)
            st.success(f"{text(sn.accuracy(targets, given))}, {correct}/{total} right", icon=":material/check_circle:")
        else:
            with st.container(border=True, key="refusal"):
                lesson.complain(lesson.refusal(sn.accuracy, targets, given))
        found, right = text(float(((given - targets) ** 2).mean())), text(sn.mse(targets, predictions[:, None]))
        st.markdown(
            f"The MSE falls into the same trap: against the flat predictions it is **{found}** instead of **{right}**. "
            "No error, no warning: only a wrong number that looks like a right one."
            if values["shape"] == "flat"
            else f"The MSE has the same trap; with equal shapes it is right as well: **{found}**."
        )

first, second = st.columns(2, gap="small")
with first:
    lesson.task(
        "evaluation.1",
        "Every prediction is right, and still the tutorial’s accuracy prints 0.556. **Why?**",
        checks.find_why,
        values,
        checks.REASONS,
    )
with second:
    lesson.task(
        "evaluation.2",
        f"Four samples with the targets {', '.join(map(str, checks.FOUR))}, all predicted perfectly, fall into the same"
        " trap. **What does the code print?**",
        checks.four_perfect,
        values,
        "accuracy as printed",
    )
if not is_projected():
    with lesson.tutorial():
        words, table = st.columns([11, 10], gap="medium")
        with words:
            lesson.good(
                "It asks for the share of right answers, a number that everybody understands, after the training."
            )
            lesson.bad(
                "Its accuracy stretches (3, 1) against (3,) without a word, as above: use it with care, or not at all."
            )
            data = sn.load_dataset("tutorial")
            same = np.array_equal(data.x_train, data.x_test)
            lesson.bad(
                f"Its test data are its training data ({'the same' if same else 'not the same'} {len(data.x_test)} "
                "points). A network that learned them by heart would score 3/3, and know nothing."
            )
            lesson.bad(
                "Three points are so few that a **single neuron** separates them whatever their targets are: all eight"
                " labelings, trained here just now. So neither the hidden layer nor the evaluation was ever put to a"
                " test."
            )
            lesson.bad("It prints a share without counts: 0.667 of three points is 2/3, and one point more is 100 %.")
        with table:
            lesson.table(drawings.labelings_table(*learned_by_one_neuron()))
lesson.end("evaluation")
