// Bundles each entry under its fixed name; the same input gives the same bytes.
import { copyFile, mkdir } from "node:fs/promises";
import { build } from "esbuild";

const out = "../src/onething/web/static/vendor";
await mkdir(out, { recursive: true });
await build({
  entryPoints: { "bpmn-viewer": "entries/viewer.js" },
  outdir: out,
  bundle: true,
  format: "esm",
  minify: true,
  target: "es2022",
  legalComments: "eof",
});
const copies = {
  "node_modules/htmx.org/dist/htmx.min.js": "htmx.js",
  "node_modules/bpmn-js/dist/assets/diagram-js.css": "diagram-js.css",
  "node_modules/bpmn-js/dist/assets/bpmn-js.css": "bpmn-js.css",
  "node_modules/bpmn-js/LICENSE": "bpmn-js.LICENSE",
  "node_modules/htmx.org/LICENSE": "htmx.LICENSE",
};
for (const [from, to] of Object.entries(copies)) await copyFile(from, `${out}/${to}`);
await copyFile("node_modules/axe-core/axe.min.js", "../tests/e2e/vendor/axe.js"); // tests alone
