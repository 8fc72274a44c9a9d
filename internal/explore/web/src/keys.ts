// The keyboard. The list is what the help shows and what the keys do: there is no other.
import { changed } from "./follow.ts";
import type { Store } from "./store.ts";
import { tabs } from "./tabs.ts";

export interface Key {
	keys: string[];
	help: string;
	group: string;
	run?: (s: Store) => void; // absent of keys that a panel handles itself
}

export const keys: Key[] = [
	{ group: "Steps", keys: ["j", "ArrowDown"], help: "next step", run: (s) => void s.select(s.get().at + 1) },
	{ group: "Steps", keys: ["k", "ArrowUp"], help: "step before", run: (s) => void s.select(s.get().at - 1) },
	{ group: "Steps", keys: ["PageDown"], help: "20 steps on", run: (s) => void s.select(s.get().at + 20) },
	{ group: "Steps", keys: ["PageUp"], help: "20 steps back", run: (s) => void s.select(s.get().at - 20) },
	{ group: "Steps", keys: ["g", "Home"], help: "initial state", run: (s) => void s.select(0) },
	{ group: "Steps", keys: ["G", "End"], help: "last step", run: (s) => void s.select(s.get().steps.length) },
	{ group: "Steps", keys: ["e"], help: "next state that breaks a promise", run: nextBreak },
	{ group: "Steps", keys: ["i"], help: "the step from which a broken promise was inevitable", run: lost },
	{ group: "Steps", keys: ["]"], help: "next event of the selected actor", run: (s) => ofActor(s, 1) },
	{ group: "Steps", keys: ["["], help: "event before of the selected actor", run: (s) => ofActor(s, -1) },
	{ group: "Steps", keys: ["b"], help: "bookmark, or none", run: (s) => s.mark() },
	{ group: "Steps", keys: ["B"], help: "next bookmark", run: nextMark },
	{ group: "Steps", keys: ["c"], help: "only what led to the selected step", run: (s) => s.causes(!s.get().causes) },
	{ group: "Runs", keys: ["u"], help: "back to the path before", run: (s) => s.undo() },
	{ group: "Runs", keys: ["r"], help: "forward again", run: (s) => s.redo() },
	{ group: "Runs", keys: ["l"], help: "next run that was opened, at the same step", run: (s) => s.fork(1) },
	{ group: "Runs", keys: ["h"], help: "run before, at the same step", run: (s) => s.fork(-1) },
	{ group: "Runs", keys: ["1–9"], help: "take the enabled action with this number" },
	{ group: "State", keys: ["d"], help: "compare with the state before, or with nothing", run: toggleBase },
	{ group: "State", keys: ["p"], help: "pin this state, and compare with it", run: pin },
	{ group: "State", keys: ["n"], help: "next change of the followed parts, or next result", run: (s) => nextChange(s, 1) },
	{ group: "State", keys: ["N"], help: "change before, or result before", run: (s) => nextChange(s, -1) },
	{ group: "State", keys: ["w"], help: "next part that the verdict depends on", run: (s) => s.jumpBy(1) },
	{ group: "State", keys: ["W"], help: "part before that the verdict depends on", run: (s) => s.jumpBy(-1) },
	{ group: "State, with the focus in it", keys: ["↓", "↑", "←", "→"], help: "move, fold and unfold" },
	{ group: "State, with the focus in it", keys: ["f"], help: "follow the part over all steps" },
	{ group: "State, with the focus in it", keys: ["y"], help: "copy the path of the part" },
	{ group: "Graph, with the focus in it", keys: ["↓", "↑", "←", "→"], help: "move; with Shift pan" },
	{ group: "Graph, with the focus in it", keys: ["Enter"], help: "open the path to the state" },
	{ group: "Graph, with the focus in it", keys: ["+", "-", "0"], help: "zoom in, zoom out, fit" },
	{ group: "Lanes, with the focus in one", keys: ["Shift+←", "Shift+→"], help: "move it" },
	{ group: "Lanes, with the focus in one", keys: ["Delete"], help: "hide it" },
	{ group: "Page", keys: ["t"], help: "next drawing", run: nextTab },
	{ group: "Page", keys: ["m"], help: "the drawing alone, or with the state", run: (s) => s.enlarge(!s.get().large) },
	{ group: "Page", keys: ["x"], help: "save or open a trace", run: () => document.querySelector<HTMLElement>("[aria-label='Save or open a trace']")?.click() },
	{ group: "Page", keys: ["/"], help: "find states", run: () => document.getElementById("find")?.focus() },
	{ group: "Page", keys: ["?"], help: "this list", run: (s) => s.help(!s.get().help) },
	{ group: "Page", keys: ["Escape"], help: "close, or go back to the steps", run: leave },
];

function nextBreak(s: Store): void {
	const { at, steps } = s.get();
	const all = [...steps.breaks.keys()].sort((a, b) => a - b);
	const next = all.find((b) => b > at) ?? all[0];
	if (next !== undefined) void s.select(next);
}

function nextMark(s: Store): void {
	const all = s.marked();
	const next = all.find((m) => m > s.get().at) ?? all[0];
	if (next !== undefined) void s.select(next);
}

function lost(s: Store): void {
	const broken = [...s.get().steps.breaks].sort(([a], [b]) => a - b)[0]?.[1][0];
	if (broken) void s.why(broken);
}

function ofActor(s: Store, by: 1 | -1): void {
	const { actor, steps, at } = s.get();
	for (let i = at + by; i > 0 && i <= steps.length; i += by) {
		const row = steps.rows[i - 1];
		if (row && (actor === null || row.at === actor || row.message?.from === actor)) return void s.select(i);
	}
}

/** nextChange goes to the next change of a followed part; without one to the next result. */
function nextChange(s: Store, by: 1 | -1): void {
	const { pins, steps, at, found } = s.get();
	if (pins.length === 0) return void s.result((found?.current ?? (by > 0 ? -1 : 1)) + by);
	const all = pins.flatMap((p) => changed(steps.steps, p)).sort((a, b) => a - b);
	const next = by > 0 ? all.find((i) => i > at) : all.findLast((i) => i < at);
	if (next !== undefined) void s.select(next);
}

function toggleBase(s: Store): void {
	s.compareWith(s.get().base.kind === "previous" ? { kind: "none" } : { kind: "previous" });
}

function pin(s: Store): void {
	const { base, path, at } = s.get();
	s.compareWith(base.kind === "pinned" ? { kind: "previous" } : { kind: "pinned", path, at });
}

function nextTab(s: Store): void {
	const all = tabs(s.get().model).map((t) => t.tab);
	s.tab(all[(all.indexOf(s.get().tab) + 1) % all.length]!);
}

function leave(s: Store): void {
	if (document.activeElement !== document.body) document.getElementById("steps")?.focus();
	s.cancel();
	s.help(false);
	s.dismiss();
	s.forget();
	if (s.get().other) s.alone();
}

/** bind listens to the keyboard. */
export function bind(s: Store): void {
	window.addEventListener("popstate", () => s.popped());
	window.addEventListener("keydown", (e) => {
		// A dialog is shut before the page hears of it, and keys that come in between are not its own.
		if (e.ctrlKey || e.metaKey || e.altKey || document.querySelector("dialog[open]")) return;
		const field = e.target instanceof HTMLElement && e.target.matches("input, select, textarea");
		if (field && e.key !== "Escape") return;
		if (e.key >= "1" && e.key <= "9") return void s.digit(Number(e.key));
		const key = keys.find((k) => k.run && k.keys.includes(e.key));
		if (!key) return;
		e.preventDefault();
		key.run!(s);
	});
}
