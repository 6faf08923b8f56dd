# packages: torch==2.13.0 safetensors==0.8.0 numpy==2.4.6 pyyaml==6.0.3
"""A second peer: PyTorch networks built from any spec, to replay a trace of it.

  check   replay one recorded training iteration in double precision; compare every loss, gradient, updated weight and state;
  count   the parameters of both networks, all resolutions together;
  bench   time training iterations in single precision.

    ./fadein trace SPEC --iteration 900 --out trace.safetensors
    scripts/python peers/torch_spec.py check trace.safetensors --spec runs/NAME/v001/spec.yaml
    scripts/python peers/torch_spec.py count runs/NAME/v001/spec.yaml
    scripts/python peers/torch_spec.py bench --spec runs/NAME/v001/spec.yaml

The spec is the resolved one that a run keeps as spec.yaml, with every setting written out; a trace does not hold it.
The kinds of layers are described in docs/networks.md, the names of the tensors in a trace in docs/parity.md.
An input of a leaky ReLU within rounding of zero may push gradients beyond the tolerance: see docs/parity.md.
"""
import argparse
import json
import math
import re
import statistics
import sys
import time

import torch
import torch.nn.functional as F
import yaml
from torch import nn

from torch_losses import (Context, Sight, clipped, corrected, discriminator_term, due, every, generator_term, root, share_of_rate,
                          stepped)

NAMES = {"convolution": "conv"}       # others are called by the last word of their kind
BETWEEN = {"pixel_norm", "batch_norm", "layer_norm", "noise", "dropout"}      # a convolution before them is hidden, too
ACTIVATIONS = {"leaky_relu", "relu", "swish", "tanh", "glu"}


class Loader(yaml.SafeLoader):
    """YAML 1.2 numbers: PyYAML takes 1e-8 for text."""


Loader.add_implicit_resolver("tag:yaml.org,2002:float",
                             re.compile(r"^[-+]?(\d+\.?\d*|\.\d+)[eE][-+]?\d+$"), list("-+.0123456789"))


def read_spec(path):
    with open(path, encoding="utf-8") as f:
        return yaml.load(f, Loader)


def fir(x, scale):
    """The filter [1, 3, 3, 1] along both sides of each channel."""
    k = torch.tensor([1.0, 3.0, 3.0, 1.0], dtype=x.dtype) / 8 * scale
    return (k[:, None] * k).expand(x.shape[1], 1, 4, 4)


def half(x):
    return F.avg_pool2d(x, 2)


def fir_twice(x):
    return F.conv_transpose2d(x, fir(x, 2), stride=2, padding=1, groups=x.shape[1])


def twice(x):
    return F.interpolate(x, scale_factor=2, mode="nearest")


class Shared:
    """What the layers of one network share while minibatches pass."""

    def __init__(self, leaves, style=0):
        self.leaves, self.style_width = leaves, style      # channels that leave each resolution, and those of the style
        self.update, self.own, self.random, self.number = 0, True, None, 0
        self.features, self.styles, self.modulated, self.told = {}, None, 0, None

    def begin(self, own, random=None):
        """An update: of this network or of the other one, with these random numbers or fresh ones."""
        self.update, self.own, self.random, self.number = self.update + 1, own, random, 0

    def begin_pass(self):
        self.number, self.features, self.modulated = self.number + 1, {}, 0

    def draw(self, name, fresh):
        return fresh() if self.random is None else self.random[f"{name}.{self.number}"]

    def style(self):
        """What the next modulated layer is told."""
        w, other, first = self.styles
        self.modulated += 1
        w = w if other is None else torch.where(first < self.modulated, other, w)
        if self.told is not None:      # somebody asks how images depend on it
            w = w * 1
            self.told.append(w)
        return w


# Layers. Each is made of its settings `s`, the shape that enters it, the widths that `in` and `out` stand for, whether an
# activation follows, and what the network shares. `leaves` is the shape that leaves it: channels and side.

class Layer(nn.Module):
    def __init__(self, s, shape, widths, hidden, shared):
        super().__init__()
        self.s, self.leaves, self.shared = s, shape, shared

    def width(self, widths):
        return widths.get(self.s["width"], self.s["width"]) * self.s.get("expansion", 1)


class Weighted(Layer):
    """A layer with weights; `rows` is the axis of the channels that leave."""

    def make_weights(self, form, biases, fan_in, channels, hidden, rows=0):
        s, self.rows = self.s, rows
        how, gain, self.rate = s.get("equalized_rate", "none"), s.get("gain", "automatic"), s.get("rate_factor", 1)
        number = gain if gain != "automatic" else math.sqrt(2) if hidden else 1
        self.factor = self.rate
        if how == "weight":
            self.factor *= number / math.sqrt(fan_in)
        elif how == "input" and (hidden or gain != "automatic"):
            self.factor *= number / math.sqrt(channels)
        self.fan_in = fan_in
        self.weight = nn.Parameter(torch.zeros(*form))
        self.bias = nn.Parameter(torch.zeros(biases)) if s["bias"] else None
        self.spectral, self.iterated = s["spectral_norm"], (0, None, None)
        if self.spectral != "none":
            self.register_buffer("u", torch.zeros(form[rows]))

    def singular_value(self):
        matrix = self.weight.transpose(0, self.rows).flatten(1)
        update, u, v = self.iterated
        if self.spectral == "pass" or update != self.shared.update:
            with torch.no_grad():
                v = F.normalize(matrix.T @ self.u, dim=0)
                u = F.normalize(matrix @ v, dim=0)
                if self.spectral == "pass" or self.shared.own:
                    self.u.copy_(u)
            self.iterated = self.shared.update, u, v
        return u @ (matrix @ v)

    def weights(self):
        """The weights and biases as they are used."""
        w, factor = self.weight, self.factor
        if self.spectral != "none":
            factor = factor / self.singular_value()
        elif factor == 1:
            return w, self.bias
        return w * factor, self.bias if self.bias is None or self.rate == 1 else self.bias * self.rate


class Convolution(Weighted):
    def __init__(self, s, shape, widths, hidden, shared):
        super().__init__(s, shape, widths, hidden, shared)
        (cin, side), cout = shape, self.width(widths)
        k, stride, groups = s["kernel"], s["stride"], s["groups"]
        self.padding = p = max(0, k - stride + 1) // 2 if s["padding"] == "same" else s["padding"]
        form = (cin, cout // groups) if s["transposed"] else (cout, cin // groups)
        self.make_weights((*form, k, k), cout, cin // groups * (1 if side == 1 else k * k), cin, hidden, int(s["transposed"]))
        self.leaves = cout, (side - 1) * stride - 2 * p + k if s["transposed"] else (side + 2 * p - k) // stride + 1

    def forward(self, x):
        (w, bias), p, settings = self.weights(), self.padding, dict(stride=self.s["stride"], groups=self.s["groups"])
        if self.s["transposed"]:
            return F.conv_transpose2d(x, w, bias, padding=p, **settings)
        if self.s["border"] == "reflect" and p:
            x, p = F.pad(x, [p] * 4, mode="reflect"), 0
        return F.conv2d(x, w, bias, padding=p, **settings)


class Inner(Weighted):
    """A convolution inside of another layer, without padding."""

    def __init__(self, s, cin, cout, kernel, shared):
        super().__init__(s, (cin, kernel), {}, False, shared)
        self.make_weights((cout, cin, kernel, kernel), cout, cin * kernel * kernel, cin, False)

    def forward(self, x):
        return F.conv2d(x, *self.weights())


class Dense(Weighted):
    def __init__(self, s, shape, widths, hidden, shared):
        super().__init__(s, shape, widths, hidden, shared)
        (cin, side), cout = shape, self.width(widths)
        self.leaves = cout, s["side"]
        results, features = cout * s["side"] ** 2, cin * side * side
        self.make_weights((results, features), results, features, features, hidden)

    def forward(self, x):
        width, side = self.leaves
        return F.linear(x.flatten(1), *self.weights()).unflatten(1, (width, side, side))


class Constant(Layer):
    def __init__(self, s, shape, widths, hidden, shared):
        super().__init__(s, shape, widths, hidden, shared)
        self.leaves = self.width(widths), s["side"]
        self.weight = nn.Parameter(torch.zeros(self.leaves[0], s["side"], s["side"]))

    def forward(self, x):
        return x * self.weight if self.s["scaled"] else self.weight.expand(len(x), *self.weight.shape)


class Style(Weighted):
    """The dense layer of a modulated convolution; its bias is not scaled."""

    def __init__(self, s, width, channels, shared):
        super().__init__({**s, "gain": 1, "bias": True, "spectral_norm": "none"}, (width, 1), {}, False, shared)
        self.make_weights((channels, width), channels, width, width, False)

    def forward(self, w):
        return F.linear(w.flatten(1), self.weights()[0], self.bias)


class ModulatedConvolution(Weighted):
    def __init__(self, s, shape, widths, hidden, shared):
        super().__init__(s, shape, widths, hidden, shared)
        (cin, side), cout, k = shape, self.width(widths), s["kernel"]
        self.make_weights((cout, cin, k, k), cout, cin * (1 if side == 1 else k * k), cin, hidden)
        self.style = Style(s, shared.style_width, cin, shared)
        self.leaves = cout, side

    def forward(self, x):
        w, bias = self.weights()
        s = self.style(self.shared.style())
        x = F.conv2d(x * s[:, :, None, None], w, padding=self.s["kernel"] // 2)
        if self.s["demodulate"]:
            x = x * (s.square() @ w.square().sum((2, 3)).T + 1e-8).rsqrt()[:, :, None, None]
        return x if bias is None else x + bias.view(-1, 1, 1)


class Upsample(Layer):
    def __init__(self, s, shape, widths, hidden, shared):
        super().__init__(s, shape, widths, hidden, shared)
        self.leaves = shape[0], 2 * shape[1]

    def forward(self, x):
        if self.s["mode"] == "fir":
            return fir_twice(x)
        if self.s["mode"] == "bilinear":
            return F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False)
        return twice(x)


class Downsample(Layer):
    def __init__(self, s, shape, widths, hidden, shared):
        super().__init__(s, shape, widths, hidden, shared)
        self.leaves = shape[0], shape[1] // 2

    def forward(self, x):
        return F.conv2d(x, fir(x, 1), stride=2, padding=1, groups=x.shape[1]) if self.s["mode"] == "fir" else half(x)


class SumPool(Layer):
    def __init__(self, s, shape, widths, hidden, shared):
        super().__init__(s, shape, widths, hidden, shared)
        self.leaves = shape[0], 1

    def forward(self, x):
        return x.sum((2, 3), keepdim=True)


class PixelNorm(Layer):
    def forward(self, x):
        square, epsilon = x.square().mean(1, keepdim=True), self.s["epsilon"]
        return x / (root(square) + epsilon if self.s["form"] == "epsilon_outside" else (square + epsilon).sqrt())


class BatchNorm(Layer):
    def __init__(self, s, shape, widths, hidden, shared):
        super().__init__(s, shape, widths, hidden, shared)
        self.scale, self.bias = nn.Parameter(torch.zeros(shape[0])), nn.Parameter(torch.zeros(shape[0]))
        running = s["statistics"] == "running"
        self.register_buffer("mean", torch.zeros(shape[0]) if running else None)
        self.register_buffer("variance", torch.zeros(shape[0]) if running else None)

    def forward(self, x):
        return F.batch_norm(x, self.mean, self.variance, self.scale, self.bias, True, self.s["momentum"], self.s["epsilon"])


class LayerNorm(Layer):
    def __init__(self, s, shape, widths, hidden, shared):
        super().__init__(s, shape, widths, hidden, shared)
        self.scale, self.bias = nn.Parameter(torch.zeros(shape[0])), nn.Parameter(torch.zeros(shape[0]))

    def forward(self, x):
        x = F.layer_norm(x, x.shape[1:], eps=self.s["epsilon"])
        return x * self.scale.view(-1, 1, 1) + self.bias.view(-1, 1, 1)


class LeakyRelu(Layer):
    def forward(self, x):
        x = F.leaky_relu(x, self.s["slope"])
        return x if self.s["gain"] == 1 else x * self.s["gain"]


class Relu(Layer):
    def forward(self, x):
        return x.relu()


class Swish(Layer):
    def forward(self, x):
        return F.silu(x)


class Tanh(Layer):
    def forward(self, x):
        return x.tanh()


class Glu(Layer):
    def __init__(self, s, shape, widths, hidden, shared):
        super().__init__(s, shape, widths, hidden, shared)
        self.leaves = shape[0] // 2, shape[1]

    def forward(self, x):
        return F.glu(x, 1)


class Noise(Layer):
    def __init__(self, s, shape, widths, hidden, shared):
        super().__init__(s, shape, widths, hidden, shared)
        self.strength = nn.Parameter(torch.zeros(1))

    def forward(self, x):
        return x + self.strength * self.shared.draw(self.name, lambda: torch.randn(len(x), 1, *x.shape[2:]))


class Dropout(Layer):
    def forward(self, x):
        keep = 1 - self.s["rate"]
        return x * self.shared.draw(self.name, lambda: torch.empty_like(x).bernoulli_(keep).div_(keep))


class MinibatchDeviation(Layer):
    def __init__(self, s, shape, widths, hidden, shared):
        super().__init__(s, shape, widths, hidden, shared)
        self.leaves = shape[0] + 1, shape[1]

    def forward(self, x):
        n = x.shape[0]
        size = min(self.s["group"] or n, n)
        groups = x.view(size, n // size, *x.shape[1:])       # image i is in group i mod (n / size)
        if self.s["estimator"] == "unbiased":
            spread = root(groups.var(0))
        else:
            spread = (groups.var(0, correction=0) + 1e-8).sqrt()
        spread = spread.mean((1, 2, 3)).repeat(size)
        return torch.cat([x, spread.view(-1, 1, 1, 1).expand(n, 1, *x.shape[2:])], 1)


class SelfAttention(Layer):
    def __init__(self, s, shape, widths, hidden, shared):
        super().__init__(s, shape, widths, hidden, shared)
        c = shape[0]
        depth, width = max(1, c // s["reduction"]), c if s["value"] == "full" else max(1, c // 2)
        conv = lambda i, o: Inner(s, i, o, 1, shared)
        self.query, self.key, self.value = conv(c, depth), conv(c, depth), conv(c, width)
        self.output = conv(width, c) if s["value"] == "half" else nn.Identity()
        self.gamma = nn.Parameter(torch.zeros(1))

    def forward(self, x):
        q, k, v = self.query(x), self.key(x), self.value(x)
        if self.s["pool"] == "max":
            k, v = F.max_pool2d(k, 2), F.max_pool2d(v, 2)
        weights = (q.flatten(2).mT @ k.flatten(2)).softmax(2)
        found = (v.flatten(2) @ weights.mT).unflatten(2, x.shape[2:])
        return x + self.gamma * self.output(found)


class Excitation(Layer):
    def __init__(self, s, shape, widths, hidden, shared):
        super().__init__(s, shape, widths, hidden, shared)
        self.first, self.second = Inner(s, shared.leaves[s["from"]], shape[0], 4, shared), Inner(s, shape[0], shape[0], 1, shared)

    def forward(self, x):
        features = self.shared.features[self.s["from"]]
        while features.shape[2] > 4:
            features = half(features)
        return x * self.second(F.silu(self.first(features))).sigmoid()


class Layers(nn.Module):
    """A list of layers. In lists with `own`, to_rgb, from_rgb and head, the first convolution's parameters are the list's."""

    def __init__(self, entries, kinds, shape, widths, shared, own=False):
        super().__init__()
        entries = [next(iter(e.items())) if isinstance(e, dict) else (e, {}) for e in entries]
        self.order, counts = [], {}
        for i, (kind, settings) in enumerate(entries):
            following = [k for k, _ in entries[i + 1:] if k not in BETWEEN][:1]
            hidden = bool(following) and following[0] in ACTIVATIONS
            s = {**kinds.get(kind, {}), **(settings or {})}
            if kind == "residual":
                layer = Residual(s, kinds, shape, widths, shared)
            else:
                layer = KINDS[kind](s, shape, widths, hidden, shared)
            word = kind.split("_")[-1]
            word = NAMES.get(word, word)
            counts[word] = counts.get(word, 0) + 1
            self.add_module("own" if own and word == "conv" and counts[word] == 1 else f"{word}{counts[word]}", layer)
            self.order.append(layer)
            shape = layer.leaves
        self.leaves = shape

    def forward(self, x):
        for layer in self.order:
            x = layer(x)
        return x


class Residual(Layers):
    """The layers of main by their own names, those of the other list under `shortcut`."""

    def __init__(self, s, kinds, shape, widths, shared):
        super().__init__(s["main"], kinds, shape, widths, shared)
        self.shortcut, self.gain = Layers(s["shortcut"], kinds, shape, widths, shared), s["gain"]

    def forward(self, x):
        x = super().forward(x) + self.shortcut(x)
        return x if self.gain == 1 else x * self.gain


KINDS = {"convolution": Convolution, "dense": Dense, "constant": Constant, "modulated_convolution": ModulatedConvolution,
         "upsample": Upsample, "downsample": Downsample, "sum_pool": SumPool, "pixel_norm": PixelNorm, "batch_norm": BatchNorm,
         "layer_norm": LayerNorm, "leaky_relu": LeakyRelu, "relu": Relu, "swish": Swish, "tanh": Tanh, "glu": Glu,
         "noise": Noise, "dropout": Dropout, "minibatch_deviation": MinibatchDeviation, "self_attention": SelfAttention,
         "excitation": Excitation}


def called(name):
    """The name of a parameter or layer in a trace."""
    return name.replace(".own", "")


def image_levels(spec):
    """The levels at which images are made and seen: those of the phases, and those below a fade."""
    levels = set()
    for resolution, _, begin, faded, _ in phases(spec):
        level = int(math.log2(resolution)) - 2
        levels |= {level, level - 1} if faded > begin else {level}
    return levels


class Ladder(nn.Module):
    def __init__(self, name, s, shared):
        super().__init__()
        self.s, self.shared, self.title = s, shared, name

    def make(self, entries, shape, leaves, own=False):
        layers = Layers(entries, self.s["layers"], shape, {"in": shape[0], "out": leaves}, self.shared, own)
        assert layers.leaves[0] == leaves, f"{entries} leaves {layers.leaves[0]} channels instead of {leaves}"
        return layers

    def rung(self, k, entries, shape, leaves):
        at = {int(r): v for r, v in self.s["at"].items()}.get(4 << k, {})
        block = entries if at.get("block") is None else at["block"]
        return self.make([*at.get("before", []), *block, *at.get("after", [])], shape, leaves)

    def name_layers(self):
        for name, layer in self.named_modules():
            layer.name = called(f"{self.title}.{name}")

    def tensors(self):
        """Parameters and state by their names in a trace."""
        return {called(name): x for name, x in (*self.named_parameters(), *self.named_buffers())}


class Generator(Ladder):
    def __init__(self, spec):
        s = spec["generator"]
        widths, side, latent = s["widths"], 4 if s["latent_form"] == "grid" else 1, s["latent"]
        super().__init__("generator", s, Shared({4 << k: w for k, w in enumerate(widths)}, latent))
        self.mapping = Layers(s["mapping"], s["layers"], (latent, side), {"in": latent, "out": latent}, self.shared)
        width, side = self.mapping.leaves
        self.shared.style_width = width
        self.blocks = nn.ModuleList(
            self.rung(k, s["block"], (widths[k - 1], 2 << k), w) if k else self.rung(0, s["start"], (width, side), w)
            for k, w in enumerate(widths))
        levels = range(len(widths)) if s["combine"] == "skip" else sorted(image_levels(spec))
        self.to_rgb = nn.ModuleDict({str(k): self.make(s["to_rgb"], (widths[k], 4 << k), 3, own=True) for k in levels})
        self.name_layers()

    def style(self, z):
        return self.mapping(z / (z.square().mean(1, keepdim=True) + 1e-8).sqrt() if self.s["latent_norm"] else z)

    def mixing(self, z):
        """Latents of other styles, and the modulated layers from which on they count."""
        layers = sum(isinstance(m, ModulatedConvolution) for m in self.modules())
        crossing = torch.randint(1, max(2, layers), (len(z), 1, 1, 1))
        return torch.randn_like(z), torch.where(torch.rand(len(z), 1, 1, 1) < self.s["style_mixing"], crossing, layers)

    def forward(self, z, level, alpha):
        shared, skip = self.shared, self.s["combine"] == "skip"
        shared.begin_pass()
        x, other, first = self.style(z), None, None
        if self.s["style_mixing"]:
            latent, first = self.mixing(z) if shared.random is None else (None, None)
            latent, first = (shared.draw(f"generator.mixing.{name}", lambda v=v: v) for name, v in (("latent", latent), ("layer", first)))
            other = self.style(latent)
        shared.styles = x, other, first
        image = None
        for k in range(level + 1):
            below, x = image, self.blocks[k](x)
            shared.features[4 << k] = x
            if skip:
                image = self.to_rgb[str(k)](x)
                image = image if below is None else image + fir_twice(below)
        if not skip:
            image = self.to_rgb[str(level)](x)
            below = self.to_rgb[str(level - 1)](shared.features[2 << level]) if level and alpha < 1 else None
        if level and alpha < 1:
            image = (1 - alpha) * (fir_twice(below) if skip else twice(below)) + alpha * image
        return {"sigmoid": torch.sigmoid, "tanh": torch.tanh, "linear": lambda v: v}[self.s["output"]](image)


class Discriminator(Ladder):
    def __init__(self, spec):
        s = spec["discriminator"]
        widths = s["widths"]
        leaves = [s["top"], *widths]
        super().__init__("discriminator", s, Shared({4 << k: c for k, c in enumerate(leaves)}))
        self.blocks = nn.ModuleList(
            self.rung(k, s["block"] if k else s["end"], (w, 4 << k), leaves[k]) for k, w in enumerate(widths))
        self.from_rgb = nn.ModuleDict(
            {str(k): self.make(s["from_rgb"], (3, 4 << k), widths[k], own=True) for k in sorted(image_levels(spec))})
        self.head = self.make(s["head"], self.blocks[0].leaves, 1, own=True)
        self.name_layers()

    def forward(self, image, level, alpha):
        self.shared.begin_pass()
        x = self.from_rgb[str(level)](image)
        for k in reversed(range(level + 1)):
            x = self.shared.features[4 << k] = self.blocks[k](x)
            if k == level and k and alpha < 1:
                x = (1 - alpha) * self.from_rgb[str(k - 1)](half(image)) + alpha * x
        return self.head(x)       # if these are many scores for an image, losses take each, the penalty their sum


def iterations(length, batch):
    """Lengths are in iterations, or in thousands of images, as in 60kimg."""
    text = str(length)
    return math.ceil(float(text[:-4]) * 1000 / batch) if text.endswith("kimg") else int(length)


def critic_steps(spec):
    return spec["schedule"].get("critic_steps", 1)


def phases(spec):
    """Resolution, images a batch, and the iterations before the phase, to the end of its fade, and to its end."""
    begin = 0
    for phase in spec["schedule"]["phases"]:
        batch = phase.get("batch", spec["schedule"]["batch"])
        faded = begin + iterations(phase["fade"], batch * critic_steps(spec))
        end = faded + iterations(phase["hold"], batch * critic_steps(spec))
        yield phase["resolution"], batch, begin, faded, end
        begin = end


def images(spec, iteration):
    """Images that are shown before an iteration."""
    return sum(max(0, min(iteration - 1, end) - begin) * batch * critic_steps(spec) for _, batch, begin, _, end in phases(spec))


def optimizer(spec, network, iteration):
    """The kind of a network's optimizer and its settings, with the rate of this iteration, lazy steps made up for."""
    o = spec["optimizer"]
    own = o.get(network) or {}
    kind = next(k for place in (own, o) for k in ("sgd", "adam", "adamw", "rmsprop") if place.get(k) is not None)
    s = {**(o.get(kind) or {}), **(own.get(kind) or {})}
    for resolution, batch, begin, _, _ in phases(spec):
        for drop in o["drops"]:
            if drop["resolution"] == resolution and iteration > begin + iterations(drop["after"], batch * critic_steps(spec)):
                s["rate"] = drop["rate"]
    last = max(end for *_, end in phases(spec))
    length = lambda x: iterations(x, 1) if str(x).endswith("kimg") else images(spec, int(x) + 1)
    before, after = images(spec, iteration), images(spec, iteration + 1)
    s["rate"] = s["rate"] * share_of_rate(o.get("schedule"), before, after - before, images(spec, last + 1), length)
    periods = {every(term) for term in spec["loss"][network].values()}
    return kind, corrected(kind, s, 1 / sum(1 / k for k in periods))
def parts(spec, name):
    """The fades and holds of a run: first and last iteration, and whether they train this weight."""
    network, part, rest = name.split(".", 2)
    rung = 0 if part in ("mapping", "head") else int(rest.split(".")[0])
    single = part == "from_rgb" or part == "to_rgb" and spec["generator"]["combine"] == "last"
    for resolution, _, begin, faded, end in phases(spec):
        level = int(math.log2(resolution)) - 2
        for fades, start, stop in ((1, begin, faded), (0, faded, end)):
            if start < stop:
                yield start + 1, stop, level - fades <= rung <= level if single else rung <= level


def trained(spec, name, iteration):
    return any(trains for first, last, trains in parts(spec, name) if first <= iteration <= last)


def count_of(spec, name, iteration):
    """The optimizer's steps of one weight before an iteration of a run: while it was trained, since the last reset."""
    steps, network = 0, name.split(".")[0]
    many = lambda i: len(due(spec, network, i)) + (critic_steps(spec) - 1 if network == "discriminator" else 0)
    for first, last, trains in parts(spec, name):
        if first < iteration:
            before = 0 if spec["optimizer"]["reset"] == "phase" else steps
            steps = before + trains * sum(many(i) for i in range(first, min(last, iteration - 1) + 1))
    return steps


class Course:
    """The weights of a network through the steps of an iteration."""

    def __init__(self, spec, network, t, iteration, fresh):
        self.clip, self.weight_clip = spec["optimizer"].get("clip"), spec["optimizer"].get("weight_clip")
        self.kind, self.settings = optimizer(spec, network, iteration)
        self.network, self.weights = network, {}
        for key, p in t.items():
            name = key.removeprefix(f"before/{network}.")
            if name == key:
                continue
            slots = {k.split("/")[0]: v for k, v in t.items() if k.endswith(f"/{network}.{name}") and k.split("/")[0] in SLOTS}
            self.weights[name] = p, slots, 0 if fresh else count_of(spec, f"{network}.{name}", iteration)

    def step(self, gradients):
        for name, g in clipped(self.clip, gradients).items():
            p, slots, count = self.weights[name]
            p, slots = stepped(self.kind, self.settings, p, g, slots, count + 1)
            if self.network == "discriminator" and self.weight_clip:
                p = p.clamp(-self.weight_clip, self.weight_clip)
            self.weights[name] = p, {k: v for k, v in slots.items()}, count + 1


SLOTS = ("moment1", "moment2", "velocity", "square", "mean")
KEPT = ("lecam.", "path_length.")


def replay(spec, trace, meta, dtype, floor=0.0, hook=None):
    """Losses, gradients and new state of one iteration by name, and what gradients are measured by; the networks; their courses."""
    t = {k: v.to(dtype) for k, v in trace.items() if k.split("/")[0] in ("input", "before", "after", *SLOTS)}
    level, alpha, iteration = int(math.log2(int(meta["resolution"]))) - 2, float(meta["alpha"]), int(meta["iteration"])
    below = lambda prefix: {k[len(prefix):]: v for k, v in t.items() if k.startswith(prefix)}
    G, D = Generator(spec).to(dtype), Discriminator(spec).to(dtype)
    networks = {"generator": G, "discriminator": D}
    kept = {}
    for prefix, net in networks.items():
        before, tensors = below(f"before/{prefix}."), net.tensors()
        kept[prefix] = {name: before.pop(name) for name in list(before) if name.startswith(KEPT)}
        for name in sorted(before.keys() ^ tensors.keys()):
            sys.exit(f"{prefix}.{name} is in {'the trace' if name in before else 'this network'} alone")
        for name, x in tensors.items():
            assert x.shape == before[name].shape, f"{prefix}.{name}: {[*x.shape]}, in the trace {[*before[name].shape]}"
            x.data.copy_(before[name])
        for layer in net.modules():
            if hook and isinstance(layer, (LeakyRelu, Relu)):
                layer.register_forward_pre_hook(lambda layer, inputs: hook(layer, *inputs))
    fresh = not any(v.any() for k, v in t.items() if k.split("/")[0] in SLOTS)     # no run came before
    courses = {prefix: Course(spec, prefix, t, iteration, fresh) for prefix in networks}
    results, scales, part = {}, {}, {}

    def begin(prefix, step, which):
        """A step: `step` is its name in the trace, `which` its number among those of the iteration."""
        random = below(f"input/{step}.random.")
        suffix = f".step-{which}" if which > 1 else ""
        random = {k.removesuffix(suffix) if suffix else k: v for k, v in random.items() if (".step-" in k) == (which > 1) and k.endswith(suffix)}
        batch = len(t["input/real"])
        # A first pass of real and generated images at once is two here.
        for name in sorted((k for k in random if k.startswith("discriminator.")), key=lambda k: int(k.rpartition(".")[2]), reverse=True):
            layer, _, number = name.rpartition(".")
            if layer.split(".")[1] in ("augment", "consistency", "dragan") or len(random.get(f"{layer}.1", ())) != 2 * batch:
                continue
            if number == "1":
                random[f"{layer}.1"], random[f"{layer}.2"] = random[name].chunk(2)
            else:
                random[f"{layer}.{int(number) + 1}"] = random[name]
        for name, net in networks.items():
            net.shared.begin(name == prefix, random)
        return random, Sight(spec, random)

    def reals(name):
        real = t.get(name, t["input/real"])
        if spec["schedule"]["blend_reals"] and level:
            real = (1 - alpha) * twice(half(real)) + alpha * real
        return real

    score = lambda x: D(x, level, alpha)

    def terms_of(prefix, k):
        return {name: s or {} for name, s in spec["loss"][prefix].items() if every(s) == k}

    def update_generator(k, which):
        random, sight = begin("generator", "generator" if k == 1 else f"generator.every-{k}", 1)
        terms = terms_of("generator", k)
        if "path_length" in terms:
            G.shared.begin_pass = lambda: (Shared.begin_pass(G.shared), setattr(G.shared, "told", []))
        image = G(t["input/generator.latent"], level, alpha)
        found = {}
        if "relativistic" in terms:
            found["real"] = score(sight(reals("input/generator.real"), "real"))
        fake = lambda: found.setdefault("fake", None) if found.get("fake") is not None else found.__setitem__("fake", score(sight(image, "generated"))) or found["fake"]

        def path(s):
            noise = random["generator.path_length.1"] / image.shape[2]
            slopes = torch.autograd.grad((image * noise).sum(), G.shared.told, create_graph=True)
            lengths = root(torch.stack([g.flatten(1).square().sum(1) for g in slopes]).mean(0))
            old = kept["generator"]["path_length.mean"]
            new = old + s["decay"] * (lengths.mean().detach() - old)
            results["state/generator.path_length.mean"] = kept["generator"]["path_length.mean"] = new
            return s["weight"] * (lengths - new.view(())).square().mean()

        values = {name: k * generator_term(name, s, fake, lambda: found["real"], path) for name, s in terms.items()}
        G.shared.__dict__.pop("begin_pass", None)
        sum(values.values()).backward()
        if k == 1:
            results["loss/generator"] = sum(values.values()).detach()
        else:
            results.update({f"loss/generator.{name}": value.detach() for name, value in values.items()})

    def update_discriminator(k, which):
        number = f".{which}" if which > 1 else ""
        real = reals("input/real" + number)
        if k == 1:
            begin("discriminator", "discriminator", which)
            state = [x.clone() for x in D.buffers()]
            D(real, level, alpha).mean().backward()      # how large the terms are that cancel in a critic's last bias
            part.update({called(f"discriminator.{name}"): float(p.grad.norm()) for name, p in D.named_parameters() if p.grad is not None})
            D.zero_grad()
            for x, old in zip(D.buffers(), state):       # that pass does not count
                x.copy_(old)
        random, sight = begin("discriminator", "discriminator" if k == 1 else f"discriminator.every-{k}", which)
        drawn = []

        def fake():
            if not drawn:
                with torch.no_grad():
                    drawn.append(G(t["input/discriminator.latent" + number], level, alpha))
            return drawn[0]

        terms = terms_of("discriminator", k)
        c = Context(spec, score, real, fake, sight, random, t.get("input/mix" + number), kept["discriminator"])
        if k == 1 or len(random.get("discriminator.augment.geometry.1", ())) == 2 * len(real):
            c.scores("real"), c.scores("generated")
        values = {name: k * discriminator_term(name, s, c) for name, s in terms.items()}
        sum(values.values()).backward()
        kept["discriminator"].update(c.new)
        results.update({f"state/discriminator.{name}": x for name, x in c.new.items()})
        results.update({f"loss/discriminator.{name}": value.detach() for name, value in values.items()})

    updates = [("generator", update_generator), ("discriminator", update_discriminator)]
    for prefix, update in updates if spec["schedule"]["order"] == "generator_first" else reversed(updates):
        steps = [(k, 1) for k in due(spec, prefix, iteration)]
        if prefix == "discriminator":
            steps += [(1, which) for which in range(2, critic_steps(spec) + 1)]
        for index, (k, which) in enumerate(steps):
            G.zero_grad(), D.zero_grad()
            update(k, which)
            gradients, called_step = {}, f"every-{k}." if k > 1 else ""
            for name, p in networks[prefix].named_parameters():
                name = called(f"{prefix}.{name}")
                if p.grad is not None or f"gradient/{called_step}{name}" in trace:   # what nothing depends on has no gradient here
                    gradients[name] = torch.zeros_like(p) if p.grad is None else p.grad.clone()
            whole = math.sqrt(sum(float(g.square().sum()) for g in gradients.values()))
            for name, g in gradients.items():     # what is zero but for rounding is measured by what it is made of
                results[f"gradient/{called_step}{name}"] = g
                scales[f"gradient/{called_step}{name}"] = max(float(g.norm()), floor * (whole + part.get(name, 0.0)))
            seen = k > 1 or which == critic_steps(spec) or prefix == "generator"
            known = {n.removeprefix(prefix + "."): trace[f"gradient/{called_step}{n}"].to(dtype).view_as(g) if seen and f"gradient/{called_step}{n}" in trace else g
                     for n, g in gradients.items()}
            courses[prefix].step(known)
            with torch.no_grad():      # what comes next sees this network as the iteration updated it
                for name, p in networks[prefix].named_parameters():
                    if index == len(steps) - 1:
                        p.copy_(t.get(called(f"after/{prefix}.{name}"), p))
                    else:
                        p.copy_(courses[prefix].weights[called(name)][0])
    for prefix, net in networks.items():
        results.update({called(f"state/{prefix}.{name}"): x for name, x in net.named_buffers()})
        results.update({f"state/{prefix}.{name}": x for name, x in kept[prefix].items()})
    return results, scales, networks, courses


def without_flips(replayed, far, distance, tries):
    """Errors when inputs next to zero may take the other branch of their ReLU, and how many did: the nearest, one by one."""
    near, flipped = [], set()
    place = lambda layer: (layer.name, layer.shared.update, layer.shared.number)

    def record(layer, x):
        x = x.detach().flatten() / x.detach().square().mean().sqrt()
        values, at = x.abs().topk(min(4, x.numel()), largest=False)
        near.extend((float(v), place(layer), int(i)) for v, i in zip(values, at) if v < 1e-5)

    def flip(layer, x):
        indices = [i for where, i in flipped if where == place(layer)]
        if indices:
            shift = torch.zeros_like(x)
            shift.view(-1)[indices] = -2 * x.detach().reshape(-1)[indices]
            return x + shift

    def total():
        results = replayed(flip)
        errors = {name: distance(name, x) for name, x in results.items()}
        return sum(errors[name] ** 2 for name in far), errors

    replayed(record)
    best, errors = total()
    for _, where, i in sorted(near)[:tries]:
        flipped.add((where, i))
        now, tried = total()
        if now < 0.9 * best:
            best, errors = now, tried
        else:
            flipped.remove((where, i))
    return errors, len(flipped)


def check(args):
    """Replay a trace: same weights, latents, reals and mixing weights; compare what comes out."""
    from safetensors import safe_open
    with safe_open(args.trace, framework="pt") as f:
        meta = f.metadata()
        t = {k: f.get_tensor(k).to(torch.float64) for k in f.keys()}
    spec = read_spec(args.spec)
    results, scales, networks, courses = replay(spec, t, meta, torch.float64, args.floor)
    errors, missing, seen = {}, [], set()

    def distance(name, ours, theirs):
        return float((ours - theirs.reshape(ours.shape)).norm()) / (scales.get(name) or float(ours.norm()) or 1.0)

    def compare(name, ours):
        stored = name.replace("state/", "after/")
        seen.add(stored)
        if stored in t:
            errors[name] = distance(name, ours, t[stored])
        else:
            missing.append(stored)

    for name, x in results.items():
        if name.startswith("state/") and name[:-4] + "variance" in results and name.endswith(".mean"):      # a mean that is zero but for rounding
            scales[name] = float(results[name[:-4] + "variance"].sqrt().norm())
        compare(name, x)
    for prefix, net in networks.items():
        for name, _ in net.named_parameters():
            name = called(name)
            p, ours = t[f"before/{prefix}.{name}"], courses[prefix].weights[name][0]
            compare(f"after/{prefix}.{name}", ours)
            if f"after/{prefix}.{name}" in t and f"gradient/{prefix}.{name}" in t:   # the step itself, less what rounding the weights explains
                error = float((ours - t[f"after/{prefix}.{name}"]).norm()) - 2 ** -23 * float(p.norm())
                errors[f"step/{prefix}.{name}"] = max(0.0, error) / (float((ours - p).norm()) or 1.0) if error == error else error

    missing += [f"{k} (in the trace alone)" for k in t if k.split("/")[0] in ("loss", "gradient", "after") and k not in seen]
    for name in missing[:10]:
        print("missing:", name)
    if args.all:
        for name, error in errors.items():
            print(f"  {name} {error:.3g}")
    kinds = {}
    for name, error in errors.items():
        kinds.setdefault(name.split("/")[0], []).append((error if error == error else math.inf, name.partition("/")[2]))
    for kind in sorted(kinds):
        print(f"{kind}: {len(kinds[kind])} tensors, worst relative error {max(kinds[kind])[0]:.3g} ({max(kinds[kind])[1]})")
    far = [name for name, error in errors.items() if not error <= args.tolerance]
    whole = not missing and kinds.keys() - {"state"} == {"loss", "gradient", "after", "step"}
    if whole and far and not any(name.startswith(("after", "step")) for name in far):
        # What rounding does to PyTorch itself: flips of activations are as large there.
        single, *_ = replay(spec, t, meta, torch.float32)
        rounded = {name: distance(name, x, single[name].double()) for name, x in results.items()}
        worst = {kind: max(e for n, e in rounded.items() if n.split("/")[0] == kind) for kind in kinds if kind in ("loss", "gradient", "state")}
        for name in sorted(far, key=errors.get, reverse=True)[:10]:
            print(f"  {name} {errors[name]:.3g}; PyTorch in float32 {rounded[name]:.3g}, its worst {worst[name.split('/')[0]]:.3g}")
        if all(errors[name] <= 2 * worst[name.split("/")[0]] for name in far):
            print("agree as far as PyTorch in float32 does")
            return 0
        tried, flips = without_flips(lambda hook: replay(spec, t, meta, torch.float64, args.floor, hook)[0], far,
                                     lambda name, x: distance(name, x, t[name.replace("state/", "after/")]), args.flips)
        print(f"with {flips} flips: worst relative error {max(tried.values()):.3g} ({max(tried, key=tried.get)})")
        if flips and all(error <= args.tolerance for error in tried.values()):
            print(f"agree but for {flips} flips of activations next to zero")
            return 0
    print("agree" if whole and not far else "DISAGREE")
    return 0 if whole and not far else 1


def count(args):
    spec = read_spec(args.spec)
    for name, network in (("generator", Generator), ("discriminator", Discriminator)):
        print(f"{name} {sum(p.numel() for p in network(spec).parameters()):,}")
    return 0


def fill(net):
    """Weights of ordinary size, since times may depend on them."""
    with torch.no_grad():
        for layer in net.modules():
            for name, x in (*layer.named_parameters(recurse=False), *layer.named_buffers(recurse=False)):
                if isinstance(layer, Weighted) and name == "weight":
                    x.normal_().div_(math.sqrt(layer.fan_in) * layer.factor)
                elif name == "u":
                    x.copy_(F.normalize(torch.randn_like(x), dim=0))
                elif name in ("scale", "variance") or isinstance(layer, Style) and name == "bias":
                    x.fill_(1)
                elif name == "weight":
                    x.normal_()


def bench(args):
    """Times training iterations in single precision at full strength of the last phase, on random images."""
    torch.set_num_threads(args.threads)
    torch.manual_seed(0)
    spec = read_spec(args.spec)
    resolution, n, _, _, end = list(phases(spec))[-1]
    level = int(math.log2(resolution)) - 2
    form = torch.channels_last if args.channels_last else torch.contiguous_format
    networks, steps = {"generator": Generator(spec), "discriminator": Discriminator(spec)}, {}
    for name, net in networks.items():
        fill(net.to(memory_format=form))
        kind, s = optimizer(spec, name, end)
        params, rate = net.parameters(), s["rate"]
        if kind in ("adam", "adamw"):
            make = torch.optim.Adam if kind == "adam" else torch.optim.AdamW
            steps[name] = make(params, rate, (s["beta1"], s["beta2"]), s["epsilon"], weight_decay=s.get("weight_decay", 0), fused=True)
        elif kind == "rmsprop":
            steps[name] = torch.optim.RMSprop(params, rate, s["decay"], s["epsilon"], momentum=s["momentum"], centered=s["centered"])
        else:
            steps[name] = torch.optim.SGD(params, rate, s["momentum"], nesterov=s["nesterov"], fused=True)
    G, D = networks.values()
    weights, average = list(G.parameters()), [p.detach().clone() for p in G.parameters()]
    decay = spec["generator"]["average"]
    decay = decay if isinstance(decay, (int, float)) else 0.999
    side = 4 if spec["generator"]["latent_form"] == "grid" else 1
    # What is timed is an iteration without lazy terms.
    terms = {name: {k: v or {} for k, v in spec["loss"][name].items() if every(v) == 1} for name in networks}
    untimed = [k for group in terms.values() for k in group if k in ("dragan", "consistency", "lecam", "path_length")]
    if untimed or spec["discriminator"].get("augment"):
        sys.exit(f"bench has no {', '.join(untimed) or 'augment'}")
    score, sight = lambda x: D(x, level, 1.0), Sight(spec, {})

    def update_generator(inputs):
        D.requires_grad_(False)
        image = G(inputs["latents"][0], level, 1.0)
        real = score(inputs["real"]) if "relativistic" in terms["generator"] else None
        made = score(image)
        sum(generator_term(k, v, lambda: made, lambda: real, None) for k, v in terms["generator"].items()).backward()
        D.requires_grad_(True)

    def update_discriminator(inputs):
        with torch.no_grad():
            fake = G(inputs["latents"][1], level, 1.0)
        c = Context(spec, score, inputs["real"], lambda: fake, sight, {}, inputs["mix"], {})
        sum(discriminator_term(k, v, c) for k, v in terms["discriminator"].items()).backward()

    updates = [("generator", update_generator)] + critic_steps(spec) * [("discriminator", update_discriminator)]
    if spec["schedule"]["order"] == "discriminator_first":
        updates.reverse()
    times = []
    for i in range(args.iterations + 1):      # the first one is not counted
        inputs = {"latents": torch.randn(2, n, spec["generator"]["latent"], side, side), "mix": torch.rand(n),
                  "real": torch.rand(n, 3, resolution, resolution).to(memory_format=form)}
        begin = time.perf_counter()
        for name, update in updates:
            for prefix, net in networks.items():
                net.shared.begin(prefix == name)
            update(inputs)
            steps[name].step()
            steps[name].zero_grad()
        if decay:
            with torch.no_grad():
                torch._foreach_lerp_(average, weights, 1 - decay)
        times.append(1000 * (time.perf_counter() - begin))
    if args.json:
        print(json.dumps({"resolution": resolution, "batch": n, "median_ms": statistics.median(times[1:])}))
        return 0
    print(f"{statistics.median(times[1:]):.1f} ms an iteration: {resolution}x{resolution}, batch {n}, {args.threads} threads, "
          f"median of {args.iterations}")
    return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    c = commands.add_parser("check")
    c.add_argument("trace")
    c.add_argument("--spec", required=True, help="the resolved spec: spec.yaml of a run")
    c.add_argument("--tolerance", type=float, default=1e-3)
    c.add_argument("--floor", type=float, default=1e-4,
                   help="gradients below this share of their network's, or of one of their terms, are measured by that share")
    c.add_argument("--flips", type=int, default=12, help="how many inputs next to zero may be tried on the other side of it")
    c.add_argument("--all", action="store_true", help="print the error of every tensor")
    c.set_defaults(run=check)
    n = commands.add_parser("count")
    n.add_argument("spec")
    n.set_defaults(run=count)
    b = commands.add_parser("bench")
    b.add_argument("--spec", required=True, help="the resolved spec: spec.yaml of a run")
    b.add_argument("--threads", type=int, default=2)
    b.add_argument("--iterations", type=int, default=5)
    b.add_argument("--channels-last", action="store_true", help="keep the channels of a pixel together in memory")
    b.add_argument("--json", action="store_true", help="one JSON object")
    b.set_defaults(run=bench)
    args = parser.parse_args()
    sys.exit(args.run(args))
