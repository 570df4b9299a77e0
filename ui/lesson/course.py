"""Course: the lessons in their order: the tutorial's steps, and those that go further, with their titles and tasks."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """A step of the tutorial, or a further lesson: its (exact) title, and how many tasks its page has.

    order: the tasks' numbers in links, in the order of the page, where that is another one than 1, 2, 3, ...: a number
    that once stood in a link goes on meaning the same task.
    """

    title: str
    tasks: int
    order: tuple[int, ...] = ()

    def place(self, number: int) -> int:
        """Which task of the page, counted from 1, has this number in links."""
        return self.order.index(number) + 1 if self.order else number


# url path, which is also the file's name in pages/learn -> step, in the tutorial's order
STEPS = {
    "neurons": Step("Implementing Neurons and Activation Functions", 3),
    "forward": Step("Forward Propagation", 3),
    "losses": Step("Implementing Loss Functions", 2),
    "backpropagation": Step("Backpropagation and Gradient Descent", 7),
    "training": Step("Training the Neural Network", 2),
    "evaluation": Step("Evaluating the Model", 7, order=(4, 5, 3, 6, 7, 1, 2)),
}
# Lessons of the same form that go further than the tutorial, after its steps.
FURTHER = {
    "gradient_check": Step("Checking a Gradient, and Finding Bugs by It", 2),
    "learning_rate": Step("The Learning Rate, and Where It Diverges", 3),
    "optimizers": Step("A Race of Five Optimizers", 3),
    "luck": Step("Luck, and How Many Seeds a Claim Needs", 3),
}
LESSONS = STEPS | FURTHER
TASKS = tuple(f"{path}.{place}" for path, step in LESSONS.items() for place in range(1, step.tasks + 1))


def menu_title(path: str) -> str:
    """The lesson as the menu lists it, with the number that stands on its page."""
    return f"{numbered(path)}: {LESSONS[path].title}"


def numbered(path: str) -> str:
    of, word = (STEPS, "Step") if path in STEPS else (FURTHER, "Further lesson")
    return f"{word} {list(of).index(path) + 1}"


def place_of(path: str) -> str:
    return f"{numbered(path)} of {len(STEPS)}" if path in STEPS else numbered(path)
