/** The screen: draws the scene that the stage calls for. It has no control and sends no command. */

import { byId, setText } from "../lib/dom.js";
import { loadTexts, readTexts, show, t } from "../lib/texts.js";
import { openSession, readBoot } from "../live/session.js";
import { mountConnection } from "../panels/connection.js";
import { endedScene, gatherScene } from "../panels/screen/around.js";
import { fit } from "../panels/screen/fit.js";
import { pollScene } from "../panels/screen/poll.js";
import { questionScene } from "../panels/screen/question.js";
import { blank, choose, recall } from "../panels/screen/scene.js";
import { speakerScene } from "../panels/screen/speaker.js";
import { hidePointer, stayAwake } from "../panels/screen/wake.js";

const boot = readBoot();
await loadTexts(document.documentElement.lang);
readTexts(boot.language, boot.docs.stage?.session.languages ?? []);
const session = openSession(boot, { as: "screen" });
const scenes = { ended: endedScene, gather: gatherScene, poll: pollScene, question: questionScene, speaker: speakerScene };
const hall = byId("hall");
const frame = byId("scene");
const banner = byId("banner");

let memory = blank();
/** @type {import("../panels/screen/parts.js").ScenePart|null} */
let part = null;
/** Which scene stands, about what; another one is built anew. */
let standing = "";

function draw() {
  const { stage } = session.store.docs;
  if (!stage) return;
  const now = session.store.now();
  memory = recall(memory, stage, now);
  const { scene, poll } = choose(stage, memory);
  const key = [scene, poll, scene === "speaker" ? stage.speakers.current?.person : stage.agenda.current].join(" ");
  if (!part || key !== standing) {
    part = scenes[scene]();
    standing = key;
    hall.dataset.scene = scene;
    frame.replaceChildren(part.el);
  }
  part.update({ stage, now, poll });
  const { announcement } = stage;
  banner.hidden = !announcement || Boolean(announcement.until && announcement.until <= now);
  if (announcement) show(byId("banner-text"), announcement.text);
  const { online } = stage.presence;
  byId("here").hidden = online === 0;
  setText(byId("here"), t("screen.here", { n: online }));
}

/** After a change of content the type may have to shrink, or may grow again. */
function drawAndFit() {
  draw();
  fit(frame);
}

session.store.watch(["stage"], drawAndFit);
// Clocks tick, and a poll that waited too long for its results leaves: the size only changes with the scene.
setInterval(() => {
  const before = standing;
  draw();
  if (standing !== before) fit(frame);
}, 250);
new ResizeObserver(() => fit(frame)).observe(frame);
mountConnection(session);
stayAwake();
hidePointer(document.body);
