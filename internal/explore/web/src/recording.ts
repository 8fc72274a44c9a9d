// The events of a recording, as far as they were loaded. Pure functions.
import type { RecordedEvent, Recording } from "./api.ts";

export type Events = (RecordedEvent | undefined)[];

/** entered returns events with those of an answer. */
export function entered(into: Events, r: Recording): Events {
	const out = into.slice();
	r.events.forEach((e, i) => (out[r.from + i] = e));
	return out;
}

/** eventOf returns the index of the event that took a step of the path; -1 if it was not loaded, or the step is none of its. */
export function eventOf(events: Events, step: number): number {
	return events.findIndex((e) => e !== undefined && e.at !== null && step <= e.at && step > e.at - e.steps);
}

/** since writes how long after the first event another one was. */
export function since(began: string, time: string): string {
	const s = (Date.parse(time) - Date.parse(began)) / 1000;
	return `${s < 0 ? "−" : "+"}${Math.abs(s).toFixed(3)} s`;
}

/** inModel says which steps of the path an event is. The model may follow further than the path, whose steps are the model's own. */
export function inModel(e: RecordedEvent, followed: number): string {
	if (e.at === null) return e.number <= followed ? "followed" : "";
	if (e.steps === 0) return "no step";
	return e.steps === 1 ? `step ${e.at}` : `steps ${e.at - e.steps + 1}–${e.at}`;
}
