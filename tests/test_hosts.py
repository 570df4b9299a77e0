"""Under which names the server answers: on somebody's own computer to no name that a stranger may own."""

import pytest

from tests.test_guard import Behind, ask, options, status_and_headers  # noqa: F401 - the fixture
from ui.web import hosts

OWN = "laptop17"


@pytest.mark.parametrize(
    ("host", "is_answered"),
    [
        ("localhost:8501", True),
        ("LOCALHOST", True),
        ("app.localhost:8501", True),
        ("127.0.0.1:8501", True),
        ("192.168.1.20:8501", True),
        ("8.8.8.8", True),
        ("[::1]:8501", True),
        ("[fe80::1ff:fe23:4567:890a]:8501", True),
        ("laptop17:8501", True),
        ("Laptop17.local.:8501", True),
        ("another.local", True),
        ("playground", True),
        ("box.home.arpa", True),
        ("server.school.internal", True),
        ("server.lan:80", True),
        ("evil.example:8501", False),
        ("laptop17.evil.example:8501", False),
        ("local.evil.example", False),
        ("evillocal.example", False),
        ("127.0.0.1.evil.example:8501", False),
        ("localhost.evil.example", False),
        ("127.0.0.1.nip.example", False),
        ("evil.example.", False),
        ("home.arpa.evil.example", False),
        ("evil.notlocal", False),
        ("evil.vlan:80", False),
        ("256.1.1.1", False),
        ("", False),
        (":8501", False),
        ("[::1", False),
        ("localhost:8501:8501", False),
        ("localhost:x", False),
        ("user@localhost", True),  # no dot, so no name of the DNS
        ("a.b@localhost.evil.example", False),
    ],
)
def test_at_somebodys_own_computer_addresses_and_names_that_nobody_can_own_are_answered(host, is_answered):
    assert hosts.answered("", OWN)(host) is is_answered


def test_its_own_full_name_and_those_that_were_listed_are_answered_and_no_others():
    answers = hosts.answered(" School.example, course.example ", "laptop17.school.example")
    assert [
        answers(host) for host in ("school.example:80", "COURSE.example", "laptop17.school.example", "10.0.0.1")
    ] == [True] * 4
    assert [answers(host) for host in ("x.school.example", "example", "laptop17.school.example.evil.example")] == [
        False,
        True,
        False,
    ]


def test_of_its_own_full_name_the_domain_is_somebody_elses():
    answers = hosts.answered("", "laptop17.dept.school.example")
    names = ("laptop17.dept.school.example", "dept.school.example", "school.example", "other.dept.school.example")
    assert [answers(host) for host in names] == [True, False, False, False]


def test_a_name_that_was_listed_as_browsers_show_it_is_answered_at_any_port():
    answers = hosts.answered("School.example:8501, course.example., 10.0.0.1:80,x:y", OWN)
    assert [answers(host) for host in ("school.example:8501", "school.example", "course.example:80")] == [True] * 3
    assert [answers(host) for host in ("evil.example:8501", "8501", "x.y")] == [False, True, False]


@pytest.mark.parametrize("text", [None, "*", "school.example,*"])
def test_where_the_name_is_not_known_here_any_is_answered(text):
    answers = hosts.answered(text, OWN)
    assert [answers(host) for host in ("evil.example", "myapp.streamlit.app", "localhost", "")] == [True] * 4


def test_another_name_gets_no_page_and_no_connection_but_a_sentence(options, monkeypatch):  # noqa: F811
    monkeypatch.setenv(hosts.VARIABLE, "")
    app = Behind()
    sent = ask(app, host="evil.example:8501")
    status, headers = status_and_headers(sent)
    said = sent[1]["body"].decode()
    assert (status, app.reached) == (400, [])
    assert "not answer under the name evil.example:8501," in said
    assert said.endswith("PLAYGROUND_HOSTS=evil.example make run\n")
    assert headers["x-content-type-options"] == "nosniff"
    closed = ask(app, "/_stcore/stream", "websocket", host="evil.example:8501", origin="http://evil.example:8501")
    assert (closed, app.reached) == ([{"type": "websocket.close", "code": 1008}], [])
    assert ask(app, "/_stcore/stream", "websocket", host="10.0.0.1:8501", origin="http://10.0.0.1:8501") == [
        {"type": "websocket.accept"}
    ]
    monkeypatch.delenv(hosts.VARIABLE)
    assert status_and_headers(ask(app, host="evil.example:8501"))[0] == 200


def test_a_name_is_quoted_without_what_is_in_no_name():
    assert "<script>" not in hosts.refusal("<script>alert(1)</script>" + "a" * 500)
    assert len(hosts.refusal("a" * 500)) < 400
