"""A cut of power, in short, and that one is noticed where syncs are skipped. The long form is `make powercut`.

Needs root, loop devices, and `mkfs.ext4` and `mkfs.xfs`.
"""

import pytest

from .powercut import power_cuts
from .sabotage import library
from .volume import Unavailable


@pytest.mark.parametrize("kind", ["ext4", "xfs"])
def test_a_cut_of_power_loses_and_tears_nothing(tmp_path, kind):
    try:
        report = power_cuts(tmp_path, kind, cuts=1, seed=3, changes=range(60, 120))
    except Unavailable as reason:
        pytest.skip(str(reason))
    assert report.is_clean, "\n".join(report.details)
    assert report.acknowledged > 50


@pytest.mark.parametrize("kind", ["ext4", "xfs"])
def test_a_daemon_that_skips_its_syncs_is_found_out(tmp_path, kind):
    try:
        report = power_cuts(tmp_path, kind, cuts=5, seed=3, preload=library("no_sync", tmp_path))
    except Unavailable as reason:
        pytest.skip(str(reason))
    assert report.wrong["lost"] + report.wrong["torn"] + report.wrong["missing"] > 0, report.line("cuts")
