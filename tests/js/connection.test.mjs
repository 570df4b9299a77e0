// Where the live connection leads.

import assert from "node:assert/strict";
import test from "node:test";

import { streamAddress } from "../../ui/kit/connection.js";

test("the live connection of a secure page is a secure one, below the path of the app", () => {
  assert.equal(streamAddress("https://school.example/nn/"), "wss://school.example/nn/_stcore/stream");
  assert.equal(streamAddress("http://192.168.1.20:8501/"), "ws://192.168.1.20:8501/_stcore/stream");
});
