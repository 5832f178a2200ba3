// Bundle the browser's files into a folder: node build.mjs FOLDER
//
// Names carry a hash of the content, so that an answer may be kept for ever; manifest.json leads from the
// plain name to the hashed one ("page.js": "page-4F2A….js"). Beside each file lies its Brotli form.

import { readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { constants, brotliCompressSync } from "node:zlib";
import { build } from "esbuild";

const ENTRIES = [
  { in: "page.ts", out: "page" },
  { in: "passkeys.ts", out: "passkeys" },
  { in: "styles/page.css", out: "page" },
];

const folder = process.argv[2];
const { metafile } = await build({
  entryPoints: ENTRIES,
  outdir: folder,
  entryNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  loader: { ".svg": "file" },
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2022",
  legalComments: "none",
  charset: "utf8",
  metafile: true,
  logLevel: "warning",
});

const manifest = {};
for (const file of Object.keys(metafile.outputs).map((path) => basename(path)).sort()) {
  manifest[file.replace(/-[A-Z0-9]{8}(?=\.\w+$)/, "")] = file;
  const bytes = await readFile(join(folder, file));
  const params = { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  await writeFile(join(folder, `${file}.br`), brotliCompressSync(bytes, { params }));
}
await writeFile(join(folder, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
