# packages: torch==2.13.0 safetensors==0.8.0 numpy==2.4.6 pyyaml==6.0.3
"""A second peer: PyTorch networks built from any spec, to replay a trace of it.

  check   replay one recorded training iteration in double precision; compare every loss, gradient and updated weight;
  count   the parameters of both networks, all resolutions together.

    ./fadein trace SPEC --iteration 900 --out trace.safetensors
    scripts/python peers/torch_spec.py check trace.safetensors --spec runs/NAME/v001/spec.yaml
    scripts/python peers/torch_spec.py count runs/NAME/v001/spec.yaml

The spec is the resolved one that a run keeps as spec.yaml, with every setting written out; a trace does not hold it.
The kinds of layers are described in docs/networks.md, the names of the tensors in a trace in docs/parity.md.
An input of a leaky ReLU within rounding of zero may push gradients beyond the tolerance: see docs/parity.md.
"""
import argparse
import math
import re
import sys

import torch
import torch.nn.functional as F
import yaml
from torch import nn

NAMES = {"convolution": "conv"}       # others are called by the last word of their kind
NORMS = {"pixel_norm", "layer_norm"}
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


def twice(x):
    return F.interpolate(x, scale_factor=2, mode="nearest")


# Layers. Each is made of its settings `s`, the shape that enters it, the widths that `in` and `out` stand for, and whether
# an activation follows. `leaves` is the shape that leaves it: channels and side.

class Layer(nn.Module):
    def __init__(self, s, shape, widths, hidden):
        super().__init__()
        self.s, self.leaves = s, shape

    def width(self, widths):
        return widths.get(self.s["width"], self.s["width"])

    def equalizer(self, hidden, fan_in, channels):
        """What the weights, or the input, are multiplied by."""
        how, gain = self.s["equalized_rate"], self.s["gain"]
        if how == "weight":
            return (gain if gain != "automatic" else math.sqrt(2) if hidden else 1) / math.sqrt(fan_in)
        if how == "input" and (hidden or gain != "automatic"):
            return (gain if gain != "automatic" else math.sqrt(2)) / math.sqrt(channels)
        return 1 if gain == "automatic" or how == "input" else gain


class Convolution(Layer):
    def __init__(self, s, shape, widths, hidden):
        super().__init__(s, shape, widths, hidden)
        (cin, side), cout = shape, self.width(widths)
        k, stride, groups = s["kernel"], s["stride"], s["groups"]
        self.padding = p = max(0, k - stride + 1) // 2 if s["padding"] == "same" else s["padding"]
        form = (cin, cout // groups) if s["transposed"] else (cout, cin // groups)
        self.weight = nn.Parameter(torch.zeros(*form, k, k))
        self.bias = nn.Parameter(torch.zeros(cout)) if s["bias"] else None
        self.factor = self.equalizer(hidden, cin // groups * (1 if side == 1 else k * k), cin)
        self.leaves = cout, (side - 1) * stride - 2 * p + k if s["transposed"] else (side + 2 * p - k) // stride + 1

    def forward(self, x):
        w, p, settings = self.weight * self.factor, self.padding, dict(stride=self.s["stride"], groups=self.s["groups"])
        if self.s["transposed"]:
            return F.conv_transpose2d(x, w, self.bias, padding=p, **settings)
        if self.s["border"] == "reflect" and p:
            x, p = F.pad(x, [p] * 4, mode="reflect"), 0
        return F.conv2d(x, w, self.bias, padding=p, **settings)


class Dense(Layer):
    def __init__(self, s, shape, widths, hidden):
        super().__init__(s, shape, widths, hidden)
        (cin, side), cout = shape, self.width(widths)
        self.leaves = cout, s["side"]
        results, features = cout * s["side"] ** 2, cin * side * side
        self.weight = nn.Parameter(torch.zeros(results, features))
        self.bias = nn.Parameter(torch.zeros(results)) if s["bias"] else None
        self.factor = self.equalizer(hidden, features, features)

    def forward(self, x):
        width, side = self.leaves
        return F.linear(x.flatten(1), self.weight * self.factor, self.bias).unflatten(1, (width, side, side))


class Upsample(Layer):
    def __init__(self, s, shape, widths, hidden):
        super().__init__(s, shape, widths, hidden)
        self.leaves = shape[0], 2 * shape[1]

    def forward(self, x):
        if self.s["mode"] == "fir":
            return F.conv_transpose2d(x, fir(x, 2), stride=2, padding=1, groups=x.shape[1])
        if self.s["mode"] == "bilinear":
            return F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False)
        return twice(x)


class Downsample(Layer):
    def __init__(self, s, shape, widths, hidden):
        super().__init__(s, shape, widths, hidden)
        self.leaves = shape[0], shape[1] // 2

    def forward(self, x):
        return F.conv2d(x, fir(x, 1), stride=2, padding=1, groups=x.shape[1]) if self.s["mode"] == "fir" else half(x)


class PixelNorm(Layer):
    def forward(self, x):
        square, epsilon = x.square().mean(1, keepdim=True), self.s["epsilon"]
        return x / (square.sqrt() + epsilon if self.s["form"] == "epsilon_outside" else (square + epsilon).sqrt())


class LayerNorm(Layer):
    def __init__(self, s, shape, widths, hidden):
        super().__init__(s, shape, widths, hidden)
        self.scale, self.bias = nn.Parameter(torch.zeros(shape[0])), nn.Parameter(torch.zeros(shape[0]))

    def forward(self, x):
        x = F.layer_norm(x, x.shape[1:], eps=self.s["epsilon"])
        return x * self.scale.view(-1, 1, 1) + self.bias.view(-1, 1, 1)


class LeakyRelu(Layer):
    def forward(self, x):
        return F.leaky_relu(x, self.s["slope"])


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
    def __init__(self, s, shape, widths, hidden):
        super().__init__(s, shape, widths, hidden)
        self.leaves = shape[0] // 2, shape[1]

    def forward(self, x):
        return F.glu(x, 1)


class MinibatchDeviation(Layer):
    def __init__(self, s, shape, widths, hidden):
        super().__init__(s, shape, widths, hidden)
        self.leaves = shape[0] + 1, shape[1]

    def forward(self, x):
        n = x.shape[0]
        size = min(self.s["group"] or n, n)
        groups = x.view(size, n // size, *x.shape[1:])       # image i is in group i mod (n / size)
        if self.s["estimator"] == "unbiased":
            spread = groups.std(0)
        else:
            spread = (groups.var(0, correction=0) + 1e-8).sqrt()
        spread = spread.mean((1, 2, 3)).repeat(size)
        return torch.cat([x, spread.view(-1, 1, 1, 1).expand(n, 1, *x.shape[2:])], 1)


class SelfAttention(Layer):
    def __init__(self, s, shape, widths, hidden):
        super().__init__(s, shape, widths, hidden)
        c = shape[0]
        depth, width = max(1, c // s["reduction"]), c if s["value"] == "full" else max(1, c // 2)
        conv = lambda i, o: nn.Conv2d(i, o, 1, bias=s["bias"])
        self.query, self.key, self.value = conv(c, depth), conv(c, depth), conv(c, width)
        self.output = conv(width, c) if s["value"] == "half" else nn.Identity()
        self.gamma = nn.Parameter(torch.zeros(1))

    def forward(self, x):
        q, k, v = (f(x).flatten(2) for f in (self.query, self.key, self.value))
        weights = torch.einsum("ndq,ndk->nqk", q, k).softmax(2)
        found = torch.einsum("nck,nqk->ncq", v, weights).unflatten(2, x.shape[2:])
        return x + self.gamma * self.output(found)


class Layers(nn.Module):
    """A list of layers. In `own` lists, to_rgb, from_rgb and head, the first convolution's parameters are the list's."""

    def __init__(self, entries, kinds, shape, widths, own=False):
        super().__init__()
        entries = [next(iter(e.items())) if isinstance(e, dict) else (e, {}) for e in entries]
        self.order, counts = [], {}
        for i, (kind, settings) in enumerate(entries):
            following = [k for k, _ in entries[i + 1:] if k not in NORMS][:1]
            hidden = bool(following) and following[0] in ACTIVATIONS
            s = {**kinds.get(kind, {}), **(settings or {})}
            layer = Residual(s, kinds, shape, widths) if kind == "residual" else KINDS[kind](s, shape, widths, hidden)
            word = NAMES.get(kind, kind.split("_")[-1])
            counts[word] = counts.get(word, 0) + 1
            if own and word == "conv" and counts[word] == 1:
                for name, p in layer.named_parameters():
                    self.register_parameter(name, p)
            else:
                self.add_module(f"{word}{counts[word]}", layer)
            self.order.append(layer)      # a plain list: names come from above
            shape = layer.leaves
        self.leaves = shape

    def forward(self, x):
        for layer in self.order:
            x = layer(x)
        return x


class Residual(Layers):
    """The layers of main by their own names, those of the other list under `shortcut`."""

    def __init__(self, s, kinds, shape, widths):
        super().__init__(s["main"], kinds, shape, widths)
        self.shortcut, self.gain = Layers(s["shortcut"], kinds, shape, widths), s["gain"]

    def forward(self, x):
        return (super().forward(x) + self.shortcut(x)) * self.gain


KINDS = {"convolution": Convolution, "dense": Dense, "upsample": Upsample, "downsample": Downsample, "pixel_norm": PixelNorm,
         "layer_norm": LayerNorm, "leaky_relu": LeakyRelu, "relu": Relu, "swish": Swish, "tanh": Tanh, "glu": Glu,
         "minibatch_deviation": MinibatchDeviation, "self_attention": SelfAttention}


class Ladder(nn.Module):
    def __init__(self, s):
        super().__init__()
        self.s = s

    def make(self, entries, shape, leaves, own=False):
        layers = Layers(entries, self.s["layers"], shape, {"in": shape[0], "out": leaves}, own)
        assert layers.leaves[0] == leaves, f"{entries} leaves {layers.leaves[0]} channels instead of {leaves}"
        return layers

    def rung(self, k, entries, shape, leaves):
        at = {int(r): v for r, v in self.s["at"].items()}.get(4 << k, {})
        return self.make([*at.get("before", []), *(at.get("block") or entries), *at.get("after", [])], shape, leaves)


class Generator(Ladder):
    def __init__(self, s):
        super().__init__(s)
        widths, side = s["widths"], 4 if s["latent_form"] == "grid" else 1
        self.blocks = nn.ModuleList(
            self.rung(k, s["block"], (widths[k - 1], 2 << k), w) if k else self.rung(0, s["start"], (s["latent"], side), w)
            for k, w in enumerate(widths))
        self.to_rgb = nn.ModuleList(self.make(s["to_rgb"], (w, 4 << k), 3, own=True) for k, w in enumerate(widths))

    def forward(self, z, level, alpha):
        x = z / (z.square().mean(1, keepdim=True) + 1e-8).sqrt() if self.s["latent_norm"] else z
        for k in range(level + 1):
            below, x = x, self.blocks[k](x)
        image = self.to_rgb[level](x)
        if level:
            image = (1 - alpha) * twice(self.to_rgb[level - 1](below)) + alpha * image
        return {"sigmoid": torch.sigmoid, "tanh": torch.tanh, "linear": lambda v: v}[self.s["output"]](image)


class Discriminator(Ladder):
    def __init__(self, s):
        super().__init__(s)
        widths = s["widths"]
        self.blocks = nn.ModuleList(
            self.rung(k, s["block"], (w, 4 << k), widths[k - 1]) if k else self.rung(0, s["end"], (w, 4), s["top"])
            for k, w in enumerate(widths))
        self.from_rgb = nn.ModuleList(self.make(s["from_rgb"], (3, 4 << k), w, own=True) for k, w in enumerate(widths))
        self.head = self.make(s["head"], self.blocks[0].leaves, 1, own=True)

    def forward(self, image, level, alpha):
        x = self.blocks[level](self.from_rgb[level](image))
        if level:
            x = (1 - alpha) * self.from_rgb[level - 1](half(image)) + alpha * x
            for k in reversed(range(level)):
                x = self.blocks[k](x)
        return self.head(x)       # if these are many scores for an image, losses take each, the penalty their sum


def generator_loss(spec, score):
    kind, = spec["loss"]["generator"]
    return F.softplus(-score).mean() if kind == "non_saturating" else -score.mean()


def discriminator_losses(spec, D, real, fake, mix):
    """The weighted terms; D is a function of images alone."""
    s, terms = spec["loss"]["discriminator"], {}
    score_real, score_fake = D(real), D(fake)
    if "wasserstein" in s:
        terms["wasserstein"] = score_fake.mean() - score_real.mean()
    if "hinge" in s:
        terms["hinge"] = (1 - score_real).relu().mean() + (1 + score_fake).relu().mean()
    if "non_saturating" in s:
        terms["non_saturating"] = F.softplus(-score_real).mean() + F.softplus(score_fake).mean()
    if "gradient_penalty" in s:
        u = mix.view(-1, 1, 1, 1)
        x = (u * real + (1 - u) * fake).requires_grad_(True)
        gradient, = torch.autograd.grad(D(x).sum(), x, create_graph=True)
        norm = gradient.flatten(1).norm(2, 1)
        terms["gradient_penalty"] = s["gradient_penalty"]["weight"] * ((norm / s["gradient_penalty"]["target"] - 1) ** 2).mean()
    if "drift" in s:
        terms["drift"] = s["drift"]["weight"] * score_real.square().mean()
    return terms


def iterations(length, batch):
    """Lengths are in iterations, or in thousands of images, as in 60kimg."""
    text = str(length)
    return math.ceil(float(text[:-4]) * 1000 / batch) if text.endswith("kimg") else int(length)


def phases(spec):
    """Resolution, images a batch, and the iterations before the phase, to the end of its fade, and to its end."""
    begin = 0
    for phase in spec["schedule"]["phases"]:
        batch = phase.get("batch", spec["schedule"]["batch"])
        faded = begin + iterations(phase["fade"], batch)
        end = faded + iterations(phase["hold"], batch)
        yield phase["resolution"], batch, begin, faded, end
        begin = end


def optimizer(spec, network, iteration):
    """The kind of a network's optimizer and its settings, with the rate of this iteration."""
    o = spec["optimizer"]
    own = o.get(network) or {}
    kind = next(k for place in (own, o) for k in ("sgd", "adam") if place.get(k) is not None)
    s = {**(o.get(kind) or {}), **(own.get(kind) or {})}
    for resolution, batch, begin, _, _ in phases(spec):
        for drop in o["drops"]:
            if drop["resolution"] == resolution and iteration > begin + iterations(drop["after"], batch):
                s["rate"] = drop["rate"]
    return kind, s


def parts(spec, name):
    """The fades and holds of a run: first and last iteration, and whether they train this weight."""
    part, _, rest = name.partition(".")
    rung = 0 if part == "head" else int(rest.split(".")[0])
    for resolution, _, begin, faded, end in phases(spec):
        level = int(math.log2(resolution)) - 2
        for fades, start, stop in ((1, begin, faded), (0, faded, end)):
            if start < stop:
                yield start + 1, stop, level - fades <= rung <= level if part in ("to_rgb", "from_rgb") else rung <= level


def trained(spec, name, iteration):
    return any(trains for first, last, trains in parts(spec, name) if first <= iteration <= last)


def count_of(spec, name, iteration):
    """Adam's steps of one weight of a run, this one included: while it was trained, since the last reset."""
    steps = 0
    for first, last, trains in parts(spec, name):
        if first <= iteration:
            before = 0 if spec["optimizer"]["reset"] == "phase" else steps
            steps = before + trains * (min(last, iteration) - first + 1)
    return steps


def stepped(kind, s, p, g, slots, step):
    """The weights after a step. Slots are as before it; Adam's count includes it."""
    if kind == "adam":
        m = s["beta1"] * slots.get("moment1", 0) + (1 - s["beta1"]) * g
        v = s["beta2"] * slots["moment2"] + (1 - s["beta2"]) * g * g
        return p - s["rate"] * m / (1 - s["beta1"] ** step) / ((v / (1 - s["beta2"] ** step)).sqrt() + s["epsilon"])
    v = s["momentum"] * slots.get("velocity", 0) + g
    return p - s["rate"] * (g + s["momentum"] * v if s["nesterov"] else v)


def check(args):
    """Replay a trace: same weights, latents, reals and mixing weights; compare what comes out."""
    from safetensors import safe_open
    with safe_open(args.trace, framework="pt") as f:
        meta = f.metadata()
        t = {k: f.get_tensor(k).to(torch.float64) for k in f.keys()}
    spec = read_spec(args.spec)
    level, alpha = int(math.log2(int(meta["resolution"]))) - 2, float(meta["alpha"])
    below = lambda prefix: {k[len(prefix):]: v for k, v in t.items() if k.startswith(prefix)}
    G, D = Generator(spec["generator"]).double(), Discriminator(spec["discriminator"]).double()
    networks = {"generator": G, "discriminator": D}
    for prefix, net in networks.items():
        net.load_state_dict(below(f"before/{prefix}."))
    worst, compared, missing, seen, part = {}, {}, [], set(), {}

    def compare(kind, name, ours, scale=0.0):
        theirs = t.get(f"{kind}/{name}")
        seen.add(f"{kind}/{name}")
        if theirs is None:
            missing.append(f"{kind}/{name}")
            return
        note(kind, name, float((ours - theirs.reshape(ours.shape)).norm()) / (scale or float(ours.norm()) or 1.0))

    def note(kind, name, error):
        compared[kind] = compared.get(kind, 0) + 1
        if args.all:
            print(f"  {kind}/{name} {error:.3g}")
        if not error <= worst.get(kind, (0.0, ""))[0]:     # a NaN counts as the worst
            worst[kind] = (error, name)

    def compare_network(prefix):
        gradients = {name: p.grad for name, p in networks[prefix].named_parameters() if p.grad is not None}
        whole = math.sqrt(sum(float(g.square().sum()) for g in gradients.values()))
        for name, g in gradients.items():     # what is zero but for rounding is measured by what it is made of
            name = f"{prefix}.{name}"
            compare("gradient", name, g, max(float(g.norm()), args.floor * (whole + part.get(name, 0.0))))

    def update_generator():
        loss = generator_loss(spec, D(G(t["input/generator.latent"], level, alpha), level, alpha))
        loss.backward()
        compare("loss", "generator", loss.detach().reshape(1))

    def update_discriminator():
        real = t["input/real"]
        if spec["schedule"]["blend_reals"] and level:
            real = (1 - alpha) * twice(half(real)) + alpha * real
        with torch.no_grad():
            fake = G(t["input/discriminator.latent"], level, alpha)
        D(real, level, alpha).mean().backward()      # how large the terms are that cancel in a critic's last bias
        part.update({f"discriminator.{name}": float(p.grad.norm()) for name, p in D.named_parameters() if p.grad is not None})
        D.zero_grad()
        terms = discriminator_losses(spec, lambda x: D(x, level, alpha), real, fake, t.get("input/mix"))
        sum(terms.values()).backward()
        for name, value in terms.items():
            compare("loss", f"discriminator.{name}", value.detach().reshape(1))

    updates = [("generator", update_generator), ("discriminator", update_discriminator)]
    for prefix, update in updates if spec["schedule"]["order"] == "generator_first" else reversed(updates):
        G.zero_grad(), D.zero_grad()
        update()
        compare_network(prefix)
        with torch.no_grad():      # the other network sees this one as the iteration updated it
            for name, p in networks[prefix].named_parameters():
                p.copy_(t.get(f"after/{prefix}.{name}", p))

    iteration, slot_names = int(meta["iteration"]), ("moment1", "moment2", "velocity")
    fresh = not any(v.any() for k, v in t.items() if k.split("/")[0] in slot_names)     # no run came before
    for prefix in networks:
        kind, settings = optimizer(spec, prefix, iteration)
        for name, p in below(f"before/{prefix}.").items():
            name = f"{prefix}.{name}"
            g = t.get(f"gradient/{name}")
            if g is None or not trained(spec, name.partition(".")[2], iteration):
                compare("after", name, p)
                continue
            slots = {slot: t[f"{slot}/{name}"] for slot in slot_names if f"{slot}/{name}" in t}
            ours = stepped(kind, settings, p, g, slots, 1 if fresh else count_of(spec, name.partition(".")[2], iteration))
            compare("after", name, ours)
            if f"after/{name}" in t:      # the step itself, less what rounding the weights explains
                error = float((ours - t[f"after/{name}"]).norm()) - 2 ** -23 * float(p.norm())
                note("step", name, max(0.0, error) / (float((ours - p).norm()) or 1.0) if error == error else error)

    missing += [f"{k} (in the trace alone)" for k in t if k.split("/")[0] in ("loss", "gradient", "after") and k not in seen]
    for name in missing[:10]:
        print("missing:", name)
    for kind in sorted(compared):
        error, name = worst.get(kind, (0.0, "-"))
        print(f"{kind}: {compared[kind]} tensors, worst relative error {error:.3g} ({name})")
    ok = not missing and set(compared) == {"loss", "gradient", "after", "step"}
    ok = ok and all(e <= args.tolerance for e, _ in worst.values())
    print("agree" if ok else "DISAGREE")
    return 0 if ok else 1


def count(args):
    spec = read_spec(args.spec)
    for name, network in (("generator", Generator), ("discriminator", Discriminator)):
        print(f"{name} {sum(p.numel() for p in network(spec[name]).parameters()):,}")
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
    c.add_argument("--all", action="store_true", help="print the error of every tensor")
    c.set_defaults(run=check)
    n = commands.add_parser("count")
    n.add_argument("spec")
    n.set_defaults(run=count)
    args = parser.parse_args()
    sys.exit(args.run(args))
