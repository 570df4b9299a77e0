"""Widgets of AppTest by the name that the app gives them."""


def named(widgets, name: str):
    """The widget of this name: its key also counts how often something else has changed its value, see ui/following."""
    (found,) = [widget for widget in widgets if str(widget.key).split(":")[0] == name]
    return found
