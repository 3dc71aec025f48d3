"""The modules of a page are read from import statements, and from nothing that only looks like one."""

from __future__ import annotations

from server.web.modules import graph, imports_of

SOURCE = """
/** A comment may speak: import { no } from "./no.js"; @import { T } from "./types.js" */
import "./a.js";
import b, {
  c,
} from "../b.js";
export { d } from '../x/d.js';
export const e = import("./later.js");
// import f from "./f.js";
export const words = "./words.js";
"""


def test_imports_are_read_from_statements_alone() -> None:
    assert imports_of("js/pages/p.js", SOURCE) == ["js/pages/a.js", "js/b.js", "js/x/d.js"]


def test_a_graph_has_each_module_once_and_the_nearest_first() -> None:
    files = {
        "p.js": 'import "./a.js";\nimport "./b.js";\n',
        "a.js": 'import "./c.js";\n',
        "b.js": 'import "./a.js";\nimport "./c.js";\n',
        "c.js": 'import "./p.js";\n',
    }
    assert graph("p.js", files.get) == ("p.js", "a.js", "b.js", "c.js")
    assert graph("none.js", files.get) == ()
