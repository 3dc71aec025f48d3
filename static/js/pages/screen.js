/** The screen: draws the scene that the stage calls for. It has no control and sends no command. */

import { byId, setText } from "../lib/dom.js";
import { loadTexts, readTexts, show, t } from "../lib/texts.js";
import { openSession, readBoot } from "../live/session.js";
import { mountConnection } from "../panels/connection.js";
import { endedScene, gatherScene } from "../panels/screen/around.js";
import { fit } from "../panels/screen/fit.js";
import { pollScene } from "../panels/screen/poll.js";
import { questionScene } from "../panels/screen/question.js";
import { roomsScene } from "../panels/screen/rooms.js";
import { blank, choose, recall } from "../panels/screen/scene.js";
import { shownScene } from "../panels/screen/shown.js";
import { speakerScene } from "../panels/screen/speaker.js";
import { hidePointer, stayAwake } from "../panels/screen/wake.js";

/** @import { Stage } from "../live/types.js" */
/** @import { Scene } from "../lib/scene.js" */

const boot = readBoot();
await loadTexts(document.documentElement.lang);
readTexts(boot.language, boot.docs.stage?.session.languages ?? []);
const session = openSession(boot, { as: "screen" });
const scenes = {
  ended: endedScene, gather: gatherScene, poll: pollScene, question: questionScene, rooms: roomsScene, shown: shownScene,
  speaker: speakerScene,
};
const hall = byId("hall");
const frame = byId("scene");
const banner = byId("banner");

let memory = blank();
/** @type {import("../panels/screen/parts.js").ScenePart|null} */
let part = null;
/** Which scene stands, about what; another one is built anew. */
let standing = "";

/** @returns {boolean} whether the type has to fit anew though no document changed */
function draw() {
  const { stage } = session.store.docs;
  if (!stage) return false;
  const now = session.store.now();
  memory = recall(memory, stage, now);
  const { scene, poll } = choose(stage, memory);
  const key = [scene, poll, about(scene, stage)].join(" ");
  const anew = !part || key !== standing;
  if (!part || anew) {
    part = scenes[scene]();
    standing = key;
    hall.dataset.scene = scene;
    frame.replaceChildren(part.el);
  }
  const turned = part.update({ stage, now, poll });
  const { announcement } = stage;
  banner.hidden = !announcement || Boolean(announcement.until && announcement.until <= now);
  if (announcement) show(byId("banner-text"), announcement.text);
  const { online } = stage.presence;
  byId("here").hidden = online === 0;
  setText(byId("here"), t("screen.here", { n: online }));
  return anew || turned === true;
}

/** What a scene is about; of another person, question or room it is built anew. @param {Scene} scene @param {Stage} stage */
function about(scene, { speakers, agenda, rooms }) {
  if (scene === "speaker") return speakers.current?.person;
  if (scene === "rooms") return rooms.open?.plan;
  if (scene === "shown") return `${rooms.shown?.room} ${rooms.shown?.round}`;
  return agenda.current;
}

/** The type may have to shrink, or may grow again. */
function fitFrame() {
  part?.arrange?.(frame.clientWidth, frame.clientHeight);
  fit(frame);
}

session.store.watch(["stage"], () => {
  draw();
  fitFrame();
});
// Clocks tick, a poll that waited too long for its results leaves, notes go on to their next page.
setInterval(() => draw() && fitFrame(), 250);
new ResizeObserver(fitFrame).observe(frame);
mountConnection(session);
stayAwake();
hidePointer(document.body);
