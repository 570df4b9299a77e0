// Scene: what the frames of one network have in common, and where in a frame the values of a unit, a weight or a bias are.

import { inOrder, parameterPlaces } from "./layout.js";

/**
 * The scene that an answer brings. Its sizes, names, kinds and limits are as Python tells them (ui/play/payload.py).
 * wall: the board hangs there; compared: it stands among others.
 */
export function sceneOf({ scene: number, scene_data: told }, arrays, { wall, compared }) {
  return {
    ...told,
    number,
    wall,
    compared,
    parameterPlace: parameterPlaces(told),
    pictured: told.strongest.map(inOrder), // the units of each layer that come with pictures
    lookTables: arrays.tables,
    pixelClasses: arrays.pixel_classes ? arrays.pixel_classes.data : null,
    featureCurves: arrays.feature_curves || null,
    target: arrays.curve_target ? { x: arrays.curve_x.data, y: arrays.curve_target.data } : null,
  };
}

/** Whether the answer is a map over two inputs; with one column it is a curve. */
export function isPlanar({ inputs }) {
  return inputs.length > 1;
}

/** The last layer, as units count them: the first hidden one is 0. */
export function lastLayer({ sizes }) {
  return sizes.length - 2;
}

export function unitName(scene, { layer, unit }) {
  return scene.unit_names[layer][unit];
}

/** Position of a unit in arrays that list the units of all layers. */
export function valueIndex({ sizes }, { layer, unit }) {
  let at = unit;
  for (let l = 0; l < layer; l += 1) at += sizes[l + 1];
  return at;
}

/** Position of a unit in arrays that list the pictured units of all layers. */
export function pictureIndex({ pictured }, { layer, unit }) {
  const before = pictured.slice(0, layer).reduce((sum, units) => sum + units.length, 0);
  return before + pictured[layer].indexOf(unit);
}

/** A weight or bias (source null) as a frame has it. */
export function parameter(scene, shown, target) {
  return shown && scene ? (shown.theta[scene.parameterPlace(target)] ?? null) : null;
}

/** A unit's curve in a frame. */
export function curveOf(scene, { curves }, item) {
  if (!curves) return null;
  const { data, places } = curves;
  const at = pictureIndex(scene, item);
  return data.subarray(at * places, (at + 1) * places);
}

/** What the output unit gives, in the data's own units. */
export function inUnits({ output_units: [shift, factor] }, value) {
  return shift + factor * value;
}
