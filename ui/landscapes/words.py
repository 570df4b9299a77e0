"""Words: what is said of the run, the plane, the path and the loss, and what is read aloud in place of the pictures."""

import numpy as np

import scratchnet as sn
from scratchnet import landscape as sl
from ui import labels
from ui.kit.numbers import percent, text
from ui.landscapes.choices import OF_PARAMETERS, Chosen
from ui.landscapes.pictures import Scene, Way
from ui.landscapes.still import Still, parameter_name
from ui.play.playground import Playground
from ui.terms import SCALED_LOSS


def which_run(pg: Playground, now: Still) -> str:
    run = now.run
    said = f"This is the run on the playground at update {run.update:,}: {'-'.join(map(str, run.network.sizes))}, "
    said += f"{run.network.n_parameters:,} weights and biases, {len(run.x_train):,} training points."
    if pg.playing:
        said += " It plays, and stands still while you are here."
    if run.status == "diverged":
        said += " The next update makes its numbers unusable: it has diverged."
    return said


def axes(now: Still, chosen: Chosen, plane: sl.LossPlane) -> tuple[str, str]:
    if plane.shares is not None:
        first, second = (percent(share) for share in plane.shares)
        return f"direction 1 ({first} of the variance)", f"direction 2 ({second} of the variance)"
    if chosen.plane == OF_PARAMETERS:
        across, up = (parameter_name(now, place) for place in chosen.places)
        return across, up
    return "random direction 1", "random direction 2"


def about_the_plane(now: Still, chosen: Chosen, plane: sl.LossPlane) -> str:
    """What the plane is, and what is held fixed."""
    count = now.network.n_parameters
    if plane.shares is not None:
        first, second = (percent(share) for share in plane.shares)
        said = (
            f"**The plane of the path** goes through the present along the two directions in which the "
            f"{len(now.path.updates):,} moments of this run spread most: {first} and {second} of "
            "their variance (principal components). "
        )
        if not plane.shares[1]:
            said += "They lie on one line, so the second direction is that of a single weight. "
        return said + f"What the other {max(count - 2, 0):,} directions of the weights say is held as it is at present."
    if chosen.plane == OF_PARAMETERS:
        across, up = (labels.literal(parameter_name(now, place)) for place in chosen.places)
        return (
            f"**Two numbers of the network** vary, {across} and {up}. The other {count - 2:,} weights and biases are "
            "held as they are at present."
        )
    return (
        f"**Two random directions** from the present, seed {chosen.seed}, {round(plane.angle)}° apart. They are "
        "filter-normalised (Li et al. 2018): at 1 on an axis each unit's weights have changed by as much as they are "
        "large. Biases are held as they are at present, and so is all that is in no direction drawn."
    )


def about_the_path(now: Still, plane: sl.LossPlane, way: Way) -> str:
    """How far the path lies off the plane, and what the picture makes of that."""
    length = now.path.length
    if not length:
        return "The run stands where it began: there is no path yet, only the present."
    farthest = int(np.argmax(way.off))
    most, last = (percent(way.off[number] / length) for number in (farthest, -1))
    said = (
        f"The path is {text(length)} long, from moment to moment. It lies off this plane by {most} of that at most, at "
        f"update {way.updates[farthest]:,}, and by {last} at present. Each moment is drawn at the place of the plane "
        "nearest to it and, on the surface, at its own loss: where the two part, the path lies off the plane."
    )
    if now.path.unmarked:
        said += f" {now.path.unmarked:,} changes by hand are not marked: it would take too long to go back to them."
    return said


def about_the_branches(now: Still, ways: list[Way]) -> str:
    """Where the other branches end, and which of them are not drawn."""
    said = [
        f"The branch “{way.name}” leaves its parent at update {way.updates[0]:,} and ends at update "
        f"{way.updates[-1]:,}, loss {text(way.losses[-1])}; it lies off this plane by {text(way.off.max())} at most."
        for way in ways[1:]
    ]
    if now.missing:
        branches = "1 other branch is" if now.missing == 1 else f"{now.missing} other branches are"
        said.append(f"{branches} not drawn: go there once on the playground.")
    return " ".join(said)


def about_the_loss(now: Still, chosen: Chosen, plane: sl.LossPlane) -> str:
    """Which loss it is, and how steep it is at the present."""
    run, settings = now.run, now.run.settings
    l1, l2 = (settings.l1, settings.l2) if chosen.penalties else (0.0, 0.0)
    if ("gradient", chosen.penalties) not in now.figures:
        with np.errstate(all="ignore"):
            forward = run.network.forward(run.x_train)
            made = sn.backpropagate(run.network, forward, run.y_train, settings.loss, l1, l2).gradient
        now.figures["gradient", chosen.penalties] = made
    gradient = now.figures["gradient", chosen.penalties]
    with np.errstate(all="ignore"):
        whole, across, up = np.linalg.norm(gradient), gradient.dot(plane.across), gradient.dot(plane.up)
    said = f"Loss: {labels.loss_title(settings.loss).lower()} of the {len(run.x_train):,} training points"
    said += ", with the penalties L1 and L2 on top." if chosen.penalties else "."
    if (settings.l1 or settings.l2) and not chosen.penalties:
        said += " Training goes down on it with the penalties added, so it need not end at a lowest place here."
    said += f" At present its slope is {text(across)} across and {text(up)} up; "
    said += f"the whole gradient has length {text(float(whole))}."
    if any("points" in changes for at, changes in run.experiment.events if at <= run.update):
        said += " Points were drawn while it learned: everywhere, it is the loss of the points as they are now."
    if run.dataset.target_scale is not None:
        said += f" {SCALED_LOSS}"
    return said


def alt(scene: Scene) -> str:
    """What both pictures show, for whoever hears the page."""
    s, t, losses, axes, way = scene.s, scene.t, scene.losses, scene.axes, scene.ways[0]
    finite = np.where(np.isfinite(losses), losses, np.inf)
    row, column = np.unravel_index(int(np.argmin(finite)), losses.shape)
    lowest = f"{text(losses[row, column])}, at ({text(s[column])}, {text(t[row])})"
    said = (
        f"the training loss on a plane, {axes[0]} across from {text(s[0])} to {text(s[-1])}, {axes[1]} up from "
        f"{text(t[0])} to {text(t[-1])}. It is lowest, {lowest}. "
    )
    (x0, y0), (x1, y1) = way.places[0], way.places[-1]
    if len(way.updates) == 1:
        return said + f"The run is at ({text(x1)}, {text(y1)}), loss {text(way.losses[-1])}."
    for other in scene.ways[1:]:
        (x, y), loss = other.places[-1], other.losses[-1]
        said += f"The branch {other.name} ends at ({text(x)}, {text(y)}), loss {text(loss)}. "
    return said + (
        f"The run's path leads from ({text(x0)}, {text(y0)}), loss {text(way.losses[0])}, to ({text(x1)}, "
        f"{text(y1)}) at update {way.updates[-1]:,}, loss {text(way.losses[-1])}."
    )
