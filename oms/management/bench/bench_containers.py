"""How full containers become in so many seconds each, beside one greedy pass and the best known; all checked."""

import time

import numpy as np

from fulfilment.packing.check import faults, floating
from fulfilment.packing.goods import Box, Packed
from fulfilment.packing.load import load
from oms.management.bench import packing_files

OPTIONS = ("file", "best", "instances", "seconds", "seed")


def add_arguments(parser):
    """Take a file of the OR-Library, and how long each of its problems may take."""
    parser.add_argument("file", help="thpack1 … thpack8 or br9 of the OR-Library, plain or .gz")
    parser.add_argument("--best", help="CSV: problem, best_known_utilisation_pct (or best_known_NAME.csv beside)")
    parser.add_argument("--instances", type=int, help="how many of its problems, evenly spread (all)")
    parser.add_argument("--seconds", type=float, default=1.0, help="CPU seconds of this process for each")
    parser.add_argument("--seed", type=int, default=1, help="of the noise")


def run(bench, *, scale=1.0, file, best=None, instances=None, seconds=1.0, seed=1):
    """Add the mean filling in percent; the time is this process's CPU time, which others on the machine do not eat."""
    problems = packing_files.containers(file, best=best)
    count = min(len(problems), instances or max(1, round(len(problems) * scale)))
    chosen = [problems[i * len(problems) // count] for i in range(count)]
    bench.add(instances=count, cpu_seconds_each=seconds, seed=seed)
    percents, greedy, spent, tally = [], [], [], {"faulty": 0, "pieces": 0, "pieces_resting_on_too_little": 0}
    for problem in chosen:
        greedy.append(_percent(problem, load(problem.size, problem.cargo, seconds=0, seed=seed)))
        began = time.process_time()
        loaded = load(problem.size, problem.cargo, seconds=seconds, seed=seed)
        spent.append(time.process_time() - began)
        percents.append(_percent(problem, loaded))
        _check(problem, loaded, tally)
        name = f"problem {problem.number}"
        bench.instance(name, round(percents[-1], 3), ms=spent[-1] * 1000, reference=problem.best_percent)
    known = [problem.best_percent for problem in chosen if problem.best_percent is not None]
    bench.add(utilisation_percent=float(np.mean(percents)), lowest_percent=min(percents))
    bench.add(greedy_percent=float(np.mean(greedy)), cpu_s_mean=float(np.mean(spent)), cpu_s_max=max(spent), **tally)
    if known:
        bench.add(best_known_percent=float(np.mean(known)))


def _percent(problem, loaded):
    return 100 * loaded.volume / float(np.prod(problem.size))


def _check(problem, loaded, tally):
    """Have the checker look; published problems do not ask that boxes rest on something, so that is only counted."""
    pieces = [some.piece for some in problem.cargo for _ in range(some.quantity)]
    packed = Packed(Box("container", problem.size, problem.size), problem.size, loaded.placed, 0)
    numbers = [one.piece for one in loaded.placed]
    volume = sum(pieces[number].volume for number in numbers)
    is_same = volume == loaded.volume and len(set(numbers)) == len(numbers)
    tally["faulty"] += not is_same or bool(faults(packed, pieces, rests=False))
    tally["pieces"] += len(numbers)
    tally["pieces_resting_on_too_little"] += len(floating(packed))
