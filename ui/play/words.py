"""Words: how settings are called in a sentence."""

WORDS = {
    "dataset": "the data set",
    "samples": "the number of samples",
    "noise": "the noise",
    "train_fraction": "the share of training data",
    "validation_fraction": "the share of validation data",
    "scaling": "the scaling",
    "features": "the input features",
    "hidden": "the layers",
    "activation": "the activation",
    "output": "the output",
    "loss": "the loss",
    "initializer": "the initializer",
    "data_seed": "the data",
    "init_seed": "the initial weights",
    "order_seed": "the order of the samples",
    "edits": "the weights set by hand",
    "speed": "the speed",
    "stop": "when training stops by itself",
}


def listed(names: list[str]) -> str:
    """Names of settings, as the end of a sentence lists them."""
    return joined([WORDS.get(name, name.replace("_", " ")) for name in names])


def joined(words: list[str]) -> str:
    """Such as "one, two and three"."""
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
