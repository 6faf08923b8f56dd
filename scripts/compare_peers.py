# packages: torch==2.13.0 safetensors==0.8.0 numpy==2.4.6
"""Time training iterations of experiments/mel-icon.yaml in Fadein and in PyTorch, and in JAX if it is installed, in turn.

    scripts/python compare_peers.py --rounds 5

Each round times every program once at every resolution, so that a machine that changes its speed changes it for all; what
counts is the median over rounds, and the median of the ratios within rounds. Written for humans: a Markdown table.
"""
import argparse
import json
import math
import os
import pathlib
import statistics
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent


def bench(command, environment=None):
    output = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT, env=environment).stdout
    return [json.loads(line) for line in output.splitlines() if line.startswith("{")]


def bench_jax(environment):
    """The JAX peer times every resolution and says so in words."""
    output = subprocess.run([sys.executable, "scripts/peers/jax_peer.py"], check=True, capture_output=True, text=True, cwd=ROOT,
                            env=environment).stdout
    rows = [line.split() for line in output.splitlines() if "median ms" in line]
    return [{"resolution": int(row[0]), "median_ms": float(row[-1])} for row in rows]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--iterations", type=int, default=5, help="timed iterations a round")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--resolutions", default="4,8,16,32,64,128,256")
    args = parser.parse_args()

    common = ["--resolutions", args.resolutions, "--iterations", str(args.iterations), "--threads", str(args.threads)]
    threads = {**os.environ, "OMP_NUM_THREADS": str(args.threads), "MKL_NUM_THREADS": str(args.threads)}
    programs = {
        "fadein": lambda: bench([str(ROOT / "fadein"), "bench", "--json"] + common),
        "pytorch": lambda: bench([sys.executable, "scripts/peers/torch_peer.py", "bench"] + common, threads),
    }
    try:
        import jax  # noqa: F401
        programs["jax"] = lambda: bench_jax(threads)
    except ImportError:
        pass

    times = {name: {} for name in programs}
    peaks = []
    for number in range(args.rounds):
        for name, program in programs.items():
            print(f"round {number + 1}/{args.rounds}: {name}", file=sys.stderr)
            for row in program():
                times[name].setdefault(row["resolution"], []).append(row["median_ms"])
                if name == "fadein":
                    peaks.append(row["peak_gflops"])
                    times.setdefault("gflops", {}).setdefault(row["resolution"], []).append(
                        row["gflops"] * row["median_ms"] * 1e-3)

    peers = [name for name in programs if name != "fadein"]
    peak = statistics.median(peaks)
    print(f"{args.threads} threads, {args.rounds} rounds of {args.iterations} iterations, batch 8, peak {peak:.0f} GFLOP/s\n")
    header = ["resolution", "Fadein ms"] + [f"{p} ms" for p in peers] + [f"x {p} (min..max)" for p in peers] + ["GFLOP/s", "% of peak"]
    print("| " + " | ".join(header) + " |\n|" + "---|" * len(header))
    logs = {p: [] for p in peers}
    for resolution, ours in times["fadein"].items():
        ratios = {p: [t / o for t, o in zip(times[p][resolution], ours)] for p in peers}
        for p in peers:
            logs[p].append(math.log(statistics.median(ratios[p])))
        ours_ms = statistics.median(ours)
        gflops = statistics.median(times["gflops"][resolution]) / ours_ms * 1e3
        row = [str(resolution), f"{ours_ms:.1f}"] + [f"{statistics.median(times[p][resolution]):.0f}" for p in peers]
        row += [f"**{statistics.median(ratios[p]):.2f}** ({min(ratios[p]):.2f}..{max(ratios[p]):.2f})" for p in peers]
        row += [f"{gflops:.0f}", f"{100 * gflops / peak:.0f}%"]
        print("| " + " | ".join(row) + " |")
    for p in peers:
        print(f"\ngeometric mean against {p}: {math.exp(statistics.mean(logs[p])):.2f}")


if __name__ == "__main__":
    main()
