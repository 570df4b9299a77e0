"""Presets: what comes out of the comparisons of pages/lab/compare.py from ten seeds, and whether their texts say so.

`python -m benchmarks.presets`; with names of presets, such as `depth`, these alone. Exit code 1 where a text is wrong.
"""

import sys

from ui.compare.presets import PRESETS, SEEDS


def main(names: list[str]) -> int:
    wrong = 0
    for name in names or PRESETS:
        preset = PRESETS[name]
        failed = []
        for seed in SEEDS:
            runs = preset.runs(seed)
            held = preset.holds(runs)
            failed += [] if held else [seed]
            ends = [(one.train_loss, one.test_loss, one.train_score, one.test_score) for one in map(_evaluated, runs)]
            print(f"{name} seed {seed}:", *("{:.4f}/{:.4f} {:.0%}/{:.0%}".format(*end) for end in ends), held, sep="  ")
        is_said = tuple(failed) == preset.fails
        wrong += not is_said
        print(
            f"{name}: held in {len(SEEDS) - len(failed)} of {len(SEEDS)}",
            "" if is_said else "- THE TEXT SAYS OTHERWISE",
        )
    return int(wrong > 0)


def _evaluated(run):
    return run.evaluate()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
