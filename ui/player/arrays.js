// Arrays: what a frame was made of, as tables of numbers; a cell chosen here is the link or unit it belongs to.

import { h, mounted } from "./parts.js";

class Arrays {
  constructor(root) {
    this.root = root;
  }

  update({ data, setTriggerValue }) {
    const focused = this.root.getRootNode().activeElement;
    const again = focused && focused.dataset ? focused.dataset.cell : null;
    this.root.replaceChildren(...data.arrays.map((array, i) => this.array(array, i, setTriggerValue)));
    if (again) this.root.querySelector(`[data-cell="${again}"]`)?.focus({ preventScroll: true });
  }

  array(array, number, report) {
    const head = array.columns.length
      ? [h("tr", {}, h("th"), ...array.columns.map((name) => h("th", { text: name })))]
      : [];
    const rows = array.rows.map((row, i) =>
      h("tr", { class: row.here ? "here" : "" }, h("th", { text: row.name }), ...row.cells.map((cell, j) => this.cell(array, cell, `${number}-${i}-${j}`, report))),
    );
    const sign = array.sign ? [h("span", { class: "sign", text: array.sign })] : [];
    const caption = h("figcaption", {}, h("b", { text: array.name }), h("span", { text: ` ${array.shape}` }));
    const more = array.more ? [h("div", { class: "more", text: array.more })] : [];
    return h("div", { class: "array" }, ...sign, h("figure", { "data-name": array.name }, caption, h("table", {}, ...head, ...rows), ...more));
  }

  cell(array, cell, name, report) {
    const classes = `${cell.value < 0 ? "negative" : "positive"}${cell.marked ? " marked" : ""}`;
    if (!cell.at) return h("td", { class: classes, title: cell.exact, text: cell.text });
    const button = h("button", {
      type: "button", title: cell.exact, text: cell.text, "data-at": cell.at.map((part) => part ?? "").join(), "data-cell": name, "aria-pressed": String(cell.marked),
      on: { click: () => report("cell", { at: cell.at, sample: cell.sample ?? null }) },
    });
    return h("td", { class: classes }, button);
  }
}

export default mounted(Arrays, "arrays");
