"""Terms: each word that a screen uses and a beginner does not know, with the one sentence that says what it means.

The one place for them: the board gets them with its scene, controls take them as their help.
"""

# Below losses, and where a scaling is chosen, if targets are scaled.
SCALED_LOSS = "The targets are scaled as the inputs are, so the losses are those of scaled targets."
SAME_POINTS = "Test and training points are the same here: the test says nothing about new data."  # beside scores

TERMS = {
    # The network
    "feature": "What the network gets to see of an input: the input itself, or a number made from it.",
    "layer": "Units side by side that all read the same numbers; what they give, the next layer reads.",
    "unit": "A neuron: it adds up its inputs, each times a weight, adds its bias, and bends the sum.",
    "output": "What the network answers: the activation of its last layer.",
    "weight": "How strongly a number counts in the unit that a link leads to; a negative weight counts against.",
    "bias": "A number that a unit adds to its sum, whatever the inputs are; it says how easily the unit switches on.",
    "z": "A unit's weighted sum: each of its inputs times its weight, all added up, plus the bias.",
    "a": "A unit's activation: what the activation function makes of z. It is what the unit gives on.",
    "activation": "The function that a unit applies to its sum z; without it, layers could only draw straight lines.",
    "unit map": "What a unit answers at every place of the data: blue where it is high, orange where it is low.",
    # Learning
    "epoch": "One pass over all training points: each of them has been used once.",
    "update": "One change of all weights and biases, made from the training points of one batch.",
    "gradient": "For each weight and bias, how steeply the loss rises when it grows.",
    "batch": "The training points that one update looks at; also called a mini-batch.",
    "learning rate": "How far each update goes: too small takes long, too large jumps over the goal.",
    "speed": "How fast the network is shown to you; it learns the same at every speed.",
    "loss": "How far the answers are from the targets: training makes it smaller.",
    "log loss": "Draws the loss so that equal steps upwards are equal factors; small losses can then be told apart.",
    # Data and results
    "training points": "The points that the network learns from.",
    "validation points": "Points to choose by, when to stop for example; the test points then stay unseen.",
    "scaling": "Moves and stretches inputs, and targets that are numbers, to like size, as training points ask for.",
    "test points": "Points that the network never learns from: they show whether it knows more than its examples.",
    "point": "Follows one training point, chosen by its number, through the network.",
    "noise": "How much chance moves the points away from the pattern.",
    "seed": "The number that chance begins with: the same seed gives the same points, weights or order again.",
    "accuracy": "The share of the points that get the right class.",
    "R²": "How well the answers follow the targets: 1 is perfect, 0 is no better than always answering their mean.",
    "discretize": "Shows at each place only what the network decides, not how sure it is; at black lines that changes.",
}
