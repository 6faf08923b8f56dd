# packages: pandas==3.1.1 pyyaml==6.0.4
"""Time `fadein compare` and the same work with pandas in turn, and check that both give the same numbers.

    scripts/python make_comparison.py /tmp/many-runs
    scripts/python time_compare.py /tmp/many-runs --rounds 3

A table in Markdown: the best of the rounds of each, their ratio, and the most memory that a process took. Files are read once before,
so that all come from memory.
"""
import argparse
import csv
import io
import math
import os
import pathlib
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
SOME = ["loss.generator", "loss.discriminator", "swd_mean", "ms_ssim"]
TOLERANCE = 1e-9  # of a mean: both add in another order


def timed(command):
    """Seconds, the most memory of the process and its children in MB, and what it printed."""
    with tempfile.TemporaryFile() as output:
        started = time.perf_counter()
        process = subprocess.Popen(command, stdout=output)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            raise SystemExit(f"time_compare: {' '.join(command)} ended with {process.returncode}")
        output.seek(0)
        return seconds, usage.ru_maxrss * 1024e-6, output.read().decode()


def same(ours, theirs, metrics):
    """Whether both tables have the same numbers, run by run; exits with the first difference."""
    ours, theirs = (list(csv.DictReader(io.StringIO(text))) for text in (ours, theirs))
    if len(ours) != len(theirs):
        raise SystemExit(f"time_compare: {len(ours)} rows against {len(theirs)}")
    for mine, other in zip(ours, theirs):
        if not other["run"].endswith(mine["run"]):
            raise SystemExit(f"time_compare: {mine['run']} stands where {other['run']} should")
        for column in ["seconds", "params.optimizer.adam.rate"] + [f"metrics.{metric}" for metric in metrics]:
            a, b = mine[column], other[column]
            if (a == "") != (b == "") or a and not math.isclose(float(a), float(b), rel_tol=TOLERANCE, abs_tol=1e-12):
                raise SystemExit(f"time_compare: {column} of {mine['run']} is {a}, but {b} with pandas")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", type=pathlib.Path, help="the folder that make_comparison.py wrote")
    parser.add_argument("--name", default="many")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--fadein", default=ROOT / ".build/release/fadein")
    parser.add_argument("--processes", type=int, default=os.cpu_count(), help="of pandas")
    arguments = parser.parse_args()
    sweep = arguments.runs / arguments.name / "v001"
    for path in sweep.rglob("*.*"):
        if path.is_file():
            path.read_bytes()
    print("| what | fadein | pandas | ratio | fadein's memory | memory of one process of pandas |\n|---|---|---|---|---|---|", flush=True)
    cases = [("last of 4 columns", "last", SOME), ("min of 4 columns", "min", SOME), ("mean of 4 columns", "mean", SOME),
             ("last of all columns", "last", None), ("mean of all columns", "mean", None)]
    for title, at, metrics in cases:
        ours = [str(arguments.fadein), "compare", arguments.name, "--runs", str(arguments.runs), "--no-group", "--csv", "-", "--at", at]
        theirs = [sys.executable, str(ROOT / "scripts/compare_pandas.py"), str(sweep), "--at", at, "--processes", str(arguments.processes)]
        if metrics:
            ours += ["--columns", "params.*," + ",".join(f"metrics.{metric}" for metric in metrics)]
            theirs += ["--metrics", ",".join(metrics)]
        best = {}
        for _ in range(arguments.rounds):
            outcomes = {"fadein": timed(ours), "pandas": timed(theirs)}
            for name, (seconds, memory, text) in outcomes.items():
                old = best.get(name, (math.inf, 0))
                best[name] = (min(old[0], seconds), max(old[1], memory))
            header = outcomes["fadein"][2].split("\n", 1)[0].split(",")
            same(outcomes["fadein"][2], outcomes["pandas"][2], [name[8:] for name in header if name.startswith("metrics.")])
        (fast, small), (slow, large) = best["fadein"], best["pandas"]
        print(f"| {title} | {fast:.2f} s | {slow:.2f} s | {slow / fast:.1f} | {small:.0f} MB | {large:.0f} MB |", flush=True)


if __name__ == "__main__":
    main()
