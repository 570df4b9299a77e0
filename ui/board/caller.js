// The caller: has the whole page run again when the board, which asks for itself alone, is not heard. After a connection
// was lost another server may answer, or one that has forgotten the visit: to it the board is not known.

import { UNHEARD, hear } from "../kit/events.js";
import { mount } from "../kit/mount.js";

class Caller {
  constructor(_, { board }) {
    this.close = hear(UNHEARD, board, () => this.say("unheard", true));
  }

  update({ setTriggerValue }) {
    this.say = setTriggerValue;
  }
}

export default mount(Caller);
