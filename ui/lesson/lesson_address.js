// The address of a lesson keeps what was done and set on the page. It takes the place of the one before: a slider that
// moved is no page to go back to.

import { mount } from "../kit/mount.js";

/** @param {Record<string, string>} said name -> text, "" for what the address shall not have */
export function write(said) {
  const address = new URL(window.location.href);
  for (const [name, text] of Object.entries(said)) {
    if (text) address.searchParams.set(name, text);
    else address.searchParams.delete(name);
  }
  if (address.href !== window.location.href) window.history.replaceState(window.history.state, "", address.href);
}

class Address {
  update({ data }) {
    write(data);
  }

  close() {}
}

export default mount(Address);
