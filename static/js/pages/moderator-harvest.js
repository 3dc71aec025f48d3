/** The part of a moderator's page that comes when somebody wants to read what was written in rooms. */
export { mountHarvest } from "../panels/record/harvest.js";
