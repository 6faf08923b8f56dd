# packages: numpy==2.4.6 pillow==13.0.0
"""Write many different images in the style of a few: each an icon with other colors, moved, and with some lines over it.

    scripts/python many_icons.py --icons data/icons --out DIR --count 10000 --side 256
"""
import argparse
import pathlib

import numpy as np
from PIL import Image, ImageDraw

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--icons", type=pathlib.Path, default=pathlib.Path("data/icons"))
parser.add_argument("--out", type=pathlib.Path, required=True)
parser.add_argument("--count", type=int, default=10_000)
parser.add_argument("--side", type=int, default=256)
args = parser.parse_args()

rng = np.random.default_rng(0)
icons = [Image.open(path).convert("RGB").resize((args.side, args.side)) for path in sorted(args.icons.glob("*.png"))]
args.out.mkdir(parents=True)
for number in range(args.count):
    pixels = np.asarray(icons[number % len(icons)])[..., rng.permutation(3)]
    image = Image.fromarray(np.roll(pixels, rng.integers(-args.side // 8, args.side // 8 + 1, 2), (0, 1)))
    draw = ImageDraw.Draw(image)
    for _ in range(int(rng.integers(0, 5))):
        draw.line([tuple(int(x) for x in point) for point in rng.integers(0, args.side, (3, 2))],
                  fill=tuple(int(x) for x in rng.integers(0, 256, 3)), width=max(1, args.side // 64))
    image.save(args.out / f"{number:06d}.png", compress_level=6)
print(f"{args.count} images in {args.out}")
