"""Writes resample.txt, contrast.txt, brightness.txt and saturation.txt: what Pillow makes of small random images.

resample.txt: fit, width, height, side, input, output; the others: factor, side, input, output. Samples are interleaved RGB in
hexadecimal. Run: python3 -m venv venv && venv/bin/pip install pillow numpy && venv/bin/python make_pillow.py
"""

import numpy as np
from PIL import Image, ImageEnhance

rng = np.random.default_rng(1)


def random_image(width, height):
    noise = rng.integers(0, 256, (height, width, 3))
    extreme = rng.choice([0, 255], (height, width, 3))
    return Image.fromarray(np.where(rng.random((height, width, 1)) < 0.5, noise, extreme).astype(np.uint8))


def square(image, fit):
    width, height = image.size
    if fit == "crop":
        size = min(width, height)
        x, y = (width - size) // 2, (height - size) // 2
        return image.crop((x, y, x + size, y + size))
    if fit == "pad":
        size = max(width, height)
        canvas = Image.new("RGB", (size, size), "white")
        canvas.paste(image, ((size - width) // 2, (size - height) // 2))
        return canvas
    return image


with open("resample.txt", "w") as out:
    for width, height, side in [(13, 11, 4), (5, 3, 8), (8, 8, 8), (16, 16, 4), (29, 17, 7), (1, 1, 3), (1, 9, 5), (8, 5, 8)]:
        image = random_image(width, height)
        for fit in ("squash", "crop", "pad"):
            result = square(image, fit).resize((side, side), Image.Resampling.BILINEAR)
            print(fit, width, height, side, image.tobytes().hex(), result.tobytes().hex(), file=out)

image = random_image(6, 6)
dark = Image.fromarray((np.asarray(random_image(6, 6)) // 3).astype(np.uint8))
for name, enhancer in (("contrast", ImageEnhance.Contrast), ("brightness", ImageEnhance.Brightness), ("saturation", ImageEnhance.Color)):
    with open(f"{name}.txt", "w") as out:
        for source in (image, dark):
            for factor in (0.0, 0.5, 1.0, 1.1, 1.37, 1.75, 2.0):
                print(factor, 6, source.tobytes().hex(), enhancer(source).enhance(factor).tobytes().hex(), file=out)
