"""Write statistics.txt: per-pixel figures of small random images, by NumPy.

    python3 Tests/InspectionTests/Fixtures/make_statistics.py > Tests/InspectionTests/Fixtures/statistics.txt

For each set: a line `set IMAGES SIDE`, a line `image HEX` for each image ([side, side, 3]), a line `KIND HEX` for each picture, and a
line `channel MEAN DEVIATION MEDIAN MODE MINIMUM MAXIMUM` for red, green and blue over all images.
"""
import numpy as np

KINDS = {
    "mean": lambda x: x.mean(0),
    "deviation": lambda x: x.std(0),
    "median": lambda x: np.median(x, 0),
    "mode": lambda x: np.apply_along_axis(lambda levels: np.bincount(levels, minlength=256).argmax(), 0, x),
    "minimum": lambda x: x.min(0),
    "maximum": lambda x: x.max(0),
}

rng = np.random.default_rng(1)
for count, levels in [(1, 256), (2, 256), (6, 4), (7, 256), (40, 20)]:
    side = 4
    images = rng.integers(0, levels, (count, side, side, 3))
    if levels < 256:
        images = images * (255 // (levels - 1))
    print("set", count, side)
    for image in images:
        print("image", image.astype(np.uint8).tobytes().hex())
    for kind, figure in KINDS.items():
        print(kind, np.rint(figure(images).astype(float)).astype(np.uint8).tobytes().hex())
    for channel in range(3):
        samples = images[..., channel].ravel()
        print("channel", *(repr(float(figure(samples))) for figure in KINDS.values()))
