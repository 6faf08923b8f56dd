# packages: torch==2.13.0 safetensors==0.8.0 numpy==2.4.6
"""The peer: the same progressive GAN in PyTorch, as a user would write it by hand.

It serves two purposes.
  bench   time one training iteration at each resolution, the figure that the runner is measured against;
  check   replay one recorded training iteration and compare every loss, gradient and updated weight.

    scripts/python peers/torch_peer.py bench --resolutions 4,64,256 --iterations 20
    scripts/python peers/torch_peer.py check trace.safetensors

Only the recipe of experiments/mel-icon.yaml is modeled. The names of the tensors in a trace are described in
docs/parity.md.
"""
import argparse
import json
import math
import statistics
import sys
import time

import torch
import torch.nn.functional as F
from torch import nn

WIDTHS = [256, 128, 64, 32, 16, 8, 4]


def pixel_norm(x):
    return x / (x.square().mean(1, keepdim=True).sqrt() + 1e-7)


class NormConv(nn.Module):
    """Input scaling, reflection padding, valid convolution, pixel norm, leaky ReLU."""

    def __init__(self, cin, cout, kernel, padding):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(cout, cin, kernel, kernel) * math.sqrt(2 / (cin * kernel * kernel)))
        bound = 1 / math.sqrt(cin * kernel * kernel)
        self.bias = nn.Parameter(torch.empty(cout).uniform_(-bound, bound))
        self.padding, self.gain = padding, math.sqrt(2 / cin)

    def forward(self, x):
        x = x * self.gain
        if self.padding:
            x = F.pad(x, [self.padding] * 4, mode="reflect")
        return F.leaky_relu(pixel_norm(F.conv2d(x, self.weight, self.bias)), 0.2)


class Generator(nn.Module):
    def __init__(self, widths=WIDTHS, latent=512):
        super().__init__()
        inputs = [latent] + widths[:-1]
        self.blocks = nn.ModuleList(
            nn.ModuleDict({"conv1": NormConv(i, o, 3, 1), "conv2": NormConv(o, o, 3, 1)}) for i, o in zip(inputs, widths))
        self.to_rgb = nn.ModuleList(nn.Conv2d(o, 3, 1) for o in widths)

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


class Discriminator(nn.Module):
    def __init__(self, widths=WIDTHS, top=512):
        super().__init__()
        outputs = [top] + widths[:-1]
        self.blocks = nn.ModuleList(
            nn.ModuleDict({"conv1": NormConv(i + (k == 0), o, 3, 1), "conv2": NormConv(o, o, 3 + (k == 0), int(k > 0))})
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


def generator_loss(G, D, z, level, alpha):
    return -D(G(z, level, alpha), level, alpha).mean()


def discriminator_losses(G, D, z, real, mix, level, alpha, weight=10.0, target=1.0, drift=0.001):
    with torch.no_grad():
        fake = G(z, level, alpha)
    score_real, score_fake = D(real, level, alpha), D(fake, level, alpha)
    u = mix.view(-1, 1, 1, 1)
    x = (u * real + (1 - u) * fake).requires_grad_(True)
    gradient, = torch.autograd.grad(D(x, level, alpha).sum(), x, create_graph=True)
    norm = gradient.flatten(1).norm(2, 1)
    terms = {
        "wasserstein": score_fake.mean() - score_real.mean(),
        "gradient_penalty": weight * ((norm / target - 1) ** 2).mean(),
        "drift": drift * score_real.square().mean(),
    }
    return terms, norm


def penalized_losses(D, fake, real, mix, level, alpha):
    """The critic's loss with its penalty by torch.func, which torch.compile can trace."""
    u = mix.view(-1, 1, 1, 1)
    gradient = torch.func.grad(lambda x: D(x, level, alpha).sum())(u * real + (1 - u) * fake)
    norm = gradient.flatten(1).norm(2, 1)
    score_real, score_fake = D(real, level, alpha), D(fake, level, alpha)
    return score_fake.mean() - score_real.mean() + 10.0 * ((norm - 1) ** 2).mean() + 0.001 * score_real.square().mean()


def bench(args):
    torch.manual_seed(0)
    if args.threads:
        torch.set_num_threads(args.threads)
    options = set(args.variant.split("+")) - {"eager"}
    layout = torch.channels_last if "channels_last" in options else torch.contiguous_format
    G, D, A = (net.to(memory_format=layout) for net in (Generator(), Discriminator(), Generator()))
    optimizers = [torch.optim.Adam(net.parameters(), lr=5e-4, betas=(0.0, 0.99)) for net in (G, D)]
    autocast = lambda: torch.autocast("cpu", dtype=torch.bfloat16, enabled="bf16" in options)
    for resolution in args.resolutions:
        level, alpha = int(math.log2(resolution)) - 2, 0.5
        real = torch.rand(args.batch, 3, resolution, resolution).contiguous(memory_format=layout)
        g_loss = lambda z: generator_loss(G, D, z, level, alpha)
        draw = lambda z: G(z, level, alpha)
        d_loss = lambda fake, mix: penalized_losses(D, fake, real, mix, level, alpha)
        if "compile" in options:
            g_loss, draw, d_loss = map(torch.compile, (g_loss, draw, d_loss))
        times, finite = [], True
        for i in range(args.iterations + 2):
            start = time.perf_counter()
            with autocast():
                loss = g_loss(torch.randn(args.batch, 512, 4, 4))
            optimizers[0].zero_grad(); loss.backward(); optimizers[0].step()
            with torch.no_grad():
                for a, p in zip(A.parameters(), G.parameters()):
                    a.lerp_(p, 0.005)
            latent, mix = torch.randn(args.batch, 512, 4, 4), torch.rand(args.batch)
            with autocast():
                if "compile" in options:
                    with torch.no_grad():
                        fake = draw(latent)
                    loss = d_loss(fake, mix)
                else:
                    loss = sum(discriminator_losses(G, D, latent, real, mix, level, alpha)[0].values())
            optimizers[1].zero_grad(); loss.backward(); optimizers[1].step()
            if i >= 2:
                times.append(1e3 * (time.perf_counter() - start))
            finite = finite and bool(loss.isfinite())
        print(json.dumps({"resolution": resolution, "threads": torch.get_num_threads(), "batch": args.batch, "variant": args.variant,
                          "median_ms": round(statistics.median(times), 2), "min_ms": round(min(times), 2), "finite": finite}),
              flush=True)
        if not finite:     # the next resolution begins with sound weights
            for net, fresh in ((G, Generator()), (D, Discriminator())):
                net.load_state_dict(fresh.state_dict())
            optimizers = [torch.optim.Adam(net.parameters(), lr=5e-4, betas=(0.0, 0.99)) for net in (G, D)]


def check(args):
    """Replay a trace: same weights, latents, reals and mixing weights; compare what comes out."""
    from safetensors import safe_open
    with safe_open(args.trace, framework="pt") as f:
        meta = f.metadata()
        t = {k: f.get_tensor(k).to(torch.float64) for k in f.keys()}
    level, alpha = int(math.log2(int(meta["resolution"]))) - 2, float(meta["alpha"])
    below = lambda prefix: {k[len(prefix):]: v for k, v in t.items() if k.startswith(prefix)}
    wg, wd = below("before/generator."), below("before/discriminator.")
    levels = sum(name.startswith("to_rgb.") and name.endswith(".weight") for name in wg)
    G = Generator([wg[f"to_rgb.{k}.weight"].shape[1] for k in range(levels)], wg["blocks.0.conv1.weight"].shape[1])
    D = Discriminator([wd[f"from_rgb.{k}.weight"].shape[0] for k in range(levels)], wd["head.weight"].shape[1])
    G.double().load_state_dict(wg)
    D.double().load_state_dict(wd)
    worst, compared, missing = {}, {}, []

    def compare(kind, name, ours):
        theirs = t.get(f"{kind}/{name}")
        if theirs is None and kind == "gradient" and alpha == 1 and not ours.any():
            return     # of the level below, which no longer takes part
        if theirs is None:
            missing.append(f"{kind}/{name}")
            return
        compared[kind] = compared.get(kind, 0) + 1
        scale = float(ours.norm()) or 1.0
        error = float((ours - theirs.reshape(ours.shape)).norm()) / scale
        if not error <= worst.get(kind, (0.0, ""))[0]:     # a NaN counts as the worst
            worst[kind] = (error, name)

    def compare_network(prefix, net):
        for name, p in net.named_parameters():
            if p.grad is not None:
                compare("gradient", f"{prefix}.{name}", p.grad)

    loss = generator_loss(G, D, t["input/generator.latent"], level, alpha)
    loss.backward()
    compare("loss", "generator", loss.detach().reshape(1))
    compare_network("generator", G)
    with torch.no_grad():      # the critic's fakes come from the generator as this iteration updated it
        for name, p in G.named_parameters():
            p.copy_(t.get(f"after/generator.{name}", p))
    D.zero_grad()
    terms, _ = discriminator_losses(G, D, t["input/discriminator.latent"], t["input/real"], t["input/mix"].reshape(-1),
                                    level, alpha)
    sum(terms.values()).backward()
    for name, value in terms.items():
        compare("loss", f"discriminator.{name}", value.detach().reshape(1))
    compare_network("discriminator", D)

    step = int(meta["step"])   # Adam's own count, this step included
    for prefix in ("generator", "discriminator"):
        for name, p in below(f"before/{prefix}.").items():
            g = t.get(f"gradient/{prefix}.{name}")
            if g is None:
                continue
            v = args.beta2 * t[f"moment2/{prefix}.{name}"] + (1 - args.beta2) * g * g
            update = args.rate * g / ((v / (1 - args.beta2 ** step)).sqrt() + args.epsilon)     # beta1 = 0
            compare("after", f"{prefix}.{name}", p - update)

    for name in missing[:10]:
        print("missing in the trace:", name)
    for kind in sorted(compared):
        error, name = worst.get(kind, (0.0, "-"))
        print(f"{kind}: {compared[kind]} tensors, worst relative error {error:.3g} ({name})")
    ok = not missing and set(compared) == {"loss", "gradient", "after"} and all(e <= args.tolerance for e, _ in worst.values())
    print("agree" if ok else "DISAGREE")
    return 0 if ok else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    b = commands.add_parser("bench")
    b.add_argument("--resolutions", type=lambda s: [int(v) for v in s.split(",")], default=[4, 8, 16, 32, 64, 128, 256])
    b.add_argument("--iterations", type=int, default=10)
    b.add_argument("--batch", type=int, default=8)
    b.add_argument("--threads", type=int, default=0)
    b.add_argument("--variant", default="eager", help="eager, or some of channels_last, bf16, compile with + between them")
    c = commands.add_parser("check")
    c.add_argument("trace")
    c.add_argument("--tolerance", type=float, default=1e-3)
    c.add_argument("--rate", type=float, default=5e-4)
    c.add_argument("--beta2", type=float, default=0.99)
    c.add_argument("--epsilon", type=float, default=1e-8)
    args = parser.parse_args()
    sys.exit(bench(args) if args.command == "bench" else check(args))
