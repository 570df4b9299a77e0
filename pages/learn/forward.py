"""Step 2: forward propagation. Every layer makes a sum and a squash of what the layer before has made."""

import streamlit as st

import scratchnet as sn
from scratchnet import network, textbook
from ui import lesson
from ui.checks import forward as checks
from ui.drawings import forward as drawings
from ui.following import follow, is_followed, unless_corrected
from ui.formulas import in_words
from ui.graph import graph
from ui.kit.numbers import latex, text
from ui.labels import layer_title, title
from ui.present import Frame, is_projected, shows
from ui.unbroken import unbroken

PRESETS = ("3-2-1", "2-4-1", "3-4-4-2", "6-6-6-6-6")

FRAMES = (
    Frame("The idea", "idea"),
    Frame("The inputs are given", "graph", {"computed": 0}),
    *(Frame(f"Layer {layer} is computed", "graph", {"computed": layer}) for layer in range(1, 3)),
    Frame("One unit", "unit"),
    Frame("The same in arrays", "arrays"),
    Frame("One input changes", "inputs"),
    Frame("The prediction", "predict"),
    Frame("Words", "words"),
    Frame("Shapes", "shapes"),
    Frame("The same as code", "code"),
)

values = lesson.kept("forward", checks.START, checks.IN_ADDRESS)
data = sn.load_dataset("tutorial")
# Each value of an address is fine by itself, but together they may not be.
values["computed"] = min(values["computed"], len(values["sizes"]) - 1)
values["rows"] = values["rows"] if values["sizes"][0] == data.x_train.shape[1] else 1


@unbroken
def type_sizes(key: str) -> None:
    if is_followed(key):
        resize(st.session_state[key])


@unbroken
def resize(typed: str) -> None:
    try:
        sizes = checks.read_sizes(typed)
    except ValueError as error:
        values["problem"] = (typed, str(error))
        return
    layers = len(sizes) - 1
    values.update(sizes=sizes, computed=layers, opened=layers, chosen=(0, 0), row=0, rows=1, problem=None)


def says_the_sizes(typed: str) -> bool:
    return checks.read_sizes(typed) == values["sizes"]


def open_place(place) -> None:
    values["chosen"] = place


@unbroken
def open_unit(key: str) -> None:
    if is_followed(key) and isinstance(unit := st.session_state[key], tuple):  # a browser may say any text
        values["chosen"] = unit


@unbroken
def take_sample(row: int) -> None:
    lesson.put(values, {"row": row} | {f"x{place}": float(x) for place, x in enumerate(data.x_train[row], start=1)})


lesson.begin(
    "forward",
    "A **unit** is a neuron of step 1: $z = w_1 x_1 + w_2 x_2 + \\dots + b$, then $a = f(z)$. Units that get the same "
    "inputs are a **layer**, and the activations of one layer are the inputs of the next. That is all of it.",
    FRAMES,
)
lesson.predict(
    "forward.1",
    "Only $x_1$ changes. Which numbers of the network can change with it?",
    ("only the first unit of layer 1", "all of layer 1, not the output", "all of layer 1 and the output"),
    "all of layer 1 and the output",
    acted=values["x1"] != checks.START["x1"],
    do="slide $x_1$ and watch the graph.",
    because="A link goes from $x_1$ to every unit of layer 1, and from each of them to the output.",
)

unit_words, array_words = st.columns(2, gap="medium")
with unit_words:
    if shows("words"):
        st.markdown(
            "- **Parameter**: a number that training may change, so each weight and each bias. Inputs are none.\n"
            "- $w^{(1)}_{2,3}$: a weight of layer 1, into its unit 2, from input 3. $\\sum_j$: the sum over all inputs"
            " $j$.\n"
            "- **Row**: numbers side by side in an array. A row of $x$ is a sample, a row of $W$ the weights into one"
            " unit."
        )
with array_words:
    if shows("shapes"):
        st.markdown(
            "- **Shape**: (2, 3) is 2 rows of 3 numbers; (2,) is a plain list of 2 numbers, without rows.\n"
            "- **Transpose** $W^{\\mathsf T}$: each row becomes a column, so (2, 3) becomes (3, 2).\n"
            "- A whole layer at once: $z = x W^{\\mathsf T} + b$. Each row of $x$ times each row of $W$, number by "
            "number and summed, then the unit’s bias: what one unit does, for all units and samples."
        )

net = checks.network_of(values)
forward = net.forward(checks.samples_of(data, values))
row = values["row"] if values["rows"] > 1 else 0
layers = len(net.sizes) - 1

do, see, explain = st.columns([24, 37, 44], gap="medium")
with do:
    if shows("inputs"):
        lesson.part("Do", "inputs and layers")
        if net.sizes[0] == data.x_train.shape[1]:
            with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
                st.markdown("Sample", width="content")
                for sample in range(len(data.x_train)):
                    st.button(f"{sample + 1}", on_click=take_sample, args=(sample,), key=f"forward_sample_{sample + 1}")
        for input_place in range(1, net.sizes[0] + 1):
            lesson.quantity("forward", values, f"x{input_place}", -5, 5, 0.1, f"$x_{input_place}$", width="stretch")
    if not is_projected():
        problem = values.get("problem")
        sizes = problem[0] if problem else "-".join(map(str, values["sizes"]))
        sizes_key = follow("forward_sizes", sizes, says_the_sizes)
        with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
            st.text_input(
                "Sizes",
                unless_corrected(sizes_key, sizes, ""),
                key=sizes_key,
                on_change=type_sizes,
                args=(sizes_key,),
                width=110,
                help="Inputs, layers, outputs.",
            )
        if problem:
            lesson.complain(problem[1])
        drawn = "worked weights" if checks.is_worked(values) else f"weights of seed {values['seed'] or 0}"
        rows_words = "1 sample" if values["rows"] == 1 else f"{values['rows']} samples"
        settings = [
            f"Hidden {title(values['hidden']).lower()}, output {title(values['output']).lower()}",
            rows_words,
            drawn,
        ]
        with st.popover(
            " · ".join(settings), icon=":material/tune:", width="stretch", wrap=True, key="forward_settings"
        ):
            with st.container(horizontal=True, gap="xsmall"):
                for sizes in PRESETS:
                    st.button(sizes, on_click=resize, args=(sizes,), key=f"forward_preset_{sizes}")
            lesson.choose("forward", values, "hidden", checks.ACTIVATIONS, "Activation of the hidden layers", title)
            lesson.choose("forward", values, "output", sn.ACTIVATIONS, "Activation of the output", title)
            if values["output"] == "softmax":
                st.caption("Softmax divides 1 among the outputs, so it needs two or more: of one it makes 1.")
            if net.sizes[0] == data.x_train.shape[1]:
                lesson.choose("forward", values, "rows", (1, len(data.x_train)), "Samples at once")
            st.button(
                "Draw new weights",
                on_click=lesson.put,
                args=(values, {"seed": (values["seed"] or 0) + 1}),
                help="From a standard normal distribution, as the tutorial does, with the next seed.",
            )
    if not is_projected():
        st.button(
            "Start numbers",
            on_click=lesson.put,
            args=(values, checks.START | {"problem": None}),
            icon=":material/restart_alt:",
        )
with see:
    if shows("graph"):
        lesson.part("See", "the numbers go forward")
        lesson.choose(
            "forward",
            values,
            "computed",
            range(layers + 1),
            "Computed so far",
            lambda count: layer_title(net, count - 1),
        )
    if values["computed"] != values["opened"]:  # a layer further or back: open its first unit
        values.update(opened=values["computed"], chosen=(values["computed"] - 1, 0))
    place = values["chosen"]
    if shows("graph", "unit", "arrays", "inputs"):
        units, links = drawings.numbers_on_graph(net, forward, row, values["computed"])
        graph(
            "forward_graph",
            net.sizes,
            units,
            links,
            lit=drawings.lit_by(net, place),
            chosen=place,
            on_choose=open_place,
            titles=drawings.titles(net, forward),
        )
        lesson.note("Colour of a unit: its value, orange to −1, blue to 1. Choose any unit or link to open it.")
with explain:
    if shows("unit", "arrays"):
        if not is_projected():
            with st.container(
                horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", gap="small"
            ):
                lesson.part("Explain", "one unit")
                options = list(units)
                unit_key = follow("forward_unit", place[:2])
                st.selectbox(
                    "Opened unit",
                    options,
                    options.index(place[:2]),
                    format_func=lambda unit: drawings.place_name(net, unit),
                    key=unit_key,
                    on_change=open_unit,
                    args=(unit_key,),
                    label_visibility="collapsed",
                    width=190,
                )
        if place[0] < 0:
            st.markdown(
                f"${drawings.symbol('x', *place)} = {latex(forward.x[row, place[1]])}$ is given, not computed. It is"
                " multiplied by a weight of its own on the way to each unit of layer 1: choose one of them."
            )
        elif place[0] >= values["computed"]:
            st.markdown("Not computed yet: it waits for the layer before. Go on with **Computed so far**.")
        else:
            if shows("unit"):
                st.latex(drawings.explained(net, forward, row, place))
            if not is_projected() and (signs := in_words(sn.ACTIVATIONS[net.activations[place[0]]].formula)):
                st.caption(signs)
            if shows("arrays"):
                st.latex(drawings.arrays(net, forward, row, place))

if not is_projected():
    lesson.part("Do", "three tasks")
first, second, third = st.columns(3, gap="medium")
if not is_projected():
    with first:
        task_net, task_forward = checks.missing_network()
        graph(
            "forward_missing",
            task_net.sizes,
            *drawings.with_one_missing(task_net, task_forward, checks.MISSING["unit"]),
        )
        lesson.task(
            "forward.1",
            "The hidden units have a sigmoid. Which activation is missing?",
            checks.missing_activation,
            values,
            "a",
        )
    with second:
        graph("forward_counted", checks.COUNTED)
        lesson.task(
            "forward.2",
            f"A {'-'.join(map(str, checks.COUNTED))} network. How many parameters does it have?",
            checks.parameters_counted,
            values,
            "Parameters",
            precision="a whole number",
        )
    with third:
        st.latex(drawings.SHAPES_WANTED)
        lesson.task(
            "forward.3",
            f"x has shape ({checks.SAMPLES}, {checks.INPUTS}) and goes into a layer of {checks.UNITS} units."
            " Which shapes fit?",
            checks.shapes_that_fit,
            values,
            list(checks.SHAPES),
        )

code, words = st.columns([10, 11], gap="medium")
with code:
    if shows("code"):
        lesson.part("Explain", "the same as code")
        lesson.source(textbook.forward, "z.append", textbook=True)
        st.markdown(
            "Here `W[0]` is $W^{(1)}$: code counts layers from 0, and `a[0]` is $x$. `@` multiplies two arrays."
        )
    if not is_projected():
        with st.expander("The code that has just run: the same, in arrays kept for speed"):
            lesson.source(network.ForwardPass.__call__, "multiply(a_prev")
            lesson.source(sn.Network.forward, "run(x)")
if not is_projected():
    with words, lesson.tutorial():
        worked = sn.Network.from_arrays(**checks.WORKED, activations=["sigmoid", "sigmoid"])
        lesson.good(
            "Layer after layer, the outputs of one are the inputs of the next: that is all there is to it, and its code"
            " says so. Our start numbers go the same way to the output"
            f" {text(worked.predict(data.x_train[:1]).item())}."
        )
        lesson.bad(
            "Its network builds **one** hidden neuron, whatever number was asked for. The output neuron has a weight "
            "for each that was asked for, so every size but 1 ends in an error. The same with these parts, just now: "
            "the weights of the output neuron, and what comes in."
        )
        lesson.table([checks.asked_and_built(asked, 1) for asked in (1, 2, 3)])
        lesson.bad(
            "It sends samples through one by one, as columns. Here a row is a sample. Take the three samples of three"
            " inputs the wrong way round, and no shape complains:"
        )
        lesson.table(
            [
                {"": "a row is a sample"}
                | {f"output {i}": text(a) for i, a in enumerate(worked.predict(data.x_train)[:, 0], 1)},
                {"": "rows and columns mixed"}
                | {f"output {i}": text(a) for i, a in enumerate(worked.predict(data.x_train.T)[:, 0], 1)},
            ]
        )
lesson.end("forward")
