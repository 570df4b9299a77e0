"""Step 4: backpropagation. The error goes back through the network once, and every weight learns its share of it."""

import streamlit as st

from ui import lesson
from ui.checks import backpropagation as checks
from ui.checks import whole_update
from ui.drawings import backpropagation as drawings
from ui.following import follow, is_followed
from ui.graph import graph
from ui.kit.numbers import latex, text
from ui.player import START as PLAYER_START
from ui.player import open_from_address, player
from ui.present import LESSON, Frame, is_projected, shows
from ui.recipe import FILE_NAME, recipe
from ui.rerun import rerun_page
from ui.symbols import symbol_table
from ui.unbroken import unbroken
from ui.walkthrough import frames

FRAMES = (
    Frame("The idea", "idea"),
    Frame("One update", "player"),
    Frame("The prediction", "predict"),
    Frame("The chain rule", "chain"),
    Frame("The slope of the loss", "slopes"),
    Frame("The other two slopes", "others"),
    Frame("Delta", "delta"),
    Frame("Two ways back", "two"),
)
values = lesson.kept("backpropagation", checks.START, checks.IN_ADDRESS)
shown = lesson.kept("backpropagation_player", PLAYER_START)  # which frame, which link


@unbroken
def begin_again(new: dict) -> None:
    lesson.put(values, new | {"growing": ()})
    shown.update(PLAYER_START)


@unbroken
def another_update() -> None:
    begin_again({"made": min(values["made"] + 1, checks.MOST_UPDATES)})


@unbroken
def say_growing(key: str) -> None:
    if is_followed(key):
        values["growing"] = tuple(st.session_state[key])


def note_what_was_seen() -> None:
    """In the player, before each picture: whether the changes of these numbers have been on screen."""
    now = checks.numbers_of(values)
    if shown["action"] == "apply update" and now not in values["seen"]:
        values["seen"] = (*values["seen"], now)
        rerun_page()  # what is said about the prediction stands outside of the player


two = checks.TWO_OUTPUTS
lesson.begin(
    "backpropagation",
    "One walk back gives **every** weight its gradient $\\partial L / \\partial w$: how fast the loss $L$ rises with"
    " it. Then comes, as an action of its own, one small step against all of them:"
    " $w_{new} = w - \\eta\\, \\partial L / \\partial w$. How long it is, the learning rate $\\eta$ (eta) says. All"
    " weights and biases together are called $\\theta$ (theta).",
    FRAMES,
)
lesson.predict(
    "backpropagation.1",
    "With the start numbers the output is 0.58, the target 1. Where will the update move $-0.5$, the weight from"
    " hidden unit 2 to the output?",
    (CLOSER := "up, towards 0", "down, away from 0", "nowhere"),
    CLOSER,
    acted=checks.numbers_of(checks.START) in values["seen"],
    do="walk through “Compute gradients” below, then press “Apply update”"
    + ("." if checks.is_start(values) else ", with the start numbers (a button in the settings brings them back)."),
    because="Its gradient is the output’s delta, ∂L/∂z (negative, for the output is below the target), times an"
    " activation (positive), so negative. The update goes against it: up, from −0.5 to −0.483, whatever the weight’s"
    " own sign is.",
)

if not is_projected():
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="backpropagation_numbers"):
        for name in ("x1", "x2", "x3"):
            lesson.quantity("backpropagation", values, name, -5, 5, 0.1, f"$x_{name[1:]}$", slider=False, width=112)
        lesson.choose("backpropagation", values, "y", (0, 1), "Target y")
        lesson.quantity(
            "backpropagation", values, "rate", checks.LEAST_RATE, 10, 0.01, r"rate $\eta$", slider=False, width=150
        )
        words = [values["network"], checks.ROWS[values["rows"]], checks.LOSSES[values["loss"]], values["optimizer"]]
        with st.popover(" · ".join(words), icon=":material/tune:", key="backpropagation_settings"):
            lesson.choose("backpropagation", values, "network", checks.NETWORKS, "Network")
            lesson.choose("backpropagation", values, "rows", checks.ROWS, "Samples in the update", checks.ROWS.get)
            if values["rows"] > 1:
                st.caption(
                    "The sample in the fields, then the tutorial’s second, (0.1, 0.8, −0.5) → 0, and third,"
                    " (−0.4, 0.2, 0.9) → 1."
                )
            lesson.choose("backpropagation", values, "loss", checks.LOSSES, "Loss", checks.LOSSES.get)
            lesson.choose("backpropagation", values, "optimizer", checks.OPTIMIZERS, "Optimizer")
            st.button(
                "Start numbers",
                on_click=begin_again,
                args=({name: checks.START[name] for name in checks.NUMBERS},),
                icon=":material/restart_alt:",
            )
        st.button(
            "Next update",
            on_click=another_update,
            disabled=values["made"] >= checks.MOST_UPDATES,
            icon=":material/redo:",
            help="The new weights become the old ones: the same data once more.",
        )

if not is_projected() and checks.has_two_outputs(values):
    st.caption(
        f"Two outputs, one for each class: output 1 has the target y = {values['y']}, output 2 the other, 1 − y ="
        f" {1 - values['y']}. Going back, each hidden unit gets a delta from both: see “Back to the activations”."
    )
start = checks.step_of(checks.START)
left, right = st.columns(2, gap="small")
if not is_projected():
    with left.expander("Symbols, and how they are read", icon=":material/abc:"), st.container(key="symbols"):
        lesson.table(symbol_table(frames(checks.step_of(values))))
# On the wall all of it is open, a part at a time.
opened = right if is_projected() else right.expander("The chain rule, once as a plain product", icon=":material/link:")
with opened, st.container(key="chain_rule"):
    chain, y = checks.chain_of(start), int(start.y[0, 0])
    a, hidden = start.forward.output[0, 0], start.forward.a[0][0, 0]
    slope_L, slope_f = chain.loss_slope[0, 0], chain.slope[1][0, 0]
    if shows("chain"):
        st.markdown(
            f"How fast does the loss rise with w = {text(start.before.weights[1][0, 0])}, the weight from hidden unit "
            "1 to the output? The weight changes the sum z, z changes the output a, and a changes the loss: three "
            "links of a chain. If z moves twice as fast as w, and a three times as fast as z, then a moves 2 · 3 = 6 "
            "times as fast as w. So the slopes of the links are **multiplied**. With the start numbers:"
        )
        lesson.formula(
            r"\frac{\partial L}{\partial w}",
            r"\frac{\partial L}{\partial a} \cdot \frac{\partial a}{\partial z} \cdot \frac{\partial z}{\partial w}",
            rf"{lesson.bracketed(slope_L)} \cdot {latex(slope_f)} \cdot {latex(hidden)}",
            latex(start.backward.dW[1][0, 0]),
        )
    if shows("slopes"):
        st.markdown(
            "**Where do the three come from?** The first is the slope of the cross-entropy, L = −(y ln a + (1 − y) "
            "ln(1 − a)). The slope of ln a is 1/a. The slope of ln(1 − a) is −1/(1 − a): minus, for 1 − a falls when a "
            "rises."
        )
        lesson.formula(
            r"\frac{\partial L}{\partial a}",
            r"-\frac{y}{a} + \frac{1-y}{1-a}",
            r"\frac{-y(1-a) + (1-y)\,a}{a\,(1-a)}",
            r"\frac{a-y}{a\,(1-a)}",
            rf"\frac{{{latex(a)} - {y}}}{{{latex(a)} \cdot (1 - {latex(a)})}}",
            latex(slope_L),
        )
    if shows("others"):
        st.markdown("The second is the slope of the sigmoid; the third is what the weight multiplies.")
        lesson.formula(
            r"\frac{\partial a}{\partial z} = f'(z)",
            r"a\,(1-a)",
            rf"{latex(a)} \cdot (1 - {latex(a)})",
            latex(slope_f),
        )
        lesson.formula(r"\frac{\partial z}{\partial w}", rf"a_1 = {latex(hidden)}")
    if shows("delta"):
        st.markdown(
            "The first two links belong to the unit, whatever weight comes next. Their product is its **delta**, and "
            "here a (1 − a) cancels:"
        )
        lesson.formula(
            r"\delta = \frac{\partial L}{\partial z}",
            r"\frac{a-y}{a\,(1-a)} \cdot a\,(1-a) = a - y",
            rf"{latex(a)} - {y} = {latex(start.backward.delta[1][0, 0])}",
        )
step = checks.step_of(values)
if shown.get("numbers") != checks.numbers_of(values):  # other numbers are another update, which nobody has applied yet
    if shown["action"] != "compute gradients":
        shown.update(action=PLAYER_START["action"], frame=PLAYER_START["frame"])
    shown["numbers"] = checks.numbers_of(values)
if shows("player"):
    open_from_address(shown)
    slide = {"present": LESSON, "slide": next(i for i, frame in enumerate(FRAMES) if frame.part == "player")}
    player("backpropagation_player", step, shown, above=note_what_was_seen, present_as=slide)

# Of the update that tasks 2 to 5 and the last one ask for.
by_hand = drawings.by_hand(checks.step_by_hand(), checks.BY_HAND)
given = f"target y = {text(checks.BY_HAND['y'])}, learning rate {text(checks.BY_HAND['rate'])}"

if not is_projected():
    lesson.part("Do", "Predict, then apply")
    st.markdown(
        "The **delta** of a unit, $\\delta = \\partial L / \\partial z$, says how fast the loss rises with its sum "
        "$z$. So the gradient of its bias is $\\delta$, and that of a weight is $\\delta$ of the unit it leads to, "
        "times the activation or input that it multiplies."
    )
    with st.container(key="backpropagation_signs"):
        names = checks.parameter_names(step.before.sizes)
        growing = [name for name in values["growing"] if name in names]
        growing_key = follow("backpropagation_growing", growing)
        st.pills(
            "Now the target is **0**, in the first update; all else is as set above. Which parameters will it move "
            "**up**, as from −0.5 to −0.4? The others move down or stay. W2[1,2]: into unit 1 of layer 2, from unit 2 "
            "before it.",
            list(names),
            selection_mode="multi",
            default=growing,
            key=growing_key,
            on_change=say_growing,
            args=(growing_key,),
        )
        lesson.task(
            "backpropagation.1",
            f"Say for all {len(names)} weights and biases whether they move up, by the signs of each delta and of what "
            "it multiplies. To look at the gradients, set the target to 0 above; “Apply update” comes after your "
            "answer.",
            checks.signs,
            values,
        )

    lesson.part("Do", "One update by hand")
    picture, tasks = st.columns([10, 11], gap="medium")
    with picture:
        graph("backpropagation_by_hand", **by_hand)
        st.caption(f"Sigmoid units, cross-entropy, {given}. Forward is done; δ is yours. f′(z) = a (1 − a).")
    with tasks:
        lesson.task("backpropagation.2", "What is delta of the output, dL/dz?", checks.output_delta, values, "delta")
        lesson.task(
            "backpropagation.3",
            "The gradient of the weight from hidden unit 1 to the output?",
            checks.weight_of_the_output,
            values,
            "dL/dw, layer 2",
        )
    st.markdown(
        "The output’s delta comes back to a hidden unit $j$ through the weight between the two, $w_j$, and then "
        "through the unit’s own activation function: $\\delta_j = f'(z_j)\\, \\delta\\, w_j$."
    )
    left, right = st.columns([10, 11], gap="medium")
    with left:
        lesson.task(
            "backpropagation.4",
            "The gradient of the weight from input 2 to hidden unit 1?",
            checks.weight_of_the_hidden_layer,
            values,
            "dL/dw, layer 1",
        )
    with right:
        lesson.task(
            "backpropagation.5",
            "The weight from hidden unit 1 to the output, after the update?",
            checks.new_weight,
            values,
            "new w",
        )

if shows("two"):
    lesson.part("Do", "Two ways back")
picture, tasks = st.columns([10, 11], gap="medium")
with picture:
    if shows("two"):
        graph("backpropagation_two_outputs", **drawings.by_hand(checks.step_by_hand(two), two, told=(1,)))
        st.caption(
            f"The same network with a second output. Targets {text(two['y'][0])} and {text(two['y'][1])}; the deltas of"
            " both outputs are there, those of the hidden units are yours."
        )
with tasks:
    if shows("two"):
        st.markdown(
            "A hidden unit acts on the loss through **every** unit that it feeds. So its delta begins with a sum, one "
            "term for each way back: $\\delta_j = f'(z_j) \\sum_k \\delta_k\\, w_{k,j}$."
        )
    lesson.task(
        "backpropagation.6", "What is delta of hidden unit 1?", checks.delta_of_two, values, "delta, hidden unit 1"
    )

if not is_projected():
    lesson.part("Do", "The whole update")
    picture, tasks = st.columns([10, 11], gap="medium")
    with picture:
        graph("backpropagation_whole_update", **by_hand)
        st.caption(f"The update of tasks 2 to 5: {given}. W2[1,2]: into unit 1 of layer 2, from unit 2 before it.")
        page_to_keep = recipe(checks.step_of(checks.START))
        with st.expander("The recipe, on one page to keep", icon=":material/receipt_long:"), st.container(key="recipe"):
            st.markdown(page_to_keep)
        st.download_button(
            "Download the recipe",
            page_to_keep,
            FILE_NAME,
            "text/markdown",
            on_click="ignore",
            icon=":material/download:",
        )
    with tasks:
        lesson.task(
            "backpropagation.7",
            "Fill in every gradient and every new value. Check as often as you like, also a table"
            " that is not full yet: the first wrong cell is explained.",
            whole_update.whole_update,
            values,
            lesson.Cells("parameter", whole_update.rows(), whole_update.COLUMNS, whole_update.is_right),
        )

    with lesson.tutorial():
        pairs = checks.wrong_pair(values)
        steps = {loss: checks.step_of(checks.START | {"loss": loss}) for loss in checks.LOSSES}
        deltas = {loss: step.backward.delta[-1][0, 0] for loss, step in steps.items()}
        lesson.good(
            "Its backward pass is a short walk: output error, hidden error, then the weights; every gradient is taken "
            "from the old weights, as it must be."
        )
        lesson.bad(
            "It has just taught the MSE, but it sends back output − target. That is delta of the **cross-entropy**"
            f" ({text(deltas['bce'])} with the start numbers), where f′ cancels; delta of the MSE is"
            f" 2 (output − target) f′ = {text(deltas['mse'])}. A gradient check sees it at once."
            " Largest relative error, computed for the numbers above:"
        )
        lesson.table(
            [
                {"gradient of": checks.LOSSES[of]}
                | {
                    f"against small differences of {checks.LOSSES[loss]}": text(pairs[of, loss], 2)
                    for loss in checks.LOSSES
                }
                for of in checks.LOSSES
            ]
        )
        st.markdown(
            "Below a millionth two gradients agree; 0.5 means that one is twice the other. The tutorial’s is the first "
            "row, checked against the loss it taught: the last column. That very accident lets it train: step 5 "
            "measures it."
        )
lesson.end("backpropagation")
