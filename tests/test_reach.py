"""The address for the class: what pupils can open, and a sentence where they cannot."""

import socket

import pytest
import segno

from ui.classroom import qr, reach


@pytest.fixture
def at_home(monkeypatch):
    monkeypatch.setattr(reach, "own_address", lambda: "192.168.1.20")


@pytest.mark.parametrize("listens_at", [None, "", "0.0.0.0", "::"])
@pytest.mark.parametrize(
    "here", ["localhost:8501", "127.0.0.1:8501", "127.1.2.3:8501", "[::1]:8501", "0.0.0.0:8501", "[::]:8501"]
)
def test_an_address_that_is_each_computers_own_becomes_that_of_this_one_in_its_network(at_home, here, listens_at):
    assert reach.address(f"http://{here}", listens_at) == ("http://192.168.1.20:8501", reach.IN_THE_NETWORK)


def test_the_path_stays_and_a_usual_port_is_not_written(at_home):
    assert reach.address("http://localhost/nets", None)[0] == "http://192.168.1.20/nets"


@pytest.mark.parametrize("here", ["http://192.168.1.20:8501", "https://nets.example.org", "http://teacher.local:8501"])
def test_an_address_that_others_can_open_stays(at_home, here):
    assert reach.address(here, None) == (here, "")


@pytest.mark.parametrize("listens_at", ["127.0.0.1", "localhost"])
def test_a_server_that_only_listens_at_home_is_said_to_be_reached_from_here_alone(at_home, listens_at):
    assert reach.address("http://localhost:8501", listens_at) == ("http://localhost:8501", reach.ONLY_HERE)


def test_without_a_network_the_same_is_said(monkeypatch):
    monkeypatch.setattr(reach, "own_address", lambda: None)
    assert reach.address("http://localhost:8501", None) == ("http://localhost:8501", reach.ONLY_HERE)


class Socket:
    """One that is told where to, and sends nothing: whatever else is asked of it fails the test."""

    def __init__(self, outcome):
        self.outcome = outcome

    def connect(self, address):
        assert address == ("192.0.2.1", 9)
        if isinstance(self.outcome, OSError):
            raise self.outcome

    def getsockname(self):
        return self.outcome, 40000

    def close(self):
        pass


@pytest.mark.parametrize(
    ("outcome", "found"),
    [
        ("10.0.0.7", "10.0.0.7"),
        ("127.0.0.1", None),
        ("0.0.0.0", None),
        (OSError("Network is unreachable"), None),
    ],
)
def test_the_own_address_is_asked_for_without_sending_anything(monkeypatch, outcome, found):
    monkeypatch.setattr(socket, "socket", lambda *kind: Socket(outcome))
    assert reach.own_address() == found


def test_a_link_has_a_picture_exactly_if_a_code_holds_it():
    longest = "http://127.0.0.1/?".ljust(2953, "a")
    assert segno.make(longest, error="l").version == 40
    assert qr.picture(longest).startswith("data:image/svg+xml")
    with pytest.raises(segno.DataOverflowError):
        segno.make(f"{longest}a", error="l")
    with pytest.raises(ValueError, match=r"QR code: it has 2,954 .* holds 2,953"):
        qr.picture(f"{longest}a")
