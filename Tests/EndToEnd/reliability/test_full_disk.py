"""A full disk refuses writes and nothing else, and is emptied by deleting. Needs root, for a small tmpfs."""

import pytest

from .expiry import expire_on_full_disk
from .full_disk import DISKS, full_disk
from .sabotage import library
from .volume import Unavailable


@pytest.mark.parametrize("what", DISKS)
def test_on_a_disk_that_is_full_all_is_read_and_deleted_and_deleting_makes_room(tmp_path, what):
    try:
        report = full_disk(tmp_path, what, seed=1)
    except Unavailable as reason:
        pytest.skip(str(reason))
    assert report.is_clean, "\n".join(report.details)
    assert report.refused > 0 and report.acknowledged > 50


def test_a_daemon_that_holds_no_room_back_is_found_out(tmp_path):
    try:
        report = full_disk(tmp_path, "bytes", seed=1, preload=library("no_reserve", tmp_path))
    except Unavailable as reason:
        pytest.skip(str(reason))
    assert any("DELETE" in detail or "no start" in detail for detail in report.details), report.details


def test_on_a_full_disk_a_lifecycle_makes_room_and_touches_nothing_else(tmp_path):
    try:
        report = expire_on_full_disk(tmp_path, seed=1)
    except Unavailable as reason:
        pytest.skip(str(reason))
    assert report.is_clean, "\n".join(report.details)
    assert report.acknowledged == 45


def test_a_lifecycle_without_room_held_back_is_found_out(tmp_path):
    try:
        report = expire_on_full_disk(tmp_path, seed=1, preload=library("no_reserve", tmp_path))
    except Unavailable as reason:
        pytest.skip(str(reason))
    assert any("no start" in detail or "after two days" in detail for detail in report.details), report.details
