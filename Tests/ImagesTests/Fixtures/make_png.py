"""Writes png.txt: one PNG for each color type, depth, interlacing and kind of transparency, with the RGB it stands for.

Each line: name, width, height, the file in base64, the expected RGB samples in hexadecimal. The expected values follow
from the samples by exact fractions, not from another decoder. Run: python3 make_png.py > png.txt
"""

import base64
import random
import struct
import zlib
from fractions import Fraction

WIDTH = HEIGHT = 5  # the smallest size that fills all seven passes of Adam7
PASSES = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def pack(samples, depth):
    if depth == 16:
        return b"".join(struct.pack(">H", s) for s in samples)
    bits = "".join(format(s, f"0{depth}b") for s in samples)
    bits += "0" * (-len(bits) % 8)
    return bytes(int(bits[i : i + 8], 2) for i in range(0, len(bits), 8))


def filtered(line, above, step, kind):
    """One scan line after the PNG filter `kind`."""
    out = bytearray([kind])
    for i, value in enumerate(line):
        a = line[i - step] if i >= step else 0
        b = above[i]
        c = above[i - step] if i >= step else 0
        p = a + b - c
        paeth = min((abs(p - v), n, v) for n, v in enumerate((a, b, c)))[2]
        out.append((value - (0, a, b, (a + b) // 2, paeth)[kind]) % 256)
    return bytes(out)


def rows(image, depth, channels, columns, lines):
    data, step = b"", max(1, depth * channels // 8)
    above = None
    for n, y in enumerate(lines):
        line = pack([s for x in columns for s in image[y][x]], depth)
        data += filtered(line, above or bytes(len(line)), step, n % 5)
        above = line
    return data


def rounded(value):
    return int(value * 255 + Fraction(1, 2))


def make(color, depth, interlaced, transparent, rng):
    channels = CHANNELS[color]
    top = 2**depth - 1
    colors = min(2**depth, 7)
    highest = colors - 1 if color == 3 else top
    image = [[tuple(rng.choice([0, highest, rng.randint(0, highest)]) for _ in range(channels)) for _ in range(WIDTH)] for _ in range(HEIGHT)]
    palette = [tuple(rng.randint(0, 255) for _ in range(3)) for _ in range(colors)]
    alphas = [rng.randint(0, 255) for _ in range(colors - 1)]  # the last color stays opaque
    key = image[2][3]

    def rgb(pixel):
        alpha = Fraction(1)
        if color == 3:
            values = [Fraction(v, 255) for v in palette[pixel[0]]]
            if transparent and pixel[0] < len(alphas):
                alpha = Fraction(alphas[pixel[0]], 255)
        else:
            values = [Fraction(v, top) for v in pixel]
            if color in (4, 6):
                alpha = values.pop()
            if len(values) == 1:
                values *= 3
            if transparent and pixel == key:
                alpha = Fraction(0)
        return bytes(rounded(v * alpha + 1 - alpha) for v in values)

    out = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", WIDTH, HEIGHT, depth, color, 0, 0, int(interlaced)))
    if color == 3:
        out += chunk(b"PLTE", b"".join(bytes(c) for c in palette))
    if transparent:
        out += chunk(b"tRNS", bytes(alphas) if color == 3 else b"".join(struct.pack(">H", v) for v in key))
    if interlaced:
        data = b"".join(rows(image, depth, channels, range(x, WIDTH, dx), range(y, HEIGHT, dy)) for x, y, dx, dy in PASSES)
    else:
        data = rows(image, depth, channels, range(WIDTH), range(HEIGHT))
    packed = zlib.compress(data, 9)
    half = len(packed) // 2
    out += chunk(b"IDAT", packed[:half]) + chunk(b"IDAT", packed[half:]) + chunk(b"IEND", b"")
    return out, b"".join(rgb(p) for row in image for p in row)


rng = random.Random(1)
for color, depths in {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}.items():
    for depth in depths:
        for interlaced in (False, True):
            for transparent in (False, True) if color in (0, 2, 3) else (False,):
                name = {0: "gray", 2: "rgb", 3: "palette", 4: "gray+alpha", 6: "rgb+alpha"}[color] + f"-{depth}"
                name += "-interlaced" * interlaced + "-tRNS" * transparent
                png, pixels = make(color, depth, interlaced, transparent, rng)
                print(name, WIDTH, HEIGHT, base64.b64encode(png).decode(), pixels.hex())
