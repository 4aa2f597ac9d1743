"""The methods again, a series and a period at a time, from their papers: what the vectorised ones are checked with."""

from math import isnan, sqrt

ALPHAS = [0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.55, 0.7, 0.85, 1.0]


def mean(values):
    values = list(values)
    return sum(values) / len(values) if values else 0.0


def seen(series):
    return [value for value in series if not isnan(value)]


def ses(series):
    """Return the level by the best constant."""
    tries = []
    for alpha in ALPHAS:
        level, squares = mean(seen(series)[:12]), 0.0
        for value in seen(series):
            error = value - level
            squares += error**2
            level += alpha * error
        tries.append((squares, level))
    return min(tries)[0], [level for squares, level in tries if squares <= min(tries)[0] * (1 + 1e-9) + 1e-9]


def moving_average(series, window):
    recent = seen(series[-window:])
    return mean(recent) if recent else mean(seen(series))


def croston(series, alpha):
    values = seen(series)
    demands = [value for value in values if value > 0]
    if not demands:
        return 0.0
    size, interval, waited = None, len(values) / len(demands), 1
    for value in values:
        if value > 0:
            size = value if size is None else size + alpha * (value - size)
            interval += alpha * (waited - interval)
            waited = 1
        else:
            waited += 1
    return size / interval


def tsb(series, size, chance):
    values = seen(series)
    likely = mean(value > 0 for value in values[:12])
    pieces = mean([value for value in values if value > 0][:12])
    for value in values:
        likely += chance * ((value > 0) - likely)
        if value > 0:
            pieces += size * (value - pieces)
    return likely * pieces


def line(values):
    """Return (value one period after the last, slope) of the least squares line."""
    count = len(values)
    middle, height = (count - 1) / 2, mean(values)
    square = sum((period - middle) ** 2 for period in range(count))
    slope = sum((period - middle) * (value - height) for period, value in enumerate(values)) / square if square else 0.0
    return height + slope * (count - middle), slope


def damped_trend(values, horizon, grid, *, season=1, gamma=0.0):
    """Return [(squared error, forecast)] of damped Holt-Winters for each (alpha, share, damping)."""
    early = values[:12]
    _, slope = line(early)
    start = mean(early) - slope * (len(early) + 1) / 2
    tries = []
    for alpha, share, damping in grid:
        level, trend, squares, learned = start, slope, 0.0, [0.0] * season
        for period, value in enumerate(values):
            phase = (period - len(values)) % season
            expected = level + damping * trend
            error = value - expected - learned[phase]
            squares += error**2
            level, trend = expected + alpha * error, damping * trend + alpha * share * error
            learned[phase] += gamma * (1 - alpha) * error
        ahead = [level + trend * sum(damping**k for k in range(1, h + 1)) for h in range(1, horizon + 1)]
        tries.append((squares, [value + learned[h % season] for h, value in enumerate(ahead)]))
    return tries


def theta(values, horizon):
    """Return the forecasts of theta without a season, for each constant that fits best."""
    after, slope = line(values)
    trend = [after + slope * (period - len(values)) for period in range(len(values))]
    _, levels = ses([2 * value - fitted for value, fitted in zip(values, trend, strict=True)])
    return [[max(0, (after + slope * h + level) / 2) for h in range(horizon)] for level in levels]


def season_test(values, season):
    """Return whether the autocorrelation at the season is beyond chance, and by how much."""
    height = mean(values)
    power = sum((value - height) ** 2 for value in values)
    if power < 1e-6:
        return 0.0

    def correlation(lag):
        return sum((values[k] - height) * (values[k - lag] - height) for k in range(lag, len(values))) / power

    limit = 1.645 * sqrt((1 + 2 * sum(correlation(lag) ** 2 for lag in range(1, season))) / len(values))
    return correlation(season) - limit


def factors(values, season):
    """Return the multiplicative factors of at least three seasons, the first period to come first; `season` is even."""
    ratios = [[] for _ in range(season)]
    for period in range(season // 2, len(values) - season // 2):
        around = values[period - season // 2 : period + season // 2 + 1]
        trend = (sum(around) - around[0] / 2 - around[-1] / 2) / season
        ratios[(period - len(values)) % season].append(values[period] / trend)
    raw = [mean(of_phase) for of_phase in ratios]
    return [max(factor / mean(raw), 0.05) for factor in raw]


def smape(forecast, actual):
    return mean(200 * abs(f - y) / (abs(f) + abs(y)) if f or y else 0.0 for f, y in zip(forecast, actual, strict=True))


def rmsse(forecast, actual, history):
    error = mean((f - y) ** 2 for f, y in zip(forecast, actual, strict=True))
    return sqrt(error / mean((b - a) ** 2 for a, b in zip(history, history[1:], strict=False)))
