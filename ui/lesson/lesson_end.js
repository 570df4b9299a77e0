// The end of a lesson: it keeps the address, and has the page run when a lost connection is there again: a server that has
// forgotten the visit knows no part of the page that could run alone, and tells nobody so.

import "../keys.js";
import "../phone_menu.js";
import "../way_back.js";
import { isDown, onChange } from "../kit/connection.js";
import { mount } from "../kit/mount.js";
import { write } from "./lesson_address.js";

/** @type {string | null} */
let known = null; // the visit that this tab of the browser was last answered by

class End {
  constructor() {
    this.close = onChange(() => !isDown() && this.say("back", true));
  }

  update({ data: { visit, address }, setTriggerValue }) {
    this.say = setTriggerValue;
    if (known !== null && known !== visit) this.say("lost", true);
    known = visit;
    write(address);
  }
}

export default mount(End);
