# packages: torch==2.13.0 safetensors==0.8.0 numpy==2.4.6
"""Write the fixtures of Tests/ModelsTests: whole training iterations computed by PyTorch in double precision.

    scripts/python make_fixtures.py

Each file is one iteration of a small progressive GAN: the weights and moments before it, its latents, real images and mixing
weights, and the losses, gradients and weights that must come out. The networks are written here a second time, as a user of
PyTorch would, in two recipes: `icon`, that of Fadein's defaults, and `original`, that of Karras et al. 2018.
The same versions give the same numbers (not the same order of metadata); tensors have the names of `fadein trace`.
"""
import argparse
import math
import pathlib

import torch
import torch.nn.functional as F
from safetensors.torch import save_file
from torch import nn


class IconConv(nn.Module):
    """Scaled input, reflected border, convolution, pixel norm, leaky ReLU."""

    def __init__(self, inputs, outputs, kernel, padding):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(outputs, inputs, kernel, kernel) * math.sqrt(2 / (inputs * kernel * kernel)))
        bound = 1 / math.sqrt(inputs * kernel * kernel)
        self.bias = nn.Parameter(torch.empty(outputs).uniform_(-bound, bound))
        self.padding, self.gain = padding, math.sqrt(2 / inputs)

    def forward(self, x):
        x = x * self.gain
        if self.padding:
            x = F.pad(x, [self.padding] * 4, mode="reflect")
        x = F.conv2d(x, self.weight, self.bias)
        return F.leaky_relu(x / (x.square().mean(1, keepdim=True).sqrt() + 1e-7), 0.2)


class IconGenerator(nn.Module):
    def __init__(self, widths, latent):
        super().__init__()
        inputs = [latent] + widths[:-1]
        self.blocks = nn.ModuleList(
            nn.ModuleDict({"conv1": IconConv(i, o, 3, 1), "conv2": IconConv(o, o, 3, 1)}) for i, o in zip(inputs, widths))
        self.to_rgb = nn.ModuleList(nn.Conv2d(o, 3, 1) for o in widths)

    def latents(self, batch):
        return torch.randn(batch, self.blocks[0]["conv1"].weight.shape[1], 4, 4)

    def forward(self, z, level, alpha):
        x = z
        for k in range(level + 1):
            below = x
            if k:
                x = F.interpolate(x, scale_factor=2, mode="nearest")
            x = self.blocks[k]["conv2"](self.blocks[k]["conv1"](x))
        image = self.to_rgb[level](x)
        if level:
            small = self.to_rgb[level - 1](F.interpolate(below, scale_factor=2, mode="nearest"))
            image = (1 - alpha) * small + alpha * image
        return image.sigmoid()


class IconDiscriminator(nn.Module):
    def __init__(self, widths, top):
        super().__init__()
        outputs = [top] + widths[:-1]
        self.blocks = nn.ModuleList(
            nn.ModuleDict({"conv1": IconConv(i + (k == 0), o, 3, 1), "conv2": IconConv(o, o, 3 + (k == 0), int(k > 0))})
            for k, (i, o) in enumerate(zip(widths, outputs)))
        self.from_rgb = nn.ModuleList(nn.Conv2d(3, i, 1) for i in widths)
        self.head = nn.Conv2d(top, 1, 1)

    def block(self, x, k):
        if k == 0:
            spread = x.std(0, keepdim=True).mean()
            x = torch.cat([x, spread.expand(x.shape[0], 1, *x.shape[2:])], 1)
        x = self.blocks[k]["conv2"](self.blocks[k]["conv1"](x))
        return x if k == 0 else F.avg_pool2d(x, 2)

    def forward(self, image, level, alpha):
        x = self.block(self.from_rgb[level](image), level)
        if level:
            x = (1 - alpha) * self.from_rgb[level - 1](F.avg_pool2d(image, 2)) + alpha * x
            for k in reversed(range(level)):
                x = self.block(x, k)
        return self.head(x)


class OriginalConv(nn.Module):
    """Weights drawn from N(0, 1) and scaled when used; zeros beyond the border."""

    def __init__(self, inputs, outputs, kernel, padding, gain=math.sqrt(2)):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(outputs, inputs, kernel, kernel))
        self.bias = nn.Parameter(0.1 * torch.randn(outputs))      # zeros in training; here they shall matter
        self.padding, self.scale = padding, gain / math.sqrt(inputs * kernel * kernel)

    def forward(self, x):
        return F.conv2d(x, self.weight * self.scale, self.bias, padding=self.padding)


class OriginalDense(nn.Module):
    """The dense layer from a latent vector to a 4x4 grid, its weights stored as a flipped 4x4 filter."""

    def __init__(self, inputs, outputs):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(outputs, inputs, 4, 4))
        self.bias = nn.Parameter(0.1 * torch.randn(outputs))
        self.scale = math.sqrt(2) / 4 / math.sqrt(inputs)

    def forward(self, z):
        matrix = self.weight.flip(2, 3).permute(1, 0, 2, 3).flatten(1) * self.scale
        return (z.flatten(1) @ matrix).reshape(z.shape[0], -1, 4, 4) + self.bias.reshape(1, -1, 1, 1)


def original_norm(x):
    return x * torch.rsqrt(x.square().mean(1, keepdim=True) + 1e-8)


class OriginalGenerator(nn.Module):
    def __init__(self, widths, latent):
        super().__init__()
        self.latent = latent
        inputs = [latent] + widths[:-1]
        self.blocks = nn.ModuleList(
            nn.ModuleDict({"conv1": OriginalConv(i, o, 3, 1) if k else OriginalDense(i, o), "conv2": OriginalConv(o, o, 3, 1)})
            for k, (i, o) in enumerate(zip(inputs, widths)))
        self.to_rgb = nn.ModuleList(OriginalConv(o, 3, 1, 0, gain=1) for o in widths)

    def latents(self, batch):
        return torch.randn(batch, self.latent, 1, 1)

    def forward(self, z, level, alpha):
        x = original_norm(z)
        for k in range(level + 1):
            below = x
            if k:
                x = F.interpolate(x, scale_factor=2, mode="nearest")
            for conv in (self.blocks[k]["conv1"], self.blocks[k]["conv2"]):
                x = original_norm(F.leaky_relu(conv(x), 0.2))
        image = self.to_rgb[level](x)
        if level:
            small = F.interpolate(self.to_rgb[level - 1](below), scale_factor=2, mode="nearest")
            image = small + (image - small) * alpha
        return image


class OriginalDiscriminator(nn.Module):
    GROUP = 4

    def __init__(self, widths, top):
        super().__init__()
        outputs = [top] + widths[:-1]
        self.blocks = nn.ModuleList(
            nn.ModuleDict({
                "conv1": OriginalConv(i + (k == 0), o, 3, 1),
                "conv2": OriginalConv(o, o, 3 + (k == 0), int(k > 0)),
            }) for k, (i, o) in enumerate(zip(widths, outputs)))
        self.from_rgb = nn.ModuleList(OriginalConv(3, i, 1, 0) for i in widths)
        self.head = OriginalConv(top, 1, 1, 0, gain=1)

    def spread(self, x):
        n, c, h, w = x.shape
        group = min(self.GROUP, n)
        y = x.reshape(group, n // group, c, h, w)       # image n is in group n mod (N / 4)
        y = ((y - y.mean(0, keepdim=True)).square().mean(0) + 1e-8).sqrt().mean((1, 2, 3))
        return torch.cat([x, y.repeat(group).reshape(n, 1, 1, 1).expand(n, 1, h, w)], 1)

    def read(self, image, k):
        return F.leaky_relu(self.from_rgb[k](image), 0.2)

    def block(self, x, k):
        if k == 0:
            x = self.spread(x)
        for conv in (self.blocks[k]["conv1"], self.blocks[k]["conv2"]):
            x = F.leaky_relu(conv(x), 0.2)
        return x if k == 0 else F.avg_pool2d(x, 2)

    def forward(self, image, level, alpha):
        x = self.block(self.read(image, level), level)
        if level:
            small = self.read(F.avg_pool2d(image, 2), level - 1)
            x = small + (x - small) * alpha
            for k in reversed(range(level)):
                x = self.block(x, k)
        return self.head(x)


RECIPES = {"icon": (IconGenerator, IconDiscriminator), "original": (OriginalGenerator, OriginalDiscriminator)}
SETTINGS = {
    "icon": dict(rate=5e-4, beta1=0.0, beta2=0.99, epsilon=1e-8, target=1.0, blend=False, order="generator_first"),
    "original": dict(rate=1e-3, beta1=0.5, beta2=0.99, epsilon=1e-8, target=750.0, blend=True, order="discriminator_first"),
}
PENALTY, DRIFT = 10.0, 0.001

# name: recipe, widths, latent, top, batch, level, alpha (1: no fade any more)
CASES = {
    "icon-4": ("icon", [6, 5, 4], 8, 9, 5, 0, 1.0),
    "icon-8-fade": ("icon", [6, 5, 4], 8, 9, 5, 1, 0.3),
    "icon-16-fade": ("icon", [12, 10, 6], 20, 20, 5, 2, 0.7),
    "icon-16": ("icon", [6, 5, 4], 8, 9, 5, 2, 1.0),
    "icon-pair-8-fade": ("icon", [8, 7], 6, 9, 2, 1, 0.45),
    "original-4": ("original", [6, 5, 4], 7, 9, 8, 0, 1.0),
    "original-8-fade": ("original", [6, 5, 4], 7, 9, 8, 1, 0.4),
    "original-16": ("original", [6, 5, 4], 7, 9, 8, 2, 1.0),
}


def rounded(tensor):
    """The nearest numbers of 32 bits, as 64 bits: what the other side is given as well."""
    return tensor.detach().float().double()


def case(seed, recipe, widths, latent, top, batch, level, alpha):
    torch.manual_seed(seed)
    s = SETTINGS[recipe]
    generator_type, discriminator_type = RECIPES[recipe]
    nets = {"generator": generator_type(widths, latent).double(), "discriminator": discriminator_type(widths, top).double()}
    G, D = nets["generator"], nets["discriminator"]
    side = 4 << level
    alpha = float(torch.tensor(alpha).float())
    real = rounded(torch.rand(batch, 3, side, side))
    latents = {name: rounded(G.latents(batch)) for name in nets}
    mix = rounded(torch.rand(batch))
    step = 1 + 2      # two steps of Adam are behind us
    file, moments, adams = {}, {}, {}
    file["input/real"], file["input/mix"] = real, mix
    for name, net in nets.items():
        file[f"input/{name}.latent"] = latents[name]
        for key, p in net.named_parameters():
            p.data = rounded(p)
            scale = 0.05 * float(p.detach().square().mean().sqrt())
            first, second = rounded(scale * torch.randn_like(p)), rounded((scale * torch.randn_like(p)).square())
            moments[f"{name}.{key}"] = (first, second)
            file[f"before/{name}.{key}"] = p.detach().clone()
            if s["beta1"]:
                file[f"moment1/{name}.{key}"] = first
            file[f"moment2/{name}.{key}"] = second
        adams[name] = torch.optim.Adam(net.parameters(), lr=s["rate"], betas=(s["beta1"], s["beta2"]), eps=s["epsilon"])
        for key, p in net.named_parameters():
            first, second = moments[f"{name}.{key}"]
            adams[name].state[p] = {"step": torch.tensor(float(step - 1)), "exp_avg": first.clone(), "exp_avg_sq": second.clone()}

    def update(name, terms):
        net = nets[name]
        for p in net.parameters():
            p.grad = None
        sum(terms.values()).backward(inputs=list(net.parameters()))
        for term, value in terms.items():
            file[f"loss/{name}.{term}"] = value.detach().reshape(1)
        for key, p in net.named_parameters():
            if p.grad is not None and not (alpha == 1 and level and key.startswith((f"to_rgb.{level - 1}", f"from_rgb.{level - 1}"))):
                file[f"gradient/{name}.{key}"] = p.grad.clone()
            else:
                p.grad = None
        adams[name].step()

    def update_generator():
        update("generator", {"wasserstein": -D(G(latents["generator"], level, alpha), level, alpha).mean()})

    def update_discriminator():
        shown = real
        if s["blend"] and level:
            coarse = F.interpolate(F.avg_pool2d(real, 2), scale_factor=2, mode="nearest")
            shown = coarse + (real - coarse) * alpha
        with torch.no_grad():
            fake = G(latents["discriminator"], level, alpha)
        score_real, score_fake = D(shown, level, alpha), D(fake, level, alpha)
        u = mix.reshape(-1, 1, 1, 1)
        x = (u * shown + (1 - u) * fake).requires_grad_(True)
        slope, = torch.autograd.grad(D(x, level, alpha).sum(), x, create_graph=True)
        norm = slope.flatten(1).norm(2, 1)
        file["value/gradient_norm"] = norm.mean().detach().reshape(1)
        update("discriminator", {
            "wasserstein": score_fake.mean() - score_real.mean(),
            "gradient_penalty": PENALTY * ((norm / s["target"] - 1) ** 2).mean(),
            "drift": DRIFT * score_real.square().mean(),
        })

    updates = [update_generator, update_discriminator]
    for update_network in updates if s["order"] == "generator_first" else reversed(updates):
        update_network()
    for name, net in nets.items():
        for key, p in net.named_parameters():
            file[f"after/{name}.{key}"] = p.detach().clone()
    metadata = {"recipe": recipe, "widths": ",".join(map(str, widths)), "latent": str(latent), "top": str(top),
                "batch": str(batch), "level": str(level), "alpha": repr(alpha), "step": str(step)}
    # Layers that have no part in this level are the same before and after: not worth their bytes.
    used = {key.removeprefix("gradient/") for key in file if key.startswith("gradient/")}
    kept = {key: value for key, value in file.items()
            if not key.startswith(("before/", "after/", "moment")) or key.split("/")[1] in used}
    return {key: value.float().contiguous() for key, value in kept.items()}, metadata


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path, nargs="?", default=pathlib.Path(__file__).resolve().parent.parent / "Tests/ModelsTests/Fixtures")
    args = parser.parse_args()
    args.folder.mkdir(parents=True, exist_ok=True)
    for seed, (name, settings) in enumerate(CASES.items()):
        tensors, metadata = case(seed, *settings)
        save_file(tensors, args.folder / f"{name}.safetensors", metadata=metadata)
        print(f"{name}: {len(tensors)} tensors, {sum(t.numel() for t in tensors.values())} numbers")


if __name__ == "__main__":
    main()
