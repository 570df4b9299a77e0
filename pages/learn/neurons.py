"""Step 1: one neuron. Inputs, weights and a bias make a sum z; the activation function makes a of it."""

import streamlit as st

import scratchnet as sn
from scratchnet import textbook
from ui import lesson
from ui.checks import neurons as checks
from ui.drawings import neurons as drawings
from ui.formulas import in_words, with_numbers
from ui.kit.numbers import latex, text
from ui.labels import title
from ui.present import Frame, is_projected, shows
from ui.sketch import sketch

FRAMES = (
    Frame("The idea", "idea"),
    Frame("A weighted sum", "sum"),
    Frame("A squash", "curve", {"b": checks.START["b"]}),
    Frame("The bias grows", "curve", {"b": 2.0}),
    Frame("It grows further", "curve", {"b": 6.0}),
    Frame("The prediction", "predict"),
    Frame("The same with these numbers", "formulas"),
    Frame("The code that computed it", "code"),
    Frame("A line in the plane", "plane"),
    Frame("Why it is a line", "line"),
)

values = lesson.kept("neurons", checks.START, checks.IN_ADDRESS)

lesson.begin(
    "neurons",
    "A neuron is a weighted sum and a squash, nothing more. Each input $x$ is multiplied by its **weight** $w$; the"
    " products and the **bias** $b$ make the sum $z = w_1 x_1 + w_2 x_2 + \\dots + b$. The **activation function** $f$"
    " makes of it the neuron’s answer, its **activation** $a = f(z)$. The sigmoid squashes every $z$ to between 0 and"
    " 1.",
    FRAMES,
)
lesson.predict(
    "neurons.1",
    "With a sigmoid: the bias $b$ grows and grows, all else stays. What does $a$ do?",
    ("grows without end", "grows towards 1", "stays, for the inputs stay"),
    "grows towards 1",
    acted=abs(values["b"]) >= 2,
    do="slide $b$ to 2 and further, and watch the point on the curve.",
    because="The bias moves $z$ by as much as itself; the sigmoid flattens what is large.",
)

neuron, x = checks.neuron_of(values)
z, a, slope = neuron.z(x), neuron.forward(x), neuron.slope(x)
activation = sn.ACTIVATIONS[neuron.activation]
products = neuron.products(x).tolist()
x_names, w_names = checks.names("x", values), checks.names("w", values)

start_neuron, start_x = checks.neuron_of(checks.START)
overflows = [
    (far, lesson.what_numpy_says(textbook.sigmoid, far), float(sn.ACTIVATIONS["sigmoid"].f(far)))
    for far in (-40, -700, -720)
]

do, see = st.columns([11, 10], gap="medium")
with do:
    if not is_projected():
        lesson.choose("neurons", values, "inputs", range(1, checks.MOST_INPUTS + 1), "Number of inputs")
    if shows("sum", "curve"):
        with st.container(gap="xsmall"):
            if shows("sum"):
                for x_name, w_name in zip(x_names, w_names, strict=True):
                    with st.container(horizontal=True, gap="xsmall"):
                        lesson.quantity("neurons", values, x_name, -5, 5, 0.1, f"$x_{x_name[1:]}$", width=270)
                        lesson.quantity("neurons", values, w_name, -5, 5, 0.1, f"$w_{w_name[1:]}$", width=270)
            with st.container(horizontal=True, gap="xsmall"):
                lesson.quantity("neurons", values, "b", -10, 10, 0.1, "$b$", width=270)
                if not is_projected():
                    st.button(
                        "Start numbers", on_click=lesson.put, args=(values, checks.START), icon=":material/restart_alt:"
                    )
with see if is_projected() else do:
    if shows("sum"):
        terms = [*(f"{w}·{x}" for w, x in zip(w_names, x_names, strict=True)), "b"]
        sketch("neurons_sum", **drawings.sum_picture(terms, [*products, neuron.bias], z))
        st.caption(
            "Each bar begins where the one above it ends: blue adds, orange takes away. The last bar is their sum z."
        )
with see:
    if shows("curve"):
        if not is_projected():
            lesson.choose(
                "neurons",
                values,
                "activation",
                [name for name in sn.ACTIVATIONS if name != "softmax"],
                "Activation f",
                title,
            )
        sketch("neurons_curve", **drawings.activation_picture(neuron.activation, title(neuron.activation), z, a, slope))
with do if is_projected() else see:
    if shows("curve"):
        st.markdown(
            "**Slope** $f'(z)$: how strongly $a$ answers to a small change of $z$. The gold tangent has this slope, "
            f"{text(slope)}: where $z$ grows by 0.01, $a$ changes by about {text(slope)} · 0.01. The dotted curve "
            "shows the slope at every $z$."
        )

first, second, third = st.columns(3, gap="small")
with first:
    lesson.task(
        "neurons.1",
        "From the start numbers, bring $a$ of the sigmoid above 0.9 **by the bias alone**.",
        checks.high_by_the_bias,
        values,
    )
with second:
    w, v = checks.BY_HAND["weights"], checks.BY_HAND["x"]
    lesson.task(
        "neurons.2",
        f"By hand: weights {', '.join(map(text, w))}, bias {text(checks.BY_HAND['bias'])},"
        f" inputs {', '.join(map(text, v))}. What is $z$?",
        checks.sum_by_hand,
        values,
        "z",
    )
with third:
    lesson.task(
        "neurons.3",
        "From the start numbers, find **inputs** where the slope of the sigmoid is below 0.05.",
        checks.flat_by_the_inputs,
        values,
    )

calculated, code = st.columns([11, 10], gap="medium")
with calculated:
    if shows("formulas"):
        lesson.part("Explain", "The same with these numbers")
        lesson.formula(
            "z",
            " + ".join(f"w_{i} x_{i}" for i in range(1, len(products) + 1)) + " + b",
            lesson.broken(
                [rf"{lesson.bracketed(w)}\cdot {lesson.bracketed(v)}" for w, v in zip(neuron.weights, x, strict=True)]
                + [lesson.bracketed(neuron.bias)]
            ),
            " + ".join(map(lesson.bracketed, [*products, neuron.bias])),
            latex(z),
        )
        lesson.formula("a = f(z)", activation.formula, with_numbers(activation.formula, z=z), latex(a))
        lesson.formula(
            "f'(z)",
            activation.derivative_formula,
            with_numbers(activation.derivative_formula, z=z, a=a),
            latex(slope),
        )
        if signs := in_words(activation.formula, activation.derivative_formula):
            st.caption(signs)
        st.caption("Where the slope is nearly 0, learning nearly stops.")
with code:
    if shows("code"):
        lesson.part("Explain", "The code that computed it")
        lesson.source(sn.Neuron.z, "self.weights + self.bias")
        if not is_projected():
            with st.expander(f"{title(neuron.activation)} and its derivative"):
                lesson.source(activation.f)
                lesson.source(activation.derivative)

if shows("plane", "line"):
    lesson.part("See", "A neuron is a line in the plane")
picture, words = st.columns([10, 11], gap="medium")
with picture:
    if shows("plane"):
        if len(x) == 1:
            st.info("With one input there is no plane to draw: choose two inputs or more above.")
        else:
            sketch("neurons_plane", **drawings.plane_picture(neuron, x))
            if len(x) > 2:
                others = " and ".join(f"${name[0]}_{name[1:]} = {latex(values[name])}$" for name in x_names[2:])
                st.caption(f"A slice: {others}, as set above. Beyond the plane's edge it goes on the same way.")
with words:
    if shows("line"):
        st.markdown(
            "Every pair of inputs is a point. Its colour is the neuron’s answer $a$. Where $z = 0$ lies a straight "
            "line. The arrow $w$, the weights, stands at a right angle to it and points to the side of $z > 0$: "
            "weights turn the line, the bias moves it without turning it. So one neuron can tell apart only what a "
            "straight line can part; for more, neurons work together in layers."
        )
        if len(x) > 1:
            rest = neuron.z([0.0, 0.0, *x[2:]])
            lesson.formula(
                "0",
                "w_1 x_1 + w_2 x_2 + " + "".join(rf"w_{i} x_{i} + " for i in range(3, len(x) + 1)) + "b",
                rf"{latex(neuron.weights[0])}\,x_1 + {lesson.bracketed(neuron.weights[1])}\,x_2 +"
                rf" {lesson.bracketed(rest)}",
            )
    if not is_projected():
        with lesson.tutorial():
            lesson.good(
                "A neuron is a dot product, a bias and an activation, and its code says just that. For its first "
                f"sample, the start numbers above, these parts give z = {text(start_neuron.z(start_x))} and a = "
                f"{text(start_neuron.forward(start_x))} here as well."
            )
            lesson.bad(
                "It computes the sigmoid as it is printed, $1/(1+e^{-z})$. Far below 0, exp is more than a number can "
                "hold: NumPy warns, and the answer 0 has lost every digit. Both columns have just been computed:"
            )
            lesson.table(
                [
                    {
                        "z": text(far),
                        "as printed": text(printed),
                        "NumPy says": said or "nothing",
                        "scratchnet": text(ours),
                    }
                    for far, (printed, said), ours in overflows
                ]
            )
lesson.end("neurons")
