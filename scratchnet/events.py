"""Events: what was changed on the way, so that a run with changes can be repeated like one without.

An event is (update, changes). `changes` maps live settings to new values, and "edits" to a tuple of edits (layer, unit,
source, value): the weight from unit `source` of the layer before, or the bias where source is None. "points" is what
the Points of the Experiment have become there: some were drawn, moved or erased while it went on.
"""

from collections.abc import Mapping
from typing import Any

from .points import Points
from .settings import LIVE_SETTINGS, WITH_SETTINGS, Settings, checked_live
from .values import listed, number, shown, whole

MAX_CHANGES = 500  # settings and edits in all events together: the link must stay one that can be sent
MAX_EDIT = 1e6  # far beyond any weight that trains, far below the size at which a run counts as diverged
MAX_UPDATE = 10**12 - 1  # twelve digits
POINTS = "points"
MAX_POINT_CHANGES = 2000  # points that come or go in all events together


def checked_edit(edit: object, sizes: tuple[int, ...]) -> tuple[int, int, int | None, float]:
    """One checked edit (layer, unit, source or None for the bias, value) of a network of `sizes`."""
    parts = listed("edit", edit, "[layer, unit, source, value]")
    if len(parts) != 4:
        raise ValueError(f"edit: expected layer, unit, source and value, got {len(parts)} values; give all four.")
    layer = whole("edit: layer", parts[0], 0, len(sizes) - 2)
    unit = whole("edit: unit", parts[1], 0, sizes[layer + 1] - 1)
    source = None if parts[2] is None else whole("edit: source", parts[2], 0, sizes[layer] - 1)
    return layer, unit, source, number("edit: value", parts[3], -MAX_EDIT, MAX_EDIT)


def checked_events(
    events: object, sizes: tuple[int, ...], in_force: dict[str, Any], dataset: Any = None
) -> tuple[tuple[int, Settings], ...]:
    """Checked events, merged to one an update, without what changes nothing: runs that go alike are written alike.

    sizes: those of the network that is edited. in_force: the live settings at update 0, dataset: the data then.
    """
    points_at: dict[int, tuple[Any, Any]] = {}  # update -> data before and after it
    settings_at: dict[int, tuple[dict, dict]] = {}  # update -> live settings before and after it
    edits_at: dict[int, dict] = {}  # update -> (layer, unit, source) -> edit
    last = 0
    for event in listed("events", events, "[[120, {'learning_rate': 0.1}]]"):
        parts = listed("events", event, "[120, {'learning_rate': 0.1}]")
        if len(parts) != 2 or not isinstance(parts[1], Mapping):
            raise ValueError("events: expected an update and its changes, got something else; give [update, changes].")
        update = whole("events: update", parts[0], 0, MAX_UPDATE)
        if update < last:
            raise ValueError(f"events: expected rising updates, got {update} after {last}; sort them.")
        last = update
        changes = dict(parts[1])
        try:
            edits = [
                checked_edit(edit, sizes) for edit in listed("edits", changes.pop("edits", ()), "[[0, 1, 0, 0.5]]")
            ]
            points = checked_points(changes.pop(POINTS, dataset), dataset)
            after = {**in_force, **checked_live(changes, in_force)}
        except ValueError as error:
            raise ValueError(f"events: at update {update}, {error}") from None
        settings_at[update] = (settings_at.get(update, (in_force,))[0], after)
        edits_at.setdefault(update, {}).update({edit[:3]: edit for edit in edits})
        points_at[update] = (points_at.get(update, (dataset,))[0], points)
        in_force, dataset = after, points
    merged, moved = [], 0
    for update, (before, after) in settings_at.items():
        new = {name for name in LIVE_SETTINGS if before[name] != after[name]}
        for kind in WITH_SETTINGS:  # the two say nothing without each other
            if kind in new or f"{kind}_settings" in new:
                new |= {kind, f"{kind}_settings"}
        changes = {name: after[name] for name in LIVE_SETTINGS if name in new}
        if edits_at[update]:
            order = sorted(edits_at[update], key=lambda place: (*place[:2], -1 if place[2] is None else place[2]))
            changes["edits"] = tuple(edits_at[update][place] for place in order)
        there, here = points_at[update]
        if here != there:
            changes[POINTS] = here
            moved += weight_of(there, here) if update else 0
        if changes:
            merged.append((update, Settings(changes)))
    if moved > MAX_POINT_CHANGES:
        raise ValueError(f"events: expected at most {MAX_POINT_CHANGES} points drawn in one run; start a new run.")
    total = sum(_weight(changes) for _, changes in merged)
    if total > MAX_CHANGES:
        raise ValueError(f"events: expected at most {MAX_CHANGES} changes in one run, got {total}; start a new run.")
    return tuple(merged)


def checked_points(points: Any, dataset: Any) -> Any:
    """What the data becomes. ValueError unless it stays, or both are drawn Points that differ in rows alone."""
    if points == dataset:
        return dataset
    if not isinstance(points, Points) or not isinstance(dataset, Points):
        raise ValueError(f"points: expected that only own points change in a run, got {shown(points)}; start anew.")
    if not (dataset.is_drawn and dataset.fits(points)):
        raise ValueError("points: expected points of the same columns and classes, got others; start a new run.")
    return points


def weight_of(old: Points, new: Points) -> int:
    """How many points come or go between the two, as it counts towards MAX_POINT_CHANGES."""
    _, removed, rows = old.splice(new)
    return max(removed, len(rows))


def _weight(changes: Mapping[str, Any]) -> int:
    """How many changes of one update count towards MAX_CHANGES: each setting and each edit is one."""
    return len(changes) - ("edits" in changes) - (POINTS in changes) + len(changes.get("edits", ()))
