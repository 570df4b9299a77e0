"""A widget that shows a value which other things change as well: what is new, what stays, what is put there."""

from streamlit.testing.v1 import AppTest


def page():
    import streamlit as st

    from ui.following import follow, is_followed, page_has_run, unless_corrected

    values = st.session_state.setdefault("values", {"v": "1", "heard": []})

    def typed(key):
        values["heard"].append(key)
        if is_followed(key):
            values["v"] = st.session_state[key].replace(",", ".")

    key = follow("v", values["v"], lambda held: float(held.replace(",", ".")) == float(values["v"]))
    st.text_input("v", unless_corrected(key, values["v"], ""), key=key, on_change=typed, args=(key,))
    st.button("Two", on_click=lambda: values.update(v="2"))
    if st.button("Nothing"):
        page_has_run()
    if st.button("Broken off"):
        st.stop()


def opened() -> AppTest:
    return AppTest.from_function(page).run()


def test_a_new_widget_has_its_value_as_default_in_every_run_and_nothing_overwrites_what_is_typed_into_it():
    app = opened()
    for value in ("1", "2"):
        for button in (2, 1, 1):  # the run that made it may never reach the browser
            assert (app.text_input[0].value, app.text_input[0].proto.default) == (value, value)
            assert not app.text_input[0].proto.set_value
            app.button[button].click().run()
        app.button[0].click().run()


def test_what_was_typed_keeps_the_widget_and_is_not_put_there_again():
    app = opened()
    app.text_input[0].set_value("1.5").run()
    assert (app.text_input[0].key, app.text_input[0].value) == ("v:0", "1.5")
    assert not app.text_input[0].proto.set_value


def test_a_correction_keeps_the_widget_and_is_said_until_two_runs_have_come_to_their_end():
    app = opened()
    app.text_input[0].set_value("1,50").run()
    for button in (2, 2, 1, 1):
        assert (app.text_input[0].key, app.text_input[0].value) == ("v:0", "1.50")
        assert app.text_input[0].proto.set_value
        assert not app.warning
        app.button[button].click().run()
    for _ in range(2):
        app.button[1].click().run()
        assert (app.text_input[0].key, app.text_input[0].value) == ("v:0", "1.50")
        assert not app.text_input[0].proto.set_value


def test_a_correction_is_said_no_more_once_the_visitor_has_typed_again():
    app = opened()
    app.text_input[0].set_value("1,50").run()
    app.text_input[0].set_value("1.75").run()
    assert app.text_input[0].value == "1.75"
    assert not app.text_input[0].proto.set_value


def test_a_change_from_elsewhere_makes_a_new_widget_and_what_the_old_one_says_is_not_heard():
    app = opened()
    old = app.text_input[0]
    app.button[0].click().run()
    assert (app.text_input[0].key, app.text_input[0].value) == ("v:1", "2")
    states = app._tree.get_widget_states()  # as from a browser that has not read the answer yet: the old widget speaks
    behind = states.widgets.add()
    behind.id, behind.string_value = old.id, "1,75"
    app._run(states)
    assert app.session_state["values"]["v"] == "2"
    assert app.session_state["values"]["heard"] == ["v:0"]
    assert app.text_input[0].value == "2"
