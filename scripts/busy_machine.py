# packages:
"""Time training iterations beside a program that keeps one processor busy, with one thread and with all, in turn.

    scripts/python busy_machine.py --rounds 5

What counts is the median of the ratios within rounds: above 1, all threads are slower than one. A Markdown table.
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent


def bench(spec, threads, args):
    command = [str(ROOT / "fadein"), "bench", spec, "--json", "--threads", str(threads), "--iterations", str(args.iterations)]
    if args.resolutions:
        command += ["--resolutions", args.resolutions]
    output = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout
    return {row["resolution"]: row["median_ms"] for row in map(json.loads, output.splitlines())}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("spec", nargs="?", default="experiments/mel-icon.yaml")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--iterations", type=int, default=15)
    parser.add_argument("--resolutions", default="4,8,16,32")
    parser.add_argument("--quiet", action="store_true", help="without the busy program, to compare")
    parser.add_argument("--pin", action="store_true", help="the busy program stays on one processor")
    args = parser.parse_args()

    threads = os.cpu_count()
    busy = None
    if not args.quiet:
        busy = subprocess.Popen([sys.executable, "-c", "while True: pass"])
        if args.pin:
            os.sched_setaffinity(busy.pid, {max(os.sched_getaffinity(0))})
    try:
        times = {}
        for number in range(args.rounds):
            print(f"round {number + 1}/{args.rounds}", file=sys.stderr)
            for count in (1, threads):
                for resolution, milliseconds in bench(args.spec, count, args).items():
                    times.setdefault(resolution, {}).setdefault(count, []).append(milliseconds)
    finally:
        if busy:
            busy.kill()

    print(f"| resolution | 1 thread ms | {threads} threads ms | ratio (min..max) |\n|---|---|---|---|")
    for resolution, row in times.items():
        ratios = [all_threads / one for one, all_threads in zip(row[1], row[threads])]
        print(f"| {resolution} | {statistics.median(row[1]):.1f} | {statistics.median(row[threads]):.1f} "
              f"| **{statistics.median(ratios):.2f}** ({min(ratios):.2f}..{max(ratios):.2f}) |")


if __name__ == "__main__":
    main()
