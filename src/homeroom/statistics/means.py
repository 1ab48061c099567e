"""Ratio of two means of school rates, with the schools as the units that vary.

Each school's rate weighs the same, whatever the school's size. The two sides may be two groups of
students in the same schools, or two kinds of schools, or anything between: schools that count for
both sides move both means together, and that is the covariance below.
"""

from __future__ import annotations

import numpy as np

from homeroom.statistics.statistic import Bounds, Floats, Method, divide, z_squared

MEANS = Method(
    "school_means",
    "linearized log interval of a ratio of school means",
    "Cochran 1977, Sampling Techniques, 3rd edition, section 6.3",
)

COUNTED, EVENTS, STUDENTS, RATE, SQUARE = range(5)
"""Columns of the sums over a side's schools: schools, events, students, rates, squared rates."""


def log_variance(own: Floats, versus: Floats, both: Floats) -> Floats:
    """Return the variance of the logarithm of a ratio of two means, from sums over schools.

    Parameters
    ----------
    own, versus
        Arrays of shape (questions, 5): for each side the sums over its schools, in the order of
        :data:`COUNTED`, :data:`EVENTS`, :data:`STUDENTS`, :data:`RATE` and :data:`SQUARE`. Rates
        are events per student, so from 0 to 1 where a student counts once.
    both
        Array of shape (questions, 4): over the schools that count for both sides, their number,
        the sum of the first side's rates, of the second side's, and of the products of the two.
        Zeros where no school counts for both.

    Returns
    -------
    numpy.ndarray
        Shape (questions,), of no unit. NaN where a side has fewer than two schools, or a mean of
        zero: then the logarithm has no variance that could be estimated.

    Notes
    -----
    With means m1 and m2 the variance is ``v1 / m1^2 + v2 / m2^2 - 2 c / (m1 m2)``, where v1 and v2
    are the estimated variances of the means and c is their covariance (Cochran 1977, section 6.3).
    The divisor of c makes it unbiased for any overlap of the sides; where the same n schools count
    for both it is Cochran's ``n (n - 1)``, and a side held against itself has no variance.
    """
    n1, n2 = own[:, COUNTED], versus[:, COUNTED]
    m1, m2 = divide(own[:, RATE], n1), divide(versus[:, RATE], n2)
    v1 = divide(own[:, SQUARE] - n1 * m1**2, n1 * (n1 - 1))
    v2 = divide(versus[:, SQUARE] - n2 * m2**2, n2 * (n2 - 1))
    number, rate1, rate2, product = both.T
    joint = product - m1 * rate2 - m2 * rate1 + number * m1 * m2
    covariance = np.where(number > 0, divide(joint, n1 * n2 - n1 - n2 + number), 0.0)
    out = divide(v1, m1**2) + divide(v2, m2**2) - 2 * divide(covariance, m1 * m2)
    # Rounding may leave a side held against itself a little below zero.
    return np.maximum(out, 0)


def log_interval(ratio: Floats, variance: Floats, level: float = 0.95) -> Bounds:
    """Bound a ratio, given the variance of its logarithm.

    Parameters
    ----------
    ratio, variance
        Arrays of one shape: the ratios, and what :func:`log_variance` gives for them.
    level
        The interval's nominal coverage, between 0 and 1.

    Returns
    -------
    tuple of numpy.ndarray
        The low and the high bound; NaN where the variance is.

    Raises
    ------
    BadInput
        The level is not between 0 and 1.
    """
    spread = np.exp(np.sqrt(z_squared(level) * variance))
    return ratio / spread, ratio * spread
