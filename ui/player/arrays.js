// Arrays: what a frame was made of, as tables of numbers; a cell chosen here is the link or unit it belongs to.

import { h } from "../kit/elements.js";

export class Arrays {
  /** choose({at, sample}): called with the place of a cell, and with its row where that is a sample. */
  constructor(choose) {
    this.choose = choose;
    this.root = h("div", { class: "arrays", "data-testid": "arrays" });
    this.made = new WeakMap(); // table -> its node: the same table comes again in other frames
  }

  show(tables) {
    const focused = this.root.contains(this.root.getRootNode().activeElement) && this.root.getRootNode().activeElement.dataset.at;
    this.root.replaceChildren(
      ...tables.map((table) => {
        if (!this.made.has(table)) this.made.set(table, this.table(table));
        return this.made.get(table);
      }),
    );
    // The cell that was chosen keeps the focus, though its table may be another one now.
    if (focused) [...this.root.querySelectorAll("button")].find((cell) => cell.dataset.at === focused)?.focus({ preventScroll: true });
  }

  table(table) {
    const head = table.columns.length ? [h("tr", {}, h("th"), ...table.columns.map((name) => h("th", { text: name })))] : [];
    const rows = table.rows.map((row) =>
      h("tr", { class: row.here ? "here" : "" }, h("th", { text: row.name }), ...row.cells.map((cell) => this.cell(cell))),
    );
    const sign = table.sign ? [h("span", { class: "sign", text: table.sign })] : [];
    const caption = h("figcaption", {}, h("b", { text: table.name }), h("span", { text: ` ${table.shape}` }));
    const more = table.more ? [h("div", { class: "more", text: table.more })] : [];
    return h("div", { class: "array" }, ...sign, h("figure", { "data-name": table.name }, caption, h("table", {}, ...head, ...rows), ...more));
  }

  cell({ text, exact, at, sample, marked }) {
    const classes = `${text.startsWith("−") || text.startsWith("minus") ? "negative" : "positive"}${marked ? " marked" : ""}`;
    if (!at) return h("td", { class: classes, title: exact, text });
    const button = h("button", {
      type: "button", title: exact, text, "data-at": at.map((part) => part ?? "").join(), "aria-pressed": String(marked),
      on: { click: () => this.choose({ at, sample: sample ?? null }) },
    });
    return h("td", { class: classes }, button);
  }
}
