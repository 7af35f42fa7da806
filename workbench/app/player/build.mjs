/** Builds the coding room into assets/: one ES module and one style sheet, named by their content.
 *
 * `node build.mjs` writes them; `node build.mjs --check` builds anew and fails on any difference.
 * The built files are committed, so that nobody needs Node to use the program.
 */

import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, parse } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const assets = join(here, "assets");
const settings = { bundle: true, minify: true, target: "es2022", legalComments: "none", charset: "utf8" };

/** `import text from "./file.js?worker"`: that file, bundled on its own, as text to start a worker from. */
const workers = {
  name: "workers",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\?worker$/ }, ({ path, resolveDir }) => ({ path: join(resolveDir, path.replace("?worker", "")), namespace: "worker" }));
    onLoad({ filter: /.*/, namespace: "worker" }, async ({ path }) => {
      const { outputFiles } = await esbuild.build({ ...settings, entryPoints: [path], format: "iife", write: false });
      return { contents: outputFiles[0].text, loader: "text" };
    });
  },
};

/** name → bytes of everything that belongs into assets/. */
async function build() {
  const result = await esbuild.build({
    absWorkingDir: here,
    entryPoints: { coding_room: "src/index.js", "coding_room-style": "src/room.css" },
    outdir: "assets",
    ...settings,
    format: "esm",
    plugins: [workers],
    write: false,
  });
  const files = new Map(result.outputFiles.map(({ path, contents }) => [named(basename(path), contents), Buffer.from(contents)]));
  files.set("built-from.json", Buffer.from(`${JSON.stringify(sources(), null, 2)}\n`));
  return files;
}

/** `room.js` with a hash of what it holds: esbuild's own `[hash]` knows the folder of the checkout too, and so differs between two of them. */
function named(name, contents) {
  const { name: stem, ext } = parse(name);
  return `${stem}-${createHash("sha256").update(contents).digest("hex").slice(0, 8)}${ext}`;
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
