// Story: the pictures of the frames, put together from what Python has sent once. Only chooses; every number is Python's.

/** The graph at a frame, as ui/graph draws it; tight: on the wall. A part that looks as it did in another frame is the same object. */
export function pictureOf(graph, frame, tight = false) {
  const lit = frame.lit && new Set(frame.lit.map((at) => at.join()));
  const { units, weights, biases } = frame.faces;
  const isLit = ({ at }) => !lit || lit.has(at.join());
  const columns = graph.columns.map((column, i) => ({
    ...column,
    units: column.units.map((unit) => {
      const { bias } = unit;
      const isShown = bias && (!bias.quiet || lit?.has(bias.at.join())); // where there is little room, only if spoken of
      return wearing(unit, units[i], isLit(unit), isShown ? wearing(bias, biases[i], isLit(bias)) : null);
    }),
  }));
  const links = graph.links.map((link) => wearing(link, weights[link.at[0] + 1], isLit(link)));
  return { ...graph, columns, links, backward: frame.backward, interactive: true, tight };
}

const worn = new WeakMap(); // part -> its looks made so far

function wearing(part, face, lit, bias) {
  if (!worn.has(part)) worn.set(part, []);
  const looks = worn.get(part);
  let found = looks.find((look) => look.face === face && look.lit === lit && look.bias === bias);
  if (!found) looks.push((found = { at: part.at, ...part.faces[face], face, lit, bias }));
  return found;
}
