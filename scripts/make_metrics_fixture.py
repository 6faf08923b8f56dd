# packages: numpy==2.4.6 safetensors==0.8.0
"""Write the fixture of the quality metrics: two small sets of images, patch centers, directions, and what comes of them.

    scripts/python make_metrics_fixture.py

Everything is written down here a second time, by its definition: convolutions in two dimensions over padded arrays, descriptors that
are cut out and normalized one set at a time, windows of similarity as views. Double precision throughout.
"""
import pathlib

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from safetensors.numpy import save_file

FIXTURE = pathlib.Path(__file__).resolve().parent.parent / "Tests/EvaluationTests/Fixtures/metrics.safetensors"
SIDE, IMAGES, PATCHES, WIDTH = 64, 3, 128, 7
REPEATS, DIRECTIONS = 2, 16
BLUR = np.outer([1, 4, 6, 4, 1], [1, 4, 6, 4, 1]) / 256
EXPONENTS = [0.0448, 0.2856, 0.3001, 0.2363, 0.1333]


def images(random, count, roughness):
    """Clouds with edges: [count, 3, SIDE, SIDE], 8 bits."""
    spectrum = random.normal(size=(count, 3, SIDE, SIDE)) + 1j * random.normal(size=(count, 3, SIDE, SIDE))
    frequency = np.hypot(*np.meshgrid(np.fft.fftfreq(SIDE), np.fft.fftfreq(SIDE))) + 0.5 / SIDE
    clouds = np.fft.ifft2(spectrum / frequency**roughness).real
    clouds = clouds / clouds.std((2, 3), keepdims=True) * 50 + 120
    for image in clouds:
        x, y, w = random.integers(0, SIDE - 20, 3) // [1, 1, 3] + [0, 0, 6]
        image[:, y : y + w, x : x + w] += random.uniform(-120, 120, (3, 1, 1))
    return np.clip(np.rint(clouds), 0, 255).astype(np.uint8)


def blurred(x, kernel):
    padded = np.pad(x, [(0, 0)] * (x.ndim - 2) + [(2, 2), (2, 2)], mode="reflect")
    return (sliding_window_view(padded, (5, 5), axis=(-2, -1)) * kernel).sum((-2, -1))


def laplacian(x):
    levels = [x.astype(np.float64)]
    while levels[-1].shape[-1] > 16:
        levels.append(blurred(levels[-1], BLUR)[..., ::2, ::2])
    for i, small in enumerate(levels[1:]):
        large = np.zeros_like(levels[i])
        large[..., ::2, ::2] = small
        levels[i] = levels[i] - blurred(large, 4 * BLUR)
    return levels


def descriptors(level, centers):
    r = WIDTH // 2
    cut = [
        image[:, y - r : y + r + 1, x - r : x + r + 1] for image, all in zip(level, centers.astype(int)) for x, y in all
    ]
    d = np.stack(cut)
    d = (d - d.mean((0, 2, 3), keepdims=True)) / d.std((0, 2, 3), keepdims=True)
    return d.reshape(len(d), -1)


def sliced(a, b, directions):
    repeats = []
    for some in directions:
        pa, pb = np.sort(a @ some.T, axis=0), np.sort(b @ some.T, axis=0)
        repeats.append(np.abs(pa - pb).mean())
    return 1e3 * np.mean(repeats)


def similarity(a, b):
    a, b = a.astype(np.float64), b.astype(np.float64)
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    product = 1.0
    for scale, exponent in enumerate(EXPONENTS):
        size = min(11, a.shape[-1])
        place = (np.arange(size) - (size - 1) / 2) / (1.5 * size / 11)
        window = np.exp(-0.5 * (place[:, None] ** 2 + place[None, :] ** 2))
        window /= window.sum()
        mean = lambda x: (sliding_window_view(x, (size, size), axis=(-2, -1)) * window).sum((-2, -1))
        m1, m2 = mean(a), mean(b)
        v1, v2, v12 = mean(a * a) - m1 * m1, mean(b * b) - m2 * m2, mean(a * b) - m1 * m2
        contrast = (2 * v12 + c2) / (v1 + v2 + c2)
        part = contrast if scale < 4 else contrast * (2 * m1 * m2 + c1) / (m1 * m1 + m2 * m2 + c1)
        product *= max(0, part.mean()) ** exponent
        a, b = [x.reshape(3, x.shape[1] // 2, 2, x.shape[2] // 2, 2).mean((2, 4)) if x.shape[1] > 1 else x for x in (a, b)]
    return product


def pooled(x, side):
    box = SIDE // side
    return np.rint(x.reshape(-1, 3, side, box, side, box).astype(np.float64).mean((3, 5)))


random = np.random.default_rng(20180226)
first, second = images(random, IMAGES, 1.6), images(random, IMAGES, 1.3)
# Two pairs alike, as a collapsed generator draws them, and one not at all.
second[0] = np.clip(first[0] + random.normal(0, 12, first[0].shape), 0, 255)
second[1] = np.rint(0.55 * first[1] + 0.45 * second[1])
tensors = {"first": first, "second": second}
directions = random.normal(size=(REPEATS, DIRECTIONS, 3 * WIDTH * WIDTH))
tensors["directions"] = (directions / np.linalg.norm(directions, axis=2, keepdims=True)).astype(np.float32)
distances = []
for a, b in zip(laplacian(first), laplacian(second)):
    side = a.shape[-1]
    centers = [random.integers(3, side - 3, (IMAGES, PATCHES, 2)).astype(np.uint8) for _ in range(2)]
    tensors[f"centers.first.{side}"], tensors[f"centers.second.{side}"] = centers
    a, b = descriptors(a, centers[0]), descriptors(b, centers[1])
    distances.append(sliced(a, b, tensors["directions"].astype(np.float64)))
tensors["distances"] = np.array(distances, np.float32)
for side in [64, 32, 16]:
    pairs = [similarity(a[:, :side, :side], b[:, :side, :side]) for a, b in zip(first, second)]
    tensors[f"similarities.{side}"] = np.array(pairs, np.float32)
squares = ((pooled(second, 32)[:, None] - pooled(first, 32)[None]) ** 2).sum((2, 3, 4))
tensors["nearest"] = np.stack([squares.argmin(1), squares.min(1)], 1).astype(np.int64)
for name in ["distances", "similarities.64", "similarities.32", "similarities.16", "nearest"]:
    print(name, tensors[name].tolist())
save_file({name: np.ascontiguousarray(value) for name, value in tensors.items()}, FIXTURE)
