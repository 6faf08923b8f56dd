# packages: pyyaml==6.0.3
"""Prints a random valid spec of small networks, always the same for a seed.

    scripts/python peers/random_specs.py 7 --folder experiments/icons > /tmp/s7.yaml

Lists of layers are put together so that they lead where docs/networks.md says they must: each helper takes what enters
and tells what leaves. All kinds of layers and nearly all of their settings occur, at odd widths, in one phase or in three.
peers/torch_spec.py then says whether training iterations of such a spec are right.
"""
import argparse
import os
import random

import yaml

WIDTHS = [3, 5, 6, 7, 8, 9, 11, 13]


class Shape:
    """Channels, as a number or as `in` or `out` and how many times that, None if nobody counts; and the side in pixels."""

    def __init__(self, width, side, times=1):
        self.width, self.side, self.times = width, side, times

    def even(self):
        return self.times == 2 or isinstance(self.width, int) and self.width % 2 == 0

    def halved(self):
        return Shape(self.width, self.side) if self.times == 2 else Shape(self.width // 2, self.side)

    def __eq__(self, other):
        return self.width is not None and vars(self) == vars(other)


def entry(kind, settings):
    return {kind: settings} if settings else kind


class Maker:
    """Makes lists of layers of one network."""

    def __init__(self, rng, batch, modulated=False, batch_norm=True):
        self.rng, self.batch, self.modulated, self.batch_norm = rng, batch, modulated, batch_norm
        self.spectral = rng.choice([0.0, 0.3, 0.8])

    def chance(self, p):
        return self.rng.random() < p

    def some(self, **choices):
        """Some of these settings, each with one of its values."""
        return {name: self.rng.choice(values) for name, values in choices.items() if self.chance(0.4)}

    def drawn(self):
        s = self.some(bias=[True, False], initial=["automatic", "kaiming", "glorot", "uniform", 0.2])
        if self.chance(self.spectral):
            s["spectral_norm"] = self.rng.choice(["pass", "step"])
        return s

    def weights(self):
        s = self.drawn()
        if "spectral_norm" in s:
            s["equalized_rate"] = "none"      # it would undo the scale
        else:
            s.update(self.some(equalized_rate=["none", "input", "weight"]))
        if self.chance(0.15):
            s["gain"] = self.rng.choice([0.7, 1.0, 1.3])
        if self.chance(0.15):
            s["rate_factor"] = self.rng.choice([0.1, 0.5])
        return s

    # Each of these returns layers and the shape that leaves them.

    def convolution(self, shape, width, scale=1):
        rng, s = self.rng, self.weights()
        times = 2 if self.chance(0.15) else 1
        if self.modulated and scale == 1 and self.chance(0.5):
            return self.modulated_convolution(shape, width)
        if scale == 1:
            s["kernel"] = rng.choice([k for k in (1, 3, 3, 5) if k // 2 < shape.side])
        elif scale == 2:
            s.update(kernel=rng.choice([2, 4, 6]), stride=2, transposed=True)
        else:
            s.update(kernel=rng.choice([2, 3, 4]), stride=2)
        s["border"] = rng.choice(["reflect", "zeros"]) if shape.side > 3 and scale == 1 else "zeros"
        if isinstance(width, int) and isinstance(shape.width, int):
            groups = [g for g in (2, 3) if width % g == 0 and shape.width * shape.times % g == 0]
            if groups and self.chance(0.5):
                s["groups"] = rng.choice(groups)
        if times == 2:
            s["expansion"] = 2
        return [entry("convolution", {**s, "width": width})], Shape(width, int(shape.side * scale), times)

    def modulated_convolution(self, shape, width):
        s = self.weights()
        if s.pop("spectral_norm", None):
            del s["equalized_rate"]
        s.update(self.some(demodulate=[True, False]), kernel=self.rng.choice([1, 3, 3]), width=width)
        return [entry("modulated_convolution", s)], Shape(width, shape.side)

    def activation(self, shape):
        if shape.width is not None and shape.even() and self.chance(0.5):
            return [entry("glu", {})], shape.halved()
        kind = self.rng.choice(["leaky_relu", "leaky_relu", "relu", "swish", "tanh"])
        return [entry(kind, self.some(slope=[0.1, 0.2, 0.3], gain=[1.0, 1.4142]) if kind == "leaky_relu" else {})], shape

    def norm(self, shape):
        kind = self.rng.choice(["pixel_norm", "layer_norm"] + ["batch_norm"] * 2 * self.batch_norm)
        if kind == "pixel_norm":
            s = self.some(form=["epsilon_inside", "epsilon_outside"], epsilon=[1e-4, 1e-8])
        elif kind == "layer_norm":
            s = self.some(epsilon=[1e-5, 1e-3])
        else:
            s = self.some(epsilon=[1e-5, 1e-3], momentum=[0.1, 0.3], initial=["one", 0.1])
            s["statistics"] = self.rng.choice(["standing", "running"])
        return [entry(kind, s)], shape

    def random_numbers(self, shape):
        return [self.rng.choice(["noise", entry("dropout", self.some(rate=[0.1, 0.3]))])], shape

    def attention(self, shape):
        s = {**self.drawn(), **self.some(value=["full", "half"], pool=["none", "max"]), "reduction": self.rng.choice([1, 2, 3])}
        return [entry("self_attention", s)], shape

    def deviation(self, shape):
        groups = [0, self.batch] + [2] * (self.batch % 2 == 0)
        return [entry("minibatch_deviation", self.some(group=groups, estimator=["unbiased", "population"]))], Shape(None, shape.side)

    def keeping(self, shape, depth=0):
        """Layers that keep the shape."""
        kinds = [self.activation, self.norm, self.norm, self.random_numbers]
        if shape.side > 1:
            kinds.append(self.attention)
        if depth < 2 and shape.width is not None and shape.times == 1:
            kinds += [self.residual] * 2
        kind = self.rng.choice(kinds)
        layers, after = kind(shape, shape.width, 1, depth) if kind == self.residual else kind(shape)
        return (layers, after) if after.width == shape.width and after.times == shape.times else ([], shape)

    def residual(self, shape, width, scale, depth):
        goal = Shape(width, int(shape.side * scale))
        s = {"main": self.leading(shape, width, scale, depth + 1)[0]}
        if shape != goal or self.chance(0.3):
            s["shortcut"] = self.leading(shape, width, scale, 2)[0]
        s.update(self.some(gain=[0.5, 0.7071]))
        return [entry("residual", s)], goal

    def leading(self, shape, width, scale=1, depth=0):
        """Layers from a shape to `width` channels and `scale` times the side."""
        rng, layers = self.rng, []

        def add(made):
            layers.extend(made[0])
            return made[1]

        if depth < 2 and shape.width is not None and shape.times == 1 and self.chance(0.25):
            shape = add(self.residual(shape, width, scale, depth))
        else:
            if self.chance(0.3):
                shape = add(self.keeping(shape, depth))
            if scale != 1 and self.chance(0.5):
                if scale == 2:
                    layers.append(entry("upsample", self.some(mode=["nearest", "bilinear", "fir"])))
                else:
                    layers.append(entry("downsample", self.some(mode=["average", "fir"])))
                shape, scale = Shape(shape.width, int(shape.side * scale), shape.times), 1
            if self.chance(0.3) and depth < 2:
                shape = add(self.convolution(shape, rng.choice(["in", "out", *WIDTHS])))
                if self.chance(0.5):
                    shape = add(self.norm(shape))
                shape = add(self.activation(shape))
            if scale == 1 and self.chance(0.2) and depth < 2:
                shape = add(self.deviation(shape))
            shape = add(self.convolution(shape, width, scale))
            if shape.times == 2:
                layers.append("glu")
                shape = shape.halved()
        for p in (0.6, 0.5, 0.3):
            if self.chance(p) and depth < 2:
                shape = add(self.keeping(shape, depth))
        return layers, shape

    def dense(self, width, side=1):
        return entry("dense", {**self.weights(), "width": width, "side": side})

    def excitation(self, resolution):
        return entry("excitation", {**self.drawn(), "from": resolution})


def with_defaults(make, network):
    """Adds settings for all layers of a kind that the network has."""
    kinds = {"convolution": make.some(border=["reflect", "zeros"], initial=["automatic", 0.1], bias=[True, False]),
             "leaky_relu": make.some(slope=[0.05, 0.2], gain=[1.0, 1.2])}
    return {**network, "layers": {kind: s for kind, s in kinds.items() if s and f"'{kind}'" in str(network)}}


def generator(rng, batch, levels, grows):
    mapped = rng.random() < 0.5
    make = Maker(rng, batch, mapped)
    latent, widths = rng.choice([7, 10, 13]), [rng.choice(WIDTHS) for _ in range(levels)]
    form = "vector" if mapped or rng.random() < 0.5 else "grid"
    s = {"latent": latent, "latent_form": form, "latent_norm": rng.random() < 0.5}
    image = not grows and rng.random() < 0.3      # the last block leaves the image itself
    if image:
        widths[-1] = 3
    if mapped:
        plain = Maker(rng, batch)
        s["mapping"] = [plain.dense(rng.choice(["in", 9])), *plain.activation(Shape(None, 1))[0], plain.dense(rng.choice(["out", 11]))]
        if rng.random() < 0.5:
            s["mapping"] += plain.activation(Shape(None, 1))[0]
    begin = rng.choice(["dense", "transposed", "scaled"] + ["constant"] * 3 * mapped) if form == "vector" else "grid"
    if begin == "grid":
        start, shape = make.leading(Shape("in", 4), "out")
    else:
        if begin == "dense":
            start = [make.dense("out", 4)]
        elif begin == "transposed":
            start = [entry("convolution", {**make.weights(), "kernel": 4, "padding": 0, "transposed": True, "border": "zeros"})]
        elif begin == "scaled":
            start = [make.dense("out"), entry("constant", {"scaled": True})]
        else:
            start = ["constant"]
        start += make.leading(Shape("out", 4), "out")[0] if rng.random() < 0.7 or begin == "constant" else make.activation(Shape("out", 4))[0]
        if start[-1] == "glu":
            start[-1] = "relu"
    if mapped and "modulated_convolution" not in str(start):      # at least one layer is told
        start += make.modulated_convolution(Shape("out", 4), "out")[0] + ["noise"]
    s.update(widths=widths, start=start, block=make.leading(Shape("in", 4), "out", 2)[0])
    at = {}
    for k in range(1, levels):
        if rng.random() < 0.4:
            at[4 << k] = {"after": [make.excitation(4 << rng.randrange(k))]}
        elif rng.random() < 0.3:
            at[4 << k] = {"before": make.keeping(Shape("in", 2 << k))[0], "after": make.keeping(Shape("out", 4 << k))[0]}
        elif rng.random() < 0.3:
            at[4 << k] = {"block": make.leading(Shape("in", 2 << k), "out", 2)[0]}
    s["at"] = {r: {k: v for k, v in lists.items() if v} for r, lists in at.items() if any(lists.values())}
    if image:
        s["to_rgb"] = []
    elif rng.random() < 0.4:
        s["to_rgb"] = make.leading(Shape("in", 4), "out")[0]
    else:
        s["to_rgb"] = make.convolution(Shape("in", 4), 3)[0]
        if "expansion" in str(s["to_rgb"]):
            s["to_rgb"].append("glu")
    if not image and rng.random() < 0.4:
        s["combine"] = "skip"
    if mapped and rng.random() < 0.6:
        s["style_mixing"] = rng.choice([0.5, 0.9])
    s["output"] = rng.choice(["sigmoid", "tanh", "linear"])
    s["average"] = rng.choice([0.0, 0.9])
    return with_defaults(make, s)


def discriminator(rng, batch, levels, grows):
    make = Maker(rng, batch, batch_norm=rng.random() < 0.35)
    widths, top = [rng.choice(WIDTHS) for _ in range(levels)], rng.choice(WIDTHS)
    s = {"top": top}
    if not grows and rng.random() < 0.3:
        widths[-1], s["from_rgb"] = 3, []
    else:
        s["from_rgb"] = make.leading(Shape("in", 4), "out")[0]
    s.update(widths=widths, block=make.leading(Shape("in", 8), "out", 0.5)[0])
    at = {}
    for k in range(1, levels):
        if not grows and k < levels - 1 and rng.random() < 0.5:
            at[4 << k] = {"after": [make.excitation(4 << rng.randrange(k + 1, levels))]}
        elif rng.random() < 0.3:
            at[4 << k] = {"before": make.keeping(Shape("in", 4 << k))[0], "after": make.keeping(Shape("out", 2 << k))[0]}
    s["at"] = {r: {k: v for k, v in lists.items() if v} for r, lists in at.items() if any(lists.values())}
    end = make.deviation(Shape("in", 4))[0] if rng.random() < 0.4 else []
    closing = rng.choice(["dense", "convolution", "pool", "patches"])
    middle, shape = make.leading(Shape(None if end else "in", 4), "out")
    if closing == "dense":
        middle.append(make.dense("out"))
    elif closing == "convolution":
        middle.append(entry("convolution", {**make.weights(), "kernel": 4, "padding": 0, "border": "zeros"}))
    elif closing == "pool":
        middle.append("sum_pool")
    s["end"] = end + middle + make.activation(Shape(None, 4))[0]
    side = 4 if closing == "patches" else 1
    head = [make.dense(1)] if rng.random() < 0.5 else [entry("convolution", {**make.weights(), "kernel": 1, "width": 1})]
    if side == 4 and rng.random() < 0.3:
        head = ["sum_pool", *head]
    s["head"] = head
    return with_defaults(make, s)


def optimizer(rng):
    if rng.random() < 0.6:
        return {"adam": {"rate": rng.choice([1e-3, 3e-3]), "beta1": rng.choice([0.0, 0.5]), "beta2": rng.choice([0.9, 0.99])}}
    momentum = rng.choice([0.0, 0.5])
    return {"sgd": {"rate": rng.choice([1e-3, 3e-3]), "momentum": momentum, "nesterov": momentum > 0 and rng.random() < 0.5}}


def spec(seed, folder):
    rng = random.Random(seed)
    batch, grows = rng.choice([3, 4, 5]), rng.random() < 0.6
    levels = 3 if grows else rng.choice([2, 3])
    g, d = generator(rng, batch, levels, grows), discriminator(rng, batch, levels, grows)
    losses = ["hinge", "non_saturating", "wasserstein"]
    loss = {"generator": {rng.choice(losses): {}}, "discriminator": {rng.choice(losses): {}}}
    if "batch_norm" not in str(d) and rng.random() < 0.7:
        loss["discriminator"]["gradient_penalty"] = {"weight": rng.choice([1.0, 10.0]), "target": rng.choice([1.0, 5.0])}
    if rng.random() < 0.3:
        loss["discriminator"]["drift"] = {"weight": 0.01}
    phases = [{"resolution": 4, "hold": 20}] + [{"resolution": r, "fade": 20, "hold": 20} for r in (8, 16)]
    if not grows:
        phases = [{"resolution": 2 << levels, "hold": 100}]
    opt = optimizer(rng) if rng.random() < 0.6 else {"generator": optimizer(rng), "discriminator": optimizer(rng)}
    if grows and rng.random() < 0.3:
        opt["reset"] = "phase"
    return {"version": 2, "name": f"random-{seed}", "seed": seed, "data": {"folder": folder, "resolution": 2 << levels},
            "generator": g, "discriminator": d,
            "schedule": {"batch": batch, "order": rng.choice(["generator_first", "discriminator_first"]),
                         "blend_reals": rng.random() < 0.4, "phases": phases},
            "optimizer": opt, "loss": loss,
            "record": {"metrics": 10, "samples": {"every": 1000, "count": 1}, "evaluate": {"every": 0},
                       "checkpoints": {"every": 5, "keep": 100}}}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("seed", type=int)
    parser.add_argument("--folder", required=True, help="a folder of PNG images, for data.folder")
    args = parser.parse_args()
    print(yaml.safe_dump(spec(args.seed, os.path.abspath(args.folder)), sort_keys=False, default_flow_style=None, width=120), end="")
