# packages: torch==2.13.0 safetensors==0.8.0 numpy==2.4.6 pyyaml==6.0.3
"""Time training iterations of experiments/mel-icon.yaml in Fadein and in PyTorch, and in JAX if it is installed, in turn.

    scripts/python compare_peers.py --rounds 5
    scripts/python compare_peers.py --rounds 3 --variants channels_last,bf16,bf16+channels_last

Each round times every program once at every resolution, so that a machine that changes its speed changes it for all; what
counts is the median over rounds, and the median of the ratios within rounds. Written for humans: a Markdown table. With variants of
the PyTorch program there is also the ratio to the fastest of a round; one whose losses are not finite is marked and does not count.
torch.compile may compile for minutes at each resolution: --variants compile --resolutions 32.

    scripts/python compare_peers.py --experiment experiments/dcgan-64.yaml experiments/sagan-64.yaml --rounds 3

times the last phase of any experiments, in PyTorch built from the resolved spec by peers/torch_spec.py, plain and with channels_last.
"""
import argparse
import json
import math
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

import yaml

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


def compare_experiments(files, args, threads):
    """One row an experiment: milliseconds of an iteration, and the ratio to the faster form of PyTorch in the same round."""
    shared = ["--iterations", str(args.iterations), "--threads", str(args.threads)]
    ratios = []
    print("| experiment | fadein ms | pytorch ms | channels_last ms | times as fast |\n|---|---|---|---|---|")
    for file in files:
        path = pathlib.Path(file).resolve()
        text = subprocess.run([str(ROOT / "fadein"), "plan", str(path), "--resolved"], check=True, capture_output=True, text=True).stdout
        side = str(yaml.safe_load(text)["schedule"]["phases"][-1]["resolution"])
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as spec:
            spec.write(text)
            spec.flush()
            torch = [sys.executable, "scripts/peers/torch_spec.py", "bench", "--spec", spec.name, "--json"] + shared
            programs = [[str(ROOT / "fadein"), "bench", str(path), "--json", "--resolutions", side] + shared, torch,
                        torch + ["--channels-last"]]
            rounds = [[bench(program, threads)[0]["median_ms"] for program in programs] for _ in range(args.rounds)]
        ratios.append(statistics.median(min(row[1:]) / row[0] for row in rounds))
        medians = [statistics.median(column) for column in zip(*rounds)]
        print(f"| {path.name} | " + " | ".join(f"{ms:.1f}" for ms in medians) + f" | {ratios[-1]:.2f} |", flush=True)
    print(f"\ngeometric mean {math.exp(statistics.fmean(math.log(ratio) for ratio in ratios)):.2f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--iterations", type=int, default=5, help="timed iterations a round")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--resolutions", default="4,8,16,32,64,128,256")
    parser.add_argument("--variants", default="", help="of the PyTorch program: channels_last, bf16, compile, with + between them")
    parser.add_argument("--experiment", nargs="+", metavar="FILE", help="experiments whose last phases are timed instead")
    args = parser.parse_args()

    common = ["--resolutions", args.resolutions, "--iterations", str(args.iterations), "--threads", str(args.threads)]
    threads = {**os.environ, "OMP_NUM_THREADS": str(args.threads), "MKL_NUM_THREADS": str(args.threads)}

    if args.experiment:
        return compare_experiments(args.experiment, args, threads)

    def bench_torch(variant):
        return bench([sys.executable, "scripts/peers/torch_peer.py", "bench", "--variant", variant] + common, threads)

    programs = {
        "fadein": lambda: bench([str(ROOT / "fadein"), "bench", "--json"] + common),
        "pytorch": lambda: bench_torch("eager"),
    }
    for variant in filter(None, args.variants.split(",")):
        programs[variant] = lambda variant=variant: bench_torch(variant)
    try:
        import jax  # noqa: F401
        programs["jax"] = lambda: bench_jax(threads)
    except ImportError:
        pass

    times = {name: {} for name in programs}
    peaks, unsound = [], set()
    for number in range(args.rounds):
        for name, program in programs.items():
            print(f"round {number + 1}/{args.rounds}: {name}", file=sys.stderr)
            for row in program():
                times[name].setdefault(row["resolution"], []).append(row["median_ms"])
                if not row.get("finite", True):
                    unsound.add((name, row["resolution"]))
                if name == "fadein":
                    peaks.append(row["peak_gflops"])
                    times.setdefault("gflops", {}).setdefault(row["resolution"], []).append(
                        row["gflops"] * row["median_ms"] * 1e-3)

    peers = [name for name in programs if name != "fadein"]
    variants = [p for p in peers if p != "jax"]
    peak = statistics.median(peaks)
    print(f"{args.threads} threads, {args.rounds} rounds of {args.iterations} iterations, batch 8, peak {peak:.0f} GFLOP/s\n")
    header = ["resolution", "Fadein ms"] + [f"{p} ms" for p in peers] + [f"x {p} (min..max)" for p in peers]
    header += ["x the fastest (min..max)"] * (len(variants) > 1) + ["GFLOP/s", "% of peak"]
    print("| " + " | ".join(header) + " |\n|" + "---|" * len(header))
    logs = {}

    def ratio(name, theirs, ours):
        ratios = [t / o for t, o in zip(theirs, ours)]
        logs.setdefault(name, []).append(math.log(statistics.median(ratios)))
        return f"**{statistics.median(ratios):.2f}** ({min(ratios):.2f}..{max(ratios):.2f})"

    for resolution, ours in times["fadein"].items():
        ours_ms = statistics.median(ours)
        gflops = statistics.median(times["gflops"][resolution]) / ours_ms * 1e3
        row = [str(resolution), f"{ours_ms:.1f}"]
        row += [f"{statistics.median(times[p][resolution]):.0f}" + " (not finite)" * ((p, resolution) in unsound) for p in peers]
        row += [ratio(p, times[p][resolution], ours) for p in peers]
        if len(variants) > 1:
            sound = [times[p][resolution] for p in variants if (p, resolution) not in unsound]
            row.append(ratio("the fastest", [min(round) for round in zip(*sound)], ours))
        row += [f"{gflops:.0f}", f"{100 * gflops / peak:.0f}%"]
        print("| " + " | ".join(row) + " |")
    for name, values in logs.items():
        print(f"\ngeometric mean against {name}: {math.exp(statistics.mean(values)):.2f}")


if __name__ == "__main__":
    main()
