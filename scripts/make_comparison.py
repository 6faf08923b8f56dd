"""Write a sweep of many finished runs to try `fadein compare` on: a grid of two settings, each with several seeds.

    scripts/python make_comparison.py /tmp/many-runs --runs 1000 --rows 6000        # about 1 GB, half a minute
    ./fadein compare many --runs /tmp/many-runs
    scripts/python make_comparison.py /tmp/many-names --runs 100000 --names 1000 --rows 20    # 5 GB of small files, some minutes
    ./fadein list --runs /tmp/many-names

Files and columns are those of real runs; numbers wander at random. The same --seed gives the same bytes.
"""
import argparse
import hashlib
import json
import math
import pathlib
import random
import struct

METRICS = ("iteration,images,phase,resolution,alpha,rate.generator,rate.discriminator,loss.generator,loss.discriminator,"
           "loss.generator.wasserstein,loss.discriminator.wasserstein,loss.discriminator.gradient_penalty,"
           "loss.discriminator.drift,score.real,score.fake,gradient_norm")
MEASURED = METRICS.count(",") + 1 - 7
EVALUATIONS = ("iteration,images,phase,resolution,seed,count.drawn,count.real,swd_16,swd_32,swd_mean,count.swd,ms_ssim,nearest,copies,"
               "floor.swd_16,floor.swd_32,floor.swd_mean,floor.ms_ssim,floor.nearest")
TIMING = "iteration,seconds,iteration_ms,images_per_second,resident_mb"
PHASES = "phase,resolution,fade,hold,first_iteration,last_iteration,images,seconds"
EVENTS = "time,iteration,event,detail"
BATCH, EVERY, EVALUATE = 16, 10, 2500
WEIGHTS, RATES = [1, 3, 10, 30, 100], ["0.0001", "0.0003", "0.001", "0.003", "0.01"]

SPEC = """version: 1
name: {name}
seed: {seed}
data:
  folder: /data/icons
  resolution: 32
  fit: squash
  exclude: []
  augment: {{}}
generator:
  latent: 64
  latent_form: grid
  latent_norm: false
  widths: [64, 64, 32, 16]
  pixel_norm:
    place: before_activation
    form: epsilon_outside
    epsilon: 1e-7
  equalized_rate: input
  padding: reflect
  leak: 0.2
  output: sigmoid
  average: 0.995
discriminator:
  top: 64
  widths: [64, 64, 32, 16]
  minibatch_deviation: true
  minibatch_group: 0
  minibatch_estimator: unbiased
  pixel_norm:
    place: before_activation
    form: epsilon_outside
    epsilon: 1e-7
  equalized_rate: input
  padding: reflect
  leak: 0.2
  from_rgb_activation: false
schedule:
  batch: {batch}
  order: generator_first
  blend_reals: false
  phases:
    - {{resolution: 4, fade: 0, hold: {first}}}
    - {{resolution: 32, fade: 0, hold: {second}}}
optimizer:
  adam:
    rate: {rate}
    beta1: 0
    beta2: 0.99
    epsilon: 1e-8
  reset: never
  drops: []
loss:
  generator:
    wasserstein: {{}}
  discriminator:
    wasserstein: {{}}
    gradient_penalty:
      weight: {weight}
      target: 1
    drift:
      weight: 0.001
record:
  metrics: {every}
  samples:
    every: 250
    count: 16
  checkpoints:
    every: 1000
    keep: 2
    phases: false
  evaluate:
    every: {evaluate}
    images: 2048
    metrics: [swd, ms_ssim, memorisation]
watch: []
"""


def shortest(value):
    """The shortest decimal that reads back the same 32-bit float, as Fadein writes it."""
    value = struct.unpack("f", struct.pack("f", value))[0]
    for digits in range(6, 10):
        text = f"{value:.{digits}g}"
        if struct.unpack("f", struct.pack("f", float(text)))[0] == value:
            return text if "." in text or "e" in text else text + ".0"
    return repr(value)


def walks(source, count, columns):
    """Rows of texts: `columns` numbers that wander."""
    values, rows = [source.uniform(-2, 2) for _ in range(columns)], []
    for _ in range(count):
        values = [0.999 * value + source.gauss(0, 0.05) for value in values]
        rows.append(",".join(shortest(value) for value in values))
    return rows


def metrics(rows, pool, offset):
    """The text of metrics.csv: `rows` rows, their measured cells from `pool` on from `offset`."""
    lines = [METRICS]
    for row in range(1, rows + 1):
        phase, side = (1, 4) if row <= rows // 2 else (2, 32)
        lines.append(f"{row * EVERY},{row * EVERY * BATCH},{phase},{side},1.0,0.0005,0.0005,{pool[offset + row]}")
    return "\n".join(lines) + "\n"


def evaluations(rows, source):
    """The text of evaluations.csv."""
    lines, last = [EVALUATIONS], rows * EVERY
    for iteration in sorted({*range(EVALUATE, last + 1, EVALUATE), last}):
        fine = iteration > last // 2
        distances = [source.uniform(5, 40) for _ in range(2)] if fine else []
        cells = [shortest(value) for value in distances + [sum(distances) / 2]] if fine else ["", "", ""]
        cells += ["320"] if fine else [""]
        cells += [shortest(source.uniform(0.1, 0.4)) if fine else ""]
        cells += [shortest(source.uniform(20, 30)), shortest(source.uniform(0, 0.1))]
        cells += ["3.1", "4.2", "3.65", "0.21", "24.5"] if fine else ["", "", "", "", "24.5"]
        place = [str(iteration), str(iteration * BATCH), "2" if fine else "1", "32" if fine else "4", "0", "2048", "640"]
        lines.append(",".join(place + cells))
    return "\n".join(lines) + "\n"


def timing(rows, speed):
    lines = [TIMING]
    for row in range(1, rows + 1):
        lines.append(f"{row * EVERY},{row * speed!r},{speed * 100!r},{BATCH / speed * 10!r},135.3")
    return "\n".join(lines) + "\n"


def write(folder, number, arguments, pool):
    """One run."""
    point, seed = divmod(number, arguments.seeds)
    settings = {"rate": RATES[point % len(RATES)], "weight": WEIGHTS[point // len(RATES) % len(WEIGHTS)]}
    if point >= len(RATES) * len(WEIGHTS):
        settings["rate"] = repr(round(float(settings["rate"]) * (1 + point / 1000), 10))
    source = random.Random(f"{arguments.seed} {number}")
    rows, last = arguments.rows, arguments.rows * EVERY
    spec = SPEC.format(name=arguments.name, seed=seed, batch=BATCH, every=EVERY, evaluate=EVALUATE, first=last // 2,
                       second=last - last // 2, **settings)
    trial = f"t{number + 1:04}"
    if arguments.names:
        name, version = f"{arguments.name}-{number % arguments.names:05}", number // arguments.names + 1
        run = arguments.out / name / f"v{version:03}"
    else:
        name, version, run = arguments.name, 1, folder / "trials" / trial
    run.mkdir(parents=True)
    started = f"2026-11-{1 + number // 96 % 28:02}T{number // 4 % 24:02}:{number % 4 * 15:02}:00.000Z"
    manifest = {
        "cpu": "generated", "created": started, "dataset_hash": None, "fadein_version": "0.1.0", "finished": started,
        "format_version": 1, "git_commit": None, "git_dirty": None, "host": "generated",
        "id": f"{name}/v{version:03}" + ("" if arguments.names else f"/{trial}"), "iterations": last, "label": None, "name": name,
        "seed": seed,
        "spec_hash": hashlib.sha256(spec.encode()).hexdigest(), "threads": 2, "version": version,
        "sweep": None if arguments.names else f"{name}/v001", "trial": None if arguments.names else number + 1,
    }
    speed = source.uniform(0.04, 0.06)
    half = rows // 2
    texts = {
        "spec.yaml": spec,
        "source.yaml": spec,
        "run.json": json.dumps(manifest, indent=2, sort_keys=True) + "\n",
        "metrics.csv": metrics(rows, pool, source.randrange(len(pool) - rows - 1)),
        "evaluations.csv": evaluations(rows, source),
        "timing.csv": timing(rows, speed),
        "phases.csv": f"{PHASES}\n1,4,0,{half * EVERY},1,{half * EVERY},{half * EVERY * BATCH},{half * speed!r}\n"
                      f"2,32,0,{last - half * EVERY},{half * EVERY + 1},{last},{(rows - half) * EVERY * BATCH},{(rows - half) * speed!r}\n",
        "events.csv": f"{EVENTS}\n{started},0,start,{last} iterations\n{started},{last},finish,\n",
        "generator.safetensors": "",
        "log.txt": "",
    }
    for name, text in texts.items():
        (run / name).write_text(text)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=pathlib.Path, help="the new folder of runs")
    parser.add_argument("--name", default="many", help="the sweep's name")
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--names", type=int, default=0, help="so many names with versions instead of a sweep with trials")
    parser.add_argument("--rows", type=int, default=6000, help="rows of metrics.csv in each run")
    parser.add_argument("--seeds", type=int, default=5, help="repeats of each set of values")
    parser.add_argument("--seed", type=int, default=0, help="of the random numbers")
    arguments = parser.parse_args()
    folder = arguments.out / arguments.name / "v001"
    first = arguments.out / f"{arguments.name}-00000" if arguments.names else folder
    if first.exists():
        raise SystemExit(f"make_comparison: {first} is there already")
    if not arguments.names:
        folder.mkdir(parents=True)
        (folder / "sweep.yaml").write_text(f"version: 1\nname: {arguments.name}\n")
    pool = walks(random.Random(arguments.seed), arguments.rows + max(4000, math.isqrt(arguments.runs) * 500), MEASURED)
    for number in range(arguments.runs):
        write(folder, number, arguments, pool)
    size = sum(path.stat().st_size for path in arguments.out.rglob("metrics.csv"))
    print(f"{arguments.runs} runs in {arguments.out}, {size / 1e6:.0f} MB of metrics.csv")


if __name__ == "__main__":
    main()
