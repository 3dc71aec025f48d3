/**
 * Whether modules mean the same with and without their comments, by the parser that Node brings: for every pair of files
 * `<name>.before.js` and `<name>.after.js` of the folder the tokens and their lines have to be the same. Prints what differs.
 */

const { readdirSync, readFileSync } = require("node:fs");
const { join } = require("node:path");
const acorn = require("internal/deps/acorn/acorn/dist/acorn");

const folder = process.argv[2];

function tokens(file) {
  const found = [];
  acorn.parse(readFileSync(join(folder, file), "utf8"), {
    ecmaVersion: "latest",
    sourceType: "module",
    locations: true,
    onToken: ({ type, value, loc }) => {
      const said = value instanceof Object ? String(value.value ?? value.pattern) : String(value);
      found.push(`${loc.start.line} ${type.label} ${said}`);
    },
  });
  return found;
}

for (const file of readdirSync(folder).filter((name) => name.endsWith(".before.js"))) {
  const [before, after] = [tokens(file), tokens(file.replace(".before.js", ".after.js"))];
  const at = before.findIndex((token, index) => token !== after[index]);
  if (at >= 0 || before.length !== after.length) console.log(`${file}: ${before[at]} became ${after[at]}`);
}
