// The end of a lesson: the address keeps what was done and set on the page. It takes the place of the one before: a slider
// that moved is no page to go back to.

import "./keys.js";
import "./phone_menu.js";
import "./way_back.js";
import { mount } from "./kit/mount.js";

class Address {
  update({ data }) {
    const address = new URL(window.location.href);
    for (const [name, text] of Object.entries(data)) {
      if (text) address.searchParams.set(name, text);
      else address.searchParams.delete(name);
    }
    if (address.href !== window.location.href) window.history.replaceState(window.history.state, "", address.href);
  }

  close() {}
}

export default mount(Address);
