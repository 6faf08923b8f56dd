"""What torch_spec.py needs of docs/learning.md: losses, penalties, optimizer steps, and what a discriminator sees of images."""
import math

import torch
import torch.nn.functional as F


def root(x):
    """The square root, whose derivative at zero counts as 0."""
    zero = x == 0
    return torch.where(zero, 0, torch.where(zero, 1, x).sqrt())


# What the discriminator sees.

def mirrored(i, n):
    i = torch.remainder(i, max(1, 2 * (n - 1)))
    return torch.where(i < n, i, 2 * (n - 1) - i)


def sampled(x, m, border):
    """Images at affine coordinates (a b c d e f): row a i + b j + c and column d i + e j + f, from the four nearest pixels."""
    n, channels, height, width = x.shape
    i, j = torch.meshgrid(torch.arange(height, dtype=x.dtype), torch.arange(width, dtype=x.dtype), indexing="ij")
    a, b, c, d, e, f = m.view(n, 6, 1, 1).unbind(1)
    row, column = a * i + b * j + c, d * i + e * j + f
    total = torch.zeros_like(x)
    for r, down in ((row.floor(), 1 - (row - row.floor())), (row.floor() + 1, row - row.floor())):
        for s, right in ((column.floor(), 1 - (column - column.floor())), (column.floor() + 1, column - column.floor())):
            weight = down * right
            if border == "reflect":
                r0, s0 = mirrored(r, height), mirrored(s, width)
            else:
                weight = weight * ((r >= 0) & (r < height) & (s >= 0) & (s < width))
                r0, s0 = r.clamp(0, height - 1), s.clamp(0, width - 1)
            places = (r0 * width + s0).long().view(n, 1, -1).expand(n, channels, -1)
            total = total + weight.unsqueeze(1) * x.flatten(2).gather(2, places).view_as(x)
    return total


class Sight:
    """discriminator.augment with the numbers of a trace; `images` in one step are real and then generated ones, or either."""

    def __init__(self, spec, random):
        self.s, self.centered = spec["discriminator"].get("augment"), spec["generator"]["output"] != "sigmoid"
        self.random = random

    def part(self, name, n, which):
        x = self.random.get(f"discriminator.augment.{name}.1")
        if x is None or len(x) == n:
            return x
        return x[:n] if which == "real" else x[n:]

    def __call__(self, x, which):
        if not self.s:
            return x
        u = x if self.centered else 2 * x - 1
        get = lambda name: self.part(name, len(x), which)
        if get("geometry") is not None:
            u = sampled(u, get("geometry"), self.s["border"])
        if get("color") is not None:
            m = get("color").view(len(x), 3, 4)
            u = torch.einsum("nck,nkhw->nchw", m[:, :, :3], u) + m[:, :, 3, None, None]
        if get("contrast") is not None:
            mean = u.mean((1, 2, 3), keepdim=True)
            u = (u - mean) * get("contrast") + mean
        if get("noise") is not None:
            u = u + get("noise")
        if get("mask") is not None:
            u = u * get("mask")
        return u if self.centered else (u + 1) / 2


# Losses.

def relativistic(s, preferred, other):
    if s["form"] == "paired":
        return F.softplus(other - preferred).mean()
    return (F.softplus(other.mean() - preferred).mean() + F.softplus(other - preferred.mean()).mean()) / 2


def every(settings):
    return (settings or {}).get("every", 1)


def due(spec, network, iteration):
    """The steps of a network in an iteration, as the `every` of their terms, in order."""
    periods = sorted({every(s) for s in spec["loss"][network].values()}, reverse=True)
    return [k for k in periods if (iteration - 1) % k == 0]


class Context:
    """Passes of one step: each kind of images is scored once, whoever asks."""

    def __init__(self, spec, D, real, fake, sight, random, mix, kept):
        self.spec, self.D, self.real, self.fake, self.sight, self.random, self.mix, self.kept = spec, D, real, fake, sight, random, mix, kept
        self.passes, self.new = {}, {}

    def scored(self, which):
        """The images that a slope is taken at, what is seen of them, and their scores."""
        if which not in self.passes:
            if which == "mixed":
                u = self.mix.view(-1, 1, 1, 1)
                x = (u * self.seen("real") + (1 - u) * self.seen("generated")).detach().requires_grad_(True)
                seen = x
            else:
                x = (self.real if which == "real" else self.fake()).detach().requires_grad_(True)
                seen = self.sight(x, which)
            self.passes[which] = x, seen, self.D(seen)
        return self.passes[which]

    def scores(self, which):
        return self.scored(which)[2]

    def seen(self, which):
        return self.scored(which)[1]

    def squares(self, which):
        x, _, scores = self.scored(which)
        gradient, = torch.autograd.grad(scores.sum(), x, create_graph=True)
        return gradient.square().sum((1, 2, 3))

    def running(self, name, value, decay):
        new = decay * self.kept[name] + (1 - decay) * value
        self.new[name] = new
        return new


def discriminator_term(name, s, c):
    real, fake = lambda: c.scores("real"), lambda: c.scores("generated")
    if name == "wasserstein":
        return fake().mean() - real().mean()
    if name == "hinge":
        return (1 - real()).relu().mean() + (1 + fake()).relu().mean()
    if name == "non_saturating":
        return F.softplus(-real()).mean() + F.softplus(fake()).mean()
    if name == "least_squares":
        return ((real() - 1).square().mean() + fake().square().mean()) / 2
    if name == "relativistic":
        return relativistic(s, real(), fake())
    if name == "gradient_penalty":
        squares = c.squares(s.get("images", "mixed"))
        return s["weight"] * ((root(squares) / s["target"] - 1).square() if s["target"] else squares).mean()
    if name in ("r1", "r2"):
        return s["gamma"] / 2 * c.squares("real" if name == "r1" else "generated").mean()
    if name == "dragan":
        x = c.seen("real").detach()
        spread = x.var(correction=0).sqrt()
        y = x + c.random["discriminator.dragan.share.1"] * s["deviation"] * spread * c.random["discriminator.dragan.noise.1"]
        y.requires_grad_(True)
        gradient, = torch.autograd.grad(c.D(y).sum(), y, create_graph=True)
        return s["weight"] * (root(gradient.square().sum((1, 2, 3))) - 1).square().mean()
    if name == "drift":
        return s["weight"] * real().square().mean()
    if name == "lecam":
        total = c.running("lecam.total", torch.ones_like(c.kept["lecam.total"]), s["decay"])
        m_real = c.running("lecam.real", real().mean().detach(), s["decay"]) / total
        m_fake = c.running("lecam.generated", fake().mean().detach(), s["decay"]) / total
        return s["weight"] * ((real() - m_fake).relu().square().mean() + (m_real - fake()).relu().square().mean())
    if name == "consistency":
        matrices = c.random["discriminator.consistency.1"].chunk(2)
        total = 0
        for which, m in zip(("real", "generated"), matrices):
            total = total + s[which] * (c.scores(which) - c.D(sampled(c.seen(which), m, "reflect"))).square().mean()
        return total
    raise KeyError(name)


def generator_term(name, s, fake, real, path):
    if name in ("wasserstein", "hinge"):
        return -fake().mean()
    if name == "non_saturating":
        return F.softplus(-fake()).mean()
    if name == "least_squares":
        return (fake() - 1).square().mean() / 2
    if name == "relativistic":
        r = real()
        return relativistic(s, fake(), r)
    if name == "path_length":
        return path(s)
    raise KeyError(name)


# Optimizers.

def share_of_rate(s, before, shown, whole, length):
    """What optimizer.schedule leaves of a rate; `length` gives the images of a length."""
    if not s:
        return 1.0
    warmup, hold = length(s["warmup"]), length(s["hold"])
    up = min(1.0, (before + shown) / warmup) if warmup else 1.0
    way = min(1.0, max(0, before - warmup - hold) / max(1, whole - warmup - hold))
    if s["decay"] == "linear":
        return up * (1 - (1 - s["to"]) * way)
    if s["decay"] == "cosine":
        return up * (s["to"] + (1 - s["to"]) * (1 + math.cos(math.pi * way)) / 2)
    return up


def corrected(kind, s, share):
    """The settings of steps that are this share of an iteration."""
    powers = {"adam": ("beta1", "beta2"), "adamw": ("beta1", "beta2"), "rmsprop": ("decay", "momentum"), "sgd": ("momentum",)}
    return {**s, **{k: float(s[k]) ** share for k in powers[kind]}, "rate": s["rate"] * share}


def clipped(clip, gradients):
    if not clip:
        return gradients
    if clip["value"]:
        gradients = {k: g.clamp(-clip["value"], clip["value"]) for k, g in gradients.items()}
    if clip["norm"]:
        total = torch.stack([g.square().sum() for g in gradients.values()]).sum().sqrt()
        factor = min(1.0, clip["norm"] / (float(total) + 1e-6))
        gradients = {k: g * factor for k, g in gradients.items()}
    return gradients


def stepped(kind, s, p, g, slots, step):
    """The weights after a step, and the slots. Adam's count includes it."""
    if kind in ("adam", "adamw"):
        m = s["beta1"] * slots.get("moment1", 0) + (1 - s["beta1"]) * g
        v = s["beta2"] * slots["moment2"] + (1 - s["beta2"]) * g * g
        p = p * (1 - s["rate"] * s.get("weight_decay", 0))
        p = p - s["rate"] * m / (1 - s["beta1"] ** step) / ((v / (1 - s["beta2"] ** step)).sqrt() + s["epsilon"])
        return p, {"moment1": m, "moment2": v} if "moment1" in slots else {"moment2": v}
    if kind == "rmsprop":
        v = s["decay"] * slots["square"] + (1 - s["decay"]) * g * g
        new, divided = {"square": v}, v
        if s["centered"]:
            new["mean"] = s["decay"] * slots["mean"] + (1 - s["decay"]) * g
            divided = (v - new["mean"].square()).clamp(min=0)
        change = g / (divided.sqrt() + s["epsilon"])
        if s["momentum"]:
            new["velocity"] = change = s["momentum"] * slots["velocity"] + change
        return p - s["rate"] * change, new
    v = s["momentum"] * slots.get("velocity", 0) + g
    return p - s["rate"] * (g + s["momentum"] * v if s["nesterov"] else v), {"velocity": v} if "velocity" in slots else {}
