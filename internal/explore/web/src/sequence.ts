// Layout of sequence diagrams: from the rows of a trace to shapes. Pure functions.
import type { Message, Row } from "./api.ts";

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
}

/** Down is a time in which an actor is down. */
export interface Down {
	x: number;
	from: number;
	to: number;
}

export interface Sizes {
	row: number; // height of a row
	lane: number; // least distance of two lanes
	left: number; // space left of the first lane
	head: number; // space above the first row
}

/** lanes places the lifelines, in the given order, over a width. */
export function lanes(names: string[], order: number[], width: number, sizes: Sizes): Lane[] {
	const gap = Math.max(sizes.lane, (width - 2 * sizes.left) / Math.max(1, order.length - 1));
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
				label: { x: middle, y: at - 4, anchor: "middle", room: b.x - a.x }, self: false,
			};
		}
		if (!lane || lane.x < 0) return null;
		const p = { x: lane.x, y: at };
		return {
			number, y: at, kind: row.kind, from: p, to: p, text: row.text || row.kind, short: row.kind,
			label: { x: lane.x + 12, y: at + 4, anchor: "start", room: sizes.lane - 16 }, self: false,
		};
	}
	return arrow(m, row.kind, number, at, lanes, sizes);
}

/** flight places the i-th message that is in flight when the path ends, in a row below the last step. */
export function flight(m: Message, i: number, steps: number, lanes: Lane[], sizes: Sizes): Shape | null {
	return arrow(m, "flight", steps + 1 + i, y(steps + 1 + i, sizes), lanes, sizes);
}

function arrow(m: Message, kind: Shape["kind"], number: number, at: number, lanes: Lane[], sizes: Sizes): Shape | null {
	const [a, b] = [lanes[m.from], lanes[m.to]];
	if (!a || !b || a.x < 0 || b.x < 0) return null;
	const start = { x: a.x, y: y(m.sent, sizes) };
	const self = a === b;
	const right = b.x > a.x;
	// The label lies over the last part of the arrow, beside the lane where it arrives.
	const room = Math.max(sizes.lane, Math.abs(b.x - a.x)) - 20;
	const label = self
		? { x: b.x + 22, y: at - 3, anchor: "start" as const, room: sizes.lane - 26 }
		: { x: b.x + (right ? -10 : 10), y: at - 5, anchor: right ? ("end" as const) : ("start" as const), room };
	return { number, y: at, kind, from: start, to: { x: b.x, y: at }, text: m.text, short: m.short ?? m.text, label, self };
}

/** downTimes returns when actors are down, from the rows 1 to the last. */
export function downTimes(rows: (Row | undefined)[], lanes: Lane[], sizes: Sizes): Down[] {
	const since = new Map<number, number>();
	const out: Down[] = [];
	rows.forEach((row, i) => {
		if (row?.kind === "crash") since.set(row.at, y(i + 1, sizes));
		const from = row?.kind === "restart" ? since.get(row.at) : undefined;
		if (row && from !== undefined) {
			out.push({ x: lanes[row.at]?.x ?? -1, from, to: y(i + 1, sizes) });
			since.delete(row.at);
		}
	});
	for (const [at, from] of since) out.push({ x: lanes[at]?.x ?? -1, from, to: y(rows.length, sizes) + sizes.row });
	return out.filter((d) => d.x >= 0);
}

/** fitting returns what to write beside a shape. */
export function fitting(s: Shape): string {
	const whole = shorten(s.text, s.label.room);
	return whole === s.text ? whole : shorten(s.short, s.label.room);
}

/** shorten cuts a text to a width in pixels, given the mean width of a character. */
export function shorten(text: string, room: number, character = 6.3): string {
	const n = Math.max(3, Math.floor(room / character));
	return text.length <= n ? text : text.slice(0, n - 1) + "…";
}
