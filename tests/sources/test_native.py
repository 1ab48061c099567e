"""A library that panics over a file neither prints nor escapes."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from homeroom.sources.native import PanicError, calm


class Panic(BaseException):
    """As a library in Rust raises it: no Exception."""


def test_a_panic_becomes_an_ordinary_error_and_prints_nothing(capfd):
    def panic() -> None:
        os.write(2, b"thread panicked at parquet.rs\n")
        raise Panic("assertion failed\nstack backtrace")

    with pytest.raises(PanicError, match="assertion failed"), calm():
        panic()
    os.write(2, b"after\n")
    assert capfd.readouterr().err == "after\n"


@pytest.mark.parametrize("stop", [KeyboardInterrupt, ValueError])
def test_other_errors_pass_and_the_error_stream_comes_back(capfd, stop):
    with pytest.raises(stop), calm(), calm():
        raise stop
    os.write(2, b"after\n")
    assert capfd.readouterr().err == "after\n"


def test_without_an_error_stream_it_still_runs():
    code = (
        "import os; os.close(2)\n"
        "from homeroom.sources.native import calm\n"
        "with calm():\n    print('ran')"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "ran\n"
