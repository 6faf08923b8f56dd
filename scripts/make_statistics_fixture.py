# packages: scipy==1.17.1
"""Write the fixture of Tests/ComparisonTests: means, intervals and paired tests by SciPy.

    scripts/python make_statistics_fixture.py

A line for each case; numbers read back the same, `nan` where there is no such statistic:

    beta A B X VALUE                                   the regularized incomplete beta function
    p DEGREES T VALUE                                  two-sided p of Student's t
    quantile DEGREES P VALUE                           the t that has this two-sided p
    sample MEAN DEVIATION LOW HIGH | VALUES            mean, standard deviation, 95% interval
    paired T P STATISTIC P | VALUES | VALUES           the t test, then Wilcoxon's test, of two lists
"""
import argparse
import pathlib
import warnings

import numpy as np
from scipy import special, stats

warnings.simplefilter("ignore")
rng = np.random.default_rng(1)
lines = []


def write(kind, numbers, *lists):
    text = [kind, *(repr(float(number)) for number in numbers)]
    for values in lists:
        text += ["|", *(repr(float(value)) for value in values)]
    lines.append(" ".join(text))


def sample(values):
    count, mean = len(values), np.mean(values)
    if count < 2:
        return write("sample", [mean, np.nan, np.nan, np.nan], values)
    deviation = np.std(values, ddof=1)
    reach = stats.t.ppf(0.975, count - 1) * deviation / np.sqrt(count)
    write("sample", [mean, deviation, mean - reach, mean + reach], values)


def paired(a, b):
    a, b = np.asarray(a, float), np.asarray(b, float)
    none = (np.nan, np.nan)
    t = stats.ttest_rel(a, b) if len(set(a - b)) > 1 else none
    wilcoxon = stats.wilcoxon(a, b) if any(a != b) else none
    write("paired", [*t, *wilcoxon], a, b)


for a, b in [(0.5, 0.5), (0.5, 30), (30, 0.5), (2, 3), (10, 0.5), (1.5, 0.5), (200, 0.5), (5000, 0.5)]:
    for x in [1e-12, 1e-3, 0.1, 0.5, 0.9, 0.999]:
        if special.betainc(a, b, x) > 1e-290:
            write("beta", [a, b, x, special.betainc(a, b, x)])
for degrees in [1, 2, 3, 4, 9, 29, 59, 1000]:
    for t in [0, 1e-6, 0.3, 1, 2.5, 10, 300, 1e5]:
        p = 2 * stats.t.sf(t, degrees)
        if p > 1e-290:
            write("p", [degrees, t, p])
    for p in [0.5, 0.05, 0.01, 1e-6]:
        write("quantile", [degrees, p, stats.t.isf(p / 2, degrees)])

for count in [1, 2, 3, 5, 10, 59, 60]:
    for scale, offset in [(1, 0), (1e-6, 1), (1e12, 0), (1e-30, 0)]:
        sample(np.array([float(f"{value:.6g}") for value in rng.normal(0, scale, count)]) + offset)
sample([3.25] * 5)
sample([-1, 1])
sample([1e9, 1e9 + 1, 1e9 + 2])

for count in [1, 2, 3, 4, 5, 6, 9, 13, 14, 20, 49, 50, 51, 60]:
    for shift in [0, 0.3, 3]:
        a = rng.normal(10, 1, count).round(5)
        paired(a, rng.normal(10 + shift, 1, count).round(5))  # no ties
        if count > 1:
            whole = rng.integers(0, 6, count)
            paired(whole, rng.integers(0, 6, count) + round(shift))  # ties and pairs that do not differ
    paired(a, a)  # nothing differs
    paired(np.arange(count), np.arange(count) + 2)  # the same difference everywhere
    paired(np.arange(count) + 1, np.zeros(count))  # all of one sign
paired([1, 2, 3, 4, 5], [1, 2, 3, 4, 6])
base = rng.normal(0, 1, 40)
paired(base, base + 100 + rng.normal(0, 1e-3, 40))  # a tiny p

parser = argparse.ArgumentParser()
parser.add_argument("out", type=pathlib.Path, nargs="?",
                    default=pathlib.Path(__file__).resolve().parent.parent / "Tests/ComparisonTests/Fixtures/statistics.txt")
parser.parse_args().out.write_text("\n".join(lines) + "\n")
