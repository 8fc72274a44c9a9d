import assert from "node:assert/strict";
import { test } from "node:test";
import type { RecordedEvent, Recording } from "./api.ts";
import { entered, eventOf, inModel, since } from "./recording.ts";

const event = (number: number, at: number | null, steps: number): RecordedEvent =>
	({ number, actor: "a", time: "", text: "", at, steps, faults: [] });

const answer = (from: number, events: RecordedEvent[]): Recording => ({
	name: "", path: "0:", total: 9, followed: 9, length: 9, began: "", from, events, divergence: null, broken: [], notes: [],
});

test("an event is found by any of its steps", () => {
	const events = entered(entered([], answer(0, [event(1, 0, 0), event(2, 1, 1)])), answer(3, [event(4, 4, 3), event(5, null, 0)]));
	assert.equal(events.length, 5);
	assert.deepEqual([0, 1, 2, 3, 4, 5].map((step) => eventOf(events, step)), [-1, 1, 3, 3, 3, -1]);
});

test("an event says which steps it is", () => {
	const events = [event(1, 0, 0), event(2, 5, 1), event(3, 7, 2), event(4, null, 0), event(5, null, 0)];
	assert.deepEqual(events.map((e) => inModel(e, 4)), ["no step", "step 5", "steps 6–7", "followed", ""]);
});

test("times are those since the first event", () => {
	assert.equal(since("2026-01-02T03:04:05.5Z", "2026-01-02T03:05:06.123456789Z"), "+60.623 s");
	assert.equal(since("2026-01-02T03:04:05Z", "2026-01-02T03:04:04.9Z"), "−0.100 s");
});
