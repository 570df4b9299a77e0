// The palette on a canvas, where no style sheet reaches: colours of palette.py that are alike on a light and a dark page.

export const [NEGATIVE, MIDDLE, POSITIVE] = ["#d96b0c", "#f4f1ee", "#1f77b4"];
export const MAP_INK = "#22232b";
export const GREY = "#80808a";
