// The keyboard. The list is what the help shows and what the keys do: there is no other.
import type { Store, Tab } from "./store.ts";

export interface Key {
	keys: string[];
	help: string;
	group: string;
	run: (s: Store) => void;
}

const tabs: Tab[] = ["sequence", "graph", "history", "coverage", "growth"];

export const keys: Key[] = [
	{ group: "Steps", keys: ["j", "ArrowDown"], help: "next step", run: (s) => void s.select(s.get().at + 1) },
	{ group: "Steps", keys: ["k", "ArrowUp"], help: "step before", run: (s) => void s.select(s.get().at - 1) },
	{ group: "Steps", keys: ["PageDown"], help: "20 steps on", run: (s) => void s.select(s.get().at + 20) },
	{ group: "Steps", keys: ["PageUp"], help: "20 steps back", run: (s) => void s.select(s.get().at - 20) },
	{ group: "Steps", keys: ["g", "Home"], help: "initial state", run: (s) => void s.select(0) },
	{ group: "Steps", keys: ["G", "End"], help: "last step", run: (s) => void s.select(s.get().steps.length) },
	{ group: "Steps", keys: ["e"], help: "next state that breaks a promise", run: nextBreak },
	{ group: "Steps", keys: ["i"], help: "the step from which a broken promise was inevitable", run: lost },
	{ group: "Steps", keys: ["u"], help: "back to the path before", run: (s) => s.undo() },
	{ group: "Steps", keys: ["r"], help: "forward again", run: (s) => s.redo() },
	{ group: "Actions", keys: ["1–9"], help: "take the enabled action with this number", run: () => {} },
	{ group: "State", keys: ["d"], help: "compare with the state before, or with nothing", run: toggleBase },
	{ group: "State", keys: ["p"], help: "pin this state, and compare with it", run: pin },
	{ group: "Page", keys: ["t"], help: "next drawing", run: nextTab },
	{ group: "Page", keys: ["/"], help: "find states", run: () => document.getElementById("find")?.focus() },
	{ group: "Page", keys: ["n"], help: "next result", run: (s) => void s.result((s.get().found?.current ?? -1) + 1) },
	{ group: "Page", keys: ["N"], help: "result before", run: (s) => void s.result((s.get().found?.current ?? 1) - 1) },
	{ group: "Page", keys: ["?"], help: "this list", run: (s) => s.help(!s.get().help) },
	{ group: "Page", keys: ["Escape"], help: "close, or leave a field", run: leave },
];

function nextBreak(s: Store): void {
	const { at, steps } = s.get();
	const all = [...steps.breaks.keys()].sort((a, b) => a - b);
	const next = all.find((b) => b > at) ?? all[0];
	if (next !== undefined) void s.select(next);
}

function lost(s: Store): void {
	const broken = [...s.get().steps.breaks].sort(([a], [b]) => a - b)[0]?.[1][0];
	if (broken) void s.why(broken);
}

function toggleBase(s: Store): void {
	s.compareWith(s.get().base.kind === "previous" ? { kind: "none" } : { kind: "previous" });
}

function pin(s: Store): void {
	const { base, path, at } = s.get();
	s.compareWith(base.kind === "pinned" ? { kind: "previous" } : { kind: "pinned", path, at });
}

function nextTab(s: Store): void {
	s.tab(tabs[(tabs.indexOf(s.get().tab) + 1) % tabs.length]!);
}

function leave(s: Store): void {
	if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
	s.help(false);
	s.dismiss();
}

/** bind listens to the keyboard. */
export function bind(s: Store): void {
	window.addEventListener("popstate", () => s.popped());
	window.addEventListener("keydown", (e) => {
		if (e.ctrlKey || e.metaKey || e.altKey) return;
		const field = e.target instanceof HTMLElement && e.target.matches("input, select, textarea");
		if (field && e.key !== "Escape") return;
		if (e.key >= "1" && e.key <= "9") {
			void s.takeNumber(Number(e.key));
			return;
		}
		const key = keys.find((k) => k.keys.includes(e.key));
		if (!key) return;
		e.preventDefault();
		key.run(s);
	});
}
