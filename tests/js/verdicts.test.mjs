// What the network check says of what was measured: good, slow or blocked, and then what to do.

import assert from "node:assert/strict";
import test from "node:test";

import * as verdicts from "../../ui/network_check/verdicts.js";

const trips = (ms, last = ms) => ({ times: [last, ...Array(9).fill(ms)] });
const sent = (down, up) => ({ down: { bytes: 4_000_000, ms: down }, up: { bytes: 450_000, ms: up } });

for (const [name, measured, verdict, words] of [
  ["connection", trips(300, 1500), "good", /within 300 ms, the slowest after 1\.5 s/],
  ["connection", trips(301), "slow", /within 301 ms/],
  ["connection", trips(20, 1501), "slow", /within 20 ms/],
  ["connection", { times: Array(9).fill(20) }, "blocked", /^9 of 10 were answered/],
  ["connection", { times: [] }, "blocked", /^0 of 10/],
  ["messages", sent(10_000, 90_000), "good", /^10 s and 90 s, so 0\.4 MB and 0\.005 MB a second/],
  ["messages", sent(10_100, 10), "slow", /^10 s and 10 ms, so 0\.4 MB and 45 MB a second/],
  ["messages", sent(null, 10), "blocked", /^From the server: did not arrive; to it: arrived after 10 ms/],
  ["messages", sent(10, null), "blocked", /to it: did not arrive/],
  ["messages", sent(0, 0), "good", /^0 ms and 0 ms/],
  ["messages", { down: { bytes: 4_000_000, ms: null, busy: true }, up: { bytes: 450_000, ms: 10 } }, "missing", /^Not tried: others/],
  ["storage", { session: true, local: true }, "good", /^The first works, the second works/],
  ["storage", { session: true, local: false }, "blocked", /the second is refused/],
  ["storage", { session: false, local: true }, "blocked", /^The first is refused/],
  ["device", { rate: 30, work: 1200 }, "good", /^30 pictures a second; .* in 1\.2 s/],
  ["device", { rate: 29, work: 12 }, "slow", /^29 pictures a second/],
  ["device", { rate: null, work: 12 }, "blocked", /^No picture/],
  ["clock", { difference: -60_000, moves: true }, "good", /^60 s behind/],
  ["clock", { difference: 60_001, moves: true }, "wrong", /^60 s ahead/],
  ["clock", { difference: 0, moves: false }, "blocked", /^It stands still/],
  ["clock", { difference: null, moves: true }, "blocked", /^The server did not answer\.$/],
  ["addresses", { writes: true, link: true, characters: 4000 }, "good", /^Written, arrived/],
  ["addresses", { writes: true, link: false, characters: 4000 }, "blocked", /refused on the way/],
  ["addresses", { writes: false, link: true, characters: 4000 }, "blocked", /^Not written/],
  ["looks", { styles: true, font: true }, "good", /^Style sheets came, fonts came/],
  ["looks", { styles: true, font: false }, "missing", /fonts did not come/],
  ["looks", { styles: false, font: true }, "blocked", /^Style sheets did not come/],
  ["pictures", { draws: true }, "good", /^As drawn/],
  ["pictures", { draws: false }, "blocked", /^Not as drawn/],
]) {
  test(`${name} of ${JSON.stringify(measured).slice(0, 60)} is ${verdict}, and what is not good comes with advice`, () => {
    const row = verdicts[name](measured);
    assert.equal(row.verdict, verdict);
    assert.match(row.measured, words);
    assert.equal(row.advice === "", verdict === "good");
    assert.match(`${row.measured}${row.advice}`, /^[^\n]*\.$/);
  });
}

test("half of the questions is the middle of them, whatever their order", () => {
  const row = verdicts.connection({ times: [900, 10, 20, 30, 40, 50, 70, 80, 90, 100] });
  assert.match(row.measured, /within 60 ms, the slowest after 900 ms/);
});

test("the summary counts what is not good, and the report has every word of every row", () => {
  const rows = [verdicts.pictures({ draws: true }), verdicts.pictures({ draws: false }), verdicts.device({ rate: 9, work: 1 }), verdicts.device({ rate: 8, work: 1 })];
  assert.equal(verdicts.summary(rows), "Of 4 things that a lesson needs: 1 blocked, 2 slow.");
  assert.equal(verdicts.summary([...rows, verdicts.looks({ styles: true, font: false })]), "Of 5 things that a lesson needs: 1 blocked, 2 slow, 1 missing.");
  assert.equal(verdicts.summary(rows.slice(0, 1)), "All 1 things that a lesson needs are good.");
  const text = verdicts.report(rows, ["Checked today"]);
  for (const { tried, measured, advice, verdict } of rows) for (const words of [`[${verdict}] ${tried}`, measured, advice]) assert.ok(text.includes(words));
  assert.ok(text.startsWith("Checked today\n\nOf 4 things"));
});
