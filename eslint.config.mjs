// What is certainly wrong in the browser's code; how it is laid out is the writer's choice.

import js from "@eslint/js";
import globals from "globals";

export default [
  { ignores: [".venv*/", "test-artefacts/"] },
  js.configs.recommended,
  { languageOptions: { globals: globals.browser } },
  { files: ["tests/js/**"], languageOptions: { globals: globals.nodeBuiltin } },
  {
    rules: {
      eqeqeq: "error",
      "no-var": "error",
      "prefer-const": "error",
      "no-implied-eval": "error",
    },
  },
];
