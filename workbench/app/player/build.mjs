/** Builds the coding room into assets/: one ES module and one style sheet, named by their content.
 *
 * `node build.mjs` writes them; `node build.mjs --check` builds anew and fails on any difference.
 * The built files are committed, so that nobody needs Node to use the program.
 */

import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const assets = join(here, "assets");

/** name → bytes of everything that belongs into assets/. */
async function build() {
  const result = await esbuild.build({
    absWorkingDir: here,
    entryPoints: { coding_room: "src/index.js", "coding_room-style": "src/room.css" },
    entryNames: "[name]-[hash]",
    outdir: "assets",
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    legalComments: "none",
    charset: "utf8",
    write: false,
  });
  const files = new Map(result.outputFiles.map((file) => [file.path.slice(assets.length + 1), Buffer.from(file.contents)]));
  files.set("built-from.json", Buffer.from(`${JSON.stringify(sources(), null, 2)}\n`));
  return files;
}

/** SHA-256 of every source, so that a test without Node sees that a build is stale. */
function sources() {
  const names = [...readdirSync(join(here, "src")).map((name) => `src/${name}`), "build.mjs", "package-lock.json"].sort();
  return Object.fromEntries(names.map((name) => [name, createHash("sha256").update(readFileSync(join(here, name))).digest("hex")]));
}

const files = await build();
if (process.argv.includes("--check")) {
  const there = readdirSync(assets).sort();
  const wrong = [...new Set([...there, ...files.keys()])].filter((name) => !files.has(name) || !there.includes(name) || !files.get(name).equals(readFileSync(join(assets, name))));
  if (wrong.length) {
    console.error(`assets/ is not what src/ builds: ${wrong.join(", ")}. Run \`npm run build\` and commit the result.`);
    process.exit(1);
  }
  console.log("assets/ is what src/ builds.");
} else {
  rmSync(assets, { recursive: true, force: true });
  mkdirSync(assets, { recursive: true });
  for (const [name, bytes] of files) {
    writeFileSync(join(assets, name), bytes);
    console.log(`${name}  ${bytes.length} bytes`);
  }
}
