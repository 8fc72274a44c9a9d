// Layout of sequence diagrams: from the rows of a trace to shapes. Pure functions.
import type { Message, Row } from "./api.ts";
import { shorten, visible } from "./text.ts";

export interface Lane {
	name: string;
	x: number;
}

/** Shape is what one row draws. Coordinates are those of the whole diagram. */
export interface Shape {
	number: number; // of the step, from 1
	y: number;
	kind: Row["kind"] | "flight";
	from: { x: number; y: number };
	to: { x: number; y: number };
	text: string;
	short: string; // what to write where there is no room for the text
	label: { x: number; y: number; anchor: "start" | "middle" | "end"; room: number };
	self: boolean;
	sent: number; // step in which the message was sent; the step itself without a message
	cut: boolean; // the arrow is too long to be drawn: only its end is
}

/** maxSpan is how many rows an arrow may cross; of a longer one only the end is drawn. */
export const maxSpan = 60;

/** Down is a time in which an actor is down, or the network is split if actor is -1. Steps are counted from 1. */
export interface Down {
	actor: number;
	from: number;
	to: number;
}

export interface Sizes {
	row: number; // height of a row
	lane: number; // least distance of two lanes
	left: number; // space left of the first lane
	right: number; // space right of the last lane
	head: number; // space above the first row
}

/** widest is the greatest distance of two lanes. */
const widest = 420;

/** lanes places the lifelines, in the given order, over a width. */
export function lanes(names: string[], order: number[], width: number, sizes: Sizes): Lane[] {
	const gap = Math.min(widest, Math.max(sizes.lane, (width - sizes.left - sizes.right) / Math.max(1, order.length - 1)));
	const out: Lane[] = names.map((name) => ({ name, x: -1 }));
	order.forEach((i, k) => {
		const lane = out[i];
		if (lane) lane.x = sizes.left + (order.length === 1 ? Math.max(0, width / 2 - sizes.left) : k * gap);
	});
	return out;
}

/** y returns the height of the row of a step; 0 is the initial state. */
export function y(step: number, sizes: Sizes): number {
	return sizes.head + step * sizes.row + sizes.row / 2;
}

/** shape places a row. Null is a row whose lanes are hidden. */
export function shape(row: Row, number: number, lanes: Lane[], sizes: Sizes): Shape | null {
	const at = y(number, sizes);
	const m = row.message;
	if (!m) {
		const lane = lanes[row.at];
		if (row.kind === "partition" || row.kind === "heal") {
			const shown = lanes.filter((l) => l.x >= 0);
			const [a, b] = [shown[0], shown.at(-1)];
			if (!a || !b) return null;
			const middle = (a.x + b.x) / 2;
			return {
				number, y: at, kind: row.kind, from: { x: a.x, y: at }, to: { x: b.x, y: at }, text: row.text || row.kind, short: row.kind,
				label: { x: middle, y: at + 4, anchor: "middle", room: b.x - a.x }, self: false, sent: number, cut: false,
			};
		}
		if (!lane || lane.x < 0) return null;
		const p = { x: lane.x, y: at };
		return {
			number, y: at, kind: row.kind, from: p, to: p, text: row.text || row.kind, short: row.text || row.kind,
			label: { x: lane.x + 12, y: at + 4, anchor: "start", room: roomAfter(lane, lanes, sizes) - 20 }, self: false,
			sent: number, cut: false,
		};
	}
	return arrow(m, row.kind, number, at, lanes, sizes);
}

/** flight places the i-th message that is in flight when the path ends, in a row below the last step. */
export function flight(m: Message, i: number, steps: number, lanes: Lane[], sizes: Sizes): Shape | null {
	const number = steps + 1 + i;
	const s = arrow(m, "flight", number, y(number, sizes), lanes, sizes);
	return s && { ...s, from: { x: s.from.x, y: s.self ? s.to.y - 10 : s.to.y } }; // level: it crosses nothing
}

/** roomAfter returns the distance from a lane to the next one on its right, or to the end. */
function roomAfter(lane: Lane, lanes: Lane[], sizes: Sizes): number {
	let next = Infinity;
	for (const l of lanes) if (l.x > lane.x) next = Math.min(next, l.x);
	return next === Infinity ? sizes.right + 40 : next - lane.x;
}

function arrow(m: Message, kind: Shape["kind"], number: number, at: number, lanes: Lane[], sizes: Sizes): Shape | null {
	const [a, b] = [lanes[m.from], lanes[m.to]];
	if (!a || !b || a.x < 0 || b.x < 0) return null;
	const self = a === b;
	const cut = kind !== "flight" && number - m.sent > maxSpan;
	const start = { x: a.x, y: cut ? at - (self ? 20 : 0) : y(m.sent, sizes) };
	const right = b.x > a.x;
	// The label lies over the last part of the arrow, in its own row, beside the lane where it arrives.
	const room = Math.abs(b.x - a.x) - (kind === "lose" || kind === "flight" ? 38 : 26);
	const label = self
		? { x: b.x + 26, y: at + 4, anchor: "start" as const, room: roomAfter(b, lanes, sizes) - 34 }
		: { x: b.x + (right ? -1 : 1) * (kind === "lose" || kind === "flight" ? 26 : 14), y: at + 4, anchor: right ? ("end" as const) : ("start" as const), room };
	const from = cut && !self ? { x: b.x + (right ? -1 : 1) * Math.min(60, Math.abs(b.x - a.x)), y: at } : start;
	return {
		number, y: at, kind, from, to: { x: b.x, y: at }, text: m.text, short: m.short ?? m.text, label, self, sent: m.sent, cut,
	};
}

/** downTimes returns when actors are down and when the network is split, given the rows from step 1 on. */
export function downTimes(rows: (Row | undefined)[]): Down[] {
	const since = new Map<number, number>();
	const out: Down[] = [];
	const end = (actor: number, to: number): void => {
		const from = since.get(actor);
		if (from !== undefined) out.push({ actor, from, to });
		since.delete(actor);
	};
	rows.forEach((row, i) => {
		if (row?.kind === "crash") since.set(row.at, i + 1);
		else if (row?.kind === "restart") end(row.at, i + 1);
		else if (row?.kind === "partition" && !since.has(-1)) since.set(-1, i + 1);
		else if (row?.kind === "heal") end(-1, i + 1);
	});
	for (const actor of [...since.keys()]) end(actor, Infinity);
	return out;
}

/**
 * past returns which steps happened before a step, itself included: earlier ones of the same actor, and those that led
 * to a message that it received. Steps that are not loaded count as not.
 */
export function past(rows: (Row | undefined)[], step: number): Uint8Array {
	const out = new Uint8Array(rows.length + 1);
	const until = new Map<number, number>(); // by actor, the latest of its steps that is in the past
	const reach = (actor: number, at: number): void => void until.set(actor, Math.max(until.get(actor) ?? 0, at));
	const enter = (row: Row): void => {
		if (row.kind === "deliver" || row.kind === "note" || row.kind === "crash" || row.kind === "restart") reach(row.at, step);
		if (row.message) reach(row.message.from, row.message.sent);
	};
	const first = rows[step - 1];
	if (!first) return out;
	out[step] = 1;
	enter(first);
	for (let i = step - 1; i > 0; i--) {
		const row = rows[i - 1];
		if (!row || row.at < 0 || (until.get(row.at) ?? 0) < i) continue;
		if (row.kind === "lose" || row.kind === "duplicate" || row.kind === "partition" || row.kind === "heal") continue;
		out[i] = 1;
		if (row.message) reach(row.message.from, row.message.sent);
	}
	return out;
}

/** crossing returns the steps after a row whose arrows begin at or above it, among the rows that an arrow can reach. */
export function crossing(rows: (Row | undefined)[], row: number): number[] {
	const out: number[] = [];
	for (let i = row + 1; i <= Math.min(rows.length, row + maxSpan); i++) {
		const m = rows[i - 1]?.message;
		if (m && m.sent <= row) out.push(i);
	}
	return out;
}

/** fitting returns what to write beside a shape; empty where nothing fits. */
export function fitting(s: Shape): string {
	const text = visible(s.text);
	const whole = shorten(text, s.label.room);
	if (whole === text) return text;
	const short = visible(s.short);
	return s.label.room < 24 ? "" : shorten(short, s.label.room);
}
