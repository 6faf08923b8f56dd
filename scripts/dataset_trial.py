# packages: numpy==2.4.6 pillow==13.0.0
"""Plant look-alikes, copies, damaged and irregular files among icons, and count what `fadein dataset inspect` finds of them.

    scripts/python dataset_trial.py make --icons data/icons --out DIR --seed N
    scripts/python dataset_trial.py score DIR FOLDER_WITH_DATASET_CSV

`make` writes 640 icons, 60 planted look-alikes in groups of 3 to 9 (the icon itself counts), 20 exact copies under other names
(half of them saved anew), 30 damaged files and 21 irregular images, all under names that tell nothing, and truth.csv beside them.
"""
import argparse
import csv
import io
import pathlib

import numpy as np
from PIL import Image, ImageDraw

KINDS = ["stroke", "shift", "compression", "color"]


def stroke(icon, rng):
    """One bowed black line of 24 to 72 pixels, as thick as the icon's own."""
    length, angle, width = rng.uniform(24, 72), rng.uniform(0, 2 * np.pi), int(rng.integers(3, 6))
    x, y = rng.uniform(60, 200, 2)
    bow = rng.uniform(-0.3, 0.3) * length
    points = []
    for s in np.linspace(-0.5, 0.5, 12):
        along, across = length * s, 2 * bow * s * (1 - s)
        points.append((x + along * np.cos(angle) - across * np.sin(angle), y + along * np.sin(angle) + across * np.cos(angle)))
    changed = icon.copy()
    ImageDraw.Draw(changed).line(points, fill=(0, 0, 0), width=width, joint="curve")
    return changed


def shift(icon, rng):
    """Moved by up to 4 pixels in both directions, the border repeated."""
    dx, dy = 0, 0
    while dx == 0 and dy == 0:
        dx, dy = rng.integers(-4, 5, 2)
    wide = np.pad(np.asarray(icon), ((4, 4), (4, 4), (0, 0)), mode="edge")
    return Image.fromarray(wide[4 + dy:260 + dy, 4 + dx:260 + dx])


def compression(icon, rng):
    """Through JPEG of quality 40 to 90, or 12 to 32 colors."""
    if rng.random() < 0.3:
        return icon.quantize(int(rng.integers(12, 33))).convert("RGB")
    data = io.BytesIO()
    icon.save(data, "JPEG", quality=int(rng.integers(40, 90)))
    return Image.open(data).convert("RGB")


def color(icon, rng):
    """Each channel by 0.94 to 1.06, and up to 6 levels more or less."""
    changed = np.asarray(icon) * rng.uniform(0.94, 1.06, 3) + rng.uniform(-6, 6, 3)
    return Image.fromarray(np.clip(changed, 0, 255).astype(np.uint8))


def irregular(number, icons, rng):
    """Noise as of a photograph (7), text (5), black (3), inverted icons (6)."""
    if number < 7:
        smooth = sum(np.asarray(Image.fromarray(rng.integers(0, 256, (s, s, 3), dtype=np.uint8)).resize((256, 256), Image.BICUBIC),
                                float) for s in (4, 8, 16)) / 3
        return "noise", Image.fromarray(np.clip(smooth + rng.normal(0, rng.uniform(4, 30), (256, 256, 3)), 0, 255).astype(np.uint8))
    if number < 12:
        page = Image.new("RGB", (256, 256), "white")
        draw = ImageDraw.Draw(page)
        letters = "abcdefghijklmnopqrstuvwxyz       "
        for line in range(int(rng.integers(12, 20))):
            draw.text((8, 6 + 12 * line), "".join(rng.choice(list(letters), 40)), fill="black")
        return "text", page
    if number < 15:
        return "black", Image.fromarray(rng.integers(0, 4, (256, 256, 3), dtype=np.uint8))
    return "inverted", Image.fromarray(255 - np.asarray(icons[int(rng.integers(len(icons)))]))


def damage(data, number, rng):
    """Cut off (12), bytes overwritten (8), no image at all (5), empty (1), checksum of a chunk wrong (4)."""
    if number < 12:
        return data[:int(len(data) * rng.uniform(0.02, 0.95))]
    if number < 20:
        changed = bytearray(data)
        start = int(rng.integers(100, len(data) // 2))
        changed[start:start + 64] = rng.integers(0, 256, 64, dtype=np.uint8).tobytes()
        return bytes(changed)
    if number < 25:
        return [b"GIF89a" + bytes(64), b"\xff\xd8\xff\xe0" + bytes(64), b"<html></html>", bytes(500), b"\x89PNG"][number - 20]
    if number == 25:
        return b""
    changed = bytearray(data)
    changed[29 + number % 4] ^= 0x5a  # the checksum of IHDR
    return bytes(changed)


def make(args):
    rng = np.random.default_rng(args.seed)
    paths = sorted(args.icons.glob("*.png"))
    icons = [Image.open(path).convert("RGB") for path in paths]
    args.out.mkdir(parents=True)
    images = args.out / "images"
    images.mkdir()
    rows = []
    names = iter(rng.permutation(100_000))

    def add(data, kind, origin):
        name = f"{next(names):05d}.png"
        (images / name).write_bytes(data)
        rows.append((name, kind, origin))
        return name

    def png(image, **options):
        data = io.BytesIO()
        image.save(data, "PNG", **options)
        return data.getvalue()

    own = {}
    for path in paths:
        own[path] = add(path.read_bytes(), "icon", "")
    order = [int(i) for i in rng.permutation(len(paths))]
    left, kind = 60, 0
    while left > 0:
        planted = min(int(rng.integers(2, 9)), left)
        if left - planted == 1:
            planted += 1 if planted < 8 else -1
        origin = order.pop()
        for _ in range(planted):
            changed = icons[origin]
            while np.array_equal(changed, icons[origin]):  # a black stroke on black hair is a copy
                changed = globals()[KINDS[kind % 4]](icons[origin], rng)
            add(png(changed), KINDS[kind % 4], own[paths[origin]])
            kind += 1
        left -= planted
    for number in range(20):
        origin = order.pop()
        data = paths[origin].read_bytes() if number % 2 == 0 else png(icons[origin], compress_level=1)
        add(data, "copy", own[paths[origin]])
    for number in range(30):
        add(damage(paths[order.pop()].read_bytes(), number, rng), "damaged", "")
    for number in range(21):
        kind, image = irregular(number, icons, rng)
        add(png(image), kind, "irregular")
    with open(args.out / "truth.csv", "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["name", "kind", "origin"])
        writer.writerows(sorted(rows))
    print(f"{len(rows)} files in {images}")


def score(args):
    truth = {row["name"]: row for row in csv.DictReader(open(args.trial / "truth.csv"))}
    found = {row["path"]: row for row in csv.DictReader(open(args.inspection / "dataset.csv"))}
    assert truth.keys() == found.keys(), "not the same files"

    def named(*kinds):
        return [name for name, row in truth.items() if row["kind"] in kinds]

    def family(name):
        return truth[name]["origin"] or name

    # A planted look-alike is grouped rightly if its group holds its icon. (A copy of an image is in that image's place.)
    right = [n for n in named(*KINDS) if found[n]["group"] and found[n]["group"] == found[truth[n]["origin"]]["group"]]
    for kind in KINDS:
        print(f"  {kind:12} {sum(n in right for n in named(kind)):3} of {len(named(kind))}")
    planted_groups = {found[n]["group"] for n in named(*KINDS)} - {""}
    originals = {truth[n]["origin"] for n in named(*KINDS)}
    strangers = [n for n in named("icon") if n not in originals and found[n]["group"] in planted_groups and found[n]["group"]]
    groups = {}
    for name in named("icon"):
        if found[name]["group"]:
            groups.setdefault(found[name]["group"], []).append(name)
    among = sum(len(names) for names in groups.values() if len(names) > 1)
    copies = sum(found[n]["standing"] == "copy" and found[n]["copy_of"] == truth[n]["origin"]
                 or found[truth[n]["origin"]]["copy_of"] == n for n in named("copy"))
    false_copies = sum(found[n]["standing"] == "copy" for n in named("icon", *KINDS)) - sum(
        found[truth[n]["origin"]]["copy_of"] == n for n in named("copy"))
    damaged = sum(found[n]["standing"] == "rejected" for n in named("damaged"))
    sound = sum(found[n]["standing"] == "rejected" for n in truth if truth[n]["kind"] != "damaged")
    odd = [n for n in truth if truth[n]["origin"] == "irregular"]
    first = sum(found[n]["rank"] != "" and int(found[n]["rank"]) <= 40 for n in odd)
    count = len(named(*KINDS))
    print(f"look-alikes grouped rightly   {len(right)} of {count} ({100 * len(right) / count:.1f} %)")
    print(f"other icons thrown in         {len(strangers)} of {len(named('icon')) - len(originals)}"
          f" ({100 * len(strangers) / (len(named('icon')) - len(originals)):.2f} %)")
    print(f"icons grouped with icons      {among} of {len(named('icon'))} ({100 * among / len(named('icon')):.2f} %)")
    print(f"copies found                  {copies} of {len(named('copy'))}, {false_copies} false")
    print(f"damaged found                 {damaged} of {len(named('damaged'))}, {sound} false")
    print(f"irregular among the first 40  {first} of {len(odd)}:",
          " ".join(f"{truth[n]['kind']} {found[n]['rank']}" for n in sorted(odd, key=lambda n: int(found[n]["rank"] or 0))))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    making = commands.add_parser("make")
    making.add_argument("--icons", type=pathlib.Path, default=pathlib.Path("data/icons"))
    making.add_argument("--out", type=pathlib.Path, required=True)
    making.add_argument("--seed", type=int, required=True)
    making.set_defaults(run=make)
    scoring = commands.add_parser("score")
    scoring.add_argument("trial", type=pathlib.Path)
    scoring.add_argument("inspection", type=pathlib.Path)
    scoring.set_defaults(run=score)
    args = parser.parse_args()
    args.run(args)


if __name__ == "__main__":
    main()
